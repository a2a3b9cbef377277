"""The difference that loading would make, as a person reads it."""

from servicedesk.core.facts import Installation
from servicedesk.core.installations.diff import Change, difference
from servicedesk.core.installations.file import parse_installation
from tests.core.installation_small import SMALL, small_installation


def lines(old: Installation, new: Installation) -> list[str]:
    return [line for change in difference(old, new) for line in change.lines()]


def test_loading_the_same_twice_changes_nothing() -> None:
    assert difference(small_installation(), small_installation()) == []


def test_the_order_of_files_and_tables_is_no_difference() -> None:
    backwards = parse_installation(dict(reversed(list(SMALL.items()))))
    assert difference(small_installation(), backwards) == []


def test_a_changed_field_is_told_with_its_value_before_and_after() -> None:
    new = small_installation(organisations=("population = 28060", "population = 28123"))
    assert difference(small_installation(), new) == [
        Change("organisation", "boden", "changed", {"population": (28060, 28123)})
    ]
    assert lines(small_installation(), new) == ["~ changed organisation.boden", "    population: 28060 -> 28123"]


def test_a_field_back_at_its_default_is_a_change_too() -> None:
    old = small_installation(teams=('name = "Desk"', 'name = "Desk"\nsample = true'))
    assert lines(old, small_installation()) == ["~ changed team.boden-desk", "    sample: true -> false"]


def test_into_an_empty_store_everything_is_added() -> None:
    told = lines(Installation(), small_installation())
    assert "+ added organisation.boden: Bodens kommun" in told
    assert "+ added routing.joint" in told
    assert "    high.low: (none) -> 3" in told


def test_what_is_no_longer_in_the_files_is_left_and_said_so() -> None:
    old = small_installation()
    new = small_installation(people=("[person.manager]", "[person.chief]"))
    assert [(c.kind, c.key, c.what) for c in difference(old, new)] == [
        ("person", "chief", "added"),
        ("person", "manager", "left"),
    ]
    assert "= left person.manager (no longer in the files; loading deletes nothing)" in lines(old, new)


def test_the_ladder_changes_whole() -> None:
    new = small_installation(priorities=("share = 50", "share = 75"))
    assert lines(small_installation(), new) == [
        "~ changed ladder",
        '    75: (none) -> ["holder"]',
        '    50: ["holder"] -> (none)',
    ]


def test_a_changed_calendar_shows_its_versions() -> None:
    new = small_installation(calendars=('"08:00-15:00"', '"08:00-14:00"'))
    (change,) = difference(small_installation(), new)
    assert (change.kind, change.key, list(change.fields)) == ("calendar", "office", ["versions"])
    assert all(len(line) < 260 for line in change.lines())


def test_a_change_deep_inside_is_shown_by_itself() -> None:
    before = [{"week": [["07:30"], ["07:30"]], "zone": "Europe/Stockholm", "exceptions": {"2026-12-23": []}}]
    after = [{"week": [["07:30"], ["08:00"]], "zone": "Europe/Stockholm", "exceptions": {}}]
    change = Change("calendar", "boden", "changed", {"versions": (before, after)})
    assert change.lines()[1:] == [
        "    versions[1].exceptions.2026-12-23: (empty) -> (none)",
        "    versions[1].week[2][1]: 07:30 -> 08:00",
    ]
