"""What a browser fetches before the first page can be seen: little, compressed, and once."""

import gzip
import re
import runpy
from pathlib import Path
from urllib.parse import urljoin

import pytest
from flask.testing import FlaskClient

from servicedesk.actions.desk import Desk
from servicedesk.web.assets import BUNDLES, COMMENTS, FOR_READERS, STATIC
from tests.support.desk import ticket_after
from tests.support.pages import Page
from tests.web.conftest import People

TOP = Path(__file__).parents[2]
CUT = runpy.run_path(str(TOP / ".ci/cut_styles.py"))
# Of all that a first view fetches, its page aside: what issue 6 promises.
MOST_BYTES = 100_000
GZIP = {"Accept-Encoding": "gzip, deflate, br"}
FETCHED = {"link": "href", "script": "src", "img": "src"}


def fetched(client: FlaskClient, path: str) -> dict[str, int]:
    """How many bytes travel for each file that the page needs, those that its styles name with them."""
    page = Page(client.get(path))
    assert page.status == 200, path
    wanted = [a[FETCHED[tag]] for tag, a in page.elements if FETCHED.get(tag) in a and a.get("rel") != "alternate"]
    travelled: dict[str, int] = {}
    while wanted:
        address = wanted.pop()
        if address in travelled or address.startswith("data:"):
            continue
        answer = client.get(address, headers=GZIP)
        assert answer.status_code == 200, address
        travelled[address] = len(answer.data)
        if answer.mimetype == "text/css":
            css = gzip.decompress(answer.data).decode()
            wanted += [
                urljoin(address, one)
                for one in re.findall(r'url\("?([^")]+)', css)
                if not one.startswith(("data:", "#"))
            ]
    return travelled


@pytest.mark.parametrize("path", ["/queue", "/tickets/2026-00001", "/tickets/new", "/search?q=logga", "/notices"])
def test_a_first_view_fetches_less_than_100_kb(person_at: People, desk: Desk, path: str) -> None:
    ticket_after(desk, "take")
    travelled = fetched(person_at("first_line_lulea").client, path)
    assert any(address.startswith("/assets/vendor/inter/") for address in travelled), "the letters are counted"
    assert 30_000 < sum(travelled.values()) < MOST_BYTES, travelled


def test_those_without_an_account_fetch_less_still(person_at: People) -> None:
    client = person_at("first_line_lulea").client
    assert sum(fetched(client, "/driftinfo").values()) < MOST_BYTES / 2


def test_every_file_of_a_page_is_compressed_for_those_who_take_it_and_kept_for_ever(person_at: People) -> None:
    client = person_at("first_line_lulea").client
    for address in fetched(client, "/queue"):
        answer = client.get(address, headers=GZIP)
        assert "max-age=31536000" in answer.headers["Cache-Control"], address
        if not address.partition("?")[0].endswith(".woff2"):
            assert answer.headers["Content-Encoding"] == "gzip" and "Accept-Encoding" in answer.headers["Vary"]
            plain = client.get(address)
            assert "Content-Encoding" not in plain.headers and plain.data == gzip.decompress(answer.data)
        again = client.get(address, headers={"If-None-Match": answer.headers["ETag"]})
        assert again.status_code == 304 and not again.data


def test_an_address_without_the_content_s_hash_is_asked_for_anew(person_at: People) -> None:
    client = person_at("first_line_lulea").client
    for address in ("/assets/css/desk.css", "/assets/desk.js", "/assets/css/brand.css"):
        assert "31536000" not in client.get(address).headers["Cache-Control"]
    assert client.get("/assets/css/none.css", headers=GZIP).status_code == 404
    assert client.get("/assets/../assets.py", headers=GZIP).status_code == 404


def test_a_style_travels_without_what_only_its_reader_needs() -> None:
    css = (
        '/* why */\n.a { content: "/* not why */"; }\n\n    .b { top: 0; }  \n'
        ".c { background: url(data:x,/*y*/); }\n/*! of a licence */\n.d::after { content: '\\'/*'; }"
    )
    assert FOR_READERS.sub(lambda found: found[1] or "", css) == (
        '\n.a { content: "/* not why */"; }\n.b { top: 0; }\n'
        ".c { background: url(data:x,/*y*/); }\n/*! of a licence */\n.d::after { content: '\\'/*'; }"
    )


def test_a_script_travels_without_its_comments_and_says_the_same() -> None:
    assert (
        COMMENTS.sub("", "// why\nconst a = 'http://x'; // how\n  // that\n  f();\n")
        == "const a = 'http://x'; // how\n  f();\n"
    )
    for name in (one for one in BUNDLES["desk.js"] if not one.startswith("vendor/")):
        script = COMMENTS.sub("", (STATIC / name).read_text(encoding="utf-8"))
        assert not [text for text in re.findall(r"`[^`]*`", script) if "\n" in text], f"{name}: a text of several lines"


def test_every_stylesheet_and_script_is_fetched_by_some_page() -> None:
    templates = "".join(file.read_text(encoding="utf-8") for file in (TOP / "servicedesk").rglob("*.html"))
    bundled = {name for names in BUNDLES.values() for name in names}
    asked = {name for inside in re.findall(r"asset\(([^)]*)\)", templates) for name in re.findall(r"'([^']*)'", inside)}
    for file in (*STATIC.glob("css/*.css"), *STATIC.glob("*.js")):
        name = file.relative_to(STATIC).as_posix()
        assert name in bundled | asked, f"{name}: a line in web/assets.py"
    assert not [name for name in bundled if not (STATIC / name).is_file()]


# `:has()` of the whole page, or of any element at all: an ancestor of everything, in the end.
ASKS_THE_PAGE = re.compile(r"(?:^|[\s,>+~{}])(?:html|body|main|:root)?(?::(?:not|is|where)\()*:has\(")


def test_no_style_asks_of_a_whole_page_what_is_in_it() -> None:
    """Or each change, a letter in the palette, a tick in a list, would have the style of all of it reckoned anew."""
    asking = [":has(label) .a{}", "body:has(.b) .a{}", "@media (x) { html:has(.b){} }", ".c:is(.d,:not(:has(p)) a){}"]
    assert all(ASKS_THE_PAGE.search(one) for one in asking)
    fine = [".a:has(.b){}", ".a:not(:has(.b)){}", "label:has(:checked){}", ".a[x]:not(.b):has(p){}", "main .a:has(p){}"]
    assert not any(ASKS_THE_PAGE.search(one) for one in fine)
    for name in BUNDLES:
        if name.endswith(".css"):
            css = "".join((STATIC / one).read_text(encoding="utf-8") for one in BUNDLES[name])
            on_screen = re.sub(r"/\*.*?\*/|@media print \{.*?\n\}", "", css, flags=re.DOTALL)
            assert not [found[0] for found in ASKS_THE_PAGE.finditer(on_screen)], name


# Of the vendored viewer, and the first half of names that are put together: `write-note`, `piece-work`.
OF_OTHERS = re.compile(
    r"swagger-ui|opblock.*|scheme-container|btn|wrapper|info|version-stamp|authorize|cancel|execute|download-contents"
    r"|header-col|parameter__in|response-control.*|dark-mode"
)
PUT_TOGETHER = re.compile(r"(write|piece|picture|topbar|diagram)-")


def test_every_class_of_a_stylesheet_is_on_some_page() -> None:
    sources = [
        *(TOP / "servicedesk").rglob("*.html"),
        *STATIC.glob("*.js"),
        *(TOP / "servicedesk/web").rglob("*.py"),
    ]
    named = set(re.findall(r"[A-Za-z_][\w-]*", " ".join(file.read_text(encoding="utf-8") for file in sources)))
    dead = set()
    for file in STATIC.glob("css/*.css"):
        css = re.sub(r'/\*.*?\*/|"[^"]*"', "", file.read_text(encoding="utf-8"), flags=re.DOTALL)
        for heads in re.findall(r"(?:^|[{};])([^{};@]+)\{", css):
            for name in re.findall(r"\.([a-zA-Z][\w-]*)", heads):
                if name not in named and not OF_OTHERS.fullmatch(name) and not PUT_TOGETHER.match(name):
                    dead.add(f"{file.name}: .{name}")
    assert not dead, "no page has it: delete it"


def test_the_components_that_pages_use_were_not_cut_away() -> None:
    sources = [*(TOP / "servicedesk").rglob("*.html"), *STATIC.glob("*.js"), *(TOP / "servicedesk").rglob("*.py")]
    used = set(re.findall(r"""["' ]ds-([a-z]+(?:-[a-z]+)*)["' ]""", " ".join(f.read_text("utf-8") for f in sources)))
    assert {"button", "input"} <= used
    styles = {name for name in used if not name.startswith(("color-", "font-"))}
    assert styles <= CUT["KEPT"], "name them in .ci/cut_styles.py and run .ci/vendor"


def test_a_cut_keeps_rules_of_what_is_used_in_their_layers_and_leaves_the_rest() -> None:
    css = (
        '@layer a, b;@layer b{.ds-button{color:red}.ds-chip,.ds-link:is(.x,.y){--u:url("data:,{}")}'
        ".ds-chip{&:hover{top:0}}}"
        "@media print{.ds-alert{top:0}}@keyframes k{0%{opacity:0}}:root{--a:1}.ds-card .ds-button{top:0}"
    )
    assert CUT["cut"](css) == (
        '@layer a, b;@layer b{.ds-button{color:red}.ds-link:is(.x,.y){--u:url("data:,{}")}}'
        "@keyframes k{0%{opacity:0}}:root{--a:1}.ds-card .ds-button{top:0}"
    )
    assert CUT["cut"](".a:is(:not(:has(thead)) tbody,.b){}") == ".a:is(.ds-table:not(:has(thead)) tbody,.b){}"
    whole = (STATIC / "vendor/designsystemet/components.css").read_text(encoding="utf-8")
    assert CUT["cut"](whole) == whole, "cut once, nothing more can go"
