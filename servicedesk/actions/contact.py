"""How the requester is reached: told again where it was wrong, and a mail that failed sent once more."""

from sqlalchemy import Connection, select, update

from servicedesk.actions.desk import Desk
from servicedesk.actions.links import drop_link
from servicedesk.actions.once import Once
from servicedesk.actions.opened import Open
from servicedesk.actions.work import Work, unit_of_work
from servicedesk.core.errors import Invalid, NotFound, Refusal
from servicedesk.core.events import ContactCorrected, LinkGiven
from servicedesk.core.facts import Actor
from servicedesk.core.inputs import LONGEST_LINE, clean_line, clean_texts, too_long
from servicedesk.core.letters import Occasion, address_in, is_overtaken, may_be_mailed
from servicedesk.core.requesters import kind_reached, person_of, require_may_correct_contact, require_may_give_link
from servicedesk.core.ticket import TicketState
from servicedesk.core.visibility import NOBODY, PERSON
from servicedesk.core.vocabulary import Role
from servicedesk.store.mails import FAILED, WAITING, Mail
from servicedesk.store.queries.requesters import contact_of, person_who_asks


def correct_contact(
    desk: Desk,
    number: str,
    contact: str,
    reason: str,
    *,
    withdraws: bool = False,
    actor: Actor,
    expected: int | None = None,
    once: Once | None = None,
) -> TicketState:
    """From now on the requester is reached so; what was written before stays in the journal until it is erased.
    `withdraws`: the link that may have gone to somebody else opens nothing any longer. Invalid, Refusal `not_yours`,
    `protected`, `nothing_changed`."""
    with unit_of_work(desk, once) as work:
        held = work.open_ticket(number, actor=actor, expected=expected)
        require_may_correct_contact(held.ticket, actor)
        texts = _checked(contact, reason)
        if texts["requester_contact"] == contact_of(work.connection, held.id):
            raise Refusal("That is how the requester is reached already. Nothing was changed.", code="nothing_changed")
        texts |= _whose(work, held, texts["requester_contact"])
        work.record(held, ContactCorrected(kind_reached(held.ticket.requester_kind)), texts, actor=actor)
        if withdraws and drop_link(work.connection, held.id):
            work.record(held, LinkGiven(withdrawn=True), actor=actor)
        return held.ticket


def _checked(contact: str, reason: str) -> dict[str, str]:
    said, why = clean_line(contact), clean_texts({"reason": reason}).get("reason", "")
    faults = {
        "requester_contact": [] if said else ["Say how the requester is reached."],
        "reason": [] if why else ["Say why."],
    }
    if len(said) > LONGEST_LINE:
        faults["requester_contact"] = [too_long(said, LONGEST_LINE)]
    if found := {name: sentences for name, sentences in faults.items() if sentences}:
        raise Invalid(found)
    return {"requester_contact": said, "reason": why}


def _whose(work: Work, held: Open, contact: str) -> dict[str, str]:
    """Whose the ticket is, signed in, where that was told by the address: nobody keeps one that they never asked for.
    Who has reported it themselves has it whatever they are reached by."""
    by_themselves = work.journal(held)[0].actor.partition(":")[0] == Role.REQUESTER
    now = person_of(held.ticket.requester_kind, contact, work.book.installation)
    if by_themselves or now == person_who_asks(work.connection, held.id):
        return {}
    return {PERSON: now or NOBODY}


def resend_mail(desk: Desk, number: str, mail: int, *, actor: Actor) -> None:
    """One that was given up is sent again, from the beginning of its schedule. NotFound where the ticket has no such
    mail; Refusal `not_yours`, `not_failed`, and `overtaken` or `no_address` where nothing would come of it."""
    with unit_of_work(desk) as work:
        held = work.open_ticket(number, actor=actor)
        require_may_give_link(held.ticket, actor)
        _require_worth_sending(work.connection, held, mail)
        again = {"state": WAITING, "attempts": 0, "next_at": held.now, "over_at": None}
        work.connection.execute(update(Mail).where(Mail.id == mail).values(again))


def _require_worth_sending(connection: Connection, held: Open, mail: int) -> None:
    its = (Mail.id == mail, Mail.ticket_id == held.id)
    row = connection.execute(select(Mail.state, Mail.occasion, Mail.seq).where(*its).with_for_update()).first()
    if row is None:
        raise NotFound("There is no such mail.")
    if row.state != FAILED:
        raise Refusal("The mail has gone, or is on its way.", code="not_failed")
    if is_overtaken(Occasion(row.occasion), row.seq, held.ticket):
        raise Refusal("What the mail says no longer holds. Write to the requester instead.", code="overtaken")
    if not may_be_mailed(held.ticket) or not address_in(contact_of(connection, held.id)):
        raise Refusal("There is no mail address to send it to. Correct it first.", code="no_address")
