"""Disruptions as an Atom feed (RFC 4287). Its ids never change: an entry's is the disruption's own, the feed's is made
of where it is served and what it is about."""

from datetime import UTC, datetime
from uuid import NAMESPACE_URL, uuid5
from xml.etree.ElementTree import Element, SubElement, register_namespace, tostring

from servicedesk.core.codec import stamp
from servicedesk.core.disruptions import Disruption
from servicedesk.web import times
from servicedesk.web.disruptions.told import News, Told
from servicedesk.web.speech import _

ATOM = "http://www.w3.org/2005/Atom"
XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
MEDIA_TYPE = "application/atom+xml; charset=utf-8"
# A feed in which nothing has ever stood was last changed then.
BEGINNING = datetime(2026, 1, 1, tzinfo=UTC)


def feed(news: News, page: str, address: str, language: str, *, name: str, mark: str) -> bytes:
    """`page`: where people read the same; `address`: the feed's own; `mark`: its drawing, of
    whoever `name` is. All whole."""
    register_namespace("", ATOM)
    root = Element(f"{{{ATOM}}}feed", {XML_LANG: language})
    _add(root, "id", f"urn:uuid:{uuid5(NAMESPACE_URL, address)}")
    _add(root, "title", title(news))
    _add(root, "updated", stamp(news.updated_at or BEGINNING))
    _link(root, "self", address, "application/atom+xml")
    _link(root, "alternate", page, "text/html")
    _add(root, "generator", name)
    _add(root, "icon", mark)
    author = SubElement(root, f"{{{ATOM}}}author")
    _add(author, "name", news.place or _("The municipalities' e-services"))
    for told in news.all:
        _entry(root, told, page)
    text: str = tostring(root, encoding="unicode")
    return f'<?xml version="1.0" encoding="utf-8"?>\n{text}'.encode()


def title(news: News) -> str:
    return ", ".join(filter(None, (_("Current disruptions"), news.place, news.about)))


def _entry(root: Element, told: Told, page: str) -> None:
    each, entry = told.disruption, SubElement(root, f"{{{ATOM}}}entry")
    _add(entry, "id", f"urn:uuid:{each.key}")
    _add(entry, "title", each.title if each.ended_at is None else _("Over: %(title)s", title=each.title))
    _add(entry, "published", stamp(each.messages[-1].at))
    _add(entry, "updated", stamp(each.updated_at))
    _link(entry, "alternate", f"{page}#d-{each.key}", "text/html")
    for term in (told.service, *told.places):
        SubElement(entry, f"{{{ATOM}}}category", {"term": term})
    _add(entry, "content", _content(told, each), type="text")


def _content(told: Told, each: Disruption) -> str:
    where = _("%(service)s in %(places)s", service=told.service, places=", ".join(told.places))
    return "\n\n".join([where, *(f"{times.long(message.at)}: {message.text}" for message in each.messages)])


def _add(parent: Element, name: str, text: str, **attributes: str) -> None:
    SubElement(parent, f"{{{ATOM}}}{name}", attributes).text = text


def _link(parent: Element, rel: str, href: str, media_type: str) -> None:
    SubElement(parent, f"{{{ATOM}}}link", {"rel": rel, "href": href, "type": media_type})
