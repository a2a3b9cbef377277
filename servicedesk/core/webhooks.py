"""Webhooks by the Standard Webhooks specification 1.0 (standardwebhooks.com): signatures, the schedule, and which
addresses are never called."""

import base64
import hmac
from datetime import datetime, timedelta
from hashlib import sha256
from ipaddress import IPv4Address, IPv4Network, IPv6Network, ip_address

SECRET_PREFIX = "whsec_"
SECRET_BYTES = 32
# After the first attempt, at once: how long each of the others waits.
DELAYS = (
    timedelta(seconds=5),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=5),
    timedelta(hours=10),
    timedelta(hours=14),
    timedelta(hours=20),
    timedelta(hours=24),
)
ATTEMPTS = len(DELAYS) + 1
# Of a delay, so that receivers that come back are not met by everything at once.
JITTER = 0.1
LONGEST_RETRY_AFTER = timedelta(hours=24)
# A rotated secret goes on signing beside the new one.
OVERLAP = timedelta(hours=24)
# Nothing has come through for so long: it is disabled.
PATIENCE = timedelta(days=5)


def signature(secret: str, message_id: str, timestamp: int, body: bytes) -> str:
    """One of `webhook-signature`: HMAC-SHA256 over `id.timestamp.body`, under what the secret's base64 stands for."""
    key = base64.b64decode(secret.removeprefix(SECRET_PREFIX))
    said = f"{message_id}.{timestamp}.".encode() + body
    return "v1," + base64.b64encode(hmac.digest(key, said, sha256)).decode()


def next_attempt(attempts: int, at: datetime, chance: float, retry_after: timedelta | None = None) -> datetime | None:
    """When to try again after so many attempts, the last one at `at`; None when it has been enough. `chance`: from 0 to
    1. A receiver that says when to come back is not called earlier."""
    if attempts >= ATTEMPTS:
        return None
    delay = DELAYS[attempts - 1] * (1 + JITTER * chance)
    return at + max(delay, min(retry_after or timedelta(0), LONGEST_RETRY_AFTER))


GLOBAL_UNICAST = IPv6Network("2000::/3")
# Protocol assignments, 6to4 relays, and IPv6 that leads to an IPv4 address inside (6to4) or to nobody (documentation).
NEVER_4 = IPv4Network("192.0.0.0/24"), IPv4Network("192.88.99.0/24")
NEVER_6 = IPv6Network("2002::/16"), IPv6Network("3fff::/20")


def is_public(address: str) -> bool:
    """Whether it is a machine on the open internet: not this one, no private network's, no provider's own (CGNAT), no
    group of machines, nothing reserved, and none of these in another form (IPv4-mapped, NAT64, 6to4, Teredo)."""
    try:
        found = ip_address(address)
    except ValueError:
        return False  # a scope, as in fe80::1%eth0, is for a network of one's own
    if not found.is_global or found.is_multicast or found.is_reserved:
        return False
    if isinstance(found, IPv4Address):
        return not any(found in network for network in NEVER_4)
    return found in GLOBAL_UNICAST and not any(found in network for network in NEVER_6)
