"""The closed vocabularies. Values are what files, journal and API say; they never change meaning."""

from enum import StrEnum


class Tier(StrEnum):
    """A level of the support chain, nearest the requester first."""

    FIRST_LINE = "first_line"
    SECOND_LINE = "second_line"
    JOINT = "joint"
    SUPPLIER = "supplier"

    @property
    def level(self) -> int:
        return _LEVELS[self]


_LEVELS = {tier: level for level, tier in enumerate(Tier, start=1)}


class OrganisationKind(StrEnum):
    MUNICIPALITY = "municipality"
    JOINT = "joint"
    SUPPLIER = "supplier"


class Role(StrEnum):
    """What a person is in a team; the last four are nobody's job but still actors. A municipal system acts
    for those who ask: see core.workflows.who."""

    FIRST_LINE_STAFF = "first_line_staff"
    BUSINESS_SYSTEM_MANAGER = "business_system_manager"
    ADMINISTRATOR = "administrator"
    E_SERVICE_DEVELOPER = "e_service_developer"
    LOCAL_IT = "local_it"
    IT_SERVICE_MANAGER = "it_service_manager"
    SYSTEM_OWNER = "system_owner"
    SUPPLIER_AGENT = "supplier_agent"
    MUNICIPAL_SYSTEM = "municipal_system"
    REQUESTER = "requester"
    SCHEDULER = "scheduler"
    OPERATOR = "operator"


ROLE_TIERS: dict[Role, Tier] = {
    Role.FIRST_LINE_STAFF: Tier.FIRST_LINE,
    Role.BUSINESS_SYSTEM_MANAGER: Tier.SECOND_LINE,
    Role.ADMINISTRATOR: Tier.SECOND_LINE,
    Role.E_SERVICE_DEVELOPER: Tier.SECOND_LINE,
    Role.LOCAL_IT: Tier.SECOND_LINE,
    Role.IT_SERVICE_MANAGER: Tier.JOINT,
    Role.SYSTEM_OWNER: Tier.JOINT,
    Role.SUPPLIER_AGENT: Tier.SUPPLIER,
}


class Category(StrEnum):
    """What every state is a kind of; code speaks of these, never of state names."""

    NEW = "new"
    ACTIVE = "active"
    WAITING = "waiting"
    RESOLVED = "resolved"
    CLOSED = "closed"


class WaitsOn(StrEnum):
    """For whose account a waiting state waits."""

    REQUESTER = "requester"
    FIRST_LINE = "first_line"
    SECOND_LINE = "second_line"
    JOINT = "joint"
    SUPPLIER = "supplier"
    PLANNED_CHANGE = "planned_change"


class Metric(StrEnum):
    """What a clock measures. response and resolution belong to the SLA, acknowledgement and holding to the
    OLA (per tier), contract to the supplier's UC; the UC has an acknowledgement of its own. All three may promise
    an update every so often; a state says nothing of it, since it runs as the promise does that it belongs to."""

    RESPONSE = "response"
    RESOLUTION = "resolution"
    UPDATE = "update"
    ACKNOWLEDGEMENT = "acknowledgement"
    HOLDING = "holding"
    CONTRACT = "contract"


class ClockEffect(StrEnum):
    """What a state does to a clock. A stopped clock runs on if a later state runs it (reopening)."""

    RUN = "run"
    PAUSE = "pause"
    STOP = "stop"


class AgreementKind(StrEnum):
    SLA = "SLA"
    OLA = "OLA"
    UC = "UC"


class Verb(StrEnum):
    """The families of workflow steps. Each has one event (see events.EVENT_OF_VERB) and, in the API, one resource."""

    TAKE = "take"
    HAND_OVER = "hand_over"
    ACCEPT = "accept"
    RETURN = "return"
    RECALL = "recall"
    ASK = "ask"
    ANSWER = "answer"
    WAIT = "wait"
    RESUME = "resume"
    RESOLVE = "resolve"
    VERIFY = "verify"
    REJECT = "reject"
    CONFIRM = "confirm"
    REOPEN = "reopen"
    CLOSE = "close"
    CANCEL = "cancel"
    REMIND = "remind"
    STEP = "step"


class Need(StrEnum):
    """What a transition can demand of the person who performs it."""

    REASON = "reason"
    TRIED = "tried"
    QUESTION = "question"
    ANSWER = "answer"
    SOLUTION = "solution"
    RESOLUTION_CODE = "resolution_code"
    SUPPLIER_DESCRIPTION = "supplier_description"
    TEAM = "team"
    UNTIL = "until"
    CANCEL_REASON = "cancel_reason"
    DUPLICATE_OF = "duplicate_of"


class Fault(StrEnum):
    """Whose the fault is: the shared platform's (joint) or a municipality's own e-service's."""

    UNKNOWN = "unknown"
    PLATFORM = "platform"
    E_SERVICE = "e_service"


class Channel(StrEnum):
    PHONE = "phone"
    VISIT = "visit"
    MAIL = "mail"
    WEB = "web"
    CHAT = "chat"
    LETTER = "letter"
    API = "api"
    IMPORT = "import"


class RequesterKind(StrEnum):
    CITIZEN = "citizen"
    EMPLOYEE = "employee"
    ANONYMOUS = "anonymous"
    # Protected personal data: who it is, is written nowhere.
    PROTECTED = "protected"


class KnownKind(StrEnum):
    """What is known of a matter that comes again: a fault that stands, with a way round it, or the answer to it."""

    ERROR = "known_error"
    ANSWER = "answer"


class Level(StrEnum):
    """Impact and urgency, each on the same three steps."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


class ResolutionCode(StrEnum):
    SOLVED = "solved"
    WORKAROUND = "workaround"
    INFORMATION_GIVEN = "information_given"
    CONFIGURATION = "configuration"
    SOFTWARE_FIX = "software_fix"
    ACCESS_GRANTED = "access_granted"
    DELIVERED = "delivered"
    NOT_A_FAULT = "not_a_fault"
    NOT_REPRODUCIBLE = "not_reproducible"
    DECLINED = "declined"


class CancelReason(StrEnum):
    DUPLICATE = "duplicate"
    MISTAKEN = "mistaken"


class Audience(StrEnum):
    """Who sees an entry, from widest outward to narrowest inward.

    requester: the requester, the municipality and, once escalated, the joint tier.
    municipality: the municipality alone.  joint: the municipality and the joint tier.
    supplier: the municipality, the joint tier and the supplier whose ticket it is.
    """

    REQUESTER = "requester"
    MUNICIPALITY = "municipality"
    JOINT = "joint"
    SUPPLIER = "supplier"


class Relation(StrEnum):
    DUPLICATE_OF = "duplicate_of"
    CHILD_OF = "child_of"
    CAUSED_BY = "caused_by"
    FOLLOWS = "follows"


class Rating(StrEnum):
    """What the requester says of how it went."""

    GOOD = "good"
    FAIR = "fair"
    BAD = "bad"


class TmfStatus(StrEnum):
    """TM Forum TMF621 v4 `TroubleTicketStatusType`."""

    ACKNOWLEDGED = "acknowledged"
    REJECTED = "rejected"
    PENDING = "pending"
    HELD = "held"
    IN_PROGRESS = "inProgress"
    CANCELLED = "cancelled"
    CLOSED = "closed"
    RESOLVED = "resolved"


class Language(StrEnum):
    SWEDISH = "sv"
    ENGLISH = "en"
