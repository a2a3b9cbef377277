"""An employee's own matters, signed in: what they have asked, and a new one to report. One of them is shown by the
requester's own pages (views.requester)."""

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue

from servicedesk.actions.once import outcome
from servicedesk.actions.reporting import report_matter
from servicedesk.core.errors import AlreadyDone, Invalid, KeyReused, NotFound
from servicedesk.core.requesters import reports_to
from servicedesk.extensions import desk
from servicedesk.web import identity
from servicedesk.web.blueprint import bp
from servicedesk.web.forms.drafts import is_brought_back
from servicedesk.web.forms.files import sent_files
from servicedesk.web.forms.nonce import new_nonce, said, sent_once
from servicedesk.web.reading import reading
from servicedesk.web.rendering import render
from servicedesk.web.requester.own import own_page, report_fields, report_from
from servicedesk.web.speech import _, sentence


@bp.get("/mina-arenden")
def own_tickets() -> ResponseReturnValue:
    with reading() as now:
        return render("web/own_tickets.html", now, page=own_page(request.args.get("before", ""), now))


@bp.get("/mina-arenden/nytt")
def new_report() -> ResponseReturnValue:
    return _form()


@bp.post("/mina-arenden/nytt")
def send_report() -> ResponseReturnValue:
    if is_brought_back():
        return _form(trouble=_("You are signed in again. Check what you have written, and send it."))
    try:
        with reading() as now:
            report = report_from(said(), now.installation)
        number = report_matter(desk(), report, actor=identity.viewer(), files=sent_files(), once=sent_once())
    except AlreadyDone as done:
        number = outcome(done.data["result"]).number
    except KeyReused:
        words = _("You have sent this before with other words, and those are saved. Send it again to send these too.")
        return _form(trouble=words), 409
    except Invalid as error:
        return _form({name: [sentence(text) for text in texts] for name, texts in error.fields.items()}), 422
    return redirect(url_for("web.own_ticket", number=number, done="report"), 303)


def _form(faults: dict[str, list[str]] | None = None, trouble: str = "") -> str:
    typed = said() if request.method == "POST" else {}
    with reading() as now:
        if not reports_to(identity.viewer(), now.installation):
            raise NotFound("There is no such page, or it is not yours to see.")
        asked = report_fields(now, typed, faults)
        nonce = request.form.get("nonce", "") if faults else ""
        return render("web/own_report.html", now, fields=asked, trouble=trouble, nonce=nonce or new_nonce())
