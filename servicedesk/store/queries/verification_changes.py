"""Proving the change feed: what each organisation has been told of a ticket is what its journal says, up to the event
that the feed has come to; and no position is missing."""

from collections.abc import Iterable, Iterator

from sqlalchemy import Connection, func, select

from servicedesk.core.changes import Change
from servicedesk.store.changes import ChangeRow
from servicedesk.store.queries.difference import Difference
from servicedesk.store.queries.verification_read import Stored


def verify_changes(stored: Stored, changes: Iterable[Change]) -> Iterator[Difference]:
    """`changes`: all that the journal gives to tell. Nothing has been told, so nothing can be wrong, of a ticket that
    the sequencer has not come to."""
    told = {(organisation, seq): said for organisation, _, _, seq, *said in stored.of(ChangeRow)}
    if not told:
        return
    up_to = max(seq for _, seq in told)
    for change in changes:
        here = f"event {change.seq} for {change.organisation}"
        said = told.pop((change.organisation, change.seq), None)
        if said is None and change.seq <= up_to:
            yield Difference(stored.number, "change", f"{here} is missing")
        elif said is not None and said != [change.type, change.ordinal, change.own, change.at]:
            yield Difference(stored.number, "change", f"{here} is not what the journal says")
    for organisation, seq in told:
        yield Difference(stored.number, "change", f"event {seq} for {organisation} is stored and should not be")


def verify_positions(connection: Connection) -> Iterator[Difference]:
    """Each feed counts from 1 without a gap."""
    ends = select(ChangeRow.organisation, func.count(), func.min(ChangeRow.position), func.max(ChangeRow.position))
    for organisation, count, first, last in connection.execute(ends.group_by(ChangeRow.organisation)):
        if (first, last) != (1, count):
            yield Difference("feed", "change", f"{organisation} has {count} changes at positions {first} to {last}")
