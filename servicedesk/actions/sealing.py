"""The seal over all tickets' heads: one chain of every event in the order they are committed."""

from collections.abc import Iterable, Iterator
from typing import Any

from sqlalchemy import Connection, select

from servicedesk.core.events import GENESIS, chain_hash
from servicedesk.store.journal import Seal, SealHead
from servicedesk.store.upsert import insert_missing, one_journey

_HEAD = select(SealHead.position, SealHead.chain).with_for_update()


def seal(connection: Connection, events: Iterable[tuple[int, int, str]]) -> None:
    """Lengthen it by these: (ticket id, seq, hash). Its end is the last lock taken, held only until the commit."""
    head = connection.execute(_HEAD).first()
    if head is None:
        insert_missing(connection, SealHead, [{"id": 1, "position": 0, "chain": GENESIS}])
        head = connection.execute(_HEAD).one()
    seals = list(sealed(head.position, head.chain, events))
    with one_journey(connection) as journey:
        journey.add(Seal, seals)
        journey.change(SealHead, [{"id": 1, "position": seals[-1]["position"], "chain": seals[-1]["chain"]}])


def sealed(position: int, chain: str, events: Iterable[tuple[int, int, str]]) -> Iterator[dict[str, Any]]:
    """The rows that follow the one at `position`."""
    for ticket_id, seq, event_hash in events:
        position, chain = position + 1, chain_hash(chain, event_hash)
        yield {"position": position, "ticket_id": ticket_id, "seq": seq, "event_hash": event_hash, "chain": chain}
