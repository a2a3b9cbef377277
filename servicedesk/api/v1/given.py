"""The shapes of what comes in."""

from typing import Any

from marshmallow import ValidationError, fields, validate, validates_schema
from webargs.fields import DelimitedList

from servicedesk.api.acts import STEP
from servicedesk.api.fields import Given, Moment, StepGiven, choice, described, text
from servicedesk.api.uploads import LONGEST_NAME
from servicedesk.core.inputs import LONGEST_CASE, LONGEST_LINE
from servicedesk.core.vocabulary import (
    Audience,
    CancelReason,
    Category,
    Fault,
    Language,
    Level,
    RequesterKind,
    ResolutionCode,
)
from servicedesk.store.queries.systems.lists import Sort

DEFAULT_LIMIT, LARGEST_LIMIT = 50, 200


class Chosen(StepGiven):
    """Of several steps of the kind that actions names, one is chosen by its key."""

    step = text("Which step, where actions names several of this kind", required=False, longest=LONGEST_LINE)


assert STEP in Chosen().fields


class NothingGiven(Chosen):
    pass


class QuestionGiven(Chosen):
    question = text("What you need to know", required=False)


class AnswerGiven(Chosen):
    answer = text("The answer to the question that the ticket waits on", required=False)


class SolutionGiven(Chosen):
    solution = text("What you have done, for those who verify it", required=False)
    resolution_code = text("How it was resolved", required=False, choices=ResolutionCode)


class ReasonGiven(Chosen):
    reason = text("Why", required=False)


class HandOverGiven(Chosen):
    team = text("The key of the team that is to have it", required=False)
    reason = text("Why", required=False)
    tried = text("What has been tried", required=False)


class WaitGiven(Chosen):
    reason = text("Why", required=False)
    until = text("Until when, as RFC 3339", required=False, format="date-time")


class TriedGiven(Chosen):
    tried = text("What has been tried", required=False)


class CancelGiven(Chosen):
    cancel_reason = text("Why it is to be cancelled", required=False, choices=CancelReason)
    reason = text("The same in words", required=False)
    duplicate_of = text("Of a duplicate: the number of the ticket that it duplicates", required=False)


class WordsGiven(Given):
    body = text("What you have to say")


def audience_of_municipality() -> fields.Enum[Any]:
    return fields.Enum(
        Audience,
        by_value=fields.String,
        validate=validate.OneOf([Audience.MUNICIPALITY, Audience.JOINT], error="Choose one of the values offered."),
        error_messages=dict.fromkeys(("unknown", "null", "must_be_string"), "Choose one of the values offered."),
        metadata=described(
            "Of what a municipality writes: itself alone, which is usual, or the joint organisation too",
            enum=[str(Audience.MUNICIPALITY), str(Audience.JOINT)],
        ),
    )


class NoteGiven(WordsGiven):
    audience = audience_of_municipality()


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
    language = choice(
        Language, None, "The one that they read, for what they are mailed and for their page; else Swedish"
    )
    platform_case = text("The platform's own case number", required=False, longest=LONGEST_LINE)
    impact = choice(Level, Level.LOW, "How many are affected")
    urgency = choice(Level, Level.MEDIUM, "How urgent it is")
    fault = choice(Fault, Fault.UNKNOWN, "Whose the fault is, if you know")
    reference = text("What your own system calls the ticket", required=False, longest=LONGEST_CASE)


class AttachmentParameters(Given):
    name = fields.String(
        required=True,
        validate=validate.Length(1, LONGEST_NAME, error="Give the file's name, of 255 characters at most."),
        error_messages={"required": "Give the file's name, of 255 characters at most."},
        metadata=described("The file's name"),
    )
    audience = audience_of_municipality()

    error_messages = {"unknown": "There is no such parameter.", "type": "Send parameters."}


class ReferenceGivenSchema(Given):
    reference = text("What your own system calls the ticket; empty to take it away", longest=LONGEST_CASE)


SCOPES = ("open", "closed", "all")


class ListParameters(Given):
    scope = fields.String(
        validate=validate.OneOf(SCOPES, error="Choose open, closed or all."),
        metadata=described(
            "Open tickets, ended ones (resolved or closed), or all. Open, unless you filter by category, reference or "
            "updated_since: then all"
        ),
    )
    category = DelimitedList(
        fields.Enum(Category, by_value=fields.String, error_messages={"unknown": "Choose one of the values offered."}),
        validate=validate.Length(1, error="Choose one of the values offered."),
        metadata=described("Only tickets in a state of these categories, as you see them; with commas between"),
    )
    priority = fields.Integer(
        validate=validate.Range(1, 4, error="Choose a whole number from 1 to 4."),
        error_messages={"invalid": "Choose a whole number from 1 to 4."},
        metadata=described("Only of this priority: 1 critical, 2 high, 3 normal, 4 low"),
    )
    service = fields.String(
        validate=validate.Length(1, LONGEST_LINE, error="Give the key of a service."),
        metadata=described("Only of this shared service, by its key"),
    )
    reference = fields.String(
        validate=validate.Length(1, LONGEST_LINE, error="Give a reference as you have set it."),
        metadata=described("Only what you have given this reference of your own"),
    )
    updated_since = Moment(
        error_messages={
            "invalid": "Give a date and a time with its zone.",
            "invalid_awareness": "Give a date and a time with its zone.",
            "format": "Give a date and a time with its zone.",
        },
        metadata=described("Only what has changed, as far as you may see, at this moment or after it"),
    )
    sort = fields.Enum(
        Sort,
        by_value=fields.String,
        error_messages={"unknown": "Choose one of the values offered."},
        metadata=described(
            "By what runs out first (due), the last change (updated) or when it was opened; with - backwards. "
            "Open tickets are sorted by due unless you say so, others by -updated"
        ),
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

    @validates_schema
    def require_one_way(self, data: dict[str, Any], **kwargs: Any) -> None:
        if "scope" in data and "category" in data:
            raise ValidationError({"scope": ["Give scope or category, not both."]})
        if "updated_since" in data and data.get("sort", Sort.UPDATED).lstrip("-") != Sort.UPDATED:
            raise ValidationError({"sort": ["Sort by updated or -updated where you give updated_since."]})
