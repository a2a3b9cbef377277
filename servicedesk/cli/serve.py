"""`servicedesk serve`: the pages and the API."""

import click

from servicedesk.actions.installation import freeze_holidays
from servicedesk.cli.opening import open_desk
from servicedesk.cli.options import server_options


@click.command("serve")
@server_options
@click.option("--workers", default=1, show_default=True, type=click.IntRange(1, 64), help="Web processes.")
@click.option("--with-scheduler", is_flag=True, help="Fire timers too, as on a machine of its own.")
def command(host: str, port: int, workers: int, with_scheduler: bool) -> None:
    """Serve the pages and the API until stopped. Run `servicedesk scheduler` beside it, or use --with-scheduler."""
    # Said here, in a sentence, rather than by each worker in the log.
    desk = open_desk()
    freeze_holidays(desk)
    desk.engine.dispose()
    from servicedesk.cli.serving import serve

    serve(host, port, workers, with_scheduler=with_scheduler)
