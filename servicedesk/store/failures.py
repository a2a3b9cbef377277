"""What a database error means to a person: one sentence that says what to do."""

import re

from sqlalchemy.exc import DataError, DBAPIError, IntegrityError, OperationalError, TimeoutError

from servicedesk.core.errors import Unavailable

BUSY = "The database is busy. Nothing was saved; try again in a moment."

# (what the driver says, what it means and what to do): the first that fits.
_CAUSES = (
    (
        r"no such (table|column)|(relation|column) .* does not exist",
        "The database is not on this version of the program. Run: servicedesk migrate",
    ),
    (
        r"disk is full|no space left|disk full",
        "The disk is full. Nothing was saved; free some space and try again.",
    ),
    (
        r"readonly|read-only|permission denied",
        "The database cannot be written to. Nothing was saved; check its permissions.",
    ),
    (r"locked|busy|deadlock|too many clients|connection slots|lock timeout|could not serialize", BUSY),
    (
        r"malformed|not a database|disk i/o error|corrupt",
        "The database file is damaged. Nothing was saved; restore it from a backup.",
    ),
    (r"unable to open", "The database cannot be opened. Check that its folder exists and may be written to."),
    (
        r"authentication failed|no password supplied|role .* (does not exist|is not permitted)|no pg_hba.conf entry",
        "The database does not accept this user or password. Check SERVICEDESK_DATABASE_URL.",
    ),
    (r"database .* does not exist", "There is no such database. Check SERVICEDESK_DATABASE_URL."),
    (
        (
            r"refused|could not connect|connection failed|closed|terminating|timeout expired|consuming input failed|"
            r"name or service not known|name resolution|could not translate host name|failed to resolve host"
        ),
        "The database does not answer. Nothing was saved; check that it is running.",
    ),
)


def explain(error: DBAPIError | TimeoutError) -> Unavailable:
    """A sentence for a database error; its own words follow only where we know none. A time-out is the pool's: every
    connection is taken."""
    if isinstance(error, TimeoutError):
        return Unavailable(BUSY, code="database_unavailable")
    own = str(error.orig).strip() if error.orig else type(error).__name__
    for said, sentence in _CAUSES:
        if re.search(said, own, re.IGNORECASE):
            return Unavailable(sentence, code=_code(error))
    return Unavailable("The database refused: %(reason)s. Nothing was saved.", reason=own.splitlines()[0])


def is_the_databases(error: Exception) -> bool:
    """Whether it is trouble with the database, which passes, rather than with what it was given."""
    return isinstance(error, DBAPIError) and not isinstance(error, IntegrityError | DataError)


def _code(error: DBAPIError) -> str:
    return "database_unavailable" if isinstance(error, OperationalError) else "unavailable"
