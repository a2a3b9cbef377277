"""What a client of the API can be: from which addresses it may call, how often, and how long its tokens live."""

import re
from datetime import datetime, timedelta
from functools import lru_cache
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network

from servicedesk.core.errors import Sentence

USUAL_LIFE = timedelta(days=365)
# Two years, and the rest of the last day.
LONGEST_LIFE = timedelta(days=732)
# How long a token that is replaced can go on beside the new one.
USUAL_OVERLAP, LONGEST_OVERLAP = timedelta(days=7), timedelta(days=90)
WARN_BEFORE = timedelta(days=14)
ACCESS_LIFE = timedelta(hours=1)

LONGEST_NAME = 120
LONGEST_CONTACT = 200
MOST_TOKENS = 20
MOST_NETWORKS = 50
# Requests a minute.
LOWEST_RATE, HIGHEST_RATE = 1, 1_000_000

Network = IPv4Network | IPv6Network


def networks_given(text: str) -> tuple[list[str], list[Sentence | str]]:
    """The networks written in a text, as they are kept, and what is wrong with the rest."""
    found: dict[str, None] = {}
    faults: list[Sentence | str] = []
    for word in re.split(r"[\s,;]+", text.strip()):
        network = _network(word) if word else None
        if isinstance(network, Sentence):
            faults.append(network)
        elif network is not None:
            found[str(network.network_address if network.num_addresses == 1 else network)] = None
    if len(found) > MOST_NETWORKS:
        faults.append(Sentence("Give at most %(most)s addresses and networks.", most=MOST_NETWORKS))
    return list(found), faults


def _network(word: str) -> Network | Sentence:
    shown = word[:60]
    try:
        loose = _plain(ip_network(word, strict=False)) if "%" not in word else None
    except ValueError:
        loose = None
    if loose is None:
        return Sentence(
            "%(given)s is no address or network. Write 192.0.2.10, 192.0.2.0/24 or 2001:db8::/32.", given=shown
        )
    if _plain_address(word.partition("/")[0]) != str(loose.network_address):
        # 10.1.2.3/8 is a slip that would let a whole continent in.
        return Sentence(
            "%(given)s is an address inside a network. Write %(network)s, or the address alone.",
            given=shown,
            network=str(loose),
        )
    return loose


def is_allowed(addresses: str, origin: str) -> bool:
    """Whether a client with these networks (separated by spaces; none is everywhere) may call from this address."""
    if not addresses:
        return True
    try:
        calling = ip_address(_plain_address(origin))
    except ValueError:
        return False
    return any(calling in network for network in _networks(addresses))


@lru_cache(maxsize=1024)
def _networks(addresses: str) -> tuple[Network, ...]:
    return tuple(ip_network(each) for each in addresses.split())


def _plain(network: Network) -> Network:
    """IPv4 written as IPv6 (::ffff:192.0.2.0/120) is IPv4."""
    mapped = network.network_address.ipv4_mapped if isinstance(network, IPv6Network) else None
    return ip_network(f"{mapped}/{network.prefixlen - 96}") if mapped and network.prefixlen >= 96 else network


def _plain_address(text: str) -> str:
    try:
        address = ip_address(text)
    except ValueError:
        return text
    return str(getattr(address, "ipv4_mapped", None) or address)


def expiry_fault(expires_at: datetime, now: datetime) -> Sentence | str:
    """'' for a moment at which a token can end."""
    if expires_at <= now:
        return "Choose a day that is still to come."
    return "Choose a day within two years." if expires_at - now > LONGEST_LIFE else ""
