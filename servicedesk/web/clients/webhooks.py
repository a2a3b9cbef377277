"""Webhooks in words."""

from collections.abc import Sequence

from servicedesk.store.queries.webhooks import ShownWebhook
from servicedesk.store.webhooks import DELIVERED, DROPPED, FAILED, WAITING
from servicedesk.web.reading import Reading
from servicedesk.web.speech import Words, _l

WHY: dict[str, Words] = {
    "": _l("Enabled"),
    "by_hand": _l("Disabled by hand"),
    "failing": _l("Disabled: nothing has come through for five days"),
    "gone": _l("Disabled: the receiver says that it is gone"),
    "no_key": _l("Disabled: its secret cannot be read. Ask the system to get a new one"),
}
OF_DESK: dict[str, Words] = {
    "webhook_failing": _l("A webhook is disabled: nothing has come through for five days."),
    "webhook_gone": _l("A webhook is disabled: the receiver says that it is gone."),
    "webhook_no_key": _l("A webhook is disabled: its secret cannot be read with this installation's key."),
}
STATES: dict[str, Words] = {
    WAITING: _l("Waits"),
    DELIVERED: _l("Delivered"),
    FAILED: _l("Given up"),
    DROPPED: _l("Not sent: no longer theirs to see"),
}


def groups_of(webhooks: Sequence[ShownWebhook], reading: Reading) -> list[tuple[str, list[ShownWebhook]]]:
    """An organisation's name and its webhooks."""
    groups: dict[str, list[ShownWebhook]] = {}
    for webhook in webhooks:
        organisation = reading.installation.organisations.get(webhook.organisation)
        groups.setdefault(organisation.name if organisation else webhook.organisation, []).append(webhook)
    return sorted(groups.items(), key=lambda group: group[0].casefold())
