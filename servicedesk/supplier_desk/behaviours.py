"""How a supplier works through its tickets: scripts, as data."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Deed:
    """Something done to a ticket `hours` after the one before it: a resource of the API and what it is sent.

    `times`: how often it is sent, with one Idempotency-Key: a system that does not know whether its first attempt
    arrived. What is not possible yet, as while a question waits for its answer, is done when it is.
    """

    hours: float
    resource: str
    body: Mapping[str, str] = field(default_factory=dict)
    times: int = 1


TAKE, SOLUTIONS, RETURNS = "acknowledgements", "solutions", "returns"
SOLUTION = {
    "solution": "Certifikatet är förnyat och vi har provat att det fungerar.",
    "resolution_code": "software_fix",
}
QUESTION = {"question": "Sedan när händer det, och i vilken webbläsare?"}
UPDATE = {"body": "Vi har hittat felet och rättar det."}
NOT_OURS = {"reason": "Felet ligger inte i vårt system. Loggen visar att anropet aldrig kom fram till oss."}
# What people read, of all that is sent.
SPOKEN = ("solution", "question", "body", "reason")

DOWN = "down-for-a-day"
SCRIPTS: dict[str, tuple[Deed, ...]] = {
    "prompt": (Deed(0.1, TAKE), Deed(1, "updates", UPDATE), Deed(1, SOLUTIONS, SOLUTION)),
    "slow": (Deed(20, TAKE), Deed(60, SOLUTIONS, SOLUTION)),
    "asks-first": (
        Deed(0.5, TAKE),
        Deed(0.5, "information-requests", QUESTION),
        Deed(1, SOLUTIONS, SOLUTION),
    ),
    "sends-back": (Deed(0.5, TAKE), Deed(2, RETURNS, NOT_OURS)),
    "goes-silent": (Deed(0.5, TAKE),),
    "answers-twice": (Deed(0.2, TAKE, times=2), Deed(1, SOLUTIONS, SOLUTION, times=2)),
    # The whole desk is: it takes no webhook, reads no feed, works on no ticket. Then the feed tells what it missed.
    DOWN: (Deed(0.1, TAKE), Deed(1, SOLUTIONS, SOLUTION)),
}
DOWN_HOURS = {DOWN: 24.0}
