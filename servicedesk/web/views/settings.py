"""How a person wants the pages to be: before signing in as well as after."""

from flask import make_response, redirect, request, url_for
from flask.typing import ResponseReturnValue

from servicedesk.web import preferences
from servicedesk.web.addresses import safe_next
from servicedesk.web.blueprint import bp


@bp.post("/settings")
def set_preferences() -> ResponseReturnValue:
    """Whatever was chosen; what is none of the choices changes nothing."""
    onward = safe_next(request.form.get("next"), url_for("web.home"))
    response = make_response(redirect(onward, 303))
    preferences.keep(response, request.form.to_dict())
    return response
