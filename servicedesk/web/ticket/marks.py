"""The icon of each thing that happens to a ticket."""

from servicedesk.core.events import (
    AgreementChanged,
    AttachmentAdded,
    LinkGiven,
    MunicipalityChanged,
    PriorityChanged,
    PromiseWarned,
    ReferenceGiven,
    TextErased,
    TicketAssigned,
    TicketClassified,
    TicketLinked,
    TicketLogged,
    TicketMerged,
    WorkflowChanged,
)
from servicedesk.core.vocabulary import Verb

ICONS: dict[type, str] = {
    TicketLogged: "plus",
    AttachmentAdded: "paperclip",
    ReferenceGiven: "pencil",
    TicketAssigned: "take",
    PriorityChanged: "alert",
    TicketClassified: "pencil",
    MunicipalityChanged: "municipality",
    TicketMerged: "workflow",
    TicketLinked: "link",
    PromiseWarned: "clock",
    WorkflowChanged: "workflow",
    AgreementChanged: "clock",
    LinkGiven: "link",
    TextErased: "x",
}

STEPS: dict[Verb, str] = {
    Verb.TAKE: "take",
    Verb.HAND_OVER: "arrow",
    Verb.ACCEPT: "check",
    Verb.RETURN: "return",
    Verb.RECALL: "return",
    Verb.ASK: "help",
    Verb.ANSWER: "pencil",
    Verb.WAIT: "pause",
    Verb.RESUME: "arrow",
    Verb.RESOLVE: "check",
    Verb.VERIFY: "check",
    Verb.REJECT: "x",
    Verb.CONFIRM: "check",
    Verb.REOPEN: "return",
    Verb.CLOSE: "lock",
    Verb.CANCEL: "x",
    Verb.REMIND: "bell",
    Verb.STEP: "arrow",
}
