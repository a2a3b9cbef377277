"""create_app: the only place where the parts meet."""

import gc
import os
import socket
from collections.abc import Callable, Sequence
from functools import partial
from importlib import import_module
from typing import TYPE_CHECKING

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from servicedesk import paths
from servicedesk.actions.desk import Desk
from servicedesk.actions.pulse import Pulse
from servicedesk.actions.reports import Reports
from servicedesk.config import Settings, read_settings, start_settings
from servicedesk.core.clock import Clock, SystemClock
from servicedesk.core.errors import Fault
from servicedesk.core.vocabulary import Language
from servicedesk.core.workflows.definition import Definition
from servicedesk.extensions import db
from servicedesk.store.engine import engine_options, tune
from servicedesk.unread import ReadToTheEnd
from servicedesk.watch.logs import write_logs

if TYPE_CHECKING:
    from servicedesk.mail.office import MailOffice

EDGES = ("servicedesk.watch", "servicedesk.web", "servicedesk.api")
LARGEST_REQUEST = 2 * 1024 * 1024
MAIL_SECONDS = 3


def create_app(settings: Settings | None = None, clock: Clock | None = None) -> Flask:
    """A WSGI application over one database. Each edge has an `init_app(app)`; the desk hangs on `app.extensions`."""
    settings = settings or start_settings()
    app = Flask("servicedesk")
    app.config.update(
        INSTANCE=settings.instance,
        SECRET_KEY=settings.secret_key,
        SQLALCHEMY_DATABASE_URI=settings.database_url,
        SQLALCHEMY_ENGINE_OPTIONS=engine_options(settings.database_url),
        METRICS_TOKEN=settings.metrics_token,
        CLIENT_RATE=settings.client_rate,
        LINK_DAYS=settings.link_days,
        MAX_CONTENT_LENGTH=LARGEST_REQUEST,
        MAX_FORM_MEMORY_SIZE=LARGEST_REQUEST,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
    )
    app.wsgi_app = ReadToTheEnd(app.wsgi_app)  # type: ignore[method-assign]
    if settings.proxies > 0:
        # Each adds where it was called from: only these last ones are believed, the rest is what a visitor wrote.
        app.wsgi_app = ProxyFix(  # type: ignore[method-assign]
            app.wsgi_app, x_for=settings.proxies, x_proto=settings.proxies, x_host=settings.proxies
        )
    db.init_app(app)
    if os.environ.get("FLASK_RUN_FROM_CLI") == "true":
        _offer_migrations(app)
    with app.app_context():
        tune(db.engine)
        desk = app.extensions["desk"] = Desk(
            db.engine,
            clock or SystemClock(),
            secret=settings.secret_key,
            callable_inside=settings.callable_inside,
            mails=settings.mails,
        )
    app.extensions["reports"] = Reports(desk, settings.reports_url)
    for edge in EDGES:
        import_module(edge).init_app(app)
    return app


def served_app() -> Flask:
    """What a WSGI server serves: the application, and its log on standard error."""
    start_log()
    return made_to_last(create_app())


def made_to_last(app: Flask) -> Flask:
    """What there is by now stays as long as the process does. Looked through for garbage every few hundred requests, it
    would hold up one of them for a tenth of a second."""
    gc.freeze()
    return app


def start_log() -> None:
    """All that this process has to tell goes to standard error from now on."""
    settings = read_settings()
    write_logs(settings.log_format, debug=settings.debug)


def _offer_migrations(app: Flask) -> None:
    """`flask db …`, for those who write migrations: who serves does without Alembic and all that comes with it."""
    from flask_migrate import Migrate

    Migrate(app, db, directory=str(paths.migrations()))


def start_scheduler(desk: Desk, settings: Settings | None = None) -> Callable[[], None]:
    """Sweep, drain and send in threads of this process; what it returns stops them."""
    from servicedesk.scheduler.jobs import Job, background

    host = socket.gethostname()[:64]
    mail = mail_office(desk, settings or read_settings())
    more = [Job("mail", MAIL_SECONDS, lambda desk, pulse, office: mail.run())] if mail else []
    scheduler = background(desk, Pulse(f"{host}:{os.getpid()}", host), more)
    return partial(scheduler.shutdown, wait=True)


def mail_office(desk: Desk, settings: Settings) -> "MailOffice | None":
    """What sends mail to those who ask; None where there is no mail server."""
    if not settings.mails:
        return None
    from servicedesk.mail.office import MailOffice
    from servicedesk.mail.server import MailServer
    from servicedesk.web.requester.letters import LetterWriter

    server = MailServer.at(settings.smtp_url, settings.mail_from)
    return MailOffice(desk, server, LetterWriter(settings.public_url).write)


def workflow_told(definition: Definition, faults: Sequence[Fault], language: Language) -> list[str]:
    """A workflow in the pages' words, for the command line; `faults` are what the check has found."""
    from servicedesk.web.workflows import alone as workflow_alone

    return workflow_alone.told(definition, faults, language)


def workflow_drawn(definition: Definition, language: Language) -> str:
    from servicedesk.web.workflows import alone as workflow_alone

    return workflow_alone.drawn(definition, language)


def workflow_written(definition: Definition, language: Language) -> str:
    from servicedesk.web.workflows import alone as workflow_alone

    return workflow_alone.written(definition, language)
