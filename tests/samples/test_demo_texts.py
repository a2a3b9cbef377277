"""What sample tickets are about: known to the sample installation, varied, with words for all that a life can need."""

import pytest

from servicedesk.actions.demo.beside import DEEDS
from servicedesk.actions.demo.life import WEIGHT
from servicedesk.actions.demo.matters import Matter, read_matters, read_phrases
from servicedesk.core.facts import Installation
from servicedesk.core.inputs import LONGEST_LINE
from servicedesk.core.installations.file import read_installation
from servicedesk.core.vocabulary import Fault, Need, Tier, Verb
from servicedesk.core.workflows.definition import Definition
from servicedesk.core.workflows.file import parse_workflow
from servicedesk.paths import samples, workflows

MATTERS = read_matters()
SAID = ("subject", "description", "tried", "question", "answer", "solution")


@pytest.fixture(scope="module")
def norrbotten() -> Installation:
    return read_installation(samples() / "norrbotten")


@pytest.fixture(scope="module")
def definitions() -> list[Definition]:
    return [parse_workflow(file.read_text(encoding="utf-8"), file.name) for file in sorted(workflows().glob("*.toml"))]


def test_there_are_many_and_no_two_are_called_the_same() -> None:
    subjects = [matter.subject for matter in MATTERS]
    assert len(subjects) >= 60
    assert len(set(subjects)) == len(subjects)


@pytest.mark.parametrize("matter", MATTERS, ids=lambda matter: matter.subject)
def test_a_matter_is_told_in_full_and_can_arise_somewhere(
    matter: Matter, norrbotten: Installation, definitions: list[Definition]
) -> None:
    assert all(getattr(matter, name).strip() for name in SAID)
    assert len(matter.subject) <= min(LONGEST_LINE, 70)
    assert matter.workflow in [definition.key for definition in definitions]
    assert matter.service in norrbotten.services
    kinds = [(e.key.removeprefix(f"{e.municipality}-"), e.service) for e in norrbotten.e_services.values()]
    assert not matter.e_service or (matter.e_service, matter.service) in kinds


@pytest.mark.parametrize("matter", MATTERS, ids=lambda matter: matter.subject)
def test_a_matter_goes_as_far_as_its_fault_is_somebodys(matter: Matter) -> None:
    """The municipality's own e-service goes to nobody else, and a supplier gets a description of its own."""
    assert bool(matter.supplier) == (matter.reach is Tier.SUPPLIER)
    assert matter.fault is not Fault.E_SERVICE or matter.reach.level <= Tier.SECOND_LINE.level
    assert not matter.supplier or matter.supplier != matter.description


def test_every_service_and_every_tier_has_its_matters(norrbotten: Installation) -> None:
    assert {matter.service for matter in MATTERS} == norrbotten.services.keys()
    assert {matter.reach for matter in MATTERS} == set(Tier)


def test_there_are_words_for_every_reason_that_a_workflow_asks_for(definitions: list[Definition]) -> None:
    asked = {
        str(step.verb)
        for definition in definitions
        for step in definition.transitions.values()
        if Need.REASON in step.needs and step.verb is not Verb.HAND_OVER
    }
    ways = {"hand_over_up", "hand_over_down", "hand_over_aside", "verified"}
    assert asked | ways <= read_phrases().keys()
    assert all(lines and len(set(lines)) == len(lines) for lines in read_phrases().values())


def test_no_verb_and_no_deed_is_left_out(definitions: list[Definition]) -> None:
    verbs = {step.verb for definition in definitions for step in definition.transitions.values()}
    assert verbs <= WEIGHT.keys()
    assert all(0 < chance < 1 for _, chance, _ in DEEDS)
