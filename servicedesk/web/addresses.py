"""Where to go after signing in: only to a page of this site."""

from urllib.parse import urlsplit


def safe_next(address: str | None, otherwise: str) -> str:
    """`address` if it is a path on this site, else `otherwise`. Browsers read \\ as / and skip control characters."""
    if not address or not address.startswith("/") or address.startswith("//"):
        return otherwise
    if "\\" in address or any(ord(c) < 33 or ord(c) == 127 for c in address):
        return otherwise
    parts = urlsplit(address)
    return otherwise if parts.scheme or parts.netloc else address
