"""What happened, as people tell it: one sentence for each kind of event, with what was written and who sees it."""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import ClassVar

from flask import url_for

from servicedesk.core.attachments import PICTURES
from servicedesk.core.bulk import UNDO
from servicedesk.core.events import (
    AgreementChanged,
    AttachmentAdded,
    ContactCorrected,
    EntryAdded,
    Event,
    LinkGiven,
    MajorIncidentDeclared,
    MajorIncidentJoined,
    MajorIncidentLeft,
    Moved,
    MunicipalityChanged,
    PriorityChanged,
    PromiseWarned,
    RatingGiven,
    ReferenceGiven,
    TextErased,
    TicketAssigned,
    TicketClassified,
    TicketLinked,
    TicketLogged,
    TicketMerged,
    WorkflowChanged,
)
from servicedesk.core.facts import Installation
from servicedesk.core.sla import breaks_by
from servicedesk.core.visibility import Access, changed_at
from servicedesk.core.vocabulary import Audience, Fault, Relation, ResolutionCode, Verb
from servicedesk.store.queries.tickets import Entry, TicketView, numbers_seen
from servicedesk.web import identity, names, times, words
from servicedesk.web.numbers import size
from servicedesk.web.reading import Reading
from servicedesk.web.speech import Words, _, _l
from servicedesk.web.ticket.clocks import promise_name
from servicedesk.web.ticket.figures import Figures, figures
from servicedesk.web.ticket.marks import ICONS, STEPS
from servicedesk.web.ticket.quoting import said_to
from servicedesk.web.ticket.texts import Text, numbers_written, texts_of
from servicedesk.web.words import AGREEMENTS, AUDIENCES, FAULTS, PRIORITIES, RELATIONS, RESOLUTIONS


class Kind(StrEnum):
    """`written`: somebody wrote it to be read. `step`: somebody, or time, did something. `noticed`: a clock went by."""

    WRITTEN = "written"
    STEP = "step"
    NOTICED = "noticed"


@dataclass(frozen=True, slots=True)
class Badge:
    """Who sees it: in a word or two, and all of them by name in a sentence."""

    audience: Audience
    word: str
    readers: str


@dataclass(frozen=True, slots=True)
class File:
    """`name` is None where it has been erased; `picture` is where a picture can be looked at, else ''."""

    name: str | None
    size: str
    address: str
    picture: str


@dataclass(frozen=True, slots=True)
class Told:
    """`warning`: the promise that was noticed, how much of it had been used, in percent; `breaks`: it broke then.
    `said_to`: whom it may be quoted to, if there is anything to quote.
    `now`: how it is known now, if that was corrected; `figures` of a correction: what it changed."""

    is_run: ClassVar[bool] = False

    seq: int
    position: int
    at: datetime
    who: str
    what: str
    texts: list[Text]
    badge: Badge
    kind: Kind
    icon: str
    warning: tuple[str, int] | None
    now: str = ""
    figures: Figures | None = None
    breaks: bool = False
    file: File | None = None
    said_to: Audience | None = None


def tell(entries: Iterable[Entry], view: TicketView, reading: Reading) -> list[Told]:
    """In the order given."""
    badges: dict[tuple[Audience, str], Badge] = {}
    found = []
    entries = list(entries)
    corrections = {entry.event.amends: entry.event for entry in entries if entry.event.amends}
    systems = names.systems(reading.connection, entries)
    numbers = numbers_seen(reading.connection, identity.viewer(), numbers_written(entries) - {view.number})
    for entry in entries:
        key = (entry.audience, entry.supplier)
        if key not in badges:
            badges[key] = _badge(entry, view, reading)
        now = _now(corrections.get(entry.event.seq))
        found.append(_told(entry, badges[key], now, view, reading.installation, systems, numbers))
    return sorted(found, key=lambda told: (told.at, told.seq))


def _now(correction: Event | None) -> str:
    if correction is None:
        return ""
    data = correction.payload
    if isinstance(data, PriorityChanged):
        return _("Corrected: the priority was %(priority)s", priority=PRIORITIES[data.priority])
    return _("Corrected: it happened %(at)s", at=times.short(correction.occurred_at))


def what_of(event: Event, installation: Installation) -> str:
    """What an event tells of, in a few words."""
    return _TOLD[type(event.payload)](event.payload, installation)


def _what(event: Event, installation: Installation) -> str:
    what = what_of(event, installation)
    if event.amends is None:
        return what
    if isinstance(event.payload, PriorityChanged):
        since = _("from the start") if event.amends == 1 else _("since %(at)s", at=times.short(event.occurred_at))
        return _(
            "corrected: the priority was %(priority)s %(since)s",
            priority=PRIORITIES[event.payload.priority],
            since=since,
        )
    at = times.short(event.occurred_at)
    if event.amends:
        return _("corrected when it happened: %(what)s, %(at)s", what=what, at=at)
    return _("told afterwards: %(what)s, %(at)s", what=what, at=at)


def _told(
    entry: Entry,
    badge: Badge,
    now: str,
    view: TicketView,
    installation: Installation,
    systems: Mapping[str, str],
    numbers: Collection[str],
) -> Told:
    event, payload = entry.event, entry.event.payload
    return Told(
        seq=event.seq,
        position=entry.position,
        at=changed_at(event),
        who=names.actor(installation, entry, systems, view.organisation if view.access is Access.SUPPLIER else ""),
        what=_what(event, installation),
        texts=texts_of(entry, numbers),
        badge=badge,
        kind=_KINDS.get(type(payload), Kind.STEP),
        icon="pencil"
        if event.amends is not None
        else STEPS[payload.verb]
        if isinstance(payload, Moved)
        else ICONS.get(type(payload), entry.audience),
        warning=(payload.clock, payload.share) if isinstance(payload, PromiseWarned) else None,
        now=now,
        figures=figures(view.effects[event.seq], installation) if event.seq in view.effects else None,
        breaks=isinstance(payload, PromiseWarned) and _breaks(payload, view),
        file=_file(entry, payload, view) if isinstance(payload, AttachmentAdded) else None,
        said_to=said_to(entry),
    )


def _breaks(payload: PromiseWarned, view: TicketView) -> bool:
    clock = view.ticket.clocks.get(payload.clock)
    return clock is not None and breaks_by(clock, payload.share)


def _file(entry: Entry, payload: AttachmentAdded, view: TicketView) -> File:
    address = url_for("web.show_attachment", number=view.number, position=entry.position)
    name = entry.texts.get("file_name")
    is_picture = name is not None and payload.media_type in PICTURES
    picture = url_for("web.show_picture", number=view.number, position=entry.position) if is_picture else ""
    return File(name, size(payload.size), address, picture)


def _badge(entry: Entry, view: TicketView, reading: Reading) -> Badge:
    readers = names.readers(entry.audience, view.ticket, reading.installation, entry.supplier)
    sentence = _("Seen by %(readers)s.", readers=names.listed(readers))
    return Badge(entry.audience, str(AUDIENCES[entry.audience]), sentence)


def _logged(payload: TicketLogged, installation: Installation) -> str:
    return _("logged the ticket, to %(team)s", team=names.team(installation, payload.holder.team))


VERBS: dict[Verb, Words] = {
    Verb.TAKE: _l("took the ticket"),
    Verb.HAND_OVER: _l("handed over"),
    Verb.ACCEPT: _l("accepted the ticket"),
    Verb.RETURN: _l("returned the ticket"),
    Verb.RECALL: _l("recalled the ticket"),
    Verb.ASK: _l("asked a question"),
    Verb.ANSWER: _l("answered the question"),
    Verb.WAIT: _l("put the ticket on hold"),
    Verb.RESUME: _l("resumed work"),
    Verb.RESOLVE: _l("resolved the ticket"),
    Verb.VERIFY: _l("verified the solution"),
    Verb.REJECT: _l("rejected the solution"),
    Verb.CONFIRM: _l("confirmed that it is solved"),
    Verb.REOPEN: _l("reopened the ticket"),
    Verb.CLOSE: _l("closed the ticket"),
    Verb.CANCEL: _l("cancelled the ticket"),
    Verb.REMIND: _l("sent a reminder"),
    Verb.STEP: _l("went on"),
}


def _moved(payload: Moved, installation: Installation) -> str:
    if payload.transition.startswith(UNDO):
        return _undone(payload, installation)
    if payload.verb is Verb.RESOLVE and payload.holder:
        return _("proposed a solution") + _code(payload)
    parts = [str(VERBS[payload.verb])]
    if payload.holder:
        team = names.team(installation, payload.holder.team)
        given = payload.verb in (Verb.HAND_OVER, Verb.RETURN)
        parts.append(_("to %(team)s", team=team) if given else _("and gave the ticket to %(team)s", team=team))
    if payload.on_behalf:
        parts.append(_("on the requester's behalf"))
    return " ".join(parts) + _code(payload)


def _undone(payload: Moved, installation: Installation) -> str:
    """With whom the ticket is again, where it had gone to somebody else."""
    if not payload.holder:
        return _("took back what had just been done")
    team = names.team(installation, payload.holder.team)
    return _("took back what had just been done: the ticket is with %(team)s again", team=team)


def _code(payload: Moved) -> str:
    code = payload.given.get("resolution_code")
    return f" ({RESOLUTIONS[ResolutionCode(code)]})" if code else ""


def _assigned(payload: TicketAssigned, installation: Installation) -> str:
    if not payload.assignee:
        return _("left the ticket without an assignee")
    return _("assigned the ticket to %(person)s", person=names.person(installation, payload.assignee))


def _priority(payload: PriorityChanged, installation: Installation) -> str:
    return _("changed the priority to %(priority)s", priority=PRIORITIES[payload.priority])


def _classified(payload: TicketClassified, installation: Installation) -> str:
    service = names.service(installation, payload.service)
    return _(
        "classified the fault: %(fault)s. Service: %(service)s", fault=FAULTS[Fault(payload.fault)], service=service
    )


ENTRIES: dict[str, Words] = {
    "reply": _l("replied to the requester"),
    "message": _l("wrote to us"),
    "note": _l("wrote an internal note"),
    "supplier_note": _l("wrote a note shared with the supplier"),
    "update": _l("told how it goes"),
    "supplier_description": _l("described the fault for the supplier"),
}


def _entry(payload: EntryAdded, installation: Installation) -> str:
    known = ENTRIES.get(payload.entry)
    return _("wrote") if known is None else str(known)


def _attached(payload: AttachmentAdded, installation: Installation) -> str:
    return _("attached a file")


def _reference(payload: ReferenceGiven, installation: Installation) -> str:
    if not payload.reference:
        return _("took its own reference away")
    return _("calls the ticket %(reference)s", reference=payload.reference)


def _municipality(payload: MunicipalityChanged, installation: Installation) -> str:
    return _(
        "moved the ticket to %(municipality)s", municipality=names.organisation(installation, payload.municipality)
    )


def _merged(payload: TicketMerged, installation: Installation) -> str:
    return _("merged the ticket into %(number)s", number=payload.into)


def _linked(payload: TicketLinked, installation: Installation) -> str:
    relation = RELATIONS[Relation(payload.relation)]
    if payload.inverse:
        return _("linked %(number)s: %(relation)s this ticket", number=payload.number, relation=relation)
    return _("linked the ticket: %(relation)s %(number)s", number=payload.number, relation=relation)


def _warned(payload: PromiseWarned, installation: Installation) -> str:
    return promise_name(payload.clock, installation)


def _workflow_changed(payload: WorkflowChanged, installation: Installation) -> str:
    return _("moved the ticket to a new version of its process")


def _agreement_changed(payload: AgreementChanged, installation: Installation) -> str:
    kind = str(AGREEMENTS[payload.kind])
    return _("moved the ticket to another version of the agreement: %(kind)s", kind=kind[:1].lower() + kind[1:])


def _link(payload: LinkGiven, installation: Installation) -> str:
    return _("took the requester's link out of use") if payload.withdrawn else _("was shown the requester's link")


def _contact(payload: ContactCorrected, installation: Installation) -> str:
    return _("corrected how the requester is reached")


def _rated(payload: RatingGiven, installation: Installation) -> str:
    return _("said how it went: %(rating)s", rating=words.RATINGS[payload.rating])


def _major_declared(payload: MajorIncidentDeclared, installation: Installation) -> str:
    return _("declared a major incident out of the ticket")


def _major_joined(payload: MajorIncidentJoined, installation: Installation) -> str:
    return _("attached the ticket to a major incident")


def _major_left(payload: MajorIncidentLeft, installation: Installation) -> str:
    return _("detached the ticket from the major incident")


def _erased(payload: TextErased, installation: Installation) -> str:
    return _("destroyed personal text under the decision %(decision)s", decision=payload.decision)


_TOLD: dict[type, Callable[..., str]] = {
    TicketLogged: _logged,
    Moved: _moved,
    TicketAssigned: _assigned,
    PriorityChanged: _priority,
    TicketClassified: _classified,
    EntryAdded: _entry,
    AttachmentAdded: _attached,
    ReferenceGiven: _reference,
    MunicipalityChanged: _municipality,
    TicketMerged: _merged,
    TicketLinked: _linked,
    PromiseWarned: _warned,
    WorkflowChanged: _workflow_changed,
    AgreementChanged: _agreement_changed,
    LinkGiven: _link,
    ContactCorrected: _contact,
    RatingGiven: _rated,
    MajorIncidentDeclared: _major_declared,
    MajorIncidentJoined: _major_joined,
    MajorIncidentLeft: _major_left,
    TextErased: _erased,
}

_KINDS: dict[type, Kind] = {EntryAdded: Kind.WRITTEN, AttachmentAdded: Kind.WRITTEN, PromiseWarned: Kind.NOTICED}
