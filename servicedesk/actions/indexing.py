"""What a ticket is found by, written in the same transaction as what it is made of."""

from collections.abc import Mapping

from sqlalchemy import bindparam, select

from servicedesk.store.search.document import Document, SearchDocument
from servicedesk.store.upsert import Journey

_STORED = select(SearchDocument.__table__).where(SearchDocument.ticket_id == bindparam("ticket"))


def put_documents(journey: Journey, ticket_id: int, now: Mapping[str, Document], *, is_new: bool = False) -> None:
    """Organisation -> document as it is to stand; what stands already is left."""
    stored = [] if is_new else journey.connection.execute(_STORED, {"ticket": ticket_id}).mappings().all()
    before = {row["organisation"]: row for row in stored}
    gone = [{"id": row["id"]} for organisation, row in before.items() if organisation not in now]
    added = [document for organisation, document in now.items() if organisation not in before]
    changed = [
        {"id": before[organisation]["id"], "texts": document["texts"], "words": document["words"]}
        for organisation, document in now.items()
        if organisation in before and document.items() - before[organisation].items()
    ]
    journey.remove(SearchDocument, gone)
    journey.change(SearchDocument, changed)
    journey.add(SearchDocument, added)
