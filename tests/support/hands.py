"""A person who has no mouse: everything by keys, and at every key the focus is somewhere and can be seen.

hands.tab_to(hands.button("Ta emot"), within=12)   # one Tab after the other; fails when it takes more
hands.go(hands.button("Ta emot"), within=12)       # the same, and Enter, to the page it leads to
"""

from itertools import takewhile
from time import monotonic
from typing import TYPE_CHECKING, Any

from tests.support.desk import PASSWORD

if TYPE_CHECKING:
    from playwright.sync_api import ElementHandle, Locator, Page

# What is wrong with where the focus is, or nothing. A mark of focus may stand on what holds the element: a row, a card,
# the label of a radio button. It is looked at where the element is drawn, so that no bar may cover it.
LOOK = """(wanted) => {
  const at = document.activeElement;
  const name = at ? at.outerHTML.replace(/\\s+/g, " ").slice(0, 120) : "";
  return { isThere: at === wanted, isOut: !at || !at.closest("body *"), name, trouble: trouble(at) };

  function trouble(at) {
    if (!at || at === document.body || at === document.documentElement) return "the focus is lost";
    const drawn = [at, ...(at.labels ?? [])].filter((one) => one.getClientRects().length);
    const marked = (one) => {
      const style = getComputedStyle(one);
      return style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0;
    };
    const around = [];
    for (let one = at; one && one !== document.body && around.length < 6; one = one.parentElement) around.push(one);
    const mark = at.querySelector(".diagram-mark");  // in a picture a thicker line is the mark
    const isThick = mark && parseFloat(getComputedStyle(mark).strokeWidth) >= 4;
    if (![...drawn, ...around].some(marked) && !isThick) return "the focus cannot be seen";
    const isHit = (one, x, y) => {
      const top = document.elementFromPoint(x, y);
      const beside = [...(at.labels ?? [])].some((label) => label.contains(top));
      return top && (one.contains(top) || top.contains(one) || beside);
    };
    const isSeen = (one) => [...one.getClientRects()].some((box) => {
      const [left, right] = [Math.max(box.left, 0), Math.min(box.right, innerWidth)];
      const [above, below] = [Math.max(box.top, 0), Math.min(box.bottom, innerHeight)];
      if (left > right || above > below) return false;
      return [0.2, 0.5, 0.8].some((part) => isHit(one, (left + right) / 2, above + (below - above) * part));
    });
    return drawn.some(isSeen) ? "" : "what has the focus is covered or out of sight";
  }
}"""
# Whether the focus stands where the page puts it: a browser does that with the first picture it draws of the page, on a
# busy machine well after everything is loaded. Until then a person sees nothing, and presses nothing.
PLACED = """() => {
  const isShown = (one) => one.getClientRects().length && !one.disabled;
  const first = [...document.querySelectorAll("[autofocus]")].find(isShown);
  return !first || Boolean(location.hash) || document.activeElement !== document.body;
}"""
PATIENCE = 60
# From the top of a ticket's page past the frame to the last step that may be needed: every one is a stop.
TO_A_STEP = 20


def arrive(page: "Page") -> None:
    """As a person does, wait until the page is there to be seen, before any key."""
    until = monotonic() + PATIENCE
    while not page.evaluate(PLACED):
        assert monotonic() < until, f"the focus never came to where {page.url} puts it"
        page.wait_for_timeout(10)


class Hands:
    """`page` belongs to a browser of its own. No method moves a mouse, clicks or sets what stands in a field."""

    def __init__(self, page: "Page") -> None:
        self.page = page

    def sign_in(self, email: str) -> None:
        """From the front door: one types at once where the page puts one."""
        self.goto("/sign-in")
        self.type(email)
        self.press("Tab")
        self.type(PASSWORD)
        self.enter()
        assert "/sign-in" not in self.page.url

    def goto(self, path: str) -> None:
        self.page.goto(path)
        arrive(self.page)

    def press(self, *keys: str) -> None:
        """Keys that lead to no other page: the focus is still somewhere, and can be seen."""
        for key in keys:
            self.page.keyboard.press(key)
        self.look()

    def shortcut(self, *keys: str) -> None:
        """Keys that lead to another page."""
        with self.page.expect_navigation():
            for key in keys:
                self.page.keyboard.press(key)
        arrive(self.page)

    def type(self, text: str) -> None:
        """In a field; in a list of choices the first letters of one, until the list has found it."""
        if self.page.evaluate("document.activeElement.tagName") != "SELECT":
            self.page.keyboard.type(text)
            return
        # Letters that an American keyboard lacks are put in as text, which a list of choices does not hear.
        self.page.keyboard.type("".join(takewhile(lambda letter: letter.isascii() and letter.isalpha(), text)))
        found = self.page.evaluate("document.activeElement.selectedOptions[0].label")
        assert found.startswith(text), f"{found}, not {text}"

    def enter(self, key: str = "Enter") -> None:
        self.shortcut(key)

    def look(self, wanted: "ElementHandle | None" = None) -> bool:
        """Where the focus is: somewhere, and seen. Whether it is on `wanted`."""
        return self._is_there(self.page.evaluate(LOOK, wanted))

    def _is_there(self, seen: dict[str, Any]) -> bool:
        assert not seen["trouble"], f"{seen['trouble']} on {self.page.url}: {seen['name']}"
        return bool(seen["isThere"])

    def tab_to(self, target: "Locator", within: int, key: str = "Tab") -> int:
        """How many stops it took; no more than `within`."""
        wanted = target.element_handle()
        if target.evaluate("element => element === document.activeElement"):
            return 0
        for stop in range(1, within + 1):
            self.page.keyboard.press(key)
            if self.look(wanted):
                return stop
        raise AssertionError(f"more than {within} stops to {wanted} on {self.page.url}")

    def go(self, target: "Locator", within: int) -> None:
        self.tab_to(target, within)
        self.enter()

    def through(self, at_most: int) -> int:
        """Tab after Tab to the end of the page, where the browser's own bars begin; how many stops it has. A page that
        does not let go is a trap."""
        first = self.page.locator(".ds-skip-link").element_handle()
        for stop in range(1, at_most + 2):
            self.page.keyboard.press("Tab")
            seen = self.page.evaluate(LOOK, first)
            if seen["isOut"] or (self._is_there(seen) and stop > 1):
                return stop - 1
        raise AssertionError(f"more than {at_most} stops on {self.page.url}")

    def write(self, label: str, text: str, within: int = 3) -> None:
        self.tab_to(self.field(label), within)
        self.type(text)

    def step(self, label: str, *answers: str) -> None:
        """On a ticket's page: the step with this label and, in its form, what it asks for in order."""
        self.go(self.page.locator("#ticket-actions .ds-button").filter(has_text=label).first, within=TO_A_STEP)
        if answers:
            self.answer(*answers)
        else:
            self.said("Klart.")

    def answer(self, *answers: str) -> None:
        """In a step's form, where one types at once."""
        self.type(answers[0])
        for answer in answers[1:]:
            self.press("Tab")
            self.type(answer)
        self.shortcut("Control+Enter")
        self.said("Klart.")

    def field(self, label: str) -> "Locator":
        return self.page.get_by_label(label).locator("visible=true").first

    def button(self, label: str) -> "Locator":
        return self.page.get_by_role("button", name=label).locator("visible=true").first

    def link(self, label: str) -> "Locator":
        return self.page.get_by_role("link", name=label).locator("visible=true").first

    def said(self, words: str) -> None:
        self.page.get_by_role("status").filter(has_text=words).wait_for()
