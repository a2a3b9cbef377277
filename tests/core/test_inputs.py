import pytest

from servicedesk.core.errors import Invalid
from servicedesk.core.inputs import clean_line, clean_text, clean_texts


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "javascript:alert(1)",
        "{{7*7}} {% raw %} ${7*7} %(name)s",
        "Robert'); DROP TABLE ticket;--",
        "e\u0301 a\u0308 combining",
        "👩‍👩‍👧 familj",
        "می‌خواهم",
        "två  mellanslag\noch\n\n\trader",
        "fast\u00a0mellanrum",
        "ÅÄÖ åäö 漢字 עברית",
    ],
)
def test_what_has_ink_is_kept_as_it_was_written(text: str) -> None:
    assert clean_text(text) == text


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("  åt sidorna \n", "åt sidorna"),
        ("rad\r\nrad\rrad", "rad\nrad\nrad"),
        ("ur\x0bordbehandlaren\x0coch\u2028vidare", "ur\nordbehandlaren\noch\nvidare"),
        ("no\x00ll\x07 och \x1b[31m", "noll och [31m"),
        ("\x1c\x1d\x1e\x1f\x85", ""),
        ("halv\ud800 bokstav", "halv bokstav"),
        ("bak\u202ewards", "bakwards"),
        ("\u2066inne\u2069 \u200e\u200f", "inne"),
        ("osyn\u200blig\ufeff", "osynlig"),
        ("\u200d \u200c\u200d", ""),
        ("ord\u200d ", "ord"),
        (" \u00a0\u3000\t\n", ""),
    ],
)
def test_what_has_none_is_not(text: str, kept: str) -> None:
    assert clean_text(text) == kept
    assert clean_text(kept) == kept


def test_a_line_is_one_line() -> None:
    assert clean_line(" två\r\n  rader\u2028\tblir\u00a0en ") == "två rader blir en"


def test_what_is_too_long_is_told_how_long_it_was_and_may_be() -> None:
    with pytest.raises(Invalid) as refused:
        clean_texts({"body": "x" * 1_000_000, "reason": "y"})
    assert refused.value.fields == {"body": ["Shorten this text to 20000 characters; it has 1000000 now."]}
