"""Which agreement covers a service on a day, and which of its targets a ticket gets."""

from collections.abc import Sequence
from datetime import date
from functools import lru_cache

from servicedesk.core.errors import Refusal
from servicedesk.core.facts import Agreement, Installation, Target
from servicedesk.core.priority import PRIORITIES
from servicedesk.core.vocabulary import AgreementKind, Metric, Tier

METRICS_OF: dict[AgreementKind, tuple[Metric, ...]] = {
    AgreementKind.SLA: (Metric.RESPONSE, Metric.RESOLUTION, Metric.UPDATE),
    AgreementKind.OLA: (Metric.ACKNOWLEDGEMENT, Metric.HOLDING, Metric.UPDATE),
    AgreementKind.UC: (Metric.ACKNOWLEDGEMENT, Metric.CONTRACT, Metric.UPDATE),
}


def agreement_for(
    installation: Installation, kind: AgreementKind, party: str, service: str, day: date
) -> Agreement | None:
    """The one agreement of this kind with this party for the service, valid on the civil day."""
    return next(
        (
            agreement
            for agreement in installation.agreements.values()
            if agreement.kind is kind
            and agreement.party == party
            and service in agreement.services
            and is_valid_on(agreement, day)
        ),
        None,
    )


def agreements_on(
    installation: Installation, municipality: str, service: str, day: date
) -> dict[AgreementKind, Agreement]:
    """The agreements that bind a ticket opened on this civil day."""
    joints = [team.organisation for team in installation.teams.values() if team.tier is Tier.JOINT]
    parties = {
        AgreementKind.SLA: [municipality],
        AgreementKind.OLA: joints,
        AgreementKind.UC: [installation.services[service].supplier],
    }
    found = {}
    for kind, keys in parties.items():
        agreement = next((a for key in keys if (a := agreement_for(installation, kind, key, service, day))), None)
        if agreement:
            found[kind] = agreement
    return found


def versions_in_force(
    installation: Installation, pinned: Sequence[Agreement], service: str, day: date
) -> list[Agreement]:
    """What a ticket pinned to these could be moved to: the version in force on the day, where that is another."""
    found = (agreement_for(installation, old.kind, old.party, service, day) for old in pinned)
    return [new for new, old in zip(found, pinned, strict=True) if new is not None and new != old]


def require_fit(new: Agreement, pinned: Agreement | None, service: str, day: date) -> None:
    """That a ticket pinned to one agreement may be moved to another on this day; Refusal says what hinders it."""
    if pinned is None:
        raise Refusal("The ticket has no agreement of kind %(kind)s to move from.", code="other_kind", kind=new.kind)
    if new.party != pinned.party:
        raise Refusal(
            "That agreement is another party's than the ticket's own. Choose a version of the ticket's own.",
            code="other_party",
        )
    if service not in new.services:
        raise Refusal("That agreement does not cover the ticket's service. Choose one that does.", code="other_service")
    if day < new.valid_from:
        raise Refusal(
            "That agreement applies from %(day)s. Choose the one in force today, or wait until then.",
            code="not_yet_valid",
            day=new.valid_from,
        )
    if not is_valid_on(new, day):
        raise Refusal(
            "That agreement applied until %(day)s. Choose the one in force today.",
            code="no_longer_valid",
            day=new.valid_to,
        )


def is_valid_on(agreement: Agreement, day: date) -> bool:
    return agreement.valid_from <= day and (agreement.valid_to is None or day < agreement.valid_to)


@lru_cache(maxsize=4096)
def whatever_is_promised(
    agreement: Agreement, metric: Metric, priority: int, tier: Tier | None, workflow: str
) -> Target | None:
    """The target of the priority, else that of another. Remembered: the fold asks at every step of every ticket."""
    candidates = (target_for(agreement, metric, each, tier, workflow) for each in (priority, *PRIORITIES))
    return next((candidate for candidate in candidates if candidate), None)


def target_for(
    agreement: Agreement, metric: Metric, priority: int, tier: Tier | None = None, workflow: str = ""
) -> Target | None:
    """The target for this priority and request type; one without a tier binds every tier. None: nothing is promised.

    A target that names the request type goes before one for all types; no two that are equally specific may fit.
    """
    general: Target | None = None
    for target in agreement.targets:
        if target.metric is metric and target.tier in (tier, None) and priority in target.priorities:
            if workflow in target.workflows:
                return target
            if not target.workflows:
                general = general or target
    return general
