"""The API of suppliers' systems: /api/v1, its description and its problems. It answers in JSON, errors included."""

from functools import partial
from typing import Any

from flask import Flask, Response, current_app, request
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.exceptions import HTTPException, default_exceptions

from servicedesk import __version__
from servicedesk.api import clients, docs, kinds, oauth, tmf, v1
from servicedesk.api.deprecations import announce
from servicedesk.api.document import document_of, served
from servicedesk.api.language import say
from servicedesk.api.problems import KINDS, problem, problem_of, problem_of_status
from servicedesk.api.waiting import Waiting
from servicedesk.core.errors import DeskError, Unavailable
from servicedesk.extensions import csrf

PREFIX = "/api/"
BLUEPRINTS = (*v1.BLUEPRINTS, kinds.bp)


def init_app(app: Flask) -> None:
    # As written, for the people who read it with curl.
    app.json.ensure_ascii = app.json.sort_keys = False  # type: ignore[attr-defined]
    app.extensions["waiting"] = Waiting()
    for blueprint in BLUEPRINTS:
        # Bearer tokens travel in no form and no cookie: there is nothing to forge.
        csrf.exempt(blueprint)
        app.register_blueprint(blueprint)
    document = app.extensions["api_document"] = partial(document_of, BLUEPRINTS, __version__, app.config["BRAND_NAME"])
    app.add_url_rule("/api/openapi.json", "api_openapi", served(document))
    app.register_blueprint(docs.bp)
    csrf.exempt(oauth.bp)
    app.register_blueprint(oauth.bp)
    app.before_request(answer_unknown_address)
    app.after_request(announce)
    clients.init_app(app)
    tmf.init_app(app)


def answer_unknown_address() -> Response | None:
    """An address or method that leads nowhere belongs to no blueprint; at or under /api it is answered here, as all
    else."""
    error = request.routing_exception
    if error is not None and request.path.startswith(oauth.PREFIX):
        return oauth.from_http(error)
    if error is None or not f"{request.path}/".startswith(PREFIX):
        return None
    return from_http(error) if _status(error) >= 400 else problem_of_status(404, {})


def from_desk(error: DeskError) -> Response:
    return problem_of(error)


def from_http(error: HTTPException) -> Response:
    headers = dict(error.get_headers())
    allow = {"Allow": headers["Allow"]} if "Allow" in headers else {}
    return problem_of_status(_status(error), allow)


def from_database(error: SQLAlchemyError) -> Response:
    """What is no answer of the database to a statement: no connection free in time, a lost pool."""
    current_app.logger.error("database: %s", error)
    return problem_of(Unavailable("The service cannot do this now. Nothing was saved; try again in a moment."))


def from_fault(error: Exception) -> Response:
    current_app.logger.exception("a fault of the program itself", exc_info=error)
    return problem("internal_error", say(KINDS["internal_error"].remedy))


def _status(error: HTTPException) -> int:
    return error.code or 500


def _answer_errors(blueprint: Any) -> None:
    """By code as well as by class: an application-wide handler of a code would win over a blueprint's of the class."""
    for code in default_exceptions:
        blueprint.register_error_handler(code, from_http)
    handlers = {
        DeskError: from_desk,
        HTTPException: from_http,
        SQLAlchemyError: from_database,
        Exception: from_fault,
    }
    for kind, handler in handlers.items():
        blueprint.register_error_handler(kind, handler)


for each in (*BLUEPRINTS, docs.bp):
    _answer_errors(each)
