"""Each form carries a number of its own, which also says whose form it is.

Sent twice, it takes effect once (actions/once.py). Sent when the session was over, it is given back to the person who
had it before them and to nobody else (web/forms/drafts.py).
"""

import secrets
from hashlib import sha256
from hmac import compare_digest
from hmac import new as hmac

from flask import Flask, request

from servicedesk.actions.once import Once, once_for
from servicedesk.core.facts import Actor
from servicedesk.extensions import desk
from servicedesk.web import identity

FIELD, FILES = "nonce", "file"
# What a form carries besides what a person says in it.
NOT_SAID = frozenset({"csrf_token", "version", FIELD, "draft", "next", "look", "saves", "show", "chosen_files"})


def init_app(app: Flask) -> None:
    app.jinja_env.globals.update(new_nonce=new_nonce)


def new_nonce() -> str:
    """For a form that is shown to the person signed in."""
    number = secrets.token_urlsafe(12)
    return f"{number}.{_mark(number, identity.viewer().key)}"


def is_form_of(nonce: str, person: str) -> bool:
    """Whether this form was shown to this person, by us."""
    number, _dot, mark = nonce.partition(".")
    return compare_digest(mark.encode(), _mark(number, person).encode())


def said() -> dict[str, str]:
    """What was said in the form that was sent."""
    return {name: value for name, value in request.form.items() if name not in NOT_SAID}


def sent_once(actor: Actor | None = None) -> Once | None:
    """The form that was sent, as a request that takes effect once. None for one that did not come from a page. `actor`:
    who sends it, where nobody is signed in."""
    nonce = request.form.get(FIELD, "")
    if not nonce:
        return None
    content = {**said(), "/": request.path}
    if chosen := [each.filename for each in request.files.getlist(FILES) if each.filename]:
        content[f"/{FILES}"] = "\n".join(chosen)
    return once_for(desk(), actor or identity.viewer(), nonce, content)


def once_of(nonce: str) -> Once:
    """The request that a form of this number makes when it is sent: to ask whether it has been."""
    return once_for(desk(), identity.viewer(), nonce, {})


def _mark(number: str, person: str) -> str:
    return hmac(desk().secret.encode(), f"form:{number}:{person}".encode(errors="replace"), sha256).hexdigest()[:16]
