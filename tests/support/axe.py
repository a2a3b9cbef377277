"""What axe-core has against a page as it stands: at a desk and on a phone, in light and in dark."""

from pathlib import Path
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from playwright.sync_api import Page

AXE = (Path(__file__).parents[1] / "browser/vendor/axe-core/axe.min.js").read_text(encoding="utf-8")
IS_THERE = "() => typeof axe === 'object'"
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "EN-301-549"]
Scheme = Literal["light", "dark"]
PHONE, DESK = 390, 1440
# What a scheme can change is colours: the other rules are asked once a width.
COLOURS = ["color-contrast", "link-in-text-block"]
SCHEMES: dict[Scheme, tuple[str, list[str]]] = {"light": ("tag", TAGS), "dark": ("rule", COLOURS)}
# Last as a test goes on, at a desk.
LOOKS: tuple[tuple[int, Scheme], ...] = ((PHONE, "light"), (PHONE, "dark"), (DESK, "dark"), (DESK, "light"))
# What is folded away is hidden from axe too: everything is opened, and nothing fades while colours are measured.
UNFOLD = """document.querySelectorAll("details").forEach(each => { each.removeAttribute("name"); each.open = true; })"""
# A script that follows what scheme or width there is hears of another some frames later.
RUN = """async ([type, values, sizes]) => {
    const isDark = () => matchMedia("(prefers-color-scheme: dark)").matches;
    const follows = () => document.documentElement.classList.contains("dark-mode") === isDark();
    do await new Promise(requestAnimationFrame); while (document.getElementById("reference") && !follows());
    const rules = type === "tag" ? {"target-size": {enabled: sizes}} : {};
    const options = {runOnly: {type, values}, rules, resultTypes: ["violations"], preload: false};
    const {violations} = await axe.run(options);
    return violations.flatMap(
        rule => rule.nodes.map(node => `${rule.id}: ${node.target.join(" ")}: ${node.failureSummary}`))
}"""


def findings(page: "Page", *, sizes: bool = True) -> list[str]:
    """Everything, in every look; without `sizes` not how large targets are."""
    page.evaluate(UNFOLD)
    found = []
    for width, scheme in LOOKS:
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme=scheme)
        found += [f"{page.url} {width} {scheme} {each}" for each in run(page, *SCHEMES[scheme], sizes=sizes)]
    return found


def run(page: "Page", kind: str, values: list[str], *, sizes: bool = True) -> list[str]:
    """The rules of these names, or of these tags, in the look that the page has."""
    if not page.evaluate(IS_THERE):
        page.evaluate(AXE)
    found: list[str] = page.evaluate(RUN, [kind, values, sizes])
    return found


def all_findings(page: "Page", *paths: str) -> list[str]:
    found = []
    for path in paths:
        page.goto(path)
        found += findings(page)
    return found
