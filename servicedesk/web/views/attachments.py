"""Files of a ticket, to be saved; pictures, to be looked at."""

from flask import request
from flask.typing import ResponseReturnValue

from servicedesk.core.attachments import PICTURES
from servicedesk.core.errors import NotFound
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


@bp.get("/tickets/<number>/attachments/<int:position>/picture")
def show_picture(number: str, position: int) -> ResponseReturnValue:
    with reading() as now:
        found = find_file_at(now.connection, viewer(), number, position)
    if found.media_type not in PICTURES:
        raise NotFound("There is no such picture on %(number)s.", number=number)
    return saved(desk(), found, request, look=True)
