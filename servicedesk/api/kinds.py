"""/api/problems/<code>: what the `type` of a problem leads to. Open to all."""

from dataclasses import asdict
from typing import Any

from flask_smorest import Blueprint

from servicedesk.api.document import problems
from servicedesk.api.fields import ProblemKindSchema
from servicedesk.api.language import say
from servicedesk.api.problems import KINDS
from servicedesk.api.v1 import examples
from servicedesk.core.errors import NotFound

bp = Blueprint("problems", __name__, url_prefix="/api", description="What the errors mean.")
CODE_PARAMETER = {"name": "code", "in": "path", "required": True, "schema": {"type": "string", "enum": list(KINDS)}}


@bp.route("/problems/<string:code>", parameters=[CODE_PARAMETER])
@bp.doc(operationId="readProblemKind", security=[])
@bp.response(200, ProblemKindSchema, example=examples.KIND)
@problems(bp, 404)
def kind(code: str) -> dict[str, Any]:
    """Read what a kind of problem means and what to do about it."""
    if code not in KINDS:
        raise NotFound("There is no such kind of problem.")
    found = KINDS[code]
    return {"code": code, **asdict(found), "title": say(found.title), "remedy": say(found.remedy)}
