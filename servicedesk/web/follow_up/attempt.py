"""What somebody tries out: an agreement with other times in a form, or agreements and opening hours in a file."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from itertools import count

from servicedesk.core.calendars.duration import DurationError, format_duration, parse_duration
from servicedesk.core.errors import FileFaults
from servicedesk.core.facts import HOLDERS_CALENDAR, Agreement, Installation, Target
from servicedesk.core.follow_up import Reach, follower
from servicedesk.core.installations.file import ALWAYS
from servicedesk.core.installations.file_part import parse_part
from servicedesk.core.replay.substitutes import Substitutes
from servicedesk.core.text_file import require_text
from servicedesk.core.vocabulary import AgreementKind, Metric, Tier
from servicedesk.web import identity, language, names
from servicedesk.web.follow_up.asking import Asking
from servicedesk.web.forms.fields import Choice
from servicedesk.web.reading import Reading
from servicedesk.web.speech import Words, _, _l
from servicedesk.web.words import METRICS, PRIORITIES, TIERS

LONGEST_FILE = 100_000
KINDS: dict[AgreementKind, Words] = {
    AgreementKind.UC: _l("The suppliers' contracts"),
    AgreementKind.OLA: _l("Between the tiers"),
    AgreementKind.SLA: _l("To the requester, over the whole chain"),
}


@dataclass(frozen=True, slots=True)
class Cell:
    """One promise at one priority. `was` is what the agreement says now."""

    name: str
    label: str
    time: str
    calendar: str
    was: str
    fault: str = ""


@dataclass(frozen=True, slots=True)
class Promise:
    label: str
    cells: list[Cell | None]


@dataclass(frozen=True, slots=True)
class Attempt:
    """`substitutes` is None while nothing is to be tried, or `faults` say why it cannot be. `text` is a file's, as it
    was sent; `file_faults` are in English, as `load` says them."""

    choices: list[tuple[str, list[Choice]]]
    calendars: list[Choice]
    agreement: Agreement | None
    promises: list[Promise]
    priorities: list[str]
    may_send_file: bool
    faults: list[str]
    file_faults: list[str]
    text: str = ""
    substitutes: Substitutes | None = None


def form_of(args: Mapping[str, str], asking: Asking, reading: Reading) -> Attempt:
    """What stands in the address: which agreement, and other times for it."""
    offered = _offered(asking, reading.installation)
    key = args.get("agreement", "")
    agreement = offered.get(key)
    faults = [_("Choose one of the agreements in the list.")] if key and not agreement else []
    calendars = _calendars(asking, reading.installation, offered)
    cells = _cells(agreement, args, {choice.value for choice in calendars}, reading) if agreement else {}
    faults += dict.fromkeys(cell.fault for cell in cells.values() if cell.fault)
    substitutes = None
    if agreement and "try" in args and not faults:
        tried = replace(agreement, targets=_targets(agreement, cells))
        substitutes = Substitutes(agreements={tried.key: tried})
    return Attempt(
        choices=_grouped(offered, reading.installation),
        calendars=calendars,
        agreement=agreement,
        promises=_promises(agreement, cells, reading) if agreement else [],
        priorities=[str(word) for word in PRIORITIES.values()],
        may_send_file=asking.reach is not Reach.CONTRACT,
        faults=faults,
        file_faults=[],
        substitutes=substitutes,
    )


def file_of(content: bytes, asking: Asking, reading: Reading) -> Attempt:
    """What somebody sent, pasted or as a file."""
    blank = form_of({}, asking, reading)
    if not blank.may_send_file:
        return replace(blank, faults=[_("Choose one of the agreements in the list.")])
    if len(content) > LONGEST_FILE:
        size = LONGEST_FILE // 1000
        return replace(blank, faults=[_("Shorten the file to %(size)s kB, or use the command instead.", size=size)])
    name = _("what you sent")
    try:
        require_text(content, name, "")
        text = content.decode("utf-8-sig")
    except (FileFaults, UnicodeDecodeError):
        return replace(blank, faults=[_("That is not text in UTF-8. Send a TOML file.")])
    text = text.replace("\r\n", "\n")
    if not text.strip():
        return replace(blank, faults=[_("Paste something, or choose a file.")])
    try:
        known = [definition.key for definition in reading.book.workflows()]
        part = parse_part({name: text}, reading.installation, known)
    except FileFaults as error:
        return replace(blank, text=text, file_faults=[str(fault) for fault in error.faults])
    return replace(blank, text=text, substitutes=Substitutes(part.agreements, part.calendars))


def kept(args: Mapping[str, str]) -> dict[str, str]:
    """What the address says of the attempt, to be asked again of another period."""
    return {name: value for name, value in args.items() if name == "agreement" or name.startswith(("time-", "hours-"))}


def _offered(asking: Asking, installation: Installation) -> dict[str, Agreement]:
    """A supplier's own contract; to a municipality what it is promised itself, and what others do for it."""
    found = follower(identity.viewer())
    reach, own = asking.reach, found[1].organisations if found else frozenset()
    allowed: dict[Reach, Callable[[Agreement], bool]] = {
        Reach.ALL: lambda agreement: True,
        Reach.MUNICIPALITY: lambda agreement: agreement.kind is not AgreementKind.SLA or agreement.party in own,
        Reach.CONTRACT: lambda agreement: agreement.kind is AgreementKind.UC and agreement.party in own,
    }
    return {key: agreement for key, agreement in installation.agreements.items() if allowed[reach](agreement)}


def _grouped(offered: Mapping[str, Agreement], installation: Installation) -> list[tuple[str, list[Choice]]]:
    groups = []
    for kind, heading in KINDS.items():
        found = [Choice(key, _name(each, installation)) for key, each in offered.items() if each.kind is kind]
        if found:
            groups.append((str(heading), sorted(found, key=lambda choice: choice.label)))
    return groups


def _name(agreement: Agreement, installation: Installation) -> str:
    party = names.organisation(installation, agreement.party)
    return f"{party}: {agreement.name}" if agreement.name and party not in agreement.name else agreement.name or party


def _calendars(asking: Asking, installation: Installation, offered: Mapping[str, Agreement]) -> list[Choice]:
    """To a supplier those of its own contracts."""
    used = {target.calendar for agreement in offered.values() for target in agreement.targets}
    found = [
        Choice(key, each.name)
        for key, each in installation.calendars.items()
        if key != ALWAYS and (asking.reach is not Reach.CONTRACT or key in used)
    ]
    first = [Choice(ALWAYS, _("Around the clock")), Choice(HOLDERS_CALENDAR, _("The holder's own opening hours"))]
    return [*first[: 1 if asking.reach is Reach.CONTRACT else 2], *sorted(found, key=lambda choice: choice.label)]


def _cells(
    agreement: Agreement, args: Mapping[str, str], calendars: set[str], reading: Reading
) -> dict[tuple[int, int], Cell]:
    """By the target's place in the agreement and the priority."""
    found = {}
    for place, target in enumerate(agreement.targets):
        for priority in target.priorities:
            name, was = f"{place}-{priority}", format_duration(target.seconds)
            time = args.get(f"time-{name}", was).strip()
            calendar = args.get(f"hours-{name}", target.calendar)
            fault = _fault(time, calendar, target, calendars)
            label = f"{_label(target, reading)}, {PRIORITIES[priority]}"
            found[place, priority] = Cell(name, label, time, calendar, was, fault)
    return found


def _fault(time: str, calendar: str, target: Target, calendars: set[str]) -> str:
    try:
        if time:
            parse_duration(time)
    except DurationError:
        return _("Write times as 4h, 1h30m or 90s, from one second to 8760h.")
    if calendar not in calendars and calendar != target.calendar:
        return _("Choose opening hours of the list.")
    if calendar == HOLDERS_CALENDAR and target.metric not in (Metric.HOLDING, Metric.ACKNOWLEDGEMENT):
        return _("The holder's own opening hours count only for the time to accept and the time at a tier.")
    return ""


def _targets(agreement: Agreement, cells: Mapping[tuple[int, int], Cell]) -> tuple[Target, ...]:
    """A promise whose time was emptied is not made."""
    return tuple(
        replace(agreement.targets[place], seconds=parse_duration(cell.time), calendar=cell.calendar, priorities=(at,))
        for (place, at), cell in cells.items()
        if cell.time
    )


def _promises(agreement: Agreement, cells: Mapping[tuple[int, int], Cell], reading: Reading) -> list[Promise]:
    """A line for each thing promised, with a place for each priority; two targets of a thing share its line where they
    leave each other room."""
    lines: dict[tuple[str, int], list[Cell | None]] = {}
    for (place, priority), cell in cells.items():
        label = _label(agreement.targets[place], reading)
        for number in count():
            line = lines.setdefault((label, number), [None] * len(PRIORITIES))
            if line[priority - 1] is None:
                line[priority - 1] = cell
                break
    return [Promise(label, line) for (label, _number), line in lines.items()]


def _label(target: Target, reading: Reading) -> str:
    """'Andra linjen: handläggningstid (Beställning)': whom it binds, what it is, and of which request types."""
    label = str(METRICS[target.metric])
    bound = f"{TIERS[Tier(target.tier)]}: {label[:1].lower()}{label[1:]}" if target.tier else label
    known = (reading.book.workflow(key) for key in target.workflows)
    types = [definition.labels[language.current()] for definition in known if definition]
    return f"{bound} ({', '.join(types)})" if types else bound
