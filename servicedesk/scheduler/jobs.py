"""Periodic jobs: each an action and how often it runs."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.schedulers.base import BaseScheduler

from servicedesk.actions.attempts import drop_expired
from servicedesk.actions.desk import Desk
from servicedesk.actions.once import forget_done
from servicedesk.actions.outbox import drain
from servicedesk.actions.sweep import sweep
from servicedesk.core.errors import DeskError

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Job:
    name: str
    seconds: int
    run: Callable[[Desk, str], Any]


JOBS = (
    Job("sweep", 5, lambda desk, scheduler: sweep(desk, scheduler=scheduler)),
    Job("drain", 2, lambda desk, scheduler: drain(desk)),
    Job("drop_expired", 300, lambda desk, scheduler: drop_expired(desk)),
    Job("forget_done", 3600, lambda desk, scheduler: forget_done(desk)),
)


def add_jobs(scheduler: BaseScheduler, desk: Desk, name: str) -> None:
    """Every job at its interval, at once the first time. A run that is late runs once, never twice at a time."""
    for job in JOBS:
        scheduler.add_job(
            partial(_run, job, desk, name),
            "interval",
            seconds=job.seconds,
            id=job.name,
            max_instances=1,
            coalesce=True,
            misfire_grace_time=None,
        )


def background(desk: Desk, name: str) -> BackgroundScheduler:
    """A started scheduler in threads of this process; `shutdown()` ends it."""
    scheduler = BackgroundScheduler(timezone="UTC")
    add_jobs(scheduler, desk, name)
    scheduler.start()
    return scheduler


def _run(job: Job, desk: Desk, name: str) -> None:
    """A database that is away for a moment must not end the job: it is tried again at the next interval."""
    try:
        job.run(desk, name)
    except DeskError as error:
        log.warning("%s: %s", job.name, error)
