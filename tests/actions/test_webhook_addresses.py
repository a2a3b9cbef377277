"""Where a webhook may lead: to the open internet, by TLS; and how many there may be."""

import pytest

from servicedesk.actions import webhooks as actions
from servicedesk.actions.desk import Desk
from servicedesk.core.errors import Invalid, Refusal
from tests.actions.delivering import hook, system
from tests.support.receiver import receiver

INSIDE = [
    "https://127.0.0.1/",
    "https://[::1]/",
    "https://10.0.0.1:8443/x",
    "https://169.254.169.254/latest/meta-data",
    "https://2130706433/",
    "https://0x7f.1/",
    "https://localhost/",
    "https://[::ffff:127.0.0.1]/",
]


@pytest.mark.parametrize("url", [*INSIDE, "http://8.8.8.8/", "ftp://8.8.8.8/", "nonsense", ""])
def test_an_address_inside_or_without_tls_is_refused_when_it_is_given(keyed: Desk, url: str) -> None:
    with pytest.raises(Invalid) as refused:
        actions.create_webhook(keyed, url, actor=system(keyed))
    assert list(refused.value.fields) == ["url"]


def test_a_name_that_leads_inside_is_refused_when_it_is_given(keyed: Desk) -> None:
    who = system(keyed)
    resolve = {"inside.example": ["8.8.8.8", "10.0.0.7"], "outside.example": ["8.8.8.8"]}
    with pytest.raises(Invalid):
        actions.create_webhook(keyed, "https://inside.example/", actor=who, resolve=lambda host, port: resolve[host])
    assert actions.create_webhook(
        keyed, "https://outside.example/", actor=who, resolve=lambda host, port: resolve[host]
    ).id


def test_there_are_only_so_many_webhooks_of_an_organisation(keyed: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(actions, "MOST", 1)
    with receiver() as there:
        hook(keyed, there)
        with pytest.raises(Refusal):
            hook(keyed, there)
