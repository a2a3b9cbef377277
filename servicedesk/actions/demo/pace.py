"""When a sample ticket's next step comes: people work while they are open, faster where it hurries."""

from datetime import datetime, timedelta

from servicedesk.actions.demo.cast import Cast
from servicedesk.actions.opened import Open
from servicedesk.actions.work import Work
from servicedesk.core.vocabulary import Category, Tier, WaitsOn

# Hours of the holder's time between two steps, by priority.
MEAN_HOURS = {1: 0.12, 2: 0.3, 3: 0.9, 4: 3.0}
SLOWER_TIER = {Tier.SUPPLIER: 2.5, Tier.JOINT: 1.2}
# What has just come in is taken sooner than it is solved.
TO_TAKE = 0.4
SLOW_REQUESTER = 3.0
SILENT, SILENCE = 0.1, timedelta(days=16)
UNCONFIRMED = 0.45
COMES_BACK = 0.03


def next_moment(cast: Cast, work: Work, held: Open) -> datetime | None:
    """None when it is left to rest: closed for good, or solved and nobody says so."""
    ticket, chance = held.ticket, cast.chance
    if ticket.category is Category.CLOSED:
        comes_back = chance.random() < COMES_BACK and not ticket.merged_into and not ticket.reopenings
        return held.now + timedelta(days=chance.randrange(1, 6)) if comes_back else None
    if ticket.category is Category.RESOLVED and chance.random() < UNCONFIRMED:
        return None
    state = work.book.definition(ticket.workflow_version).states[ticket.state]
    asks_outside = state.waits_on is WaitsOn.REQUESTER
    if asks_outside and chance.random() < SILENT:
        return held.now + SILENCE
    mean = MEAN_HOURS[ticket.priority] * cast.stories[ticket.number].pace * 3600
    mean *= SLOW_REQUESTER if asks_outside else SLOWER_TIER.get(ticket.holder.tier, 1.0)
    mean *= 1.0 if ticket.accepted and ticket.assignee else TO_TAKE
    calendar = work.book.calendar(ticket.holder.calendar)
    return calendar.deadline(max(held.now, ticket.resume_at or held.now), int(chance.expovariate(1 / mean)) + 60)
