"""Files: taken in as they are promised to be, read by those who read a note of theirs, saved whole or in part, and
never run."""

import io
from base64 import b64encode
from hashlib import sha256, sha512
from itertools import count
from typing import Any

import pytest
from werkzeug.test import TestResponse

from servicedesk.actions.desk import Desk
from servicedesk.core.attachments import CHUNK, LARGEST
from servicedesk.store.queries.verification import ticket_ids, verify_ticket
from tests.api.conftest import Caller, MakeCaller
from tests.api.test_refused_requests import assert_problem
from tests.support.desk import ticket_after

KEYS = map(str, count())
LOG = bytes(range(256)) * (2 * CHUNK // 256) + b"the end"


@pytest.fixture
def address(desk: Desk) -> str:
    return f"/api/v1/tickets/{ticket_after(desk, 'accept_at_supplier').number}/attachments"


def attach(caller: Caller, address: str, content: bytes, name: str = "logg.bin", **headers: str) -> TestResponse:
    sent = {"Idempotency_Key": f"fil-{next(KEYS)}", **headers}
    return caller.send(f"{address}?name={name}", content, headers.pop("kind", "application/octet-stream"), **sent)


def digest(content: bytes, name: str = "sha-256") -> str:
    made = {"sha-256": sha256, "sha-512": sha512}[name](content).digest()
    return f"{name}=:{b64encode(made).decode()}:"


def test_a_file_is_attached_listed_and_saved_and_can_be_proved(
    desk: Desk, supplier: Caller, other_supplier: Caller, make_caller: MakeCaller, address: str
) -> None:
    made = attach(supplier, address, LOG, "fel%C3%A5r.txt", Content_Digest=f"{digest(LOG)}, {digest(LOG, 'sha-512')}")
    assert made.status_code == 201, made.text
    file: dict[str, Any] = made.json  # type: ignore[assignment]
    assert (file["name"], file["size"], file["sha256"]) == ("felår.txt", len(LOG), sha256(LOG).hexdigest())
    assert (file["readers"], file["media_type"]) == ("supplier", "application/octet-stream")
    assert supplier.get(address).json == {"attachments": [file]}
    got = supplier.get(made.headers["Location"])
    assert (got.data, got.headers["ETag"]) == (LOG, f'"{file["sha256"]}"')
    assert got.headers["Content-Disposition"].startswith("attachment;")
    assert got.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert got.headers["X-Content-Type-Options"] == "nosniff"
    municipality = make_caller("lulea")
    [shared] = municipality.get(address).json["attachments"]  # type: ignore[index]
    assert municipality.get(shared["href"]).data == LOG, "the municipality reads what is shared with its supplier"
    for path in (address, file["href"]):
        assert_problem(other_supplier.get(path), 404, "not_found")
    assert supplier.get(address.replace("attachments", "timeline")).json["entries"][-1]["file"]["id"] == file["id"]  # type: ignore[index]
    with desk.reading() as connection:
        book = desk.book(connection)
        assert [d for each in ticket_ids(connection) for d in verify_ticket(connection, book, each)] == []


def test_a_municipality_says_whom_its_file_is_for(supplier: Caller, make_caller: MakeCaller, address: str) -> None:
    lulea, pitea = make_caller("lulea"), make_caller("pitea")
    for audience in ("municipality", "joint"):
        made = attach(lulea, address, b"text", f"a.txt&audience={audience}")
        assert made.json["readers"] == audience  # type: ignore[index]
        assert_problem(supplier.get(made.headers["Location"]), 404, "not_found")
        assert_problem(pitea.get(made.headers["Location"]), 404, "not_found")
    assert supplier.get(address).json == {"attachments": []}


@pytest.mark.parametrize(
    ("asked", "status", "content"),
    [
        ("bytes=0-9", 206, LOG[:10]),
        (f"bytes={CHUNK - 1}-{CHUNK + 1}", 206, LOG[CHUNK - 1 : CHUNK + 2]),
        ("bytes=-7", 206, b"the end"),
        (f"bytes={2 * CHUNK}-", 206, b"the end"),
        ("bytes=0-1,5-6", 200, LOG),
        ("lines=0-9", 200, LOG),
        ("bytes", 200, LOG),
        (f"bytes={len(LOG)}-", 416, b""),
    ],
)
def test_a_range_is_saved_alone(supplier: Caller, address: str, asked: str, status: int, content: bytes) -> None:
    href = attach(supplier, address, LOG).headers["Location"]
    got = supplier.get(href, Range=asked)
    assert got.status_code == status
    if status == 416:
        assert_problem(got, 416, "range_not_satisfiable")
        assert got.headers["Content-Range"] == f"bytes */{len(LOG)}"
    else:
        assert got.data == content and got.headers["Content-Length"] == str(len(content))


def test_going_on_with_another_file_begins_anew(supplier: Caller, address: str) -> None:
    href = attach(supplier, address, LOG).headers["Location"]
    tag = supplier.get(href).headers["ETag"]
    assert supplier.get(href, Range="bytes=0-1", If_Range=tag).status_code == 206
    assert supplier.get(href, Range="bytes=0-1", If_Range='"other"').data == LOG
    assert supplier.get(href, If_None_Match=tag).status_code == 304
    head = supplier.http.head(href, headers={"Authorization": f"Bearer {supplier.token}"})
    assert (head.status_code, head.headers["Content-Length"], head.data) == (200, str(len(LOG)), b"")


def test_sent_again_it_is_there_once(supplier: Caller, address: str) -> None:
    first = attach(supplier, address, LOG, Idempotency_Key="samma")
    again = attach(supplier, address, LOG, Idempotency_Key="samma")
    assert (again.status_code, again.json) == (201, first.json)
    assert again.headers["Idempotency-Replayed"] == "true"
    assert len(supplier.get(address).json["attachments"]) == 1  # type: ignore[index]
    other = attach(supplier, address, b"annat", Idempotency_Key="samma")
    assert_problem(other, 422, "idempotency_key_reused")


@pytest.mark.parametrize(
    ("headers", "status", "code"),
    [
        ({"Content_Digest": digest(b"annat")}, 400, "digest_mismatch"),
        ({"Content_Digest": f"{digest(LOG)}, {digest(b'annat', 'sha-512')}"}, 400, "digest_mismatch"),
        ({"Digest": f"SHA-256={b64encode(sha256(b'annat').digest()).decode()}"}, 400, "digest_mismatch"),
        ({"Content_Digest": "sha-256=abc"}, 400, "malformed_digest"),
        ({"Content_Digest": "sha-256=:a:"}, 400, "malformed_digest"),
        ({"Content_Digest": "md5=:1B2M2Y8AsgTpgAmY7PhCfg==:"}, 400, "malformed_digest"),
        ({"Content_Digest": ""}, 400, "malformed_digest"),
        ({"kind": "text/plain"}, 415, "unsupported_media_type"),
        ({"kind": "multipart/form-data; boundary=x"}, 415, "unsupported_media_type"),
        ({"Content_Encoding": "gzip"}, 415, "unsupported_media_type"),
        ({"If_Match": '"1"'}, 412, "conflict"),
    ],
)
def test_what_is_not_as_promised_is_not_kept(
    supplier: Caller, address: str, headers: dict[str, str], status: int, code: str
) -> None:
    assert_problem(attach(supplier, address, LOG, **headers), status, code)
    assert supplier.get(address).json == {"attachments": []}


def test_the_older_digest_is_read_too(supplier: Caller, address: str) -> None:
    old = f"SHA-256={b64encode(sha256(LOG).digest()).decode()}"
    assert attach(supplier, address, LOG, Digest=old).status_code == 201


def test_what_is_too_large_empty_or_without_a_name_is_refused(supplier: Caller, address: str) -> None:
    assert_problem(attach(supplier, address, b"x" * (LARGEST + 1)), 413, "too_large")
    assert_problem(attach(supplier, address, b"x" * (LARGEST + 4096)), 413, "too_large")
    assert_problem(attach(supplier, address, b""), 422, "invalid")
    for query in ("", "?name=", "?name=a&name=b&colour=red"):
        sent = supplier.send(f"{address}{query}", b"x", "application/octet-stream")
        assert_problem(sent, 400, "invalid_parameters")
    chunked = supplier.http.post(
        f"{address}?name=a",
        input_stream=io.BytesIO(b"x" * (LARGEST + 4096)),
        content_type="application/octet-stream",
        headers={"Authorization": f"Bearer {supplier.token}", "Idempotency-Key": "bitar"},
        environ_overrides={"wsgi.input_terminated": True},
    )
    assert_problem(chunked, 413, "too_large")
    assert supplier.get(address).json == {"attachments": []}


def test_a_name_ends_no_header(supplier: Caller, address: str) -> None:
    href = attach(supplier, address, b"<script>alert(1)</script>", "x%0D%0ASet-Cookie:%20a=b%22.html").headers[
        "Location"
    ]
    got = supplier.get(href)
    assert "Set-Cookie" not in got.headers
    assert got.headers["Content-Type"].startswith("text/plain")
