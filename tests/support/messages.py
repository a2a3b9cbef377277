"""Every message the program says to people, and the catalogues that hold them in each language.

`python -m tests.support.messages` brings the catalogues up to date: new messages come in empty, those that nobody says
any more go, and the compiled files are written. Then fill in what is empty in servicedesk/translations/.
"""

import ast
from collections.abc import Iterator, Sequence
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from servicedesk.web.language import CATALOGUES
from tests.architecture.source import TOP

PACKAGE = TOP / "servicedesk"
LANGUAGES = ("sv", "en")
METHODS = [("**.py", "python"), ("**.html", "jinja2.ext.babel_extract")]
KEYWORDS = {"_": None, "_l": None, "ngettext": (1, 2)}
PAGES = ("web", "api/docs")

# Errors of core, and the tables and constants that they take their sentences from, are messages too.
ERRORS = {"DeskError", "Refusal", "NotFound", "Conflict", "Invalid", "Unavailable", "Sentence"}
# The API's kinds of problem have a title and a remedy each.
FLOORS = {"core": ERRORS, "actions": ERRORS, "store": ERRORS, "api": ERRORS | {"Kind"}}

# What these say is said to operators at the command line, in English.
ENGLISH_ONLY = (
    # How hours are written is told on pages: all of core/calendars but `written`.
    "core/calendars/calendar",
    "core/calendars/check",
    "core/calendars/civil",
    "core/calendars/duration",
    "core/calendars/frozen",
    "core/calendars/merging",
    "core/calendars/sources",
    "core/installations/",
    # The rules themselves are told on pages: all of core/proof but `check`.
    "core/promises/",
    "core/proof/custody",
    "core/proof/people",
    "core/proof/reading",
    "core/proof/scenarios",
    "core/proof/states",
    "core/proof/steps",
    "core/proof/ways",
    "core/scenarios/",
    "core/servicenow/",
    "core/versions/",
    "core/workflows/file",
    "actions/backup",
    "actions/demo",
    "actions/erase",
    "actions/generate/",
    "actions/filling",
    "actions/import",
    "actions/installation",
    "actions/migrating",
    "actions/move",
    "actions/restore",
    "actions/play",
    "store/portable/",
    "store/queries/verification",
    # The API's own documentation speaks English, as its readers do.
    "api/deprecations",
    "api/document",
    "core/changes",
    # RFC 6749 has its errors told in ASCII.
    "api/oauth",
    "api/v1/attachments",
    "api/v1/examples",
    "api/v1/resources",
)

Message = str | tuple[str, ...]


def said() -> dict[Message, list[str]]:
    """Every message and where it is said."""
    found: dict[Message, list[str]] = {}
    for place, message in (*_in_pages(), *_in_rules(), *_in_page_errors()):
        found.setdefault(message, []).append(place)
    return found


def _in_pages() -> Iterator[tuple[str, Message]]:
    options = {"**.html": {"trimmed": "true", "newstyle_gettext": "true", "silent": "false"}}
    for folder in PAGES:
        extracted = extract_from_dir(PACKAGE / folder, METHODS, options, keywords=KEYWORDS)
        for name, _line, message, _comments, _context in extracted:
            yield f"{folder}/{name}", message


def _in_rules() -> Iterator[tuple[str, str]]:
    """The sentences below the edges, and those of the API, that can reach a person's eyes."""
    for floor, errors in FLOORS.items():
        for file in sorted((PACKAGE / floor).rglob("*.py")):
            name = file.relative_to(PACKAGE).as_posix()
            if not name.startswith(ENGLISH_ONLY):
                yield from ((name, text) for text in sentences(file.read_text(encoding="utf-8"), errors))


def _in_page_errors() -> Iterator[tuple[str, str]]:
    for file in sorted((PACKAGE / "web").rglob("*.py")):
        tree = ast.parse(file.read_text(encoding="utf-8"))
        name = file.relative_to(PACKAGE).as_posix()
        yield from ((name, text) for text in _of_errors(tree, ERRORS))


def sentences(code: str, errors: set[str] = ERRORS) -> Iterator[str]:
    """The message of every error raised, and every other text shaped like a sentence: tables hold those."""
    tree = ast.parse(code)
    yield from _of_errors(tree, errors)
    ignored = _docstrings(tree)
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in ignored:
            yield from [node.value] if is_sentence(node.value) else []


def _of_errors(tree: ast.AST, errors: set[str]) -> Iterator[str]:
    """The texts among the arguments of an error, not the keys or codes beside them."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") in errors:
            for argument in node.args:
                values = argument.values if isinstance(argument, ast.Dict) else [argument]
                yield from (
                    leaf.value
                    for value in values
                    if not isinstance(value, ast.Call)
                    for leaf in ast.walk(value)
                    if isinstance(leaf, ast.Constant) and isinstance(leaf.value, str)
                )


def is_sentence(text: str) -> bool:
    return text[:1].isupper() and " " in text and text.endswith((".", "?"))


def _docstrings(tree: ast.AST) -> set[int]:
    return {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }


def po_file(language: str) -> Path:
    return CATALOGUES / language / "LC_MESSAGES" / "messages.po"


def catalogue(language: str) -> Catalog:
    with po_file(language).open("rb") as file:
        return read_po(file, locale=language)


def forms(text: str | Sequence[str] | None) -> tuple[str, ...]:
    """One, or as many as the language has for a number."""
    return (text,) if isinstance(text, str) else tuple(text or ("",))


def renew(language: str) -> Catalog:
    """The catalogue with exactly the messages that are said. English needs no translator."""
    kept = catalogue(language) if po_file(language).exists() else Catalog(locale=language)
    fresh = Catalog(locale=language, project="servicedesk", charset="utf-8", fuzzy=False)
    for message, places in sorted(said().items(), key=str):
        known = kept.get(message)
        text = known.string if known and known.id == message else ""
        fresh.add(message, message if language == "en" else text, locations=[(p, 0) for p in sorted(set(places))])
    return fresh


def write(language: str) -> None:
    fresh, file = renew(language), po_file(language)
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("wb") as target:
        write_po(target, fresh, width=120, omit_header=True, include_lineno=False, ignore_obsolete=True)
    with file.with_suffix(".mo").open("wb") as target:
        write_mo(target, fresh)


if __name__ == "__main__":
    for one in LANGUAGES:
        write(one)
