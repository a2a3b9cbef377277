"""Whose move it is on a ticket, and who has handed it on: from here lists of those who wait for each other start."""

from servicedesk.core.ticket import Custody, TicketState
from servicedesk.core.visibility import Access
from servicedesk.core.vocabulary import Tier, WaitsOn

# The holder's own: what they waited for, or had handed on, has come back, and no step has been taken since. A note is
# no step: an answer stands where the question does, and the clocks of who is waited for run until it is given.
BACK = "back"

# Where an organisation sits that meets a ticket so: a question to one of these tiers is one to it.
_SITS_AT: dict[Access, tuple[str, ...]] = {
    Access.MUNICIPALITY: (Tier.FIRST_LINE, Tier.SECOND_LINE),
    Access.JOINT: (Tier.JOINT,),
}


def turn_of(ticket: TicketState, access: Access, organisation: str) -> str:
    """What the ticket waits for, as far as it is this organisation's to know: the tier of it that has been asked,
    the requester (to those whose ticket it is), BACK to the organisation that has it, else ''."""
    if not ticket.is_open or not ticket.custody:
        return ""
    account, holder = ticket.custody[-1].account, ticket.holder
    if account == WaitsOn.REQUESTER:
        return account if access is Access.MUNICIPALITY else ""
    if account != holder.tier:
        asked = ticket.question is not None and ticket.question.of == account
        return account if asked and account in _SITS_AT.get(access, ()) else ""
    return BACK if holder.organisation == organisation and _has_come_back(ticket.custody) else ""


def _has_come_back(custody: list[Custody]) -> bool:
    """Out of somebody else's hands into those that have had it before. A wait for a planned change ends by itself."""
    *earlier, last = custody
    if not earlier or earlier[-1].account in (last.account, WaitsOn.PLANNED_CHANGE):
        return False
    return any(stretch.holder.team == last.holder.team for stretch in earlier)


def handed_on_by(ticket: TicketState, organisation: str) -> str:
    """This organisation's teams that have handed an open ticket on and have not got it back: `|one|other|`, else ''."""
    teams = {holder.team for holder in ticket.handed_over_by if holder.organisation == organisation}
    return f"|{'|'.join(sorted(teams))}|" if ticket.is_open and teams else ""
