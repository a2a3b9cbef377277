"""What must hold of agreements: they fit their kind, do not contradict each other, and cover every service."""

from collections.abc import Iterator
from itertools import combinations, pairwise

from servicedesk.core.agreements import METRICS_OF
from servicedesk.core.calendars.civil import LAST_YEAR
from servicedesk.core.calendars.duration import format_duration
from servicedesk.core.facts import HOLDERS_CALENDAR, Agreement, Installation, Target
from servicedesk.core.vocabulary import AgreementKind, Metric, OrganisationKind, Tier

PARTY_OF: dict[AgreementKind, OrganisationKind] = {
    AgreementKind.SLA: OrganisationKind.MUNICIPALITY,
    AgreementKind.OLA: OrganisationKind.JOINT,
    AgreementKind.UC: OrganisationKind.SUPPLIER,
}
OLA_TIERS = (Tier.FIRST_LINE, Tier.SECOND_LINE, Tier.JOINT)

Finding = tuple[str, str, str]


def check_agreements(installation: Installation) -> Iterator[Finding]:
    for agreement in installation.agreements.values():
        yield from _check_party(installation, agreement)
        yield from _check_services(installation, agreement)
        yield from _check_validity(agreement)
        yield from _check_warnings(installation, agreement)
        for number, target in enumerate(agreement.targets, start=1):
            at = f"agreement.{agreement.key}.target[{number}]"
            yield from _check_target(at, agreement.kind, target)
            if any(_overlap_in_scope(target, earlier) for earlier in agreement.targets[: number - 1]):
                same = "priority and request type" if target.workflows else "priority"
                problem = f"an earlier target promises {target.metric} for the same {same} too."
                yield f"{at}.priorities", problem, f"Let each {same} stand in one target."
    yield from _check_overlaps(installation)
    yield from _check_gaps(installation)


def check_sla_coverage(installation: Installation) -> Iterator[Finding]:
    """Every municipality has a promise for every service."""
    for organisation in installation.organisations.values():
        if organisation.kind is not OrganisationKind.MUNICIPALITY:
            continue
        covered = {
            service
            for agreement in installation.agreements.values()
            if agreement.kind is AgreementKind.SLA and agreement.party == organisation.key
            for service in agreement.services
        }
        missing = [service for service in installation.services if service not in covered]
        if missing:
            problem = f"{organisation.name} has no SLA for: {', '.join(missing)}."
            remedy = f'Add an [agreement.…] with kind = "SLA" and party = "{organisation.key}" for them.'
            yield f"organisation.{organisation.key}", problem, remedy


def _check_party(installation: Installation, agreement: Agreement) -> Iterator[Finding]:
    party = installation.organisations.get(agreement.party)
    if party and party.kind is not PARTY_OF[agreement.kind]:
        problem = f"{party.name} is a {party.kind} organisation, which is never the party of a {agreement.kind}."
        remedy = f"Name an organisation of kind {PARTY_OF[agreement.kind]}."
        yield f"agreement.{agreement.key}.party", problem, remedy


def _check_services(installation: Installation, agreement: Agreement) -> Iterator[Finding]:
    at = f"agreement.{agreement.key}.services"
    if not agreement.services:
        yield at, "covers no service.", "Name the services that it is about."
    for key in agreement.services if agreement.kind is AgreementKind.UC else ():
        service = installation.services.get(key)
        if service and service.supplier != agreement.party:
            problem = f"{key} is run by {service.supplier or 'no supplier'}, not by {agreement.party}."
            yield at, problem, "A supplier's contract covers the services that it runs."


def _check_validity(agreement: Agreement) -> Iterator[Finding]:
    if agreement.valid_to is not None and agreement.valid_to <= agreement.valid_from:
        problem = f"{agreement.valid_to} is not after valid_from, {agreement.valid_from}."
        remedy = "valid_to is the first day on which the agreement no longer applies; leave it out if there is none."
        yield f"agreement.{agreement.key}.valid_to", problem, remedy
    for name, day in (("valid_from", agreement.valid_from), ("valid_to", agreement.valid_to)):
        if day and day.year > LAST_YEAR:
            remedy = f"Write a day before {LAST_YEAR + 1}; an agreement without an end has no valid_to."
            yield f"agreement.{agreement.key}.{name}", f"{day} is after {LAST_YEAR}, where calendars end.", remedy
    if agreement.ends and agreement.valid_to is None:
        remedy = "Write the first day on which it no longer applies as valid_to, or leave ends out."
        yield f"agreement.{agreement.key}.ends", "it has no last day.", remedy


def _check_warnings(installation: Installation, agreement: Agreement) -> Iterator[Finding]:
    """A share tells those of the nearest rung at or below it: somebody must stand there."""
    lowest = min((rung.share for rung in installation.ladder), default=None)
    if lowest is not None and agreement.warn and agreement.warn[0] < lowest:
        problem = f"at {agreement.warn[0]} percent nobody is told: the lowest rung of the ladder stands at {lowest}."
        yield f"agreement.{agreement.key}.warn", problem, f"Begin at {lowest}, or write a [[ladder]] rung further down."


def _check_target(at: str, kind: AgreementKind, target: Target) -> Iterator[Finding]:
    if target.metric not in METRICS_OF[kind]:
        yield f"{at}.metric", f"{kind} promises no {target.metric}.", f"Choose one of: {', '.join(METRICS_OF[kind])}."
    if kind is AgreementKind.OLA and target.tier not in OLA_TIERS:
        problem = "is missing." if target.tier is None else "the supplier promises by its contract (UC)."
        yield f"{at}.tier", problem, f"An OLA promises for a tier: {', '.join(OLA_TIERS)}."
    if kind is not AgreementKind.OLA and target.tier is not None:
        yield f"{at}.tier", f"{kind} promises for the whole, not for a tier.", "Leave tier out."
    if kind is AgreementKind.OLA and target.metric is Metric.UPDATE and target.tier in OLA_TIERS[:-1]:
        remedy = f'Write tier = "{Tier.JOINT}"; the SLA says how often the requester hears something.'
        yield f"{at}.tier", "only the joint tier promises updates: in a municipality all read the same.", remedy
    if target.calendar == HOLDERS_CALENDAR and not _binds_holder(kind, target.metric):
        remedy = "Name a calendar: only holding, acknowledgement and an OLA's update bind whoever holds the ticket."
        yield f"{at}.calendar", f'"{HOLDERS_CALENDAR}" has no meaning for {target.metric}.', remedy
    if target.grace > target.seconds:
        problem = f"{format_duration(target.grace)} is longer than the time itself, {format_duration(target.seconds)}."
        yield f"{at}.grace", problem, "Write at most the time that is promised, or promise more time."


def _binds_holder(kind: AgreementKind, metric: Metric) -> bool:
    return metric in (Metric.HOLDING, Metric.ACKNOWLEDGEMENT) or (metric is Metric.UPDATE and kind is AgreementKind.OLA)


def _overlap_in_scope(one: Target, other: Target) -> bool:
    """Whether both are as specific and may fit the same ticket: one that names request types goes before one for all,
    and does not contradict it."""
    return (
        one.metric is other.metric
        and one.tier is other.tier
        and not set(one.priorities).isdisjoint(other.priorities)
        and (one.workflows == other.workflows or not set(one.workflows).isdisjoint(other.workflows))
    )


def _check_overlaps(installation: Installation) -> Iterator[Finding]:
    for first, second in combinations(installation.agreements.values(), 2):
        shared = sorted(set(first.services) & set(second.services))
        is_same = first.kind is second.kind and first.party == second.party
        if is_same and shared and _overlap_in_time(first, second):
            problem = f"[agreement.{first.key}] covers {', '.join(shared)} at the same time."
            remedy = "End the earlier one by valid_to on the day on which the later begins, or divide the services."
            yield f"agreement.{second.key}", problem, remedy


def _check_gaps(installation: Installation) -> Iterator[Finding]:
    """Between two versions that follow each other no day is without either, unless it is said to be meant."""
    found: dict[tuple[str, str], list[str]] = {}
    for (_, _, service), versions in _versions(installation).items():
        for earlier, later in pairwise(sorted(versions, key=lambda each: each.valid_from)):
            if earlier.valid_to and earlier.valid_to < later.valid_from and not earlier.ends:
                found.setdefault((earlier.key, later.key), []).append(service)
    for (key, next_key), services in found.items():
        earlier, later = installation.agreements[key], installation.agreements[next_key]
        problem = (
            f"nothing is promised for {', '.join(sorted(services))} from {earlier.valid_to} to {later.valid_from}: "
            f"[agreement.{key}] has ended by then."
        )
        remedy = f"Let it begin on {earlier.valid_to}, or write ends = true in [agreement.{key}] if that is meant."
        yield f"agreement.{next_key}.valid_from", problem, remedy


def _versions(installation: Installation) -> dict[tuple[str, str, str], list[Agreement]]:
    """The versions of one agreement: of the same kind, with the same party, for the same service."""
    found: dict[tuple[str, str, str], list[Agreement]] = {}
    for agreement in installation.agreements.values():
        for service in agreement.services:
            found.setdefault((agreement.kind, agreement.party, service), []).append(agreement)
    return found


def _overlap_in_time(first: Agreement, second: Agreement) -> bool:
    starts_before_end = first.valid_to is None or second.valid_from < first.valid_to
    return starts_before_end and (second.valid_to is None or first.valid_from < second.valid_to)
