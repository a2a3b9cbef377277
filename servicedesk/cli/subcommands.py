"""A command with commands of its own, each in a module that is imported only when it is called."""

from importlib import import_module

import click


class Subcommands(click.Group):
    """`told` maps each to its line of help; `workflow check` lives in cli/workflow_check.py as `command`."""

    def __init__(self, name: str, told: dict[str, str], help: str) -> None:
        super().__init__(name, help=help)
        self._told = told

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(self._told)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in self._told:
            return None
        command = import_module(f"servicedesk.cli.{self.name}_{cmd_name}").command
        assert isinstance(command, click.Command)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(list(self._told.items()))
