"""What somebody asks for: words that must all be found, each in one of its forms."""

import unicodedata
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

import snowballstemmer

from servicedesk.core.errors import Invalid, Sentence
from servicedesk.core.inputs import clean_line
from servicedesk.store.search.analysis import BARE, E_MAIL, Run, bare, plain, runs_of
from servicedesk.store.search.stop_words import STOP_WORDS

LONGEST = 200
MOST_WORDS = 12
# A shorter word begins too many others; a shorter stem too.
SHORTEST_BEGINNING = 3
SHORTEST_STEMMED = 5
# Endings that the stemmer leaves: "faktura-n", "ansöka-n", "konto-t", "kvitto-n"; and "ansök-ning-ar" is of "ansökan".
DEFINITE = ("an", "on", "ot")
NOUN = "ning"


@dataclass(frozen=True, slots=True)
class Term:
    """A word of the index, or the beginning of one. `without_marks`: the form of a word with marks that would do as
    well, '' when none would."""

    word: str
    is_beginning: bool
    without_marks: str = ""

    @property
    def words(self) -> tuple[str, ...]:
        return (self.word, self.without_marks) if self.without_marks else (self.word,)

    def matches(self, form: str) -> bool:
        return form.startswith(self.words) if self.is_beginning else form in self.words


# Any of these ways; in each, all of its terms.
Ways = tuple[tuple[Term, ...], ...]


@dataclass(frozen=True, slots=True)
class Asked:
    """`wanted` must all be found. `ignored`: words that stood there and are too common to find anything by."""

    text: str
    wanted: tuple[Ways, ...]
    ignored: tuple[str, ...]

    @property
    def terms(self) -> frozenset[Term]:
        return frozenset(term for ways in self.wanted for way in ways for term in way)


def read_asked(text: str) -> Asked:
    """Reads what was typed, cleaned as texts are; signs that are no letters or digits only part words. Invalid when it
    is too much."""
    text = unicodedata.normalize("NFC", clean_line(text))
    if len(text) > LONGEST:
        raise Invalid({"q": [Sentence("Search for at most %(longest)s characters at a time.", longest=LONGEST)]})
    wanted: list[Ways] = []
    ignored: list[str] = []
    for mail in E_MAIL.finditer(text):
        wanted.append(((Term(plain(mail.group()), is_beginning=True),),))
    for run in runs_of(E_MAIL.sub(" ", text)):
        words = [plain(word.group()) for word in run.words]
        meant = [word for word in words if word not in STOP_WORDS]
        if meant:
            wanted.append(_run(run, meant))
        else:
            ignored += words
    if len(wanted) > MOST_WORDS:
        raise Invalid({"q": [Sentence("Search for at most %(most)s words at a time.", most=MOST_WORDS)]})
    return Asked(text, tuple(dict.fromkeys(wanted)), tuple(dict.fromkeys(ignored)))


def _run(run: Run, words: list[str]) -> Ways:
    """Written together, or its parts each somewhere: "e-tjänst" finds "etjänst" too."""
    parts = tuple(_term(word) for word in words)
    return (parts,) if run.is_one_word else ((_term(run.joined),), parts)


def _term(word: str) -> Term:
    """Whoever leaves marks out is taken at their word: "spara" by its stem would find "spärrat"."""
    cut = stem(word)
    has_none = bare(word) == word and not word.isdecimal()
    return Term(cut, len(cut) >= SHORTEST_BEGINNING, BARE + word if has_none else "")


@lru_cache(maxsize=5_000)
def stem(word: str) -> str:
    """What a word's forms begin with. Short words and numbers are left whole."""
    if len(word) < SHORTEST_STEMMED or not word.isalpha():
        return word
    whole = word[:-1] if len(word) > SHORTEST_STEMMED and word.endswith(DEFINITE) else word
    cut = str(_stemmer().stemWord(whole))
    if cut.endswith(NOUN) and len(cut) >= len(NOUN) + SHORTEST_STEMMED:
        cut = cut.removesuffix(NOUN)
    return cut if len(cut) >= SHORTEST_BEGINNING and word.startswith(cut) else word


@cache
def _stemmer() -> Any:
    return snowballstemmer.stemmer("swedish")
