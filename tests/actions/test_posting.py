"""One message to one receiver, whatever that does: to the address that was looked up, once, and over in time."""

import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from socket import socket
from threading import Thread
from time import monotonic

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from servicedesk.actions.delivering import Outcome, Parcel
from servicedesk.actions.webhooks import new_secret
from servicedesk.core.undelivered import Cause, Failure
from servicedesk.scheduler.posting import post
from tests.support.receiver import Receiver, receiver

NAME = "desk.supplier.example"
# A busy machine makes everything slow and nothing wrong.
PATIENCE = 120.0


def parcel(url: str, body: bytes = b"{}") -> Parcel:
    return Parcel(1, 1, url, "msg_1", body, (new_secret(),))


def sent(there: Receiver) -> Outcome:
    return post(parcel(there.url), 0, allowed={there.place}, seconds=PATIENCE)


@pytest.fixture(scope="module")
def contexts(tmp_path_factory: pytest.TempPathFactory) -> tuple[ssl.SSLContext, ssl.SSLContext]:
    """A server's with a certificate for NAME, and one of a client that trusts it."""
    folder: Path = tmp_path_factory.mktemp("tls")
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, NAME)])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(NAME)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, SHA256())
    )
    (folder / "cert.pem").write_bytes(made.public_bytes(Encoding.PEM))
    (folder / "key.pem").write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(folder / "cert.pem", folder / "key.pem")
    return server, ssl.create_default_context(cafile=str(folder / "cert.pem"))


def test_tls_is_by_the_name_and_the_connection_to_the_address_that_was_looked_up(
    contexts: tuple[ssl.SSLContext, ssl.SSLContext],
) -> None:
    server, trusted = contexts
    with receiver(tls=server) as there:
        allowed = {f"{NAME}:{there.port}", f"other.example:{there.port}"}
        given = {"allowed": allowed, "trusted": trusted, "seconds": PATIENCE}
        url = f"https://{NAME}:{there.port}/hook?x=1"
        outcome = post(parcel(url), 0, resolve=lambda host, port: ["127.0.0.1"], **given)  # type: ignore[arg-type]
        assert outcome.has_arrived, outcome
        assert there.heard[0].path == "/hook?x=1" and there.heard[0].headers["host"] == f"{NAME}:{there.port}"
        other = parcel(f"https://other.example:{there.port}/")
        refused = post(other, 0, resolve=lambda host, port: ["127.0.0.1"], **given)  # type: ignore[arg-type]
        assert refused.status is None
        assert refused.failure and refused.failure.cause is Cause.TLS
        unknown = post(parcel(url), 0, allowed=given["allowed"], resolve=lambda host, port: ["127.0.0.1"])  # type: ignore[arg-type]
        assert unknown.failure and unknown.failure.cause is Cause.TLS, "whom nobody vouches for"
        assert len(there.heard) == 1


def test_a_name_that_leads_inside_by_the_time_it_is_called_is_not_called() -> None:
    """DNS rebinding: a public address when the webhook is made, and this machine when it is called."""
    with receiver() as there:
        asked: list[str] = []

        def rebind(host: str, port: int) -> list[str]:
            asked.append(host)
            return ["8.8.8.8", "127.0.0.1"]

        outcome = post(parcel(f"https://{NAME}:{there.port}/"), 0, resolve=rebind)
        assert outcome.status is None and outcome.failure == Failure(Cause.INTERNAL)
        assert there.heard == [] and asked == [NAME], "looked up once: there is no second answer to be misled by"


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_a_failure_and_is_not_followed(status: int) -> None:
    with receiver() as elsewhere, receiver(lambda there, heard: (status, {"Location": elsewhere.url})) as there:
        outcome = post(parcel(there.url), 0, allowed={there.place, elsewhere.place}, seconds=PATIENCE)
        assert (outcome.status, outcome.has_arrived) == (status, False)
        assert outcome.failure == Failure(Cause.REDIRECTED, str(status))
        assert elsewhere.heard == []


@pytest.mark.parametrize("status", [200, 201, 202, 204])
def test_two_hundred_and_something_is_success(status: int) -> None:
    with receiver(lambda there, heard: (status, {})) as there:
        assert sent(there).has_arrived


@pytest.mark.parametrize(("said", "understood"), [("120", 120), ("Wed, 21 Oct 2037 07:28:00 GMT", None), ("-1", None)])
def test_retry_after_is_understood_in_seconds(said: str, understood: int | None) -> None:
    with receiver(lambda there, heard: (503, {"Retry-After": said})) as there:
        outcome = sent(there)
        assert outcome.retry_after == (None if understood is None else timedelta(seconds=understood))


def test_who_hangs_up_before_answering_is_a_failure() -> None:
    with receiver(lambda there, heard: None) as there:
        assert sent(there).failure == Failure(Cause.HUNG_UP)


def test_who_is_not_there_is_a_failure() -> None:
    with receiver() as there:
        pass
    outcome = sent(there)
    assert outcome.status is None and outcome.failure == Failure(Cause.REFUSED)


Spoken = Callable[[socket], None]


def silence(line: socket) -> None:
    while line.recv(65_536):
        pass  # until the other side hangs up


def trickle(line: socket) -> None:
    """A byte every now and then: each wait is short, and all of them together are endless."""
    line.recv(65_536)
    while True:
        line.sendall(b"H")
        line.settimeout(0.05)
        try:
            if not line.recv(1):
                return
        except TimeoutError:
            pass


def endless_headers(line: socket) -> None:
    line.recv(65_536)
    line.sendall(b"HTTP/1.1 200 OK\r\n")
    while True:
        line.sendall(b"X-More: " + b"x" * 1_000 + b"\r\n")


def continuing(line: socket) -> None:
    line.recv(65_536)
    line.settimeout(1)  # there may be nobody left to take it, and nothing that says so
    while True:
        line.sendall(b"HTTP/1.1 100 Continue\r\n\r\n")


def nonsense(line: socket) -> None:
    line.recv(65_536)
    line.sendall(b"\x00\xff\xfe not http\r\n\r\n")


@pytest.mark.parametrize("speak", [silence, trickle, endless_headers, continuing, nonsense])
def test_whatever_a_receiver_says_it_is_over_in_time_and_has_not_arrived(speak: Spoken) -> None:
    with raw(speak) as url:
        began = monotonic()
        outcome = post(parcel(url), 0, allowed={url.split("/")[2]}, seconds=0.6)
        assert outcome.status is None and outcome.failure
        assert monotonic() - began < PATIENCE
        assert speak not in (silence, trickle) or outcome.failure == Failure(Cause.TIMED_OUT)


def endless_body(line: socket) -> None:
    line.recv(65_536)
    line.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n")
    while True:
        line.sendall(b"x" * 100_000)


def test_a_body_without_an_end_is_not_read_to_it() -> None:
    with raw(endless_body) as url:
        began = monotonic()
        assert post(parcel(url), 0, allowed={url.split("/")[2]}, seconds=2 * PATIENCE).has_arrived
        assert monotonic() - began < PATIENCE


def test_a_message_of_any_letters_and_size_arrives_as_it_was() -> None:
    body = ('{"x": "' + "åß漢👩‍👩‍👧" * 20_000 + '"}').encode()
    with receiver() as there:
        outcome = post(parcel(there.url, body), 0, allowed={there.place}, seconds=PATIENCE)
        assert outcome.has_arrived and there.heard[0].body == body


@contextmanager
def raw(speak: Spoken) -> Iterator[str]:
    listening = socket()
    listening.bind((str(ip_address("127.0.0.1")), 0))
    listening.listen()

    def serve() -> None:
        line, _ = listening.accept()
        with line, suppress(OSError):
            speak(line)

    thread = Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{listening.getsockname()[1]}/"
    finally:
        thread.join(10)
        listening.close()
