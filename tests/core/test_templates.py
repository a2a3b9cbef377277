"""Templates: variables of a closed list, filled in once, and only with what their readers may know."""

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from servicedesk.core.facts import Actor, Installation, Seat, Template
from servicedesk.core.templates import NAMES, SAID_TO, Variable, fill, templates_for, unfilled, unknown
from servicedesk.core.vocabulary import Audience, Language, Role, Tier

VALUES = {variable: f"<{variable}>" for variable in Variable}


@pytest.mark.parametrize(("variable", "language", "audience"), list(product(Variable, Language, Audience)))
def test_each_variable_is_said_to_its_readers_and_to_no_others(
    variable: Variable, language: Language, audience: Audience
) -> None:
    name = NAMES[variable][language]
    filled = fill(f"a {{{name}}} b {{ {name.upper()} }}", VALUES, audience)
    if variable in SAID_TO[audience]:
        assert filled.text == f"a <{variable}> b <{variable}>"
        assert filled.missing == ()
    else:
        assert f"<{variable}>" not in filled.text
        assert filled.missing == (name,)


def test_no_supplier_and_no_joint_reader_is_told_who_asks() -> None:
    assert {audience for audience in Audience if Variable.REQUESTER in SAID_TO[audience]} == {
        Audience.REQUESTER,
        Audience.MUNICIPALITY,
    }


def test_what_the_ticket_does_not_have_is_named_for_whoever_writes() -> None:
    filled = fill("Senast {senast}, {e-tjänst}.", {Variable.DUE: "  i dag\n14.00 "}, Audience.REQUESTER)
    assert (filled.text, filled.missing) == ("Senast i dag 14.00, [e-tjänst].", ("e-tjänst",))


def test_what_is_filled_in_is_no_variable_itself() -> None:
    values = {Variable.REQUESTER: "{ärendenummer}", Variable.NUMBER: "2026-00001"}
    assert fill("{anmälare}", values, Audience.REQUESTER).text == "{ärendenummer}"


def test_a_name_that_stands_alone_is_seen_and_other_brackets_are_not() -> None:
    text = "Hej [anmälare]! Senast [ SENAST ]. Kl. [14] [senast](https://a.example) {kommun} [x] [senast]"
    assert unfilled(text) == ["anmälare", "senast", "kommun"]


@given(st.text())
def test_any_text_is_filled_without_a_stumble_and_the_unknown_stays_as_it_is(text: str) -> None:
    filled = fill(text, {}, Audience.REQUESTER)
    assert all(f"{{{name}}}" in filled.text for name in unknown(text))


TEMPLATES = {
    each.key: each
    for each in (
        Template("a", "lulea", "Ö", "x"),
        Template("b", "lulea", "A", "x", team="first"),
        Template("c", "lulea", "B", "x", team="second"),
        Template("d", "pitea", "C", "x"),
        Template("e", "lulea", "D", "x", withdrawn=True),
    )
}


def test_one_is_offered_ones_organisations_and_ones_teams_by_title() -> None:
    viewer = Actor("person", "anna", "Anna", (Seat(Role.FIRST_LINE_STAFF, "first", Tier.FIRST_LINE, "lulea"),))
    offered = templates_for(viewer, Installation(templates=TEMPLATES))
    assert [template.key for template in offered] == ["b", "a"]
