"""Periodic jobs: each an action and how often it runs."""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from time import sleep
from typing import Any

from apscheduler.events import EVENT_SCHEDULER_SHUTDOWN
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.schedulers.base import BaseScheduler

from servicedesk.actions.attempts import drop_expired
from servicedesk.actions.delivering import forget_delivered
from servicedesk.actions.desk import Desk
from servicedesk.actions.drafts import forget_drafts
from servicedesk.actions.majors.carrying import carry_out
from servicedesk.actions.once import forget_done
from servicedesk.actions.outbox import drain
from servicedesk.actions.presence import forget_presence
from servicedesk.actions.pulse import Pulse, forget_gone
from servicedesk.actions.sequencing import sequence
from servicedesk.actions.sweep import Swept, seconds_to_next, sweep
from servicedesk.actions.tokens import drop_access_tokens
from servicedesk.core.clock import SystemClock
from servicedesk.core.errors import DeskError
from servicedesk.scheduler.deliveries import PostOffice

log = logging.getLogger(__name__)


POLL_SECONDS = 1


@dataclass(frozen=True)
class Job:
    name: str
    seconds: int
    run: Callable[[Desk, Pulse, PostOffice], Any]


JOBS = (
    Job("sweep", POLL_SECONDS, lambda desk, pulse, office: sweep_in_time(desk, pulse)),
    Job("drain", 2, lambda desk, pulse, office: drain(desk)),
    Job("carry_out", 2, lambda desk, pulse, office: carry_out(desk)),
    Job("sequence", 1, lambda desk, pulse, office: sequence(desk)),
    Job("deliver", 1, lambda desk, pulse, office: office.run()),
    Job("forget_presence", 60, lambda desk, pulse, office: forget_presence(desk)),
    Job("drop_expired", 300, lambda desk, pulse, office: drop_expired(desk)),
    Job("drop_access_tokens", 300, lambda desk, pulse, office: drop_access_tokens(desk)),
    Job("forget_done", 3600, lambda desk, pulse, office: forget_done(desk)),
    Job("forget_drafts", 3600, lambda desk, pulse, office: forget_drafts(desk)),
    Job("forget_delivered", 3600, lambda desk, pulse, office: forget_delivered(desk)),
    Job("forget_gone", 3600, lambda desk, pulse, office: forget_gone(desk)),
)


def sweep_in_time(desk: Desk, pulse: Pulse, wait: Callable[[float], object] = sleep) -> Swept | None:
    """Sweep at the second at which the next timer is due, if that is before the next look; else only beat."""
    seconds = seconds_to_next(desk)
    if seconds > POLL_SECONDS:
        pulse.beat_when_due(desk)
        return None
    wait(seconds)
    return sweep(desk, pulse=pulse)


def add_jobs(scheduler: BaseScheduler, desk: Desk, pulse: Pulse, more: Sequence[Job] = ()) -> None:
    """Every job at its interval, at once the first time. A run that is late runs once, never twice at a time. `more`:
    those of an edge that this one does not know."""
    at_once = SystemClock().now()
    office = PostOffice(desk)
    scheduler.add_listener(lambda event: office.close(), EVENT_SCHEDULER_SHUTDOWN)
    for job in (*JOBS, *more):
        scheduler.add_job(
            partial(_run, job, desk, pulse, office),
            "interval",
            seconds=job.seconds,
            next_run_time=at_once,
            id=job.name,
            max_instances=1,
            coalesce=True,
            misfire_grace_time=None,
        )


def background(desk: Desk, pulse: Pulse, more: Sequence[Job] = ()) -> BackgroundScheduler:
    """A started scheduler in threads of this process; `shutdown()` ends it."""
    # A run that takes longer than its interval is no news.
    logging.getLogger("apscheduler").setLevel(logging.ERROR)
    scheduler = BackgroundScheduler(timezone="UTC")
    add_jobs(scheduler, desk, pulse, more)
    scheduler.start()
    return scheduler


def _run(job: Job, desk: Desk, pulse: Pulse, office: PostOffice) -> None:
    """A database that is away for a moment must not end the job: it is tried again at the next interval."""
    try:
        done = job.run(desk, pulse, office)
    except DeskError as error:
        log.warning("a job could not run and is tried again", extra={"told": {"job": job.name}}, exc_info=error)
        return
    did = done.counts if isinstance(done, Swept) else {"count": done}
    if any(did.values()):
        log.info("a job has run", extra={"told": {"job": job.name, **did}})
