"""The supplier at work: reads what has happened, keeps a case of each ticket, and does what its scripts say is due.

It may die at any moment. What it has read it has read again from the position that it had kept; what it was about to
send is written down before it is sent, and sent again under the same key.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import cast

from servicedesk.client import Client, Problem
from servicedesk.client.transport import may_try_again
from servicedesk.supplier_desk.behaviours import DOWN_HOURS, SCRIPTS, SOLUTIONS, SPOKEN, TAKE, Deed
from servicedesk.supplier_desk.book import Book, Case, Done, Told

OURS = "/api/v1/tickets"
# What is not possible now may be later, as when the ticket waits for somebody.
LATER_HOURS = 1.0
# So few that work is not kept waiting by a long absence, and that who is killed often gets on all the same.
AT_A_TIME = 20
OVER = ("resolved", "closed", "cancelled")
CHANGED_MEANWHILE, NOT_FOUND = 412, 404


def is_passing(problem: Problem) -> bool:
    """Whether the desk may answer otherwise in a while: it is away, busy, or has a fault of its own."""
    return may_try_again(problem) or problem.status >= 500


@dataclass(frozen=True, slots=True)
class Supplier:
    """`hour` is how many seconds its hours last: a demonstration does not wait for real ones. `choose` gives the
    behaviour for the next ticket that comes to us, or comes back. `from_now`: what is over is none of our business. A
    passing Problem ends what is going on, and nothing is lost by that."""

    book: Book
    desk: Client
    choose: Callable[[], str]
    clock: Callable[[], float]
    hour: float = 3600.0
    from_now: bool = False

    def look(self, wait: int = 0) -> int:
        """Read a little further from where it stopped, however long ago; how many changes there were. `wait`: seconds
        to hold on when there are none."""
        if self.is_down():
            return 0
        if self.from_now and not self.book.kept("position"):
            self._take_stock()
        try:
            page = self.desk.list_changes(after=self.book.position(), wait=wait, limit=AT_A_TIME).data
        except Problem as problem:
            if problem.go_on_from is None:
                raise
            return self._read_again(problem.go_on_from)
        for number in dict.fromkeys(change["ticket"] for change in page["changes"]):
            self._hear(number)
        # Only now: what is heard twice does no harm, what is never heard does.
        self.book.move_to(page["after"])
        return len(page["changes"])

    def work(self) -> int:
        """Do what is due; how many cases were looked at."""
        due = [] if self.is_down() else self.book.due(self.clock())
        for case in due:
            self._next(case)
        return len(due)

    def is_down(self) -> bool:
        return self.clock() < float(self.book.kept("down_until") or 0)

    def _take_stock(self) -> None:
        """Of what is open, and from here on follow the feed: read first where that ends, so that nothing is lost."""
        end = self.desk.list_changes(after=0, limit=1).data["last"]
        for line in self.desk.every_ticket(scope="open"):
            self._hear(line["number"])
        self.book.move_to(end)

    def _read_again(self, end: int) -> int:
        """Every ticket as it is, now that the desk was restored from a backup; how many. What we had done and the desk
        has forgotten is done again."""
        numbers = [line["number"] for line in self.desk.every_ticket(scope="all")]
        for number in numbers:
            self._hear(number)
        for case in self.book.cases():
            self._do_again(case)
        self.book.move_to(end)
        return len(numbers)

    def _do_again(self, case: Case) -> None:
        told = {text for entry in self.book.told(case.ticket) for text in entry.texts.values()}
        lost = [deed for deed in self.book.deeds(case) if deed.is_done and not _spoken(deed) <= told]
        if lost and case.done:
            resources = [deed.resource for deed in SCRIPTS[case.behaviour]]
            self.book.work_on(case, case.behaviour, resources.index(lost[0].resource), self.clock())

    def _hear(self, number: str) -> None:
        """Write down how a ticket is now. One that may no longer be read stays as it was last told."""
        try:
            ticket = self.desk.read_ticket(number).data
            timeline = self._timeline(number)
        except Problem as problem:
            if problem.status == NOT_FOUND:
                return
            raise
        case = self.book.write_down(number, ticket["title"], ticket["state"]["category"], timeline)
        if ticket["reference"] != case.number:
            # So that either side finds it by the other's number.
            self.desk.set_reference(number, {"reference": case.number})
        holder = ticket["holder"]
        if ticket["state"]["tmf_status"] in OVER or holder is None or holder["tier"] != "supplier":
            return
        is_begun = case.behaviour and (case.done == 0 or not all(deed.is_done for deed in self.book.deeds(case)))
        if not case.behaviour or (not is_begun and TAKE in self._possible(number)):
            self._begin(case)

    def _timeline(self, number: str) -> list[Told]:
        entries = self.desk.read_timeline(number).data["entries"]
        return [
            Told(entry["position"], entry["kind"], entry["party"], cast("Mapping[str, str | None]", entry["texts"]))
            for entry in entries
        ]

    def _begin(self, case: Case) -> None:
        """From the beginning of a script: the ticket has come to us."""
        behaviour = self.choose()
        self.book.work_on(case, behaviour, 0, self.clock() + SCRIPTS[behaviour][0].hours * self.hour)
        if hours := DOWN_HOURS.get(behaviour):
            self.book.keep(down_until=str(self.clock() + hours * self.hour))

    def _next(self, case: Case) -> None:
        deeds = self.book.deeds(case)
        if deeds and not deeds[-1].is_done:
            # Whether it arrived before we fell silent is not known: it is sent again, whatever is possible now.
            self._carry_out(case, deeds[-1])
            self._hear(case.ticket)
            return
        deed = SCRIPTS[case.behaviour][case.done]
        try:
            ticket = self.desk.read_ticket(case.ticket)
            possible = self._possible(case.ticket)
        except Problem as problem:
            self._not_now(case, problem)
            return
        if ticket.data["state"]["tmf_status"] in OVER:
            self.book.work_on(case, case.behaviour, case.done, None)
        elif deed.resource in possible:
            new = Done(len(deeds) + 1, deed.resource, _said(case, deed, len(deeds) + 1), ticket.etag, False)
            self.book.will_do(case, new)
            self._carry_out(case, new)
        elif deed.resource == TAKE and SOLUTIONS in possible:
            self.book.work_on(case, case.behaviour, case.done + 1, self._after(case))  # a colleague has, by hand
        else:
            self.book.work_on(case, case.behaviour, case.done, self._later(), f"{deed.resource} is not possible now")

    def _carry_out(self, case: Case, deed: Done) -> None:
        """With one key for the deed, whatever happens to this process in between."""
        headers = {"Idempotency-Key": f"{self.book.kept('book')}-{case.id}-{deed.ordinal}", "If-Match": deed.etag}
        times = SCRIPTS[case.behaviour][case.done].times
        try:
            for _ in range(times):
                address = f"{OURS}/{case.ticket}/{deed.resource}"
                self.desk.transport.send("POST", address, body=dict(deed.body) or None, headers=headers)
        except Problem as problem:
            if is_passing(problem):
                raise
            if not self._stands_there(case, deed):
                self._refused(case, deed, problem)
                return
        self.book.has_done(case, deed, self._after(case))

    def _stands_there(self, case: Case, deed: Done) -> bool:
        """Whether the desk has it after all: it remembers a key for a day, its timeline for ever."""
        said = _spoken(deed)
        try:
            timeline = self._timeline(case.ticket)
        except Problem as problem:
            if problem.status == NOT_FOUND:
                return False
            raise
        return any(said & set(entry.texts.values()) for entry in timeline)

    def _refused(self, case: Case, deed: Done, problem: Problem) -> None:
        """One that has changed meanwhile is looked at anew; what the rules refuse is tried later; a ticket that is gone
        is left."""
        if problem.status == NOT_FOUND:
            due = None
        else:
            due = self.clock() if problem.status == CHANGED_MEANWHILE else self._later()
        self.book.has_not_done(case, deed, due, f"{problem.code}: {problem.detail}")

    def _not_now(self, case: Case, problem: Problem) -> None:
        if problem.status != NOT_FOUND:
            raise problem
        self.book.work_on(case, case.behaviour, case.done, None, f"{problem.code}: {problem.detail}")

    def _possible(self, number: str) -> set[str]:
        """The resources that the desk would take now."""
        actions = self.desk.list_actions(number).data["actions"]
        return {action["href"].rpartition("/")[2] for action in actions if action["possible"]}

    def _after(self, case: Case) -> float | None:
        """When the deed after this one may be; None after the last."""
        script, done = SCRIPTS[case.behaviour], case.done + 1
        return self.clock() + script[done].hours * self.hour if done < len(script) else None

    def _later(self) -> float:
        return self.clock() + LATER_HOURS * self.hour


def _spoken(deed: Done) -> set[str]:
    return {text for name, text in deed.body.items() if name in SPOKEN}


def _said(case: Case, deed: Deed, ordinal: int) -> dict[str, str]:
    """With our own mark in what people read, so that either side can tell one from another."""
    mark = f" (Vårt ärende {case.number}, {ordinal}.)"
    return {name: text + mark if name in SPOKEN else text for name, text in deed.body.items()}
