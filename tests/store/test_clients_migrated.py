"""A token from before there were clients goes on as it was: it opens the same, under the same name in journals."""

from sqlalchemy import text

from servicedesk.actions.clients import ClientGiven, add_client
from servicedesk.actions.tokens import hash_of
from servicedesk.core.facts import OPERATOR, Installation, Organisation, Team
from servicedesk.core.vocabulary import OrganisationKind, Role, Tier
from servicedesk.store.engine import make_engine
from servicedesk.store.queries.clients import all_clients, shown_by_hash
from servicedesk.store.schema import upgrade, upgrade_to
from tests.support.desk import START

BEFORE = "2026_11_21_changes"
ADDING = text(
    "INSERT INTO api_token (id, token_hash, name, organisation, scopes, created_at, revoked_at)"
    " VALUES (:id, :hash, :name, 'leverantor-x', 'tickets:read tickets:act', :at, :revoked)"
)


def test_every_token_becomes_that_of_a_client_of_its_own(database_url: str) -> None:
    engine = make_engine(database_url)
    upgrade_to(engine, BEFORE)
    rows = [
        {"id": 3, "hash": hash_of("sd_gammal"), "name": "Larm", "at": START.isoformat(" "), "revoked": None},
        {
            "id": 7,
            "hash": hash_of("sd_dragen"),
            "name": "Prov",
            "at": START.isoformat(" "),
            "revoked": START.isoformat(" "),
        },
    ]
    with engine.begin() as connection:
        connection.execute(ADDING, rows)
    upgrade(engine)
    with engine.begin() as connection:
        old, revoked = (shown_by_hash(connection, str(row["hash"])) for row in rows)
        assert old is not None and revoked is not None
        assert (old.client.key, old.client.name, old.token.name) == ("leverantor-x-3", "Larm", "Larm")
        assert old.scopes == ("tickets:read", "tickets:act")
        assert old.token.lives(START) and not revoked.token.lives(START)
        # The next client is numbered on from there.
        team = Team("x", "leverantor-x", Tier.SUPPLIER, "X", "always", Role.SUPPLIER_AGENT)
        supplier = Organisation("leverantor-x", OrganisationKind.SUPPLIER, "X")
        known = Installation(organisations={"leverantor-x": supplier}, teams={"x": team})
        add_client(connection, known, "leverantor-x", ClientGiven("Ny", ("tickets:read",)), actor=OPERATOR, now=START)
        assert [client.key for client in all_clients(connection)][-1] == "leverantor-x-8"
    engine.dispose()
