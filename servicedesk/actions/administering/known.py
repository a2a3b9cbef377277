"""Known errors and answers: added, changed, withdrawn and offered again. What a ticket was answered by is kept as it
was then, and none is deleted: files may still name it."""

from dataclasses import dataclass, replace

from servicedesk.actions.administering.changing import ADDED, Changing, changing, found_in, free_key
from servicedesk.actions.desk import Desk
from servicedesk.actions.once import Once
from servicedesk.core.administering import NOT_HERE, may_change_known, may_know_for, seen_organisations
from servicedesk.core.errors import Invalid, NotFound, Refusal
from servicedesk.core.facts import Actor, Known
from servicedesk.core.inputs import LONGEST_LINE, LONGEST_TEXT, clean_line, clean_text, too_long
from servicedesk.core.installations.entry import LONGEST_NAME
from servicedesk.core.installations.file import slug_of
from servicedesk.core.vocabulary import KnownKind, ResolutionCode

MOST_SYMPTOMS = 40
Faults = dict[str, list[str]]


@dataclass(frozen=True, slots=True)
class KnownGiven:
    """What is said of it, as it was written; a line of `symptoms` each. `municipality` and `e_service`: '' for all."""

    kind: str
    title: str
    answer: str
    symptoms: str
    service: str
    municipality: str
    e_service: str
    resolution_code: str


def add_known(desk: Desk, given: KnownGiven, *, actor: Actor, once: Once | None = None) -> str:
    """Its key. Invalid names every field that cannot be accepted."""
    with changing(desk, actor=actor, once=once) as change:
        known = _known(change, given, "")
        key = free_key(slug_of(f"{known.municipality}-{known.title}".strip("-")), change.installation.known)
        change.put("known", replace(known, key=key), what=ADDED)
        change.result = key
        return key


def change_known(desk: Desk, key: str, given: KnownGiven, *, actor: Actor, seen: str) -> None:
    with changing(desk, actor=actor) as change:
        before = _own(change, key)
        known = _known(change, given, key)
        change.require_same("known", key, seen)
        change.put("known", replace(known, withdrawn=before.withdrawn))


def withdraw_known(desk: Desk, key: str, *, actor: Actor) -> None:
    """Told to nobody from now on. Withdrawing twice changes nothing."""
    _switch(desk, key, withdrawn=True, actor=actor)


def restore_known(desk: Desk, key: str, *, actor: Actor) -> None:
    _switch(desk, key, withdrawn=False, actor=actor)


def _switch(desk: Desk, key: str, *, withdrawn: bool, actor: Actor) -> None:
    with changing(desk, actor=actor) as change:
        change.put("known", replace(_own(change, key), withdrawn=withdrawn))


def _own(change: Changing, key: str) -> Known:
    known: Known = found_in(change.installation.known, key)
    if known.municipality and known.municipality not in seen_organisations(change.actor, change.installation):
        raise NotFound(NOT_HERE)
    if not may_change_known(change.actor, known):
        raise Refusal(
            "Only those who look after the municipality that it is for can change it; what is for all, the IT service "
            "manager.",
            code="not_yours",
        )
    return known


def _known(change: Changing, given: KnownGiven, key: str) -> Known:
    title, answer = clean_line(given.title), clean_text(given.answer)
    symptoms = tuple(dict.fromkeys(filter(None, map(clean_line, given.symptoms.splitlines()))))
    faults = _faults_of_words(title, answer, symptoms) | _faults_of_choices(change, given)
    if faults:
        raise Invalid(faults)
    return Known(
        key=key,
        kind=KnownKind(given.kind),
        title=title,
        answer=answer,
        service=given.service,
        symptoms=symptoms,
        municipality=given.municipality,
        e_service=given.e_service,
        resolution_code=ResolutionCode(given.resolution_code),
    )


def _faults_of_words(title: str, answer: str, symptoms: tuple[str, ...]) -> Faults:
    faults: Faults = {}
    if not title:
        faults["title"] = ["Write a title to find it by."]
    elif len(title) > LONGEST_NAME:
        faults["title"] = [too_long(title, LONGEST_NAME)]
    if not answer:
        faults["answer"] = ["Write what the first line tells who asks."]
    elif len(answer) > LONGEST_TEXT:
        faults["answer"] = [too_long(answer, LONGEST_TEXT)]
    if len(symptoms) > MOST_SYMPTOMS:
        faults["symptoms"] = ["Write at most forty lines."]
    elif long := next((line for line in symptoms if len(line) > LONGEST_LINE), ""):
        faults["symptoms"] = [too_long(long, LONGEST_LINE)]
    return faults


def _faults_of_choices(change: Changing, given: KnownGiven) -> Faults:
    """What narrows it must leave somebody to tell it to."""
    installation, faults = change.installation, Faults()
    offered = ["Choose one of those that are offered."]
    if given.kind not in list(KnownKind):
        faults["kind"] = offered
    if given.resolution_code not in list(ResolutionCode):
        faults["resolution_code"] = offered
    if given.service not in installation.services:
        faults["service"] = offered
    if not may_know_for(change.actor, given.municipality, installation):
        faults["municipality"] = ["Choose for whom it is."]
    e_service = installation.e_services.get(given.e_service)
    if given.e_service and e_service is None:
        faults["e_service"] = ["Choose one of the municipality's own e-services, or leave it empty."]
    elif e_service and not (given.municipality in ("", e_service.municipality) and given.service == e_service.service):
        faults["e_service"] = ["It belongs to another municipality or stands on another service. Choose those too."]
    return faults
