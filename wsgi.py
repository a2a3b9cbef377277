"""For a WSGI server: `gunicorn wsgi:app`."""

from servicedesk.app import create_app

app = create_app()
