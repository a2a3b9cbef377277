"""The post office of a scheduler: a bounded number of messages on their way at a time, each in a thread of its own, so
that a receiver that hangs holds up neither others nor the scheduler."""

from collections import Counter
from collections.abc import Callable
from queue import Empty, SimpleQueue
from threading import Thread
from time import monotonic

from servicedesk.actions.delivering import Outcome, Parcel, exchange, is_anything_due
from servicedesk.actions.desk import Desk
from servicedesk.core.undelivered import Cause, Failure
from servicedesk.scheduler.posting import post

PLACES = 16
# How long a run stays for what is on its way before the next run asks for it.
STAYS = 0.2
# How long the first that has ended waits for others: what they came to is written together.
GATHERS = 0.02

Send = Callable[[Parcel, int], Outcome]


class PostOffice:
    """One per scheduler, used by one thread at a time."""

    def __init__(self, desk: Desk, send: Send | None = None) -> None:
        self.desk = desk
        self.send = send or self._post
        self.on_their_way: Counter[int] = Counter()
        self._over: SimpleQueue[Outcome] = SimpleQueue()

    def run(self) -> int:
        """Send what is due and record what has come of it, until there is nothing that moves; how many have ended."""
        total = 0
        while True:
            outcomes = self._ended()
            total += len(outcomes)
            room = PLACES - self.on_their_way.total()
            if not outcomes and (not room or not is_anything_due(self.desk)):
                return total
            parcels = exchange(self.desk, outcomes, room, self.on_their_way)
            if not outcomes and not parcels:
                return total
            timestamp = int(self.desk.clock.now().timestamp())
            for parcel in parcels:
                self.on_their_way[parcel.webhook_id] += 1
                Thread(target=self._carry, args=(parcel, timestamp), name="delivery", daemon=True).start()

    def close(self) -> None:
        """Record what has ended; what is still on its way is sent again by whoever comes next."""
        if outcomes := self._ended():
            exchange(self.desk, outcomes, 0, {})

    def _carry(self, parcel: Parcel, timestamp: int) -> None:
        try:
            outcome = self.send(parcel, timestamp)
        except Exception as error:
            outcome = Outcome(parcel, failure=Failure(Cause.OTHER, f"{type(error).__name__}: {error}"))
        self._over.put(outcome)

    def _ended(self) -> list[Outcome]:
        """What has ended by now, waiting a moment for the first, and a shorter one for others."""
        found: list[Outcome] = []
        until = monotonic() + STAYS
        while len(found) < self.on_their_way.total():
            try:
                found.append(self._over.get(timeout=max(0.0, until - monotonic())))
            except Empty:
                break
            if len(found) == 1:
                until = monotonic() + GATHERS
        for outcome in found:
            self.on_their_way[outcome.parcel.webhook_id] -= 1
        self.on_their_way += Counter()  # without those at nothing
        return found

    def _post(self, parcel: Parcel, timestamp: int) -> Outcome:
        return post(parcel, timestamp, allowed=self.desk.callable_inside)
