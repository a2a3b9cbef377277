"""Agreements, routing rules, the priority matrix and the ladder as they are written in the files."""

from collections.abc import Mapping
from datetime import date
from enum import StrEnum

from servicedesk.core.calendars.duration import DurationError, parse_duration
from servicedesk.core.facts import HOLDERS_CALENDAR, Agreement, RoutingRule, Rung, Service, Target
from servicedesk.core.installations.entry import Entry, suggestion
from servicedesk.core.priority import PRIORITIES
from servicedesk.core.vocabulary import AgreementKind, Fault, Level, Metric, Role, Tier

ALL_SERVICES = "all"
# A share of a target in percent: the least and the most at which anybody is told.
SHARES = (1, 1000)
LADDERS_SHARES = (50, 75, 90, 100)


class Told(StrEnum):
    """Whom a rung may tell: the holder's own people, or a role."""

    HOLDER = "holder"
    TEAM_LEAD = "team_lead"
    BUSINESS_SYSTEM_MANAGER = "business_system_manager"
    IT_SERVICE_MANAGER = "it_service_manager"
    SYSTEM_OWNER = "system_owner"


def read_agreement(slug: str, entry: Entry, services: Mapping[str, Service]) -> Agreement:
    kind = entry.choice("kind", AgreementKind)
    party = entry.reference("party", "organisation")
    return Agreement(
        key=slug,
        kind=kind,
        party=party,
        services=_services(entry, kind, party, services),
        targets=_targets(entry),
        valid_from=entry.day("valid_from", required=True) or date.min,
        valid_to=entry.day("valid_to"),
        name=entry.line("name", ""),
        warn=entry.wholes("warn", LADDERS_SHARES, *SHARES) if "warn" in entry else (),
        ends=entry.flag("ends"),
    )


def read_routing_rule(slug: str, entry: Entry) -> RoutingRule:
    return RoutingRule(
        key=slug,
        order=entry.whole("order"),
        tier=entry.choice("tier", Tier),
        team=entry.reference("team", "team", default=""),
        role=entry.optional("role", Role),
        municipality=entry.reference("municipality", "organisation", default=""),
        service=entry.reference("service", "service", default=""),
        e_service=entry.reference("e_service", "e_service", default=""),
        workflow=_workflow(entry),
        fault=entry.optional("fault", Fault),
    )


def _workflow(entry: Entry) -> str:
    key, known = entry.text("workflow", ""), entry.reading.workflows
    if key and known is not None and key not in known:
        entry.fault("workflow", f'"{key}" is not a workflow.', suggestion(key, known))
    return key


def read_priorities(entry: Entry) -> dict[tuple[Level, Level], int]:
    """`high = { high = 1, medium = 2, low = 3 }`: first impact, then urgency."""
    matrix = {}
    for impact in Level:
        row = entry.entry(impact)
        if row is None:
            remedy = f"Write {impact} = {{ high = 1, medium = 2, low = 3 }}: for each urgency a priority."
            entry.fault(impact, f"is missing: impact {impact} has no priorities.", remedy)
            continue
        for urgency in Level:
            matrix[impact, urgency] = row.whole(urgency, least=PRIORITIES[0], most=PRIORITIES[-1])
        row.finish()
    entry.finish()
    return matrix


def read_ladder(rows: list[Entry]) -> tuple[Rung, ...]:
    """The rungs from the lowest share up."""
    rungs: dict[int, Rung] = {}
    for row in rows:
        share = row.whole("share", None, *SHARES)
        if share in rungs:
            row.fault("share", f"another rung stands at {share} percent.", "Write one rung, and tell all roles there.")
        rungs[share] = Rung(share, tuple(str(told) for told in row.choices("tell", Told)))
        if not rungs[share].tell:
            row.fault("tell", "tells nobody.", f"Choose some of: {', '.join(Told)}.")
        row.finish()
    return tuple(rungs[share] for share in sorted(rungs))


def _services(entry: Entry, kind: AgreementKind, party: str, services: Mapping[str, Service]) -> tuple[str, ...]:
    """The services named, or with `services = "all"` every one; for a supplier every one that it runs."""
    if not entry.is_text("services"):
        return entry.references("services", "service")
    if entry.text("services") != ALL_SERVICES:
        entry.fault("services", 'is neither a list nor "all".', 'Write services = ["…"] or services = "all".')
    return tuple(
        sorted(key for key, service in services.items() if kind is not AgreementKind.UC or service.supplier == party)
    )


def _targets(entry: Entry) -> tuple[Target, ...]:
    return tuple(_target(row) for row in entry.entries("target", lack="is missing: the agreement promises nothing."))


def _target(row: Entry) -> Target:
    target = Target(
        metric=row.choice("metric", Metric),
        seconds=_time(row, "time", 'Write time = "4h": how much open time is allowed.'),
        calendar=_calendar(row),
        priorities=row.wholes("priorities", PRIORITIES, PRIORITIES[0], PRIORITIES[-1]),
        tier=row.optional("tier", Tier),
        workflows=_workflows(row) if "workflows" in row else (),
        grace=_time(row, "grace", 'Write grace = "15m", or leave it out.') if "grace" in row else 0,
    )
    row.finish()
    return target


def _calendar(row: Entry) -> str:
    """A calendar's key, or "holder"."""
    if row.says("calendar", HOLDERS_CALENDAR):
        return row.text("calendar")
    remedy = "Every target needs the calendar that it counts on: a calendar's key."
    return row.reference("calendar", "calendar", remedy=remedy)


def _workflows(row: Entry) -> tuple[str, ...]:
    """The request types that the target is for, by their workflows' keys."""
    keys, known = row.texts("workflows"), row.reading.workflows
    for key in keys:
        if known is not None and key not in known:
            row.fault("workflows", f'"{key}" is not a workflow.', suggestion(key, known))
    if not keys or len(set(keys)) < len(keys):
        problem = "names a workflow twice." if keys else "is empty."
        row.fault("workflows", problem, "Name each workflow once, or leave workflows out for all of them.")
    return tuple(sorted(set(keys)))


def _time(row: Entry, name: str, remedy: str) -> int:
    """Seconds of open time."""
    text = row.text(name, remedy=remedy)
    try:
        return parse_duration(text) if text else 0
    except DurationError as error:
        row.fault(name, str(error), error.remedy)
        return 0
