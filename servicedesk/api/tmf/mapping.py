"""What TMF621's words mean when a client sends them: the tables that the face goes by, and that its page of the
documentation is made of. What ours is called there, core.tmf621 says."""

from dataclasses import dataclass
from enum import StrEnum

from servicedesk.core.vocabulary import Level, TmfStatus, Verb

# A severity that is asked for is the impact; how urgent it is, where nothing is said of that, is what makes it read
# back as it was sent.
IMPACTS = {"Critical": Level.HIGH, "Major": Level.MEDIUM, "Minor": Level.LOW}
# A priority that is asked for is how urgent it is; which priority that makes is for the desk's own matrix.
URGENCIES = {"Critical": Level.HIGH, "High": Level.HIGH, "Medium": Level.MEDIUM, "Low": Level.LOW}


# What a status that is sent asks for: the first of these verbs that the workflow gives the client now. A verb that it
# has no step for is refused with what is possible instead.
MOVES: dict[TmfStatus, tuple[Verb, ...]] = {
    TmfStatus.ACKNOWLEDGED: (),
    TmfStatus.IN_PROGRESS: (Verb.ACCEPT, Verb.ANSWER, Verb.RESUME, Verb.REOPEN),
    TmfStatus.PENDING: (Verb.ASK,),
    TmfStatus.HELD: (Verb.WAIT,),
    TmfStatus.RESOLVED: (Verb.RESOLVE,),
    TmfStatus.REJECTED: (Verb.RETURN,),
    TmfStatus.CANCELLED: (Verb.CANCEL,),
    TmfStatus.CLOSED: (Verb.CONFIRM, Verb.CLOSE),
}
STEPS: dict[Verb, str] = {
    Verb.ACCEPT: "You accept the ticket: you have it and work on it.",
    Verb.ANSWER: "The question is answered, by the requester or by whoever was asked.",
    Verb.RESUME: "You go on without waiting any longer.",
    Verb.REOPEN: "The ticket is opened again.",
    Verb.ASK: "You ask the IT service manager; the clock of your contract stands still.",
    Verb.WAIT: "The ticket waits for a planned change.",
    Verb.RESOLVE: "You propose a solution, which the IT service manager verifies.",
    Verb.RETURN: "You return the ticket: it is not yours to solve.",
    Verb.CANCEL: "The ticket is cancelled as mistaken. Nothing is removed.",
    Verb.CONFIRM: "The requester confirms that it is solved.",
    Verb.CLOSE: "The ticket is closed.",
}

# Whoever asks, among the related parties of a new ticket.
REQUESTER_ROLES = ("requester", "originator", "customer")


class Patch(StrEnum):
    """What a merge patch can do to an attribute. `never`: the standard forbids it, as it stands or not. `as_it_is`: it
    is of the record, so that sending it as it stands changes nothing, and anything else is refused."""

    MAY = "may"
    ADDS = "adds"
    AS_IT_IS = "as_it_is"
    NEVER = "never"
    IGNORED = "ignored"


@dataclass(frozen=True, slots=True)
class Attribute:
    """`meaning`: what it is here. `created`: whether a new ticket takes it. `filters`: what a list is filtered by."""

    name: str
    meaning: str
    patch: Patch
    created: bool = False
    filters: tuple[str, ...] = ()


ATTRIBUTES = (
    Attribute("id", "The ticket's number.", Patch.NEVER, filters=("id",)),
    Attribute("href", "The ticket's address.", Patch.NEVER, filters=("href",)),
    Attribute("creationDate", "When the ticket was logged.", Patch.NEVER, filters=("creationDate",)),
    Attribute("lastUpdate", "The last change that you may see.", Patch.NEVER),
    Attribute(
        "description",
        "To a supplier what was written for it, never the requester's words; to a municipality those.",
        Patch.AS_IT_IS,
        created=True,
    ),
    Attribute(
        "name",
        "The subject; without one the first line of the description. To a supplier always that.",
        Patch.AS_IT_IS,
        created=True,
    ),
    Attribute(
        "ticketType",
        "The last word of our process: incident, request. A municipality may also name the process by its whole key.",
        Patch.AS_IT_IS,
        created=True,
        filters=("ticketType",),
    ),
    Attribute(
        "externalId",
        "What your own system calls the ticket: yours alone to set and to see. null takes it away.",
        Patch.MAY,
        created=True,
        filters=("externalId",),
    ),
    Attribute("priority", "See the table of priorities.", Patch.MAY, created=True, filters=("priority",)),
    Attribute("severity", "See the table of priorities.", Patch.MAY, created=True, filters=("severity",)),
    Attribute("status", "See the tables of statuses.", Patch.MAY, filters=("status",)),
    Attribute("statusChange", "Each status that the ticket has had in your eyes, with reason.", Patch.NEVER),
    Attribute("statusChangeDate", "When the status last changed, as far as you may know.", Patch.NEVER),
    Attribute(
        "statusChangeReason",
        "The words of the step: reason, question, answer or solution. Sent without a move it becomes a note.",
        Patch.MAY,
    ),
    Attribute("resolutionCode", "Ours: how it was resolved; solved unless you say otherwise.", Patch.MAY),
    Attribute(
        "expectedResolutionDate",
        "When the promise that concerns you runs out. With status held: until when to wait.",
        Patch.AS_IT_IS,
    ),
    Attribute("resolutionDate", "When it was resolved; to a supplier when it gave its solution.", Patch.AS_IT_IS),
    Attribute("requestedResolutionDate", "Not kept.", Patch.IGNORED),
    Attribute(
        "note",
        "What has been written, asked, answered and given as reason or solution. A list that is sent adds the notes "
        "without id; no note is ever changed or removed.",
        Patch.ADDS,
        created=True,
    ),
    Attribute(
        "attachment",
        "Files. Sent by value: content in base64, at most 2 MB a request and five files; addresses are not followed. "
        "A list that is sent adds the files without id.",
        Patch.ADDS,
        created=True,
    ),
    Attribute(
        "relatedEntity",
        "By @referredType: Service, and to a municipality EService and PlatformCase (the platform's own case number). "
        "Without a service: the one that most of the municipality's e-services stand on.",
        Patch.AS_IT_IS,
        created=True,
        filters=("relatedEntity.id",),
    ),
    Attribute(
        "relatedParty",
        "customer: the municipality. owner: who has the ticket. A new ticket may name its requester (role requester, "
        "originator or customer; @referredType Employee for an employee), with contactMedium as in TMF632: who that "
        "is goes in and is not shown again.",
        Patch.AS_IT_IS,
        created=True,
        filters=("relatedParty.id",),
    ),
    Attribute("channel", "How the requester came: phone, visit, mail, web, chat, letter, api.", Patch.AS_IT_IS, True),
    Attribute("troubleTicketRelationship", "Tickets that it is linked to, to a municipality.", Patch.AS_IT_IS),
)
NOT_PATCHABLE = tuple(each.name for each in ATTRIBUTES if each.patch is Patch.NEVER)
FIXED = tuple(each.name for each in ATTRIBUTES if each.patch is Patch.AS_IT_IS)
