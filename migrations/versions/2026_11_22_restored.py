"""from when on the positions of the change feed are new ones: a backup that is restored has forgotten some"""

import sqlalchemy as sa
from alembic import op

revision = "2026_11_22_restored"
down_revision = "2026_11_22_disruptions"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.add_column("sequencer", sa.Column("epoch", ID, nullable=False, server_default=sa.text("0")))
    op.add_column("sequencer", sa.Column("restored_at", sa.DateTime(timezone=True), nullable=True))
