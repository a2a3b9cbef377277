"""For a WSGI server: `gunicorn wsgi:app`."""

from servicedesk.app import served_app

app = served_app()
