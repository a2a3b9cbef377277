"""The pages of a selection: what can be done, what an act would change in each ticket, and what came of a batch."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from servicedesk.core.bulk import MOST, UNDO_WITHIN, Act, Foreseen, foresee
from servicedesk.core.errors import DeskError, Refusal
from servicedesk.core.facts import Actor
from servicedesk.core.vocabulary import Tier
from servicedesk.store.queries.batches import Selected, Status, batch_of, items_of, selected
from servicedesk.web import identity, language, names
from servicedesk.web.forms.fields import Field, again
from servicedesk.web.lists.rows import Row, rows_of
from servicedesk.web.reading import Reading
from servicedesk.web.selection.acts import CHOSEN, Offer, act_of, fields, label, offers
from servicedesk.web.speech import _, said, sentence
from servicedesk.web.words import PRIORITIES


@dataclass(frozen=True, slots=True)
class Change:
    """Of one thing of a ticket, how it is and how it will be."""

    label: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Preview:
    """One ticket: what changes, or why nothing does."""

    row: Row
    changes: list[Change]
    refusal: str = ""
    can_undo: bool = False


@dataclass(frozen=True, slots=True)
class SelectionPage:
    """`act`: '' while nothing has been chosen. `tickets`: those that it can be done to and their versions, as the form
    carries them. `undoable`: of how many it can be taken back. `ready`: everything has been said. `looks`: it is worth
    seeing what a choice gives before it is made. `unseen`: how many of those asked for the reader does not see."""

    act: str
    title: str
    offers: list[Offer]
    previews: list[Preview]
    tickets: str
    numbers: list[str]
    fields: tuple[Field, ...] = ()
    undoable: int = 0
    count: int = 0
    ready: bool = False
    looks: bool = False
    looked: bool = False
    unseen: int = 0
    minutes: int = UNDO_WITHIN.seconds // 60
    trouble: str = ""


@dataclass(frozen=True, slots=True)
class Came:
    """What came of one ticket in a batch. `number` and `title` are '' for one that the reader no longer sees."""

    number: str
    title: str
    status: Status
    why: str


@dataclass(frozen=True, slots=True)
class BatchPage:
    """`undo_until`: None where nothing can be taken back any more."""

    id: int
    title: str
    came: list[Came]
    counts: Mapping[Status, int] = field(default_factory=dict)
    undo_until: datetime | None = None
    undoable: int = 0


def selection_page(
    numbers: Sequence[str],
    name: str,
    reading: Reading,
    typed: Mapping[str, str] | None = None,
    *,
    sent: bool = False,
    trouble: str = "",
) -> SelectionPage:
    """`typed`: what has been filled in, None before anything has been. `sent`: faults are told of."""
    viewer, numbers = identity.viewer(), list(dict.fromkeys(numbers))[:MOST]
    tickets = selected(reading.connection, reading.book, viewer, numbers)
    rows = rows_of((one.line for one in tickets), reading)
    called = label(name, tickets, reading)
    found = [one.line.number for one in tickets]
    unseen = len(numbers) - len(tickets)
    if not called:
        previews = [Preview(row, []) for row in rows]
        offered = offers(tickets, viewer, reading)
        return SelectionPage("", "", offered, previews, "", found, count=len(found), unseen=unseen)
    act = act_of(name, typed or {})
    judged = [_judge(act, one, viewer, reading) for one in tickets]
    pairs = list(zip(tickets, rows, judged, strict=True))
    able = [one for one, outcome in zip(tickets, judged, strict=True) if isinstance(outcome, Foreseen)]
    faults = _faults([outcome for outcome in judged if isinstance(outcome, Foreseen)])
    return SelectionPage(
        act=name,
        title=called,
        offers=[],
        previews=[_preview(one, row, outcome, viewer, reading) for one, row, outcome in pairs],
        tickets=" ".join(f"{one.line.number}:{one.version}" for one in able),
        numbers=found,
        fields=again(fields(name, able or tickets, reading), typed or {}, faults if sent else {}) if able else (),
        undoable=sum(1 for outcome in judged if isinstance(outcome, Foreseen) and outcome.can_undo),
        count=len(able),
        ready=bool(able) and not faults,
        looks=name in CHOSEN,
        looked=typed is not None and not faults,
        unseen=unseen,
        trouble=trouble,
    )


def _judge(act: Act, one: Selected, viewer: Actor, reading: Reading) -> Foreseen | Refusal:
    definition, book = reading.book.definition(one.ticket.workflow_version), reading.book
    try:
        return foresee(act, one.ticket, viewer, definition, book.installation, book.parties)
    except Refusal as refusal:
        return refusal


def _faults(judged: Sequence[Foreseen]) -> dict[str, list[str]]:
    """What is wrong with the form, not with a ticket: the same of all of them."""
    if not judged:
        return {}
    shared = set(judged[0].faults).intersection(*(one.faults for one in judged))
    return {name: [sentence(fault) for fault in judged[0].faults[name]] for name in shared}


def _preview(one: Selected, row: Row, outcome: Foreseen | Refusal, viewer: Actor, reading: Reading) -> Preview:
    if isinstance(outcome, DeskError):
        return Preview(row, [], said(outcome))
    return Preview(row, _changes(one, outcome, viewer, reading), can_undo=outcome.can_undo)


def _changes(one: Selected, seen: Foreseen, viewer: Actor, reading: Reading) -> list[Change]:
    """Where a ticket is in its workflow, and with whom, is not for a supplier to know."""
    ticket, installation, changes = one.ticket, reading.installation, []
    inside = any(seat.tier is not Tier.SUPPLIER for seat in viewer.seats)
    if seen.state and inside:
        states, spoken = reading.book.definition(ticket.workflow_version).states, language.current()
        changes.append(Change(_("State"), states[ticket.state].labels[spoken], states[seen.state].labels[spoken]))
    if seen.team and inside:
        before, after = names.team(installation, ticket.holder.team), names.team(installation, seen.team)
        changes.append(Change(_("Held by"), before, after))
    if seen.assignee is not None:
        before, after = (_person(key, reading) for key in (ticket.assignee, seen.assignee))
        changes.append(Change(_("Assignee"), before, after))
    if seen.priority is not None:
        changes.append(Change(_("Priority"), str(PRIORITIES[ticket.priority]), str(PRIORITIES[seen.priority])))
    return changes


def _person(key: str, reading: Reading) -> str:
    return names.person(reading.installation, key) if key else _("nobody")


def batch_page(batch_id: int, reading: Reading) -> BatchPage:
    """NotFound where it is somebody else's."""
    viewer = identity.viewer()
    batch = batch_of(reading.connection, viewer, batch_id)
    items = items_of(reading.connection, viewer, batch_id)
    seen = selected(reading.connection, reading.book, viewer, [item.number for item in items])
    titles = {one.line.number: one.line.title or _("(no description yet)") for one in seen}
    until = batch.made_at + UNDO_WITHIN
    undoable = sum(1 for item in items if item.status is Status.DONE and item.before)
    return BatchPage(
        id=batch.id,
        title=label(batch.act, seen, reading) or _("What was done"),
        came=[
            Came(
                item.number if item.number in titles else "", titles.get(item.number, ""), item.status, _why(*item.why)
            )
            for item in items
        ],
        counts={status: sum(1 for item in items if item.status is status) for status in Status},
        undo_until=until if undoable and reading.now <= until else None,
        undoable=undoable,
    )


def _why(message: str, data: Mapping[str, str]) -> str:
    return said(DeskError(message, **data)) if message else ""
