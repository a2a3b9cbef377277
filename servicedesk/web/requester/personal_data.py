"""How a requester's data is handled, said to themselves: the municipality answers for it, and may say it in its words.

An installation puts its own text in its folder `texts`: `personal-data.lulea.sv.md` is one municipality's, and
`personal-data.sv.md` that of all the others. What it has not written in a language is said as it is shipped.
"""

import logging
from collections.abc import Iterator
from functools import cache, lru_cache
from pathlib import Path

import nh3
from markdown_it import MarkdownIt
from markupsafe import Markup

from servicedesk.core.vocabulary import Language

log = logging.getLogger(__name__)

SHIPPED = Path(__file__).parents[1] / "texts"
FOLDER = "texts"
LARGEST = 200_000
NAME = "{municipality}"
ELEMENTS = {"h2", "h3", "p", "br", "ul", "ol", "li", "em", "strong", "blockquote", "a"}


def text_of(instance: Path, key: str, name: str, language: Language) -> Markup:
    """Of a municipality that there is, as HTML that can do nothing."""
    found = next(text for file in _files(instance, key, language) if (text := _read(file)))
    return _shown(found.replace(NAME, name))


def _files(instance: Path, key: str, language: Language) -> Iterator[Path]:
    yield instance / FOLDER / f"personal-data.{key}.{language}.md"
    yield instance / FOLDER / f"personal-data.{language}.md"
    yield SHIPPED / f"personal-data.{language}.md"


def _read(file: Path) -> str:
    """'' for one that is not there or cannot be shown: then the next one is."""
    try:
        if not file.is_file():
            return ""
        if file.stat().st_size <= LARGEST:
            return file.read_text(encoding="utf-8").strip()
        log.warning("a text is too large to be shown", extra={"told": {"file": file.name}})
    except (OSError, UnicodeDecodeError) as error:
        log.warning("a text cannot be read", extra={"told": {"file": file.name, "error": type(error).__name__}})
    return ""


@lru_cache(maxsize=100)
def _shown(text: str) -> Markup:
    html = _reader().render(text)
    return Markup(nh3.clean(html, tags=ELEMENTS, attributes={"a": {"href"}}, url_schemes={"https", "mailto", "tel"}))


@cache
def _reader() -> MarkdownIt:
    return MarkdownIt("commonmark", {"html": False})
