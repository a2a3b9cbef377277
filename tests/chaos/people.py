"""What people do meanwhile: by chance, and by the rules."""

import random
from collections.abc import Sequence, Set
from datetime import timedelta

from servicedesk.actions.desk import Desk
from servicedesk.actions.steps import options_of, perform
from servicedesk.actions.work import unit_of_work
from servicedesk.core.codec import stamp
from servicedesk.core.facts import OPERATOR, Actor
from servicedesk.core.ticket import TicketState
from servicedesk.core.vocabulary import Need, Verb

WORDS = {
    Need.REASON: "därför",
    Need.TRIED: "provat",
    Need.QUESTION: "när?",
    Need.ANSWER: "nu",
    Need.SOLUTION: "löst",
    Need.SUPPLIER_DESCRIPTION: "fel",
    Need.RESOLUTION_CODE: "solved",
    Need.CANCEL_REASON: "mistaken",
}


def somebody_acts(
    desk: Desk, number: str, people: Sequence[Actor], chance: random.Random, but: Set[Verb] = frozenset()
) -> TicketState | None:
    """A step that one of them may take, of no kind in `but`; None when there is none. DeskError when somebody else came
    before."""
    with unit_of_work(desk) as work:
        held = work.open_ticket(number, actor=OPERATOR)
        possible = [
            (a, o.step)
            for a in people
            for o in options_of(work, held, a)
            if o.refusal is None and o.step.verb not in but
        ]
        until = stamp(held.now + timedelta(days=1))
        beside = work.book.parties.beside(held.ticket.holder)
    if not possible:
        return None
    actor, step = chance.choice(possible)
    given = {str(need): WORDS[need] for need in step.needs if need in WORDS}
    given |= {str(Need.UNTIL): until} if Need.UNTIL in step.needs else {}
    given |= {str(Need.TEAM): beside[0].key} if Need.TEAM in step.needs else {}
    return perform(desk, number, step.step, actor=actor, given=given)
