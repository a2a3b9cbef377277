"""Who holds the ticket after a step: the one place that turns a step's effect into a holder."""

from collections.abc import Collection

from servicedesk.core.facts import Installation, Team
from servicedesk.core.routing import route
from servicedesk.core.ticket import Holder, TicketState
from servicedesk.core.vocabulary import Tier
from servicedesk.core.workflows.effects import Effect


def holder_of(team: Team) -> Holder:
    return Holder(team=team.key, tier=team.tier, organisation=team.organisation, calendar=team.calendar)


def routed(installation: Installation, ticket: TicketState, tier: Tier, municipality: str = "") -> tuple[Holder, str]:
    """The team that routing gives at a tier, and the key of the rule that matched. Refusal `no_route`."""
    team, rule = route(
        installation,
        tier=tier,
        municipality=municipality or ticket.municipality,
        service=ticket.service,
        e_service=ticket.e_service,
        workflow=ticket.workflow,
        fault=ticket.fault,
    )
    return holder_of(team), rule.key


def last_at(ticket: TicketState, tier: Tier) -> Holder | None:
    """The team that last had the ticket at a tier, while it belonged to the municipality it belongs to now."""
    municipal = tier in (Tier.FIRST_LINE, Tier.SECOND_LINE)
    for stretch in reversed(ticket.custody):
        holder = stretch.holder
        if holder.tier is tier and (not municipal or holder.organisation == ticket.municipality):
            return holder
    return None


def next_holder(
    installation: Installation, ticket: TicketState, effects: Collection[Effect], tier: Tier, team: str
) -> tuple[Holder | None, str]:
    """(holder, rule) after a step with these effects into a state of `tier`; (None, '') when custody stays.

    `team` is the one a person chose for a sideways hand-over, found to be beside the holder by core.workflows.needs.
    """
    if Effect.PASS_TO_TEAM in effects:
        return holder_of(installation.teams[team]), ""
    if Effect.PASS_BACK in effects and ticket.handed_over_by:
        return ticket.handed_over_by[-1], ""
    if Effect.PASS_BACK in effects or Effect.PASS_TO_TIER in effects:
        # Down, and back (a rejected solution), the ticket goes to those who know it; upwards routing decides anew.
        known = last_at(ticket, tier) if _is_known_there(ticket, effects, tier) else None
        if known is not None and known.team in installation.teams:
            return holder_of(installation.teams[known.team]), ""
        return routed(installation, ticket, tier)
    return None, ""


def _is_known_there(ticket: TicketState, effects: Collection[Effect], tier: Tier) -> bool:
    return tier.level <= ticket.holder.tier.level or Effect.COUNT_RETURN in effects
