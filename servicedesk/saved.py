"""The answer that is a file of a ticket, at every edge: to be saved or looked at, never shown as a page of ours."""

from unicodedata import normalize
from urllib.parse import quote

from flask import Request, Response

from servicedesk.actions.desk import Desk
from servicedesk.core.attachments import CHUNK
from servicedesk.store.queries.attachments import StoredFile, piece_of

# Were it opened in place after all, it could run nothing and fetch nothing.
POLICY = "sandbox; default-src 'none'"


class Pieces:
    """A file's bytes, each piece read in a transaction of its own: whoever saves it slowly keeps no connection from
    others. It can be begun anywhere."""

    def __init__(self, desk: Desk, file_id: int) -> None:
        self._desk, self._file, self._number, self._skip = desk, file_id, 0, 0

    def __iter__(self) -> "Pieces":
        return self

    def __next__(self) -> bytes:
        with self._desk.reading() as connection:
            piece = piece_of(connection, self._file, self._number)
        if piece is None:
            raise StopIteration
        found, self._number, self._skip = piece[self._skip :], self._number + 1, 0
        return found

    def seekable(self) -> bool:
        return True

    def seek(self, position: int) -> None:
        self._number, self._skip = divmod(position, CHUNK)

    def tell(self) -> int:
        return self._number * CHUNK + self._skip


def saved(desk: Desk, found: StoredFile, request: Request, *, look: bool = False) -> Response:
    """The file, or what `request` asks for of it: one range of its bytes, or nothing when it is there already.
    RequestedRangeNotSatisfiable for a range that it has not. `look`: a picture, to be seen where it stands."""
    response = Response(Pieces(desk, found.id), mimetype=found.media_type)
    response.content_length = found.size
    response.headers.set("Content-Disposition", "inline" if look else "attachment", **_named(found.name))
    response.headers["Content-Security-Policy"] = POLICY
    response.headers["Accept-Ranges"] = "bytes"
    response.set_etag(found.sha256)
    asked = request.range
    # Several ranges at once, and units that nobody knows, may be answered with the whole (RFC 9110, 14.2).
    in_part = asked is not None and asked.units == "bytes" and len(asked.ranges) == 1
    response.make_conditional(request, accept_ranges=in_part, complete_length=found.size)
    return response


def _named(name: str) -> dict[str, str]:
    """By RFC 6266: in every letter for browsers of today, without marks for what knows no better."""
    plain = normalize("NFKD", name).encode("ascii", "ignore").decode("ascii")
    return {"filename": plain, "filename*": f"UTF-8''{quote(name, safe='')}"}
