"""clients of the API, each with several tokens; every token that there was becomes that of a client of its own"""

import sqlalchemy as sa
from alembic import op

revision = "2026_11_21_clients"
down_revision = "2026_11_21_changes"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

# The journals' name of a client was made of its token's organisation and number: it stays.
ONE_OF_EACH = """
INSERT INTO api_client (id, key, name, organisation, scopes, addresses, contact, created_at, created_by)
SELECT id, organisation || '-' || id, name, organisation, scopes, '', '', created_at, 'operator:operator' FROM api_token
"""
# Ids that were given are not counted by PostgreSQL.
COUNT_ON = "SELECT setval(pg_get_serial_sequence('api_client', 'id'), (SELECT max(id) FROM api_client))"


def upgrade() -> None:
    op.create_table(
        "api_client",
        sa.Column("id", ID, nullable=False),
        sa.Column("key", sa.String(length=120), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("organisation", sa.String(length=80), nullable=False),
        sa.Column("scopes", sa.String(length=200), nullable=False),
        sa.Column("addresses", sa.Text(), nullable=False),
        sa.Column("contact", sa.String(length=200), nullable=False),
        sa.Column("rate", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.String(length=100), nullable=False),
        sa.Column("suspended_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_api_client")),
        sa.UniqueConstraint("key", name=op.f("uq_api_client_key")),
    )
    op.execute(ONE_OF_EACH)
    if op.get_bind().dialect.name == "postgresql":
        op.execute(COUNT_ON)
    with op.batch_alter_table("api_token", schema=None) as batch_op:
        batch_op.add_column(sa.Column("client_id", ID, nullable=True))
        batch_op.add_column(sa.Column("kind", sa.String(length=10), nullable=False, server_default="token"))
        batch_op.add_column(sa.Column("secret_id", ID, nullable=True))
        batch_op.add_column(
            sa.Column("created_by", sa.String(length=100), nullable=False, server_default="operator:operator")
        )
    op.execute("UPDATE api_token SET client_id = id, scopes = ''")
    with op.batch_alter_table("api_token", schema=None) as batch_op:
        batch_op.alter_column("client_id", existing_type=ID, nullable=False)
        batch_op.alter_column("kind", existing_type=sa.String(length=10), server_default=None)
        batch_op.alter_column("created_by", existing_type=sa.String(length=100), server_default=None)
        batch_op.drop_index("ix_api_token_organisation")
        batch_op.drop_column("organisation")
        batch_op.create_foreign_key(op.f("fk_api_token_client_id"), "api_client", ["client_id"], ["id"])
        batch_op.create_foreign_key(op.f("fk_api_token_secret_id"), "api_token", ["secret_id"], ["id"])
        batch_op.create_index("ix_api_token_of_client", ["client_id"], unique=False)
        batch_op.create_index("ix_api_token_got_with", ["secret_id"], unique=False)
    op.create_table(
        "client_event",
        sa.Column("id", ID, nullable=False),
        sa.Column("client_id", ID, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.String(length=100), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("details", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["client_id"], ["api_client.id"], name=op.f("fk_client_event_client_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_client_event")),
    )
    with op.batch_alter_table("client_event", schema=None) as batch_op:
        batch_op.create_index("ix_client_event_of_client", ["client_id", "id"], unique=False)
    op.create_table(
        "api_allowance",
        sa.Column("what", sa.String(length=40), nullable=False),
        sa.Column("minute", sa.Integer(), nullable=False),
        sa.Column("used", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("what", name=op.f("pk_api_allowance")),
    )
