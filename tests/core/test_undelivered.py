"""Why a message did not arrive is kept as a cause with its data, and read again as it was."""

import pytest

from servicedesk.core.undelivered import LONGEST, Cause, Failure, failure_from


@pytest.mark.parametrize("cause", Cause)
@pytest.mark.parametrize("detail", ["", "503", "CERTIFICATE_VERIFY_FAILED: it has expired"])
def test_what_is_written_is_read_again(cause: Cause, detail: str) -> None:
    assert failure_from(Failure(cause, detail).written) == Failure(cause, detail)


def test_what_was_written_before_there_were_causes_is_told_as_it_stands() -> None:
    told = failure_from("It answered 401.")
    assert told is not None and "It answered 401." in told.sentence
    assert failure_from("") is None


def test_it_is_never_longer_than_there_is_room_for() -> None:
    assert len(Failure(Cause.TLS, "x" * 1_000).written) == LONGEST
