"""What happens to a form that was sent: the action is tried once, and what was typed is never lost."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from servicedesk.core.errors import AlreadyDone, Conflict, DeskError, Invalid, KeyReused, Refusal
from servicedesk.core.figures import Effect
from servicedesk.core.rights import Right
from servicedesk.store.queries.tickets import TicketView, view_ticket
from servicedesk.web import identity, language
from servicedesk.web.addresses import safe_next
from servicedesk.web.forms import drafts, fields, files, keeping
from servicedesk.web.forms.form import Form
from servicedesk.web.forms.nonce import said as typed
from servicedesk.web.reading import Reading, reading
from servicedesk.web.rendering import Kept, kept_texts, render
from servicedesk.web.speech import _, said, sentence
from servicedesk.web.ticket.conflict import Meanwhile, meanwhile
from servicedesk.web.ticket.drafts import going_on
from servicedesk.web.ticket.figures import figures
from servicedesk.web.ticket.presence import polled
from servicedesk.web.words import RIGHTS

NEVER_SEEN = 0


@dataclass(frozen=True, slots=True)
class Trouble:
    """Why it was not done. `meanwhile`: what others did. `instead`: (label, address) of what could be done."""

    title: str
    sentence: str
    meanwhile: Meanwhile | None = None
    instead: list[tuple[str, str]] = field(default_factory=list)


def version() -> int:
    """The ticket's version that the person had before them. A form without one has seen nothing."""
    text = request.form.get("version", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else NEVER_SEEN


def submit(
    number: str,
    form: Callable[[TicketView, Reading], Form | None],
    act: Callable[[Mapping[str, str], int], object],
    done: str,
    look: Callable[[Mapping[str, str]], Effect] | None = None,
) -> ResponseReturnValue:
    """Try the action, or with `look` and its button only see what it would change.

    Done, also when the same form was sent before: to the ticket, or back to the list that the form stood on. Invalid:
    422, Refusal or Conflict: 409, with what was sent. A form that was brought back is shown, and nothing is tried.
    """
    if drafts.is_brought_back():
        return _again(number, form, None)
    try:
        if look and request.form.get("look"):
            return _again(number, form, None, look(typed()))
        act(typed(), version())
    except AlreadyDone:
        pass
    except (Invalid, Refusal, Conflict) as error:
        return _again(number, form, error)
    keeping.let_go(actor=identity.viewer())
    flash(done, "success")
    return redirect(safe_next(request.form.get("next"), url_for("web.show_ticket", number=number)), 303)


def _again(
    number: str,
    form: Callable[[TicketView, Reading], Form | None],
    error: DeskError | None,
    effect: Effect | None = None,
) -> ResponseReturnValue:
    with reading() as now:
        view = view_ticket(now.connection, now.book, identity.viewer(), number)
        shown = _as_sent(form(view, now), error)
        if shown is not None and (effect or isinstance(error, Invalid)):
            # What others did meanwhile has been shown to nobody yet.
            shown = replace(shown, version=version())
        if shown is not None:
            # It is kept anew from the page that shows it, under the number that it has there.
            keeping.let_go(actor=identity.viewer())
            shown = going_on(shown, [], view, now)
        trouble = None if effect else _trouble(error, view, now, can_send_again=shown is not None)
        status = 200 if error is None else 422 if isinstance(error, Invalid) else 409
        kept = kept_texts() if shown is None else []
        if shown is None and (chosen := files.names_chosen()):
            kept.append(Kept(_("Files that you had chosen"), "\n".join(chosen)))
        foreseen = figures(effect, now.installation) if effect else None
        context = {"form": shown, "trouble": trouble, "kept": kept, "foreseen": foreseen}
        beside = polled(view.ticket, shown.version if shown else view.version, now)
        return render("web/form.html", now, view=view, **context, **beside), status


def _as_sent(form: Form | None, error: DeskError | None) -> Form | None:
    """The form with everything typed in it. After a refusal there is none: sending it again would change nothing."""
    if form is None or isinstance(error, Refusal):
        return None
    faults: dict[str, Sequence[str]] = {}
    if isinstance(error, Invalid):
        faults = {name: [sentence(text) for text in texts] for name, texts in error.fields.items()}
    for each in form.fields:
        if each.kind is fields.Kind.FILES and (chosen := files.names_chosen()):
            faults[each.name] = [*faults.get(each.name, ()), _choose_again(chosen)]
    return replace(form, fields=fields.again(form.fields, typed(), faults))


def _choose_again(chosen: list[str]) -> str:
    return _(
        "You had chosen %(files)s. The browser does not keep files between two pages: choose them again.",
        files=", ".join(chosen),
    )


def _trouble(error: DeskError | None, view: TicketView, now: Reading, *, can_send_again: bool) -> Trouble | None:
    if isinstance(error, Invalid):
        return None
    if error is None:
        changed = meanwhile(view, version(), now) if version() != view.version else None
        return Trouble(_("You are signed in again"), drafts.not_saved(can_send_again), changed)
    if isinstance(error, KeyReused):
        return Trouble(_("This form has already been sent"), other_than_sent())
    if isinstance(error, Conflict):
        return Trouble(_("Somebody was faster"), _faster(can_send_again), meanwhile(view, version(), now))
    assert isinstance(error, Refusal)
    return Trouble(_("That cannot be done now"), said(error), instead=_instead(error, view, now))


def other_than_sent() -> str:
    """Of a form that has been sent before, with other words."""
    return _("Something else stood in it then, and that is saved. What stands below is not: send it to save it too.")


def _faster(can_send_again: bool) -> str:
    if can_send_again:
        return _("Nothing of yours has been saved yet. Read what has changed, then send yours again or let it go.")
    return _("Nothing of yours has been saved. What you were about to do can no longer be done: read what has changed.")


def _instead(refusal: Refusal, view: TicketView, now: Reading) -> list[tuple[str, str]]:
    """What the same person could do: steps lead to their own page, everything else to the ticket."""
    definition = now.book.definition(view.ticket.workflow_version)
    found = []
    for key in refusal.allowed:
        if key in list(Right):
            found.append((str(RIGHTS[key]), url_for("web.show_ticket", number=view.number)))
        elif step := definition.step(key):
            address = url_for("web.show_step", number=view.number, transition=key)
            found.append((step.labels[language.current()], address))
    return found
