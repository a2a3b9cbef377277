"""The shapes of what goes out. What is not listed here does not leave the house."""

from typing import Any

from marshmallow import Schema, fields, validate

from servicedesk.api.fields import Moment, described
from servicedesk.core.vocabulary import Audience, Category, ClockEffect, Metric, Tier, TmfStatus


class Address(fields.String):
    """The address of a ticket, from its number."""

    def _serialize(self, value: Any, attr: str | None, obj: Any, **kwargs: Any) -> str:
        return f"/api/v1/tickets/{value}"


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


REFERENCE = "What your own system calls it; see reference"
TITLE = "To a supplier the first line of the description made for it, to a municipality the subject"


class LineSchema(Schema):
    """A ticket in a list."""

    number = fields.String(required=True)
    href = Address(dump_only=True, attribute="number")
    reference = fields.String(required=True, allow_none=True, metadata=described(REFERENCE))
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
    updated_at = Moment(required=True, metadata=described("The last change that you may see"))
    due_at = Moment(required=True, allow_none=True, metadata=described("What runs out first of what you may see"))


class TicketSchema(Schema):
    number = fields.String(required=True)
    href = Address(dump_only=True, attribute="number")
    reference = fields.String(required=True, allow_none=True, metadata=described(REFERENCE))
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
    version = fields.Integer(
        required=True, metadata=described("How many changes of it you are told: the ordinal of the last; also in ETag")
    )


class PageSchema(Schema):
    tickets = fields.List(fields.Nested(LineSchema), required=True)


class TextsSchema(Schema):
    """Only the texts that the entry has. null: it has been erased."""

    subject = fields.String(allow_none=True)
    description = fields.String(allow_none=True)
    supplier_description = fields.String(allow_none=True)
    question = fields.String(allow_none=True)
    answer = fields.String(allow_none=True)
    reason = fields.String(allow_none=True)
    tried = fields.String(allow_none=True)
    solution = fields.String(allow_none=True)
    note = fields.String(allow_none=True)
    progress = fields.String(allow_none=True)
    reply = fields.String(allow_none=True)
    message = fields.String(allow_none=True)
    comment = fields.String(allow_none=True)
    file_name = fields.String(allow_none=True)


class FileSchema(Schema):
    """A file that came with the entry; see attachments."""

    id = fields.Integer(required=True)
    media_type = fields.String(required=True)
    size = fields.Integer(required=True, metadata=described("Bytes"))


class AttachmentAddress(fields.String):
    """The address of a file."""

    def _serialize(self, value: Any, attr: str | None, obj: Any, **kwargs: Any) -> str:
        return f"/api/v1/tickets/{obj.number}/attachments/{obj.position}"


class AttachmentSchema(Schema):
    """A file of a ticket."""

    id = fields.Integer(
        required=True, attribute="position", metadata=described("The position of its entry in the timeline")
    )
    href = AttachmentAddress(dump_only=True, attribute="number", metadata=described("Where to save it from"))
    name = fields.String(required=True)
    media_type = fields.String(required=True, metadata=described("By its content, whatever its name says"))
    size = fields.Integer(required=True, metadata=described("Bytes"))
    sha256 = fields.String(required=True, metadata=described("What its content adds up to, in hexadecimal"))
    added_at = Moment(required=True)
    readers = fields.Enum(
        Audience, by_value=fields.String, required=True, metadata=described("Who can read it, at the widest")
    )


class AttachmentsSchema(Schema):
    attachments = fields.List(fields.Nested(AttachmentSchema), required=True)


PARTIES = ["supplier", "customer", "municipality", "joint", "requester", "system"]


class EntrySchema(Schema):
    """What happened, as far as it is yours to see."""

    position = fields.Integer(required=True)
    kind = fields.String(required=True, metadata=described("The event: TicketHandedOver, QuestionAnswered, …"))
    at = Moment(required=True)
    party = fields.String(
        required=True,
        validate=validate.OneOf(PARTIES),
        metadata=described(
            "Who did it: to a supplier itself, its customer or the system; to a municipality itself, the joint "
            "organisation, the supplier or the system"
        ),
    )
    name = fields.String(required=True, allow_none=True, metadata=described("Your own person or system; else null"))
    readers = fields.Enum(
        Audience, by_value=fields.String, required=True, metadata=described("Who can read it, at the widest")
    )
    texts = fields.Nested(TextsSchema, required=True)
    resolution_code = fields.String(required=True, allow_none=True)
    priority = fields.Integer(required=True, allow_none=True, metadata=described("The new one, when it was changed"))
    reference = fields.String(required=True, allow_none=True, metadata=described("What a system now calls the ticket"))
    clock = fields.String(required=True, allow_none=True, metadata=described("The promise that a warning is about"))
    share = fields.Integer(required=True, allow_none=True, metadata=described("Percent of the promise that was used"))
    file = fields.Nested(FileSchema, required=True, allow_none=True)
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
    format = fields.String(
        required=True,
        validate=validate.OneOf(["text", "choice", "moment", "ticket", "file"]),
        metadata=described(
            "A text, one of `choices`, a moment (RFC 3339 with its offset), or a ticket's number. Where one is a file "
            "it is the body itself, and the others are parameters of the address"
        ),
    )
    choices = fields.List(fields.String(), required=True, allow_none=True)
    longest = fields.Integer(required=True, metadata=described("Characters at most; of a file bytes"))


class ReasonSchema(Schema):
    code = fields.String(required=True)
    detail = fields.String(required=True)


class ActionAddress(fields.String):
    """Where an offer is taken up."""

    def _serialize(self, value: Any, attr: str | None, obj: Any, **kwargs: Any) -> str:
        return f"/api/v1/tickets/{obj.number}/{obj.name}"


class ActionSchema(Schema):
    verb = fields.String(required=True)
    step = fields.String(required=True, allow_none=True, metadata=described("The workflow's step that it takes"))
    label = fields.Nested(LabelSchema, required=True)
    method = fields.String(
        required=True, validate=validate.OneOf(["POST", "PUT"]), metadata=described("How to send it")
    )
    href = ActionAddress(dump_only=True, attribute="number", metadata=described("Where to send it"))
    fields_ = fields.List(fields.Nested(FieldSchema), required=True, attribute="fields", data_key="fields")
    possible = fields.Boolean(required=True)
    reason = fields.Nested(ReasonSchema, required=True, allow_none=True, metadata=described("Why it is not possible"))


class ActionsSchema(Schema):
    actions = fields.List(fields.Nested(ActionSchema), required=True)
    version = fields.Integer(required=True)
