"""Whether a webhook receiver takes what is genuine and nothing else: signature, replay, order, duplicate, retry, clock
skew, Unicode, size."""

import base64
import json
import secrets
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

import urllib3

from servicedesk.conformance.report import Finding
from servicedesk.conformance.sending import Reply, Sample, Sender, new_id

SIGNATURE, CLOCKS, AGAIN, CONTENT = "Signatures", "Replay and clocks", "Duplicates, retries, order", "Content"
# The most that the desk sends.
LARGEST = 64 * 1024
UNICODE = "Åsa Öberg i Överkalix – مرحبا 👩🏽‍💻 \u202eאבג\u202c ½ “citat” \\ / <b>&amp;"
PROMPT_SECONDS = 5.0
KIND = "ticket.updated"


def check_receiver(sender: Sender, secret: str, seen: Callable[[], Sequence[str] | None]) -> Iterator[Finding]:
    """`seen` gives the ids of the messages that the receiver has acted on, in order; None where it does not tell."""
    yield from _signatures(sender, secret)
    yield from _clocks(sender, secret)
    yield from _again(sender, secret, seen)
    yield from _content(sender, secret)


def sample(secret: str, version: int = 1, **more: object) -> Sample:
    number = "2026-00001"
    data = {"number": number, "version": version, "href": f"/api/v1/tickets/{number}", "position": version, **more}
    return Sample(KIND, data, (secret,))


def other_secret() -> str:
    return "whsec_" + base64.b64encode(secrets.token_bytes(32)).decode()


def taken(group: str, asked: str, reply: Reply, advice: str) -> Finding:
    return Finding(group, asked, reply.words, "" if reply.is_taken else advice)


def refused(group: str, asked: str, reply: Reply, advice: str) -> Finding:
    return Finding(group, asked, reply.words, "" if reply.is_refused else advice)


def _signatures(sender: Sender, secret: str) -> Iterator[Finding]:
    genuine = sender.send(sample(secret))
    yield taken(SIGNATURE, "a genuine message", genuine, "Answer 2xx to what is signed with your secret.")
    slow = "" if genuine.seconds < PROMPT_SECONDS else "Answer first and work afterwards: the desk waits 15 seconds."
    yield Finding(SIGNATURE, "how soon it is answered", f"after {genuine.seconds:.1f} s", slow)
    wrong = sender.send(sample(other_secret()))
    yield refused(SIGNATURE, "signed with another secret", wrong, "Answer 401: anybody could have sent it.")
    now = sender.clock()
    body = sample(secret).body(now)
    headers = sample(secret).headers(body, now)
    changed = sender.send_as(body.replace(b"2026-00001", b"2026-00002"), headers)
    yield refused(
        SIGNATURE, "changed after it was signed", changed, "Check the bytes as they came, not what you parsed."
    )
    unsigned = {name: value for name, value in headers.items() if not name.startswith("webhook-")}
    bare = sender.send_as(body, unsigned)
    yield refused(SIGNATURE, "without any signature", bare, "Answer 401 when a webhook- header is missing.")
    two = sender.send(replace(sample(secret), secrets=(other_secret(), secret)))
    yield taken(SIGNATURE, "two signatures, the second yours", two, "Try each: there are two while one is rotated.")
    later = sender.send_as(body, {**headers, "webhook-signature": "v2,bm90IHlvdXJz " + headers["webhook-signature"]})
    yield taken(SIGNATURE, "a signature of a kind to come beside yours", later, "Pass over kinds that you do not know.")


def _clocks(sender: Sender, secret: str) -> Iterator[Finding]:
    for minutes, words in ((-10, "signed ten minutes ago"), (10, "signed ten minutes from now")):
        reply = sender.send(replace(sample(secret), later=minutes * 60))
        yield refused(CLOCKS, words, reply, "Refuse what is over five minutes from your clock: it may be a replay.")
    for minutes, words in ((-2, "two minutes behind your clock"), (2, "two minutes ahead of it")):
        reply = sender.send(replace(sample(secret), later=minutes * 60))
        yield taken(CLOCKS, words, reply, "Two clocks are never the same: take up to five minutes.")


def _again(sender: Sender, secret: str, seen: Callable[[], Sequence[str] | None]) -> Iterator[Finding]:
    once = sample(secret, version=2)
    first, second = sender.send(once), sender.send(once)
    both = first if not first.is_taken else second
    yield taken(AGAIN, "the same message twice", both, "Answer 2xx to what you have already: else it comes again.")
    retried = sender.send(replace(once, later=60))
    yield taken(AGAIN, "the same, sent anew a minute later", retried, "A retry has the same webhook-id, signed anew.")
    newer, older = sample(secret, version=4), sample(secret, version=3)
    for message, words in ((newer, "a newer state of a ticket"), (older, "then an older one")):
        yield taken(AGAIN, words, sender.send(message), "Take it, and pass over what is older than what you have.")
    yield from _remembered(once.id, seen)


def _remembered(message_id: str, seen: Callable[[], Sequence[str] | None]) -> Iterator[Finding]:
    told = seen()
    asked = "how often the one that came three times was acted on"
    if told is None:
        yield Finding(AGAIN, asked, "give --seen URL, and the kit asks your side", is_seen=False)
        return
    times = list(told).count(message_id)
    yield Finding(AGAIN, asked, f"{times} times", "" if times == 1 else "Act on each webhook-id once.")


def _content(sender: Sender, secret: str) -> Iterator[Finding]:
    said = sender.send(sample(secret, title=UNICODE))
    yield taken(CONTENT, "letters of many scripts", said, "The body is UTF-8; sign and read it as bytes.")
    large = sample(secret, title="x" * (LARGEST - 1024))
    yield taken(CONTENT, "a body of 63 kB", sender.send(large), "The desk sends up to 64 kB.")
    more = sample(secret, something_new={"nested": [1, 2, 3]})
    yield taken(CONTENT, "a field that you do not know", sender.send(more), "Pass over it: new ones may come.")
    kind = replace(sample(secret), type="ticket.something_new", id=new_id())
    yield taken(CONTENT, "an event type that you do not know", sender.send(kind), "Answer 2xx and do nothing.")


def seen_at(url: str) -> Callable[[], Sequence[str] | None]:
    """What a vendor's own address tells: a JSON array of webhook-ids."""

    def seen() -> Sequence[str] | None:
        told = json.loads(urllib3.request("GET", url, retries=False, timeout=15).data)
        return [str(one) for one in told]

    return seen if url else lambda: None
