"""Files of a ticket, to be saved: none is ever shown as a page of ours."""

from collections.abc import Iterator
from itertools import count
from unicodedata import normalize
from urllib.parse import quote

from flask import Response
from flask.typing import ResponseReturnValue

from servicedesk.actions.desk import Desk
from servicedesk.extensions import desk
from servicedesk.store.queries.attachments import find_file, piece_of
from servicedesk.web.blueprint import bp
from servicedesk.web.identity import viewer
from servicedesk.web.reading import reading

# Were it opened in place after all, it could run nothing and fetch nothing.
POLICY = "sandbox; default-src 'none'"


@bp.get("/tickets/<number>/attachments/<int:seq>")
def show_attachment(number: str, seq: int) -> ResponseReturnValue:
    with reading() as now:
        found = find_file(now.connection, viewer(), number, seq)
    response = Response(_pieces(desk(), found.id), mimetype=found.media_type)
    response.content_length = found.size
    response.headers.set("Content-Disposition", "attachment", **_named(found.name))
    response.headers["Content-Security-Policy"] = POLICY
    return response


def _named(name: str) -> dict[str, str]:
    """By RFC 6266: in every letter for browsers of today, without marks for what knows no better."""
    plain = normalize("NFKD", name).encode("ascii", "ignore").decode("ascii")
    return {"filename": plain, "filename*": f"UTF-8''{quote(name, safe='')}"}


def _pieces(desk: Desk, file_id: int) -> Iterator[bytes]:
    """Each in a transaction of its own: whoever saves it slowly keeps no connection from others."""
    for number in count():
        with desk.reading() as connection:
            piece = piece_of(connection, file_id, number)
        if piece is None:
            return
        yield piece
