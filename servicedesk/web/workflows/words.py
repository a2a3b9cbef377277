"""What a workflow's own vocabulary is called: who takes a step, what it asks for, on what condition, what it does."""

from servicedesk.core.calendars.duration import format_duration
from servicedesk.core.vocabulary import Category, ClockEffect, Language, Need, Role, Tier
from servicedesk.core.workflows.definition import Definition, Timed
from servicedesk.core.workflows.diagram.drawing import Sign
from servicedesk.core.workflows.diagram.words import PictureWords
from servicedesk.core.workflows.effects import Effect
from servicedesk.core.workflows.guards import Guard
from servicedesk.web.speech import Words, _, _l
from servicedesk.web.words import TIERS

CATEGORIES: dict[Category, Words] = {
    Category.NEW: _l("New"),
    Category.ACTIVE: _l("In progress"),
    Category.WAITING: _l("Waiting"),
    Category.RESOLVED: _l("Resolved"),
    Category.CLOSED: _l("Ended"),
}

ROLES: dict[Role, Words] = {
    Role.FIRST_LINE_STAFF: _l("the first line"),
    Role.BUSINESS_SYSTEM_MANAGER: _l("the business system manager"),
    Role.ADMINISTRATOR: _l("the administrator"),
    Role.E_SERVICE_DEVELOPER: _l("the e-service developer"),
    Role.LOCAL_IT: _l("local IT"),
    Role.IT_SERVICE_MANAGER: _l("the IT service manager"),
    Role.SYSTEM_OWNER: _l("the system owner"),
    Role.SUPPLIER_AGENT: _l("the supplier"),
    Role.REQUESTER: _l("the requester"),
    Role.SCHEDULER: _l("time itself"),
    Role.OPERATOR: _l("the operator"),
}

# Every role of a tier together.
EVERYBODY: dict[Tier, Words] = {
    Tier.FIRST_LINE: _l("the first line"),
    Tier.SECOND_LINE: _l("everybody in the second line"),
    Tier.JOINT: _l("everybody in the joint organisation"),
    Tier.SUPPLIER: _l("the supplier"),
}

NEEDS: dict[Need, Words] = {
    Need.REASON: _l("why"),
    Need.TRIED: _l("what has been tried"),
    Need.QUESTION: _l("a question"),
    Need.ANSWER: _l("an answer"),
    Need.SOLUTION: _l("a solution"),
    Need.RESOLUTION_CODE: _l("how it was resolved"),
    Need.SUPPLIER_DESCRIPTION: _l("a description for the supplier"),
    Need.TEAM: _l("which team"),
    Need.UNTIL: _l("until when"),
    Need.CANCEL_REASON: _l("a duplicate or a mistake"),
    Need.DUPLICATE_OF: _l("which ticket it duplicates"),
}

GUARDS: dict[Guard, Words] = {
    Guard.PLATFORM_FAULT: _l("unless the fault is in the municipality's own e-service"),
    Guard.FAULT_CLASSIFIED: _l("when somebody has said whose the fault is"),
    Guard.REQUESTER_REACHABLE: _l("unless the requester is anonymous"),
    Guard.SUPPLIER_KNOWN: _l("when the service has a supplier"),
    Guard.SOLUTION_GIVEN: _l("when there is a solution"),
    Guard.NOT_MERGED: _l("unless the ticket has been merged into another"),
}

# What a step does that one would not see from where it leads.
EFFECTS: dict[Effect, Words] = {
    Effect.PASS_TO_TIER: _l("the ticket goes to the team that routing chooses"),
    Effect.PASS_TO_TEAM: _l("the ticket goes to the team chosen"),
    Effect.PASS_BACK: _l("the ticket goes back to whoever handed it over"),
    Effect.ACCEPT_CUSTODY: _l("whoever accepts it works on it"),
    Effect.ASSIGN_ACTOR: _l("whoever takes the step works on it"),
    Effect.CLEAR_ASSIGNEE: _l("nobody works on it for now"),
    Effect.RECORD_QUESTION: _l("the question is open"),
    Effect.RECORD_ANSWER: _l("the question is answered"),
    Effect.WITHDRAW_QUESTION: _l("the question is withdrawn"),
    Effect.RECORD_SOLUTION: _l("the solution stands"),
    Effect.CLEAR_SOLUTION: _l("the solution no longer stands"),
    Effect.COUNT_RETURN: _l("one more return is counted"),
    Effect.APPROVE_DESCRIPTION: _l("the supplier's description is approved"),
    Effect.WAIT_UNTIL: _l("the waiting ends at the moment given"),
}

CLOCKS: dict[ClockEffect, Words] = {
    ClockEffect.RUN: _l("runs"),
    ClockEffect.PAUSE: _l("stands still"),
    ClockEffect.STOP: _l("has stopped"),
}

SIGNS: dict[Sign, Words] = {
    Sign.STEP: _l("a step that somebody takes"),
    Sign.BACK: _l("the way back"),
    Sign.TIMED: _l("what time does by itself"),
    Sign.FROM_ROW: _l("from every state in the frame"),
    Sign.STAYS: _l("the state stays as it is"),
}

HOURS: dict[str, Words] = {
    "municipality": _l("in the municipality's opening hours"),
    "holder": _l("in the opening hours of the team that has it"),
    "joint": _l("in the joint organisation's opening hours"),
    "always": _l("around the clock"),
}


def picture_words(spoken: Language) -> PictureWords:
    return PictureWords(
        language=spoken,
        tiers={tier: str(TIERS[tier]) for tier in Tier},
        ended=_("Resolved or closed"),
        categories={category: str(word) for category, word in CATEGORIES.items()},
        received=_("To be accepted"),
        from_row=_("from every state here"),
        when=when,
        signs={sign: str(word) for sign, word in SIGNS.items()},
    )


def description(definition: Definition) -> str:
    """What a picture of it shows, for those who do not see it."""
    return _(
        "%(states)s states and %(steps)s steps between them. Each row is a tier of the chain: tickets come in on the "
        "left, are worked on in the middle and wait on the right. What is resolved or closed stands at the right edge.",
        states=len(definition.states),
        steps=len(list(definition.steps())),
    )


def when(timed: Timed) -> str:
    """When a timed step is due, in short."""
    return _("at the moment planned") if timed.until else _("after %(time)s", time=open_time(timed.seconds))


def open_time(seconds: int) -> str:
    """Hours as they are declared; what is finer as it is written in files."""
    hours, rest = divmod(seconds, 3600)
    return format_duration(seconds) if rest else _("%(hours)s h", hours=hours)
