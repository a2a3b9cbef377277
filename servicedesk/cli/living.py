"""The thread in which a served demonstration keeps living."""

import logging
import random
import threading

from servicedesk.actions.demo.live import Living
from servicedesk.actions.desk import Desk
from servicedesk.core.errors import DeskError

log = logging.getLogger(__name__)


def start_living(desk: Desk, seconds: float, but: str = "") -> threading.Event:
    """Something happens about every `seconds`, until the event that is returned is set or the process ends. `but`: an
    organisation that acts for itself."""
    stopped = threading.Event()
    threading.Thread(target=_live, args=(desk, seconds, but, stopped), name="living", daemon=True).start()
    return stopped


def _live(desk: Desk, seconds: float, but: str, stopped: threading.Event) -> None:
    chance = random.Random()
    living: Living | None = None
    while not stopped.wait(seconds * chance.uniform(0.7, 1.3)):
        try:
            living = living or Living(desk, chance, but)
            living.once()
        except DeskError as error:
            log.warning("The demonstration does nothing this time: %s", error)
        except Exception:
            log.exception("The demonstration does nothing this time, by a fault of the program itself.")
