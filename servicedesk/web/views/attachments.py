"""Files of a ticket, to be saved."""

from flask import request
from flask.typing import ResponseReturnValue

from servicedesk.extensions import desk
from servicedesk.saved import saved
from servicedesk.store.queries.attachments import find_file
from servicedesk.web.blueprint import bp
from servicedesk.web.identity import viewer
from servicedesk.web.reading import reading


@bp.get("/tickets/<number>/attachments/<int:seq>")
def show_attachment(number: str, seq: int) -> ResponseReturnValue:
    with reading() as now:
        found = find_file(now.connection, viewer(), number, seq)
    return saved(desk(), found, request)
