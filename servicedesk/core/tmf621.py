"""What ours is called in TM Forum's trouble-ticket standard, TMF621 v4: the words in which a ticket and what happens to
it are told there. What its clients may send stands in api/tmf/mapping."""

from collections.abc import Mapping

from servicedesk.core.changes import CANCELLED, LOGGED, OF_EVENT, SHARED, SOLVED, WITHDRAWN
from servicedesk.core.vocabulary import Relation

PREFIX = "/tmf-api/troubleTicket/v4"

PRIORITIES = {1: "Critical", 2: "High", 3: "Medium", 4: "Low"}
# By priority, since how many are affected is the municipality's own to know.
SEVERITIES = {1: "Critical", 2: "Major", 3: "Minor", 4: "Minor"}
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
SERVICE, E_SERVICE, CASE = "Service", "EService", "PlatformCase"

ASKED = OF_EVENT["QuestionAsked"]

CREATED = "TroubleTicketCreateEvent"
ATTRIBUTE_CHANGED = "TroubleTicketAttributeValueChangeEvent"
STATUS_CHANGED = "TroubleTicketStatusChangeEvent"
DELETED = "TroubleTicketDeleteEvent"
RESOLVED = "TroubleTicketResolvedEvent"
INFORMATION_REQUIRED = "TroubleTicketInformationRequiredEvent"
# Each event of the standard, and when it comes.
EVENTS: Mapping[str, str] = {
    CREATED: "A ticket is there for you to see: logged in your municipality, or handed over to you.",
    ATTRIBUTE_CHANGED: "Something but its status has changed; fieldPath says what.",
    STATUS_CHANGED: "The status that you see has changed.",
    RESOLVED: "It has become resolved, or was solved and closed at once.",
    INFORMATION_REQUIRED: "It has become pending: a question waits for its answer.",
    DELETED: "It has been cancelled, or is no longer yours to see.",
}
_EVERY = (STATUS_CHANGED, RESOLVED, INFORMATION_REQUIRED, ATTRIBUTE_CHANGED)
_OF_CHANGE: Mapping[str, tuple[str, ...]] = {
    LOGGED: (CREATED,),
    SHARED: (CREATED,),
    WITHDRAWN: (DELETED,),
    CANCELLED: (STATUS_CHANGED, DELETED),
    SOLVED: (STATUS_CHANGED, RESOLVED, ATTRIBUTE_CHANGED),
    ASKED: (STATUS_CHANGED, INFORMATION_REQUIRED, ATTRIBUTE_CHANGED),
    # What is no step of its workflow moves no status.
    **dict.fromkeys(
        (
            "ticket.updated",
            "ticket.attachment_added",
            "ticket.reference_given",
            "ticket.assigned",
            "ticket.priority_changed",
            "ticket.classified",
            "ticket.linked",
            "ticket.promise_warned",
            "ticket.requester_reminded",
            "ticket.agreement_changed",
            "ticket.text_erased",
        ),
        (ATTRIBUTE_CHANGED,),
    ),
}


def events_of(change: str) -> tuple[str, ...]:
    """The events that a change of this type may be, in the order in which they are sent. Which of them it is, the
    ticket before and after says."""
    return _OF_CHANGE.get(change, _EVERY)


def type_of(workflow: str) -> str:
    """`incident` of citizen_incident: the last word of a workflow's key. Which of them it is, no client need know."""
    return workflow.rsplit("_", 1)[-1]
