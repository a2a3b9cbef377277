"""The command line on a machine whose clock is a minute ahead."""

from datetime import UTC, datetime, timedelta

import time_machine

from servicedesk.cli import main

if __name__ == "__main__":
    with time_machine.travel(datetime.now(UTC) + timedelta(minutes=1), tick=True):
        main()
