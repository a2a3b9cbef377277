"""What was learned of a major incident that is over: what happened, and what is done so that it does not come again."""

from servicedesk.actions.desk import Desk
from servicedesk.actions.majors.acts import add_act, find
from servicedesk.actions.once import Once, claim, settle
from servicedesk.core.errors import Invalid, Refusal
from servicedesk.core.facts import Actor
from servicedesk.core.inputs import clean_texts
from servicedesk.core.majors import LEARNED, require_leads
from servicedesk.store.queries.majors import learned


def write_learned(desk: Desk, key: str, texts: dict[str, str], *, actor: Actor, once: Once | None = None) -> None:
    """`texts`: each of LEARNED. Written again, the last of each counts and those before it stand in the story.
    Invalid where one is missing; Refusal `goes_on`, and `nothing_changed` where nothing is new."""
    require_leads(actor)
    said = clean_texts({str(kind): texts.get(kind, "") for kind in LEARNED})
    if missing := {str(kind): ["Write something first."] for kind in LEARNED if not said.get(kind)}:
        raise Invalid(missing)
    with desk.transaction() as connection:
        _, now = desk.book_and_now(connection)
        if once:
            claim(connection, once, now)
        incident = find(connection, key)
        if incident.ended_at is None:
            raise Refusal("The major incident goes on. Write what was learned when it is solved.", code="goes_on")
        before = learned(connection, incident.id)
        new = [kind for kind in LEARNED if kind not in before or before[kind].text != said[kind]]
        if not new:
            raise Refusal(
                "That is what stands there already. Change something, or leave it as it is.", code="nothing_changed"
            )
        for kind in new:
            add_act(connection, incident.id, kind, said[kind], now, actor=actor)
        if once:
            settle(connection, once, key)
