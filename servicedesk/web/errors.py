"""What a person is shown when something goes wrong: a sentence that helps, never a traceback.

Core's errors become HTTP's here and nowhere else."""

import logging

from flask import Flask, g, request
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from werkzeug.exceptions import HTTPException

from servicedesk.core.errors import Conflict, DeskError, Invalid, NotFound, Refusal, Unavailable
from servicedesk.store.failures import explain
from servicedesk.web import identity
from servicedesk.web.blueprint import bp
from servicedesk.web.forms import drafts
from servicedesk.web.guard import is_guarded_elsewhere
from servicedesk.web.rendering import kept_texts, render_plain
from servicedesk.web.speech import _, said

MEGABYTE = 1024 * 1024

log = logging.getLogger(__name__)

STATUS: tuple[tuple[type[DeskError], int], ...] = (
    (NotFound, 404),
    (Refusal, 409),
    (Conflict, 409),
    (Invalid, 422),
    (Unavailable, 503),
    (DeskError, 500),
)


def init_app(app: Flask) -> None:
    """Addresses that lead nowhere; the errors of our own pages are the blueprint's, below."""
    app.register_error_handler(404, lost)
    app.register_error_handler(405, lost)


def desk_error(error: DeskError) -> ResponseReturnValue:
    status = next(code for kind, code in STATUS if isinstance(error, kind))
    if status >= 500:
        log.error("%s", error, exc_info=error)
    return _page(_title(status), said(error), status)


def database_error(error: SQLAlchemyError) -> ResponseReturnValue:
    if isinstance(error, DBAPIError):
        return desk_error(explain(error))
    log.error("%s", error, exc_info=error)
    return _page(_title(500), _("The program failed. Nothing was saved."), 500)


def stale_form(error: CSRFError) -> ResponseReturnValue:
    """A form from before the person signed in anew is given back to them, as after signing in."""
    title = _("The page is out of date")
    draft = drafts.for_person(drafts.sent(), identity.viewer().key) if identity.is_signed_in() else None
    if draft:
        return render_plain("web/brought_back.html", draft=draft, title=title), 400
    sentence = _("The page is from an earlier sign-in. Nothing was saved. Open it again and send it.")
    return _page(title, sentence, 400)


def http_error(error: HTTPException) -> ResponseReturnValue:
    code = error.code or 500
    if code < 400:
        return error
    return _page(_title(code), _sentence(code), code)


def program_error(error: HTTPException) -> ResponseReturnValue:
    sentence = _("The program failed. Nothing was saved. Try again, and tell the administrator if it happens again.")
    return _page(_title(500), sentence, 500)


def lost(error: HTTPException) -> ResponseReturnValue:
    """An address that is no page. Other edges answer for their own, in their own form."""
    return error if is_guarded_elsewhere(request.path) else http_error(error)


def _title(status: int) -> str:
    titles = {
        404: _("It is not here"),
        409: _("That cannot be done now"),
        413: _("That is too much at once"),
        503: _("The service desk cannot answer now"),
    }
    return titles.get(status) or (_("Something went wrong") if status >= 500 else _("That cannot be done"))


def _sentence(status: int) -> str:
    sentences = {
        404: _("There is no such page, or it is not yours to see. Go to the queue and look from there."),
        405: _("The page cannot be reached in that way. Go to the queue and try from there."),
        413: _(
            "What was sent is larger than the %(size)s MB that the service desk takes. Nothing was saved. Go back in "
            "the browser, shorten it and send it again.",
            size=(request.max_content_length or 0) // MEGABYTE,
        ),
    }
    return sentences.get(status) or _("The request was not understood. Nothing was saved. Go back and try again.")


def _page(title: str, sentence: str, status: int) -> ResponseReturnValue:
    # A form that was too large has not been read, and reading it here would fail again, also where something else did.
    was_read = status != 413 and (request.content_length or 0) <= (request.max_content_length or 0)
    kept = kept_texts() if was_read and request.method == "POST" else []
    page = render_plain("web/error.html", title=title, sentence=sentence, kept=kept, status=status, id=g.request_id)
    return page, status


bp.register_error_handler(DeskError, desk_error)
bp.register_error_handler(SQLAlchemyError, database_error)
bp.register_error_handler(CSRFError, stale_form)
bp.register_error_handler(HTTPException, http_error)
bp.register_error_handler(500, program_error)
