"""What whoever writes ought to see before it is sent: said once, beside the text, and sent as it stands if they say so.

It works with and without scripts: a form that was not asked about comes back with its text, the sentences and a box to
tick.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import timedelta

from flask import request

from servicedesk.actions.once import has_done
from servicedesk.core.errors import Invalid
from servicedesk.core.events import EntryAdded
from servicedesk.core.facts import Person
from servicedesk.core.inputs import clean_text
from servicedesk.core.mentions import mentionable, shared_mentions, unknown_mentions
from servicedesk.core.templates import unfilled
from servicedesk.core.vocabulary import Audience
from servicedesk.store.queries.tickets import TicketView, view_ticket
from servicedesk.web import identity, times
from servicedesk.web.forms.fields import Choice, Field, Kind
from servicedesk.web.forms.files import sent_files
from servicedesk.web.forms.form import Form
from servicedesk.web.forms.nonce import sent_once
from servicedesk.web.reading import Reading, reading
from servicedesk.web.speech import _
from servicedesk.web.ticket.writing import supplier_of

SEEN = "as_it_stands"
# Without one of these there is nothing to look for in the words.
SIGNS = frozenset("[{@")
# The same words from the same person within this time are rather a page of before, sent again, than said twice.
SAME = timedelta(hours=12)

Make = Callable[[TicketView, Reading], Form | None]


def doubts(body: str, audience: Audience, view: TicketView, reading: Reading) -> list[str]:
    """A sentence for each; none where there is nothing to see to."""
    return [*_unfilled(body), *_unread(body, audience, view, reading), *_said_already(body, audience, view, reading)]


def _said_already(body: str, audience: Audience, view: TicketView, reading: Reading) -> list[str]:
    """A browser that goes back fills in again what was sent, in a form that is new."""
    words, me, since = clean_text(body), identity.viewer(), reading.now - SAME
    if not words or sent_files():
        return []
    for entry in reversed(view.entries):
        mine = entry.actor == f"{me.kind}:{me.key}" and entry.audience is audience
        if mine and isinstance(entry.event.payload, EntryAdded) and entry.event.recorded_at > since:
            if entry.texts.get("body") != words:
                return []
            return [_("You wrote exactly this here %(when)s.", when=times.near(entry.event.recorded_at, reading.now))]
    return []


def _unfilled(body: str) -> list[str]:
    names = unfilled(body) if not SIGNS.isdisjoint(body) else []
    if not names:
        return []
    return [_("Nothing is filled in for %(names)s. Write it yourself, or take it away.", names=", ".join(names))]


def _unread(body: str, audience: Audience, view: TicketView, reading: Reading) -> list[str]:
    """It is not said whether there is anybody of that name elsewhere."""
    if "@" not in body:
        return []
    people = readers(audience, view, reading)
    unread = unknown_mentions(body, people)
    shared = shared_mentions(body, people, reading.installation.teams)
    return [
        *(_("Nobody called %(name)s may read this: whom you mean is not told.", name=name) for name in unread),
        *(_shared(name, handles) for name, handles in shared.items()),
    ]


def _shared(name: str, handles: list[str]) -> str:
    ways = ", ".join(f"@{handle}" for handle in handles)
    return _(
        "Several are called %(name)s, and all of them are told. Write one of these to tell one: %(ways)s.",
        name=name,
        ways=ways,
    )


def readers(audience: Audience, view: TicketView, reading: Reading) -> list[Person]:
    """Those whom the viewer may mention in what is written to an audience."""
    supplier = supplier_of(view.ticket) if audience is Audience.SUPPLIER else ""
    return mentionable(identity.viewer(), view.ticket, audience, supplier, reading.installation)


def heed(number: str, audience: Audience, typed: Mapping[str, str]) -> None:
    """Invalid with what has not been seen yet. Of the same form, sent again, there is nothing more to see."""
    body, once = typed.get("body", ""), sent_once()
    if typed.get(SEEN):
        return
    with reading() as now:
        if once and has_done(now.connection, once):
            return
        view = view_ticket(now.connection, now.book, identity.viewer(), number)
        found = doubts(body, audience, view, now)
    if found:
        raise Invalid({"body": found})


def asking(make: Make, audience: Audience) -> Make:
    """The form with the box to tick, where what was sent leaves something to see to."""

    def made(view: TicketView, reading: Reading) -> Form | None:
        form = make(view, reading)
        body = request.form.get("body", "")
        if form is None or not doubts(body, audience, view, reading):
            return form
        return replace(form, fields=(*form.fields, box()))

    return made


def box() -> Field:
    yes = (Choice("yes", _("I have seen it. Send it as it stands.")),)
    return Field(SEEN, _("Is it right?"), Kind.CHECKS, choices=yes, required=False)
