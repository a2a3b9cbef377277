"""The requester's page: where it stands, what is asked of them, what they can do, what has been said."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from secrets import token_urlsafe

from servicedesk.core.attachments import LARGEST, MEGABYTE, MOST_AT_ONCE
from servicedesk.core.requesters import may_rate, may_write
from servicedesk.core.vocabulary import Category, Verb
from servicedesk.store.queries.requesters import RequesterView
from servicedesk.web import names
from servicedesk.web.reading import Reading
from servicedesk.web.requester.conversation import Said, conversation
from servicedesk.web.requester.doors import Door
from servicedesk.web.requester.standing import Standing, standing
from servicedesk.web.speech import _


@dataclass(frozen=True, slots=True)
class Sent:
    """A form that could not be used: which, what was typed in it, and what is wrong with it or with the moment."""

    form: str
    typed: Mapping[str, str]
    faults: Mapping[str, Sequence[str]] = field(default_factory=dict)
    trouble: str = ""


NOTHING = Sent("", {})


@dataclass(frozen=True, slots=True)
class RequesterPage:
    """`service`: what it is about. `solution`: what was done. `can`: the forms there are, by name. `is_solved`: it
    waits for their word."""

    view: RequesterView
    municipality: str
    service: str
    standing: Standing
    lines: list[Said]
    solution: str
    can: frozenset[str]
    is_solved: bool
    files_help: str
    nonce: str


def requester_page(view: RequesterView, door: Door, reading: Reading) -> RequesterPage:
    ticket, installation = view.ticket, reading.installation
    service = names.e_service(installation, ticket.e_service) if ticket.e_service else ""
    return RequesterPage(
        view=view,
        municipality=names.organisation(installation, ticket.municipality),
        service=service or names.service(installation, ticket.service),
        standing=standing(view, reading.now),
        lines=conversation(view, door, reading),
        solution=_solution(view),
        can=_forms(view, reading),
        is_solved=ticket.category is Category.RESOLVED,
        files_help=_("At most %(most)s files of %(size)s MB each.", most=MOST_AT_ONCE, size=LARGEST // MEGABYTE),
        nonce=token_urlsafe(12),
    )


def _solution(view: RequesterView) -> str:
    """What was done, as the one who solved it says; '' where that has been erased."""
    seq = view.ticket.solution_seq
    return next((line.texts.get("solution") or "" for line in view.lines if line.event.seq == seq), "")


def _forms(view: RequesterView, reading: Reading) -> frozenset[str]:
    of_verbs = {Verb.ANSWER: "answer", Verb.CONFIRM: "confirm", Verb.REOPEN: "reopen"}
    forms = {name for verb, name in of_verbs.items() if verb in view.verbs}
    if may_write(view.ticket) and "answer" not in forms:
        forms.add("message")
    if may_rate(view.ticket, reading.now):
        forms.add("rate")
    return frozenset(forms)
