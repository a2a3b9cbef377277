"""links for requesters to their own tickets, and what they say of how it went"""

import sqlalchemy as sa
from alembic import op

revision = "2026_11_21_requesters"
down_revision = "2026_11_21_administration"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "requester_link",
        sa.Column("ticket_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("salt", sa.String(64), nullable=False),
        sa.Column("token_hash", sa.String(64), nullable=False),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("language", sa.String(5), nullable=False, server_default=sa.text("''")),
        sa.ForeignKeyConstraint(["ticket_id"], ["ticket.id"], name="fk_requester_link_ticket_id_ticket"),
        sa.PrimaryKeyConstraint("ticket_id", name="pk_requester_link"),
        sa.UniqueConstraint("token_hash", name="uq_requester_link_token_hash"),
    )
    op.add_column("ticket", sa.Column("rating", sa.String(10), nullable=False, server_default=sa.text("''")))
