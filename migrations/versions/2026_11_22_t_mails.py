"""mail to those who asked, and when they last opened their page"""

import sqlalchemy as sa
from alembic import op

revision = "2026_11_22_mails"
down_revision = "2026_11_22_turns_filled"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
IS_WAITING = sa.text("state = 'waiting'")


def upgrade() -> None:
    op.create_table(
        "mail",
        sa.Column("id", ID, nullable=False),
        sa.Column("ticket_id", ID, nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("occasion", sa.String(20), nullable=False),
        sa.Column("message_id", sa.String(40), nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("leased_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("response", sa.Integer(), nullable=True),
        sa.Column("failure", sa.String(200), nullable=False),
        sa.Column("tried_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("over_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["ticket_id"], ["ticket.id"], name="fk_mail_ticket_id_ticket"),
        sa.PrimaryKeyConstraint("id", name="pk_mail"),
        sa.UniqueConstraint("ticket_id", "seq", name="uq_mail_ticket_id_seq"),
        sa.UniqueConstraint("message_id", name="uq_mail_message_id"),
    )
    waiting = {"sqlite_where": IS_WAITING, "postgresql_where": IS_WAITING}
    op.create_index("ix_mail_due", "mail", ["next_at", "id"], **waiting)
    op.create_index("ix_mail_before", "mail", ["ticket_id", "id"], **waiting)
    op.add_column("requester_link", sa.Column("opened_at", sa.DateTime(timezone=True), nullable=True))
