"""Many real tickets whose promises run out when one wants them to, logged in bulk by the action that logs any."""

from collections.abc import Callable, Collection, Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import cycle, islice

from servicedesk import paths
from servicedesk.actions.desk import Desk
from servicedesk.actions.installation import load_installation
from servicedesk.actions.log import NewTicket, log
from servicedesk.actions.work import unit_of_work
from servicedesk.core.facts import OPERATOR, Agreement
from servicedesk.core.installations.file import read_installation
from servicedesk.core.vocabulary import Channel, Metric
from servicedesk.core.workflows.file import parse_workflow
from servicedesk.store.schema import upgrade

A_UNIT = 250
ALL_OF_THEM = (Metric.RESPONSE, Metric.RESOLUTION, Metric.HOLDING)


def promise_round_the_clock(desk: Desk, promised: timedelta, metrics: Collection[Metric] = ALL_OF_THEM) -> None:
    """The sample on an empty database, with promises of these kinds alone, all this long by day and night."""
    upgrade(desk.engine)
    files = sorted(paths.workflows().glob("*.toml"))
    definitions = [parse_workflow(file.read_text(encoding="utf-8"), file.name) for file in files]
    installation = read_installation(paths.samples() / "norrbotten", [definition.key for definition in definitions])
    promises = {key: _as_long(each, promised, metrics) for key, each in installation.agreements.items()}
    kept = {key: each for key, each in promises.items() if each.targets}
    load_installation(desk, replace(installation, agreements=kept), definitions)


def _as_long(agreement: Agreement, promised: timedelta, metrics: Collection[Metric]) -> Agreement:
    seconds = int(promised.total_seconds())
    alike = [
        replace(target, seconds=seconds, calendar="always", priorities=(1, 2, 3, 4))
        for target in agreement.targets
        if target.metric in metrics
    ]
    return replace(agreement, targets=tuple(dict.fromkeys(alike)))


def log_many(desk: Desk, opened: Iterable[datetime], tick: Callable[[int], object] = lambda logged: None) -> None:
    """A ticket opened at each of these moments, in turn from each municipality. `tick` hears of each unit."""
    with desk.reading() as connection:
        places = desk.book(connection).installation.organisations.values()
    homes = cycle(sorted(place.key for place in places if place.kind == "municipality"))
    moments = iter(opened)
    while unit := list(islice(moments, A_UNIT)):
        with unit_of_work(desk) as work:
            for at in unit:
                new = NewTicket(next(homes), "e-tjansteplattform", "Kan inte logga in", channel=Channel.WEB)
                log(work, new, actor=OPERATOR, at=at)
        tick(len(unit))
