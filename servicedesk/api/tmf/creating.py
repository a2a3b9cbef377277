"""A new ticket of TMF621 as one of ours. The standard asks only for description, severity and ticketType; the rest is
taken where it is given, and else is what a person at the pages would have got by leaving it out."""

from collections import Counter
from collections.abc import Mapping
from typing import Any

from servicedesk.actions.attachments import Upload
from servicedesk.actions.log import NewTicket, entry_tier
from servicedesk.api.tmf import mapping
from servicedesk.api.tmf.reading import Given, files_of, texts_of
from servicedesk.core import tmf621
from servicedesk.core.errors import Sentence
from servicedesk.core.facts import Installation
from servicedesk.core.inputs import LONGEST_LINE
from servicedesk.core.vocabulary import Channel, Level, RequesterKind, TmfStatus
from servicedesk.store.queries.lines import title_of
from servicedesk.store.rulebook import RuleBook

CHANNELS = {str(channel): channel for channel in Channel if channel is not Channel.IMPORT}
UNKNOWN_THING = "There is no %(kind)s %(id)s. Leave it out, or choose one that there is."


def new_ticket(given: Given, municipality: str, book: RuleBook) -> tuple[NewTicket, list[Upload]]:
    """What was asked for, and the files that came along. Invalid names every attribute that cannot be accepted."""
    description = given.text("description", required=True)
    severity = given.choice("severity", {said: said for said in mapping.IMPACTS}, required=True)
    urgency = given.choice("priority", mapping.URGENCIES)
    workflow = given.choice("ticketType", ticket_types(book), required=True)
    status = given.choice("status", {str(each): each for each in TmfStatus})
    if status not in (None, TmfStatus.ACKNOWLEDGED):
        given.fault("status", "A new ticket is acknowledged. Leave status out, and change it when the ticket is there.")
    things = _things(given, municipality, book.installation)
    requester = _requester(given)
    reference = given.text("externalId")
    notes = texts_of(given, given.objects("note"))
    files = files_of(given, given.objects("attachment"))
    channel = _channel(given)
    subject = given.text("name").strip() or title_of(description.strip())[:LONGEST_LINE]
    given.finish()
    new = NewTicket(
        municipality,
        subject=subject,
        description="\n\n".join([description, *notes]),
        workflow=workflow,
        channel=channel,
        impact=mapping.IMPACTS[severity],
        urgency=urgency or urgency_of(severity, book.installation),
        service=things["service"],
        e_service=things["e_service"],
        platform_case=things["platform_case"],
        reference=reference,
        **requester,
    )
    return new, files


def urgency_of(severity: str, installation: Installation) -> Level:
    """The usual urgency, or the one that by the desk's matrix makes a ticket of this severity."""
    impact = mapping.IMPACTS[severity]
    levels = (Level.MEDIUM, Level.HIGH, Level.LOW)
    made = (level for level in levels if tmf621.SEVERITIES[installation.priorities[impact, level]] == severity)
    return next(made, Level.MEDIUM)


def ticket_types(book: RuleBook) -> dict[str, str]:
    """The word that a client says -> a workflow's key. Where several share a word, the one that begins nearest whoever
    asks is meant; by its whole key each can be named."""
    found: dict[str, str] = {}
    for each in sorted(book.workflows(), key=lambda each: (entry_tier(each).level, each.key)):
        found.setdefault(tmf621.type_of(each.key), each.key)
    return {**found, **{each.key: each.key for each in book.workflows()}}


def _things(given: Given, municipality: str, installation: Installation) -> dict[str, str]:
    """Service, e-service and the platform's case, of the related entities that say they are one."""
    found = {"service": "", "e_service": "", "platform_case": ""}
    known: dict[str, tuple[str, Mapping[str, Any] | None]] = {
        tmf621.SERVICE: ("service", installation.services),
        tmf621.E_SERVICE: ("e_service", installation.e_services),
        tmf621.CASE: ("platform_case", None),
    }
    for entity in given.objects("relatedEntity"):
        kind, key = str(entity.get("@referredType") or ""), str(entity.get("id") or "")
        name, there = known.get(kind, ("", None))
        if name and there is not None and key not in there:
            given.fault("relatedEntity", Sentence(UNKNOWN_THING, kind=kind, id=key[:80]))
        elif name:
            found[name] = key
    if not found["service"]:
        own = installation.e_services.get(found["e_service"])
        found["service"] = own.service if own else usual_service(installation, municipality)
    return found


def usual_service(installation: Installation, municipality: str) -> str:
    """What a ticket is about that does not say: the service that most of the municipality's e-services stand on."""
    own = Counter(each.service for each in installation.e_services.values() if each.municipality == municipality)
    return max(sorted(installation.services), key=lambda key: own[key], default="")


def _requester(given: Given) -> dict[str, Any]:
    """The first related party that asks: its name, and how to reach it."""
    for party in given.objects("relatedParty"):
        if str(party.get("role") or "").casefold() in mapping.REQUESTER_ROLES:
            is_employee = str(party.get("@referredType") or "").casefold() == RequesterKind.EMPLOYEE
            return {
                "requester_name": str(party.get("name") or ""),
                "requester_contact": _contact(party),
                "requester_kind": RequesterKind.EMPLOYEE if is_employee else RequesterKind.CITIZEN,
            }
    return {}


def _contact(party: Mapping[str, Any]) -> str:
    """The first e-mail address or telephone number of its contactMedium (as in TMF632)."""
    media = party.get("contactMedium")
    for medium in media if isinstance(media, list) else []:
        found = medium.get("characteristic") if isinstance(medium, dict) else None
        for name in ("emailAddress", "phoneNumber"):
            if isinstance(found, dict) and isinstance(found.get(name), str):
                return str(found[name])
    return ""


def _channel(given: Given) -> Channel:
    return CHANNELS.get(str(given.object("channel").get("id") or "").casefold(), Channel.API)
