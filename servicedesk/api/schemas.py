"""The shapes of what goes out and comes in. What is not listed here does not leave the house."""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any

from marshmallow import INCLUDE, RAISE, Schema, ValidationError, fields, validate, validates_schema

from servicedesk.core.codec import stamp
from servicedesk.core.inputs import LONGEST_LINE, LONGEST_TEXT
from servicedesk.core.vocabulary import (
    Category,
    ClockEffect,
    Fault,
    Level,
    Metric,
    RequesterKind,
    ResolutionCode,
    Tier,
    TmfStatus,
)
from servicedesk.core.workflows.needs import NOT_A_CHOICE

DEFAULT_LIMIT, LARGEST_LIMIT = 50, 200
NUMBER = r"[A-Za-z0-9_.-]{1,20}"


class Moment(fields.AwareDateTime):
    """RFC 3339 in UTC: 2026-11-21T13:05:00Z."""

    def _serialize(self, value: datetime | None, attr: str | None, obj: Any, **kwargs: Any) -> str | None:
        return None if value is None else stamp(value)


class Address(fields.String):
    """The address of a ticket, from its number."""

    def _serialize(self, value: Any, attr: str | None, obj: Any, **kwargs: Any) -> str:
        return f"/api/v1/tickets/{value}"


def described(text: str, **more: Any) -> dict[str, Any]:
    return {"description": text, **more}


class NamedSchema(Schema):
    key = fields.String(required=True)
    name = fields.String(required=True)


class LabelSchema(Schema):
    sv = fields.String(required=True)
    en = fields.String(required=True)


class StateSchema(Schema):
    category = fields.Enum(Category, by_value=fields.String, required=True)
    tmf_status = fields.Enum(TmfStatus, by_value=fields.String, required=True, metadata=described("TMF621 status"))
    label = fields.Nested(LabelSchema, required=True)


class HolderSchema(Schema):
    tier = fields.Enum(Tier, by_value=fields.String, required=True)
    organisation = fields.Nested(NamedSchema, required=True)


class ClockSchema(Schema):
    """A promise: to a supplier of its own contract, to a municipality of what the requester was promised."""

    metric = fields.Enum(Metric, by_value=fields.String, required=True)
    started_at = Moment(required=True)
    state = fields.Enum(ClockEffect, by_value=fields.String, required=True)
    target_seconds = fields.Integer(
        required=True, allow_none=True, metadata=described("Open seconds promised; null when there is no promise")
    )
    spent_seconds = fields.Integer(required=True, metadata=described("Open seconds used until now"))
    grace_seconds = fields.Integer(
        required=True, metadata=described("Open seconds after due_at before the promise is broken; usually 0")
    )
    due_at = Moment(required=True, allow_none=True, metadata=described("null while the clock stands still"))
    outcome = fields.String(required=True, allow_none=True, validate=validate.OneOf([None, "open", "kept", "broken"]))


TITLE = "To a supplier the first line of the description made for it, to a municipality the subject"


class LineSchema(Schema):
    """A ticket in a list."""

    number = fields.String(required=True)
    href = Address(dump_only=True, attribute="number")
    title = fields.String(required=True, metadata=described(TITLE))
    service = fields.Nested(NamedSchema, required=True)
    municipality = fields.Nested(NamedSchema, required=True)
    priority = fields.Integer(required=True, metadata=described("1 critical, 2 high, 3 normal, 4 low"))
    state = fields.Nested(StateSchema, required=True)
    holder = fields.Nested(
        HolderSchema,
        required=True,
        allow_none=True,
        metadata=described("Who has it; null while neither a supplier that asks nor the joint organisation has it"),
    )
    opened_at = Moment(required=True)
    due_at = Moment(required=True, allow_none=True, metadata=described("What runs out first of what you may see"))


class TicketSchema(Schema):
    number = fields.String(required=True)
    href = Address(dump_only=True, attribute="number")
    title = fields.String(required=True, metadata=described(TITLE))
    description = fields.String(
        required=True,
        metadata=described(
            "To a supplier what was written for it, never the requester's words; to a municipality those"
        ),
    )
    service = fields.Nested(NamedSchema, required=True)
    municipality = fields.Nested(NamedSchema, required=True)
    priority = fields.Integer(required=True, metadata=described("1 critical, 2 high, 3 normal, 4 low"))
    state = fields.Nested(StateSchema, required=True)
    holder = fields.Nested(
        HolderSchema,
        required=True,
        allow_none=True,
        metadata=described("Who has it; null while neither a supplier that asks nor the joint organisation has it"),
    )
    opened_at = Moment(required=True)
    handed_over_at = Moment(required=True, allow_none=True, metadata=described("To you, or to who has it now"))
    updated_at = Moment(required=True, metadata=described("The last change that you may see"))
    clocks = fields.List(fields.Nested(ClockSchema), required=True)
    version = fields.Integer(required=True, metadata=described("The last change that you may see; also in ETag"))


class PageSchema(Schema):
    tickets = fields.List(fields.Nested(LineSchema), required=True)


class TextsSchema(Schema):
    """Only the texts that the entry has. null: it has been erased."""

    description = fields.String(allow_none=True)
    question = fields.String(allow_none=True)
    answer = fields.String(allow_none=True)
    reason = fields.String(allow_none=True)
    solution = fields.String(allow_none=True)
    note = fields.String(allow_none=True)


class EntrySchema(Schema):
    """What happened, as far as it concerns you."""

    position = fields.Integer(required=True)
    kind = fields.String(required=True, metadata=described("The event: TicketHandedOver, QuestionAnswered, …"))
    at = Moment(required=True)
    party = fields.String(required=True, validate=validate.OneOf(["supplier", "customer", "system"]))
    name = fields.String(required=True, allow_none=True, metadata=described("Your own person or system; else null"))
    texts = fields.Nested(TextsSchema, required=True)
    resolution_code = fields.String(required=True, allow_none=True)
    priority = fields.Integer(required=True, allow_none=True, metadata=described("The new one, when it was changed"))
    clock = fields.String(required=True, allow_none=True, metadata=described("The promise that a warning is about"))
    share = fields.Integer(required=True, allow_none=True, metadata=described("Percent of the promise that was used"))
    correction = fields.Boolean(
        required=True, metadata=described("Told afterwards: `at` is when it truly happened, the reason is in `texts`")
    )
    corrects = fields.Integer(
        required=True, allow_none=True, metadata=described("The position of the entry that it is read instead of")
    )


class TimelineSchema(Schema):
    entries = fields.List(fields.Nested(EntrySchema), required=True)


class FieldSchema(Schema):
    name = fields.String(required=True)
    required = fields.Boolean(required=True)
    choices = fields.List(fields.String(), required=True, allow_none=True)
    longest = fields.Integer(required=True, metadata=described("Characters at most"))


class ReasonSchema(Schema):
    code = fields.String(required=True)
    detail = fields.String(required=True)


class ActionSchema(Schema):
    verb = fields.String(required=True)
    step = fields.String(required=True, allow_none=True, metadata=described("The workflow's step that it takes"))
    label = fields.Nested(LabelSchema, required=True)
    href = fields.String(required=True, metadata=described("Where to POST it"))
    fields_ = fields.List(fields.Nested(FieldSchema), required=True, attribute="fields", data_key="fields")
    possible = fields.Boolean(required=True)
    reason = fields.Nested(ReasonSchema, required=True, allow_none=True, metadata=described("Why it is not possible"))


class ActionsSchema(Schema):
    actions = fields.List(fields.Nested(ActionSchema), required=True)
    version = fields.Integer(required=True)


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
    changes = fields.List(fields.Nested(EntrySchema), metadata=described("What has happened since your version"))


class ProblemKindSchema(Schema):
    code = fields.String(required=True)
    status = fields.Integer(required=True)
    title = fields.String(required=True)
    remedy = fields.String(required=True)


class Text(fields.String):
    """What a person or system wrote. Length and meaning are the desk's to judge; here only that it is a text."""

    default_error_messages = {
        "required": "Fill in this field.",
        "null": "Fill in this field.",
        "invalid": "This must be a text.",
        "invalid_utf8": "This must be a text.",
    }


def text(description: str, *, required: bool = True, longest: int = LONGEST_TEXT, **more: Any) -> Text:
    return Text(required=required, metadata=described(description, maxLength=longest, **more))


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


class NothingGiven(StepGiven):
    pass


class QuestionGiven(StepGiven):
    question = text("What you need to know from the IT service manager", required=False)


class SolutionGiven(StepGiven):
    solution = text("What you have done, for those who verify it", required=False)
    resolution_code = text("How it was resolved", required=False, enum=[str(code) for code in ResolutionCode])


class ReasonGiven(StepGiven):
    reason = text("Why", required=False)


class NoteGiven(Given):
    body = text("A note to the IT service manager")


def choice(kind: type[StrEnum], default: StrEnum, description: str) -> fields.Enum[Any]:
    said: Any = dict.fromkeys(("unknown", "null", "must_be_string"), NOT_A_CHOICE)
    return fields.Enum(
        kind,
        by_value=fields.String,
        load_default=default,
        error_messages=said,
        metadata=described(description),
    )


class NewTicketGiven(Given):
    """A ticket that a municipality's system hands in for whoever asks. The municipality is the token's own."""

    subject = text("A few words that a colleague understands in a list", longest=LONGEST_LINE)
    service = text("The key of the shared service it concerns", longest=LONGEST_LINE)
    description = text("What, where, since when", required=False)
    e_service = text(
        "The key of the municipality's own e-service, if it is about one", required=False, longest=LONGEST_LINE
    )
    workflow = text("The key of the process; citizen_incident unless given", required=False, longest=LONGEST_LINE)
    requester_kind = choice(RequesterKind, RequesterKind.CITIZEN, "Without name and contact a citizen is anonymous")
    requester_name = text("Who asks; the municipality alone sees it", required=False, longest=LONGEST_LINE)
    requester_contact = text("How to reach them; the municipality alone sees it", required=False, longest=LONGEST_LINE)
    platform_case = text("The platform's own case number", required=False, longest=LONGEST_LINE)
    impact = choice(Level, Level.LOW, "How many are affected")
    urgency = choice(Level, Level.MEDIUM, "How urgent it is")
    fault = choice(Fault, Fault.UNKNOWN, "Whose the fault is, if you know")


class ListParameters(Given):
    scope = fields.String(
        load_default="open",
        validate=validate.OneOf(["open", "closed"], error="Choose open or closed."),
        metadata=described("Open tickets, what runs out first on top; or closed ones, the latest first"),
    )
    limit = fields.Integer(
        load_default=DEFAULT_LIMIT,
        validate=validate.Range(1, LARGEST_LIMIT, error="Choose a whole number from 1 to 200."),
        error_messages={"invalid": "Choose a whole number from 1 to 200."},
        metadata=described("Tickets in a page at most"),
    )
    after = fields.String(
        load_default="", metadata=described("Where the page begins; taken from Link rel=next, never made up")
    )

    error_messages = {"unknown": "There is no such parameter.", "type": "Send parameters."}
