"""The pages' words at the command line: the same catalogues, in the language asked for."""

from collections.abc import Iterator
from contextlib import contextmanager

import flask_babel
from flask import Flask

from servicedesk.core.vocabulary import Language
from servicedesk.web import language as of_pages


@contextmanager
def speaking(language: Language) -> Iterator[None]:
    """Within it the pages' own `_` says everything in this language."""
    app = Flask("servicedesk")
    of_pages.init_app(app)
    with app.app_context(), flask_babel.force_locale(str(language)):
        yield
