"""Fields and bases that the schemas of the API are made of."""

from collections.abc import Callable, Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any

from marshmallow import INCLUDE, RAISE, Schema, ValidationError, fields, missing, validate, validates_schema

from servicedesk.core.codec import stamp
from servicedesk.core.inputs import LONGEST_TEXT, too_long
from servicedesk.core.workflows.needs import NOT_A_CHOICE


class Moment(fields.AwareDateTime):
    """RFC 3339 in UTC: 2026-11-21T13:05:00Z."""

    def _serialize(self, value: datetime | None, attr: str | None, obj: Any, **kwargs: Any) -> str | None:
        return None if value is None else stamp(value)


def described(text: str, **more: Any) -> dict[str, Any]:
    return {"description": text, **more}


class ProblemSchema(Schema):
    """RFC 9457 problem details."""

    type = fields.String(required=True, metadata=described("Leads to a page about this kind of problem"))
    title = fields.String(required=True)
    status = fields.Integer(required=True)
    detail = fields.String(required=True, metadata=described("A sentence for a person, in English or Swedish"))
    code = fields.String(required=True, metadata=described("Stable: programs go by this"))
    request_id = fields.String(required=True, metadata=described("Say it when you ask for help; also X-Request-ID"))
    errors = fields.Dict(
        keys=fields.String(), values=fields.List(fields.String()), metadata=described("Field -> what is wrong with it")
    )
    allowed = fields.List(fields.String(), metadata=described("Steps that are possible instead; see actions"))
    changes = fields.List(fields.Nested("EntrySchema"), metadata=described("What has happened since your version"))


class ProblemKindSchema(Schema):
    code = fields.String(required=True)
    status = fields.Integer(required=True)
    title = fields.String(required=True)
    remedy = fields.String(required=True)


class Text(fields.String):
    """What a person or system wrote. Here only what the document says of it is judged: that it is a text, how long it
    may be, and its choices. What it means is the desk's to judge."""

    default_error_messages = {
        "required": "Fill in this field.",
        "null": "Fill in this field.",
        "invalid": "This must be a text.",
        "invalid_utf8": "This must be a text.",
    }


def text(
    description: str,
    *,
    required: bool = True,
    longest: int = LONGEST_TEXT,
    choices: type[StrEnum] | None = None,
    **more: Any,
) -> Text:
    checks: list[Callable[[str], Any]] = [_no_longer_than(longest)]
    if choices:
        checks.append(validate.OneOf([str(each) for each in choices], error=NOT_A_CHOICE))
    return Text(required=required, validate=checks, metadata=described(description, maxLength=longest, **more))


def _no_longer_than(longest: int) -> Callable[[str], None]:
    """As it was sent: the document counts every sign, also those that the desk would take away."""

    def check(value: str) -> None:
        if len(value) > longest:
            raise ValidationError(too_long(value, longest))

    return check


class Given(Schema):
    """Base of everything that comes in: a name that is not known is a fault, so that no misspelling is lost."""

    error_messages = {
        "unknown": "There is no such field here.",
        "type": "Send a JSON object.",
    }

    class Meta:
        unknown = RAISE


class StepGiven(Given):
    """What a step takes is its workflow's to say, and the desk's to judge: what is missing, and what is too much. The
    fields are those that every shipped workflow asks for; a step that asks for more is given more. See actions."""

    class Meta:
        unknown = INCLUDE

    @validates_schema(skip_on_field_errors=False)
    def require_texts(self, data: Mapping[str, Any], **kwargs: Any) -> None:
        faults = {name: ["This must be a text."] for name, value in data.items() if not isinstance(value, str)}
        if faults:
            raise ValidationError(faults)


def choice(kind: type[StrEnum], default: StrEnum | None, description: str) -> fields.Enum[Any]:
    """Left out, it is the default; without one, nothing is given."""
    said: Any = dict.fromkeys(("unknown", "null", "must_be_string"), NOT_A_CHOICE)
    return fields.Enum(
        kind,
        by_value=fields.String,
        load_default=missing if default is None else default,
        error_messages=said,
        metadata=described(description),
    )
