"""What a file is by its content, and what it may be called."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from servicedesk.core.attachments import LONGEST_NAME, UNKNOWN, file_name, media_type


@pytest.mark.parametrize(
    ("beginning", "kind"),
    [
        (b"\x89PNG\r\n\x1a\n\0\0", "image/png"),
        (b"\xff\xd8\xff\xe0", "image/jpeg"),
        (b"GIF89a", "image/gif"),
        (b"%PDF-1.7\n%\xe2\xe3", "application/pdf"),
        (b"PK\x03\x04\x14\0", "application/zip"),
        ("Åäö\r\n\tradbyte".encode(), "text/plain"),
        ("Å".encode() * 9 + b"\xc3", "text/plain"),
        (b"<script>alert(1)</script>", "text/plain"),
        (b"\x7fELF\x02\x01\x01\0", UNKNOWN),
        (b"MZ\x90\0\x03", UNKNOWN),
        ("Åäö".encode("latin-1") * 9, UNKNOWN),
        (b"", UNKNOWN),
    ],
)
def test_a_file_is_what_it_begins_with_and_not_what_it_is_called(beginning: bytes, kind: str) -> None:
    assert media_type(beginning) == kind


@pytest.mark.parametrize(
    ("given_name", "name"),
    [
        ("bild.png", "bild.png"),
        ("C:\\Users\\anna\\Skärmbild 1.png", "Skärmbild 1.png"),
        ("../../etc/passwd", "passwd"),
        ("", "file"),
        ("...", "file"),
        (".htaccess", "htaccess"),
        ('a"b\r\nSet-Cookie: x=1.txt', "ab Set-Cookie x=1.txt"),
        ("faktura\u202efdp.exe", "fakturafdp.exe"),
        ("x" * 200 + ".jpeg", "x" * (LONGEST_NAME - 5) + ".jpeg"),
        ("x" * 200, "x" * LONGEST_NAME),
        ("漢字 👩‍👩‍👧.pdf", "漢字 👩‍👩‍👧.pdf"),
    ],
)
def test_a_name_is_one_that_any_system_can_save(given_name: str, name: str) -> None:
    assert file_name(given_name) == name


@settings(max_examples=200)
@given(st.text(max_size=300))
def test_no_name_leads_out_of_a_folder_or_breaks_a_line(given_name: str) -> None:
    name = file_name(given_name)
    assert 0 < len(name) <= LONGEST_NAME
    assert not set(name) & set('/\\\r\n\0"') and not name.startswith(".")
