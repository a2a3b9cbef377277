"""What sample people do beside the workflow's steps: notes, replies, another assignee or priority, links."""

from collections.abc import Callable, Iterable

from servicedesk.actions.changes import set_assignee, set_class, set_municipality, set_priority
from servicedesk.actions.demo.cast import Cast
from servicedesk.actions.entries import add_entry
from servicedesk.actions.opened import Open
from servicedesk.actions.relations import add_link, merge_into
from servicedesk.actions.work import Work
from servicedesk.core.facts import OPERATOR, Actor
from servicedesk.core.rights import Right, has_right
from servicedesk.core.ticket import TicketState
from servicedesk.core.vocabulary import Audience, Fault, Level, Relation, Tier

# Does something or leaves it, as somebody who has the right.
Deed = Callable[[Cast, Work, Open, Actor], None]


def beside(cast: Cast, work: Work, held: Open) -> None:
    """Now and then one of these, after a step."""
    for right, chance, deed in DEEDS:
        if cast.chance.random() < chance and (actor := somebody(cast, held.ticket, right)):
            deed(cast, work, held, actor)


def classify_if_unclear(cast: Cast, work: Work, held: Open) -> None:
    """The second line sees whose the fault is."""
    ticket, matter = held.ticket, cast.stories[held.ticket.number].matter
    seen = matter.unclear and ticket.holder.tier is Tier.SECOND_LINE and ticket.accepted
    actor = somebody(cast, ticket, Right.CLASSIFY) if seen and ticket.fault is Fault.UNKNOWN else None
    if actor:
        words = cast.says("classify")
        set_class(work, held, matter.fault, ticket.service, ticket.e_service, words, actor=actor)


def somebody(cast: Cast, ticket: TicketState, right: Right) -> Actor | None:
    """One who may: whoever works on it, if they may."""
    may = [actor for actor in cast.around(ticket) if has_right(right, ticket, actor)]
    mine = [actor for actor in may if actor.key == ticket.assignee]
    return cast.chance.choice(mine or may) if may else None


def twins(cast: Cast, numbers: Iterable[str], ticket: TicketState) -> list[str]:
    """Other tickets among these that are about the same."""
    told = cast.stories[ticket.number].matter
    return [n for n in numbers if n != ticket.number and cast.stories[n].matter.solution == told.solution]


def merge_duplicate(cast: Cast, work: Work, held: Open, numbers: Iterable[str]) -> bool:
    """The same matter logged twice in a municipality is one ticket."""
    actor = somebody(cast, held.ticket, Right.MERGE)
    if actor is None:
        return False
    for number in sorted(twins(cast, numbers, held.ticket)):
        other = work.open_ticket(number, actor=OPERATOR)
        if other.ticket.municipality == held.ticket.municipality and other.ticket.is_open:
            merge_into(work, held, other, cast.says("merge"), actor=actor)
            return True
    return False


def link_to_the_first(cast: Cast, work: Work, held: Open, numbers: Iterable[str]) -> None:
    """The IT service manager sees that another municipality has the same fault."""
    actor = somebody(cast, held.ticket, Right.LINK) if held.ticket.holder.tier is Tier.JOINT else None
    if actor is None or held.ticket.links:
        return
    for number in sorted(twins(cast, numbers, held.ticket)):
        other = work.open_ticket(number, actor=OPERATOR)
        if other.ticket.joint:
            add_link(work, held, Relation.CHILD_OF, other, actor=actor)
            return


def _write(entry: str, audience: Audience, what: str) -> Deed:
    def deed(cast: Cast, work: Work, held: Open, actor: Actor) -> None:
        add_entry(work, held, entry, audience, cast.says(what), actor=actor)

    return deed


def _assign(cast: Cast, work: Work, held: Open, actor: Actor) -> None:
    """To a colleague in the team that holds it."""
    team = held.ticket.holder.team
    others = [
        other.key
        for other in cast.around(held.ticket)
        if other.key not in (actor.key, held.ticket.assignee) and any(seat.team == team for seat in other.seats)
    ]
    if others and held.ticket.accepted:
        set_assignee(work, held, cast.chance.choice(others), actor=actor)


def _raise(cast: Cast, work: Work, held: Open, actor: Actor) -> None:
    """It turns out to hurry more than was thought."""
    if held.ticket.urgency is not Level.HIGH:
        set_priority(work, held, held.ticket.impact, Level.HIGH, cast.says("priority"), actor=actor)


def _to_the_right_municipality(cast: Cast, work: Work, held: Open, actor: Actor) -> None:
    if held.ticket.holder.tier is Tier.FIRST_LINE and not held.ticket.e_service:
        others = [place.key for place in cast.places if place.key != held.ticket.municipality]
        set_municipality(work, held, cast.chance.choice(others), cast.says("move"), actor=actor)


# (right, how often after a step, deed)
DEEDS: tuple[tuple[Right, float, Deed], ...] = (
    (Right.NOTE, 0.08, _write("note", Audience.MUNICIPALITY, "note")),
    (Right.NOTE_TO_JOINT, 0.03, _write("note", Audience.JOINT, "note_to_joint")),
    (Right.REPLY, 0.07, _write("reply", Audience.REQUESTER, "reply")),
    (Right.NOTE_TO_SUPPLIER, 0.06, _write("supplier_note", Audience.SUPPLIER, "supplier_note")),
    (Right.ASSIGN, 0.05, _assign),
    (Right.CHANGE_PRIORITY, 0.015, _raise),
    (Right.MOVE_MUNICIPALITY, 0.02, _to_the_right_municipality),
)
