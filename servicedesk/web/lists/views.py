"""Saved lists, as they stand above the queue and on the page where one sees to them."""

from dataclasses import dataclass
from urllib.parse import parse_qsl, urlencode

from servicedesk.core.facts import Actor
from servicedesk.store.queries.views import ORGANISATION, TEAM, View, views_of
from servicedesk.web import identity, names
from servicedesk.web.forms.fields import Choice
from servicedesk.web.reading import Reading
from servicedesk.web.speech import _


@dataclass(frozen=True, slots=True)
class Shown:
    """`asked`: the arguments of the queue's address. `whose`: with whom it is shared, '' for nobody."""

    id: int
    name: str
    asked: dict[str, str]
    whose: str
    is_own: bool
    is_start: bool
    is_current: bool


def shown_views(asked: dict[str, str], reading: Reading) -> list[Shown]:
    """`asked`: what the list that is shown now asks for."""
    here = as_text(asked)
    return [_shown(view, here, reading) for view in views_of(reading.connection, identity.viewer())]


def _shown(view: View, here: str, reading: Reading) -> Shown:
    name = {TEAM: names.team, ORGANISATION: names.organisation}.get(view.audience)
    whose = name(reading.installation, view.shared_with) if name else ""
    asked = dict(parse_qsl(view.asked))
    return Shown(view.id, view.name, asked, whose, view.is_own, view.is_start, view.asked == here)


def as_text(asked: dict[str, str]) -> str:
    """Always the same for the same list."""
    return urlencode(sorted((name, value) for name, value in asked.items() if value))


def sharing(viewer: Actor, reading: Reading) -> list[Choice]:
    """With whom this person can share a list."""
    teams = sorted({seat.team for seat in viewer.seats})
    return [
        Choice("", _("Only me")),
        *(Choice(f"{TEAM}/{key}", names.team(reading.installation, key)) for key in teams),
        *(
            Choice(f"{ORGANISATION}/{key}", names.organisation(reading.installation, key))
            for key in sorted(viewer.organisations)
        ),
    ]
