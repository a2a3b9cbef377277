"""What is read out to a caller when their matter has been logged."""

from servicedesk.store.queries.tickets import TicketView

AT_A_TIME = 3


def grouped(number: str) -> list[str]:
    """A ticket's number as one says it: the year, and the digits a few at a time from the end."""
    year, _hyphen, serial = number.rpartition("-")
    first = len(serial) % AT_A_TIME
    groups = [serial[:first], *(serial[at : at + AT_A_TIME] for at in range(first, len(serial), AT_A_TIME))]
    return [group for group in (year, *groups) if group]


def solution_of(view: TicketView) -> str:
    """What the caller was told; '' where it is not solved, or has been erased."""
    seq = view.ticket.solution_seq
    found = (entry.texts.get("solution") for entry in view.entries if seq and entry.event.seq == seq)
    return next(found, "") or ""
