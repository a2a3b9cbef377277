"""The web edge: server-rendered pages in Swedish and English. They parse, call one action or query, and render."""

from datetime import timedelta

from flask import Flask
from jinja2 import StrictUndefined

from servicedesk.web import errors, guard, headers, house, identity, language, rendering, speech
from servicedesk.web.blueprint import bp
from servicedesk.web.forms import nonce
from servicedesk.web.views import ROUTES

SIGNED_IN_FOR = timedelta(hours=12)


def init_app(app: Flask) -> None:
    assert ROUTES  # importing the views has given the blueprint its routes
    app.config.update(PERMANENT_SESSION_LIFETIME=SIGNED_IN_FOR, SESSION_REFRESH_EACH_REQUEST=True)
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    for part in (language, speech, identity, guard, errors, headers, rendering, nonce, house):
        part.init_app(app)
    app.register_blueprint(bp)
