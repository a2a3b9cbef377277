"""For a WSGI server where the program is installed: `gunicorn servicedesk.wsgi:app`."""

from servicedesk.app import served_app

app = served_app()
