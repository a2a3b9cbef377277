"""/healthz: this process answers. /readyz: the installation can do its work, or what of it cannot.

A machine that balances load goes by /healthz: a web process is as good as ever while no scheduler runs. An operator
goes by /readyz. Both are open, so they name nothing but which of a few things holds.
"""

from flask import Flask, Response, current_app, jsonify

from servicedesk.actions.desk import Desk
from servicedesk.watch.readiness import READY, Probe


def init_app(app: Flask) -> None:
    desk: Desk = app.extensions["desk"]
    app.extensions["probe"] = Probe(desk, app.config["SQLALCHEMY_DATABASE_URI"])
    app.add_url_rule("/healthz", "healthz", healthz)
    app.add_url_rule("/readyz", "readyz", readyz)


def healthz() -> Response:
    """Asks nothing of anybody: a database that is away must not make a supervisor kill who waits for it."""
    return jsonify(status="ok")


def readyz() -> tuple[Response, int]:
    """200 or 503, and each check with its state (ok, failed, unknown) and a sentence."""
    probe: Probe = current_app.extensions["probe"]
    checks = probe.checks()
    is_ready = all(check.state == READY for check in checks)
    said = {check.name: {"state": check.state, "detail": check.detail} for check in checks}
    return jsonify(status="ready" if is_ready else "not ready", checks=said), 200 if is_ready else 503
