"""A picture of a workflow holds all of it, whatever the workflow, and nothing in it covers anything else."""

import json
from itertools import combinations, pairwise
from xml.etree import ElementTree

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from servicedesk.core.vocabulary import Category, Language, Tier
from servicedesk.core.workflows.definition import Definition
from servicedesk.core.workflows.diagram.drawing import Drawing, Rect, Sign
from servicedesk.core.workflows.diagram.layout import draw
from servicedesk.core.workflows.diagram.mermaid import mermaid
from servicedesk.core.workflows.diagram.svg import Mark, svg
from servicedesk.core.workflows.diagram.words import PictureWords
from servicedesk.core.workflows.file import definition_from_json, definition_to_json, parse_workflow
from tests.workflows.cast import FOLDER, SHIPPED, shipped

NAMESPACE = "{http://www.w3.org/2000/svg}"
WORDS = PictureWords(
    language=Language.SWEDISH,
    tiers={tier: f"Tier {tier}" for tier in Tier},
    ended="Resolved or closed",
    categories={category: f"is {category}" for category in Category},
    received="to be accepted",
    from_row="from every state here",
    when=lambda timed: "then" if timed.until else f"after {timed.seconds} s",
    signs={sign: f"means {sign}" for sign in Sign},
)
EVERY_SHIPPED = pytest.mark.parametrize("key", SHIPPED)
LABELS = st.text(st.characters(categories=["L", "N", "P", "S"]), min_size=1, max_size=60)
MANY = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def check_holds_everything(definition: Definition, drawing: Drawing) -> None:
    assert {box.state for box in drawing.boxes} == set(definition.states)
    drawn = {(step.step, source, a.target) for a in drawing.arrows for step in a.steps for source in a.sources}
    drawn |= {(step.step, box.state, box.state) for box in drawing.boxes for step in box.staying}
    declared = {(step.step, source, step.target(source)) for step in definition.steps() for source in step.from_states}
    assert drawn == declared


def check_is_clear(drawing: Drawing) -> None:
    """Boxes, rows and labels lie within the picture; no box covers another, and none a label."""
    page = Rect(0, 0, drawing.width, drawing.height)
    boxes = [box.rect for box in drawing.boxes]
    for rect in (*boxes, *(row.rect for row in drawing.rows)):
        assert page.x <= rect.x and rect.right <= page.right and page.y <= rect.y and rect.bottom <= page.bottom
    assert not [pair for pair in combinations(boxes, 2) if pair[0].overlaps(pair[1], 1)]
    for arrow in drawing.arrows:
        for x, y in arrow.points:
            assert 0 <= x <= drawing.width and 0 <= y <= drawing.height
        for (x1, y1), (x2, y2) in pairwise(arrow.points):
            assert x1 == x2 or y1 == y2, "a line runs aslant"


def check_arrows_meet_their_boxes(drawing: Drawing) -> None:
    boxes = {box.state: box.rect for box in drawing.boxes}
    for arrow in drawing.arrows:
        assert on_edge(boxes[arrow.target], *arrow.points[-1])
        if not arrow.from_row:
            assert on_edge(boxes[arrow.sources[0]], *arrow.points[0])
        else:
            assert any(on_edge(row.rect, *arrow.points[0]) for row in drawing.rows)


def on_edge(rect: Rect, x: float, y: float) -> bool:
    across = rect.x <= x <= rect.right and (abs(y - rect.y) < 0.01 or abs(y - rect.bottom) < 0.01)
    return across or (rect.y <= y <= rect.bottom and (abs(x - rect.x) < 0.01 or abs(x - rect.right) < 0.01))


def runs_through_a_box(drawing: Drawing) -> list[str]:
    found = []
    for arrow in drawing.arrows:
        for (x1, y1), (x2, y2) in pairwise(arrow.points):
            line = Rect(min(x1, x2), min(y1, y2), abs(x1 - x2), abs(y1 - y2))
            found += [
                f"{arrow.sources} -> {arrow.target}: {b.state}" for b in drawing.boxes if b.rect.overlaps(line, -1)
            ]
    return found


@EVERY_SHIPPED
def test_every_state_and_every_step_of_a_shipped_workflow_is_drawn(key: str) -> None:
    drawing = draw(shipped(key), WORDS)
    check_holds_everything(shipped(key), drawing)
    check_arrows_meet_their_boxes(drawing)


@EVERY_SHIPPED
def test_nothing_in_a_picture_of_a_shipped_workflow_covers_anything_else(key: str) -> None:
    drawing = draw(shipped(key), WORDS)
    check_is_clear(drawing)
    labels = [arrow.label.rect for arrow in drawing.arrows]
    assert not [pair for pair in combinations(labels, 2) if pair[0].overlaps(pair[1])]
    assert not [box.state for box in drawing.boxes for label in labels if box.rect.overlaps(label)]
    assert runs_through_a_box(drawing) == []


@EVERY_SHIPPED
def test_a_step_from_every_state_of_a_tier_is_drawn_once_from_its_frame(key: str) -> None:
    from_rows = [arrow for arrow in draw(shipped(key), WORDS).arrows if arrow.from_row]
    assert {step.verb for arrow in from_rows for step in arrow.steps} == {"cancel", "recall", "reopen"}
    assert all(WORDS.from_row in " ".join(arrow.label.lines) for arrow in from_rows)


@EVERY_SHIPPED
def test_what_time_does_is_drawn_apart_from_what_people_do(key: str) -> None:
    for arrow in draw(shipped(key), WORDS).arrows:
        assert {step.step.startswith("timed:") for step in arrow.steps} == {arrow.is_timed}


@EVERY_SHIPPED
def test_the_svg_is_well_formed_and_says_every_name_and_every_step(key: str) -> None:
    definition = shipped(key)
    root = ElementTree.fromstring(svg(draw(definition, WORDS), "What it shows."))
    assert root.tag == f"{NAMESPACE}svg"
    assert root.findtext(f"{NAMESPACE}title") == definition.labels[Language.SWEDISH]
    assert root.findtext(f"{NAMESPACE}desc") == "What it shows."
    said = " ".join("".join(text.itertext()) for text in root.iter(f"{NAMESPACE}text"))
    for named in (*definition.states.values(), *definition.steps()):
        assert named.labels[Language.SWEDISH] in said
    assert {WORDS.kind(state) for state in definition.states.values()} <= set(texts(root))


def texts(root: ElementTree.Element) -> list[str]:
    return ["".join(text.itertext()) for text in root.iter(f"{NAMESPACE}text")]


def test_the_svg_carries_no_style_of_its_own_unless_it_stands_alone() -> None:
    drawing = draw(shipped("citizen_incident"), WORDS)
    assert "style" not in svg(drawing, "-")
    assert "<style>text { fill: red }</style>" in svg(drawing, "-", style="text { fill: red }")


def test_a_mark_on_a_state_is_a_link_with_a_name_of_its_own() -> None:
    drawing = draw(shipped("citizen_incident"), WORDS)
    marks = {"first_new": Mark("3", "/queue?a=1&b=2", 'Three "new"'), "resolved": Mark("1")}
    root = ElementTree.fromstring(svg(drawing, "-", marks=marks))
    (link,) = root.iter(f"{NAMESPACE}a")
    assert link.attrib == {"href": "/queue?a=1&b=2", "aria-label": 'Three "new"'}
    assert texts(root).count("3") == texts(root).count("1") == 1


def test_what_is_written_in_a_definition_cannot_become_part_of_the_picture() -> None:
    tables = json.loads(definition_to_json(shipped("citizen_incident")))
    tables["state"]["first_new"]["sv"] = '<script>alert("1")</script> & co'
    tables["transition"]["take"]["sv"] = "]]></style><a>"
    definition = definition_from_json(json.dumps(tables))
    root = ElementTree.fromstring(svg(draw(definition, WORDS), "<b>", style="a > b {}"))
    assert not [element for element in root.iter() if element.tag in (f"{NAMESPACE}script", f"{NAMESPACE}a")]


@MANY
@given(st.data(), st.sampled_from(SHIPPED))
def test_any_workflow_that_can_be_read_can_be_drawn(data: st.DataObject, key: str) -> None:
    tables = json.loads(definition_to_json(shipped(key)))
    states, steps = list(tables["state"]), list(tables["transition"].values())
    open_kinds = ["new", "active", "waiting"]
    for _ in range(data.draw(st.integers(0, 8))):
        step, state = data.draw(st.sampled_from(steps)), tables["state"][data.draw(st.sampled_from(states))]
        step["to"] = data.draw(st.sampled_from(states))
        step["from"] = data.draw(st.lists(st.sampled_from(states), min_size=1, max_size=5, unique=True))
        step["sv"], state["sv"] = data.draw(LABELS), data.draw(LABELS)
        state["category"] = data.draw(st.sampled_from([*open_kinds, "resolved", "closed"]))
        if state["category"] in open_kinds or data.draw(st.booleans()):
            state["tier"] = data.draw(st.sampled_from(list(map(str, Tier))))
        else:
            state.pop("tier", None)
    definition = definition_from_json(json.dumps(tables))
    drawing = draw(definition, WORDS)
    check_holds_everything(definition, drawing)
    check_is_clear(drawing)
    check_arrows_meet_their_boxes(drawing)
    ElementTree.fromstring(svg(drawing, "-"))
    assert mermaid(definition, WORDS).startswith("stateDiagram-v2")


def test_the_smallest_workflow_is_a_picture_too() -> None:
    text = (FOLDER / "README.md").read_text(encoding="utf-8").partition("```toml\n")[2].partition("```")[0]
    definition = parse_workflow(text, "README.md")
    drawing = draw(definition, WORDS)
    check_holds_everything(definition, drawing)
    check_is_clear(drawing)
    assert runs_through_a_box(drawing) == []


@EVERY_SHIPPED
def test_mermaid_names_every_state_and_has_a_line_for_every_step_from_every_state(key: str) -> None:
    definition = shipped(key)
    lines = [line.strip() for line in mermaid(definition, WORDS).splitlines()]
    assert lines[0] == "stateDiagram-v2"
    for state in definition.states.values():
        assert f'state "{state.labels[Language.SWEDISH]}" as {state.key}' in lines
    for step in definition.steps():
        for source in step.from_states:
            start = f"{source} --> {step.target(source)} : "
            assert any(line.startswith(start) and escaped(step.labels[Language.SWEDISH]) in line for line in lines)


def escaped(text: str) -> str:
    return text.replace(":", "#58;")


def test_mermaid_escapes_what_its_grammar_would_take_for_its_own() -> None:
    tables = json.loads(definition_to_json(shipped("citizen_incident")).replace('"first_new"', '"end"'))
    tables["state"]["end"]["sv"] = 'Ny: "först"; #1 -->'
    text = mermaid(definition_from_json(json.dumps(tables)), WORDS)
    assert 'state "Ny#58; #34;först#34;#59; #35;1 --#62;" as end_' in text
    assert "[*] --> end_" in text
