"""What of an installation has a page of its own: what counts for everybody, and the processes, found by their words."""

from collections.abc import Iterator
from dataclasses import dataclass

from flask import url_for

from servicedesk.web import language
from servicedesk.web.administration.rules import rules_page
from servicedesk.web.administration.seeing import Sight
from servicedesk.web.reading import Reading
from servicedesk.web.speech import _


@dataclass(frozen=True, slots=True)
class Place:
    name: str
    address: str
    about: str


def places(words: str, reading: Reading, sight: Sight) -> list[Place]:
    """Those that say all the words. A supplier is shown none of them."""
    wanted = words.casefold().split()
    if sight.is_supplier or not wanted:
        return []
    return [place for place, said in _all(reading) if all(word in said.casefold() for word in wanted)]


def _all(reading: Reading) -> Iterator[tuple[Place, str]]:
    page = rules_page(reading)
    about = _("How a priority is set, and who is told when a promise runs out.")
    rows = [text for impact, priorities in page.matrix for text in (impact, *priorities)]
    told = [f"{share} {who}" for share, who in page.ladder]
    rules = Place(_("Priority and warnings"), url_for("web.rules"), about)
    yield rules, " ".join([rules.name, about, page.zone, *page.urgencies, *rows, *told])
    spoken = language.current()
    for each in reading.book.workflows():
        states = [state.labels[spoken] for state in each.states.values()]
        steps = [step.labels[spoken] for step in each.steps()]
        place = Place(each.labels[spoken], url_for("web.show_workflow", key=each.key), _("Processes"))
        yield place, " ".join([place.name, place.about, each.key, *states, *steps])
