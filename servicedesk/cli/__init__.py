"""The command line. Each command lives in its own module and is imported only when it is called.

To add a command, write servicedesk/cli/<name>.py with a click command called `command` and add its line below.
A command returns nothing or its exit code; it lets errors rise, `main` says them.
"""

import os
import sys
from collections.abc import Sequence
from importlib import import_module
from keyword import iskeyword

import click

from servicedesk import __version__
from servicedesk.cli.failures import sentences, usage_sentence

COMMANDS = {
    "demo": "Start a sample installation on the embedded database.",
    "generate": "Fill a new installation with sample tickets, as many as you like.",
    "serve": "Serve the pages and the API.",
    "scheduler": "Fire timers as they become due.",
    "migrate": "Bring the database to this version.",
    "load": "Load an installation from a folder of TOML files.",
    "workflow": "Check, show and draw workflows; move tickets to a new version.",
    "agreement": "Prove that what is promised inwards fits in what is promised outwards.",
    "play": "Play a scenario in an installation of its own.",
    "import": "Bring in tickets from another system.",
    "verify": "Refold every ticket from its journal and compare.",
    "backup": "Write the whole installation into one file.",
    "restore": "Restore a backup into an empty database, and verify it.",
    "move": "Take the installation to another database.",
    "replay": "Show what other agreements, opening hours or a changed workflow would have meant.",
    "ledger": "Show who held a ticket, and for how long.",
    "password": "Give a person a password.",
    "client": "List, suspend and let in the systems that use the API.",
    "token": "Make, replace and revoke tokens for the API.",
    "supplier-desk": "Work for a supplier through the API, by script.",
    "conformance": "Try a vendor's webhook receiver, or its client.",
    "erase": "Erase personal text from a ticket.",
    "settings": "List every setting, its value and where it comes from.",
}


class LazyGroup(click.Group):
    """Knows its commands by name and help alone, so that start-up stays quick."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        command = import_module(f"servicedesk.cli.{module_name(cmd_name)}").command
        assert isinstance(command, click.Command)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


def module_name(command: str) -> str:
    """`import` is a word of Python itself: its module is `import_`. A hyphen is none of a module's letters."""
    return f"{command}_" if iskeyword(command) else command.replace("-", "_")


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 120})
@click.version_option(__version__, prog_name="servicedesk")
def cli() -> None:
    """A service desk for municipalities that share an e-service platform."""


def main(arguments: Sequence[str] | None = None) -> None:
    """Run one command and exit: 0 done, 1 failed, 2 wrongly called, 130 interrupted."""
    sys.exit(run(arguments))


def run(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code. Errors are sentences on stderr, never a traceback."""
    try:
        outcome = cli.main(args=arguments, prog_name="servicedesk", standalone_mode=False)
        sys.stdout.flush()
    except click.ClickException as error:
        click.echo(usage_sentence(error), err=True)
        return error.exit_code
    except click.Abort:
        click.echo("Stopped.", err=True)
        return 130
    except BrokenPipeError:
        _forget_output()
        return 1
    except Exception as error:
        if os.environ.get("SERVICEDESK_DEBUG") == "1":
            raise
        for sentence in sentences(error):
            click.echo(sentence, err=True)
        return 1
    return outcome if isinstance(outcome, int) else 0


def _forget_output() -> None:
    """The reader of our output has gone, as in `servicedesk ledger … | head`: let the closing flush go nowhere."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
