"""/hub: where a listener of the standard's events is registered and taken away. Deliveries are those of webhooks: the
same outbox, order, retries, and addresses that are never called."""

from collections.abc import Mapping
from typing import Any

from flask import Response, request

from servicedesk.actions.faces import TMF621
from servicedesk.actions.tokens import HOOKS
from servicedesk.actions.webhooks import create_webhook, delete_webhook
from servicedesk.api.clients import client, desk, requires
from servicedesk.api.once import REPLAYED, once_of_request
from servicedesk.api.tmf.answer import answer, nothing
from servicedesk.api.tmf.blueprint import bp
from servicedesk.api.tmf.reading import Given, read_body
from servicedesk.core.errors import AlreadyDone, NotFound, Sentence
from servicedesk.core.tmf621 import EVENTS, PREFIX
from servicedesk.store.queries.trouble.events import EVENT_TYPE, event_types, names_in
from servicedesk.store.queries.trouble.resource import ATTRIBUTES
from servicedesk.store.queries.webhooks import read_webhook

LONGEST_QUERY = 1000
NO_EVENT = "Choose %(name)s of: %(choices)s."


@bp.post("/hub")
@requires(HOOKS)
def register_listener() -> Response:
    given = read_body(request)
    callback, query = given.text("callback", required=True), given.text("query")
    _check_query(given, query)
    given.finish()
    once = once_of_request(given.body, required=False)
    asked: dict[str, Any] = {"event_types": event_types(query), "face": TMF621, "query": query, "once": once}
    replayed: Mapping[str, str] = {}
    try:
        listener = create_webhook(desk(), callback, actor=client(), **asked).id
    except AlreadyDone as done:
        listener, replayed = int(done.data["result"]), REPLAYED
    body = {"id": str(listener), "callback": callback, **({"query": query} if query else {})}
    return answer(body, 201, {"Location": f"{PREFIX}/hub/{listener}", **replayed})


@bp.post("/listener/<string:event>")
def listen(event: str) -> Response:
    """The standard describes these for whoever listens; nobody tells a desk here of its own tickets."""
    raise NotFound("This address is the listener's own to serve. Register yours at the hub.")


@bp.delete("/hub/<string:listener>")
@requires(HOOKS)
def unregister_listener(listener: str) -> Response:
    if not (listener.isascii() and listener.isdigit() and len(listener) <= 18):
        raise NotFound("There is no such listener.")
    with desk().reading() as connection:
        read_webhook(connection, client(), int(listener), TMF621)
    delete_webhook(desk(), int(listener), actor=client())
    return nothing()


def _check_query(given: Given, query: str) -> None:
    """It names events and attributes of a ticket, and nothing else."""
    if len(query) > LONGEST_QUERY or not query.isprintable():
        given.fault("query", Sentence("Shorten this to %(longest)s characters.", longest=LONGEST_QUERY))
        return
    for event in event_types(query):
        if event not in EVENTS:
            given.fault("query", Sentence(NO_EVENT, name=EVENT_TYPE, choices=", ".join(EVENTS)))
    unknown = [name for name in names_in(query) if name.partition(".")[0] not in ATTRIBUTES]
    if unknown:
        given.fault("query", Sentence("A ticket has no attribute %(name)s.", name=unknown[0][:80]))
