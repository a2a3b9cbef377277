"""/api/v1/webhooks: where a client wants to be told, and what has come of telling it."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

from marshmallow import Schema, ValidationError, fields, validate

from servicedesk.actions import webhooks as actions
from servicedesk.actions.addresses import LONGEST_URL
from servicedesk.actions.faces import V1
from servicedesk.actions.tokens import HOOKS
from servicedesk.api.clients import client, desk, requires
from servicedesk.api.document import IDEMPOTENCY_KEY, problems
from servicedesk.api.fields import Given, Moment, described, text
from servicedesk.api.language import say_sentence
from servicedesk.api.once import REPLAYED, once_of_request
from servicedesk.api.packing import never_packed
from servicedesk.api.v1 import examples_webhooks as examples
from servicedesk.api.v1.blueprint import Systems
from servicedesk.core.changes import TYPES
from servicedesk.core.errors import AlreadyDone
from servicedesk.core.undelivered import Cause
from servicedesk.store.queries import webhooks as queries
from servicedesk.store.webhooks import DELIVERED, DROPPED, FAILED, WAITING

DEFAULT_LIMIT, LARGEST_LIMIT = 50, 200

bp = Systems("webhooks", __name__, "Being told of changes, by Standard Webhooks.")

HOOK, DELIVERY = "/webhooks/<int:webhook_id>", "/webhooks/<int:webhook_id>/deliveries/<int:delivery_id>"
SECRET = described("whsec_…: verify every message with it. It is not shown again")
EVENT_TYPES = described("Those that you want to be told of; none for all", maxItems=len(TYPES), uniqueItems=True)


def parameter(name: str) -> dict[str, Any]:
    return {"name": name, "in": "path", "required": True, "schema": {"type": "integer", "minimum": 0}}


WEBHOOK_ID, DELIVERY_ID = parameter("webhook_id"), parameter("delivery_id")


class WebhookSchema(Schema):
    id = fields.Integer(required=True)
    url = fields.String(required=True)
    event_types = fields.List(fields.String(), required=True, metadata=EVENT_TYPES)
    description = fields.String(required=True)
    enabled = fields.Boolean(required=True)
    why = fields.String(
        required=True,
        validate=validate.OneOf(["", "by_hand", "failing", "gone", "no_key"]),
        metadata=described(
            "Why it is disabled: by_hand, failing for five days, gone (it answered 410), no_key (rotate its secret)"
        ),
    )
    failures = fields.Integer(required=True, metadata=described("Failed attempts since the last that came through"))
    failing_since = Moment(required=True, allow_none=True)
    disabled_at = Moment(required=True, allow_none=True)
    created_at = Moment(required=True)
    waiting = fields.Integer(required=True, metadata=described("Deliveries that wait"))
    failed = fields.Integer(required=True, metadata=described("Deliveries that were given up, of the last 30 days"))


class NewWebhookSchema(WebhookSchema):
    secret = fields.String(required=True, metadata=SECRET)


class SecretSchema(Schema):
    secret = fields.String(required=True, metadata=SECRET)


class WebhooksSchema(Schema):
    webhooks = fields.List(fields.Nested(WebhookSchema), required=True)


def _failure_said(delivery: queries.ShownDelivery) -> str:
    return say_sentence(delivery.failure.sentence) if delivery.failure else ""


def _failure_code(delivery: queries.ShownDelivery) -> str:
    return str(delivery.failure.cause) if delivery.failure else ""


class DeliverySchema(Schema):
    """A message on its way. `message_id` is its webhook-id, the same at every attempt."""

    id = fields.Integer(required=True)
    message_id = fields.String(required=True)
    event_type = fields.String(required=True)
    position = fields.Integer(required=True, allow_none=True, metadata=described("Its change in the feed; null: ping"))
    ticket = fields.String(required=True, allow_none=True, metadata=described("null where it is not yours to see now"))
    state = fields.String(required=True, validate=validate.OneOf([WAITING, DELIVERED, FAILED, DROPPED]))
    attempts = fields.Integer(required=True)
    response = fields.Integer(required=True, allow_none=True, metadata=described("The status that was answered last"))
    failure = fields.Function(
        _failure_said, required=True, metadata=described("What was wrong last, in words", type="string")
    )
    failure_code = fields.Function(
        _failure_code,
        required=True,
        metadata=described("Stable: " + ", ".join(Cause) + "; empty where nothing was", type="string"),
    )
    made_at = Moment(required=True)
    tried_at = Moment(required=True, allow_none=True)
    next_at = Moment(required=True, allow_none=True, metadata=described("The next attempt"))


class DeliveriesSchema(Schema):
    deliveries = fields.List(fields.Nested(DeliverySchema), required=True)


def url(*, required: bool) -> Any:
    return text("Where to POST: https:// and a host on the open internet", required=required, longest=LONGEST_URL)


def event_types() -> Any:
    each = fields.String(
        validate=validate.OneOf(list(TYPES), error="Choose from the event types of the reference."),
        error_messages={"invalid": "This must be a text."},
    )
    fault: Any = {"invalid": "Send a list.", "null": "Send a list."}
    return fields.List(each, required=False, validate=require_each_once, error_messages=fault, metadata=EVENT_TYPES)


def require_each_once(named: Sequence[str]) -> None:
    if len(set(named)) != len(named):
        raise ValidationError("Name each event type once.")


class WebhookGiven(Given):
    url = url(required=True)
    event_types = event_types()
    description = text("For the people who look after it", required=False, longest=actions.LONGEST_DESCRIPTION)


class WebhookChangesGiven(Given):
    url = url(required=False)
    event_types = event_types()
    description = text("For the people who look after it", required=False, longest=actions.LONGEST_DESCRIPTION)
    enabled = fields.Boolean(
        truthy={True},
        falsy={False},
        error_messages={"invalid": "Choose true or false.", "null": "Choose true or false."},
        metadata=described("true: told again from now on, and of what still waited"),
    )


class DeliveryParameters(Given):
    before = fields.Integer(
        load_default=0,
        validate=validate.Range(0, 2**63 - 1, error="Send the id of a delivery."),
        error_messages={"invalid": "Send the id of a delivery."},
        metadata=described("Those older than this one"),
    )
    limit = fields.Integer(
        load_default=DEFAULT_LIMIT,
        validate=validate.Range(1, LARGEST_LIMIT, error="Choose a whole number from 1 to 200."),
        error_messages={"invalid": "Choose a whole number from 1 to 200."},
        metadata=described("Deliveries at most"),
    )
    state = fields.String(
        load_default="",
        validate=validate.OneOf([WAITING, DELIVERED, FAILED, DROPPED], error="Choose a state that there is."),
        metadata=described("Only those that are so"),
    )

    error_messages = {"unknown": "There is no such parameter.", "type": "Send parameters."}


@bp.route("/webhooks")
@requires(HOOKS)
@bp.doc(operationId="listWebhooks")
@bp.response(200, WebhooksSchema, example={"webhooks": [examples.WEBHOOK]})
@problems(bp, 401, 403, 503)
def webhooks() -> dict[str, Any]:
    """List your organisation's webhooks, oldest first."""
    with desk().reading() as connection:
        return {"webhooks": queries.list_webhooks(connection, client(), V1)}


@bp.route("/webhooks", methods=["POST"])
@requires(HOOKS)
@bp.doc(operationId="createWebhook", parameters=[IDEMPOTENCY_KEY])
@bp.arguments(WebhookGiven, example=examples.GIVEN)
@bp.response(201, NewWebhookSchema, example={**examples.WEBHOOK, "secret": examples.SECRET})
@problems(bp, 400, 401, 403, 409, 413, 415, 422, 503)
def create(given: Mapping[str, Any]) -> tuple[dict[str, Any], int, dict[str, str]]:
    """Ask to be told of changes from now on.

    Messages follow the Standard Webhooks specification: verify `webhook-signature` with the secret, which is shown this
    once. Of one ticket they come in order, each at least once and always under the same `webhook-id`. Answer 2xx within
    15 seconds; anything else is tried again for three days. What you miss is in GET /changes.
    """
    never_packed()
    once = once_of_request(given)
    new_id, replayed = once_more(lambda: actions.create_webhook(desk(), **given, actor=client(), once=once).id)
    secret = actions.secret_of(desk(), new_id, actor=client())
    with desk().reading() as connection:
        shown = queries.read_webhook(connection, client(), new_id, V1)
    told = {name: getattr(shown, name) for name in shown.__slots__}
    return {**told, "secret": secret}, 201, {"Location": f"/api/v1/webhooks/{new_id}", **replayed}


def once_more(act: Callable[[], int]) -> tuple[int, dict[str, str]]:
    """What it made, also when the same request did so before; and what the answer says of that."""
    try:
        return act(), {}
    except AlreadyDone as done:
        return int(done.data["result"]), REPLAYED


@bp.route(HOOK, parameters=[WEBHOOK_ID])
@requires(HOOKS)
@bp.doc(operationId="readWebhook")
@bp.response(200, WebhookSchema, example=examples.WEBHOOK)
@problems(bp, 401, 403, 404, 503)
def webhook(webhook_id: int) -> queries.ShownWebhook:
    """Read a webhook: whether it is enabled, and how it fares."""
    with desk().reading() as connection:
        return queries.read_webhook(connection, client(), webhook_id, V1)


@bp.route(HOOK, methods=["PATCH"], parameters=[WEBHOOK_ID])
@requires(HOOKS)
@bp.doc(operationId="changeWebhook")
@bp.arguments(WebhookChangesGiven, example={"enabled": True}, required=False)
@bp.response(200, WebhookSchema, example=examples.WEBHOOK)
@problems(bp, 400, 401, 403, 404, 413, 415, 422, 503)
def change(given: Mapping[str, Any], webhook_id: int) -> queries.ShownWebhook:
    """Change a webhook, disable it, or enable it again. What is not sent stays as it is."""
    return actions.change_webhook(desk(), webhook_id, **given, actor=client())


@bp.route(HOOK, methods=["DELETE"], parameters=[WEBHOOK_ID])
@requires(HOOKS)
@bp.doc(operationId="deleteWebhook")
@bp.response(204)
@problems(bp, 401, 403, 404, 503)
def remove(webhook_id: int) -> None:
    """Delete a webhook, and all that is known of its deliveries."""
    actions.delete_webhook(desk(), webhook_id, actor=client())


@bp.route(f"{HOOK}/secrets", methods=["POST"], parameters=[WEBHOOK_ID])
@requires(HOOKS)
@bp.doc(operationId="rotateSecret", parameters=[IDEMPOTENCY_KEY])
@bp.response(201, SecretSchema, example={"secret": examples.SECRET})
@problems(bp, 400, 401, 403, 404, 409, 503)
def rotate(webhook_id: int) -> tuple[dict[str, str], int, dict[str, str]]:
    """Get a new secret. For 24 hours the old one signs too, so that no message is lost while you change it."""
    never_packed()
    once = once_of_request({})
    its, replayed = once_more(lambda: actions.rotate_secret(desk(), webhook_id, actor=client(), once=once))
    return {"secret": actions.secret_of(desk(), its, actor=client())}, 201, replayed


@bp.route(f"{HOOK}/pings", methods=["POST"], parameters=[WEBHOOK_ID])
@requires(HOOKS)
@bp.doc(operationId="pingWebhook", parameters=[IDEMPOTENCY_KEY])
@bp.response(202, DeliverySchema, example=examples.DELIVERY)
@problems(bp, 400, 401, 403, 404, 409, 503)
def ping(webhook_id: int) -> tuple[queries.ShownDelivery, int, dict[str, str]]:
    """Have a message of type `ping` sent, to see whether it arrives."""
    once = once_of_request({})
    made, replayed = once_more(lambda: actions.ping(desk(), webhook_id, actor=client(), once=once).id)
    return _delivery(webhook_id, made), 202, replayed


def _delivery(webhook_id: int, delivery_id: int) -> queries.ShownDelivery:
    with desk().reading() as connection:
        return queries.read_delivery(connection, client(), webhook_id, delivery_id)


@bp.route(f"{HOOK}/deliveries", parameters=[WEBHOOK_ID])
@requires(HOOKS)
@bp.doc(operationId="listDeliveries")
@bp.arguments(DeliveryParameters, location="query", error_status_code=400)
@bp.response(200, DeliveriesSchema, example={"deliveries": [examples.DELIVERY]})
@problems(bp, 400, 401, 403, 404, 503)
def deliveries(parameters: Mapping[str, Any], webhook_id: int) -> dict[str, Any]:
    """See what has come of telling you, the newest first, for 30 days."""
    with desk().reading() as connection:
        return {"deliveries": queries.list_deliveries(connection, client(), webhook_id, V1, **parameters)}


@bp.route(f"{DELIVERY}/resends", methods=["POST"], parameters=[WEBHOOK_ID, DELIVERY_ID])
@requires(HOOKS)
@bp.doc(operationId="resendDelivery", parameters=[IDEMPOTENCY_KEY])
@bp.response(202, DeliverySchema, example=examples.DELIVERY)
@problems(bp, 400, 401, 403, 404, 409, 503)
def resend(webhook_id: int, delivery_id: int) -> tuple[queries.ShownDelivery, int, dict[str, str]]:
    """Have a message sent once more, under the same `webhook-id`."""
    once = once_of_request({})
    act = partial(actions.resend, desk(), webhook_id, delivery_id, actor=client(), face=V1, once=once)
    made, replayed = once_more(lambda: act().id)
    return _delivery(webhook_id, made), 202, replayed
