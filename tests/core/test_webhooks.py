"""Signatures by the specification's own library; the schedule; and which addresses are never called."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from standardwebhooks.webhooks import Webhook

from servicedesk.actions.addresses import target_of
from servicedesk.actions.webhooks import new_secret
from servicedesk.core.webhooks import ATTEMPTS, DELAYS, is_public, next_attempt, signature

NOW = datetime(2026, 3, 2, 8, tzinfo=UTC)


@settings(max_examples=200, deadline=None)
@given(st.text(st.characters(max_codepoint=127), min_size=1, max_size=40), st.text())
def test_every_signature_is_the_one_that_the_specifications_library_makes(message: str, text: str) -> None:
    secret = new_secret()
    body = text.encode("utf-8", "replace")
    expected = Webhook(secret).sign(message, NOW, body.decode())
    assert signature(secret, message, int(NOW.timestamp()), body) == expected


def test_the_schedule_is_the_specifications() -> None:
    hours = [delay.total_seconds() / 3600 for delay in DELAYS]
    assert [round(hour * 3600) for hour in hours[:3]] == [5, 300, 1800]
    assert hours[3:] == [2, 5, 10, 14, 20, 24]
    for attempts, delay in enumerate(DELAYS, start=1):
        assert next_attempt(attempts, NOW, 0.0) == NOW + delay
        assert next_attempt(attempts, NOW, 1.0) == NOW + delay * 1.1
    assert next_attempt(ATTEMPTS, NOW, 0.5) is None


def test_a_receiver_that_says_when_to_come_back_is_not_called_before_but_is_not_waited_for_for_ever() -> None:
    assert next_attempt(1, NOW, 0.0, timedelta(minutes=10)) == NOW + timedelta(minutes=10)
    assert next_attempt(2, NOW, 0.0, timedelta(seconds=1)) == NOW + timedelta(minutes=5)
    assert next_attempt(1, NOW, 0.0, timedelta(days=900)) == NOW + timedelta(hours=24)


INTERNAL = (
    "127.0.0.1 127.255.255.254 0.0.0.0 10.0.0.1 172.16.0.1 192.168.1.1 169.254.169.254 100.64.0.1 100.127.255.255 "
    "192.0.0.8 192.0.2.1 192.88.99.1 198.18.0.1 198.51.100.1 203.0.113.1 224.0.0.1 239.1.1.1 240.0.0.1 255.255.255.255 "
    "::1 :: ::ffff:127.0.0.1 ::ffff:8.8.8.8 ::7f00:1 64:ff9b::8.8.8.8 64:ff9b::7f00:1 64:ff9b:1::1 fe80::1 "
    "fe80::1%eth0 fc00::1 fd12::1 fec0::1 ff02::1 2002:7f00:1:: 2001:0:53aa:64c::1 2001:db8::1 3fff::1 100::1 5f00::1 "
    "4000::1 localhost 8.8.8 0x7f000001 08.8.8.8"
)


@pytest.mark.parametrize("address", INTERNAL.split())
def test_an_address_inside_is_not_public(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", ["8.8.8.8", "1.1.1.1", "192.0.1.1", "2001:4860:4860::8888", "2a00:1450::1"])
def test_an_address_on_the_open_internet_is(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize(
    "url",
    [
        "", "hej", "ftp://a.example/", "file:///etc/passwd", "https://", "https:///x", "https://u:p@a.example/",
        "https://u@a.example/", "https://a.example/#x", "https://a.example:99999/", "https://a.example:0/",
        "https://a b.example/", "https://a.example/x y", "https://a.example\\@b.example/", "https://a\n.example/",
        "https://a.example/\r\nX: y", "https://[::1/", "javascript:alert(1)", "https://a.example/" + "x" * 2_048,
    ],
)  # fmt: skip
def test_what_is_no_address_to_post_to_is_refused(url: str) -> None:
    with pytest.raises(ValueError):
        target_of(url)


def test_letters_beyond_ascii_are_written_in_their_other_form() -> None:
    found = target_of("https://ÅRE.example:8443/kö/%20?x=å")
    assert found == ("https", "xn--re-xia.example", 8443, "/k%C3%B6/%20?x=%C3%A5")
    assert target_of("http://[::1]:81").place == "[::1]:81"


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=60) | st.text(max_size=30).map(lambda rest: f"https://{rest}"))
def test_any_text_is_an_address_or_is_refused_as_one(text: str) -> None:
    try:
        found = target_of(text)
    except ValueError:
        return
    assert found.host.isascii() and found.path.isascii() and "\n" not in found.path and " " not in found.path
