"""TM Forum's trouble-ticket standard, TMF621 v4: the second face of the API, on the same actions as the first."""

from flask import Flask, Response, request
from werkzeug.exceptions import default_exceptions

from servicedesk.api.tmf import errors, hub, views
from servicedesk.api.tmf.blueprint import bp
from servicedesk.extensions import csrf

ROOT = "/tmf-api/"
# Each puts its routes on the blueprint.
PARTS = (views, hub)


def init_app(app: Flask) -> None:
    # Bearer tokens travel in no form and no cookie: there is nothing to forge.
    csrf.exempt(bp)
    app.register_blueprint(bp)
    app.before_request(answer_unknown_address)


def answer_unknown_address() -> Response | None:
    """An address or method that leads nowhere belongs to no blueprint: under /tmf-api it is answered as the standard
    says all the same."""
    fault = request.routing_exception
    if fault is None or not f"{request.path}/".startswith(ROOT):
        return None
    return errors.from_http(fault) if (fault.code or 500) >= 400 else errors.of_status(404)


# By code as well as by class: an application-wide handler of a code would win over a blueprint's of the class.
for _code in default_exceptions:
    bp.register_error_handler(_code, errors.from_http)
for _kind, _handler in errors.HANDLERS.items():
    bp.register_error_handler(_kind, _handler)
