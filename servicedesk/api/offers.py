"""What a client can do to a ticket now, with what each step takes, and why the rest cannot be done."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from servicedesk.actions.tokens import ACT
from servicedesk.api.acts import ACTS, NOTES, Act, audiences_of
from servicedesk.api.language import say
from servicedesk.api.uploads import LONGEST_NAME
from servicedesk.core.attachments import LARGEST
from servicedesk.core.errors import Refusal
from servicedesk.core.facts import Actor
from servicedesk.core.inputs import LONGEST_CASE, LONGEST_TEXT
from servicedesk.core.rights import SENTENCES, Right
from servicedesk.core.vocabulary import Audience, CancelReason, Language, Need, ResolutionCode
from servicedesk.core.workflows.definition import Step
from servicedesk.core.workflows.engine import Option
from servicedesk.core.workflows.needs import takes
from servicedesk.core.workflows.who import could_perform, may_perform
from servicedesk.store.queries.tickets import TicketView
from servicedesk.store.rulebook import RuleBook

ATTACH = {Language.SWEDISH: "Bifoga en fil", Language.ENGLISH: "Attach a file"}
NAME = {Language.SWEDISH: "Ange er egen referens", Language.ENGLISH: "Give your own reference"}


@dataclass(frozen=True, slots=True)
class OfferedField:
    """`format`: text, choice (one of `choices`), moment (RFC 3339), ticket (a number) or file (the body itself)."""

    name: str
    required: bool
    format: str = "text"
    choices: list[str] | None = None
    longest: int = LONGEST_TEXT


@dataclass(frozen=True, slots=True)
class Reason:
    code: str
    detail: str


@dataclass(frozen=True, slots=True)
class Offer:
    """`name`: of the resource. `step` and `label` are the workflow's own where it has such a step in the present state.
    `refusal` is None for what can be done."""

    name: str
    verb: str
    number: str
    label: Mapping[Language, str]
    step: str | None = None
    fields: list[OfferedField] = field(default_factory=list)
    refusal: Refusal | None = None
    method: str = "POST"

    @property
    def possible(self) -> bool:
        return self.refusal is None

    @property
    def reason(self) -> Reason | None:
        refusal = self.refusal
        return Reason(refusal.code, say(refusal.message, refusal.data)) if refusal else None


def offers(view: TicketView, book: RuleBook, client: Actor) -> list[Offer]:
    """What this client can do to a ticket of this process, now or in another state; the rest is never its to do."""
    offered = [offer for act in ACTS for offer in _offers(act, view, book, client)]
    return [*offered, *_attaching(view, client), _naming(view, client)]


def _offers(act: Act, view: TicketView, book: RuleBook, client: Actor) -> Iterator[Offer]:
    if act.verb is None:
        rights = act.rights or {}
        if audiences := audiences_of(rights, client):
            fields = [OfferedField("body", required=True), *_audience(audiences)]
            refusal = _scope(client) or _writing_refusal(rights, view, client)
            yield Offer(act.name, act.called, view.number, act.label, fields=fields, refusal=refusal)
        return
    options = [option for option in view.options if option.step.verb is act.verb]
    for option in options:
        yield _offer_of_step(act, option, view, book, client, is_one_of_several=len(options) > 1)
    if not options and (step := _a_step(act, view, book, client)):
        fields = _fields(step, view, book, is_one_of_several=False)
        refusal = _scope(client) or _not_now(step, view, client)
        yield Offer(act.name, act.called, view.number, act.label, fields=fields, refusal=refusal)


def _attaching(view: TicketView, client: Actor) -> Iterator[Offer]:
    """A file has the readers of a note."""
    if audiences := audiences_of(NOTES, client):
        file = OfferedField("file", True, "file", longest=LARGEST)
        fields = [file, OfferedField("name", True, longest=LONGEST_NAME), *_audience(audiences)]
        refusal = _scope(client) or _writing_refusal(NOTES, view, client)
        yield Offer("attachments", "attach", view.number, ATTACH, fields=fields, refusal=refusal)


def _naming(view: TicketView, client: Actor) -> Offer:
    """Whoever sees a ticket may say what they call it."""
    fields = [OfferedField("reference", True, longest=LONGEST_CASE)]
    return Offer("reference", "name", view.number, NAME, fields=fields, refusal=_scope(client), method="PUT")


def _offer_of_step(
    act: Act, option: Option, view: TicketView, book: RuleBook, client: Actor, *, is_one_of_several: bool
) -> Offer:
    step = option.step
    fields = _fields(step, view, book, is_one_of_several=is_one_of_several)
    refusal = _scope(client) or option.refusal
    return Offer(act.name, act.called, view.number, step.labels, step.step, fields, refusal)


def _a_step(act: Act, view: TicketView, book: RuleBook, client: Actor) -> Step | None:
    """One of the verb that is this client's in another state, or when the ticket is with it."""
    definition = book.definition(view.ticket.workflow_version)
    steps = definition.transitions.values()
    return next((each for each in steps if each.verb is act.verb and could_perform(client, each, view.ticket)), None)


def _scope(client: Actor) -> Refusal | None:
    if ACT in client.scopes:
        return None
    return Refusal("Your token lacks the scope %(scope)s.", code="scope_missing", scope=ACT)


def _writing_refusal(rights: Mapping[Audience, Right], view: TicketView, client: Actor) -> Refusal | None:
    needed = [rights[audience] for audience in audiences_of(rights, client)]
    if any(right in view.rights for right in needed):
        return None
    return _not_with_you("not_yours") if view.is_outside else Refusal(SENTENCES[needed[0]], code="not_yours")


def _not_now(step: Step, view: TicketView, client: Actor) -> Refusal:
    if view.is_outside:
        return _not_with_you("wrong_state" if may_perform(client, step, view.ticket) else "not_yours")
    return Refusal(
        "The ticket is in another state now: %(state)s. Look at it again and choose one of the steps you can take.",
        code="wrong_state",
        state=view.state.labels[client.language],
    )


def _not_with_you(code: str) -> Refusal:
    """With the code that trying it all the same would meet."""
    return Refusal("The ticket is not with you now. You can read it, but do nothing with it.", code=code)


def _audience(audiences: tuple[str, ...]) -> list[OfferedField]:
    return [OfferedField("audience", False, "choice", list(map(str, audiences)))] if len(audiences) > 1 else []


def _fields(step: Step, view: TicketView, book: RuleBook, *, is_one_of_several: bool) -> list[OfferedField]:
    named = [OfferedField("step", True, "choice", [step.step])] if is_one_of_several else []
    return named + [_field(need, need in step.needs, view, book) for need in takes(step)]


def _field(need: Need, required: bool, view: TicketView, book: RuleBook) -> OfferedField:
    match need:
        case Need.RESOLUTION_CODE:
            return OfferedField(need, required, "choice", [str(code) for code in ResolutionCode])
        case Need.CANCEL_REASON:
            return OfferedField(need, required, "choice", [str(reason) for reason in CancelReason])
        case Need.TEAM:
            return OfferedField(need, required, "choice", [t.key for t in book.parties.beside(view.ticket.holder)])
        case Need.UNTIL:
            return OfferedField(need, required, "moment")
        case Need.DUPLICATE_OF:
            return OfferedField(need, required, "ticket")
        case _:
            return OfferedField(need, required)
