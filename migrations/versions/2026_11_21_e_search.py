"""the documents that tickets are found by, and each database's own index over them

The index is filled by the program: it alone knows who may find a ticket by which word. A later migration that changes
how words are read deletes the documents, and they are made anew; one that rebuilds the table on SQLite makes the
triggers again.
"""

import sqlalchemy as sa
from alembic import op

revision = "2026_11_21_search"
down_revision = "2026_11_21_done_requests"
branch_labels = None
depends_on = None

# `id` names a document in the index. The words stand once in the table; the index keeps only where they occur. Words
# come ready-made, divided by spaces: no sign that occurs in an address may part them.
SQLITE = (
    """CREATE VIRTUAL TABLE search_index USING fts5(
    words, content='search_document', content_rowid='id', detail='none', columnsize=0,
    tokenize="ascii tokenchars '@.+-_:'"
)""",
    # What stands in the index, word for word: to prove it by.
    "CREATE VIRTUAL TABLE search_words USING fts5vocab(search_index, instance)",
    """CREATE TRIGGER search_document_added AFTER INSERT ON search_document BEGIN
    INSERT INTO search_index (rowid, words) VALUES (new.id, new.words);
END""",
    """CREATE TRIGGER search_document_removed AFTER DELETE ON search_document BEGIN
    INSERT INTO search_index (search_index, rowid, words) VALUES ('delete', old.id, old.words);
END""",
    """CREATE TRIGGER search_document_changed AFTER UPDATE ON search_document BEGIN
    INSERT INTO search_index (search_index, rowid, words) VALUES ('delete', old.id, old.words);
    INSERT INTO search_index (rowid, words) VALUES (new.id, new.words);
END""",
)


def upgrade() -> None:
    op.create_table(
        "search_document",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("ticket_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("organisation", sa.String(length=80), nullable=False),
        sa.Column("texts", sa.Text(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["ticket_id"], ["ticket.id"], name=op.f("fk_search_document_ticket_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_search_document")),
        sa.UniqueConstraint("ticket_id", "organisation", name=op.f("uq_search_document_ticket_id_organisation")),
    )
    if op.get_bind().dialect.name == "postgresql":
        op.create_index(
            "ix_search_document_words",
            "search_document",
            [sa.text("array_to_tsvector(string_to_array(words, ' '))")],
            postgresql_using="gin",
        )
    else:
        for statement in SQLITE:
            op.execute(statement)
