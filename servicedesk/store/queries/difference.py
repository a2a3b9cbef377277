"""One thing in the database that is not what it should be."""

from dataclasses import dataclass

from sqlalchemy.exc import DBAPIError


@dataclass(frozen=True, slots=True)
class Difference:
    """Where (a ticket's number, or `seal`), what of it (chain, row, clocks, custody, visibility, …), and how."""

    where: str
    what: str
    detail: str

    def __str__(self) -> str:
        return f"{self.where}: {self.what}: {self.detail}"


def reason(error: Exception) -> str:
    """What is wrong, on one line: of the database's errors its own words, not the query that met them."""
    own = error.orig if isinstance(error, DBAPIError) and error.orig else error
    return f"{type(own).__name__}: {next(iter(str(own).splitlines()), '')}"
