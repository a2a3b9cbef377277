"""Acting on a ticket for those who show at once what has become of it."""

from collections.abc import Mapping
from typing import Protocol

from servicedesk.actions.desk import Desk
from servicedesk.actions.once import Once
from servicedesk.actions.opened import Expected, Left, Open
from servicedesk.actions.steps import open_with
from servicedesk.actions.work import Work, unit_of_work
from servicedesk.core.facts import Actor

Given = Mapping[str, str]


class Do(Protocol):
    """Carries out what was given on a ticket in hand."""

    def __call__(self, work: Work, held: Open, given: Given, *, actor: Actor) -> None: ...


def act_on(
    desk: Desk,
    number: str,
    do: Do,
    given: Given,
    *,
    actor: Actor,
    expected: Expected | None = None,
    once: Once | None = None,
) -> Left:
    """Carry it out; the ticket as that has left it, which need not be read again. Errors as of `unit_of_work`,
    `open_ticket` and what is done."""
    with unit_of_work(desk, once) as work:
        held = open_with(work, number, given, actor=actor, expected=expected)
        do(work, held, given, actor=actor)
        return work.left(held)
