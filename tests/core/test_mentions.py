"""@Name in a text: who is meant, and what only looks like it."""

from hypothesis import given
from hypothesis import strategies as st

from servicedesk.core.facts import Person
from servicedesk.core.mentions import mentioned, unknown_mentions

PEOPLE = [
    Person(key, name, f"{key}@a.example", ())
    for key, name in (("a", "Bo Ek"), ("b", "Bo Ekman"), ("c", "Åsa Ö"), ("d", "Bo Ek"))
]


def keys(text: str) -> list[str]:
    return [person.key for person in mentioned(text, PEOPLE)]


def test_a_name_after_an_at_is_a_mention_and_the_longest_name_counts() -> None:
    assert keys("Hej @Bo Ek, kan du?") == ["a", "d"]
    assert keys("@bo ekman och (@ÅSA Ö)") == ["b", "c"]
    assert keys("Bo Ek, bo@bo ek, @Bo, x@Bo Ek, @@Bo Ek, @Bo Eker, @ Bo Ek") == []


def test_what_reads_like_a_mention_of_somebody_else_is_named() -> None:
    text = "@Bo Ek @Eva Berg kan, @Eva Berg. @Åke! a@Exempel.se @dekoratör @Bo Ekman @Bo"
    assert unknown_mentions(text, PEOPLE) == ["Eva Berg", "Åke", "Bo"]


@given(st.text())
def test_any_text_is_read_without_a_stumble(text: str) -> None:
    assert mentioned(f"{text}@", PEOPLE) is not None
    assert unknown_mentions(text, PEOPLE) is not None
