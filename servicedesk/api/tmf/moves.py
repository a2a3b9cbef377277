"""What a client can make of a ticket's status now."""

from collections.abc import Iterable

from servicedesk.api.tmf import mapping
from servicedesk.core.vocabulary import TmfStatus, Verb
from servicedesk.core.workflows.engine import Option


def possible(options: Iterable[Option], now: TmfStatus) -> list[TmfStatus]:
    """Every status that a PATCH could ask for and not be refused, given the steps that the client has."""
    verbs = {option.step.verb for option in options if option.refusal is None}
    return [status for status in TmfStatus if status is not now and _first(status, verbs)]


def _first(status: TmfStatus, verbs: set[Verb]) -> Verb | None:
    return next((verb for verb in mapping.MOVES[status] if verb in verbs), None)
