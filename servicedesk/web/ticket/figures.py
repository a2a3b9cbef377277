"""What a correction changed, in words: each figure before it and after it."""

from collections.abc import Iterator
from dataclasses import dataclass

from servicedesk.core.facts import Installation
from servicedesk.core.figures import Change, Effect, Promise, Shifted
from servicedesk.core.outcomes import Outcome
from servicedesk.core.vocabulary import Tier
from servicedesk.web import names, times
from servicedesk.web.speech import Words, _, _l
from servicedesk.web.ticket.clocks import promise_name
from servicedesk.web.ticket.ledger import WAITING
from servicedesk.web.words import TIERS

OUTCOMES: dict[Outcome, Words] = {
    Outcome.RUNNING: _l("runs still"),
    Outcome.KEPT: _l("kept"),
    Outcome.BROKEN: _l("broken"),
}


@dataclass(frozen=True, slots=True)
class Line:
    """`turned` says it in words when what was broken no longer is, or the reverse, which is `is_broken`."""

    label: str
    before: str
    after: str
    turned: str = ""
    is_broken: bool = False


@dataclass(frozen=True, slots=True)
class Figures:
    of: str
    lines: list[Line]


def figures(effect: Effect, installation: Installation) -> Figures:
    promises = [_promise(change, installation) for change in effect.promises]
    return Figures(_("Figure"), [*promises, *_shares(effect, installation)])


def _promise(change: Change, installation: Installation) -> Line:
    label = promise_name(change.clock, installation)
    turned = _turned(change)
    is_broken = bool(turned) and change.after is not None and change.after.outcome is Outcome.BROKEN
    return Line(label, _figure(change.before), _figure(change.after), turned, is_broken)


def _figure(promise: Promise | None) -> str:
    if promise is None:
        return _("none")
    spent = times.hours(promise.spent)
    if not promise.target:
        return _("%(spent)s, nothing promised", spent=spent)
    target = times.hours(promise.target)
    return _("%(spent)s of %(target)s, %(outcome)s", spent=spent, target=target, outcome=OUTCOMES[promise.outcome])


def _turned(change: Change) -> str:
    if not change.is_turned:
        return ""
    assert change.before
    return _("no longer broken") if change.before.outcome is Outcome.BROKEN else _("broken by the correction")


def _shares(effect: Effect, installation: Installation) -> Iterator[Line]:
    """As holder; and of what each had, only where it went on another's account."""
    for share in effect.shares:
        if not share.is_account or (share.of in WAITING and share.of not in list(Tier)):
            yield Line(_name(share, installation), _span(share.before), _span(share.after))


def _span(seconds: int) -> str:
    return times.span(seconds) if seconds else _("none")


def _name(share: Shifted, installation: Installation) -> str:
    if share.is_account:
        return str(WAITING[share.of])[:1].upper() + str(WAITING[share.of])[1:]
    tier, organisation = share.of.split("/")
    holder = f"{TIERS[tier]}, {names.organisation(installation, organisation)}"
    return _("Time with %(holder)s", holder=holder)
