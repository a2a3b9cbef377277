"""each part of the installation with the hash of what was loaded, and one hash of them all"""

from hashlib import sha256

import sqlalchemy as sa
from alembic import op

revision = "2026_11_21_parts_hashed"
down_revision = "2026_11_21_search"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("part", schema=None) as batch_op:
        batch_op.add_column(sa.Column("hash", sa.String(length=64), nullable=True))
    with op.batch_alter_table("revision", schema=None) as batch_op:
        batch_op.add_column(sa.Column("parts", sa.String(length=64), nullable=True))
    fill()
    with op.batch_alter_table("part", schema=None) as batch_op:
        batch_op.alter_column("hash", existing_type=sa.String(length=64), nullable=False)
    with op.batch_alter_table("revision", schema=None) as batch_op:
        batch_op.alter_column("parts", existing_type=sa.String(length=64), nullable=False)


def fill() -> None:
    """What stands there now is taken to be what was loaded: nothing older tells."""
    connection = op.get_bind()
    rows = connection.execute(sa.text("SELECT kind, key, content FROM part")).all()
    hashes = {(kind, key): digest(f"{kind}\n{key}\n{content}") for kind, key, content in rows}
    for (kind, key), value in hashes.items():
        update = sa.text("UPDATE part SET hash = :hash WHERE kind = :kind AND key = :key")
        connection.execute(update, {"hash": value, "kind": kind, "key": key})
    lines = [f"{kind}\n{key}\n{hashes[kind, key]}" for kind, key in sorted(hashes)]
    whole = digest("\n".join(lines)) if lines else ""
    connection.execute(sa.text("UPDATE revision SET parts = :parts"), {"parts": whole})


def digest(text: str) -> str:
    return sha256(text.encode()).hexdigest()
