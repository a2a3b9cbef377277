"""Known errors and answers that may be what a caller speaks of. Asked in memory: of the rule book, not the database."""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from math import log

from servicedesk.core.facts import Known
from servicedesk.store.rulebook import RuleBook
from servicedesk.store.search.analysis import words_of
from servicedesk.store.search.asked import Ways

TITLE, SYMPTOM = 3, 2
SHOWN = 3
# Two words in common; or one where the caller has said no more, or that tells one of them from all others.
ENOUGH = 2


@dataclass(frozen=True, slots=True)
class _Index:
    """Every word, in order, and where it stands: key -> how much it weighs there."""

    words: list[str]
    places: Mapping[str, Mapping[str, int]]


def known_matches(book: RuleBook, municipality: str, wanted: tuple[Ways, ...]) -> list[Known]:
    """The likeliest first, at most SHOWN. `wanted`: the words that were said, as search reads them."""
    known = book.installation.known
    index = _index_of(tuple(known.values()))
    found: dict[str, float] = defaultdict(float)
    shared: dict[str, int] = defaultdict(int)
    for ways in wanted:
        places = _places(index, ways)
        for key, weight in places.items():
            found[key] += weight * log(1 + len(known) / len(places))
            shared[key] += ENOUGH if len(places) == 1 and weight == TITLE else 1
    enough = min(ENOUGH, len(wanted))
    likely = [key for key in found if shared[key] >= enough and _is_for(known[key], municipality)]
    return [known[key] for key in sorted(likely, key=lambda key: (-found[key], key))[:SHOWN]]


def known_for(book: RuleBook, municipality: str, key: str) -> Known | None:
    """The one of this key, if it is for this municipality."""
    found = book.installation.known.get(key)
    return found if found and _is_for(found, municipality) else None


def _is_for(known: Known, municipality: str) -> bool:
    return not known.withdrawn and known.municipality in ("", municipality)


def _places(index: _Index, ways: Ways) -> dict[str, int]:
    """Where any of the ways stands whole, with the most that a word of it weighs there."""
    found: dict[str, int] = {}
    for way in ways:
        each = [_of_words(index, term.words, term.is_beginning) for term in way]
        for key in set.intersection(*map(set, each)) if each else ():
            found[key] = max(found.get(key, 0), *(places[key] for places in each))
    return found


def _of_words(index: _Index, words: Iterable[str], is_beginning: bool) -> dict[str, int]:
    found: dict[str, int] = {}
    for word in words:
        for form in _forms(index, word) if is_beginning else [word]:
            for key, weight in index.places.get(form, {}).items():
                found[key] = max(found.get(key, 0), weight)
    return found


def _forms(index: _Index, beginning: str) -> Iterable[str]:
    at = bisect_left(index.words, beginning)
    while at < len(index.words) and index.words[at].startswith(beginning):
        yield index.words[at]
        at += 1


@lru_cache(maxsize=2)
def _index_of(known: tuple[Known, ...]) -> _Index:
    places: dict[str, dict[str, int]] = defaultdict(dict)
    for each in known:
        weights = dict.fromkeys((word for text in each.symptoms for word in words_of(text)), SYMPTOM)
        weights |= dict.fromkeys(words_of(each.title), TITLE)
        for word, weight in weights.items():
            places[word][each.key] = weight
    return _Index(sorted(places), places)
