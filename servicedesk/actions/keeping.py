"""Secrets that the program must read again, which a hash would not let it: kept so that the database alone, or a backup
of it, does not give them away."""

import base64
import secrets
from typing import TYPE_CHECKING

from servicedesk.actions.desk import Desk
from servicedesk.core.errors import Unavailable

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

NONCE_BYTES = 12


def keep(desk: Desk, text: str, purpose: str) -> str:
    """AES-256-GCM under a key made of the installation's own and this purpose."""
    nonce = secrets.token_bytes(NONCE_BYTES)
    return base64.b64encode(nonce + _cipher(desk, purpose).encrypt(nonce, text.encode(), purpose.encode())).decode()


def kept(desk: Desk, text: str, purpose: str) -> str:
    """What was kept. Unavailable where the installation has another key than it had then."""
    from cryptography.exceptions import InvalidTag

    whole = base64.b64decode(text)
    try:
        found = _cipher(desk, purpose).decrypt(whole[:NONCE_BYTES], whole[NONCE_BYTES:], purpose.encode())
    except InvalidTag:
        raise Unavailable("SERVICEDESK_SECRET_KEY is not the one that this was kept under.", code="key") from None
    return found.decode()


def _cipher(desk: Desk, purpose: str) -> "AESGCM":
    # A tenth of a second to load, which most processes need not spend.
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM
    from cryptography.hazmat.primitives.hashes import SHA256
    from cryptography.hazmat.primitives.kdf.hkdf import HKDF

    return AESGCM(HKDF(SHA256(), 32, salt=None, info=purpose.encode()).derive(desk.secret.encode()))
