"""What the page keeps of a call while it is being written, and how it comes back."""

from collections.abc import Mapping
from dataclasses import dataclass

from servicedesk.actions.drafts import Draft, drafts_of
from servicedesk.actions.log import WHO
from servicedesk.core.facts import Actor
from servicedesk.core.vocabulary import RequesterKind
from servicedesk.extensions import desk
from servicedesk.web import times
from servicedesk.web.forms import keeping
from servicedesk.web.reading import Reading
from servicedesk.web.speech import _

# What somebody has to have written for there to be anything to keep.
WORDS = ("subject", "description", "requester_name", "requester_contact", "solution", "platform_case")
# Of these nothing is kept that tells who they are.
NAMELESS = frozenset({RequesterKind.PROTECTED, RequesterKind.ANONYMOUS})
LONGEST_TITLE = 60


@dataclass(frozen=True, slots=True)
class Kept:
    """One in the list of those that wait: what it is called, and when it was written."""

    form: str
    title: str
    when: str


def keep(typed: Mapping[str, str], *, actor: Actor) -> tuple[str, int]:
    """(the form's number, how often it has been written) after this pause."""
    of_nobody = typed.get("requester_kind") in NAMELESS
    return keeping.keep({**typed, **dict.fromkeys(WHO, "")} if of_nobody else typed, WORDS, actor=actor)


def waiting(reading: Reading, *, actor: Actor) -> list[Kept]:
    """Those that have not been logged, the last first."""
    found = drafts_of(desk(), reading.connection, reading.now, actor=actor)
    return [Kept(each.form, _title(each), times.near(each.saved_at, reading.now)) for each in found]


def draft_of(form: str, reading: Reading, *, actor: Actor) -> Draft | None:
    found = drafts_of(desk(), reading.connection, reading.now, actor=actor)
    return next((each for each in found if each.form == form), None)


def _title(draft: Draft) -> str:
    words = (draft.fields.get(name, "").strip().split("\n")[0] for name in WORDS)
    title = next(filter(None, words), "") or _("Without a subject")
    return title if len(title) <= LONGEST_TITLE else f"{title[: LONGEST_TITLE - 1]}…"
