"""Agreements that promise everything one may: updates, grace, and times of their own for one request type."""

from collections.abc import Iterator
from dataclasses import replace

from servicedesk import paths
from servicedesk.actions.desk import Desk
from servicedesk.actions.installation import load_installation
from servicedesk.core.facts import HOLDERS_CALENDAR, Agreement, Target
from servicedesk.core.installations.file import read_installation
from servicedesk.core.vocabulary import AgreementKind, Metric, Tier

OWN_TYPE = "service_request"
WORKFLOWS = ("citizen_incident", "internal_incident", OWN_TYPE)
SHIPPED = read_installation(paths.samples() / "norrbotten", WORKFLOWS).agreements


def promise_everything(desk: Desk, seconds: int, grace: int) -> None:
    """A version of every agreement with updates at this interval and this grace, beside what the sample promises."""
    with desk.reading() as connection:
        installation = desk.book(connection).installation
    agreements = {key: replace(each, targets=tuple(_more(each, seconds, grace))) for key, each in SHIPPED.items()}
    load_installation(desk, replace(installation, agreements=agreements), [])


def _more(agreement: Agreement, seconds: int, grace: int) -> Iterator[Target]:
    plain = [target for target in agreement.targets if target.metric is not Metric.UPDATE and not target.workflows]
    yield from (replace(target, grace=grace) for target in plain)
    solved = [target for target in plain if target.metric in (Metric.RESOLUTION, Metric.CONTRACT)]
    yield from (replace(target, seconds=target.seconds * 2, workflows=(OWN_TYPE,)) for target in solved)
    tier = Tier.JOINT if agreement.kind is AgreementKind.OLA else None
    yield Target(Metric.UPDATE, seconds, HOLDERS_CALENDAR if tier else solved[-1].calendar, (1, 2, 3), tier, (), grace)
