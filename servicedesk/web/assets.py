"""Styles and scripts as browsers fetch them: what every page needs in one file of each, compressed, and at an address
that carries the content's hash, so that it is fetched once.

A style or a script more for every page is a line more here. Bundles are put together in memory, from files of one
component each.
"""

import gzip
import re
from functools import cache
from hashlib import sha256
from pathlib import Path, PurePosixPath
from urllib.parse import quote

from flask import Response, request

STATIC = Path(__file__).parent / "static"
FOR_EVER = 365 * 24 * 3600
LEVEL = 9
TEXTS = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}
ADDRESS = re.compile(r'url\("(\.\./[^"?#]+)"\)')
# Of a style, what only its reader needs: comments but those of a licence, and what a line begins and ends with. What
# stands in quotes or is an address is passed over.
FOR_READERS = re.compile(
    r"""("(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|url\([^"')]*\))|/\*(?!!).*?\*/|(?<=\n)\s+|[ \t]+(?=\n)""", re.DOTALL
)
# The same of a script: lines that are a comment.
COMMENTS = re.compile(r"^[ \t]*//.*\n", re.MULTILINE)

DESIGN = ("vendor/designsystemet/theme.css", "vendor/designsystemet/components.css", "css/brand.css", "css/base.css")

BUNDLES: dict[str, tuple[str, ...]] = {
    "css/desk.css": (
        *DESIGN,
        "css/frame.css",
        "css/settings.css",
        "css/front.css",
        "css/form.css",
        "css/log.css",
        "css/queue.css",
        "css/exact.css",
        "css/triage.css",
        "css/majors_now.css",
        "css/ticket.css",
        "css/chain.css",
        "css/clock.css",
        "css/beside.css",
        "css/timeline.css",
        "css/figures.css",
        "css/marked.css",
        "css/combo.css",
        "css/composer.css",
        "css/actions.css",
        "css/conflict.css",
        "css/together.css",
        "css/notices.css",
        "css/search.css",
        "css/alarm.css",
        "css/management.css",
        "css/what_if.css",
        "css/clients.css",
        "css/administration.css",
        "css/told.css",
        "css/layers.css",
        "css/palette.css",
        "css/print.css",
    ),
    "css/open.css": (*DESIGN, "css/marked.css", "css/form.css", "css/public.css"),
    "css/reference.css": (*DESIGN, "css/docs.css", "css/viewer.css"),
    "desk.js": (
        "vendor/htmx/htmx.min.js",
        "matching.js",
        "app.js",
        "form.js",
        "live.js",
        "layers.js",
        "keys.js",
        "palette.js",
        "search.js",
        "news.js",
        "copy.js",
    ),
}


def address(name: str) -> str:
    """Of a bundle or a file, with its content's hash."""
    return f"{quote(name)}?v={_mark(name)}"


def bundle(name: str) -> Response:
    """One of BUNDLES, as Flask would send a file."""
    response = Response(_content(name), mimetype=TEXTS[PurePosixPath(name).suffix])
    response.cache_control.public = True
    response.cache_control.max_age = FOR_EVER if "v" in request.args else 0
    response.set_etag(_mark(name))
    response.make_conditional(request)
    return response


def packed(response: Response, name: str) -> Response:
    """The same, compressed if it is a text and the browser takes it."""
    if PurePosixPath(name).suffix not in TEXTS:
        return response
    response.vary.add("Accept-Encoding")
    if response.status_code == 200 and request.accept_encodings["gzip"] > 0:
        response.direct_passthrough = False
        response.set_data(_packed(name))
        response.headers["Content-Encoding"] = "gzip"
    return response


@cache
def _packed(name: str) -> bytes:
    return gzip.compress(_content(name), LEVEL, mtime=0)


@cache
def _mark(name: str) -> str:
    return sha256(_content(name)).hexdigest()[:10]


@cache
def _content(name: str) -> bytes:
    if name not in BUNDLES:
        return (STATIC / name).read_bytes()
    between = b"\n;\n" if name.endswith(".js") else b"\n"
    return between.join(_part(one) for one in BUNDLES[name])


def _part(name: str) -> bytes:
    """A file within a bundle, without what only its reader needs. What a style fetches has its lasting address."""
    text = (STATIC / name).read_text(encoding="utf-8")
    if name.endswith(".css"):
        text = ADDRESS.sub(lambda found: f'url("../{address(found[1].removeprefix("../"))}")', text)
        text = text.replace('@charset "UTF-8";', "")
        text = FOR_READERS.sub(lambda found: found[1] or "", text)
    elif not name.startswith("vendor/"):
        text = COMMENTS.sub("", text)
    return text.encode()
