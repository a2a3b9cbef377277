"""Which agreement covers a service on a day, and which of its targets a ticket gets."""

from datetime import date

from servicedesk.core.facts import Agreement, Installation, Target
from servicedesk.core.vocabulary import AgreementKind, Metric, Tier

METRICS_OF: dict[AgreementKind, tuple[Metric, ...]] = {
    AgreementKind.SLA: (Metric.RESPONSE, Metric.RESOLUTION),
    AgreementKind.OLA: (Metric.ACKNOWLEDGEMENT, Metric.HOLDING),
    AgreementKind.UC: (Metric.ACKNOWLEDGEMENT, Metric.CONTRACT),
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


def is_valid_on(agreement: Agreement, day: date) -> bool:
    return agreement.valid_from <= day and (agreement.valid_to is None or day < agreement.valid_to)


def target_for(agreement: Agreement, metric: Metric, priority: int, tier: Tier | None = None) -> Target | None:
    """The target for this priority; one without a tier binds every tier. None when nothing is promised."""
    return next(
        (
            target
            for target in agreement.targets
            if target.metric is metric and target.tier in (tier, None) and priority in target.priorities
        ),
        None,
    )
