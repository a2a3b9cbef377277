"""The one status of TMF621 that a viewer is shown of a ticket: as a rule, and as SQL that filters by the same rule.

A state declares its status. A supplier sees it while the ticket is with it or with the joint organisation, and when it
has ended. While the ticket is elsewhere its own work is done (resolved) or others are at it (inProgress): which step of
the municipality's it has come to shows nowhere. A municipality is the customer of the whole chain: what a supplier and
the joint organisation tell each other (acknowledged, pending, resolved) is inProgress to it, and what waits for an
answer of its own is pending, whichever of its tiers is asked: its system may be the one that answers.
"""

from collections.abc import Collection, Iterable

from sqlalchemy import ColumnElement, Connection, and_, false, or_, select, true, union_all

from servicedesk.core.facts import Actor
from servicedesk.core.ticket import Holder, TicketState
from servicedesk.core.visibility import Access
from servicedesk.core.vocabulary import Category, Tier, TmfStatus, WaitsOn
from servicedesk.core.workflows.definition import Definition, State
from servicedesk.store.installation import Version
from servicedesk.store.queries.trouble.found_by import is_rare
from servicedesk.store.queries.visible import visible_tickets
from servicedesk.store.rulebook import RuleBook
from servicedesk.store.tickets import Ticket, Visibility

ENDED = (Category.RESOLVED, Category.CLOSED)


def status_shown(state: State, access: Access, *, is_near: bool, is_solved: bool) -> TmfStatus:
    """`is_near`: see the function of that name. `is_solved`: a solution stands that nobody has rejected."""
    if access is not Access.SUPPLIER:
        return status_to_customer(state)
    if is_near or state.category in ENDED:
        return state.tmf621
    return TmfStatus.RESOLVED if is_solved else TmfStatus.IN_PROGRESS


OWN = (WaitsOn.REQUESTER, WaitsOn.FIRST_LINE, WaitsOn.SECOND_LINE)


def status_to_customer(state: State) -> TmfStatus:
    if state.waits_on in OWN:
        return TmfStatus.PENDING
    within = state.tier is Tier.SUPPLIER and state.tmf621 in (TmfStatus.ACKNOWLEDGED, TmfStatus.PENDING)
    not_yet = state.tmf621 is TmfStatus.RESOLVED and state.category not in ENDED
    return TmfStatus.IN_PROGRESS if within or not_yet else state.tmf621


def status_of(ticket: TicketState, state: State, access: Access, organisation: str) -> TmfStatus:
    near = is_near(ticket.holder, organisation)
    return status_shown(state, access, is_near=near, is_solved=bool(ticket.solution_seq))


def is_near(holder: Holder, supplier: str) -> bool:
    """With the supplier itself or with the joint organisation that it works for."""
    return holder.tier is Tier.JOINT or (holder.tier is Tier.SUPPLIER and holder.organisation == supplier)


def every_definition(connection: Connection, book: RuleBook) -> list[Definition]:
    """Every version of every workflow that a ticket can be on."""
    versions = connection.execute(select(Version.hash).where(Version.kind == "workflow").order_by(Version.hash))
    return [book.definition(version) for version in versions.scalars() if version in book.contents]


def has_status(
    connection: Connection, viewer: Actor, wanted: Collection[TmfStatus], definitions: Iterable[Definition]
) -> tuple[ColumnElement[bool], bool | None]:
    """(what rows of visibility and ticket must meet, whether all of these are open; None: some are, some are not)."""
    is_supplier = any(seat.tier is Tier.SUPPLIER for seat in viewer.seats)
    states = [(each.version, state) for each in definitions for state in each.states.values()]
    found = [each for each in states if (each[1].tmf621 if is_supplier else status_to_customer(each[1])) in wanted]
    ended = [(version, state.key) for version, state in found if state.category in ENDED]
    open_ = [(version, state.key) for version, state in found if state.category not in ENDED]
    there = _elsewhere(wanted) if is_supplier else None
    at_hand = and_(_near(), _in(open_)) if is_supplier else _in(open_)
    working = and_(Visibility.is_open.is_(True), at_hand if there is None else or_(at_hand, there))
    if not ended:
        return working, True
    over = and_(Visibility.is_open.is_(False), _in(ended))
    only_over = not open_ and there is None
    by_state = select(Ticket.id).where(_in(ended))
    if not is_rare(connection, by_state):
        return (over, False) if only_over else (or_(working, over), None)
    # Few have ended so: they are found by their state, not by looking at every ticket that there ever was.
    if only_over:
        return Visibility.ticket_id.in_(by_state), False
    at_work = visible_tickets(viewer, Visibility.ticket_id).where(working)
    return Visibility.ticket_id.in_(union_all(by_state, at_work)), None


def _in(pairs: list[tuple[str, str]]) -> ColumnElement[bool]:
    """One by one rather than as pairs, so that the index of a workflow's states serves it on either database."""
    return or_(false(), *(and_(Ticket.workflow_version == version, Ticket.state == state) for version, state in pairs))


def _near() -> ColumnElement[bool]:
    with_it = and_(Ticket.holder_tier == Tier.SUPPLIER, Ticket.holder_organisation == Visibility.organisation)
    return or_(Ticket.holder_tier == Tier.JOINT, with_it)


def _elsewhere(wanted: Collection[TmfStatus]) -> ColumnElement[bool] | None:
    """Open tickets that are neither with the supplier nor with the joint organisation, by whether a solution stands;
    None where no such are wanted."""
    resolved, working = TmfStatus.RESOLVED in wanted, TmfStatus.IN_PROGRESS in wanted
    if not resolved and not working:
        return None
    # The fold's canonical JSON leaves out a field at its default, and escapes every quote within a text.
    is_solved = Ticket.state_json.contains('"solution_seq":', autoescape=True)
    both = true() if resolved and working else is_solved if resolved else ~is_solved
    return and_(~_near(), both)
