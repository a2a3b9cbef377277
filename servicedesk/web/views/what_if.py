"""What if: other promises tried out on what has already happened. Nothing is written, whichever way it is asked."""

from flask import request
from flask.typing import ResponseReturnValue

from servicedesk.web.blueprint import bp
from servicedesk.web.follow_up.asking import Asking, asking
from servicedesk.web.follow_up.attempt import LONGEST_FILE, Attempt, file_of, form_of, kept
from servicedesk.web.follow_up.what_if import Refused, what_if_page
from servicedesk.web.reading import Reading, reading
from servicedesk.web.rendering import render


@bp.get("/management/what-if")
def what_if() -> ResponseReturnValue:
    with reading() as now:
        asked = asking(request.args, now, "web.what_if", kept(request.args))
        return _shown(asked, form_of(request.args, asked, now), now)


@bp.post("/management/what-if")
def try_file() -> ResponseReturnValue:
    """Sent rather than asked for by address, since a file is too long for one."""
    with reading() as now:
        asked = asking(request.form, now, "web.what_if")
        file = request.files.get("file")
        content = file.stream.read(LONGEST_FILE + 1) if file and file.filename else b""
        return _shown(asked, file_of(content or request.form.get("text", "").encode(), asked, now), now)


def _shown(asked: Asking, attempt: Attempt, now: Reading) -> ResponseReturnValue:
    page = what_if_page(asked, attempt, now)
    refused = page if isinstance(page, Refused) else None
    status = refused.status if refused else 422 if asked.faults or attempt.faults or attempt.file_faults else 200
    shown = None if refused else page
    return render("web/what_if.html", now, asking=asked, attempt=attempt, page=shown, refused=refused), status
