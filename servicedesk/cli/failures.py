"""What a failed command says: plain sentences instead of a traceback."""

import sys
from collections.abc import Iterator

import click

from servicedesk.core.errors import DeskError, FileFaults, Invalid

# What a database driver says, in any of its words, and what we say instead. The first that fits is used.
DATABASE_SENTENCES = (
    (
        ("no such table", "no such column", "undefinedtable", "undefinedcolumn"),
        "The database does not fit this version of the program: run `servicedesk migrate`.",
    ),
    (("disk is full", "diskfull", "no space left"), "The disk that holds the database is full: nothing was changed."),
    (
        ("unable to open database file",),
        "The database file cannot be opened: does its folder exist, and may you write there?",
    ),
    (("not a database", "malformed"), "The database file is damaged or is no database: restore it from a backup."),
    (("readonly database", "read-only"), "The database is read-only: nothing was changed."),
    (("database is locked",), "The database is in use by another process and did not become free: try again."),
    (
        ("authentication failed",),
        "The database refuses the sign-in: check user and password in SERVICEDESK_DATABASE_URL.",
    ),
    (("connection",), "The database cannot be reached: {reason}"),
)


def sentences(error: Exception) -> Iterator[str]:
    """The lines for stderr: one sentence, or one per fault where there are several."""
    if isinstance(error, FileFaults):
        yield from (str(fault) for fault in error.faults) if error.faults else (str(error),)
    elif isinstance(error, Invalid):
        yield str(error)
        for name, problems in error.fields.items():
            yield from (f"{name}: {problem}" for problem in problems)
    elif isinstance(error, DeskError):
        yield str(error)
    elif isinstance(error, OSError):
        yield f"{error.filename}: {error.strerror}." if error.filename else f"{error.strerror or error}."
    elif _is_database_error(error):
        yield database_sentence(error)
    else:
        yield f"A fault of the program itself: {type(error).__name__}: {_first_line(error)}"
        yield "Run the command again with SERVICEDESK_DEBUG=1 to see where it arose."


def usage_sentence(error: click.ClickException) -> str:
    """Click's own complaint about how a command was called, on one line. Help that was asked for stays whole."""
    context = getattr(error, "ctx", None)
    if context is None or isinstance(error, click.exceptions.NoArgsIsHelpError):
        return error.format_message()
    return f"{error.format_message().rstrip('.')}. See `{context.command_path} --help`."


def database_sentence(error: Exception) -> str:
    """One sentence for an error of SQLAlchemy's, which wraps the driver's in `orig`."""
    cause = getattr(error, "orig", None) or error
    words = f"{type(cause).__name__} {cause}".lower()
    for signs, sentence in DATABASE_SENTENCES:
        if any(sign in words for sign in signs):
            return sentence.format(reason=_first_line(cause))
    return f"The database refused: {_first_line(cause)}"


def _is_database_error(error: Exception) -> bool:
    """Without importing SQLAlchemy, which many commands never need."""
    exceptions = sys.modules.get("sqlalchemy.exc")
    return exceptions is not None and isinstance(error, exceptions.SQLAlchemyError)


def _first_line(error: BaseException) -> str:
    return next(iter(str(error).splitlines()), "")
