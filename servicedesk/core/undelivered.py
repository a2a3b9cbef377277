"""Why a message did not arrive: a cause with what belongs to it, stored as such and said in each reader's language."""

from dataclasses import dataclass
from enum import StrEnum

from servicedesk.core.errors import Sentence

LONGEST = 200


class Cause(StrEnum):
    ANSWERED = "answered"
    REDIRECTED = "redirected"
    TIMED_OUT = "timed_out"
    REFUSED = "refused"
    HUNG_UP = "hung_up"
    UNKNOWN_NAME = "unknown_name"
    NOT_HTTPS = "not_https"
    INTERNAL = "internal_address"
    TLS = "tls"
    OTHER = "other"


SENTENCES: dict[Cause, str] = {
    Cause.ANSWERED: "It answered %(detail)s.",
    Cause.REDIRECTED: "It answered %(detail)s, a redirect, which is not followed.",
    Cause.TIMED_OUT: "It did not answer in time.",
    Cause.REFUSED: "Nobody answers at that address and port.",
    Cause.HUNG_UP: "It hung up before it had answered.",
    Cause.UNKNOWN_NAME: "Its name is not known.",
    Cause.NOT_HTTPS: "The address must begin with https://.",
    Cause.INTERNAL: "The address leads to an internal machine. Name one on the open internet.",
    Cause.TLS: "No secure connection could be made: %(detail)s.",
    Cause.OTHER: "It could not be sent: %(detail)s.",
}


@dataclass(frozen=True, slots=True)
class Failure:
    """`detail`: the status that was answered, or what the machine said in words of its own."""

    cause: Cause
    detail: str = ""

    @property
    def sentence(self) -> Sentence:
        return Sentence(SENTENCES[self.cause], detail=self.detail)

    @property
    def written(self) -> str:
        """As it is stored; `failure_from` reads it."""
        return f"{self.cause} {self.detail}".rstrip()[:LONGEST]


def failure_from(written: str) -> Failure | None:
    """None where nothing went wrong. What was stored before there were causes is an English sentence."""
    cause, _, detail = written.partition(" ")
    if cause in list(Cause):
        return Failure(Cause(cause), detail)
    return Failure(Cause.OTHER, written.rstrip(".")) if written else None
