"""Numbers as people read them."""

import pytest
from flask import Flask

from servicedesk.web import numbers


@pytest.mark.parametrize(
    ("part", "of", "shown"),
    [
        (4, 6, "66,7 %"),
        (1, 3, "33,3 %"),
        (1, 2, "50,0 %"),
        (1, 16, "6,3 %"),
        (3, 3, "100 %"),
        (0, 3, "0 %"),
        (9_999, 10_000, "99,9 %"),
        (1, 10_000, "0,1 %"),
        (0, 0, "–"),
    ],
)
def test_a_share_is_rounded_but_all_is_only_all_and_none_only_none(app: Flask, part: int, of: int, shown: str) -> None:
    with app.test_request_context():
        assert numbers.percent(part, of) == shown.replace(" ", "\u00a0")
