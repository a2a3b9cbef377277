"""`servicedesk agreement …`: prove that promises fit together."""

from servicedesk.cli.subcommands import Subcommands

SUBCOMMANDS = {"check": "Prove that what tiers and suppliers may take fits in what the requester is promised."}

command = Subcommands("agreement", SUBCOMMANDS, "Prove that promises fit together.")
