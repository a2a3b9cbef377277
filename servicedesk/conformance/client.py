"""What a vendor's client did when the desk was busy, hurried it, had changed or was restored: judged by the requests
that came."""

import json
from collections.abc import Iterator, Sequence

from servicedesk.conformance.desk import BEFORE, END, FIRST, NEXT, RESTORED, RETRY_AFTER, SECOND, Asked
from servicedesk.conformance.report import Finding

# Letters of several scripts, from right to left too, and what has a meaning of its own in JSON and HTML.
WORDS = "Åsa Öberg i Överkalix – مرحبا 👩🏽‍💻 “citat” \\ / <b>&amp;"
LONG = 300_000
# Longer than the desk asks anybody to wait.
QUIET_SECONDS = 2 * RETRY_AFTER
TASKS = (
    "list your tickets, every page",
    f"read {FIRST} and acknowledge it",
    f"write a note on {FIRST}, in just these words: {WORDS}",
    f"write a note on {SECOND} of {LONG} letters, which is more than a note may be",
    f"read {FIRST} and propose a solution, with If-Match",
    "follow /api/v1/changes from the beginning to the end",
)
GROUP = "Your client"


def check_client(requests: Sequence[Asked]) -> Iterator[Finding]:
    yield _token(requests)
    yield from _pages(requests)
    yield from _again(requests, "acknowledgements", 503, "after a 503")
    yield _lost(requests)
    yield from _again(requests, "notes", 429, "after a 429")
    yield _words(requests)
    yield _too_large(requests)
    yield from _conflict(requests)
    yield from _feed(requests)


def is_done(requests: Sequence[Asked], now: float) -> bool:
    """Whether every task has been tried, and nothing has come for a while: a client may be in the midst of the last."""
    is_quiet = bool(requests) and now - requests[-1].at > QUIET_SECONDS
    return is_quiet and all(finding.is_seen for finding in check_client(requests))


def _token(requests: Sequence[Asked]) -> Finding:
    refused = sum(asked.status == 401 for asked in requests)
    if not requests:
        return _unseen("the token", "no request has come")
    advice = "Send Authorization: Bearer and the token, with every request." if refused else ""
    return Finding(GROUP, "the token", f"missing or wrong in {refused} of {len(requests)} requests", advice)


def _pages(requests: Sequence[Asked]) -> Iterator[Finding]:
    lists = [asked for asked in requests if asked.path == "/api/v1/tickets" and asked.method == "GET"]
    if len(lists) < 2:
        yield _unseen("the list again after a 503", "not asked for again")
        yield _unseen("the second page", "not asked for")
        return
    yield _waited("the list again after a 503", lists)
    followed = any(asked.query.get("after") == NEXT for asked in lists)
    advice = "" if followed else 'Follow the header Link, rel="next", until there is none.'
    yield Finding(GROUP, "the second page", "asked for" if followed else "not asked for", advice)


def _again(requests: Sequence[Asked], resource: str, status: int, words: str) -> Iterator[Finding]:
    sent = _posts(requests, resource)
    if len(sent) < 2 or sent[0].status != status:
        yield _unseen(f"{resource} again {words}", "not sent again" if sent else "not sent")
        return
    keys = {asked.headers.get("idempotency-key") for asked in sent[:2]}
    advice = "" if len(keys) == 1 else "Send the same Idempotency-Key with every attempt at one thing."
    yield Finding(
        GROUP, f"{resource} again {words}", "with the same key" if len(keys) == 1 else "with another key", advice
    )
    if status == 429:
        yield _waited(f"the wait before {resource} again", sent)


def _lost(requests: Sequence[Asked]) -> Finding:
    """Who does not ask again never learns what came of it; who does so under another key does it twice."""
    asked, sent = "acknowledgements again after no answer", _posts(requests, "acknowledgements")
    if len(sent) < 3:
        return _unseen(asked, "not sent again" if len(sent) == 2 else "not sent")
    is_same = sent[1].headers.get("idempotency-key") == sent[2].headers.get("idempotency-key")
    advice = "" if is_same else "It may have been carried out: send it again with the same Idempotency-Key."
    return Finding(GROUP, asked, "with the same key" if is_same else "with another key", advice)


def _words(requests: Sequence[Asked]) -> Finding:
    sent = _posts(requests, "notes")
    if not sent:
        return _unseen("letters of many scripts", "no note has been sent")
    try:
        came = json.loads(sent[-1].body.decode("utf-8")).get("body")
    except (ValueError, AttributeError):
        came = None
    advice = "" if came == WORDS else "Send JSON in UTF-8, and the words as they were given to you."
    return Finding(GROUP, "letters of many scripts", "as they were" if came == WORDS else "changed", advice)


def _waited(asked: str, sent: Sequence[Asked]) -> Finding:
    seconds = sent[1].at - sent[0].at
    advice = "" if seconds >= RETRY_AFTER else f"Wait as long as Retry-After says, here {RETRY_AFTER} seconds."
    return Finding(GROUP, asked, f"after {seconds:.1f} s", advice)


def _conflict(requests: Sequence[Asked]) -> Iterator[Finding]:
    sent = _posts(requests, "solutions")
    if not sent:
        yield _unseen("If-Match", "no solution has been sent")
        return
    named = sent[0].headers.get("if-match", "")
    advice = "" if named else "Send the ETag that you read as If-Match: else you act on what you have not seen."
    yield Finding(GROUP, "If-Match", named or "missing", advice)
    after = requests[requests.index(sent[0]) + 1 :]
    read = any(asked.method == "GET" and asked.path == f"/api/v1/tickets/{FIRST}" for asked in after)
    advice = "" if read else "After a 412 read the ticket again and decide anew."
    yield Finding(GROUP, "after a 412", "the ticket was read" if read else "the ticket was not read", advice)


def _too_large(requests: Sequence[Asked]) -> Finding:
    """What is too large once is so every time: who sends it again is busy for ever, and nobody is told."""
    asked = "a note that is too large"
    sent = _posts(requests, "notes", SECOND)
    refused = [each for each in sent if each.status == 413]
    if not refused:
        return _unseen(asked, "shorter than it was to be" if sent else "not sent")
    times = sum(len(each.body) == len(refused[0].body) for each in refused)
    advice = "" if times == 1 else "Do not send again what was answered 413: tell a person, or send it as a file."
    return Finding(GROUP, asked, "sent once" if times == 1 else f"sent {times} times", advice)


def _feed(requests: Sequence[Asked]) -> Iterator[Finding]:
    """From the beginning, over a restored backup, to the end: by its positions alone is seen what has been read."""
    feed = [request for request in requests if request.path == "/api/v1/changes"]
    asked = [request.query.get("after", "") for request in feed]
    advice = "Ask again with `after` as the last answer gave it."
    if not feed:
        yield _unseen("the feed", "not asked for")
    else:
        went_on = str(BEFORE) in asked
        yield Finding(GROUP, "the feed", "followed" if went_on else "not followed", "" if went_on else advice)
    restored = next((request for request in feed if request.query.get("after") == str(BEFORE)), None)
    if restored is None:
        yield _unseen("the tickets after a 409 feed_restored", "the feed was not followed so far")
        yield _unseen("the feed after a 409 feed_restored", "not followed so far")
    else:
        yield from _restored(requests[requests.index(restored) + 1 :])
    large, has_all = "an answer of 1 MB", str(END) in asked
    if str(RESTORED) not in asked:
        yield _unseen(large, "not asked for")
    else:
        saw = "read whole" if has_all else "its end was not asked for"
        yield Finding(GROUP, large, saw, "" if has_all else "Read it whole, however large, and go on from its `after`.")


def _restored(after: Sequence[Asked]) -> Iterator[Finding]:
    """What a client does that has been told 409: its tickets are read anew, and the feed from where the answer says."""
    pages = [request.query.get("after") for request in after if request.path == "/api/v1/tickets"]
    has_read = None in pages and NEXT in pages
    advice = "What came after the backup is gone: read all your tickets again, every page, and take them as they are."
    saw = "read again" if has_read else "not read again"
    yield Finding(GROUP, "the tickets after a 409 feed_restored", saw, "" if has_read else advice)
    went_on = any(request.query.get("after") == str(RESTORED) for request in after)
    advice = "The position is no more, and asking for it again changes nothing: go on from `last` of that answer."
    saw = "gone on with where the answer said" if went_on else "not gone on with"
    yield Finding(GROUP, "the feed after a 409 feed_restored", saw, "" if went_on else advice)


def _posts(requests: Sequence[Asked], resource: str, number: str = FIRST) -> list[Asked]:
    path = f"/api/v1/tickets/{number}/{resource}"
    return [asked for asked in requests if asked.method == "POST" and asked.path == path and asked.status != 401]


def _unseen(asked: str, saw: str) -> Finding:
    return Finding(GROUP, asked, saw, is_seen=False)
