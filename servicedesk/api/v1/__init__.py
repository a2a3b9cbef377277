"""/api/v1: the routes of suppliers' and municipalities' systems. Whoever adds one adds its blueprint here."""

from servicedesk.api.v1 import acting, attachments, changes, reference, tickets, webhooks

BLUEPRINTS = (tickets.bp, acting.bp, reference.bp, attachments.bp, changes.bp, webhooks.bp)
