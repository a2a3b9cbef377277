"""What follows from what happened: one table, event -> reactions, carried out from the outbox after the commit."""

from servicedesk.core.events import MESSAGE, EntryAdded, Event

NOTIFY = "notify"
# Of every event, and of a ticket's events together: the sequencer's, not the drain's.
SEQUENCE = "sequence"

REACTIONS: dict[str, tuple[str, ...]] = {
    "TicketLogged": (NOTIFY,),
    "TicketAssigned": (NOTIFY,),
    "TicketHandedOver": (NOTIFY,),
    "TicketReturned": (NOTIFY,),
    "TicketRecalled": (NOTIFY,),
    "QuestionAsked": (NOTIFY,),
    "QuestionAnswered": (NOTIFY,),
    "TicketResolved": (NOTIFY,),
    "SolutionVerified": (NOTIFY,),
    "SolutionRejected": (NOTIFY,),
    "TicketReopened": (NOTIFY,),
    "MunicipalityChanged": (NOTIFY,),
    "RequesterReminded": (NOTIFY,),
    "WorkResumed": (NOTIFY,),
    "PromiseWarned": (NOTIFY,),
}


def reactions_of(event: Event) -> tuple[str, ...]:
    """Of what is written only the requester's own words are news to whoever has the ticket."""
    if isinstance(event.payload, EntryAdded):
        return (NOTIFY,) if event.payload.entry == MESSAGE else ()
    return REACTIONS.get(event.kind, ())


# What follows from a correction, whatever it corrects.
CORRECTED = (NOTIFY,)
