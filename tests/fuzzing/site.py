"""The program on the sample installation, served for schemathesis: `python -m tests.fuzzing.site PORT FOLDER`.

In FOLDER it leaves a file with a token for each kind of client, and then, as a sign that it answers, `ready`.
"""

import logging
import sys
from pathlib import Path

from werkzeug.serving import make_server

from servicedesk.actions.sequencing import sequence
from servicedesk.actions.tokens import create_token
from servicedesk.core.facts import OPERATOR
from tests.api.conftest import SUPPLIER, app_on
from tests.support.desk import make_template, new_ticket, ticket_after

# The reference's own example is a ticket that its supplier works on.
BEFORE_THE_EXAMPLE = "2026-00016"
CLIENTS = {"supplier": SUPPLIER, "municipality": "lulea"}


def serve(port: int, folder: Path) -> None:
    instance = folder / "instance"
    app = app_on(make_template(folder).copy_to(instance), instance)
    desk = app.extensions["desk"]
    app.config["CLIENT_RATE"] = 1_000_000
    new_ticket(desk)
    for last in ("order_from_supplier", "accept_at_supplier", "propose_solution", "confirm"):
        ticket_after(desk, last)
    while new_ticket(desk).number < BEFORE_THE_EXAMPLE:
        pass
    ticket_after(desk, "accept_at_supplier")
    sequence(desk)
    for name, organisation in CLIENTS.items():
        token = create_token(desk, organisation, "schemathesis", actor=OPERATOR).text
        (folder / name).write_text(token, encoding="utf-8")
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = make_server("127.0.0.1", port, app, threaded=True)
    (folder / "ready").touch()
    server.serve_forever()


if __name__ == "__main__":
    serve(int(sys.argv[1]), Path(sys.argv[2]))
