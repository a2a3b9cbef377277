"""What is promised of a ticket and who takes care of it, in words to read out: before it is logged, and after."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from servicedesk.core.sla import whose
from servicedesk.core.ticket import Clock, TicketState
from servicedesk.core.vocabulary import Metric
from servicedesk.web import names, times
from servicedesk.web.reading import Reading
from servicedesk.web.speech import _
from servicedesk.web.words import PRIORITIES


@dataclass(frozen=True, slots=True)
class Promise:
    """`when` is a sentence."""

    priority: str
    holder: str
    when: str


def promise_of(ticket: TicketState, clocks: Iterable[Clock], reading: Reading) -> Promise:
    """Of a ticket of the reader's own municipality; of the clocks, those that the requester is promised."""
    mine = (clock for clock in clocks if clock.due_at and whose(clock.key) == ("", ""))
    due = {clock.metric: times.spoken(clock.due_at, reading.now) for clock in mine if clock.due_at}
    return Promise(
        priority=str(PRIORITIES[ticket.priority]),
        holder=names.team(reading.installation, ticket.holder.team),
        when=" ".join(filter(None, (_when(due), _next_update(due)))),
    )


def _next_update(due: Mapping[Metric, str]) -> str:
    return _("Next update at the latest %(when)s.", when=due[Metric.UPDATE]) if Metric.UPDATE in due else ""


def _when(due: Mapping[Metric, str]) -> str:
    response, resolution = due.get(Metric.RESPONSE, ""), due.get(Metric.RESOLUTION, "")
    if response and resolution:
        return _(
            "Answer at the latest %(response)s, solution at the latest %(resolution)s.",
            response=response,
            resolution=resolution,
        )
    if resolution:
        return _("Solution at the latest %(resolution)s.", resolution=resolution)
    if response:
        return _("Answer at the latest %(response)s.", response=response)
    return _("No time is promised.")
