"""what has come of a request, so that none is carried out twice"""

import sqlalchemy as sa
from alembic import op

revision = "2026_11_21_done_requests"
down_revision = "2026_11_21_sign_in_attempts"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "done_request",
        sa.Column("sender", sa.String(length=100), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("result", sa.Text(), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("sender", "key", name=op.f("pk_done_request")),
    )
    with op.batch_alter_table("done_request", schema=None) as batch_op:
        batch_op.create_index("ix_done_request_old", ["done_at"], unique=False)
