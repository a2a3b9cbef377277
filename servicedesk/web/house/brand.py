"""Another name, mark and colours, from `brand.toml` in the instance folder:

    name = "Ärendet"          # in the top bar, in the title of every page, at the front door
    mark = "mark.svg"         # a drawing beside the file, in the top bar and in the browser's tab

    [light]                   # any of base, hover, active, on, text, tint, line; those not given stay
    base = "#7a1f5c"
    [dark]
    base = "#e59ccb"
    on = "#2b0a20"
    [front]                   # the front door: panel, on, line
    panel = "#4a1238"

Text that could not be read is refused: WCAG's 4.5 to 1 for words, 3 to 1 for what is drawn.
"""

from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from servicedesk.config import SettingFault
from servicedesk.web.house.contrast import COLOUR, ratio
from servicedesk.web.house.file import allow, read

FILE = "brand.toml"
NAME = "servicedesk"
LONGEST_NAME, LARGEST_MARK = 40, 64 * 1024

# As static/css/brand.css has them: a test compares.
OURS: dict[str, dict[str, str]] = {
    "light": {
        "base": "#14505f",
        "hover": "#0f404c",
        "active": "#0b323c",
        "on": "#ffffff",
        "text": "#14505f",
        "tint": "#e6f0f2",
        "line": "#9fc2ca",
    },
    "dark": {
        "base": "#6db8c8",
        "hover": "#87c8d5",
        "active": "#a1d6e0",
        "on": "#08222a",
        "text": "#8fd0dd",
        "tint": "#17343c",
        "line": "#2f6673",
    },
    "front": {"panel": "#0f3a45", "on": "#ffffff", "line": "#6d99a3"},
}
# What the design system puts beneath, the one that is hardest to read on.
GROUND = {"light": "#f3f3f4", "dark": "#26282b"}
WORDS, DRAWN = 4.5, 3.0


@dataclass(frozen=True, slots=True)
class Brand:
    """`style` and `mark` are what the browser fetches, '' and b'' where the installation has none of its own; `version`
    is a part of their addresses."""

    name: str = NAME
    style: str = ""
    mark: bytes = b""
    version: str = ""


def read_brand(instance: Path) -> Brand:
    file = instance / FILE
    if not file.is_file():
        return Brand()
    given = read(file)
    allow(given, {"name", "mark", *OURS}, file, "here")
    colours = {scheme: _colours(scheme, given.get(scheme, {}), file) for scheme in OURS}
    _require_readable(colours, file)
    style = _style(colours) if any(given.get(scheme) for scheme in OURS) else ""
    mark = _mark(given["mark"], file) if "mark" in given else b""
    version = sha256(style.encode() + mark).hexdigest()[:10]
    return Brand(_name(given.get("name", NAME), file), style, mark, version)


def _name(name: Any, file: Path) -> str:
    if not isinstance(name, str) or not name.strip() or not name.isprintable() or len(name) > LONGEST_NAME:
        raise SettingFault(
            "%(file)s: name must be a text of at most %(most)s characters.", file=str(file), most=LONGEST_NAME
        )
    return name.strip()


def _mark(name: Any, file: Path) -> bytes:
    """A drawing beside the file; it is shown as a picture, in which no script runs."""
    drawing = file.parent / str(name)
    if drawing.parent != file.parent or drawing.suffix != ".svg" or not drawing.is_file():
        raise SettingFault("%(file)s: mark must name an SVG file beside it.", file=str(file))
    content = drawing.read_bytes()
    if len(content) > LARGEST_MARK or b"<svg" not in content:
        raise SettingFault("%(file)s must be an SVG of at most 64 kB.", file=str(drawing))
    return content


def _colours(scheme: str, given: Any, file: Path) -> dict[str, str]:
    if not isinstance(given, dict):
        raise SettingFault("%(file)s: [%(scheme)s] must be a table of colours.", file=str(file), scheme=scheme)
    allow(given, OURS[scheme].keys(), file, f"in [{scheme}]")
    for name, colour in given.items():
        if not isinstance(colour, str) or not COLOUR.fullmatch(colour):
            raise SettingFault(
                "%(file)s: %(name)s in [%(scheme)s] must be a colour such as #14505f.",
                file=str(file),
                name=name,
                scheme=scheme,
            )
    return OURS[scheme] | given


def _require_readable(colours: dict[str, dict[str, str]], file: Path) -> None:
    for scheme, ground in GROUND.items():
        for name in ("base", "hover", "active"):
            _require(colours[scheme], scheme, "on", name, WORDS, file)
        _require(colours[scheme], scheme, "text", "tint", WORDS, file)
        _require(colours[scheme] | {"the page": ground}, scheme, "text", "the page", WORDS, file)
        _require(colours[scheme] | {"the page": ground}, scheme, "base", "the page", DRAWN, file)
    _require(colours["front"], "front", "on", "panel", WORDS, file)
    _require(colours["front"], "front", "line", "panel", DRAWN, file)


def _require(colours: dict[str, str], scheme: str, above: str, below: str, least: float, file: Path) -> None:
    found = ratio(colours[above], colours[below])
    if found < least:
        raise SettingFault(
            "%(file)s: in [%(scheme)s] %(above)s (%(one)s) cannot be read on %(below)s (%(other)s): the contrast is "
            "%(found)s to 1, and %(least)s is the least. Make one of them darker or lighter.",
            file=str(file),
            scheme=scheme,
            above=above,
            one=colours[above],
            below=below,
            other=colours[below],
            found=f"{found:.1f}",
            least=least,
        )


def _style(colours: dict[str, dict[str, str]]) -> str:
    light, dark, front = colours["light"], colours["dark"], colours["front"]
    lines = [f"--brand-{name}: light-dark({light[name]}, {dark[name]});" for name in light]
    lines += [f"--brand-panel{'' if name == 'panel' else f'-{name}'}: {colour};" for name, colour in front.items()]
    return f":root {{ {' '.join(lines)} }}\n"
