"""What pages have changed is put back over what files say: the smallest values, and no others."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from servicedesk.core.installations.kept import FILES, PAGES, Said, marks, with_kept


def said(source: str, fields: dict[str, tuple[Any, Any]], kind: str = "person") -> Said:
    return Said(kind, "anna", source, "person:bo", "2026-03-02 08:00 UTC", fields)


def kept(journal: list[Said], stored: dict[str, Any], filed: dict[str, Any]) -> dict[str, Any]:
    found = marks(journal).get((journal[0].kind, "anna"), {})
    return with_kept(stored, filed, found)[0]


def test_only_the_value_that_a_page_changed_stays() -> None:
    journal = [said(PAGES, {"phone": ("1", "2")})]
    result = kept(journal, {"name": "A", "phone": "2"}, {"name": "B", "phone": "1"})
    assert result == {"name": "B", "phone": "2"}


def test_what_a_file_has_overwritten_is_the_files_again() -> None:
    journal = [said(PAGES, {"phone": ("1", "2")}), said(FILES, {"phone": ("2", "3")})]
    assert marks(journal) == {}


def test_a_page_after_that_counts_anew() -> None:
    journal = [
        said(PAGES, {"phone": ("1", "2")}),
        said(FILES, {"phone": ("2", "3")}),
        said(PAGES, {"phone": ("3", "4")}),
    ]
    assert kept(journal, {"phone": "4"}, {"phone": "3"}) == {"phone": "4"}


def calendar(*versions: dict[str, Any]) -> dict[str, Any]:
    return {"key": "anna", "versions": list(versions)}


def test_a_day_that_was_closed_in_a_page_stays_closed_beside_the_files_new_days() -> None:
    before, now = calendar({"exceptions": {}}), calendar({"exceptions": {"2026-12-23": []}})
    journal = [said(PAGES, {"versions": (before["versions"], now["versions"])}, "calendar")]
    filed = calendar({"exceptions": {"2027-01-05": []}})
    assert kept(journal, now, filed) == calendar({"exceptions": {"2026-12-23": [], "2027-01-05": []}})


def test_a_day_that_a_page_opened_again_is_not_closed_by_the_file() -> None:
    before, now = calendar({"exceptions": {"2026-12-23": []}}), calendar({"exceptions": {}})
    journal = [said(PAGES, {"versions": (before["versions"], now["versions"])}, "calendar")]
    assert kept(journal, now, before) == now


def test_hours_that_a_page_added_from_a_day_on_are_kept_whole() -> None:
    before, now = calendar({"week": 1}), calendar({"week": 1}, {"week": 2})
    journal = [said(PAGES, {"versions": (before["versions"], now["versions"])}, "calendar")]
    assert kept(journal, now, before) == now


def test_each_of_several_is_named_also_where_the_number_of_versions_has_changed() -> None:
    first = calendar({"exceptions": {}})
    then = calendar({"exceptions": {"2026-12-23": [], "2026-12-24": []}})
    last = calendar(*then["versions"], {"exceptions": {}})
    steps = [(first, then), (then, last)]
    journal = [said(PAGES, {"versions": (was["versions"], now["versions"])}, "calendar") for was, now in steps]
    result, differing = with_kept(last, first, marks(journal)["calendar", "anna"])
    assert result == last
    assert [path[-1] for path in differing] == ["2026-12-23", "2026-12-24", "versions"]


VALUES = st.dictionaries(st.sampled_from("abcd"), st.integers(0, 3), min_size=4)


@given(st.lists(st.tuples(st.sampled_from([PAGES, FILES]), VALUES), min_size=1, max_size=6), VALUES)
def test_each_value_is_the_last_ones_that_changed_it_and_the_files_where_no_page_did(
    changes: list[tuple[str, dict[str, int]]], filed: dict[str, int]
) -> None:
    stored: dict[str, int] = dict.fromkeys("abcd", 0)
    by: dict[str, str] = {}
    journal = []
    for source, values in changes:
        fields = {name: (stored[name], value) for name, value in values.items() if stored[name] != value}
        by |= dict.fromkeys(fields, source)
        stored |= values
        journal.append(said(source, fields))
    result = kept(journal, stored, filed)
    assert result == {name: stored[name] if by.get(name) == PAGES else filed[name] for name in "abcd"}
