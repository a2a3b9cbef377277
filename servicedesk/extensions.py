"""Bare extensions, bound to an application only by create_app, and the desk that it hangs up for the edges."""

from flask import current_app
from flask_babel import Babel
from flask_login import LoginManager
from flask_sqlalchemy import SQLAlchemy
from flask_wtf.csrf import CSRFProtect

from servicedesk.actions.desk import Desk
from servicedesk.store.all import metadata

db = SQLAlchemy(metadata=metadata)
login = LoginManager()
csrf = CSRFProtect()
babel = Babel()


def desk() -> Desk:
    """The desk of the application now serving."""
    found: Desk = current_app.extensions["desk"]
    return found
