"""The menu: one line a page, and who has it."""

from collections.abc import Callable
from dataclasses import dataclass

from servicedesk.actions.log import MAY_LOG
from servicedesk.core.administering import is_administrator
from servicedesk.core.administration import Duty, has_duty
from servicedesk.core.facts import Actor
from servicedesk.core.follow_up import follower
from servicedesk.core.vocabulary import Role
from servicedesk.web.lists.supplier import is_supplier
from servicedesk.web.speech import Words, _l
from servicedesk.web.workflows.page import sees_workflows

TRIAGE = frozenset({Role.IT_SERVICE_MANAGER, Role.BUSINESS_SYSTEM_MANAGER})


@dataclass(frozen=True, slots=True)
class Item:
    """`endpoints`: the page it leads to first, then those on which it is the present one too. `key`: what one presses
    to go there. `on_top`: in the top bar where there is room for one. A phone shows four and the rest under "More".
    """

    endpoints: tuple[str, ...]
    label: Words
    icon: str
    is_for: Callable[[Actor], bool]
    key: str = ""
    on_top: bool = False


def _who_works(viewer: Actor) -> bool:
    return bool(viewer.seats)


def _who_asks(viewer: Actor) -> bool:
    """For the others it stands among what is their own: templates/web/base.html."""
    return not viewer.seats


def _everybody(viewer: Actor) -> bool:
    return True


def _who_triages(viewer: Actor) -> bool:
    """Those who share work out at their tier."""
    return bool(TRIAGE & viewer.roles)


def logs_tickets(viewer: Actor) -> bool:
    return any(seat.role in MAY_LOG for seat in viewer.seats)


def _who_manages_clients(viewer: Actor) -> bool:
    return has_duty(Duty.MANAGE_CLIENTS, viewer)


def _who_follows_up(viewer: Actor) -> bool:
    return follower(viewer) is not None


def _who_speaks(viewer: Actor) -> bool:
    """Those who tell the public: see core.disruptions.speaks_for."""
    return bool(TRIAGE & viewer.roles)


def _who_has_majors(viewer: Actor) -> bool:
    """Those who lead them, and those who follow them for a municipality; its others meet those that go on where they
    begin, and as they log tickets."""
    return bool(TRIAGE & viewer.roles)


MENU = (
    Item(("web.supplier_start",), _l("Start"), "supplier", is_supplier, key="g s"),
    Item(
        (
            "web.queue",
            "web.show_ticket",
            "web.show_step",
            "web.selection",
            "web.act_on_selection",
            "web.show_batch",
            "web.saved_views",
        ),
        _l("Queue"),
        "queue",
        _who_works,
        key="g q",
    ),
    Item(("web.own_tickets",), _l("My own tickets"), "requester", _who_asks, key="g q"),
    Item(("web.new_report", "web.send_report"), _l("Report a matter"), "plus", _who_asks, key="n"),
    Item(("web.triage",), _l("Triage"), "triage", _who_triages, key="g t"),
    Item(("web.new_ticket", "web.log", "web.receipt"), _l("Log a ticket"), "plus", logs_tickets, key="n", on_top=True),
    Item(("web.notices",), _l("Notices"), "bell", _everybody, key="g n", on_top=True),
    Item(
        ("web.management", "web.management_tickets", "web.what_if", "web.try_file"),
        _l("Follow-up"),
        "chart",
        _who_follows_up,
        key="g u",
    ),
    Item(
        ("web.majors", "web.new_major", "web.declare_major_incident", "web.show_major"),
        _l("Major incidents"),
        "joint",
        _who_has_majors,
        key="g m",
    ),
    Item(("web.disruptions", "web.declare", "web.tell"), _l("Disruptions"), "alert", _who_speaks),
    Item(("web.workflows", "web.show_workflow", "web.workflow_tickets"), _l("Processes"), "workflow", sees_workflows),
    Item(
        (
            "web.clients",
            "web.new_client",
            "web.show_client",
            "web.edit_client",
            "web.create_client",
            "web.change_client",
            "web.make_token",
            "web.rotate_token",
            "web.webhooks",
            "web.show_webhook",
        ),
        _l("Systems"),
        "key",
        _who_manages_clients,
    ),
    Item(
        (
            "web.administration",
            "web.administration_kind",
            "web.rules",
            "web.show_part",
            "web.new_person",
            "web.create_person",
            "web.edit_person",
            "web.change_person",
            "web.offer_seat",
            "web.give_seat",
            "web.ask_take_seat",
            "web.take_seat",
            "web.ask_end_person",
            "web.end_person",
            "web.invite_person",
            "web.edit_team",
            "web.change_team",
            "web.offer_own_hours",
            "web.give_own_hours",
            "web.edit_days",
            "web.set_days",
            "web.edit_week",
            "web.set_week",
            "web.new_known",
            "web.create_known",
            "web.edit_known",
            "web.change_known",
            "web.new_template",
            "web.create_template",
            "web.edit_template",
            "web.change_template",
            "web.edit_absence",
            "web.add_absence",
        ),
        _l("Administration"),
        "cog",
        is_administrator,
        key="g a",
    ),
)


def menu_of(viewer: Actor) -> list[Item]:
    return [item for item in MENU if item.is_for(viewer)]
