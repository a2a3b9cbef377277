"""What a client can do to a ticket now, with what each step takes, and why the rest cannot be done."""

from collections.abc import Mapping
from dataclasses import dataclass

from servicedesk.actions.tokens import ACT
from servicedesk.api.language import say
from servicedesk.api.resources import RESOURCES, Resource
from servicedesk.core.errors import Refusal
from servicedesk.core.facts import Actor
from servicedesk.core.inputs import LONGEST_TEXT
from servicedesk.core.rights import Right
from servicedesk.core.vocabulary import Language, Need, ResolutionCode
from servicedesk.core.workflows.definition import Step
from servicedesk.core.workflows.engine import Option
from servicedesk.core.workflows.needs import takes
from servicedesk.store.queries.tickets import TicketView


@dataclass(frozen=True, slots=True)
class OfferedField:
    name: str
    required: bool
    choices: list[str] | None
    longest: int


@dataclass(frozen=True, slots=True)
class Reason:
    code: str
    detail: str


@dataclass(frozen=True, slots=True)
class Offer:
    """`step` and `label` are the workflow's own where it has such a step in the present state."""

    verb: str
    step: str | None
    label: Mapping[Language, str]
    href: str
    fields: list[OfferedField]
    possible: bool
    reason: Reason | None


def offers(view: TicketView, client: Actor) -> list[Offer]:
    """One a resource, possible or not."""
    return [_offer(resource, view, client) for resource in RESOURCES]


def _offer(resource: Resource, view: TicketView, client: Actor) -> Offer:
    option = next((option for option in view.options if option.step.verb is resource.verb), None)
    refusal = _refusal(resource, option, view, client)
    return Offer(
        verb=resource.called,
        step=option.step.step if option else None,
        label=option.step.labels if option else resource.label,
        href=f"/api/v1/tickets/{view.number}/{resource.name}",
        fields=_fields(resource, option.step if option else None),
        possible=refusal is None,
        reason=Reason(refusal.code, say(refusal.message, refusal.data)) if refusal else None,
    )


def _refusal(resource: Resource, option: Option | None, view: TicketView, client: Actor) -> Refusal | None:
    if ACT not in client.scopes:
        return Refusal("Your token lacks the scope %(scope)s.", code="scope_missing", scope=ACT)
    if resource.verb is None:
        may_write = Right.NOTE_TO_SUPPLIER in view.rights
        return None if may_write else _not_with_you("not_yours")
    if option is not None:
        return option.refusal
    if view.ticket.holder.organisation != view.organisation:
        return _not_with_you("wrong_state")
    return Refusal(
        "The ticket is in another state now: %(state)s. Look at it again and choose one of the steps you can take.",
        code="wrong_state",
        state=view.state.labels[client.language],
    )


def _not_with_you(code: str) -> Refusal:
    """With the code that trying it all the same would meet."""
    return Refusal("The ticket is not with you now. You can read it, but do nothing with it.", code=code)


def _fields(resource: Resource, step: Step | None) -> list[OfferedField]:
    """What the workflow's step takes; without one, what the resource takes."""
    names = [str(need) for need in takes(step)] if step else list(resource.schema().fields)
    needed = {str(need) for need in step.needs} if step else set(names)
    return [OfferedField(name, name in needed, _choices(name), LONGEST_TEXT) for name in names]


def _choices(name: str) -> list[str] | None:
    return [str(code) for code in ResolutionCode] if name == Need.RESOLUTION_CODE else None
