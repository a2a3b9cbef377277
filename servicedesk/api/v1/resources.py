"""The acts as resources of v1: what each is called in the reference, and what it takes."""

from collections.abc import Mapping
from dataclasses import dataclass

from servicedesk.api.acts import ACTS, Act
from servicedesk.api.fields import Given
from servicedesk.api.v1 import examples
from servicedesk.api.v1.given import (
    AnswerGiven,
    CancelGiven,
    HandOverGiven,
    NoteGiven,
    NothingGiven,
    QuestionGiven,
    ReasonGiven,
    SolutionGiven,
    TriedGiven,
    WaitGiven,
    WordsGiven,
)


@dataclass(frozen=True, slots=True)
class Resource:
    act: Act
    operation: str
    summary: str
    schema: type[Given]

    @property
    def example(self) -> Mapping[str, str]:
        return examples.GIVEN[self.act.name]


# name -> (operationId, summary, what it takes in the shipped workflows)
DESCRIBED: dict[str, tuple[str, str, type[Given]]] = {
    "acknowledgements": ("acknowledgeTicket", "Acknowledge a ticket: you have it and work on it.", NothingGiven),
    "information-requests": (
        "requestInformation", "Ask whoever handed the ticket to you; your clock stands still.", QuestionGiven,
    ),
    "answers": ("answerQuestion", "Answer the question that the ticket waits on.", AnswerGiven),
    "solutions": ("proposeSolution", "Propose a solution, which the IT service manager then verifies.", SolutionGiven),
    "returns": ("returnTicket", "Return a ticket that is not yours to solve.", ReasonGiven),
    "handovers": ("handOverTicket", "Hand a ticket over to another team of yours.", HandOverGiven),
    "resumptions": ("resumeWork", "Go on without waiting any longer.", ReasonGiven),
    "waits": ("startWait", "Wait for something that is planned.", WaitGiven),
    "takeovers": ("takeOverTicket", "Take over a ticket from a colleague.", NothingGiven),
    "verifications": ("verifySolution", "Accept a solution.", TriedGiven),
    "rejections": ("rejectSolution", "Reject a solution: the ticket goes back to whoever proposed it.", ReasonGiven),
    "recalls": ("recallTicket", "Take a ticket back from whoever it was handed over to.", ReasonGiven),
    "confirmations": ("confirmSolution", "Confirm for whoever asked that it is solved.", NothingGiven),
    "reopenings": ("reopenTicket", "Reopen a ticket for whoever asked: it is not solved after all.", ReasonGiven),
    "cancellations": ("cancelTicket", "Withdraw a ticket that is a mistake or a duplicate.", CancelGiven),
    "closures": ("closeTicket", "Close a ticket that nobody has confirmed.", ReasonGiven),
    "steps": ("takeStep", "Take a step that this process has and others do not.", ReasonGiven),
    "notes": (
        "addNote", "Write a note; to whom, actions says. It changes nothing else.", NoteGiven,
    ),
    "updates": ("giveUpdate", "Tell how it goes. The update that you have promised has then been given.", WordsGiven),
    "replies": ("replyToRequester", "Tell whoever asked something, or keep what you have told them.", WordsGiven),
}  # fmt: skip
RESOURCES = tuple(Resource(act, *DESCRIBED[act.name]) for act in ACTS)
