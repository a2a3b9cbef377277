"""Where a long text with Markdown is cut in two: between two blocks, or between two words of the first paragraph."""

import re
from collections.abc import Iterator
from copy import copy

from markdown_it.token import Token

# What the reader of Markdown takes for the end of a line.
LINE_ENDS = re.compile(r"\r\n?|\n")
BREAKS = ("softbreak", "hardbreak")
Tokens = list[Token]


def cut_at(tokens: Tokens, text: str, until: int) -> tuple[Tokens, Tokens]:
    """(what is shown, what follows). A block that is no paragraph, and one without a place to cut, stays whole."""
    blocks = [(n, token.map[0]) for n, token in enumerate(tokens) if token.level == 0 and token.map]
    places = list(_beginnings(text))
    cut = max((n for n, line in blocks if n and places[line] <= until), default=0)
    if cut:
        return tokens[:cut], tokens[cut:]
    if tokens and tokens[0].type == "paragraph_open":
        before, after = _cut_words(tokens[1].children or [], until)
        if before and after:
            rest = [tokens[0], _inline(tokens[1], after), *tokens[2:]]
            return [tokens[0], _inline(tokens[1], before), tokens[2]], rest
    second = next((n for n, _line in blocks if n), len(tokens))
    return tokens[:second], tokens[second:]


def _cut_words(children: Tokens, until: int) -> tuple[Tokens, Tokens]:
    """At the last break or space before `until` that stands in no link, emphasis or code; all of it is the beginning if
    there is none."""
    place = depth = 0
    found: tuple[Tokens, Tokens] = (children, [])
    for n, token in enumerate(children):
        if place > until:
            break
        depth += token.nesting
        if depth == 0 and token.type in BREAKS:
            found = children[:n], children[n + 1 :]
        elif depth == 0 and token.type == "text":
            space = token.content.rfind(" ", 0, until - place)
            if space > 0:
                words = _text(token, token.content[:space]), _text(token, token.content[space + 1 :])
                found = [*children[:n], words[0]], [words[1], *children[n + 1 :]]
        place += max(len(token.content), 1) if token.nesting == 0 else 0
    return found


def _text(token: Token, words: str) -> Token:
    made = copy(token)
    made.content = words
    return made


def _inline(token: Token, children: Tokens) -> Token:
    made = copy(token)
    made.children = children
    return made


def _beginnings(text: str) -> Iterator[int]:
    place = 0
    for line in LINE_ENDS.split(text):
        yield place
        place += len(line) + 1
