"""The web server that `serve` and `demo` run: gunicorn, one process with threads, and the scheduler beside it."""

import ctypes
import os
import shutil
import socket
import tempfile
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import click
from flask import Flask
from gunicorn.app.base import BaseApplication

from servicedesk.actions.desk import Desk
from servicedesk.config import Settings

THREADS = 8
# <malloc.h>
M_ARENA_MAX = -8


class Server(BaseApplication):  # type: ignore[misc]
    """gunicorn around a function that makes the application in each worker."""

    def __init__(self, make: Callable[[], Flask], options: dict[str, Any]) -> None:
        self.make, self.options = make, options
        super().__init__()

    def load_config(self) -> None:
        for name, value in self.options.items():
            self.cfg.set(name, value)

    def load(self) -> Flask:
        return self.make()


def serve(
    host: str,
    port: int,
    workers: int,
    *,
    with_scheduler: bool,
    settings: Settings | None = None,
    inside: Callable[[Desk], object] | None = None,
    beside: Callable[[str], Callable[[], None]] | None = None,
    quiet: bool = False,
) -> None:
    """Serve until stopped, sweeping too if asked to. `settings`: others than the configured ones. `inside` is started
    in each worker, once it is up; `beside` once, with the address to call, and what it gives is called at the end.
    `quiet`: only what is wrong is logged."""
    from servicedesk.app import create_app, made_to_last, start_scheduler

    listening = bound(host, port)
    address = called_at(listening)
    ends: list[Callable[[], None]] = []

    def ready(server: Any) -> None:
        if beside is not None:
            ends.append(beside(address))

    def over(server: Any) -> None:
        for end in ends:
            end()
        shutil.rmtree(counted, ignore_errors=True)

    def started(worker: Any) -> None:
        # In every worker: each timer fires once however many sweep, and one that dies takes nothing with it.
        if with_scheduler:
            start_scheduler(worker.wsgi.extensions["desk"], settings)
        if inside is not None:
            inside(worker.wsgi.extensions["desk"])

    _share_heaps()
    counted = _counted_together()
    os.environ.pop("GUNICORN_CMD_ARGS", None)
    options = {
        "bind": f"fd://{listening.fileno()}",
        "workers": workers,
        "threads": THREADS,
        "worker_class": "gthread",
        # Made once, before the workers part: what they do not change, they share.
        "preload_app": True,
        "accesslog": None,
        "loglevel": "warning" if quiet else "info",
        "logger_class": "servicedesk.watch.gunicorn.Logger",
        "post_worker_init": started,
        "when_ready": ready,
        "on_exit": over,
        "graceful_timeout": 10,
        "control_socket_disable": True,
    }
    Server(lambda: made_to_last(create_app(settings)), options).run()


def _share_heaps() -> None:
    """glibc gives nearly every thread a heap of its own, which keeps what it has once needed: two are enough. Elsewhere
    there is nothing to set."""
    with suppress(OSError, AttributeError):
        ctypes.CDLL(None).mallopt(M_ARENA_MAX, 2)


def _counted_together() -> str:
    """A folder in which all workers count their requests for /metrics, so that any can tell of all."""
    folder = tempfile.mkdtemp(prefix="servicedesk-metrics-")
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = folder
    return folder


def bound(host: str, port: int) -> socket.socket:
    """A listening socket, so that a port that is taken is said in a sentence before anything starts."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host, port))
    except OSError as error:
        raise click.ClickException(
            f"Cannot listen on {host}:{port}: {error.strerror}. Choose another --port."
        ) from error
    listening.listen(128)
    listening.set_inheritable(True)
    return listening


def called_at(listening: socket.socket) -> str:
    """The address by which this machine itself reaches it."""
    host, port = listening.getsockname()[:2]
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104
    return f"http://{f'[{host}]' if ':' in host else host}:{port}"


def free_port() -> int:
    """One that nobody listens on at this moment, for a process that is about to."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
