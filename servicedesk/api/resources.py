"""What a supplier can do to a ticket: one resource per kind of fact, each with its verb and what it takes."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial

from servicedesk.actions.desk import Desk
from servicedesk.actions.entries import note_to_supplier
from servicedesk.actions.steps import perform_verb
from servicedesk.api import examples
from servicedesk.api.schemas import Given, NoteGiven, NothingGiven, QuestionGiven, ReasonGiven, SolutionGiven
from servicedesk.core.facts import Actor
from servicedesk.core.rights import Right
from servicedesk.core.vocabulary import Language, Verb

# Carries out what was given on a ticket, as the client, if the version is still the expected one.
Do = Callable[[Desk, str, Mapping[str, str], Actor, int | None], object]


def _note(desk: Desk, number: str, given: Mapping[str, str], actor: Actor, expected: int | None) -> object:
    return note_to_supplier(desk, number, given.get("body", ""), actor=actor, expected=expected)


def _step(verb: Verb, desk: Desk, number: str, given: Mapping[str, str], actor: Actor, expected: int | None) -> object:
    return perform_verb(desk, number, verb, actor=actor, given=given, expected=expected)


@dataclass(frozen=True, slots=True)
class Resource:
    """`verb` is the family of workflow steps it takes; None for the note, which is a right and no step."""

    name: str
    operation: str
    summary: str
    schema: type[Given]
    example: Mapping[str, str]
    do: Do
    label: Mapping[Language, str]
    verb: Verb | None = None

    @property
    def called(self) -> str:
        return str(self.verb or Right.NOTE_TO_SUPPLIER)


def _of_verb(name: str, verb: Verb, operation: str, summary: str, schema: type[Given], sv: str, en: str) -> Resource:
    label = {Language.SWEDISH: sv, Language.ENGLISH: en}
    return Resource(name, operation, summary, schema, examples.GIVEN[name], partial(_step, verb), label, verb)


RESOURCES = (
    _of_verb(
        "acknowledgements", Verb.ACCEPT, "acknowledgeTicket", "Acknowledge a ticket: you have it and work on it.",
        NothingGiven, "Ta emot", "Accept",
    ),
    _of_verb(
        "information-requests", Verb.ASK, "requestInformation", "Ask the IT service manager; your clock stands still.",
        QuestionGiven, "Ställ en fråga", "Ask",
    ),
    _of_verb(
        "solutions", Verb.RESOLVE, "proposeSolution", "Propose a solution, which the IT service manager then verifies.",
        SolutionGiven, "Lämna en lösning", "Propose a solution",
    ),
    _of_verb(
        "returns", Verb.RETURN, "returnTicket", "Return a ticket that is not yours to solve.",
        ReasonGiven, "Lämna tillbaka", "Return",
    ),
    _of_verb(
        "resumptions", Verb.RESUME, "resumeWork", "Go on without waiting any longer.",
        ReasonGiven, "Fortsätt", "Resume",
    ),
    Resource(
        "notes", "addNote", "Write a note to the IT service manager. It changes nothing else.",
        NoteGiven, examples.GIVEN["notes"], _note,
        {Language.SWEDISH: "Skriv till förvaltningsledare IT", Language.ENGLISH: "Write to the IT service manager"},
    ),
)  # fmt: skip
