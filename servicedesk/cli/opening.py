"""A desk on the configured database, for commands that need no web application."""

from pathlib import Path

from servicedesk.actions.desk import Desk
from servicedesk.actions.reindexing import index_missing
from servicedesk.config import Settings, read_settings, start_settings
from servicedesk.core.errors import Unavailable
from servicedesk.store.engine import make_engine
from servicedesk.store.schema import require_current, upgrade


def open_desk(settings: Settings | None = None) -> Desk:
    """On a database that is on this program's version; an embedded one is made and brought up by itself."""
    settings = settings or start_settings()
    engine = make_engine(settings.database_url)
    if settings.embedded:
        upgrade(engine)
    require_current(engine)
    inside = settings.callable_inside
    desk = Desk(engine, secret=settings.secret_key, callable_inside=inside, mails=settings.mails)
    if settings.embedded:
        index_missing(desk)
    return desk


def existing_desk(settings: Settings | None = None) -> Desk:
    """On the configured database as it stands, of whatever version; a file that is not there is not made."""
    settings = settings or read_settings()
    engine = make_engine(settings.database_url)
    file = engine.url.database
    if settings.embedded and not (file and Path(file).is_file()):
        raise Unavailable("There is no database at %(file)s. Check SERVICEDESK_INSTANCE.", file=str(file))
    return Desk(engine, secret=settings.secret_key)
