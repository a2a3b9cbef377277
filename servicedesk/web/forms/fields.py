"""Fields of forms: what a page asks for, and one table from what a workflow needs to the field that asks for it."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from servicedesk.core.ticket import TicketState
from servicedesk.core.vocabulary import CancelReason, Need, ResolutionCode
from servicedesk.web import times
from servicedesk.web.reading import Reading
from servicedesk.web.speech import Words, _
from servicedesk.web.words import CANCEL_REASONS, FIELD_NAMES, RESOLUTIONS


class Kind(StrEnum):
    LINE = "line"
    TEXT = "text"
    SELECT = "select"
    RADIO = "radio"
    CHECKS = "checks"
    MOMENT = "moment"
    DAY = "day"
    PICK = "pick"
    FILES = "files"


@dataclass(frozen=True, slots=True)
class Choice:
    value: str
    label: str
    group: str = ""


@dataclass(frozen=True, slots=True)
class Field:
    """`value` is what stands in it, `faults` the sentences beside it. PICK is a line with choices to be found by a few
    letters; what is sent is the words of the one that was picked. Of CHECKS any number can be chosen: the value is all
    of them, separated by spaces. `given`: what stands in it before anybody has written there."""

    name: str
    label: str
    kind: Kind = Kind.TEXT
    help: str = ""
    choices: tuple[Choice, ...] = ()
    value: str = ""
    faults: tuple[str, ...] = ()
    required: bool = True
    given: str = ""

    @property
    def groups(self) -> list[tuple[str, list[Choice]]]:
        """The choices under their headings, in the order in which these first come."""
        found: dict[str, list[Choice]] = {}
        for choice in self.choices:
            found.setdefault(choice.group, []).append(choice)
        return list(found.items())


def choices(table: Mapping[StrEnum, Words]) -> tuple[Choice, ...]:
    return tuple(Choice(str(value), str(label)) for value, label in table.items())


def named(pairs: Iterable[tuple[str, str]], group: str = "") -> list[Choice]:
    return [Choice(key, name, group) for key, name in pairs]


def again(fields: Sequence[Field], typed: Mapping[str, str], faults: Mapping[str, Sequence[str]]) -> tuple[Field, ...]:
    """The same fields with what was typed in them and what is wrong beside them."""
    return tuple(
        replace(field, value=typed.get(field.name, field.value), faults=tuple(faults.get(field.name, ())))
        for field in fields
    )


def field_of(need: Need, ticket: TicketState, reading: Reading) -> Field:
    """The field that asks for what a step needs."""
    return _OF_NEED[need](ticket, reading)


def _text(need: Need, help: Callable[[], str] = lambda: "") -> Callable[[TicketState, Reading], Field]:
    return lambda ticket, reading: Field(need, str(FIELD_NAMES[need]), help=help())


def _resolution_code(ticket: TicketState, reading: Reading) -> Field:
    options = (Choice("", _("Choose")), *choices({code: RESOLUTIONS[code] for code in ResolutionCode}))
    return Field(Need.RESOLUTION_CODE, _("How was it resolved?"), Kind.SELECT, choices=options)


def _cancel_reason(ticket: TicketState, reading: Reading) -> Field:
    options = choices({reason: CANCEL_REASONS[reason] for reason in CancelReason})
    return Field(Need.CANCEL_REASON, _("Duplicate or mistake?"), Kind.RADIO, choices=options)


def _duplicate_of(ticket: TicketState, reading: Reading) -> Field:
    label, help = _("Number of the ticket that it duplicates"), _("Only if it is a duplicate.")
    return Field(Need.DUPLICATE_OF, label, Kind.LINE, help=help, required=False)


def _team(ticket: TicketState, reading: Reading) -> Field:
    beside = reading.book.parties.beside(ticket.holder)
    options = (Choice("", _("Choose")), *(Choice(team.key, team.name) for team in beside))
    return Field(Need.TEAM, _("To which team?"), Kind.SELECT, choices=options)


def _until(ticket: TicketState, reading: Reading) -> Field:
    help = _("Work goes on by itself at this time.")
    return Field(
        Need.UNTIL,
        _("Until when?"),
        Kind.MOMENT,
        help=help,
        value=times.field_value(times.tomorrow_morning(reading.now)),
    )


_OF_NEED: dict[Need, Callable[[TicketState, Reading], Field]] = {
    Need.REASON: _text(Need.REASON),
    Need.TRIED: _text(Need.TRIED, lambda: _("So that nobody does the same again.")),
    Need.QUESTION: _text(Need.QUESTION),
    Need.ANSWER: _text(Need.ANSWER),
    Need.SOLUTION: _text(Need.SOLUTION, lambda: _("In words that the next reader understands.")),
    Need.SUPPLIER_DESCRIPTION: _text(
        Need.SUPPLIER_DESCRIPTION,
        lambda: _(
            "The supplier reads this and nothing else of what the requester wrote. "
            "Write no names, numbers or addresses of people."
        ),
    ),
    Need.RESOLUTION_CODE: _resolution_code,
    Need.CANCEL_REASON: _cancel_reason,
    Need.DUPLICATE_OF: _duplicate_of,
    Need.TEAM: _team,
    Need.UNTIL: _until,
}
