"""The one status of TMF621 that a viewer is shown of a ticket: as a rule, and as SQL that filters by the same rule.

A state declares its status. A supplier sees it while the ticket is with it or with the joint organisation, and when it
has ended. While the ticket is elsewhere its own work is done (resolved) or others are at it (inProgress): which step of
the municipality's it has come to shows nowhere. A municipality is the customer of the whole chain: what a supplier and
the joint organisation tell each other (acknowledged, pending, resolved) is inProgress to it.
"""

from collections.abc import Collection, Iterable

from sqlalchemy import ColumnElement, Connection, and_, false, or_, select, true, tuple_

from servicedesk.core.ticket import Holder, TicketState
from servicedesk.core.visibility import Access
from servicedesk.core.vocabulary import Category, Tier, TmfStatus
from servicedesk.core.workflows.definition import Definition, State
from servicedesk.store.installation import Version
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


def status_to_customer(state: State) -> TmfStatus:
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
    wanted: Collection[TmfStatus], definitions: Iterable[Definition], *, is_supplier: bool
) -> tuple[ColumnElement[bool], bool | None]:
    """(what rows of visibility and ticket must meet, whether all of these are open; None: some are, some are not)."""
    states = [(each.version, state) for each in definitions for state in each.states.values()]
    found = [each for each in states if (each[1].tmf621 if is_supplier else status_to_customer(each[1])) in wanted]
    ended = [(version, state.key) for version, state in found if state.category in ENDED]
    open_ = [(version, state.key) for version, state in found if state.category not in ENDED]
    met = [_in(ended)]
    if not is_supplier:
        met.append(_in(open_))
    else:
        near = _near()
        met.append(and_(near, _in(open_)))
        if TmfStatus.RESOLVED in wanted or TmfStatus.IN_PROGRESS in wanted:
            met.append(and_(Visibility.is_open.is_(True), ~near, _solved_as(wanted)))
    return or_(*met), _openness(bool(open_) or len(met) > 2, bool(ended))


def _openness(some_open: bool, some_ended: bool) -> bool | None:
    return None if some_open == some_ended else some_open


def _in(pairs: list[tuple[str, str]]) -> ColumnElement[bool]:
    return tuple_(Ticket.workflow_version, Ticket.state).in_(pairs) if pairs else false()


def _near() -> ColumnElement[bool]:
    with_it = and_(Ticket.holder_tier == Tier.SUPPLIER, Ticket.holder_organisation == Visibility.organisation)
    return or_(Ticket.holder_tier == Tier.JOINT, with_it)


def _solved_as(wanted: Collection[TmfStatus]) -> ColumnElement[bool]:
    """Asked of open tickets that are elsewhere, which are few, so that it needs no column of its own."""
    if TmfStatus.RESOLVED in wanted and TmfStatus.IN_PROGRESS in wanted:
        return true()
    # The fold's canonical JSON leaves out a field at its default, and escapes every quote within a text.
    is_solved = Ticket.state_json.contains('"solution_seq":', autoescape=True)
    return is_solved if TmfStatus.RESOLVED in wanted else ~is_solved
