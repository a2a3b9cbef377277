"""A form of the administration: shown, sent, and shown again with all that was typed when something is wrong."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain

from flask import flash, redirect, request
from flask.typing import ResponseReturnValue

from servicedesk.core.errors import AlreadyDone, Conflict, DeskError, Invalid, KeyReused, Refusal
from servicedesk.store.queries.administration import last_change, state_of
from servicedesk.web.administration.changes import Changed, changes_shown
from servicedesk.web.administration.seeing import require_administration, sight
from servicedesk.web.forms import drafts, fields
from servicedesk.web.forms.fields import Field, Kind
from servicedesk.web.forms.nonce import said as typed
from servicedesk.web.forms.nonce import sent_once
from servicedesk.web.forms.submission import other_than_sent
from servicedesk.web.reading import Reading, reading
from servicedesk.web.rendering import render
from servicedesk.web.speech import _, said, sentence

__all__ = ["AdminForm", "choices_of", "seen", "send", "sent_once", "show", "typed"]

SEEN = "seen"


@dataclass(frozen=True, slots=True)
class Away:
    """An absence that is not over. `end`: where it is ended, '' where that is not this reader's to do."""

    first: str
    last: str
    stand_in: str
    end: str


@dataclass(frozen=True, slots=True)
class AdminForm:
    """`about`: kind and key of the thing that it changes, ('', '') for a new one. `back`: (words, address)."""

    heading: str
    action: str
    submit: str
    fields: tuple[Field, ...]
    back: tuple[str, str]
    about: tuple[str, str] = ("", "")
    lead: str = ""
    danger: bool = False
    facts: list[str] = field(default_factory=list)
    away: list[Away] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Trouble:
    """`meanwhile`: what others have changed since the form was opened."""

    title: str
    sentence: str
    meanwhile: list[Changed] = field(default_factory=list)


Make = Callable[[Reading], AdminForm]


def show(make: Make, *, by_all: bool = False) -> ResponseReturnValue:
    """`by_all`: what everybody may do of themselves."""
    if not by_all:
        require_administration()
    with reading() as now:
        return _page(now, make(now), None)


def send(make: Make, act: Callable[[], str | None], done: str, *, by_all: bool = False) -> ResponseReturnValue:
    """Try it. `act` gives the address to go on to; sent twice, the form's own way back is that."""
    if not by_all:
        require_administration()
    if drafts.is_brought_back():
        return _again(make, None)
    try:
        onward = act()
    except AlreadyDone:
        onward = None
    except (Invalid, Refusal, Conflict) as error:
        return _again(make, error)
    flash(done, "success")
    if onward is None:
        with reading() as now:
            onward = make(now).back[1]
    return redirect(onward, 303)


def seen() -> str:
    """The mark of the thing as the person has seen it."""
    return request.form.get(SEEN, "").partition(":")[0]


def _seen_after() -> int:
    text = request.form.get(SEEN, "").partition(":")[2]
    return int(text) if text.isascii() and text.isdigit() and len(text) < 18 else 0


def _again(make: Make, error: DeskError | None) -> ResponseReturnValue:
    with reading() as now:
        form, faults = make(now), {}
        if isinstance(error, Invalid):
            faults = {name: [sentence(text) for text in texts] for name, texts in error.fields.items()}
        form = replace(form, fields=fields.again(form.fields, _typed_in(form.fields), faults))
        status = 200 if error is None else 422 if isinstance(error, Invalid) else 409
        return _page(now, form, _trouble(error, form, now)), status


def _typed_in(asked: Sequence[Field]) -> dict[str, str]:
    """A box that is not ticked sends nothing, and is not ticked then."""
    ticked = {each.name: " ".join(request.form.getlist(each.name)) for each in asked if each.kind is Kind.CHECKS}
    return {**typed(), **ticked}


def _trouble(error: DeskError | None, form: AdminForm, now: Reading) -> Trouble | None:
    if error is None:
        return Trouble(_("You are signed in again"), drafts.not_saved(True))
    if isinstance(error, KeyReused):
        return Trouble(_("This form has already been sent"), other_than_sent())
    if isinstance(error, Conflict):
        words = _(
            "Nothing of yours has been saved yet. Read what has changed, then look through what you wrote and send it, "
            "or go back and leave it as it is."
        )
        return Trouble(
            _("Somebody was faster"), words, changes_shown(*form.about, now, sight(now), after=_seen_after())
        )
    if isinstance(error, Refusal):
        return Trouble(_("That cannot be done"), said(error))
    asked = {each.name for each in form.fields}
    beside = [texts for name, texts in error.fields.items() if name not in asked] if isinstance(error, Invalid) else []
    return Trouble(_("That cannot be done"), " ".join(map(sentence, chain(*beside)))) if beside else None


def _page(now: Reading, form: AdminForm, trouble: Trouble | None) -> str:
    state = f"{state_of(now.connection, *form.about)}:{last_change(now.connection, *form.about)}"
    return render("web/administration_form.html", now, form=form, seen=state, trouble=trouble)


def choices_of(pairs: Sequence[tuple[str, str]], empty: str) -> tuple[fields.Choice, ...]:
    return (fields.Choice("", empty), *fields.named(pairs))
