"""Files of a ticket, to be saved."""

from flask import request
from flask.typing import ResponseReturnValue

from servicedesk.extensions import desk
from servicedesk.saved import saved
from servicedesk.store.queries.attachments import find_file_at
from servicedesk.web.blueprint import bp
from servicedesk.web.identity import viewer
from servicedesk.web.reading import reading


@bp.get("/tickets/<number>/attachments/<int:position>")
def show_attachment(number: str, position: int) -> ResponseReturnValue:
    with reading() as now:
        found = find_file_at(now.connection, viewer(), number, position)
    return saved(desk(), found, request)
