"""Options that several commands share."""

from collections.abc import Callable
from typing import Any

import click


def server_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """--host and --port, for every command that listens."""
    host = click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
    port = click.option(
        "--port", default=8000, show_default=True, type=click.IntRange(0, 65535), help="Port; 0 takes any free one."
    )
    return host(port(command))
