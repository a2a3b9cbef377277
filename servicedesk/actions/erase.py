"""Destroying personal text under a decision. The chain stays whole: it holds HMACs, whose keys go with the text."""

from sqlalchemy import select, update

from servicedesk.actions.attachments import erase_attachments
from servicedesk.actions.desk import Desk
from servicedesk.actions.links import drop_link
from servicedesk.actions.work import unit_of_work
from servicedesk.core.errors import Invalid, Refusal
from servicedesk.core.events import TextErased
from servicedesk.core.facts import Actor
from servicedesk.core.inputs import clean_text
from servicedesk.store.engine import forget_log
from servicedesk.store.journal import PersonalText


def erase_texts(desk: Desk, number: str, decision: str, *, actor: Actor) -> int:
    """Destroy every personal text and file of a closed ticket under a *gallringsbeslut*, named by `decision`; how many
    texts went, the files' names among them."""
    decision = clean_text(decision)
    if not decision:
        raise Invalid({"decision": ["Name the decision (gallringsbeslut) that the erasure rests on."]})
    if actor.kind != "operator":
        raise Refusal("Only an operator may destroy records, under a decision.", code="not_yours")
    with unit_of_work(desk) as work:
        held = work.open_ticket(number, actor=actor)
        if held.ticket.closed_at is None:
            raise Refusal("%(number)s is not closed; open tickets are not destroyed.", code="not_closed", number=number)
        of_ticket = (PersonalText.ticket_id == held.id, PersonalText.erased_at.is_(None))
        seqs = sorted(set(work.connection.execute(select(PersonalText.seq).where(*of_ticket)).scalars()))
        if not seqs:
            return 0
        gone = update(PersonalText).where(*of_ticket).values(text=None, secret=None, erased_at=held.now)
        count = work.connection.execute(gone).rowcount
        erase_attachments(work.connection, held.id, held.now)
        drop_link(work.connection, held.id)
        work.record(held, TextErased(seqs, decision), actor=actor)
    forget_log(desk.engine)
    return count
