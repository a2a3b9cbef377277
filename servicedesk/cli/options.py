"""Options that several commands share."""

from collections.abc import Callable
from typing import Any

import click

from servicedesk.core.vocabulary import Language


def server_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """--host and --port, for every command that listens."""
    host = click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
    port = click.option(
        "--port", default=8000, show_default=True, type=click.IntRange(0, 65535), help="Port; 0 takes any free one."
    )
    return host(port(command))


def language_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """--language, for every command that tells what the pages tell."""
    choice = click.Choice([str(language) for language in Language])
    return click.option("--language", type=choice, default="sv", show_default=True, help="In which language.")(command)
