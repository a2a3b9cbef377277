"""Follow-up on one page: promises kept, where time went, what is open and how old, what came and went."""

from dataclasses import dataclass

from servicedesk.core.follow_up import Reach
from servicedesk.store.queries.follow_up.unsolved import Age
from servicedesk.web import times
from servicedesk.web.follow_up import words
from servicedesk.web.follow_up.asking import Asking
from servicedesk.web.follow_up.figure import Figured
from servicedesk.web.follow_up.flow import Flow, flow
from servicedesk.web.follow_up.held import Held, held
from servicedesk.web.follow_up.open import Open, unsolved
from servicedesk.web.follow_up.promises import Promises, promises
from servicedesk.web.reading import Reading
from servicedesk.web.speech import _


@dataclass(frozen=True, slots=True)
class Head:
    """What one came for: a figure, and beside it those it rests on, each with its words."""

    label: str
    figure: Figured
    beside: list[tuple[Figured, str]]


@dataclass(frozen=True, slots=True)
class ManagementPage:
    """`moment` says when it is that the open tickets are open; `flow` is None to a supplier."""

    days: str
    moment: str
    heads: list[Head]
    promises: Promises
    held: Held
    open: Open
    flow: Flow | None
    sees_the_rest: bool


def management_page(asking: Asking, reading: Reading) -> ManagementPage:
    assert asking.asked is not None
    kept, still_open = promises(asking, reading), unsolved(asking, reading)
    return ManagementPage(
        days=words.days(asking.asked.period),
        moment=moment(asking, reading),
        heads=_heads(kept, still_open),
        promises=kept,
        held=held(asking, reading),
        open=still_open,
        flow=flow(asking, reading) if asking.reach is not Reach.CONTRACT else None,
        sees_the_rest=asking.reach is Reach.ALL,
    )


def moment(asking: Asking, reading: Reading) -> str:
    assert asking.asked is not None
    if asking.asked.period.end > reading.now:
        return _("now, %(moment)s", moment=times.long(reading.now))
    return _("when the period ended, at midnight after %(day)s", day=asking.asked.period.last)


def _heads(kept: Promises, still_open: Open) -> list[Head]:
    whole = still_open.whole
    found = [
        Head(line.label, line.share, [(line.kept, _("of")), (line.decided, _("kept promises"))]) for line in kept.heads
    ]
    late = _("overdue,") if whole.overdue.n != 1 else _("one overdue,")
    beside = [(whole.overdue, late), (whole.ages[-1], str(words.AGES[Age.FROM_30]))]
    return [*found, Head(_("Open tickets"), whole.total, beside)]
