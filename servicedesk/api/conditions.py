"""Conditional writes (RFC 9110): ETag is the version of a ticket as its reader sees it, If-Match asks for that one."""

import re

from flask import request

from servicedesk.actions.opened import Expected
from servicedesk.api.clients import client
from servicedesk.core.errors import DeskError
from servicedesk.store.queries.systems.told import version_of
from servicedesk.store.queries.tickets import Known, found_known
from servicedesk.store.rulebook import RuleBook

# No ticket has this one.
NO_VERSION = -1

TAG = re.compile(r'(W/)?"([\x21\x23-\x7e\x80-\xff]*)"')
TAGS = re.compile(rf"\s*{TAG.pattern}(\s*,\s*{TAG.pattern})*\s*")


def etag(version: int) -> str:
    return f'"{version}"'


def expected_by(asked_for: set[int] | None) -> Expected | None:
    """What the ticket is asked once it is locked: whether it is still what this client has read."""
    if asked_for is None:
        return None
    viewer = client()

    def is_still(known: Known, book: RuleBook) -> bool:
        organisation = found_known(viewer, known).organisation
        return version_of(organisation, known.events, book).is_still(asked_for)

    return is_still


def versions_asked_for() -> set[int] | None:
    """The versions that If-Match names, NO_VERSION for a tag that is none of ours; None when it is not given or is `*`.
    DeskError `malformed_if_match`.

    Weak tags never match here: If-Match compares strongly.
    """
    header = request.headers.get("If-Match")
    if header is None or header.strip() == "*":
        return None
    if not TAGS.fullmatch(header):
        raise DeskError('If-Match must be an ETag in quotes, as "7".', code="malformed_if_match")
    return {_version(weak, opaque) for weak, opaque in TAG.findall(header)}


def _version(weak: str, opaque: str) -> int:
    is_ours = not weak and re.fullmatch(r"[0-9]{1,9}", opaque)
    return int(opaque) if is_ours else NO_VERSION
