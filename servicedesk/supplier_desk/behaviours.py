"""How a supplier works through its tickets: scripts, as data."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Deed:
    """Something done to a ticket `hours` after the one before it: a resource of the API and what it is sent.

    `waits`: not before the ticket is active with the supplier again, as after a question. `times`: how often it is
    sent, with one Idempotency-Key: a system that does not know whether its first attempt arrived.
    """

    hours: float
    resource: str
    body: Mapping[str, str] = field(default_factory=dict)
    waits: bool = False
    times: int = 1


TAKE, SOLUTIONS = "acknowledgements", "solutions"
SOLUTION = {
    "solution": "Certifikatet är förnyat och vi har provat att det fungerar.",
    "resolution_code": "software_fix",
}
QUESTION = {"question": "Sedan när händer det, och i vilken webbläsare?"}
UPDATE = {"body": "Vi har hittat felet och rättar det."}
NOT_OURS = {"reason": "Felet ligger inte i vårt system. Loggen visar att anropet aldrig kom fram till oss."}

SCRIPTS: dict[str, tuple[Deed, ...]] = {
    "prompt": (Deed(0.1, TAKE), Deed(1, "updates", UPDATE), Deed(1, SOLUTIONS, SOLUTION)),
    "slow": (Deed(20, TAKE), Deed(60, SOLUTIONS, SOLUTION)),
    "asks-first": (
        Deed(0.5, TAKE),
        Deed(0.5, "information-requests", QUESTION),
        Deed(1, SOLUTIONS, SOLUTION, waits=True),
    ),
    "sends-back": (Deed(0.5, TAKE), Deed(2, "returns", NOT_OURS)),
    "goes-silent": (Deed(0.5, TAKE),),
    "answers-twice": (Deed(0.2, TAKE, times=2), Deed(1, SOLUTIONS, SOLUTION, times=2)),
    # Hears and does nothing for a day; then the feed tells what it missed.
    "down-for-a-day": (Deed(24, TAKE), Deed(1, SOLUTIONS, SOLUTION)),
}
