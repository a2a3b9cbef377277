"""Where follow-up reads, and what is said of that."""

from collections.abc import Iterator
from contextlib import contextmanager

from flask import current_app

from servicedesk.actions.reports import Reports, Source, Standing
from servicedesk.web import times
from servicedesk.web.reading import Reading
from servicedesk.web.speech import _


@contextmanager
def reports() -> Iterator[tuple[Reading, str]]:
    """One transaction for a page of figures, and the sentence about where they come from ('' when it is as always).

    On a copy it is the moment that the copy has come to: figures as they were then, not half of them."""
    from_where: Reports = current_app.extensions["reports"]
    with from_where.reading() as source:
        book = source.desk.book(source.connection)
        times.use_zone(book.installation.zone)
        now = source.desk.now(source.connection)
        if source.moment is not None:
            now = min(source.moment.replace(microsecond=0), now)
        is_copy = source.standing is Standing.GOOD
        yield Reading(source.connection, book, now, is_copy), _told(source)


def _told(source: Source) -> str:
    if source.standing is None:
        return ""
    if source.standing is not Standing.GOOD:
        return _("The copy of the database cannot be used now. The figures come from the database itself.")
    if source.moment is None:
        return _("The figures come from a copy of the database.")
    return _("The figures come from a copy of the database, as it was on %(moment)s.", moment=times.long(source.moment))
