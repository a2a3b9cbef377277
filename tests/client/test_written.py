"""The client says what the document says: no operation is missing, none is other than it is told."""

from tests.support.client_writing import FOLDER, document, written


def test_the_client_is_the_one_that_the_document_gives() -> None:
    for name, code in written(document()).items():
        kept = (FOLDER / name).read_text(encoding="utf-8")
        assert kept == code, "run python -m tests.support.client_writing"
