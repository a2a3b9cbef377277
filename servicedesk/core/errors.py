"""One tree of errors. Each has a stable code, data and a sentence a person understands.

The sentence is English and is the message id of the translation catalogues: its parameters are the data, so an edge
renders `_(error.message) % error.data` in the reader's language. Core knows nothing of HTTP; each edge maps codes once.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any


class Sentence(str):
    """A sentence with data in it, where only text fits (a field's fault). It is its English text; an edge that speaks
    another language translates `message` and fills in `data`."""

    message: str
    data: Mapping[str, Any]

    def __new__(cls, message: str, **data: Any) -> "Sentence":
        sentence = super().__new__(cls, message % data)
        sentence.message, sentence.data = message, data
        return sentence


class DeskError(Exception):
    """Base: `code` is stable, `message` has %(name)s parameters filled from `data`."""

    code = "error"

    def __init__(self, message: str, *, code: str | None = None, **data: Any) -> None:
        self.message = message
        self.data = data
        if code:
            self.code = code
        super().__init__(message % data if data else message)


class Refusal(DeskError):
    """The rules say no. `allowed` names what the same actor could do instead."""

    code = "refused"

    def __init__(self, message: str, *, code: str, allowed: Sequence[str] = (), **data: Any) -> None:
        super().__init__(message, code=code, **data)
        self.allowed = tuple(allowed)


class NotFound(DeskError):
    """Does not exist, or may not be seen: the two look the same."""

    code = "not_found"


class Conflict(DeskError):
    """Somebody else changed it first. `data` may hold `changes`: what happened since."""

    code = "conflict"


class KeyReused(Conflict):
    """Something else was sent under the same key before, and was done: `result` is what came of that."""

    code = "key_reused"


class KeyInUse(DeskError):
    """The same request is being carried out at this moment."""

    code = "key_in_use"


class FeedRestored(DeskError):
    """A position of the change feed from before a backup was restored: what came after the backup was made is not known
    any longer. `last`: from where to go on, once everything has been read again."""

    code = "feed_restored"

    def __init__(self, restored_at: str, last: int) -> None:
        super().__init__(
            "The service desk was restored from a backup %(restored_at)s, and what came after that backup was made is "
            "gone. Read all your tickets again, then go on with after=%(last)s.",
            restored_at=restored_at,
            last=last,
        )


class AlreadyDone(DeskError):
    """The very same was sent before and has been done: `result` is what came of it. Nothing is wrong."""

    code = "already_done"


class Invalid(DeskError):
    """Input that cannot be accepted: `fields` maps a field's name to its sentences."""

    code = "invalid"

    def __init__(self, fields: Mapping[str, Sequence[str]], message: str = "Some fields need your attention.") -> None:
        super().__init__(message)
        self.fields = {name: list(sentences) for name, sentences in fields.items()}


class Unavailable(DeskError):
    """The installation cannot do it now: database away, disk full, migrations missing."""

    code = "unavailable"


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault in a file: where (file, dotted key), what, and what to do about it; `proof` is a shortest path."""

    file: str
    key: str
    problem: str
    remedy: str = ""
    proof: tuple[str, ...] = ()
    rule: str = ""

    def __str__(self) -> str:
        text = f"{self.file}: {self.key}: {self.problem}"
        if self.proof:
            text += f" [{' -> '.join(self.proof)}]"
        return f"{text} {self.remedy}".rstrip()


class FileFaults(DeskError):
    """Faults found in files; nothing of them was used."""

    code = "file_faults"

    def __init__(self, faults: Sequence[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(str(fault) for fault in faults) or "faults in files")
