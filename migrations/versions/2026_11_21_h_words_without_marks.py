"""words written without the marks over their letters are told apart from those that were written so

The documents hold the old words: they are made anew by the program.
"""

from alembic import op

revision = "2026_11_21_words_without_marks"
down_revision = "2026_11_21_follow_up"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("DELETE FROM search_document")
