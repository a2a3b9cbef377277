"""A person at the pages without a browser: signs in, reads forms as they stand, sends them as a browser would."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

from flask import Flask
from werkzeug.test import TestResponse

from servicedesk.actions.desk import Desk
from servicedesk.actions.signin import session_mark
from tests.support.desk import PASSWORD, PERSONAS, person


@dataclass
class SeenForm:
    action: str
    fields: dict[str, str] = field(default_factory=dict)


class Page(HTMLParser):
    """What a page says: its words in order, its forms with what stands in them, the ids it describes things by."""

    VOID = frozenset({"input", "br", "meta", "link", "img"})
    QUIET = frozenset({"script", "style", "title"})

    def __init__(self, response: TestResponse) -> None:
        """Reads the response to its end and closes it."""
        super().__init__()
        self.status = response.status_code
        self.html = response.get_data().decode(errors="replace")
        self.location = response.headers.get("Location", "")
        self.headers = response.headers
        response.close()
        self.forms: list[SeenForm] = []
        self.elements: list[tuple[str, dict[str, str]]] = []
        self._words: list[str] = []
        self._open: list[str] = []
        self._area = self._select = ""
        self.feed(self.html)

    @property
    def text(self) -> str:
        return " ".join("".join(self._words).split())

    def form(self, ending: str, holding: str = "") -> dict[str, str]:
        """What stands in the form whose address ends like this, the first with a field of that name."""
        forms = (dict(form.fields) for form in self.forms if form.action.endswith(ending))
        return next(fields for fields in forms if not holding or holding in fields)

    def has_form(self, ending: str) -> bool:
        return any(form.action.endswith(ending) for form in self.forms)

    def element(self, id: str) -> dict[str, str]:
        return next(attributes for _, attributes in self.elements if attributes.get("id") == id)

    def links(self) -> list[str]:
        return [attributes["href"] for tag, attributes in self.elements if tag == "a" and "href" in attributes]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = {name: value if value is not None else name for name, value in attrs}
        self.elements.append((tag, attributes))
        if tag not in self.VOID:
            self._open.append(tag)
        if tag == "form":
            self.forms.append(SeenForm(attributes.get("action", "")))
        elif tag == "input":
            self._input(attributes)
        elif tag == "textarea":
            self._area = attributes.get("name", "-")
            self._set(self._area, "")
        elif tag == "select":
            self._select = attributes["name"]
        elif (
            tag == "option"
            and self._select
            and (attributes.get("selected") or self._select not in self.forms[-1].fields)
        ):
            self._set(self._select, attributes["value"])
        elif tag in ("p", "div", "li", "td", "dt", "dd", "br", "span"):
            self._words.append(" ")

    def handle_endtag(self, tag: str) -> None:
        if tag in self._open:
            del self._open[len(self._open) - 1 - self._open[::-1].index(tag) :]
        if tag == "textarea":
            self._area = ""
        elif tag == "select":
            self._select = ""

    def handle_data(self, data: str) -> None:
        if self._area:
            before = self.forms[-1].fields.get(self._area, "") if self.forms else ""
            # A browser drops the first line break of a text area.
            self._set(self._area, before + (data.removeprefix("\n") if not before else data))
        if not self.QUIET & set(self._open):
            self._words.append(data)

    def _input(self, attributes: Mapping[str, str]) -> None:
        is_chosen = attributes.get("type") not in ("radio", "checkbox") or "checked" in attributes
        if "name" in attributes and is_chosen:
            self._set(attributes["name"], attributes.get("value", ""))

    def _set(self, name: str, value: str) -> None:
        if "form" in self._open and name != "-":
            self.forms[-1].fields[name] = value


class Visitor:
    """One person at one browser."""

    def __init__(self, app: Flask) -> None:
        self.client = app.test_client()

    def get(self, path: str) -> Page:
        return Page(self.client.get(path))

    def post(self, path: str, data: Mapping[str, Any] | None = None) -> Page:
        """As it is given: with no token unless it is there."""
        answer = self.client.post(path, data=data or {})
        # What is large lies on the disk until then.
        answer.request.environ["wsgi.input"].close()
        return Page(answer)

    def send(self, path: str, action: str = "", **said: str) -> Page:
        """Open `path`, fill in the form whose address ends with `action` (the page's own without), and send it."""
        page = self.get(path)
        action = action or path
        form = next(form for form in page.forms if form.action.endswith(action))
        return self.post(form.action, {**form.fields, **said})

    def follow(self, page: Page) -> Page:
        assert page.status == 303, f"{page.status}: {page.text}"
        return self.get(page.location)

    def sign_in(self, email: str, password: str = PASSWORD, onward: str = "") -> Page:
        address = f"/sign-in?next={onward}" if onward else "/sign-in"
        return self.send(address, "/sign-in", email=email, password=password)


def session_of(desk: Desk, name: str) -> dict[str, str]:
    """What the persona's session holds after signing in, for tests that need no form."""
    key = PERSONAS[name]
    return {"_user_id": f"{session_mark(desk, key)}/{key}"}


def cookie_of(app: Flask, name: str) -> str:
    """The session cookie that the persona's browser carries."""
    client = app.test_client()
    with client.session_transaction() as session:
        session.update(session_of(app.extensions["desk"], name))
    cookie = client.get_cookie("session")
    assert cookie is not None
    return cookie.value


def signed_in(app: Flask, name: str) -> Visitor:
    """The persona, at the front page."""
    desk: Desk = app.extensions["desk"]
    visitor = Visitor(app)
    page = visitor.sign_in(person(desk, name).email)
    assert page.location == "/", page.text
    return visitor


def tickets_over_pages(visitor: Visitor, address: str) -> list[str]:
    """The links to tickets on this page of a list and on all that follow it, in order."""
    seen: list[str] = []
    while address:
        links = visitor.get(address).links()
        seen += [link for link in links if link.startswith("/tickets/2026")]
        address = next((link for link in links if "after=" in link), "")
    return seen
