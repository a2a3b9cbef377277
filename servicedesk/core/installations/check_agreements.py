"""What must hold of agreements: they fit their kind, do not contradict each other, and cover every service."""

from collections.abc import Iterator
from itertools import combinations

from servicedesk.core.agreements import METRICS_OF
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
        for number, target in enumerate(agreement.targets, start=1):
            at = f"agreement.{agreement.key}.target[{number}]"
            yield from _check_target(at, agreement.kind, target)
            if any(_overlap_in_scope(target, earlier) for earlier in agreement.targets[: number - 1]):
                problem = f"an earlier target promises {target.metric} for the same priority too."
                yield f"{at}.priorities", problem, "Let each priority stand in one target."
    yield from _check_overlaps(installation)


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


def _check_target(at: str, kind: AgreementKind, target: Target) -> Iterator[Finding]:
    if target.metric not in METRICS_OF[kind]:
        yield f"{at}.metric", f"{kind} promises no {target.metric}.", f"Choose one of: {', '.join(METRICS_OF[kind])}."
    if kind is AgreementKind.OLA and target.tier not in OLA_TIERS:
        problem = "is missing." if target.tier is None else "the supplier promises by its contract (UC)."
        yield f"{at}.tier", problem, f"An OLA promises for a tier: {', '.join(OLA_TIERS)}."
    if kind is not AgreementKind.OLA and target.tier is not None:
        yield f"{at}.tier", f"{kind} promises for the whole, not for a tier.", "Leave tier out."
    if target.calendar == HOLDERS_CALENDAR and target.metric not in (Metric.HOLDING, Metric.ACKNOWLEDGEMENT):
        remedy = "Name a calendar: only holding and acknowledgement bind whoever holds the ticket."
        yield f"{at}.calendar", f'"{HOLDERS_CALENDAR}" has no meaning for {target.metric}.', remedy


def _overlap_in_scope(one: Target, other: Target) -> bool:
    return (
        one.metric is other.metric and one.tier is other.tier and not set(one.priorities).isdisjoint(other.priorities)
    )


def _check_overlaps(installation: Installation) -> Iterator[Finding]:
    for first, second in combinations(installation.agreements.values(), 2):
        shared = sorted(set(first.services) & set(second.services))
        is_same = first.kind is second.kind and first.party == second.party
        if is_same and shared and _overlap_in_time(first, second):
            problem = f"[agreement.{first.key}] covers {', '.join(shared)} at the same time."
            remedy = "End the earlier one by valid_to on the day on which the later begins, or divide the services."
            yield f"agreement.{second.key}", problem, remedy


def _overlap_in_time(first: Agreement, second: Agreement) -> bool:
    starts_before_end = first.valid_to is None or second.valid_from < first.valid_to
    return starts_before_end and (second.valid_to is None or first.valid_from < second.valid_to)
