"""Everything that can happen to a clock, brought about on real tickets through the actions: one for each row of the
README's table."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial

from servicedesk.actions import changes, corrections, entries, relations
from servicedesk.actions.desk import Desk
from servicedesk.actions.installation import load_installation
from servicedesk.actions.migrating import migrate, plan_migration
from servicedesk.core.canonical import agreement_version
from servicedesk.core.facts import OPERATOR, Agreement, Target
from servicedesk.core.ticket import TicketState
from servicedesk.core.vocabulary import AgreementKind, Fault, Level, Metric, Tier
from tests.actions.clock_table import COLUMNS, Case, Looks, looks
from tests.actions.life import HOUR, at, do, go_to, journal, state, wait
from tests.actions.versions import add_a_state, changed, put_in_force
from tests.support.desk import new_ticket, persona, ticket_after

FIRST, SECOND, JOINT, SUPPLIER = "first_line_lulea", "second_line_lulea", "it_service_manager", "supplier_technician"
OTHER_SERVICE = "e-arkiv"
Evidence = Mapping[str, Case]
OUTSIDE = ("contract", "update by a tier")
Happening = Callable[["World"], Evidence]
Act = Callable[[Desk, str], object]


@dataclass
class World:
    """A desk whose days are taken one by one: each happening has a Tuesday of its own."""

    desk: Desk
    day: int = 0

    def begin(self) -> None:
        self.day += 1
        go_to(self.desk, at("2026-03-03", "09:00") + timedelta(weeks=self.day))

    def ticket(self, last: str) -> str:
        return ticket_after(self.desk, last, channel="mail").number

    def looks(self, number: str) -> Looks:
        with self.desk.reading() as connection:
            return looks(state(self.desk, number), self.desk.clock.now(), self.desk.book(connection))

    def case(self, number: str, act: Act) -> Case:
        """Half an hour goes by, and it happens."""
        wait(self.desk, minutes=30)
        before = self.looks(number)
        act(self.desk, number)
        return Case(before, self.looks(number))


def with_own_terms(desk: Desk) -> None:
    """An update is promised by everybody who can; and one service has other promises than the others to the requester
    and between the tiers."""
    with desk.reading() as connection:
        installation = desk.book(connection).installation
    agreements = {key: with_updates(agreement) for key, agreement in installation.agreements.items()}
    for key, agreement in dict(agreements).items():
        if agreement.kind is not AgreementKind.UC and OTHER_SERVICE in agreement.services:
            rest = tuple(service for service in agreement.services if service != OTHER_SERVICE)
            longer = with_targets(agreement, lambda seconds: seconds * 2)
            own = replace(longer, key=f"{key}-own", services=(OTHER_SERVICE,))
            agreements |= {key: replace(agreement, services=rest), own.key: own}
    load_installation(desk, replace(installation, agreements=agreements), [])


def with_updates(agreement: Agreement) -> Agreement:
    tier = Tier.JOINT if agreement.kind is AgreementKind.OLA else None
    others = [target for target in agreement.targets if target.metric is not Metric.UPDATE]
    urgent, usual = (
        Target(Metric.UPDATE, hours * HOUR, others[-1].calendar, priorities, tier)
        for hours, priorities in ((4, (1,)), (8, (2, 3, 4)))
    )
    return replace(agreement, targets=(*others, urgent, usual))


def of(case: Case, outside: Case | None = None) -> Evidence:
    """The supplier's clocks from a ticket that is with the supplier, if that is another."""
    return {column: outside if outside and column in OUTSIDE else case for column in COLUMNS}


def step(last: str, who: str, key: str, **given: str) -> Happening:
    """A step on a ticket that has come so far along the chain."""
    return lambda world: of(world.case(world.ticket(last), _step(who, key, **given)))


def _step(who: str, key: str, **given: str) -> Act:
    return lambda desk, number: do(desk, number, who, key, **given)


def steps(*taken: tuple[str, str], then: tuple[str, str], last: str, **given: str) -> Happening:
    """The same after more steps than the chain's."""

    def happening(world: World) -> Evidence:
        number = world.ticket(last)
        for who, key in taken:
            do(world.desk, number, who, key, **({"question": "När?"} if "ask" in key else {}))
        return of(world.case(number, _step(*then, **given)))

    return happening


def on_both(act: Act, last: str = "escalate_to_second_line") -> Happening:
    """On a ticket that the second line has not accepted (or another), and on one that the supplier has not."""

    def happening(world: World) -> Evidence:
        inside, outside = (world.ticket(each) for each in (last, "order_from_supplier"))
        return of(world.case(inside, act), world.case(outside, act))

    return happening


def with_supplier(act: Act) -> Happening:
    return lambda world: of(world.case(world.ticket("accept_at_supplier"), act))


def both(first: Happening, second: Happening) -> Happening:
    """The supplier's clocks from the second."""
    return lambda world: of(*(evidence["contract"] for evidence in (first(world), second(world))))


def logged(channel: str) -> Happening:
    def happening(world: World) -> Evidence:
        number = new_ticket(world.desk, channel=channel).number
        return of(Case({column: {} for column in COLUMNS}, world.looks(number)))

    return happening


def reply(desk: Desk, number: str) -> TicketState:
    return entries.reply(desk, number, "Vi tittar på det.", actor=persona(desk, FIRST))


def note(desk: Desk, number: str) -> TicketState:
    return entries.note_to_supplier(desk, number, "Vi söker felet.", actor=persona(desk, SUPPLIER))


def new_agreements(desk: Desk, number: str) -> None:
    """Every agreement of the ticket, in a version of its own with half the time."""
    with desk.reading() as connection:
        installation = desk.book(connection).installation
    pinned = state(desk, number).agreements.values()
    mine = {key: a for key, a in installation.agreements.items() if agreement_version(a) in pinned}
    halved = {key: with_targets(agreement, lambda seconds: seconds // 2) for key, agreement in mine.items()}
    load_installation(desk, replace(installation, agreements={**installation.agreements, **halved}), [])
    for key, agreement in halved.items():
        who = SECOND if agreement.kind is AgreementKind.SLA else JOINT
        if agreement.kind is AgreementKind.SLA or state(desk, number).joint:
            changes.change_agreement(desk, number, key, "Nytt avtal", actor=persona(desk, who))
    load_installation(desk, installation, [])


def with_targets(agreement: Agreement, times: Callable[[int], int]) -> Agreement:
    return replace(agreement, targets=tuple(replace(t, seconds=times(t.seconds)) for t in agreement.targets))


def dearer(desk: Desk, number: str) -> TicketState:
    who = JOINT if state(desk, number).joint else SECOND
    return changes.change_priority(desk, number, Level.HIGH, Level.HIGH, "Alla", actor=persona(desk, who))


def other_service(desk: Desk, number: str) -> TicketState:
    who = JOINT if state(desk, number).joint else SECOND
    return changes.classify(desk, number, Fault.PLATFORM, OTHER_SERVICE, "", "Arkivet", actor=persona(desk, who))


def to_pajala(desk: Desk, number: str) -> TicketState:
    return changes.move_municipality(desk, number, "pajala", "Bor där", actor=persona(desk, SECOND))


def merge(desk: Desk, number: str) -> TicketState:
    kept = new_ticket(desk).number
    return relations.merge(desk, number, kept, "Samma fel", actor=persona(desk, SECOND))


def take_in(desk: Desk, number: str) -> TicketState:
    """Another ticket is merged into this one."""
    gone = new_ticket(desk).number
    return relations.merge(desk, gone, number, "Samma fel", actor=persona(desk, FIRST))


def to_new_version(desk: Desk, number: str) -> None:
    put_in_force(desk, changed(add_a_state))
    migrate(desk, plan_migration(desk, "citizen_incident", {}, actor=OPERATOR), "Ny version", actor=OPERATOR)


def told_otherwise(world: World) -> Evidence:
    """Each kind of clock by a correction that concerns it."""
    return {
        "response": _late(world, "take", SECOND, reply),
        "resolution": _waited(world),
        "update": _late(world, "take", SECOND, reply),
        "acknowledgement": _late(world, "escalate_to_second_line", SECOND, _step(SECOND, "accept_in_second_line")),
        "holding": _late(world, "take", SECOND, _step(FIRST, "escalate_to_second_line")),
        "contract": _late(world, "accept_in_joint", JOINT, _step(JOINT, "order_from_supplier")),
        "update by a tier": _late(world, "accept_in_joint", JOINT, _step(JOINT, "order_from_supplier")),
    }


def _late(world: World, last: str, who: str, act: Act) -> Case:
    """Done half an hour after it truly happened, and half an hour before it is corrected."""
    world.begin()
    desk, number = world.desk, world.ticket(last)
    truly = wait(desk, minutes=10)
    wait(desk, minutes=30)
    act(desk, number)
    seq = max(event.seq for event in journal(desk, number) if not event.actor.startswith("scheduler"))
    return world.case(number, lambda d, n: corrections.correct_moment(d, n, seq, truly, "Sent", actor=persona(d, who)))


def _waited(world: World) -> Case:
    world.begin()
    desk, number = world.desk, world.ticket("take")
    began, ended = wait(desk, minutes=10), wait(desk, minutes=20)
    ask = partial(
        corrections.tell_wait, step="ask_requester_from_first_line", at=began, until=ended, reason="Vi väntade"
    )
    return world.case(number, lambda d, n: ask(d, n, actor=persona(d, SECOND)))


HAPPENINGS: dict[str, Happening] = {
    "logged, by mail, letter, web or a system": logged("mail"),
    "logged by telephone, visit or chat": logged("phone"),
    "reply to the requester": on_both(reply),
    "note, question, answer or solution by the supplier": both(
        step("take", FIRST, "take_over_in_first_line"), with_supplier(note)
    ),
    "question to the requester": step(
        "accept_in_second_line", SECOND, "ask_requester_from_second_line", question="När?"
    ),
    "question to another tier, wait for a planned change": both(
        step("accept_in_second_line", SECOND, "ask_first_line", question="När?"),
        step("accept_at_supplier", SUPPLIER, "ask_joint", question="När?"),
    ),
    "answered, or work resumed": both(
        steps(
            (SECOND, "ask_requester_from_second_line"),
            then=(SECOND, "answer_second_line"),
            last="accept_in_second_line",
            answer="Nu",
        ),
        steps((SUPPLIER, "ask_joint"), then=(JOINT, "answer_supplier"), last="accept_at_supplier", answer="Nu"),
    ),
    "handed over to another tier": step("take", FIRST, "escalate_to_second_line"),
    "handed over to the supplier": step("accept_in_joint", JOINT, "order_from_supplier"),
    "handed over sideways": step(
        "accept_in_second_line", SECOND, "hand_over_sideways", team="lulea-it", reason="Er sak", tried="Allt"
    ),
    "accepted": both(
        step("escalate_to_second_line", SECOND, "accept_in_second_line"),
        step("order_from_supplier", SUPPLIER, "accept_at_supplier"),
    ),
    "returned": both(
        step("escalate_to_second_line", SECOND, "return_to_first_line", reason="Nej"),
        step("order_from_supplier", SUPPLIER, "return_from_supplier", reason="Nej"),
    ),
    "solution proposed by the supplier": step("accept_at_supplier", SUPPLIER, "propose_solution"),
    "priority changed": on_both(dearer),
    "other service": on_both(other_service),
    "agreement changed": on_both(new_agreements, "escalate_to_joint"),
    "moved to another municipality": lambda world: of(world.case(world.ticket("escalate_to_second_line"), to_pajala)),
    "moved to a new version of its workflow": on_both(to_new_version),
    "another ticket merged into it": on_both(take_in),
    "merged into another ticket": lambda world: of(world.case(world.ticket("escalate_to_second_line"), merge)),
    "resolved": steps((SECOND, "accept_in_second_line"), then=(SECOND, "resolve_in_second_line"), last="verify"),
    "closed": step("resolve_in_second_line", FIRST, "confirm"),
    "cancelled": step(
        "escalate_to_second_line", SECOND, "cancel_in_second_line", cancel_reason="mistaken", reason="Fel"
    ),
    "reopened": step("confirm", FIRST, "reopen", reason="Nej"),
    "corrected: a priority, a moment, a wait told afterwards": told_otherwise,
}
