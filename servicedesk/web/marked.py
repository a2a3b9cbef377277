"""What people write with Markdown, as HTML that can do nothing: paragraphs, lists, emphasis, code, quotes and links.

What is written is kept as it was written; this is how it is shown. It goes through two libraries that know nothing of
each other: one that lets no HTML in, and one that lets nothing out but the elements named here. No picture, style or
script is among them, and no address that a link may not lead to.
"""

import re
from collections.abc import Iterable, Iterator
from functools import cache, lru_cache

import nh3
from flask import url_for
from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore
from markdown_it.token import Token
from markupsafe import Markup

from servicedesk.web.marked_cut import cut_at

# Of what holds none of these the library would make the paragraph that it is.
SIGN = re.compile(r"[*_`>\[\\]|^\s*(?:[-+]|\d{1,9}[.)])\s|~~~|https?://|\d{4}-\d{5}", re.MULTILINE)
NUMBER = re.compile(r"(?<![\w-])\d{4}-\d{5,9}(?![\w-])")
KNOWN = re.compile(rf"(?P<number>{NUMBER.pattern})|(?P<address>https?://[^\s<>\"'`]+)")
LEADS = re.compile(r"(?:https?://[^/\\]|mailto:[^/\\]|tel:[\d+])", re.IGNORECASE)
OWN = re.compile(r"(?:/[\w.~-]+)*/tickets/\d{4}-\d{5,9}")
ENDS_SENTENCE = ".,:;!?…»”)]"

RULES = ("blockquote", "fence", "list", "autolink", "backticks", "emphasis", "escape", "link", "newline")
ELEMENTS = {"p", "br", "ul", "ol", "li", "em", "strong", "code", "pre", "blockquote", "a"}
ATTRIBUTES = {"a": {"href"}, "ol": {"start"}}
ADDRESSES = {"http", "https", "mailto", "tel"}
REL = "noopener nofollow"
MOST_NESTED = 12


def marked(text: str, numbers: Iterable[str] = (), until: int = 0) -> tuple[Markup, Markup] | None:
    """(its beginning, what follows): all of it is the beginning, unless there is an `until` and it goes on far beyond
    so many characters. Then it is cut before them, or where its first block ends. None for a text that can be shown as
    it is.

    `numbers`: tickets that the reader may open.
    """
    if not SIGN.search(text):
        return None
    linked = tuple((number, url_for("web.show_ticket", number=number)) for number in sorted(numbers) if number in text)
    return _marked(text, linked, until)


def numbers_in(text: str) -> set[str]:
    """What reads like the number of a ticket."""
    return set(NUMBER.findall(text))


@lru_cache(maxsize=1_000)
def _marked(text: str, linked: tuple[tuple[str, str], ...], until: int) -> tuple[Markup, Markup]:
    tokens = _reader().parse(text, {"linked": dict(linked)})
    beginning, rest = cut_at(tokens, text, until) if until else (tokens, [])
    return _shown(beginning), _shown(rest)


def _shown(tokens: list[Token]) -> Markup:
    reader = _reader()
    html = reader.renderer.render(tokens, reader.options, {})
    clean = nh3.clean(
        html,
        tags=ELEMENTS,
        attributes=ATTRIBUTES,
        attribute_filter=_harmless,
        url_schemes=ADDRESSES,
        link_rel=REL,
    )
    return Markup(clean.strip())


def _harmless(element: str, attribute: str, value: str) -> str | None:
    if attribute == "href":
        return value if LEADS.match(value) or OWN.fullmatch(value) else None
    return value if attribute == "rel" or value.isdecimal() else None


@cache
def _reader() -> MarkdownIt:
    reader = MarkdownIt("zero", {"html": False, "breaks": True, "maxNesting": MOST_NESTED}).enable(list(RULES))
    reader.validateLink = lambda url: LEADS.match(url) is not None  # type: ignore[method-assign]
    reader.core.ruler.after("text_join", "known", _link_known)
    return reader


def _link_known(state: StateCore) -> None:
    """Addresses and numbers of tickets that stand in the text become links, unless they are in one, or are code."""
    linked: dict[str, str] = state.env.get("linked", {})
    for block in state.tokens:
        if block.type == "inline" and block.children:
            block.children = list(_with_links(block.children, linked))


def _with_links(children: list[Token], linked: dict[str, str]) -> Iterator[Token]:
    within = 0
    for token in children:
        within += token.nesting if token.type in ("link_open", "link_close") else 0
        if token.type == "text" and not within:
            yield from _parted(token.content, linked)
        else:
            yield token


def _parted(text: str, linked: dict[str, str]) -> Iterator[Token]:
    after = 0
    for found in KNOWN.finditer(text):
        words, address = _address(found, linked)
        if not address:
            continue
        yield _text(text[after : found.start()])
        yield Token("link_open", "a", 1, attrs={"href": address})
        yield _text(words)
        yield Token("link_close", "a", -1)
        after = found.start() + len(words)
    yield _text(text[after:])


def _address(found: re.Match[str], linked: dict[str, str]) -> tuple[str, str]:
    """(its words, where they lead to); '' for what leads nowhere."""
    words = found[0]
    if found["number"]:
        return words, linked.get(words, "")
    while words and words[-1] in ENDS_SENTENCE and not (words[-1] == ")" and words.count("(") >= words.count(")")):
        words = words[:-1]
    return words, words if LEADS.match(words) else ""


def _text(words: str) -> Token:
    return Token("text", "", 0, content=words)
