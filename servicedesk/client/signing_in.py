"""How a client says who it is: a token, or client credentials that are exchanged for short-lived ones (RFC 6749)."""

import base64
import json
import time
from typing import Protocol
from urllib.parse import quote, urlencode, urljoin

import urllib3

from servicedesk.client.problems import Problem

# Renewed this long before it ends: a request under way must still find it valid.
MARGIN_SECONDS = 60


class Authorization(Protocol):
    def header(self) -> str:
        """The value of the header Authorization. Problem when there is none to be had."""

    def renewed(self) -> bool:
        """After a 401: whether the next header is worth another try."""


class Token:
    def __init__(self, text: str) -> None:
        self._text = text

    def header(self) -> str:
        return f"Bearer {self._text}"

    def renewed(self) -> bool:
        return False


class ClientCredentials:
    """Access tokens of one client, fetched when the last has ended or was refused."""

    def __init__(self, url: str, client_id: str, client_secret: str) -> None:
        self._address = urljoin(url.rstrip("/") + "/", "/oauth/token")
        # RFC 6749, 2.3.1: both are form-encoded before they are put together.
        pair = f"{quote(client_id, safe='')}:{quote(client_secret, safe='')}"
        self._basic = "Basic " + base64.b64encode(pair.encode()).decode()
        self._token, self._ends_at = "", 0.0

    def header(self) -> str:
        if time.monotonic() >= self._ends_at:
            self._fetch()
        return f"Bearer {self._token}"

    def renewed(self) -> bool:
        self._ends_at = 0.0
        return True

    def _fetch(self) -> None:
        try:
            response = urllib3.request(
                "POST",
                self._address,
                body=urlencode({"grant_type": "client_credentials"}),
                headers={
                    "Authorization": self._basic,
                    "Accept": "application/json",
                    "Content-Type": "application/x-www-form-urlencoded",
                },
                retries=False,
                redirect=False,
                timeout=30,
            )
        except urllib3.exceptions.HTTPError as error:
            raise Problem(0, {"code": "no_answer", "detail": str(error)}) from error
        told = json.loads(response.data) if response.data else {}
        if response.status != 200:
            raise Problem(response.status, {"code": told.get("error"), "detail": told.get("error_description", "")})
        self._token = told["access_token"]
        self._ends_at = time.monotonic() + float(told["expires_in"]) - MARGIN_SECONDS
