"""The pages of whoever asked: their own ticket, and what they can do with it."""

from collections.abc import Callable

from flask import redirect, request
from flask.typing import ResponseReturnValue

from servicedesk.actions import requesting
from servicedesk.actions.links import choose_language
from servicedesk.actions.once import has_done
from servicedesk.core.errors import AlreadyDone, Invalid, KeyReused, Refusal
from servicedesk.core.events import EntryAdded
from servicedesk.core.inputs import clean_text
from servicedesk.core.vocabulary import Language, Verb
from servicedesk.extensions import desk
from servicedesk.saved import saved
from servicedesk.store.queries.attachments import find_file
from servicedesk.store.queries.requesters import view_as_requester
from servicedesk.web.forms.drafts import is_brought_back
from servicedesk.web.forms.files import sent_files
from servicedesk.web.forms.nonce import said, sent_once
from servicedesk.web.reading import reading
from servicedesk.web.rendering import render_plain
from servicedesk.web.requester.doors import Door, opens
from servicedesk.web.requester.page import NOTHING, Sent, requester_page
from servicedesk.web.speech import _, sentence
from servicedesk.web.speech import said as told
from servicedesk.web.words import RATINGS

# Refusals in words for whoever asked; the others speak of steps and states, to those who work with them.
PLAIN = frozenset({"locked", "closed", "not_now"})


@opens("ticket")
def show(door: Door) -> ResponseReturnValue:
    return _page(door)


@opens("attachment", "/attachments/<int:seq>")
def show_file(door: Door, seq: int) -> ResponseReturnValue:
    with reading() as now:
        found = find_file(now.connection, door.actor, door.number, seq)
    return saved(desk(), found, request)


@opens("answer", "/answers", "POST")
def answer(door: Door) -> ResponseReturnValue:
    return _step(door, "answer", Verb.ANSWER, "answer")


@opens("confirm", "/confirmations", "POST")
def confirm(door: Door) -> ResponseReturnValue:
    return _step(door, "confirm", Verb.CONFIRM)


@opens("reopen", "/reopenings", "POST")
def reopen(door: Door) -> ResponseReturnValue:
    return _step(door, "reopen", Verb.REOPEN, "reason")


@opens("message", "/messages", "POST")
def send(door: Door) -> ResponseReturnValue:
    if _has_said_already(door):
        trouble = _("You have sent us exactly this before, and we have it. Write what you want to add.")
        return _page(door, Sent("message", said(), trouble=trouble)), 409

    def act() -> None:
        text = request.form.get("body", "")
        requesting.send_message(
            desk(), door.number, text, actor=door.actor, files=sent_files(), once=sent_once(door.actor)
        )

    return _try(door, "message", act)


@opens("rate", "/ratings", "POST")
def rate(door: Door) -> ResponseReturnValue:
    def act() -> None:
        rating, comment = request.form.get("rating", ""), request.form.get("comment", "")
        requesting.rate(desk(), door.number, rating, comment, actor=door.actor, once=sent_once(door.actor))

    return _try(door, "rate", act)


@opens("language", "/language", "POST")
def speak(door: Door) -> ResponseReturnValue:
    if (chosen := request.form.get("language", "")) in list(Language):
        choose_language(desk(), door.number, Language(chosen), actor=door.actor)
    return redirect(door.to("ticket"), 303)


def _step(door: Door, form: str, verb: Verb, field: str = "") -> ResponseReturnValue:
    def act() -> None:
        given = {field: request.form.get(field, "")} if field else {}
        requesting.act_as_requester(
            desk(), door.number, verb, given, actor=door.actor, files=sent_files(), once=sent_once(door.actor)
        )

    return _try(door, form, act)


def _try(door: Door, form: str, act: Callable[[], None]) -> ResponseReturnValue:
    """Done, also when the same was sent before: back to the page, which says so. Else the page with what was typed."""
    if door.is_signed_in and is_brought_back():
        return _page(door, Sent(form, said(), trouble=_("Check what you have written, and send it again.")))
    try:
        act()
    except AlreadyDone:
        pass
    except Invalid as error:
        faults = {name: [sentence(text) for text in texts] for name, texts in error.fields.items()}
        return _page(door, Sent(form, said(), faults)), 422
    except KeyReused:
        trouble = _("You have sent this before with other words, and those are saved. Send it again to send these too.")
        return _page(door, Sent(form, said(), trouble=trouble)), 409
    except Refusal as refusal:
        trouble = told(refusal) if refusal.code in PLAIN else _changed()
        return _page(door, Sent(form, said(), trouble=trouble)), 429 if refusal.code == "locked" else 409
    return redirect(door.to("ticket", done=form), 303)


def _has_said_already(door: Door) -> bool:
    """A browser that goes back fills in again what was sent, in a form that is new."""
    words, once = clean_text(request.form.get("body", "")), sent_once(door.actor)
    if not words or sent_files() or is_brought_back():
        return False
    with reading() as now:
        if once and has_done(now.connection, once):
            return False
        lines = view_as_requester(now.connection, now.book, door.actor).lines
    own = next((line for line in reversed(lines) if line.is_own and isinstance(line.event.payload, EntryAdded)), None)
    return own is not None and own.texts.get("body") == words


def _changed() -> str:
    return _("It has changed since you opened the page. Read how it stands now.")


def _page(door: Door, sent: Sent = NOTHING) -> str:
    with reading() as now:
        page = requester_page(view_as_requester(now.connection, now.book, door.actor), door, now)
        done = request.args.get("done", "") if request.method == "GET" else ""
        return render_plain(
            "web/requester.html",
            page=page,
            door=door,
            sent=sent,
            done=done,
            now=now.now,
            ratings=RATINGS,
        )
