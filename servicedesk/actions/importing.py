"""Bringing in another system's log: what it says happened is written down as observed, in batches, and only once."""

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import islice

from sqlalchemy import Connection, select

from servicedesk.actions.desk import Desk
from servicedesk.actions.installation import load_installation
from servicedesk.actions.log import agreements_for, day_of
from servicedesk.actions.work import Work, unit_of_work
from servicedesk.core.custody import holder_of
from servicedesk.core.errors import Fault, FileFaults, Unavailable
from servicedesk.core.events import Moved, Payload, TicketLogged
from servicedesk.core.facts import Actor, Installation, Team
from servicedesk.core.inputs import LONGEST_LINE, clean_text
from servicedesk.core.installations.entry import suggestion
from servicedesk.core.servicenow.account import Account, Kind, Outcome, Remark
from servicedesk.core.servicenow.compare import Comparison, compare
from servicedesk.core.servicenow.groups import Holders, made_teams
from servicedesk.core.servicenow.incident import Logged, Plan, plan_incident
from servicedesk.core.servicenow.log_file import Log, SourceRow, read_log
from servicedesk.core.servicenow.mapping import ImportMap
from servicedesk.core.servicenow.mapping_check import check_import_map
from servicedesk.core.servicenow.values import Ground
from servicedesk.core.vocabulary import RequesterKind
from servicedesk.core.workflows.definition import Definition
from servicedesk.store.queries.journal import events_of
from servicedesk.store.rulebook import RuleBook
from servicedesk.store.tickets import Ticket

BATCH = 100
NEW, CONTINUED, UNCHANGED, LEFT, REFUSED = "new", "continued", "unchanged", "left", "refused"

Texts = Mapping[str, str]
Planned = list[tuple[datetime, Payload]]


@dataclass(slots=True)
class Imported:
    """The account of every row, what became of the incidents, and the numbers of those whose tickets are here."""

    account: Account
    incidents: Counter[str] = field(default_factory=Counter)
    numbers: list[str] = field(default_factory=list)
    made: list[Team] = field(default_factory=list)

    def equation(self) -> str:
        parts = [f"{self.incidents[what]} {what}" for what in (NEW, CONTINUED, UNCHANGED, LEFT, REFUSED)]
        return f"{self.incidents.total()} incidents read = {' + '.join(parts)}"


def import_servicenow(
    desk: Desk,
    content: bytes,
    name: str,
    mapping: ImportMap,
    *,
    actor: Actor,
    dry_run: bool = False,
    advance: Callable[[int], None] = lambda incidents: None,
) -> Imported:
    """Import a log by its mapping. Run again it changes nothing; a longer log of the same incidents continues them.

    FileFaults when the mapping or the log's headings cannot be used: then nothing is imported. With `dry_run` nothing
    is written. `advance` is told how many incidents have been dealt with.
    """
    with desk.reading() as connection:
        book, now = desk.book_and_now(connection)
    log = read_log(content, name, mapping)
    ground, imported = _ground(book, mapping, log, now)
    if imported.made and not dry_run:
        teams = {**book.installation.teams, **{team.key: team for team in imported.made}}
        load_installation(desk, replace(book.installation, teams=teams), [])
    done = 0
    for batch in _batches(log):
        if dry_run:
            with desk.reading() as connection:
                for number, rows in batch:
                    _one(None, connection, number, rows, ground, imported, actor)
        else:
            try:
                with unit_of_work(desk) as work:
                    for number, rows in batch:
                        _one(work, work.connection, number, rows, ground, imported, actor)
            except Unavailable as error:
                raise _stopped(error, done) from error
        done += len(batch)
        advance(len(batch))
    imported.account.remarks.sort(key=lambda remark: remark.line)
    return imported


def _batches(log: Log) -> Iterator[list[tuple[str, list[SourceRow]]]]:
    incidents = iter(log.incidents.items())
    while batch := list(islice(incidents, BATCH)):
        yield batch


def _stopped(error: Unavailable, done: int) -> Unavailable:
    """Batches are kept as they are written, so that an import of any size can go on from where it stopped."""
    return Unavailable(
        "The import stopped after %(done)s incidents, which are in. Mend this and run it again, to go on: %(why)s",
        code=error.code,
        done=done,
        why=str(error),
    )


def _ground(book: RuleBook, mapping: ImportMap, log: Log, now: datetime) -> tuple[Ground, Imported]:
    """Everything the rows are read against, checked; with the teams that are to be made."""
    if not book.installation.organisations:
        sentence = "There is no installation to import into. Load one first: servicedesk load DIR"
        raise Unavailable(sentence, code="no_installation")
    definition = _definition(book, mapping)
    groups = {row.cells.get("group", "") for rows in log.incidents.values() for row in rows}
    named = sorted(group for group in groups if not mapping.says_nothing(group))
    made = made_teams(mapping, book.installation, named)
    check_import_map(mapping, book.installation, definition, list(made.values()))
    missing = [team for team in made.values() if team.key not in book.installation.teams]
    holders = Holders(mapping, book.installation, made)
    return Ground(mapping, book.installation, definition, holders, now, book), Imported(log.account, made=missing)


def _definition(book: RuleBook, mapping: ImportMap) -> Definition:
    definition = book.workflow(mapping.workflow)
    if definition is None:
        known = [definition.key for definition in book.workflows()]
        problem = f'"{mapping.workflow}" is no workflow that is loaded.'
        raise FileFaults([Fault(mapping.file, "log.workflow", problem, suggestion(mapping.workflow, known))])
    return definition


def _one(
    work: Work | None,
    connection: Connection,
    number: str,
    rows: Sequence[SourceRow],
    ground: Ground,
    imported: Imported,
    actor: Actor,
) -> None:
    """One incident: planned, compared with what is here, and written unless there is no `work` to write with."""
    plan = plan_incident(number, rows, ground)
    if plan.logged is None:
        _account(imported, plan, REFUSED, len(plan.lines))
        return
    planned: Planned = [
        (plan.logged.at, _first(plan.logged, ground)),
        *((step.at, step.payload) for step in plan.steps),
    ]
    ticket_id = connection.execute(select(Ticket.id).where(Ticket.number == number)).scalar()
    found = Comparison() if ticket_id is None else _compare(connection, ticket_id, planned, ground)
    if found.kind is not None:
        _leave(imported, plan, found)
        return
    if work is not None and found.known < len(planned):
        _write(work, number, planned, plan.logged, found.known, ground, actor)
    what = NEW if ticket_id is None else UNCHANGED if found.known == len(planned) else CONTINUED
    imported.numbers.append(number)
    _account(imported, plan, what, _known_lines(plan, found.known, len(planned)))


def _compare(connection: Connection, ticket_id: int, planned: Planned, ground: Ground) -> Comparison:
    """With what is here. A ticket stays on the version of its workflow, which may lack what the mapping names now."""
    events = events_of(connection, ticket_id)
    found = compare(planned, events)
    first = events[0].payload
    if found.kind is None and found.known < len(planned) and isinstance(first, TicketLogged):
        states = ground.rules.definition(first.workflow_version).states
        named = {payload.to_state for _, payload in planned[found.known :] if isinstance(payload, Moved)}
        if lacking := sorted(named - states.keys()):
            why = f"The ticket's version of its workflow has no state {', '.join(lacking)}."
            return Comparison(found.known, Kind.GONE_ON, why)
    return found


def _write(work: Work, number: str, planned: Planned, logged: Logged, known: int, ground: Ground, actor: Actor) -> None:
    if known:
        held = work.open_ticket(number, actor=actor, fire=False)
    else:
        at, first = planned[0]
        assert isinstance(first, TicketLogged)
        held = work.open_new(number, first, _texts(logged), actor=actor, at=at, recorded_at=ground.now)
    for at, payload in planned[max(known, 1) :]:
        work.record(held, payload, actor=actor, occurred_at=at)


def _first(logged: Logged, ground: Ground) -> TicketLogged:
    installation, mapping, definition = ground.installation, ground.mapping, ground.definition
    return TicketLogged(
        workflow=definition.key,
        workflow_version=definition.version,
        state=logged.state,
        municipality=logged.municipality,
        service=logged.service,
        holder=holder_of(logged.team),
        channel=logged.channel,
        requester_kind=_requester_kind(mapping.requester_kind, logged),
        impact=logged.urgency.impact,
        urgency=logged.urgency.urgency,
        priority=logged.urgency.priority,
        fault=mapping.fault,
        supplier=installation.services[logged.service].supplier,
        agreements=_agreements(installation, logged),
        priority_given=True,
    )


def _agreements(installation: Installation, logged: Logged) -> dict[str, str]:
    """Those in force on the day the incident was opened; none when there were none."""
    return agreements_for(installation, logged.municipality, logged.service, day_of(logged.at, installation))


def _requester_kind(kind: RequesterKind, logged: Logged) -> RequesterKind:
    return RequesterKind.ANONYMOUS if kind is RequesterKind.CITIZEN and not logged.requester else kind


def _texts(logged: Logged) -> Texts:
    said = {"subject": logged.subject, "requester_name": logged.requester}
    return {name: clean_text(text)[:LONGEST_LINE] for name, text in said.items()}


def _known_lines(plan: Plan, known: int, planned: int) -> int:
    """How many of the rows read were here before: those up to the one that tells of the last known event."""
    if known == planned:
        return len(plan.lines)
    if not known:
        return 0
    last = plan.steps[known - 2].line if known > 1 else plan.lines[0]
    return plan.lines.index(last) + 1


def _account(imported: Imported, plan: Plan, what: str, known_lines: int) -> None:
    """Each row's outcome, and what there is to say of the rows that were dealt with now."""
    imported.incidents[what] += 1
    here = set(plan.lines[:known_lines])
    imported.account.outcomes |= plan.outcomes() | dict.fromkeys(here, Outcome.HERE)
    imported.account.add(_now(remark, here, Outcome.HERE) for remark in plan.remarks)


def _leave(imported: Imported, plan: Plan, found: Comparison) -> None:
    assert found.kind is not None
    imported.incidents[LEFT] += 1
    imported.account.outcomes |= plan.outcomes() | dict.fromkeys(plan.lines, Outcome.LEFT)
    imported.account.add(_now(remark, plan.lines, Outcome.LEFT) for remark in plan.remarks)
    imported.account.add([Remark(plan.lines[0], plan.number, Outcome.LEFT, found.kind, found.why)])


def _now(remark: Remark, lines: Collection[int], outcome: Outcome) -> Remark:
    """What there is to say of a row is said every time; but it was not repaired now."""
    return replace(remark, outcome=outcome) if remark.line in lines else remark
