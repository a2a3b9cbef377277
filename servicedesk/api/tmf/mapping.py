"""What ours is called in TMF621, and what theirs means here: the tables that the face goes by, and that its page of the
documentation is made of."""

from dataclasses import dataclass

from servicedesk.core.vocabulary import Level, Relation, TmfStatus, Verb

PREFIX = "/tmf-api/troubleTicket/v4"

PRIORITIES = {1: "Critical", 2: "High", 3: "Medium", 4: "Low"}
# A priority that is asked for is how urgent it is; which priority that makes is for the desk's own matrix.
URGENCIES = {"Critical": Level.HIGH, "High": Level.HIGH, "Medium": Level.MEDIUM, "Low": Level.LOW}
# By priority, since how many are affected is the municipality's own to know. A severity that is asked for is the
# impact; how urgent it is, where nothing is said of that, is what makes it read back as it was sent.
SEVERITIES = {1: "Critical", 2: "Major", 3: "Minor", 4: "Minor"}
IMPACTS = {"Critical": Level.HIGH, "Major": Level.MEDIUM, "Minor": Level.LOW}


@dataclass(frozen=True, slots=True)
class Move:
    """What a status that is sent asks for: the first of these verbs that the workflow gives the client now."""

    verbs: tuple[Verb, ...]
    supplier: str
    municipality: str


# A verb that a client of that kind has no step for is refused with what is possible instead.
MOVES: dict[TmfStatus, Move] = {
    TmfStatus.ACKNOWLEDGED: Move((), "Nothing: a ticket is acknowledged when it comes to you.", "Nothing."),
    TmfStatus.IN_PROGRESS: Move(
        (Verb.ACCEPT, Verb.ANSWER, Verb.RESUME, Verb.REOPEN),
        "You accept the ticket, or go on without the answer that you asked for.",
        "The requester answers, or the ticket is reopened.",
    ),
    TmfStatus.PENDING: Move(
        (Verb.ASK,), "You ask the IT service manager; the clock of your contract stands still.", "Nothing."
    ),
    TmfStatus.HELD: Move(
        (Verb.WAIT,), "Nothing: a wait is granted by the IT service manager. Ask for it in a note.", "Nothing."
    ),
    TmfStatus.RESOLVED: Move(
        (Verb.RESOLVE,), "You propose a solution, which the IT service manager verifies.", "Nothing."
    ),
    TmfStatus.REJECTED: Move((Verb.RETURN,), "You return the ticket: it is not yours to solve.", "Nothing."),
    TmfStatus.CANCELLED: Move((Verb.CANCEL,), "Nothing.", "The ticket is cancelled as mistaken."),
    TmfStatus.CLOSED: Move((Verb.CONFIRM, Verb.CLOSE), "Nothing.", "The requester confirms that it is solved."),
}

RELATIONSHIPS = {
    Relation.DUPLICATE_OF: "isDuplicateOf",
    Relation.CHILD_OF: "isChildOf",
    Relation.CAUSED_BY: "isCausedBy",
    Relation.FOLLOWS: "follows",
}
# What a note is, by the field that it was written in.
NOTE_TYPES = {
    "body": "Note",
    "question": "Question",
    "answer": "Answer",
    "reason": "Reason",
    "solution": "Solution",
}
# Whoever asks, among the related parties of a new ticket.
REQUESTER_ROLES = ("requester", "originator", "customer")
SERVICE, E_SERVICE, CASE = "Service", "EService", "PlatformCase"

# Server-made: sending one in a PATCH is an error (TMF621, "patch operation").
NOT_PATCHABLE = ("id", "href", "creationDate", "lastUpdate", "statusChange", "statusChangeDate")
# Of the record: they stay as they are, whoever asks. Sent as they stand they change nothing.
FIXED = (
    "description",
    "name",
    "ticketType",
    "channel",
    "relatedEntity",
    "relatedParty",
    "troubleTicketRelationship",
    "expectedResolutionDate",
    "resolutionDate",
)
ATTRIBUTES = (
    "id",
    "href",
    "creationDate",
    "description",
    "expectedResolutionDate",
    "externalId",
    "lastUpdate",
    "name",
    "priority",
    "requestedResolutionDate",
    "resolutionDate",
    "severity",
    "statusChangeDate",
    "statusChangeReason",
    "ticketType",
    "attachment",
    "channel",
    "note",
    "relatedEntity",
    "relatedParty",
    "status",
    "statusChange",
    "troubleTicketRelationship",
    "@type",
    "@baseType",
    "@schemaLocation",
)


def type_of(workflow: str) -> str:
    """`incident` of citizen_incident: the last word of a workflow's key. Which of them it is, no client need know."""
    return workflow.rsplit("_", 1)[-1]
