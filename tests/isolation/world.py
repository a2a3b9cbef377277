"""The world that the isolation suite looks at: tickets of every kind, each text in them a marker of its own.

What each viewer may see is written down here by hand, from the domain, and not asked of the program.
"""

from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO

from servicedesk.actions import changes, entries
from servicedesk.actions.attachments import Upload
from servicedesk.actions.desk import Desk
from servicedesk.actions.log import NewTicket, log_ticket
from servicedesk.actions.steps import perform
from servicedesk.core.vocabulary import Fault
from tests.support.desk import CHAIN, PLATFORM, persona

# What only the municipality reads, what the joint tier reads too, and what was written for the supplier.
MUNICIPAL = ("requester_name", "requester_contact", "municipal_note", "municipal_file")
INNER = ("subject", "description", "reason", "tried", "joint_note", "joint_file", "reply")
FOR_SUPPLIER = ("supplier_description", "supplier_note", "supplier_file", "solution", "question", "answer")


def a_file(mark: str) -> Upload:
    """Named by its marker, and holding it."""
    return Upload(mark, BytesIO(mark.encode()))


def marker(ticket: str, field: str) -> str:
    return f"MARK-{ticket}-{field.replace('_', '')}"


@dataclass(frozen=True)
class Kind:
    """A kind of ticket: whose it is, how far it has come, and through whose hands."""

    name: str
    municipality: str
    last_step: str
    service: str = PLATFORM
    escalated: bool = False
    supplier: str = ""
    moved_to: str = ""

    @property
    def home(self) -> str:
        return self.moved_to or self.municipality


JOINT_STEPS = "escalate_to_joint"
KINDS = (
    Kind("LN", "lulea", ""),
    Kind("LS", "lulea", "accept_in_second_line"),
    Kind("LJ", "lulea", JOINT_STEPS, escalated=True),
    Kind("LP", "lulea", "accept_at_supplier", escalated=True, supplier="leverantor-plattform"),
    Kind("LB", "lulea", "confirm", escalated=True, supplier="leverantor-plattform"),
    Kind("LA", "lulea", "accept_at_supplier", "e-arkiv", escalated=True, supplier="leverantor-arkiv"),
    Kind("PN", "pitea", "take"),
    Kind("PP", "pitea", "order_from_supplier", escalated=True, supplier="leverantor-plattform"),
    Kind("MV", "lulea", "", moved_to="pitea"),
)

TECHNICIAN = {"leverantor-plattform": "supplier_technician", "leverantor-arkiv": "other_supplier_technician"}


def build(desk: Desk) -> dict[str, str]:
    """Every kind of ticket; name -> number."""
    return {kind.name: _build_one(desk, kind) for kind in KINDS}


def _build_one(desk: Desk, kind: Kind) -> str:
    say: Callable[[str], str] = lambda field: marker(kind.name, field)  # noqa: E731 - a name for one ticket's markers
    first = persona(desk, f"first_line_{kind.municipality}")
    new = NewTicket(
        kind.municipality,
        kind.service,
        say("subject"),
        say("description"),
        requester_name=say("requester_name"),
        requester_contact=say("requester_contact"),
        fault=Fault.PLATFORM,
    )
    number = log_ticket(desk, new, actor=first).number
    entries.note(desk, number, say("municipal_note"), files=[a_file(say("municipal_file"))], actor=first)
    entries.note(desk, number, say("joint_note"), files=[a_file(say("joint_file"))], actor=first, to_joint=True)
    entries.reply(desk, number, say("reply"), actor=first)
    _walk(desk, kind, number, say)
    if kind.moved_to:
        changes.move_municipality(desk, number, kind.moved_to, say("reason"), actor=first)
    return number


def _walk(desk: Desk, kind: Kind, number: str, say: Callable[[str], str]) -> None:
    if not kind.last_step:
        return
    for who, step, needs in CHAIN:
        given = {need: "solved" if need == "resolution_code" else say(need) for need in needs}
        if who in ("first_line", "second_line"):
            who = f"{who}_{kind.municipality}"
        if who == "supplier_technician":
            who = TECHNICIAN[kind.supplier]
        perform(desk, number, step, actor=persona(desk, who), given=given)
        if step == "accept_at_supplier":
            _talk(desk, kind, number, say)
        if step == kind.last_step:
            return


def _talk(desk: Desk, kind: Kind, number: str, say: Callable[[str], str]) -> None:
    """A question from the supplier and its answer, and a note."""
    technician, manager = persona(desk, TECHNICIAN[kind.supplier]), persona(desk, "it_service_manager")
    perform(desk, number, "ask_joint", actor=technician, given={"question": say("question")})
    perform(desk, number, "answer_supplier", actor=manager, given={"answer": say("answer")})
    entries.note_to_supplier(desk, number, say("supplier_note"), files=[a_file(say("supplier_file"))], actor=manager)


@dataclass(frozen=True)
class Viewer:
    """Somebody who looks: where they are, and how they come in (a persona's session, a token, or neither)."""

    name: str
    side: str
    organisation: str = ""
    has_token: bool = False


VIEWERS = (
    Viewer("first_line_lulea", "municipality", "lulea"),
    Viewer("second_line_lulea", "municipality", "lulea"),
    Viewer("administrator_lulea", "municipality", "lulea"),
    Viewer("developer_lulea", "municipality", "lulea"),
    Viewer("local_it_lulea", "municipality", "lulea"),
    Viewer("first_line_pitea", "municipality", "pitea"),
    Viewer("second_line_pajala", "municipality", "pajala"),
    Viewer("it_service_manager", "joint", "e-namnden"),
    Viewer("system_owner", "joint", "e-namnden"),
    Viewer("supplier_technician", "supplier", "leverantor-plattform"),
    Viewer("other_supplier_technician", "supplier", "leverantor-arkiv"),
    Viewer("token of the platform's supplier", "supplier", "leverantor-plattform", has_token=True),
    Viewer("token of the archive's supplier", "supplier", "leverantor-arkiv", has_token=True),
    Viewer("token of Luleå", "municipality", "lulea", has_token=True),
    Viewer("token of Piteå", "municipality", "pitea", has_token=True),
    Viewer("nobody", "outside"),
    Viewer("somebody with a made-up token", "outside", has_token=True),
)


def may_see(viewer: Viewer, kind: Kind) -> bool:
    if viewer.side == "municipality":
        return viewer.organisation == kind.home
    if viewer.side == "joint":
        return kind.escalated
    return viewer.side == "supplier" and viewer.organisation == kind.supplier


def forbidden(viewer: Viewer, kind: Kind) -> list[str]:
    """The markers of a ticket that must never reach this viewer."""
    if not may_see(viewer, kind):
        fields: tuple[str, ...] = (*MUNICIPAL, *INNER, *FOR_SUPPLIER)
    elif viewer.side == "supplier":
        fields = (*MUNICIPAL, *INNER)
    else:
        fields = MUNICIPAL if viewer.side == "joint" else ()
    return [marker(kind.name, field) for field in fields]
