"""How text becomes words to find by: the same for both databases, so that they find the same.

What is written is kept as whole words; what is sought is cut to its stem and found as the beginning of a word. So
"ansökan" finds "ansökningar", "bygglov" finds "bygglovsansökan", and the index does not change with the stemmer.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from servicedesk.store.search.stop_words import STOP_WORDS

LONGEST_WORD = 64
# Before a form without the marks over its letters: no word begins so, and no address.
BARE = ":"
WORD = re.compile(r"[^\W_]+")
# From where a word begins, and never back again: a long word without an @ costs no more than others.
E_MAIL = re.compile(r"(?<![\w.+-])[\w.+-]++@[\w-]++(?:\.[\w-]++)+")
# Without any of these in a text there is no address in it, no run of words and nothing dialled.
HOLDING = re.compile(r"@|\+[^\W_]|[^\W_][-\u2010\u2011\u2013][^\W_]|\d[ \u00a0.\-/()]{1,2}\d")
HYPHENS = frozenset("-\u2010\u2011\u2013")
BETWEEN_DIGITS = re.compile(r"[ \u00a0.\-/()]{1,2}")
LONGEST_RUN = 8
LONGEST_REMEMBERED, MOST_REMEMBERED = 500, 8_000


@dataclass(frozen=True, slots=True)
class Found:
    """A place in a text and the forms under which it can be found."""

    start: int
    end: int
    forms: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Run:
    """Words that hold together: "e-tjänst", "070-123 45 67". One word alone is a run of one."""

    words: tuple[re.Match[str], ...]

    @property
    def start(self) -> int:
        return self.words[0].start()

    @property
    def end(self) -> int:
        return self.words[-1].end()

    @property
    def joined(self) -> str:
        """Written together; a telephone number with +46 as one dials it within the country."""
        whole = "".join(plain(word.group()) for word in self.words)
        if self.is_dialled and whole.startswith("46"):
            whole = "0" + whole[2:].lstrip("0")
        return whole[:LONGEST_WORD]

    @property
    def is_dialled(self) -> bool:
        return self.words[0].string[self.start - 1 : self.start] == "+"

    @property
    def is_one_word(self) -> bool:
        return len(self.words) == 1 and not self.is_dialled

    def tails(self) -> Iterator["Run"]:
        """The run from each of its words on: a number is found though another stands before it."""
        for first in range(max(1, len(self.words) - 1)):
            yield Run(self.words[first:])


def plain(word: str) -> str:
    """As words are compared: without case, in one way of writing each letter."""
    if word.isascii():
        return word.lower()[:LONGEST_WORD]
    return unicodedata.normalize("NFKC", word).casefold()[:LONGEST_WORD]


@lru_cache(maxsize=50_000)
def forms_of(word: str) -> tuple[str, ...]:
    """As written, and for those who leave its marks out also without them, told apart by BARE."""
    without = bare(word)
    return (word,) if without == word else (word, BARE + without)


def bare(word: str) -> str:
    """Without the marks over its letters: "lulea" for "luleå"."""
    if word.isascii():
        return word
    return "".join(c for c in unicodedata.normalize("NFKD", word) if not unicodedata.combining(c))


def runs_of(text: str) -> Iterator[Run]:
    """The text's words in order, those that hold together as one: by a hyphen, or digits in groups."""
    run: list[re.Match[str]] = []
    for word in WORD.finditer(text):
        if run and len(run) < LONGEST_RUN and _holds(text[run[-1].end() : word.start()], run[-1], word):
            run.append(word)
            continue
        if run:
            yield Run(tuple(run))
        run = [word]
    if run:
        yield Run(tuple(run))


def _holds(gap: str, before: re.Match[str], word: re.Match[str]) -> bool:
    if gap in HYPHENS:
        return True
    digits = before.group().isdecimal() and word.group().isdecimal()
    return digits and BETWEEN_DIGITS.fullmatch(gap) is not None


def found_in(text: str) -> Iterator[Found]:
    """Everything that a text can be found by, and where it stands. Stop words are not there."""
    for mail in E_MAIL.finditer(text):
        yield Found(mail.start(), mail.end(), (plain(mail.group()),))
    for run in runs_of(text):
        for word in run.words:
            form = plain(word.group())
            if form not in STOP_WORDS:
                yield Found(word.start(), word.end(), forms_of(form))
        if not run.is_one_word:
            for tail in run.tails():
                yield Found(tail.start, tail.end, forms_of(tail.joined))


def words_of(text: str) -> set[str]:
    """Every form that a text can be found by. Where nothing can hold words together, each is one by itself."""
    text = unicodedata.normalize("NFC", text)
    words = set(map(plain, WORD.findall(text))) - STOP_WORDS
    if HOLDING.search(text):
        words.update(tail.joined for run in runs_of(text) if not run.is_one_word for tail in run.tails())
        return set(map(plain, E_MAIL.findall(text))).union(*map(forms_of, words))
    return set().union(*map(forms_of, words))


def words_said_again(text: str) -> Iterable[str]:
    """`words_of` for who reads a whole installation: the same subjects, names and replies come again. Short texts alone
    are remembered, so that they stay within some ten megabytes."""
    return _remembered(text) if len(text) <= LONGEST_REMEMBERED else words_of(text)


@lru_cache(maxsize=MOST_REMEMBERED)
def _remembered(text: str) -> frozenset[str]:
    return frozenset(words_of(text))


def words_of_number(number: str) -> set[str]:
    """A ticket's number whole, and its last digits with and without the zeros before: 2026-00042, 00042, 42."""
    last = re.search(r"\d+$", number)
    whole = "".join(plain(word.group()) for word in WORD.finditer(number))
    return {whole, last.group(), last.group().lstrip("0")} - {""} if last else {whole}
