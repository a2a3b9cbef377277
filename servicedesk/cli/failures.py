"""What a failed command says: plain sentences instead of a traceback."""

import sys
from collections.abc import Iterator

import click

from servicedesk.core.errors import DeskError, FileFaults, Invalid


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
    """One sentence for an error of SQLAlchemy's: the driver's are known to the store, others are about the address."""
    from sqlalchemy.exc import DBAPIError

    from servicedesk.store.failures import explain

    if isinstance(error, DBAPIError):
        return str(explain(error))
    return f"The database cannot be used: {_first_line(error)}"


def _is_database_error(error: Exception) -> bool:
    """Without importing SQLAlchemy, which many commands never need."""
    exceptions = sys.modules.get("sqlalchemy.exc")
    return exceptions is not None and isinstance(error, exceptions.SQLAlchemyError)


def _first_line(error: BaseException) -> str:
    return next(iter(str(error).splitlines()), "")
