"""A file of the instance folder: TOML, or a sentence that says what is wrong with it."""

import tomllib
from collections.abc import Mapping, Set
from pathlib import Path
from typing import Any

from servicedesk.config import SettingFault


def read(file: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingFault("%(file)s is not valid TOML: %(reason)s.", file=str(file), reason=str(error)) from None


def allow(given: Mapping[str, Any], known: Set[str], file: Path, where: str) -> None:
    """Nothing but what is known: a slip of the pen would otherwise be passed over in silence."""
    if unknown := sorted(set(given) - known):
        raise SettingFault(
            "%(file)s: %(name)s means nothing %(where)s; there can be %(known)s.",
            file=str(file),
            name=unknown[0],
            where=where,
            known=", ".join(sorted(known)),
        )
