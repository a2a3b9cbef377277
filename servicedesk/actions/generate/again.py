"""A life lived again: the same deeds at another time, folded by the rules in force then, and whatever falls due between
them fired as a scheduler would have."""

import random
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from msgspec.structs import replace

from servicedesk.actions.demo.arrivals import contact
from servicedesk.actions.demo.cast import Cast
from servicedesk.actions.firing import fire
from servicedesk.actions.generate.lives import Deed, Life
from servicedesk.actions.log import agreements_for, day_of
from servicedesk.actions.opened import Open, Written
from servicedesk.actions.recording import event_of, kept_apart
from servicedesk.actions.work import Work
from servicedesk.core import fold
from servicedesk.core.codec import moment, stamp
from servicedesk.core.events import (
    GENESIS,
    Moved,
    MunicipalityChanged,
    Payload,
    TicketClassified,
    TicketLogged,
    body_of,
    chain_hash,
)
from servicedesk.core.vocabulary import Need


@dataclass
class Stage:
    """Where lives are lived: `work` folds by its book and writes nothing."""

    work: Work
    cast: Cast
    until: datetime

    def live(self, life: Life, ticket_id: int, number: str, opened_at: datetime, deeds: int) -> Open:
        """The ticket with every event of its life until the stage's end, ready to be written. It ends sooner where a
        timer has brought the ticket to another state than the next deed starts from."""
        shift = opened_at - life.opened_at
        who = _requester(self.cast, life.deeds[0])
        held = self._begin(life.deeds[0], ticket_id, number, opened_at, who)
        for deed in life.deeds[1:deeds]:
            at = opened_at + timedelta(seconds=deed.after)
            self._fire_until(held, at)
            if isinstance(deed.payload, Moved) and deed.payload.from_state != held.ticket.state:
                break
            held.now = at
            payload = self._moved_in_time(deed.payload, held, shift)
            self.work.record(held, payload, deed.texts, actor=deed.actor)
        self._fire_until(held, self.until)
        return held

    def _begin(self, deed: Deed, ticket_id: int, number: str, at: datetime, who: dict[str, str]) -> Open:
        assert isinstance(deed.payload, TicketLogged)
        installation = self.work.book.installation
        first = deed.payload
        agreements = agreements_for(installation, first.municipality, first.service, day_of(at, installation))
        case = str(self.cast.chance.randrange(10**6)) if first.platform_case else ""
        first = replace(first, agreements=agreements, platform_case=case)
        macs, kept = kept_apart({**deed.texts, **who}, seq=1)
        event = event_of(
            number, 1, first, macs, actor=deed.actor, party=first.municipality, occurred_at=at, recorded_at=at
        )
        body = body_of(event)
        head = chain_hash(GENESIS, body)
        held = Open(ticket_id, fold.apply(None, event, self.work.book), head, at, Written(), is_new=True)
        held.events.append((event, body, head))
        held.texts.extend({"ticket_id": ticket_id, **text} for text in kept)
        return held

    def _fire_until(self, held: Open, at: datetime) -> None:
        while due := [timer for timer in self.work.timers(held.ticket) if timer.due_at <= at]:
            held.now = due[0].due_at
            fire(self.work, held, due[0])

    def _moved_in_time(self, payload: Payload, held: Open, shift: timedelta) -> Payload:
        """Agreements are those of the day, and what was planned is planned as far ahead."""
        installation, day = self.work.book.installation, day_of(held.now, self.work.book.installation)
        if isinstance(payload, TicketClassified) and payload.service != held.ticket.service:
            return replace(
                payload, agreements=agreements_for(installation, held.ticket.municipality, payload.service, day)
            )
        if isinstance(payload, TicketClassified):
            return replace(payload, agreements=dict(held.ticket.agreements))
        if isinstance(payload, MunicipalityChanged):
            return replace(
                payload, agreements=agreements_for(installation, payload.municipality, held.ticket.service, day)
            )
        if isinstance(payload, Moved) and Need.UNTIL in payload.given:
            given: dict[str, Any] = {**payload.given, str(Need.UNTIL): stamp(moment(payload.given[Need.UNTIL]) + shift)}
            return replace(payload, given=given)
        return payload


def _requester(cast: Cast, logged: Deed) -> dict[str, str]:
    """Somebody else calls about the same matter; an anonymous caller stays one."""
    if not logged.texts.get("requester_name"):
        return {}
    name = f"{cast.says('first_name')} {cast.says('last_name')}"
    return {"requester_name": name, "requester_contact": contact(cast, name)}


def chance_of(seed: int, number: str) -> random.Random:
    """Of one ticket, whichever process makes it."""
    return random.Random(f"{seed}/{number}")
