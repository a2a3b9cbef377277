"""What is on its way out says so, a year ahead."""

from datetime import date

import pytest
from flask import Flask

from servicedesk.api import deprecations
from servicedesk.api.deprecations import Deprecation


def test_an_operation_on_its_way_out_says_since_when_until_when_and_what_instead(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = Deprecation(date(2027, 1, 1), date(2028, 6, 1), "/api/docs/versions")
    monkeypatch.setitem(deprecations.DEPRECATED, "api_openapi", told)
    headers = app.test_client().get("/api/openapi.json").headers
    assert headers["Deprecation"] == "@1798761600"
    assert headers["Sunset"] == "Thu, 01 Jun 2028 00:00:00 GMT"
    assert headers["Link"] == '</api/docs/versions>; rel="deprecation"'


def test_what_is_not_says_nothing(app: Flask) -> None:
    headers = app.test_client().get("/api/openapi.json").headers
    assert "Deprecation" not in headers and "Sunset" not in headers


def test_nothing_ends_within_a_year() -> None:
    with pytest.raises(ValueError, match="twelve months"):
        Deprecation(date(2027, 1, 1), date(2027, 12, 31), "/")
