"""A filter as words in one field, `prioritet:1 tjänst:e-arkiv otilldelade försenade`, in either language.


What a word names is found among what the controls offer: nobody finds by words what they could not choose.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from servicedesk.web.forms.fields import Choice
from servicedesk.web.speech import Words, _, _l

# Of each control, what people call it.
CALLED = {
    "municipality": ("kommun", "municipality"),
    "service": ("tjänst", "tjanst", "service"),
    "priority": ("prioritet", "prio", "priority"),
    "tier": ("var", "nivå", "niva", "where", "tier"),
}
WORDS: dict[str, Words] = {
    "municipality": _l("municipality"),
    "service": _l("service"),
    "priority": _l("priority"),
    "tier": _l("where"),
}
# What stands alone: what people call it, and what it is called in the field.
ALONE = {
    "unassigned": frozenset({"otilldelade", "otilldelat", "ingens", "unassigned", "nobody's", "nobodys"}),
    "late": frozenset({"försenade", "försenat", "forsenade", "forsenat", "late", "overdue"}),
    "at_risk": frozenset({"riskerar", "risk", "at-risk"}),
}
SAID_ALONE: dict[str, Words] = {"unassigned": _l("unassigned"), "late": _l("late"), "at_risk": _l("at-risk")}
_WORD = re.compile(r'(?:[^\s":]+:)?"[^"]*"?|\S+')
LONGEST = 300


@dataclass(frozen=True, slots=True)
class Understood:
    """`asked`: as an address says it. `trouble`: a sentence for each word that means nothing here."""

    asked: dict[str, str]
    trouble: list[str]


def understand(text: str, controls: dict[str, Sequence[Choice]]) -> Understood:
    """`controls`: by name what each offers."""
    asked: dict[str, str] = {}
    trouble: list[str] = []
    for word in _WORD.findall(text[:LONGEST]):
        name, colon, value = word.partition(":")
        value = value.strip('"').strip()
        control = next((one for one, called in CALLED.items() if name.casefold() in called), "")
        if alone := next((one for one, called in ALONE.items() if word.casefold() in called), ""):
            asked[alone] = "1"
        elif not colon or control not in controls:
            trouble.append(_no_such_word(word, controls))
        elif found := _named(value, controls[control]):
            if asked.setdefault(control, found) != found:
                trouble.append(_("“%(word)s” stands there twice. Choose one of them.", word=f"{_called(control)}:"))
        else:
            offered = ", ".join(choice.label for choice in controls[control][:5])
            trouble.append(
                _("“%(word)s” fits nothing, or too much. You can ask for %(these)s.", word=word, these=offered)
            )
    return Understood(asked, trouble)


def _no_such_word(word: str, controls: dict[str, Sequence[Choice]]) -> str:
    known = [*(f"{_called(name)}:" for name in controls), *map(str, SAID_ALONE.values())]
    return _("“%(word)s” is no word for a filter. You can use %(known)s.", word=word, known=", ".join(known))


def _named(value: str, choices: Sequence[Choice]) -> str:
    """The one that is called so, else the only one that begins so, else the only one that holds it; '' for none."""
    typed = value.casefold()
    if not typed:
        return ""
    tests = (
        lambda choice: typed in (choice.value.casefold(), choice.label.casefold()),
        lambda choice: choice.label.casefold().startswith(typed) or choice.value.casefold().startswith(typed),
        lambda choice: typed in choice.label.casefold(),
    )
    for test in tests:
        found = [choice.value for choice in choices if test(choice)]
        if found:
            return found[0] if len(found) == 1 else ""
    return ""


def worded(asked: dict[str, str]) -> str:
    """The other way round of `understand`."""
    said = [f"{_called(name)}:{asked[name]}" for name in CALLED if name in asked]
    return " ".join(said + [str(word) for name, word in SAID_ALONE.items() if asked.get(name)])


def _called(name: str) -> str:
    return str(WORDS[name])
