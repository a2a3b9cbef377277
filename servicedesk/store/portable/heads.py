"""What an installation's journals end in: equal heads, equal histories."""

from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256

from sqlalchemy import Connection, text

from servicedesk.store.portable.tables import PortableTable


@dataclass(frozen=True, slots=True)
class Heads:
    """The seal's end; how many tickets, and the SHA-256 over number and head of each in order of their rows; the hash
    of the installation as it was loaded ('' for none, or from before there was one)."""

    position: int
    seal: str
    tickets: int
    ticket_heads: str
    installation: str

    def differences(self, other: "Heads") -> list[str]:
        """The names of what is not the same."""
        return [name for name in self.__slots__ if getattr(self, name) != getattr(other, name)]


def heads_of(connection: Connection, tables: Iterable[PortableTable]) -> Heads:
    """Now, of a database of any version: asked for in words that each has understood. `tables`: those of this one."""
    seal = connection.execute(text("SELECT position, chain FROM seal_head")).first()
    digest, tickets = sha256(), 0
    heads = text("SELECT number, head_hash FROM ticket ORDER BY id").execution_options(yield_per=5_000)
    for number, head in connection.execute(heads):
        digest.update(f"{number} {head}\n".encode())
        tickets += 1
    parts = connection.execute(text("SELECT parts FROM revision")).scalar() if _knows_parts(tables) else ""
    position, chain = (seal.position, seal.chain) if seal else (0, "")
    return Heads(position, chain, tickets, digest.hexdigest(), parts or "")


def _knows_parts(tables: Iterable[PortableTable]) -> bool:
    return any(table.name == "revision" and "parts" in table.columns for table in tables)
