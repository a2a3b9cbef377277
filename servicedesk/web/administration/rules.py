"""What counts for everybody: how impact and urgency make a priority, who is told when a promise runs out, the zone."""

from dataclasses import dataclass

from servicedesk.core.administering import NOT_HERE
from servicedesk.core.errors import NotFound
from servicedesk.core.vocabulary import Level, Role
from servicedesk.web import names
from servicedesk.web.administration.changes import Changed, changes_shown
from servicedesk.web.administration.seeing import sight
from servicedesk.web.administration.words import ROLES
from servicedesk.web.reading import Reading
from servicedesk.web.speech import Words, _, _l
from servicedesk.web.words import IMPACTS, PRIORITIES, URGENCIES

TOLD: dict[str, Words] = {"holder": _l("whoever has the ticket"), "team_lead": _l("the team's lead")}


@dataclass(frozen=True, slots=True)
class RulesPage:
    """`matrix`: for each impact its words and a priority for each urgency. `ladder`: share of the time, who is told."""

    urgencies: list[str]
    matrix: list[tuple[str, list[str]]]
    ladder: list[tuple[int, str]]
    zone: str
    changes: list[Changed]


def rules_page(reading: Reading) -> RulesPage:
    """To a supplier there is none: it would tell how the chain before it works."""
    seen, installation = sight(reading), reading.installation
    if seen.is_supplier:
        raise NotFound(NOT_HERE)
    priorities = installation.priorities
    matrix = [
        (str(IMPACTS[impact]), [str(PRIORITIES[priorities[impact, urgency]]) for urgency in Level])
        for impact in Level
        if all((impact, urgency) in priorities for urgency in Level)
    ]
    ladder = [(rung.share, names.listed([_told(each) for each in rung.tell])) for rung in installation.ladder]
    changes = [each for kind in ("priority", "ladder") for each in changes_shown(kind, "", reading, seen)]
    return RulesPage([str(URGENCIES[urgency]) for urgency in Level], matrix, ladder, installation.zone, changes)


def _told(role: str) -> str:
    if role in TOLD:
        return str(TOLD[role])
    if role not in list(Role) or Role(role) not in ROLES:
        return _("somebody")
    words = str(ROLES[Role(role)])
    return words[:1].lower() + words[1:]
