"""Logging once what was sent twice: a double click, the back button, an impatient reload.

Each empty form carries a number of its own. The session remembers which ticket came of it. A second click that comes
before the first has been answered still carries the old session, so this process remembers too.
"""

import secrets
from collections import OrderedDict
from collections.abc import Callable
from threading import Lock

from flask import session

REMEMBERED = "logged"
IN_SESSION, IN_PROCESS, STRIPES = 20, 2_000, 64

_stripes = tuple(Lock() for _ in range(STRIPES))
_made: OrderedDict[str, str] = OrderedDict()


def new_nonce() -> str:
    return secrets.token_urlsafe(12)


def once(nonce: str, person: str, log: Callable[[], str]) -> str:
    """The number of the ticket that this form has become; `log` makes it the first time. Without a nonce, always."""
    if not nonce:
        return log()
    key = f"{person}/{nonce}"
    with _stripes[hash(key) % STRIPES]:
        number = dict(session.get(REMEMBERED, [])).get(nonce) or _made.get(key) or log()
        _made[key] = number
        while len(_made) > IN_PROCESS:
            _made.popitem(last=False)
    session[REMEMBERED] = [*session.get(REMEMBERED, []), [nonce, number]][-IN_SESSION:]
    return number
