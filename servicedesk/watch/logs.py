"""The log: one line a happening, as JSON or for a terminal, with nothing in it that is about a person.

How it keeps to that: a text that is filled into a message is never printed, whoever logs it; only numbers are. What may
be told is given by `extra={"told": {...}}`. Of an error stand its class, its code, our own sentence without its data,
and where in the program it arose; what databases and libraries say in it quotes what people have written. With
SERVICEDESK_DEBUG=1 the whole traceback is told too.
"""

import json
import logging
import re
import sys
import traceback
from contextvars import ContextVar
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TextIO

from servicedesk.core.errors import DeskError

request_id: ContextVar[str] = ContextVar("request_id", default="")

FRAMES = 8
PACKAGES = Path(__file__).parents[2]
OMITTED = "…"
# Libraries that fill in what came from outside before they log it: what follows here is left out.
FILLED_IN = re.compile(r"(?<=Invalid request) from ip=.*", re.DOTALL)
AT_LEAST = {"servicedesk": logging.INFO, "gunicorn.error": logging.INFO, "apscheduler": logging.WARNING}


def write_logs(form: str, *, debug: bool = False, quiet: bool = False, stream: TextIO | None = None) -> None:
    """All that is logged in this process goes through here. `form`: json, text, or auto (text on a terminal).

    `quiet`: only what is wrong."""
    stream = stream or sys.stderr
    handler = logging.StreamHandler(stream)
    handler.setFormatter(_formatter(form, stream)(debug))
    root = logging.getLogger()
    for old in [old for old in root.handlers if isinstance(old.formatter, Discreet)]:
        root.removeHandler(old)
    root.addHandler(handler)
    for name, level in AT_LEAST.items():
        logging.getLogger(name).setLevel(max(level, logging.WARNING) if quiet else level)
    for name in ("gunicorn.error", "gunicorn.access"):
        theirs = logging.getLogger(name)
        theirs.handlers, theirs.propagate = [], True


def _formatter(form: str, stream: TextIO) -> "type[Discreet]":
    is_text = form == "text" or (form == "auto" and stream.isatty())
    return Text if is_text else Json


class Discreet(logging.Formatter):
    """What may be told of a record."""

    def __init__(self, debug: bool = False) -> None:
        super().__init__()
        self.debug = debug

    def told(self, record: logging.LogRecord) -> dict[str, Any]:
        at = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        said = {"at": at, "level": record.levelname.lower(), "event": message(record), "logger": record.name}
        if known := request_id.get():
            said["request_id"] = known
        said |= getattr(record, "told", {})
        if record.exc_info and record.exc_info[1]:
            said |= of_error(record.exc_info[1])
            if self.debug:
                said["traceback"] = "".join(traceback.format_exception(record.exc_info[1]))
        return said


class Json(Discreet):
    def format(self, record: logging.LogRecord) -> str:
        return json.dumps(self.told(record), ensure_ascii=False, default=lambda value: OMITTED)


class Text(Discreet):
    """For a person at a terminal: the time of day, what happened, the rest as name=value."""

    def format(self, record: logging.LogRecord) -> str:
        said = self.told(record)
        at, level, event = said.pop("at")[11:19], said.pop("level"), said.pop("event")
        whole = said.pop("traceback", "")
        said.pop("logger")
        details = " ".join(f"{name}={value}" for name, value in said.items())
        return f"{at} {level:7} {event} {details}".rstrip() + (f"\n{whole}" if whole else "")


def message(record: logging.LogRecord) -> str:
    """The message as it was written in the program, with what may be filled in."""
    text: str = str(record.msg)
    arguments = record.args
    if isinstance(record.msg, BaseException):
        return str(_printable(record.msg))
    if arguments:
        try:
            if isinstance(arguments, tuple):
                text %= tuple(_printable(value) for value in arguments)
            else:
                text %= {name: _printable(value) for name, value in arguments.items()}
        except (TypeError, ValueError):
            pass  # %d of what is no number: the message as it was written
    return FILLED_IN.sub("", text)


def _printable(value: object) -> Any:
    if isinstance(value, int | float):
        return value
    if isinstance(value, BaseException):
        return " ".join(str(part) for part in _named(value).values())
    return OMITTED


def of_error(error: BaseException) -> dict[str, Any]:
    """What it is, what caused it, and where: the last frames, those of ours by their place in the program."""
    said = _named(error)
    if cause := error.__cause__ or error.__context__:
        said["cause"] = _named(cause)
    return {**said, "where": [_place(frame) for frame in traceback.extract_tb(error.__traceback__)[-FRAMES:]]}


def _named(error: BaseException) -> dict[str, Any]:
    said = {"error": type(error).__name__}
    if isinstance(error, DeskError):
        said |= {"code": error.code, "sentence": error.message}
    original = getattr(error, "orig", None)
    if original is not None:
        said["driver"] = type(original).__name__
        if state := getattr(original, "sqlstate", None) or getattr(original, "sqlite_errorname", None):
            said["state"] = str(state)
    return said


def _place(frame: traceback.FrameSummary) -> str:
    file = Path(frame.filename)
    shown = file.relative_to(PACKAGES) if file.is_relative_to(PACKAGES) else Path(*file.parts[-2:])
    return f"{shown}:{frame.lineno} {frame.name}"
