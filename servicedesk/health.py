"""/healthz: whether this process lives and reaches its database. Answers before anything else is set up."""

from flask import Flask, Response, current_app, jsonify

from servicedesk.store.engine import is_reachable


def init_app(app: Flask) -> None:
    app.add_url_rule("/healthz", "healthz", healthz)


def healthz() -> tuple[Response, int]:
    """200 {"status": "ok"}, or 503 when the database cannot be reached."""
    if is_reachable(current_app.extensions["desk"].engine):
        return jsonify(status="ok"), 200
    return jsonify(status="database unreachable"), 503
