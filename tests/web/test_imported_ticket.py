from servicedesk.actions.desk import Desk
from tests.import_.logs import bring, log, row
from tests.web.conftest import People


def test_what_was_done_in_another_system_was_done_by_somebody_and_not_by_the_system(
    person_at: People, desk: Desk
) -> None:
    """The log tells what was done and when, not to us by whom."""
    steps = [row(), row("Active", 1, "09:30"), row("Resolved", 2, "10:00", resolved_at="01-03-2016 10:00")]
    bring(desk, log(steps))
    page = person_at("second_line_lulea").get("/tickets/INC1?show=all")
    assert page.status == 200
    assert "Någon (importerat)" in page.text
    assert "Systemet" not in page.text
