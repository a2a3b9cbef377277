"""What clients may do and what has been done with them, in plain words."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from servicedesk.core.facts import Installation
from servicedesk.core.scopes import ACT, FOLLOW, HOOKS, LOG, READ
from servicedesk.store.queries.clients import CHANGED, CREATED, SECRET, TOKEN, Happening
from servicedesk.web import times
from servicedesk.web.speech import Words, _, _l

SCOPE_WORDS: dict[str, Words] = {
    READ: _l("Read the organisation's tickets"),
    ACT: _l("Work on tickets: confirm, ask, solve, return"),
    LOG: _l("Log new tickets in the municipality"),
    FOLLOW: _l("Follow all that changes in its tickets"),
    HOOKS: _l("Have changes sent to an address of its own"),
}
KINDS: dict[str, Words] = {TOKEN: _l("Token"), SECRET: _l("Client secret (OAuth 2.0)")}
LABELS: dict[str, Words] = {
    "organisation": _l("Organisation"),
    "name": _l("Which system is it?"),
    "scopes": _l("What may it do?"),
    "addresses": _l("From which addresses may it call?"),
    "contact": _l("Whom do we ask about it?"),
    "rate": _l("Requests a minute"),
    "kind": _l("What does the system show?"),
    "expires": _l("Last day"),
    "overlap": _l("How long does the old one work on?"),
}


def scope_words(scope: str) -> str:
    return str(SCOPE_WORDS.get(scope, scope))


def who(actor: str, installation: Installation) -> str:
    kind, _colon, key = actor.partition(":")
    person = installation.people.get(key) if kind == "person" else None
    return person.name if person else _("The command line") if kind == "operator" else key


def told(happening: Happening) -> str:
    return _TOLD[happening.kind](happening.details)


def changes(happening: Happening) -> list[tuple[str, str, str]]:
    """(what, before, now) of a change."""
    if happening.kind != CHANGED:
        return []
    found = ((str(LABELS[name]), name, *pair) for name, pair in happening.details.items())
    return [(label, _value(name, before), _value(name, now)) for label, name, before, now in found]


def _value(name: str, value: Any) -> str:
    if name == "scopes":
        return ", ".join(map(scope_words, value.split()))
    if value in ("", None):
        return {"addresses": _("everywhere"), "rate": _("as usual")}.get(name) or _("nothing")
    return str(value)


def _about(sentence: Words) -> Callable[[Mapping[str, Any]], str]:
    """With the name of a token, the day it ends, and when the one that it replaces does."""

    def say(details: Mapping[str, Any]) -> str:
        moments = {name: _moment(details, name) for name in ("expires_at", "replaced_ends")}
        return str(sentence) % {"name": details.get("name", ""), **moments}

    return say


def _moment(details: Mapping[str, Any], name: str) -> str:
    return times.short(datetime.fromisoformat(details[name])) if name in details else ""


_TOLD: dict[str, Callable[[Mapping[str, Any]], str]] = {
    CREATED: _about(_l("Added the system.")),
    CHANGED: _about(_l("Changed what is said of the system.")),
    "suspended": _about(_l("Suspended the system.")),
    "resumed": _about(_l("Let the system in again.")),
    "token_made": _about(_l("Made %(name)s, which works until %(expires_at)s.")),
    "token_rotated": _about(_l("Replaced %(name)s: the old one works until %(replaced_ends)s.")),
    "token_revoked": _about(_l("Revoked %(name)s.")),
}
