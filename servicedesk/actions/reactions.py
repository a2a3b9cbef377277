"""What follows from what happened: one table, event -> reactions, carried out from the outbox after the commit."""

from servicedesk.core.events import MESSAGE, EntryAdded, Event

NOTIFY = "notify"
# To whoever asked.
MAIL = "mail"
# Of every event, and of a ticket's events together: the sequencer's, not the drain's.
SEQUENCE = "sequence"

REACTIONS: dict[str, tuple[str, ...]] = {
    "TicketLogged": (NOTIFY, MAIL),
    "TicketAssigned": (NOTIFY,),
    "TicketHandedOver": (NOTIFY,),
    "TicketReturned": (NOTIFY,),
    "TicketRecalled": (NOTIFY,),
    "QuestionAsked": (NOTIFY, MAIL),
    "QuestionAnswered": (NOTIFY,),
    "TicketResolved": (NOTIFY, MAIL),
    "SolutionVerified": (NOTIFY, MAIL),
    "SolutionRejected": (NOTIFY,),
    "TicketReopened": (NOTIFY,),
    "MunicipalityChanged": (NOTIFY,),
    "RequesterReminded": (NOTIFY, MAIL),
    "WorkResumed": (NOTIFY,),
    "PromiseWarned": (NOTIFY,),
    "SolutionConfirmed": (MAIL,),
    "TicketClosed": (MAIL,),
    "TicketCancelled": (MAIL,),
    "TicketMerged": (MAIL,),
    "StepTaken": (MAIL,),
}


def reactions_of(event: Event) -> tuple[str, ...]:
    """Of what is written the requester's own words are news to whoever has the ticket, answers to the requester, and
    a mention to whom it names."""
    if isinstance(event.payload, EntryAdded):
        is_news = event.payload.entry == MESSAGE or event.payload.mentions
        return ((MAIL,) if event.payload.tells_requester else ()) + ((NOTIFY,) if is_news else ())
    return REACTIONS.get(event.kind, ())


# What follows from a correction, whatever it corrects.
CORRECTED = (NOTIFY,)
