"""The supplier at work: reads what has happened, makes cases of what is new, and does what its scripts say is due."""

from collections.abc import Callable
from dataclasses import dataclass

from servicedesk.client import Client, Problem
from servicedesk.supplier_desk.behaviours import SCRIPTS, SOLUTIONS, TAKE, Deed
from servicedesk.supplier_desk.book import Book, Case

OURS = "/api/v1/tickets"
# A deed that is refused now may be possible later, as when the ticket waits for somebody.
LATER_HOURS = 1.0
OVER = ("resolved", "closed", "cancelled")


@dataclass(frozen=True, slots=True)
class Supplier:
    """`hour` is how many seconds its hours last: a demonstration does not wait for real ones. `choose` gives the
    behaviour for the case that a ticket becomes."""

    book: Book
    desk: Client
    choose: Callable[[str], str]
    clock: Callable[[], float]
    hour: float = 3600.0

    def look(self, wait: int = 0) -> int:
        """Read on from where it stopped, however long ago; how many changes there were. `wait`: seconds to hold on when
        there are none."""
        count = 0
        for position, changes in self.desk.follow(self.book.position(), wait=wait):
            for change in changes:
                self._hear(change["ticket"])
            # Only now: what is heard twice does no harm, what is never heard does.
            self.book.move_to(position)
            count += len(changes)
        return count

    def work(self) -> int:
        """Do what is due; how many deeds were tried."""
        due = self.book.due(self.clock())
        for case in due:
            self._next(case)
        return len(due)

    def _hear(self, number: str) -> None:
        """Of a ticket that is with us and not yet a case. One that may no longer be read is nobody's business."""
        try:
            ticket = self.desk.read_ticket(number).data
        except Problem as problem:
            if problem.status == 404:
                return
            raise
        holder = ticket["holder"]
        if ticket["state"]["tmf_status"] in OVER or holder is None or holder["tier"] != "supplier":
            return
        behaviour = self.choose(number)
        first = SCRIPTS[behaviour][0]
        case = self.book.take_up(number, ticket["title"], behaviour, self.clock() + first.hours * self.hour)
        if ticket["reference"] != case.number:
            # So that either side finds it by the other's number.
            self.desk.set_reference(number, {"reference": case.number})

    def _next(self, case: Case) -> None:
        deed = SCRIPTS[case.behaviour][case.done]
        etag = self.desk.read_ticket(case.ticket).etag
        possible = self._possible(case)
        if deed.waits and SOLUTIONS not in possible:
            self.book.went_on(case, case.done, self.clock() + LATER_HOURS * self.hour)
            return
        if deed.resource == TAKE and TAKE not in possible and SOLUTIONS in possible:
            self._done(case)  # a colleague has taken it by hand
            return
        try:
            self._do(case, deed, etag)
        except Problem as problem:
            self._refused(case, problem)
            return
        self._done(case)

    def _done(self, case: Case) -> None:
        script, done = SCRIPTS[case.behaviour], case.done + 1
        due = self.clock() + script[done].hours * self.hour if done < len(script) else None
        self.book.went_on(case, done, due)

    def _possible(self, case: Case) -> set[str]:
        """The resources that the desk would take now."""
        actions = self.desk.list_actions(case.ticket).data["actions"]
        return {action["href"].rpartition("/")[2] for action in actions if action["possible"]}

    def _do(self, case: Case, deed: Deed, etag: str) -> None:
        """With one key for the deed, whatever happens to this process in between."""
        headers = {"Idempotency-Key": f"{case.number}-{case.done}", "If-Match": etag}
        for _ in range(deed.times):
            address = f"{OURS}/{case.ticket}/{deed.resource}"
            self.desk.transport.send("POST", address, body=dict(deed.body) or None, headers=headers)

    def _refused(self, case: Case, problem: Problem) -> None:
        """What the rules refuse now is tried later; a ticket that is gone or over is left."""
        is_over = problem.status == 404 or self._is_over(case.ticket)
        due = None if is_over else self.clock() + LATER_HOURS * self.hour
        self.book.went_on(case, case.done, due, f"{problem.code}: {problem.detail}")

    def _is_over(self, number: str) -> bool:
        return self.desk.read_ticket(number).data["state"]["tmf_status"] in OVER
