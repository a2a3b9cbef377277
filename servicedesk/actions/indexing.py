"""What a ticket is found by, written in the same transaction as what it is made of."""

from collections.abc import Mapping

from sqlalchemy import Connection, bindparam, delete, select, update

from servicedesk.store.search.document import Document, SearchDocument
from servicedesk.store.upsert import add_rows

_STORED = select(SearchDocument.__table__).where(SearchDocument.ticket_id == bindparam("ticket"))
_CHANGE = (
    update(SearchDocument)
    .where(SearchDocument.id == bindparam("key"))
    .values(texts=bindparam("texts"), words=bindparam("words"))
)
_REMOVE = delete(SearchDocument).where(SearchDocument.id == bindparam("key"))


def put_documents(connection: Connection, ticket_id: int, now: Mapping[str, Document], *, is_new: bool = False) -> None:
    """Organisation -> document as it is to stand; what stands already is left."""
    stored = [] if is_new else connection.execute(_STORED, {"ticket": ticket_id}).mappings().all()
    before = {row["organisation"]: row for row in stored}
    gone = [{"key": row["id"]} for organisation, row in before.items() if organisation not in now]
    added = [document for organisation, document in now.items() if organisation not in before]
    changed = [
        {"key": before[organisation]["id"], "texts": document["texts"], "words": document["words"]}
        for organisation, document in now.items()
        if organisation in before and document.items() - before[organisation].items()
    ]
    add_rows(connection, SearchDocument, added)
    for statement, rows in ((_REMOVE, gone), (_CHANGE, changed)):
        if rows:
            connection.execute(statement, rows)
