"""What goes in and comes out. Written from the API's document by tests/support/client_writing."""

from typing import Any, Literal, NotRequired, TypedDict


class Texts(TypedDict):
    subject: NotRequired[str | None]
    description: NotRequired[str | None]
    supplier_description: NotRequired[str | None]
    question: NotRequired[str | None]
    answer: NotRequired[str | None]
    reason: NotRequired[str | None]
    tried: NotRequired[str | None]
    solution: NotRequired[str | None]
    note: NotRequired[str | None]
    progress: NotRequired[str | None]
    reply: NotRequired[str | None]
    message: NotRequired[str | None]
    comment: NotRequired[str | None]
    file_name: NotRequired[str | None]


class File(TypedDict):
    id: int
    media_type: str
    size: int


class Entry(TypedDict):
    position: int
    kind: str
    at: str
    party: Literal["supplier", "customer", "municipality", "joint", "requester", "system"]
    name: str | None
    readers: Literal["requester", "municipality", "joint", "supplier"]
    texts: "Texts"
    resolution_code: str | None
    priority: int | None
    reference: str | None
    clock: str | None
    share: int | None
    file: "File | None"
    correction: bool
    corrects: int | None


class Named(TypedDict):
    key: str
    name: str


class Label(TypedDict):
    sv: str
    en: str


class State(TypedDict):
    category: Literal["new", "active", "waiting", "resolved", "closed"]
    tmf_status: Literal["acknowledged", "rejected", "pending", "held", "inProgress", "cancelled", "closed", "resolved"]
    label: "Label"


class Holder(TypedDict):
    tier: Literal["first_line", "second_line", "joint", "supplier"]
    organisation: "Named"


class Line(TypedDict):
    number: str
    href: str
    reference: str | None
    title: str
    service: "Named"
    municipality: "Named"
    priority: int
    state: "State"
    holder: "Holder | None"
    opened_at: str
    updated_at: str
    due_at: str | None


class Page(TypedDict):
    tickets: list["Line"]


class NewTicketGiven(TypedDict):
    subject: str
    service: str
    description: NotRequired[str]
    e_service: NotRequired[str]
    workflow: NotRequired[str]
    requester_kind: NotRequired[Literal["citizen", "employee", "anonymous", "protected"]]
    requester_name: NotRequired[str]
    requester_contact: NotRequired[str]
    language: NotRequired[Literal["sv", "en"]]
    platform_case: NotRequired[str]
    impact: NotRequired[Literal["high", "medium", "low"]]
    urgency: NotRequired[Literal["high", "medium", "low"]]
    fault: NotRequired[Literal["unknown", "platform", "e_service"]]
    reference: NotRequired[str]


class Clock(TypedDict):
    metric: Literal["response", "resolution", "update", "acknowledgement", "holding", "contract"]
    started_at: str
    state: Literal["run", "pause", "stop"]
    target_seconds: int | None
    spent_seconds: int
    grace_seconds: int
    due_at: str | None
    outcome: Literal[None, "open", "kept", "broken"]


class Ticket(TypedDict):
    number: str
    href: str
    reference: str | None
    title: str
    description: str
    service: "Named"
    municipality: "Named"
    priority: int
    state: "State"
    holder: "Holder | None"
    opened_at: str
    handed_over_at: str | None
    updated_at: str
    clocks: list["Clock"]
    version: int


class Timeline(TypedDict):
    entries: list["Entry"]


class Field(TypedDict):
    name: str
    required: bool
    format: Literal["text", "choice", "moment", "ticket", "file"]
    choices: list[str] | None
    longest: int


class Reason(TypedDict):
    code: str
    detail: str


class Action(TypedDict):
    verb: str
    step: str | None
    label: "Label"
    method: Literal["POST", "PUT"]
    href: str
    fields: list["Field"]
    possible: bool
    reason: "Reason | None"


class Actions(TypedDict):
    actions: list["Action"]
    version: int


class NothingGiven(TypedDict):
    step: NotRequired[str]


class QuestionGiven(TypedDict):
    step: NotRequired[str]
    question: NotRequired[str]


class AnswerGiven(TypedDict):
    step: NotRequired[str]
    answer: NotRequired[str]


class SolutionGiven(TypedDict):
    step: NotRequired[str]
    solution: NotRequired[str]
    resolution_code: NotRequired[
        Literal[
            "solved",
            "workaround",
            "information_given",
            "configuration",
            "software_fix",
            "access_granted",
            "delivered",
            "not_a_fault",
            "not_reproducible",
            "declined",
        ]
    ]


class ReasonGiven(TypedDict):
    step: NotRequired[str]
    reason: NotRequired[str]


class HandOverGiven(TypedDict):
    step: NotRequired[str]
    team: NotRequired[str]
    reason: NotRequired[str]
    tried: NotRequired[str]


class WaitGiven(TypedDict):
    step: NotRequired[str]
    reason: NotRequired[str]
    until: NotRequired[str]


class TriedGiven(TypedDict):
    step: NotRequired[str]
    tried: NotRequired[str]


class CancelGiven(TypedDict):
    step: NotRequired[str]
    cancel_reason: NotRequired[Literal["duplicate", "mistaken"]]
    reason: NotRequired[str]
    duplicate_of: NotRequired[str]


class NoteGiven(TypedDict):
    body: str
    audience: NotRequired[Literal["requester", "municipality", "joint", "supplier"]]


class WordsGiven(TypedDict):
    body: str


class ReferenceGiven(TypedDict):
    reference: str


class Attachment(TypedDict):
    id: int
    href: str
    name: str
    media_type: str
    size: int
    sha256: str
    added_at: str
    readers: Literal["requester", "municipality", "joint", "supplier"]


class Attachments(TypedDict):
    attachments: list["Attachment"]


class FeedRestored(TypedDict):
    type: str
    title: str
    status: int
    detail: str
    code: str
    request_id: str
    errors: NotRequired[dict[str, Any]]
    allowed: NotRequired[list[str]]
    changes: NotRequired[list["Entry"]]
    last: int
    restored_at: str


class Change(TypedDict):
    position: int
    type: Literal[
        "ticket.logged",
        "ticket.shared",
        "ticket.withdrawn",
        "ticket.taken",
        "ticket.handed_over",
        "ticket.acknowledged",
        "ticket.returned",
        "ticket.recalled",
        "ticket.information_requested",
        "ticket.information_given",
        "ticket.wait_started",
        "ticket.work_resumed",
        "ticket.solved",
        "ticket.solution_verified",
        "ticket.solution_rejected",
        "ticket.solution_confirmed",
        "ticket.reopened",
        "ticket.closed",
        "ticket.cancelled",
        "ticket.requester_reminded",
        "ticket.step_taken",
        "ticket.assigned",
        "ticket.priority_changed",
        "ticket.classified",
        "ticket.updated",
        "ticket.attachment_added",
        "ticket.reference_given",
        "ticket.municipality_changed",
        "ticket.merged",
        "ticket.linked",
        "ticket.promise_warned",
        "ticket.workflow_changed",
        "ticket.agreement_changed",
        "ticket.link_given",
        "ticket.contact_corrected",
        "ticket.rated",
        "ticket.major_incident_declared",
        "ticket.major_incident_joined",
        "ticket.major_incident_left",
        "ticket.text_erased",
        "ticket.corrected",
        "ticket.changed",
    ]
    at: str
    ticket: str
    href: str
    ordinal: int
    own: bool


class Feed(TypedDict):
    changes: list["Change"]
    after: int
    last: int
    more: bool


class Webhook(TypedDict):
    id: int
    url: str
    event_types: list[str]
    description: str
    enabled: bool
    why: Literal["", "by_hand", "failing", "gone", "no_key"]
    failures: int
    failing_since: str | None
    disabled_at: str | None
    created_at: str
    waiting: int
    failed: int


class Webhooks(TypedDict):
    webhooks: list["Webhook"]


class WebhookGiven(TypedDict):
    url: str
    event_types: NotRequired[
        list[
            Literal[
                "ticket.logged",
                "ticket.shared",
                "ticket.withdrawn",
                "ticket.taken",
                "ticket.handed_over",
                "ticket.acknowledged",
                "ticket.returned",
                "ticket.recalled",
                "ticket.information_requested",
                "ticket.information_given",
                "ticket.wait_started",
                "ticket.work_resumed",
                "ticket.solved",
                "ticket.solution_verified",
                "ticket.solution_rejected",
                "ticket.solution_confirmed",
                "ticket.reopened",
                "ticket.closed",
                "ticket.cancelled",
                "ticket.requester_reminded",
                "ticket.step_taken",
                "ticket.assigned",
                "ticket.priority_changed",
                "ticket.classified",
                "ticket.updated",
                "ticket.attachment_added",
                "ticket.reference_given",
                "ticket.municipality_changed",
                "ticket.merged",
                "ticket.linked",
                "ticket.promise_warned",
                "ticket.workflow_changed",
                "ticket.agreement_changed",
                "ticket.link_given",
                "ticket.contact_corrected",
                "ticket.rated",
                "ticket.major_incident_declared",
                "ticket.major_incident_joined",
                "ticket.major_incident_left",
                "ticket.text_erased",
                "ticket.corrected",
                "ticket.changed",
            ]
        ]
    ]
    description: NotRequired[str]


class NewWebhook(TypedDict):
    id: int
    url: str
    event_types: list[str]
    description: str
    enabled: bool
    why: Literal["", "by_hand", "failing", "gone", "no_key"]
    failures: int
    failing_since: str | None
    disabled_at: str | None
    created_at: str
    waiting: int
    failed: int
    secret: str


class WebhookChangesGiven(TypedDict):
    url: NotRequired[str]
    event_types: NotRequired[
        list[
            Literal[
                "ticket.logged",
                "ticket.shared",
                "ticket.withdrawn",
                "ticket.taken",
                "ticket.handed_over",
                "ticket.acknowledged",
                "ticket.returned",
                "ticket.recalled",
                "ticket.information_requested",
                "ticket.information_given",
                "ticket.wait_started",
                "ticket.work_resumed",
                "ticket.solved",
                "ticket.solution_verified",
                "ticket.solution_rejected",
                "ticket.solution_confirmed",
                "ticket.reopened",
                "ticket.closed",
                "ticket.cancelled",
                "ticket.requester_reminded",
                "ticket.step_taken",
                "ticket.assigned",
                "ticket.priority_changed",
                "ticket.classified",
                "ticket.updated",
                "ticket.attachment_added",
                "ticket.reference_given",
                "ticket.municipality_changed",
                "ticket.merged",
                "ticket.linked",
                "ticket.promise_warned",
                "ticket.workflow_changed",
                "ticket.agreement_changed",
                "ticket.link_given",
                "ticket.contact_corrected",
                "ticket.rated",
                "ticket.major_incident_declared",
                "ticket.major_incident_joined",
                "ticket.major_incident_left",
                "ticket.text_erased",
                "ticket.corrected",
                "ticket.changed",
            ]
        ]
    ]
    description: NotRequired[str]
    enabled: NotRequired[bool]


class Secret(TypedDict):
    secret: str


class Delivery(TypedDict):
    id: int
    message_id: str
    event_type: str
    position: int | None
    ticket: str | None
    state: Literal["waiting", "delivered", "failed", "dropped"]
    attempts: int
    response: int | None
    failure: str
    failure_code: str
    made_at: str
    tried_at: str | None
    next_at: str | None


class Deliveries(TypedDict):
    deliveries: list["Delivery"]


class ProblemKind(TypedDict):
    code: str
    status: int
    title: str
    remedy: str
