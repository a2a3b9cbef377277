"""One thing in the database that is not what it should be."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Difference:
    """Where (a ticket's number, or `seal`), what of it (chain, row, clocks, custody, visibility, …), and how."""

    where: str
    what: str
    detail: str

    def __str__(self) -> str:
        return f"{self.where}: {self.what}: {self.detail}"
