"""The webhooks of all systems and what has come of their deliveries. Only for the IT service manager."""

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from servicedesk.actions import webhooks as acting
from servicedesk.extensions import desk
from servicedesk.store.queries.webhooks import list_deliveries, list_webhooks, read_webhook
from servicedesk.web import identity
from servicedesk.web.blueprint import bp
from servicedesk.web.clients.page import require_duty_here
from servicedesk.web.clients.webhooks import STATES, WHY, groups_of
from servicedesk.web.reading import reading
from servicedesk.web.rendering import render
from servicedesk.web.speech import _

SHOWN = 50


@bp.get("/webhooks")
def webhooks() -> ResponseReturnValue:
    require_duty_here()
    with reading() as now:
        groups = groups_of(list_webhooks(now.connection, identity.viewer()), now)
        return render("web/webhooks.html", now, groups=groups, why=WHY)


@bp.get("/webhooks/<int:webhook>")
def show_webhook(webhook: int) -> ResponseReturnValue:
    require_duty_here()
    before = request.args.get("before", "")
    asked = int(before) if before.isascii() and before.isdigit() and len(before) < 18 else 0
    with reading() as now:
        shown = read_webhook(now.connection, identity.viewer(), webhook)
        lines = list_deliveries(now.connection, identity.viewer(), webhook, before=asked, limit=SHOWN + 1)
        after = lines[SHOWN - 1].id if len(lines) > SHOWN else 0
        return render(
            "web/webhook.html", now, webhook=shown, deliveries=lines[:SHOWN], after=after, why=WHY, states=STATES
        )


@bp.post("/webhooks/<int:webhook>/enabling")
def enable_webhook(webhook: int) -> ResponseReturnValue:
    require_duty_here()
    acting.change_webhook(desk(), webhook, actor=identity.viewer(), enabled=True)
    flash(_("The webhook is enabled. What waited is sent now."), "success")
    return redirect(url_for("web.show_webhook", webhook=webhook), 303)


@bp.post("/webhooks/<int:webhook>/deliveries/<int:delivery>/resends")
def resend_delivery(webhook: int, delivery: int) -> ResponseReturnValue:
    require_duty_here()
    acting.resend(desk(), webhook, delivery, actor=identity.viewer())
    flash(_("The message is sent again."), "success")
    return redirect(url_for("web.show_webhook", webhook=webhook), 303)
