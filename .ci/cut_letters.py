"""A typeface without the letters and weights that no page here uses, always the same bytes.

python .ci/cut_letters.py WHOLE.woff2 CUT.woff2 UNICODES [FEATURE...]

Figures are made equally wide where a style asks for it (tnum), and nothing else is: with the hyphen, the full stop and
the space as wide as a figure, "2026-00457" and "kl. 14.05" fall apart.
"""

import sys

from fontTools.subset import Options, Subsetter, load_font, parse_unicodes, save_font
from fontTools.varLib.instancer import instantiateVariableFont

LIGHTEST, BOLDEST = 400, 700
FEATURES = ["ccmp", "locl", "mark", "tnum"]
FIGURES = {"zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"}


def cut(whole: str, target: str, unicodes: str, *more: str) -> None:
    options = Options(layout_features=[*FEATURES, *more], flavor="woff2")
    font = load_font(whole, options)
    font.recalcTimestamp = False
    instantiateVariableFont(font, {"wght": (LIGHTEST, BOLDEST)}, inplace=True)
    only_figures(font["GSUB"].table)
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=parse_unicodes(unicodes))
    subsetter.subset(font)
    save_font(font, target, options)


def only_figures(table) -> None:
    lookups = {
        i for each in table.FeatureList.FeatureRecord if each.FeatureTag == "tnum" for i in each.Feature.LookupListIndex
    }
    for part in (part for i in lookups for part in table.LookupList.Lookup[i].SubTable):
        part = getattr(part, "ExtSubTable", part)
        part.mapping = {name: wide for name, wide in part.mapping.items() if name in FIGURES}


if __name__ == "__main__":
    cut(*sys.argv[1:])
