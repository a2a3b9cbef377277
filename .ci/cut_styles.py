"""The design system's stylesheet without the components that no page here uses.

python .ci/cut_styles.py WHOLE.css CUT.css

A rule goes when everything that it selects is a component's that is not in KEPT; all else stays as it was made, in its
order and its layers. A page that begins to use another component adds it to KEPT and runs `.ci/vendor`.

What asks of just any element what is in it is made to ask that of its component: a browser reckons anew the style of
all that is in an element so asked about, whenever something in it changes. Of the whole page, that takes too long.
"""

import re
import sys
from collections.abc import Iterator
from pathlib import Path

KEPT = frozenset(
    {"button", "field", "fieldset", "input", "link", "skip-link", "sr-only", "table", "validation-message"}
)
ASKS_OF_ANY = {
    ":has(label):not(:has(label:hover))": ".ds-field",
    ":not(:has(thead))": ".ds-table",
    ":not(:has(tfoot))": ".ds-table",
}
COMPONENT = re.compile(r"\.ds-([a-z]+(?:-[a-z]+)*)")
# A text in quotes, or an unquoted address: brackets and commas in those mean nothing.
OPAQUE = re.compile(r"""url\([^"')]*\)|"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|/\*.*?\*/""", re.DOTALL)


def cut(css: str) -> str:
    """What stays of a stylesheet, or of what stands between the braces of an at-rule."""
    return "".join(_kept(head, body) for head, body in _rules(css))


def _kept(head: str, body: str | None) -> str:
    if body is None:
        return head
    if head.lstrip().startswith("@"):
        is_of_rules = head.lstrip().startswith(("@layer", "@media", "@supports", "@container"))
        inside = cut(body) if is_of_rules and "{" in OPAQUE.sub("", body) else body
        return f"{head}{{{inside}}}" if inside.strip() else ""
    selectors = [_narrowed(one) for one in _parted(head, ",") if _is_used(one)]
    return f"{','.join(selectors)}{{{body}}}" if selectors else ""


def _is_used(selector: str) -> bool:
    named = set(COMPONENT.findall(selector))
    return not named or bool(named & KEPT)


def _narrowed(selector: str) -> str:
    for asks, component in ASKS_OF_ANY.items():
        selector = re.sub(rf"(?<![\w\])]){re.escape(asks)}", component + asks, selector)
    return selector


def _rules(css: str) -> Iterator[tuple[str, str | None]]:
    """Each rule's head and what stands between its braces, None where it has none."""
    start, depth, head = 0, 0, ""
    for at, mark in _marks(css, "{};"):
        if mark == "{":
            if not depth:
                head, start = css[start:at], at + 1
            depth += 1
        elif mark == "}":
            depth -= 1
            if not depth:
                yield head, css[start:at]
                start = at + 1
        elif not depth:
            yield css[start : at + 1], None
            start = at + 1
    if css[start:].strip():
        yield css[start:], None


def _parted(text: str, mark: str) -> list[str]:
    """Between the marks that stand in no brackets."""
    parts, start, depth = [], 0, 0
    for at, found in _marks(text, f"([{mark}])"):
        if found == mark and not depth:
            parts.append(text[start:at])
            start = at + 1
        elif found != mark:
            depth += 1 if found in "([" else -1
    return [*parts, text[start:]]


def _marks(text: str, marks: str) -> Iterator[tuple[int, str]]:
    opaque = [range(*found.span()) for found in OPAQUE.finditer(text)]
    covered = {at for each in opaque for at in each}
    yield from ((at, each) for at, each in enumerate(text) if each in marks and at not in covered)


if __name__ == "__main__":
    whole, target = map(Path, sys.argv[1:])
    target.write_text(cut(whole.read_text(encoding="utf-8")), encoding="utf-8")
