"""Who is signed in: Flask-Login keeps the person's key and the mark of their password in the signed session."""

from dataclasses import replace

from flask import Flask, g, request, session
from flask.sessions import SecureCookieSessionInterface, SessionMixin
from flask_login import UserMixin, current_user, login_user, logout_user

from servicedesk.actions.signin import person_actor, session_mark
from servicedesk.core.facts import Actor
from servicedesk.extensions import desk, login
from servicedesk.web import language

# What a part of a page sends along that renews itself (static/live.js): what it shows already.
RENEWAL = "X-Seen"


class SignedIn(UserMixin):
    """A person with the seats they have now."""

    def __init__(self, actor: Actor, mark: str) -> None:
        self.actor = actor
        self.mark = mark

    def get_id(self) -> str:
        return f"{self.mark}/{self.actor.key}"


class SecureWhenServedSecurely(SecureCookieSessionInterface):
    """Over HTTPS the cookie is never sent in the clear; a trial on http://127.0.0.1 still works."""

    def get_cookie_secure(self, app: Flask) -> bool:
        return bool(app.config["SESSION_COOKIE_SECURE"]) or request.is_secure

    def should_set_cookie(self, app: Flask, session: SessionMixin) -> bool:
        """A list that renews itself keeps nobody signed in: the desk it stands on may be empty."""
        return super().should_set_cookie(app, session) and (session.modified or RENEWAL not in request.headers)


def init_app(app: Flask) -> None:
    app.session_interface = SecureWhenServedSecurely()
    # Without its context processor: a page about a database that is away must not ask who is signed in.
    login.init_app(app, add_context_processor=False)
    login.session_protection = "basic"
    login.user_loader(_load)


def _load(session_id: str) -> SignedIn | None:
    mark, _slash, key = session_id.partition("/")
    actor = person_actor(desk(), key, mark)
    return SignedIn(actor, mark) if actor else None


def is_signed_in() -> bool:
    return bool(current_user.is_authenticated)


def viewer() -> Actor:
    """The signed-in person, in the language that they read now. Only behind the guard."""
    found: Actor | None = g.get("viewer")
    if found is None:
        actor: Actor = current_user.actor
        found = g.viewer = replace(actor, language=language.current())
    return found


def enter(actor: Actor) -> None:
    """A new session: nothing from before the sign-in lives on."""
    session.clear()
    session.permanent = True
    login_user(SignedIn(actor, session_mark(desk(), actor.key)))


def leave() -> None:
    logout_user()
    session.clear()
