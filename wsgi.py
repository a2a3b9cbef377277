"""For a WSGI server in a checkout: `gunicorn wsgi:app`. It is the installed program's own."""

from servicedesk.wsgi import app

__all__ = ["app"]
