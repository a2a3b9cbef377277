"""@Name in a text: who is meant, and what only looks like it."""

from hypothesis import given
from hypothesis import strategies as st

from servicedesk.core.facts import Membership, Person, Team
from servicedesk.core.mentions import handles, mentioned, shared_mentions, unknown_mentions
from servicedesk.core.vocabulary import Role, Tier

PEOPLE = [
    Person(key, name, f"{key}@a.example", ())
    for key, name in (("a", "Bo Ek"), ("b", "Bo Ekman"), ("c", "Åsa Ö"), ("d", "Bo Ek"))
]


def keys(text: str) -> list[str]:
    return [person.key for person in mentioned(text, PEOPLE, {})]


def test_a_name_after_an_at_is_a_mention_and_the_longest_name_counts() -> None:
    assert keys("Hej @Bo Ek, kan du?") == ["a", "d"]
    assert keys("@bo ekman och (@ÅSA Ö)") == ["b", "c"]
    assert keys("Bo Ek, bo@bo ek, @Bo, x@Bo Ek, @@Bo Ek, @Bo Eker, @ Bo Ek") == []


def test_what_reads_like_a_mention_of_somebody_else_is_named() -> None:
    text = "@Bo Ek @Eva Berg kan, @Eva Berg. @Åke! a@Exempel.se @dekoratör @Bo Ekman @Bo"
    assert unknown_mentions(text, PEOPLE) == ["Eva Berg", "Åke", "Bo"]


def test_one_of_several_of_the_same_name_is_meant_by_what_only_they_have() -> None:
    teams = {
        key: Team(key, "a", Tier.FIRST_LINE, name, "office", Role.FIRST_LINE_STAFF)
        for key, name in (("desk", "Kundcenter"), ("it", "Lokal IT"))
    }
    of = {"a": ("desk",), "b": ("desk", "it"), "c": ("desk",), "d": ()}
    people = [
        Person(key, "Bo Ek", f"{key}@a.example", tuple(Membership(team, Role.FIRST_LINE_STAFF) for team in of[key]))
        for key in of
    ]
    assert list(handles(people, teams).values()) == ["Bo Ek (a)", "Bo Ek (Lokal IT)", "Bo Ek (c)", "Bo Ek (d)"]
    assert handles(PEOPLE[1:3], teams) == {"b": "Bo Ekman", "c": "Åsa Ö"}
    for key, handle in handles(people, teams).items():
        assert [person.key for person in mentioned(f"Ser du, @{handle}?", people, teams)] == [key]
        assert shared_mentions(f"@{handle}", people, teams) == {}
    assert len(mentioned("@bo ek (som vanligt)", people, teams)) == 4
    assert shared_mentions("@bo ek", people, teams) == {"Bo Ek": list(handles(people, teams).values())}


@given(st.text())
def test_any_text_is_read_without_a_stumble(text: str) -> None:
    assert mentioned(f"{text}@", PEOPLE, {}) is not None
    assert unknown_mentions(text, PEOPLE) is not None
