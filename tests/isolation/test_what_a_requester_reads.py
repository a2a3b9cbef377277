"""A requester's link shows of its own ticket what was said to and by them, and of every other nothing."""

from flask import Flask

from servicedesk.actions.links import give_link
from tests.isolation.test_every_route import app, everything, numbers, world
from tests.isolation.world import FOR_SUPPLIER, INNER, KINDS, MUNICIPAL, Kind, marker
from tests.support.desk import persona

__all__ = ["app", "numbers", "world"]

EVERYTHING = (*MUNICIPAL, *INNER, *FOR_SUPPLIER)


def read_by_requester(kind: Kind) -> set[str]:
    """Written down from the domain: a supplier's solution is a proposal until the municipality has resolved by it."""
    solved = {"solution"} if kind.last_step == "confirm" else set()
    return {"subject", "description", "reply", *solved}


def test_a_link_shows_what_is_the_requesters_and_nothing_else(app: Flask, numbers: dict[str, str]) -> None:
    client, desk = app.test_client(), app.extensions["desk"]
    for kind in KINDS:
        link = give_link(desk, numbers[kind.name], actor=persona(desk, f"first_line_{kind.home}"))
        found = everything(client.get(f"/arende/{link}"))
        shown = {field for field in EVERYTHING if marker(kind.name, field) in found}
        # A heading and a first line tell the subject and the description.
        assert shown == read_by_requester(kind), kind.name
        others = [other for other in KINDS if other is not kind]
        assert not any(f"MARK-{other.name}-" in found or numbers[other.name] in found for other in others)
        for seq in range(1, 6):
            assert client.get(f"/arende/{link}/attachments/{seq}").status_code == 404
        assert client.get(f"/tickets/{numbers[kind.name]}").status_code == 303
