"""Whether a webhook receiver takes what is genuine and nothing else: signature, replay, order, duplicate, retry, clock
skew, Unicode, size."""

import base64
import json
import secrets
import time
from collections.abc import Callable, Iterator, Sequence, Set
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import urllib3

from servicedesk.conformance.report import Finding
from servicedesk.conformance.sending import Reply, Sample, Sender, new_id

SIGNATURE, CLOCKS, AGAIN, CONTENT = "Signatures", "Replay and clocks", "Duplicates, retries, order", "Content"
# The most that the desk sends.
LARGEST = 64 * 1024
UNICODE = "Åsa Öberg i Överkalix – مرحبا 👩🏽‍💻 \u202eאבג\u202c ½ “citat” \\ / <b>&amp;"
PROMPT_SECONDS, LOOK_EVERY_SECONDS = 5.0, 0.1
AT_ONCE = 3
KIND = "ticket.updated"
Seen = Callable[[], Sequence[str] | None]


def check_receiver(sender: Sender, secret: str, seen: Seen) -> Iterator[Finding]:
    """`seen` gives the ids of the messages that the receiver has acted on, in order; None where it does not tell."""
    yield from _signatures(sender, secret)
    yield from _clocks(sender, secret)
    yield from _again(sender, secret, seen)
    yield from _content(sender, secret)


def sample(secret: str, ordinal: int = 1, **more: object) -> Sample:
    """A change of a ticket, as the desk tells it."""
    number = "2026-00001"
    its = {"position": ordinal, "ticket": number, "href": f"/api/v1/tickets/{number}", "ordinal": ordinal, "own": False}
    return Sample(KIND, {**its, **more}, (secret,))


def other_secret() -> str:
    return "whsec_" + base64.b64encode(secrets.token_bytes(32)).decode()


def taken(group: str, asked: str, reply: Reply, advice: str) -> Finding:
    return Finding(group, asked, reply.words, "" if reply.is_taken else advice)


def refused(group: str, asked: str, reply: Reply, advice: str) -> Finding:
    return Finding(group, asked, reply.words, "" if reply.is_refused else advice)


def _signatures(sender: Sender, secret: str) -> Iterator[Finding]:
    message = sample(secret)
    genuine = sender.send(message)
    yield taken(SIGNATURE, "a genuine message", genuine, "Answer 2xx to what is signed with your secret.")
    if not genuine.is_taken and (again := sender.send(message)).is_taken:
        saw = f"first {genuine.words}, then {again.words}"
        advice = "Answer 2xx at the first attempt: the desk comes back in 5 seconds, then after minutes and hours."
        yield Finding(SIGNATURE, "the same, sent again after that", saw, advice)
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


def _again(sender: Sender, secret: str, seen: Seen) -> Iterator[Finding]:
    once = sample(secret, ordinal=2)
    first, second = sender.send(once), sender.send(once)
    both = first if not first.is_taken else second
    yield taken(AGAIN, "the same message twice", both, "Answer 2xx to what you have already: else it comes again.")
    retried = sender.send(replace(once, later=60))
    yield taken(AGAIN, "the same, sent anew a minute later", retried, "A retry has the same webhook-id, signed anew.")
    racing = sample(secret, ordinal=3)
    with ThreadPoolExecutor(AT_ONCE) as threads:
        replies = list(threads.map(sender.send, [racing] * AT_ONCE))
    worst = min(replies, key=lambda reply: reply.is_taken)
    yield taken(AGAIN, f"one message {AT_ONCE} times at once", worst, "Answer 2xx to each: it has come.")
    in_turn = [sample(secret, ordinal=ordinal) for ordinal in (4, 5, 6, 7)]
    worst = min([sender.send(each) for each in in_turn], key=lambda reply: reply.is_taken)
    yield taken(AGAIN, "four changes of a ticket, one after the other", worst, "Answer 2xx to each.")
    newer, older = sample(secret, ordinal=9), sample(secret, ordinal=8)
    for message, words in ((newer, "a newer change of a ticket"), (older, "then an older one")):
        yield taken(AGAIN, words, sender.send(message), "Take it, and pass over what is older than what you have.")
    yield from _remembered(once.id, racing.id, [each.id for each in in_turn], seen)


def _remembered(thrice: str, at_once: str, in_turn: Sequence[str], seen: Seen) -> Iterator[Finding]:
    told = _told({thrice, at_once, *in_turn}, seen)
    often = {
        "how often the one that came three times was acted on": thrice,
        f"how often the one that came {AT_ONCE} times at once was acted on": at_once,
    }
    order = "the order in which the four were acted on"
    if told is None:
        for asked in (*often, order):
            yield Finding(AGAIN, asked, "give --seen URL, and the kit asks your side", is_seen=False)
        return
    for asked, message in often.items():
        times = told.count(message)
        advice = "Act on each webhook-id once, also when your first attempt at it failed."
        yield Finding(AGAIN, asked, f"{times} times", "" if times == 1 else advice)
    acted = [in_turn.index(message) + 1 for message in dict.fromkeys(told) if message in in_turn]
    advice = "Act on a ticket's messages in the order in which they come, or by their ordinal."
    in_order = ", ".join(map(str, acted)) or "none was"
    yield Finding(AGAIN, order, in_order, "" if acted == sorted(acted) and len(acted) == len(in_turn) else advice)


def _told(messages: Set[str], seen: Seen) -> list[str] | None:
    """What the receiver has acted on, once these are among it: it may work after it has answered, but not for ever."""
    until = time.monotonic() + PROMPT_SECONDS
    while (told := seen()) is not None:
        if messages <= set(told) or time.monotonic() > until:
            return list(told)
        time.sleep(LOOK_EVERY_SECONDS)
    return None


def _content(sender: Sender, secret: str) -> Iterator[Finding]:
    said = sender.send(sample(secret, title=UNICODE))
    yield taken(CONTENT, "letters of many scripts", said, "The body is UTF-8; sign and read it as bytes.")
    large = sample(secret, title="x" * (LARGEST - 1024))
    yield taken(CONTENT, "a body of 63 kB", sender.send(large), "The desk sends up to 64 kB.")
    more = sample(secret, something_new={"nested": [1, 2, 3]})
    yield taken(CONTENT, "a field that you do not know", sender.send(more), "Pass over it: new ones may come.")
    kind = replace(sample(secret), type="ticket.something_new", id=new_id())
    yield taken(CONTENT, "an event type that you do not know", sender.send(kind), "Answer 2xx and do nothing.")


def seen_at(url: str) -> Seen:
    """What a vendor's own address tells: a JSON array of webhook-ids."""

    def seen() -> Sequence[str] | None:
        told = json.loads(urllib3.request("GET", url, retries=False, timeout=15).data)
        return [str(one) for one in told]

    return seen if url else lambda: None
