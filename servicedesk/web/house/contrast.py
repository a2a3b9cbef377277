"""How well two colours can be told apart, by WCAG 2.2 (relative luminance, contrast ratio)."""

import re

COLOUR = re.compile(r"#[0-9a-fA-F]{6}")


def ratio(one: str, other: str) -> float:
    """From 1, the same, to 21, black on white; both as #rrggbb."""
    dark, light = sorted((_luminance(one), _luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: str) -> float:
    red, green, blue = (_linear(int(colour[at : at + 2], 16) / 255) for at in (1, 3, 5))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(share: float) -> float:
    return share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4
