"""One method an operation. Written from the API's document by tests/support/client_writing."""

from collections.abc import Sequence
from typing import Literal

from servicedesk.client import shapes
from servicedesk.client.told import Told
from servicedesk.client.transport import Transport


class Operations:
    def __init__(self, transport: Transport) -> None:
        self.transport = transport

    def list_tickets(
        self,
        *,
        scope: Literal["open", "closed", "all"] | None = None,
        category: Sequence[Literal["new", "active", "waiting", "resolved", "closed"]] | None = None,
        priority: int | None = None,
        service: str | None = None,
        reference: str | None = None,
        updated_since: str | None = None,
        sort: Literal["due", "-due", "updated", "-updated", "opened", "-opened"] | None = None,
        limit: int | None = None,
        after: str | None = None,
    ) -> Told[shapes.Page]:
        """List your tickets."""
        return Told(
            self.transport.send(
                "GET",
                "/api/v1/tickets",
                query={
                    "scope": scope,
                    "category": category,
                    "priority": priority,
                    "service": service,
                    "reference": reference,
                    "updated_since": updated_since,
                    "sort": sort,
                    "limit": limit,
                    "after": after,
                },
            ),
            Told.from_json,
        )

    def log_ticket(self, body: shapes.NewTicketGiven, *, idempotency_key: str | None = None) -> Told[shapes.Ticket]:
        """Log a ticket in your municipality, for whoever asks."""
        return Told(
            self.transport.send("POST", "/api/v1/tickets", body=body, headers={"Idempotency-Key": idempotency_key}),
            Told.from_json,
        )

    def read_ticket(self, number: str) -> Told[shapes.Ticket]:
        """Read a ticket."""
        return Told(self.transport.send("GET", f"/api/v1/tickets/{number}"), Told.from_json)

    def read_timeline(self, number: str) -> Told[shapes.Timeline]:
        """Read what has happened to a ticket, as far as it is yours to see, oldest first."""
        return Told(self.transport.send("GET", f"/api/v1/tickets/{number}/timeline"), Told.from_json)

    def list_actions(self, number: str) -> Told[shapes.Actions]:
        """See what you can do to a ticket now, what each step takes, and why the others are not possible."""
        return Told(self.transport.send("GET", f"/api/v1/tickets/{number}/actions"), Told.from_json)

    def acknowledge_ticket(
        self,
        number: str,
        *,
        body: shapes.NothingGiven | None = None,
        idempotency_key: str | None = None,
        if_match: str | None = None,
    ) -> Told[shapes.Ticket]:
        """Acknowledge a ticket: you have it and work on it."""
        return Told(
            self.transport.send(
                "POST",
                f"/api/v1/tickets/{number}/acknowledgements",
                body=body,
                headers={"Idempotency-Key": idempotency_key, "If-Match": if_match},
            ),
            Told.from_json,
        )

    def request_information(
        self,
        number: str,
        body: shapes.QuestionGiven,
        *,
        idempotency_key: str | None = None,
        if_match: str | None = None,
    ) -> Told[shapes.Ticket]:
        """Ask whoever handed the ticket to you; your clock stands still."""
        return Told(
            self.transport.send(
                "POST",
                f"/api/v1/tickets/{number}/information-requests",
                body=body,
                headers={"Idempotency-Key": idempotency_key, "If-Match": if_match},
            ),
            Told.from_json,
        )

    def answer_question(
        self, number: str, body: shapes.AnswerGiven, *, idempotency_key: str | None = None, if_match: str | None = None
    ) -> Told[shapes.Ticket]:
        """Answer the question that the ticket waits on."""
        return Told(
            self.transport.send(
                "POST",
                f"/api/v1/tickets/{number}/answers",
                body=body,
                headers={"Idempotency-Key": idempotency_key, "If-Match": if_match},
            ),
            Told.from_json,
        )

    def propose_solution(
        self,
        number: str,
        body: shapes.SolutionGiven,
        *,
        idempotency_key: str | None = None,
        if_match: str | None = None,
    ) -> Told[shapes.Ticket]:
        """Propose a solution, which the IT service manager then verifies."""
        return Told(
            self.transport.send(
                "POST",
                f"/api/v1/tickets/{number}/solutions",
                body=body,
                headers={"Idempotency-Key": idempotency_key, "If-Match": if_match},
            ),
            Told.from_json,
        )

    def return_ticket(
        self, number: str, body: shapes.ReasonGiven, *, idempotency_key: str | None = None, if_match: str | None = None
    ) -> Told[shapes.Ticket]:
        """Return a ticket that is not yours to solve."""
        return Told(
            self.transport.send(
                "POST",
                f"/api/v1/tickets/{number}/returns",
                body=body,
                headers={"Idempotency-Key": idempotency_key, "If-Match": if_match},
            ),
            Told.from_json,
        )

    def hand_over_ticket(
        self,
        number: str,
        body: shapes.HandOverGiven,
        *,
        idempotency_key: str | None = None,
        if_match: str | None = None,
    ) -> Told[shapes.Ticket]:
        """Hand a ticket over to another team of yours."""
        return Told(
            self.transport.send(
                "POST",
                f"/api/v1/tickets/{number}/handovers",
                body=body,
                headers={"Idempotency-Key": idempotency_key, "If-Match": if_match},
            ),
            Told.from_json,
        )

    def resume_work(
        self, number: str, body: shapes.ReasonGiven, *, idempotency_key: str | None = None, if_match: str | None = None
    ) -> Told[shapes.Ticket]:
        """Go on without waiting any longer."""
        return Told(
            self.transport.send(
                "POST",
                f"/api/v1/tickets/{number}/resumptions",
                body=body,
                headers={"Idempotency-Key": idempotency_key, "If-Match": if_match},
            ),
            Told.from_json,
        )

    def start_wait(
        self, number: str, body: shapes.WaitGiven, *, idempotency_key: str | None = None, if_match: str | None = None
    ) -> Told[shapes.Ticket]:
        """Wait for something that is planned."""
        return Told(
            self.transport.send(
                "POST",
                f"/api/v1/tickets/{number}/waits",
                body=body,
                headers={"Idempotency-Key": idempotency_key, "If-Match": if_match},
            ),
            Told.from_json,
        )

    def take_over_ticket(
        self,
        number: str,
        *,
        body: shapes.NothingGiven | None = None,
        idempotency_key: str | None = None,
        if_match: str | None = None,
    ) -> Told[shapes.Ticket]:
        """Take over a ticket from a colleague."""
        return Told(
            self.transport.send(
                "POST",
                f"/api/v1/tickets/{number}/takeovers",
                body=body,
                headers={"Idempotency-Key": idempotency_key, "If-Match": if_match},
            ),
            Told.from_json,
        )

    def verify_solution(
        self, number: str, body: shapes.TriedGiven, *, idempotency_key: str | None = None, if_match: str | None = None
    ) -> Told[shapes.Ticket]:
        """Accept a solution."""
        return Told(
            self.transport.send(
                "POST",
                f"/api/v1/tickets/{number}/verifications",
                body=body,
                headers={"Idempotency-Key": idempotency_key, "If-Match": if_match},
            ),
            Told.from_json,
        )

    def reject_solution(
        self, number: str, body: shapes.ReasonGiven, *, idempotency_key: str | None = None, if_match: str | None = None
    ) -> Told[shapes.Ticket]:
        """Reject a solution: the ticket goes back to whoever proposed it."""
        return Told(
            self.transport.send(
                "POST",
                f"/api/v1/tickets/{number}/rejections",
                body=body,
                headers={"Idempotency-Key": idempotency_key, "If-Match": if_match},
            ),
            Told.from_json,
        )

    def recall_ticket(
        self, number: str, body: shapes.ReasonGiven, *, idempotency_key: str | None = None, if_match: str | None = None
    ) -> Told[shapes.Ticket]:
        """Take a ticket back from whoever it was handed over to."""
        return Told(
            self.transport.send(
                "POST",
                f"/api/v1/tickets/{number}/recalls",
                body=body,
                headers={"Idempotency-Key": idempotency_key, "If-Match": if_match},
            ),
            Told.from_json,
        )

    def confirm_solution(
        self,
        number: str,
        *,
        body: shapes.NothingGiven | None = None,
        idempotency_key: str | None = None,
        if_match: str | None = None,
    ) -> Told[shapes.Ticket]:
        """Confirm for whoever asked that it is solved."""
        return Told(
            self.transport.send(
                "POST",
                f"/api/v1/tickets/{number}/confirmations",
                body=body,
                headers={"Idempotency-Key": idempotency_key, "If-Match": if_match},
            ),
            Told.from_json,
        )

    def reopen_ticket(
        self, number: str, body: shapes.ReasonGiven, *, idempotency_key: str | None = None, if_match: str | None = None
    ) -> Told[shapes.Ticket]:
        """Reopen a ticket for whoever asked: it is not solved after all."""
        return Told(
            self.transport.send(
                "POST",
                f"/api/v1/tickets/{number}/reopenings",
                body=body,
                headers={"Idempotency-Key": idempotency_key, "If-Match": if_match},
            ),
            Told.from_json,
        )

    def cancel_ticket(
        self, number: str, body: shapes.CancelGiven, *, idempotency_key: str | None = None, if_match: str | None = None
    ) -> Told[shapes.Ticket]:
        """Withdraw a ticket that is a mistake or a duplicate."""
        return Told(
            self.transport.send(
                "POST",
                f"/api/v1/tickets/{number}/cancellations",
                body=body,
                headers={"Idempotency-Key": idempotency_key, "If-Match": if_match},
            ),
            Told.from_json,
        )

    def close_ticket(
        self, number: str, body: shapes.ReasonGiven, *, idempotency_key: str | None = None, if_match: str | None = None
    ) -> Told[shapes.Ticket]:
        """Close a ticket that nobody has confirmed."""
        return Told(
            self.transport.send(
                "POST",
                f"/api/v1/tickets/{number}/closures",
                body=body,
                headers={"Idempotency-Key": idempotency_key, "If-Match": if_match},
            ),
            Told.from_json,
        )

    def take_step(
        self, number: str, body: shapes.ReasonGiven, *, idempotency_key: str | None = None, if_match: str | None = None
    ) -> Told[shapes.Ticket]:
        """Take a step that this process has and others do not."""
        return Told(
            self.transport.send(
                "POST",
                f"/api/v1/tickets/{number}/steps",
                body=body,
                headers={"Idempotency-Key": idempotency_key, "If-Match": if_match},
            ),
            Told.from_json,
        )

    def add_note(
        self, number: str, body: shapes.NoteGiven, *, idempotency_key: str | None = None, if_match: str | None = None
    ) -> Told[shapes.Ticket]:
        """Write a note; to whom, actions says. It changes nothing else."""
        return Told(
            self.transport.send(
                "POST",
                f"/api/v1/tickets/{number}/notes",
                body=body,
                headers={"Idempotency-Key": idempotency_key, "If-Match": if_match},
            ),
            Told.from_json,
        )

    def give_update(
        self, number: str, body: shapes.WordsGiven, *, idempotency_key: str | None = None, if_match: str | None = None
    ) -> Told[shapes.Ticket]:
        """Tell how it goes. The update that you have promised has then been given."""
        return Told(
            self.transport.send(
                "POST",
                f"/api/v1/tickets/{number}/updates",
                body=body,
                headers={"Idempotency-Key": idempotency_key, "If-Match": if_match},
            ),
            Told.from_json,
        )

    def reply_to_requester(
        self, number: str, body: shapes.WordsGiven, *, idempotency_key: str | None = None, if_match: str | None = None
    ) -> Told[shapes.Ticket]:
        """Tell whoever asked something, or keep what you have told them."""
        return Told(
            self.transport.send(
                "POST",
                f"/api/v1/tickets/{number}/replies",
                body=body,
                headers={"Idempotency-Key": idempotency_key, "If-Match": if_match},
            ),
            Told.from_json,
        )

    def set_reference(
        self, number: str, body: shapes.ReferenceGiven, *, if_match: str | None = None
    ) -> Told[shapes.Ticket]:
        """Say what your own system calls a ticket."""
        return Told(
            self.transport.send(
                "PUT", f"/api/v1/tickets/{number}/reference", body=body, headers={"If-Match": if_match}
            ),
            Told.from_json,
        )

    def list_attachments(self, number: str) -> Told[shapes.Attachments]:
        """List the files of a ticket that are yours to see."""
        return Told(self.transport.send("GET", f"/api/v1/tickets/{number}/attachments"), Told.from_json)

    def add_attachment(
        self,
        number: str,
        body: bytes,
        *,
        name: str,
        audience: Literal["requester", "municipality", "joint", "supplier"] | None = None,
        idempotency_key: str | None = None,
        if_match: str | None = None,
        content_digest: str | None = None,
    ) -> Told[shapes.Attachment]:
        """Attach a file."""
        return Told(
            self.transport.send(
                "POST",
                f"/api/v1/tickets/{number}/attachments",
                query={"name": name, "audience": audience},
                body=body,
                content_type="application/octet-stream",
                headers={"Idempotency-Key": idempotency_key, "If-Match": if_match, "Content-Digest": content_digest},
            ),
            Told.from_json,
        )

    def read_attachment(self, number: str, attachment: int, *, range: str | None = None) -> Told[bytes]:
        """Save a file, whole or in part. It is never shown in place: it comes as an attachment, in a sandbox."""
        return Told(
            self.transport.send("GET", f"/api/v1/tickets/{number}/attachments/{attachment}", headers={"Range": range}),
            Told.as_bytes,
        )

    def list_changes(
        self, *, after: int | None = None, limit: int | None = None, wait: int | None = None
    ) -> Told[shapes.Feed]:
        """Follow what happens to the tickets that you may see."""
        return Told(
            self.transport.send("GET", "/api/v1/changes", query={"after": after, "limit": limit, "wait": wait}),
            Told.from_json,
        )

    def list_webhooks(self) -> Told[shapes.Webhooks]:
        """List your organisation's webhooks, oldest first."""
        return Told(self.transport.send("GET", "/api/v1/webhooks"), Told.from_json)

    def create_webhook(
        self, body: shapes.WebhookGiven, *, idempotency_key: str | None = None
    ) -> Told[shapes.NewWebhook]:
        """Ask to be told of changes from now on."""
        return Told(
            self.transport.send("POST", "/api/v1/webhooks", body=body, headers={"Idempotency-Key": idempotency_key}),
            Told.from_json,
        )

    def read_webhook(self, webhook_id: int) -> Told[shapes.Webhook]:
        """Read a webhook: whether it is enabled, and how it fares."""
        return Told(self.transport.send("GET", f"/api/v1/webhooks/{webhook_id}"), Told.from_json)

    def change_webhook(
        self, webhook_id: int, *, body: shapes.WebhookChangesGiven | None = None
    ) -> Told[shapes.Webhook]:
        """Change a webhook, disable it, or enable it again. What is not sent stays as it is."""
        return Told(self.transport.send("PATCH", f"/api/v1/webhooks/{webhook_id}", body=body), Told.from_json)

    def delete_webhook(self, webhook_id: int) -> Told[None]:
        """Delete a webhook, and all that is known of its deliveries."""
        return Told(self.transport.send("DELETE", f"/api/v1/webhooks/{webhook_id}"), Told.nothing)

    def rotate_secret(self, webhook_id: int, *, idempotency_key: str | None = None) -> Told[shapes.Secret]:
        """Get a new secret. For 24 hours the old one signs too, so that no message is lost while you change it."""
        return Told(
            self.transport.send(
                "POST", f"/api/v1/webhooks/{webhook_id}/secrets", headers={"Idempotency-Key": idempotency_key}
            ),
            Told.from_json,
        )

    def ping_webhook(self, webhook_id: int, *, idempotency_key: str | None = None) -> Told[shapes.Delivery]:
        """Have a message of type `ping` sent, to see whether it arrives."""
        return Told(
            self.transport.send(
                "POST", f"/api/v1/webhooks/{webhook_id}/pings", headers={"Idempotency-Key": idempotency_key}
            ),
            Told.from_json,
        )

    def list_deliveries(
        self,
        webhook_id: int,
        *,
        before: int | None = None,
        limit: int | None = None,
        state: Literal["waiting", "delivered", "failed", "dropped"] | None = None,
    ) -> Told[shapes.Deliveries]:
        """See what has come of telling you, the newest first, for 30 days."""
        return Told(
            self.transport.send(
                "GET",
                f"/api/v1/webhooks/{webhook_id}/deliveries",
                query={"before": before, "limit": limit, "state": state},
            ),
            Told.from_json,
        )

    def resend_delivery(
        self, webhook_id: int, delivery_id: int, *, idempotency_key: str | None = None
    ) -> Told[shapes.Delivery]:
        """Have a message sent once more, under the same `webhook-id`."""
        return Told(
            self.transport.send(
                "POST",
                f"/api/v1/webhooks/{webhook_id}/deliveries/{delivery_id}/resends",
                headers={"Idempotency-Key": idempotency_key},
            ),
            Told.from_json,
        )
