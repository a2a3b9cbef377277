"""Markdown as HTML that can do nothing, whatever was written."""

from html.parser import HTMLParser

import pytest
from flask import Flask
from hypothesis import example, given, settings
from hypothesis import strategies as st
from markupsafe import Markup

from servicedesk.web import marked as module
from servicedesk.web.marked import ATTRIBUTES, ELEMENTS, LEADS, OWN, REL, marked

app = Flask(__name__)
app.add_url_rule("/tickets/<number>", "web.show_ticket", lambda number: "")


def shown(text: str, *numbers: str, until: int = 0) -> Markup:
    with app.test_request_context():
        found = marked(text, numbers, until)
    return found[0] + found[1] if found else Markup()


@pytest.mark.parametrize(
    ("written", "html"),
    [
        ("**a** *b* _c_ `d`", "<p><strong>a</strong> <em>b</em> <em>c</em> <code>d</code></p>"),
        ("* a\nb", "<ul>\n<li>a<br>\nb</li>\n</ul>"),
        ("3. a", '<ol start="3">\n<li>a</li>\n</ol>'),
        ("> a\n\n> b\nc", "<blockquote>\n<p>a</p>\n</blockquote>\n<blockquote>\n<p>b<br>\nc</p>\n</blockquote>"),
        ("```python\na *b*\n```", "<pre><code>a *b*\n</code></pre>"),
        ("# a_b_ <b>", ""),
        ("> # a", "<blockquote>\n<p># a</p>\n</blockquote>"),
        ("*a* <script>b</script>", "<p><em>a</em> &lt;script&gt;b&lt;/script&gt;</p>"),
        ("[a](javascript:b)", "<p>[a](javascript:b)</p>"),
        ("[a](//b.example) [c](/sign-out)", "<p>[a](//b.example) [c](/sign-out)</p>"),
        ("[a](data:text/html,b)", "<p>[a](data:text/html,b)</p>"),
        ("![a](https://b.example/c.png)", f'<p>!<a href="https://b.example/c.png" rel="{REL}">a</a></p>'),
        ("[a](tel:+4611)", f'<p><a href="tel:+4611" rel="{REL}">a</a></p>'),
        (
            "(https://a.example/b_(c)).",
            f'<p>(<a href="https://a.example/b_(c)" rel="{REL}">https://a.example/b_(c)</a>).</p>',
        ),
        ("`https://a.example`", "<p><code>https://a.example</code></p>"),
    ],
)
def test_what_is_written_becomes_this_and_nothing_more(written: str, html: str) -> None:
    assert shown(written) == html or (html == "" and "<h1" not in shown(written))


def test_numbers_lead_to_tickets_that_may_be_opened_and_to_no_others() -> None:
    html = shown("2026-00001, 2026-00002, x2026-00001, 2026-000011, `2026-00001`", "2026-00001")
    assert html.count("<a ") == 1
    assert f'<a href="/tickets/2026-00001" rel="{REL}">2026-00001</a>, 2026-00002' in html


def test_a_text_without_signs_goes_no_way_about(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_marked", None)
    assert marked("Helt vanlig text, rad ett\nrad två. 14:05 & 5 < 6 – klart!") is None


def test_a_long_text_is_cut_between_two_paragraphs_and_loses_nothing() -> None:
    text = "\n\n".join(f"*{n}* " + "ord " * 50 for n in range(20))
    with app.test_request_context():
        found = marked(text, (), 1200)
    assert found
    beginning, rest = found
    assert beginning.startswith("<p><em>0</em>") and rest.startswith("<p><em>") and len(beginning.striptags()) < 1500
    assert (beginning + "\n" + rest) == shown(text)


def cut(text: str) -> tuple[Markup, Markup]:
    with app.test_request_context():
        found = marked(text, (), 1200)
    assert found
    return found


def test_a_long_paragraph_is_cut_between_two_words_and_loses_nothing() -> None:
    text = "*a* " + "ord " * 2000
    beginning, rest = cut(text)
    assert beginning.startswith("<p><em>a</em> ord") and beginning.endswith("ord</p>") and len(beginning) < 1250
    assert rest.startswith("<p>ord ord")
    assert (beginning + rest).replace("</p><p>", " ") == shown(text)
    lines = "\n".join(f"rad **{n}**" for n in range(400))
    beginning, rest = cut(lines)
    assert f"{beginning} {rest}".count("<strong>") == 400
    assert f"{beginning.striptags()} {rest.striptags()}" == shown(lines).striptags()


@pytest.mark.parametrize(
    "text", ["**" + "ord " * 1000 + "slut**", "- " + "ord " * 1000 + "\r\x95", "> " + "ord " * 1000, "`a`" + "b" * 3000]
)
def test_what_has_no_place_to_cut_is_shown_whole_and_as_it_was_meant(text: str) -> None:
    beginning, rest = cut(text + "\n\nSist.")
    assert rest == "<p>Sist.</p>"
    assert cut(text) == (shown(text), "")


class Looked(HTMLParser):
    def __init__(self, html: str) -> None:
        super().__init__()
        self.wrong: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in ELEMENTS:
            self.wrong.append(tag)
        for name, value in attrs:
            if name == "rel" and value == REL:
                continue
            if name not in ATTRIBUTES.get(tag, ()) or value is None:
                self.wrong.append(f"{tag} {name}")
            elif name == "href" and not (LEADS.match(value) or OWN.fullmatch(value)):
                self.wrong.append(value)
        if tag == "a" and dict(attrs).get("rel") != REL:
            self.wrong.append("a without rel")

    def handle_comment(self, data: str) -> None:
        self.wrong.append(data)

    def handle_decl(self, decl: str) -> None:
        self.wrong.append(decl)

    def handle_pi(self, data: str) -> None:
        self.wrong.append(data)


# What attacks are made of, and what Markdown is made of: put together in every way.
PIECES = st.sampled_from(
    [
        *[
            "<script>",
            "</script>",
            "<style>",
            "<img\tsrc=x\tonerror=alert(1)>",
            "<svg/onload=a()>",
            "<!--",
            "-->",
            "]]>",
        ],
        *[
            "<a\thref=javascript:alert(1)>",
            "<![CDATA[",
            "<?php",
            "<base\thref=//e.example>",
            "<iframe\tsrc=//e.example>",
        ],
        *[
            "javascript:",
            "JaVaScRiPt:",
            "data:text/html,",
            "vbscript:",
            "//e.example",
            "https://e.example/",
            "mailto:a@b",
            "tel:1",
        ],
        *[
            "javascript&colon;alert(1)",
            "&#106;avascript:",
            "&colon;",
            "&lt;",
            "&Tab;",
            "%6A",
            "onclick=alert(1)",
            "style=x",
            "srcset",
        ],
        *[
            "[",
            "](",
            ")",
            "![",
            "]:",
            "<",
            ">",
            '"',
            "'",
            "`",
            "```",
            "~~~",
            "**",
            "*",
            "_",
            ">",
            "-",
            "1.",
            "\\",
            "|",
            "a",
            "å",
            "😀",
            "2026-00001",
        ],
        *("java\nscript:alert(1)", "\u0001javascript:", "\x00", "\t", "\n", "\n\n", "    ", " ", "\u202e", "\u2028"),
    ]
)


@settings(max_examples=400, deadline=None)
@given(st.lists(PIECES | st.text(max_size=4), max_size=14).map("".join))
def test_nothing_comes_through_that_runs_or_loads_or_looks_otherwise(text: str) -> None:
    assert Looked(shown(text, "2026-00001")).wrong == []


@pytest.mark.long
@example("*\r\x95")
@settings(max_examples=30_000, deadline=None)
@given(st.lists(PIECES | st.text(max_size=6), max_size=30).map("".join))
def test_nor_does_it_in_many_more(text: str) -> None:
    assert Looked(shown(text, "2026-00001", until=40)).wrong == []
