"""What makes the tests of this process quick and would be wrong in service."""

import gc
from types import CodeType
from typing import Any

from flask import Flask
from jinja2 import BytecodeCache
from jinja2.bccache import Bucket
from sqlalchemy import event
from sqlalchemy.pool import Pool
from werkzeug.routing import Rule

# Objects made between two looks for garbage; a test run makes many and leaves few behind.
SELDOM = 50_000


def need_not_survive() -> None:
    """Embedded databases are thrown away: they need not survive a power cut. After the program has set up a connection,
    so that what it sets up itself stands as it is until then (`tests/store/test_schema.py`)."""

    @event.listens_for(Pool, "checkout")
    def on_checkout(connection: Any, record: Any, proxy: Any) -> None:
        if "hurried" not in record.info:
            record.info["hurried"] = True
            if type(connection).__module__ == "sqlite3":
                connection.execute("PRAGMA synchronous = OFF")


def look_seldom_for_garbage() -> None:
    """The program and the tests themselves are no garbage, and are not looked through again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(SELDOM, 20, 20)


class Compiled(BytecodeCache):
    """What templates have been compiled to, for all the applications that tests make in this process."""

    def __init__(self) -> None:
        self.kept: dict[tuple[str, str], CodeType | None] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        bucket.code = self.kept.get((bucket.key, bucket.checksum))

    def dump_bytecode(self, bucket: Bucket) -> None:
        self.kept[bucket.key, bucket.checksum] = bucket.code


def compile_templates_once() -> None:
    Flask.jinja_options = {"bytecode_cache": Compiled()}


def compile_addresses_once() -> None:
    """Werkzeug compiles two functions for each rule of each application, which take it from there which rule it is."""
    compiled: dict[tuple[object, ...], Any] = {}
    compile_one = Rule._compile_builder

    def kept(rule: Rule, append_unknown: bool = True) -> Any:
        defaults = tuple(sorted((rule.defaults or {}).items()))
        whose = (rule.rule, append_unknown, tuple(rule._trace), defaults)
        if whose not in compiled:
            compiled[whose] = compile_one(rule, append_unknown)
        return compiled[whose]

    Rule._compile_builder = kept  # type: ignore[assignment, method-assign]
