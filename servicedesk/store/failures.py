"""What a database error means to a person: one sentence that says what to do."""

from sqlalchemy.exc import DBAPIError, OperationalError

from servicedesk.core.errors import Unavailable

_CAUSES = (
    (("no such table", "no such column", "does not exist", "undefinedtable"),
     "The database is not on this version of the program. Run: servicedesk migrate"),
    (("disk is full", "no space left", "disk full"), "The disk is full. Nothing was saved; free some space and try again."),
    (("readonly", "read-only", "permission denied"), "The database cannot be written to. Nothing was saved; check its permissions."),
    (("locked", "busy"), "The database is busy. Nothing was saved; try again in a moment."),
    (("malformed", "not a database", "disk i/o error", "corrupt"), "The database file is damaged. Nothing was saved; restore it from a backup."),
    (("unable to open",), "The database cannot be opened. Check that its folder exists and may be written to."),
    (("connection refused", "could not connect", "connection failed", "server closed", "terminating connection", "timeout expired"),
     "The database does not answer. Nothing was saved; check that it is running."),
)  # fmt: skip


def explain(error: DBAPIError) -> Unavailable:
    """A sentence for a database error; its own words follow only where we know none."""
    own = str(error.orig).strip() if error.orig else type(error).__name__
    lower = own.lower()
    for signs, sentence in _CAUSES:
        if any(sign in lower for sign in signs):
            return Unavailable(sentence, code=_code(error))
    return Unavailable("The database refused: %(reason)s. Nothing was saved.", reason=own.splitlines()[0])


def _code(error: DBAPIError) -> str:
    return "database_unavailable" if isinstance(error, OperationalError) else "unavailable"
