"""failed sign-ins counted by address and by origin, apart from the accounts"""

import sqlalchemy as sa
from alembic import op

revision = "2026_11_21_sign_in_attempts"
down_revision = "2026_11_21_first"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "sign_in_attempt",
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("mark", sa.String(length=16), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("kind", "mark", name=op.f("pk_sign_in_attempt")),
    )
    with op.batch_alter_table("sign_in_attempt", schema=None) as batch_op:
        batch_op.create_index("ix_sign_in_attempt_expired", ["expires_at"], unique=False)

    # Who is counted is no longer told by whether there is an account.
    with op.batch_alter_table("credential", schema=None) as batch_op:
        batch_op.drop_column("locked_until")
        batch_op.drop_column("failures")
