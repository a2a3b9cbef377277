"""Whole seconds since 1970 of a moment, the same on both databases: differences of these add up exactly."""

from typing import Any

from sqlalchemy import BigInteger
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement


class epoch(FunctionElement[int]):  # noqa: N801 - written like a function of SQL
    type = BigInteger()
    inherit_cache = True


@compiles(epoch, "sqlite")
def _sqlite(element: epoch, compiler: Any, **options: Any) -> str:
    # The fraction is cut off first: strftime would round it up.
    return f"CAST(strftime('%s', substr({compiler.process(element.clauses, **options)}, 1, 19)) AS INTEGER)"


@compiles(epoch, "postgresql")
def _postgresql(element: epoch, compiler: Any, **options: Any) -> str:
    return f"CAST(floor(extract(epoch from {compiler.process(element.clauses, **options)})) AS BIGINT)"
