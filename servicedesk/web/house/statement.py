"""The accessibility statement: `statement.toml`, and over it what `accessibility.toml` of the instance folder says."""

from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from servicedesk.config import SettingFault
from servicedesk.core.vocabulary import Language
from servicedesk.web.house.file import allow, read

OURS = Path(__file__).with_name("statement.toml")
FILE = "accessibility.toml"
STATUSES = ("full", "partial", "none")

Told = dict[Language, str]


@dataclass(frozen=True, slots=True)
class Statement:
    """`organisation`, `email`, `telephone` and `complaints` may be '', `published_on` None. Of what is not accessible,
    each in every language, `lacking` does not meet the law's demands yet, `burden` is excepted as unreasonable (12 §)
    and `exempt` is outside the law."""

    status: str
    organisation: str
    email: str
    telephone: str
    tested_on: date
    updated_on: date
    published_on: date | None
    authority: Told
    complaints: str
    method: Told
    lacking: tuple[Told, ...]
    burden: tuple[Told, ...]
    exempt: tuple[Told, ...]


def read_statement(instance: Path) -> Statement:
    given, file = read(OURS), instance / FILE
    if file.is_file():
        theirs = read(file)
        allow(theirs, given.keys(), file, "here")
        given |= theirs
    else:
        file = OURS
    if given["status"] not in STATUSES:
        raise SettingFault("%(file)s: status must be full, partial or none.", file=str(file))
    if given["status"] == "full":
        given["lacking"] = given["burden"] = []
    lists = {name: tuple(_told(each, name, file) for each in given[name]) for name in ("lacking", "burden", "exempt")}
    if given["status"] != "full" and not lists["lacking"] and not lists["burden"]:
        raise SettingFault("%(file)s: say under [[lacking]] what does not meet the demands.", file=str(file))
    return Statement(
        status=given["status"],
        organisation=_text(given["organisation"], "organisation", file),
        email=_text(given["email"], "email", file),
        telephone=_text(given["telephone"], "telephone", file),
        tested_on=_date(given["tested_on"], "tested_on", file),
        updated_on=_date(given["updated_on"], "updated_on", file),
        published_on=_date(given["published_on"], "published_on", file) if given["published_on"] else None,
        authority=_told(given["authority"], "authority", file),
        complaints=_text(given["complaints"], "complaints", file),
        method=_told(given["method"], "method", file),
        **lists,
    )


def _text(value: Any, name: str, file: Path) -> str:
    if not isinstance(value, str):
        raise SettingFault("%(file)s: %(name)s must be a text in quotes.", file=str(file), name=name)
    return value.strip()


def _date(value: Any, name: str, file: Path) -> date:
    if not isinstance(value, date) or isinstance(value, datetime):
        raise SettingFault("%(file)s: %(name)s must be a date such as 2026-11-22.", file=str(file), name=name)
    return value


def _told(value: Any, name: str, file: Path) -> Told:
    """In both languages: the law's readers are not all readers of Swedish."""
    if not isinstance(value, dict) or set(value) != set(Language):
        raise SettingFault(
            "%(file)s: %(name)s must be said in sv and in en, and in nothing else.", file=str(file), name=name
        )
    return {language: _text(value[language], name, file) for language in Language}
