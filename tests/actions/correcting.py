"""Correcting in tests: what is told afterwards, by whom, and what has come of it."""

from collections.abc import Callable
from datetime import datetime

import pytest

from servicedesk.actions import corrections
from servicedesk.actions.desk import Desk
from servicedesk.core.errors import DeskError
from servicedesk.core.figures import Effect, effects
from servicedesk.core.ticket import TicketState
from servicedesk.core.vocabulary import Level
from tests.actions.life import journal, proved, state
from tests.support.desk import persona

HIGH, MEDIUM, LOW = Level.HIGH, Level.MEDIUM, Level.LOW
WHY = "Det blev fel i stressen."


def correct_priority(
    desk: Desk, number: str, event: int, impact: Level, urgency: Level, at: datetime | None = None
) -> TicketState:
    who = "second_line_lulea"
    return corrections.correct_priority(desk, number, event, impact, urgency, WHY, at, actor=persona(desk, who))


def correct_moment(desk: Desk, number: str, event: int, moment: datetime, who: str = "second_line_lulea") -> None:
    corrections.correct_moment(desk, number, event, moment, WHY, actor=persona(desk, who))


def tell_wait(desk: Desk, number: str, step: str, start: datetime, end: datetime | None) -> TicketState:
    who = "second_line_lulea"
    return corrections.tell_wait(desk, number, step, start, WHY, end, actor=persona(desk, who))


def seq_of(desk: Desk, number: str, kind: str) -> int:
    return next(event.seq for event in journal(desk, number) if event.kind == kind)


def effect_of(desk: Desk, number: str) -> Effect:
    with desk.reading() as connection:
        found = effects(journal(desk, number), desk.book(connection))
    return found[max(found)]


def refusal(desk: Desk, deed: Callable[[], object]) -> DeskError:
    with pytest.raises(DeskError) as error:
        deed()
    proved(desk)
    return error.value


def clocks(desk: Desk, number: str) -> dict[str, tuple[int, int, object, object]]:
    found = state(desk, number).clocks
    return {key: (c.spent, c.target, c.due_at, c.broken_at) for key, c in found.items()}
