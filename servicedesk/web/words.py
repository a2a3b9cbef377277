"""What the closed vocabularies are called, one table each. See the catalogues for the Swedish."""

from servicedesk.core.rights import Right
from servicedesk.core.triage import Lane
from servicedesk.core.vocabulary import (
    AgreementKind,
    Audience,
    CancelReason,
    Category,
    Channel,
    Fault,
    Level,
    Metric,
    Rating,
    Relation,
    RequesterKind,
    ResolutionCode,
    Tier,
    WaitsOn,
)
from servicedesk.store.queries.whose import Scope
from servicedesk.web.speech import Words, _l

TIERS: dict[str, Words] = {
    "requester": _l("Requester"),
    Tier.FIRST_LINE: _l("First line"),
    Tier.SECOND_LINE: _l("Second line"),
    Tier.JOINT: _l("IT service manager"),
    Tier.SUPPLIER: _l("Supplier"),
}

SCOPES: dict[Scope, Words] = {
    Scope.MINE: _l("My tickets"),
    Scope.TEAM: _l("My team's queue"),
    Scope.WAITING: _l("Waiting for me"),
    Scope.AT_RISK: _l("At risk"),
    Scope.ABOVE: _l("Handed on"),
    Scope.BELOW: _l("Further down"),
    Scope.OPEN: _l("All open"),
    Scope.CLOSED: _l("Closed"),
}

EMPTY: dict[Scope, Words] = {
    Scope.MINE: _l("You have no tickets of your own right now. Take one from your team's queue."),
    Scope.TEAM: _l("Nothing waits in your team's queue. See what the others in the chain have."),
    Scope.WAITING: _l("Nobody waits for you. Questions to you and answers that come back are shown here."),
    Scope.AT_RISK: _l("No promise is about to be broken. What is already late comes first in all open."),
    Scope.ABOVE: _l("You have handed nothing on that is not back. What you hand on up the chain stays in sight here."),
    Scope.BELOW: _l("Nothing is further down the chain, and nothing waits for the requester."),
    Scope.OPEN: _l("No open tickets are left. See how those that are closed ended."),
    Scope.CLOSED: _l("No tickets have been closed yet. Those that end are shown here, the last one first."),
}

LANES: dict[Lane, Words] = {
    Lane.ACCEPT: _l("To accept"),
    Lane.ANSWER: _l("Questions to answer"),
    Lane.ASSIGN: _l("To assign"),
    Lane.VERIFY: _l("Solutions to verify"),
    Lane.WORK: _l("In progress"),
    Lane.AT_RISK: _l("At risk with others"),
    Lane.WAIT: _l("Waiting for others"),
}

PRIORITIES: dict[int, Words] = {1: _l("1 critical"), 2: _l("2 high"), 3: _l("3 normal"), 4: _l("4 low")}

IMPACTS: dict[Level, Words] = {
    Level.HIGH: _l("Many: a whole service, or several organisations"),
    Level.MEDIUM: _l("Some: a group or a unit"),
    Level.LOW: _l("One or a few people"),
}

URGENCIES: dict[Level, Words] = {
    Level.HIGH: _l("It cannot wait: something important has stopped"),
    Level.MEDIUM: _l("It can wait a little: there is a way round it"),
    Level.LOW: _l("It can wait several days"),
}

FAULTS: dict[Fault, Words] = {
    Fault.UNKNOWN: _l("Not known yet"),
    Fault.PLATFORM: _l("The shared platform"),
    Fault.E_SERVICE: _l("The municipality's own e-service"),
}

CHANNELS: dict[Channel, Words] = {
    Channel.PHONE: _l("Telephone"),
    Channel.VISIT: _l("Visit"),
    Channel.MAIL: _l("E-mail"),
    Channel.WEB: _l("Web form"),
    Channel.CHAT: _l("Chat"),
    Channel.LETTER: _l("Letter"),
    Channel.API: _l("Another system"),
    Channel.IMPORT: _l("Imported"),
}

REQUESTERS: dict[RequesterKind, Words] = {
    RequesterKind.CITIZEN: _l("Citizen"),
    RequesterKind.EMPLOYEE: _l("Employee"),
    RequesterKind.ANONYMOUS: _l("Anonymous"),
    RequesterKind.PROTECTED: _l("Protected identity"),
}

RESOLUTIONS: dict[ResolutionCode, Words] = {
    ResolutionCode.SOLVED: _l("Solved"),
    ResolutionCode.WORKAROUND: _l("Workaround"),
    ResolutionCode.INFORMATION_GIVEN: _l("Information given"),
    ResolutionCode.CONFIGURATION: _l("Settings changed"),
    ResolutionCode.SOFTWARE_FIX: _l("Software mended"),
    ResolutionCode.ACCESS_GRANTED: _l("Access granted"),
    ResolutionCode.DELIVERED: _l("Delivered"),
    ResolutionCode.NOT_A_FAULT: _l("Not a fault"),
    ResolutionCode.NOT_REPRODUCIBLE: _l("Could not be reproduced"),
    ResolutionCode.DECLINED: _l("Declined"),
}

RATINGS: dict[Rating, Words] = {Rating.GOOD: _l("Good"), Rating.FAIR: _l("All right"), Rating.BAD: _l("Badly")}

CANCEL_REASONS: dict[CancelReason, Words] = {
    CancelReason.DUPLICATE: _l("It duplicates another ticket"),
    CancelReason.MISTAKEN: _l("It was logged by mistake"),
}

RELATIONS: dict[Relation, Words] = {
    Relation.DUPLICATE_OF: _l("Duplicates"),
    Relation.CHILD_OF: _l("Belongs to"),
    Relation.CAUSED_BY: _l("Caused by"),
    Relation.FOLLOWS: _l("Follows"),
}

# The same, read from the other ticket.
RELATIONS_BACK: dict[Relation, Words] = {
    Relation.DUPLICATE_OF: _l("Duplicated by"),
    Relation.CHILD_OF: _l("Gathers"),
    Relation.CAUSED_BY: _l("Has caused"),
    Relation.FOLLOWS: _l("Followed by"),
}

AUDIENCES: dict[Audience, Words] = {
    Audience.REQUESTER: _l("The requester"),
    Audience.MUNICIPALITY: _l("The municipality"),
    Audience.JOINT: _l("The municipality and the board"),
    Audience.SUPPLIER: _l("The supplier"),
}

AGREEMENTS: dict[AgreementKind, Words] = {
    AgreementKind.SLA: _l("To the requester"),
    AgreementKind.OLA: _l("Between tiers"),
    AgreementKind.UC: _l("Supplier contract"),
}

METRICS: dict[Metric, Words] = {
    Metric.RESPONSE: _l("Response"),
    Metric.RESOLUTION: _l("Resolution"),
    Metric.UPDATE: _l("Next update"),
    Metric.ACKNOWLEDGEMENT: _l("Time to accept"),
    Metric.HOLDING: _l("Time at this tier"),
    Metric.CONTRACT: _l("The supplier's contract"),
}

# Whom a promise between the tiers binds, within a sentence.
BOUND: dict[str, Words] = {
    Tier.FIRST_LINE: _l("the first line"),
    Tier.SECOND_LINE: _l("the second line"),
    Tier.JOINT: _l("the IT service manager"),
    Tier.SUPPLIER: _l("the supplier"),
}

WAITS_ON: dict[str, Words] = {
    WaitsOn.REQUESTER: _l("waits for the requester"),
    WaitsOn.FIRST_LINE: _l("waits for the first line"),
    WaitsOn.SECOND_LINE: _l("waits for the second line"),
    WaitsOn.JOINT: _l("waits for the IT service manager"),
    WaitsOn.SUPPLIER: _l("waits for the supplier"),
    WaitsOn.PLANNED_CHANGE: _l("waits for a planned change"),
}

# Where a ticket is, short enough to stand in a list beside the tier.
STAGES: dict[str, Words] = {
    Category.NEW: _l("New"),
    Category.ACTIVE: _l("In progress"),
    WaitsOn.REQUESTER: _l("Waits for the requester"),
    WaitsOn.FIRST_LINE: _l("Waits for the first line"),
    WaitsOn.SECOND_LINE: _l("Waits for the second line"),
    WaitsOn.JOINT: _l("Waits for the IT service manager"),
    WaitsOn.SUPPLIER: _l("Waits for the supplier"),
    WaitsOn.PLANNED_CHANGE: _l("Waits for a planned change"),
}

RIGHTS: dict[str, Words] = {
    Right.ASSIGN: _l("Say who works on it"),
    Right.CHANGE_PRIORITY: _l("Change priority"),
    Right.CLASSIFY: _l("Classify the fault"),
    Right.CHANGE_SLA: _l("Move to another version of the agreement with the requester"),
    Right.CHANGE_AGREEMENT: _l("Move to another version of an agreement"),
    Right.REPLY: _l("Reply to the requester"),
    Right.NOTE: _l("Write an internal note"),
    Right.NOTE_TO_JOINT: _l("Write a note that the board sees"),
    Right.NOTE_TO_SUPPLIER: _l("Write to the supplier"),
    Right.DESCRIBE_FOR_SUPPLIER: _l("Describe it for the supplier"),
    Right.MOVE_MUNICIPALITY: _l("Move to the right municipality"),
    Right.MERGE: _l("Merge into another ticket"),
    Right.LINK: _l("Link to another ticket"),
    Right.CORRECT_PRIORITY: _l("Correct the priority"),
    Right.CORRECT_MOMENT: _l("Correct when something happened"),
    Right.TELL_WAIT: _l("Record a wait afterwards"),
}

# What each text is called, in forms, on the timeline, and when it could not be used.
FIELD_NAMES: dict[str, Words] = {
    "reason": _l("Why?"),
    "tried": _l("What has been tried?"),
    "question": _l("Question"),
    "answer": _l("Answer"),
    "solution": _l("Solution"),
    "supplier_description": _l("Description for the supplier"),
    "body": _l("Text"),
    "comment": _l("Comment"),
    "subject": _l("What is it about?"),
    "description": _l("Describe what happens"),
    "requester_name": _l("Name"),
    "requester_contact": _l("Telephone or e-mail"),
    "platform_case": _l("The platform's case number"),
}

NOTICES: dict[str, Words] = {
    "promise_at_risk": _l("A promise is at risk."),
    "promise_broken": _l("A promise has been broken."),
    "hand_over": _l("It has been handed over to you."),
    "return": _l("It has been returned to you."),
    "recall": _l("It has been recalled."),
    "ask": _l("You have been asked a question."),
    "answer": _l("Your question has been answered."),
    "resolve": _l("It has been solved."),
    "verify": _l("The solution has been verified."),
    "reject": _l("The solution has been rejected."),
    "reopen": _l("It has been opened again."),
    "remind": _l("The requester has been reminded."),
    "resume": _l("Work can go on."),
    "TicketLogged": _l("It is new in your queue."),
    "TicketAssigned": _l("It has been assigned to you."),
    "MunicipalityChanged": _l("It has been moved to your municipality."),
    "EntryAdded": _l("The requester has written."),
    "mentioned": _l("You have been mentioned."),
    "corrected": _l("Its account of time has been corrected."),
    "mail_failed": _l("A mail to the requester did not arrive."),
}
