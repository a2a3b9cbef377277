"""The declarative base, free of Flask, and the column types everything uses."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import BigInteger, DateTime, Integer, MetaData
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import DeclarativeBase
from sqlalchemy.types import TypeDecorator

NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    metadata = MetaData(naming_convention=NAMES)


ITS_OFFSET = "+00:00"


class UTCDateTime(TypeDecorator[datetime]):
    """An aware moment, kept as UTC. A naive one is a bug and is refused."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> Any:
        return None if value is None else _aware(value).astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return None if value is None else _in_utc(value)

    def bind_processor(self, dialect: Dialect) -> Any:
        return _write_utc if dialect.name == "sqlite" else super().bind_processor(dialect)

    def result_processor(self, dialect: Dialect, coltype: object) -> Any:
        """SQLite keeps text. Read here without a detour: what is read most of all is moments."""
        return _read_utc if dialect.name == "sqlite" else _read_moment


def _write_utc(value: datetime | None) -> str | None:
    if value is None:
        return None
    written = value if value.tzinfo is UTC else _aware(value).astimezone(UTC)
    return written.isoformat(" ", "microseconds").removesuffix(ITS_OFFSET)


def _aware(value: datetime) -> datetime:
    if value.tzinfo is None:
        raise ValueError(f"naive datetime {value!r} for a UTC column")
    return value


def _read_utc(text: str | None) -> datetime | None:
    if text is None:
        return None
    try:
        return datetime.fromisoformat(text + ITS_OFFSET)
    except ValueError:  # not as we write it
        return _in_utc(datetime.fromisoformat(text))


def _read_moment(value: datetime | None) -> datetime | None:
    return value if value is None or value.tzinfo is UTC else _in_utc(value)


def _in_utc(value: datetime) -> datetime:
    return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


# SQLite numbers rows by itself only for INTEGER keys.
Id = BigInteger().with_variant(Integer, "sqlite")
