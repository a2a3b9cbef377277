"""Swedish as public plain language has it (klarspråk), as far as a machine can hold it: common words, one word for one
thing, short sentences, Swedish signs. Of the whole catalogue, and of the Swedish that stands in files."""

import re
import tomllib
from collections.abc import Iterator, Mapping

import pytest

from servicedesk import paths
from tests.architecture.source import TOP
from tests.support.messages import catalogue, forms

# What is not written, and what is written instead.
BETTER = {
    # says nothing of what is wrong, nor what to do
    r"(ett )?(okänt |oväntat )?fel (har )?(uppstod|uppstått|inträffade|inträffat)": "vad som är fel och vad man gör",
    r"(något|det) gick fel|misslyckades|ogiltigt? (värde|inmatning)": "vad som är fel och vad man gör",
    # officialese
    r"vänligen|var vänlig": "säg vad man ska göra",
    r"erhåll\w*": "få",
    r"ovanstående|nedanstående": "ovan, nedan, eller säg vad",
    r"avseende|beträffande|rörande|gällande": "om",
    r"samt|jämte": "och",
    r"ej|icke": "inte",
    r"därhän|härnäst|härmed|därav|därutav|vari|varvid": "vanliga ord",
    r"vederbörande|densamma|ifrågavarande|sagda": "vem eller vad",
    r"således|emellertid|dock|ehuru": "så, men",
    r"tillse\w*|ombesörj\w*|föreligg\w*|inneha\w*|erfordra\w*": "se till, ordna, finns, har, behövs",
    r"nyttja\w*|utgöra?|medelst|vidtar?|påbörja[sdt]?|påbörjats": "använd, är, med, gör, börja",
    r"skall": "ska",
    r"detta|dessa|denna": "det här, de här, den här",
    r"ändring(en)? (är )?genomförd|genomför(s|t|d|des|ts|as)?": "ändrat, gör",
    # English in disguise
    r"ticket(s|en|ar|arna)?|issue|deadline|feedback|mailad?|mailet|mailen|mailadress\w*|mejladress\w*|email": (
        "ärende, senast, svar, hjälp, mejla, e-postadress"
    ),
    r"adressera\w*|implementera\w*|initiera\w*|eskalera\w*|processa\w*|trigga\w*|uppdatering på|status på": (
        "åtgärda, gör, börja, lämna över, hur det går"
    ),
    r"klicka (på|här)|tryck(a|er)? på knappen": "välj",
    # one word for one thing
    r"lag|laget|lagets|lagledare\w*": "team, teamet, teamledare",
    r"löfte\w*|löften\w*": "åtagande",
    r"medborgaren?|kunden|brukaren?": "invånare, anmälare",
    r"igång": "i gång",
    r"idag|igår|imorgon|istället": "i dag, i går, i morgon, i stället",
    r"DIGG": "Digg",
}
BANNED = re.compile("|".join(rf"\b(?:{words})\b" for words in BETTER if words != "DIGG"), re.IGNORECASE)
SHOUTED = re.compile(r"\bDIGG\b")

# A label may be a question in Swedish where English has a word.
ASKED = {"Urgency"}
HOLDS = re.compile(r"%\(\w+\)[sd]|%%")
WORD = re.compile(r"[^\W\d_]+(?:[-:’][^\W\d_]+)*")
SENTENCE = re.compile(r"(?<=[.?!:;])\s+")
CITIZENS = (
    "web/requester/",
    "web/disruptions/atom",
    "web/templates/web/disruptions_fragment",
    "web/templates/web/own_",
    "web/templates/web/public_disruptions",
    "web/templates/web/requester",
    "web/views/own",
    "web/views/requester",
)


@pytest.fixture(scope="module")
def pairs() -> list[tuple[str, str]]:
    """English and Swedish, each form of a message."""
    return [
        (one, other)
        for message in catalogue("sv")
        if message.id
        for one, other in zip(forms(message.id), forms(message.string), strict=True)
    ]


def in_files() -> dict[str, list[str]]:
    """The Swedish that stands beside the program: pages of text, processes, and what the samples say."""
    package = TOP / "servicedesk"
    found = {
        file.name: [re.sub(r"```.*?```|`[^`]*`", "", file.read_text(encoding="utf-8"), flags=re.DOTALL)]
        for file in package.rglob("*.sv.md")
    }
    said = [*paths.workflows().glob("*.toml"), package / "web" / "house" / "statement.toml"]
    for file in said:
        found[file.name] = list(_texts(tomllib.loads(file.read_text(encoding="utf-8")), {"sv"}))
    named = {"name", "title", "text", "answer", "subject", "description", "tried", "supplier", "question", "solution"}
    for file in (package / "samples").rglob("*.toml"):
        found[file.name] = list(_texts(tomllib.loads(file.read_text(encoding="utf-8")), named | {"said", "sv"}))
    return found


def _texts(held: object, keys: set[str], taken: bool = False) -> Iterator[str]:
    if isinstance(held, Mapping):
        for key, value in held.items():
            yield from _texts(value, keys, taken or key in keys)
    elif isinstance(held, list):
        for value in held:
            yield from _texts(value, keys, taken)
    elif isinstance(held, str) and taken:
        yield held


def banned(text: str) -> list[str]:
    plain = HOLDS.sub("x", text)
    return [found[0] for pattern in (BANNED, SHOUTED) for found in pattern.finditer(plain)]


def test_no_page_says_what_plain_language_does_not(pairs: list[tuple[str, str]]) -> None:
    assert [(words, swedish) for _, swedish in pairs if (words := banned(swedish))] == []


def test_no_text_in_a_file_says_it_either() -> None:
    texts = in_files()
    assert all(texts[each] for each in ("personal-data.sv.md", "statement.toml", "citizen_incident.toml", "known.toml"))
    assert [(name, words) for name, said in texts.items() for each in said if (words := banned(each))] == []


@pytest.mark.parametrize(
    "text",
    [
        "Ett fel uppstod.",
        "Ett oväntat fel inträffade.",
        "Vänligen fyll i samtliga fält.",
        "Ändringen är genomförd.",
        "Du har en ny ticket.",
        "Ditt lag har ärendet.",
        "Anmäl till DIGG.",
        "Uppgifterna erhålles ej.",
    ],
)
def test_what_is_not_plain_is_found(text: str) -> None:
    assert banned(text)


def test_signs_are_swedish(pairs: list[tuple[str, str]]) -> None:
    """”…” for what is quoted, – for a pause; straight quotes only where both languages show what is typed."""
    assert [sv for en, sv in pairs if sv.count('"') != en.count('"') or re.search("[“„«»']|---", sv)] == []
    assert [sv for _, sv in pairs if "  " in sv or sv != sv.strip() or re.search(r" [,.;:?!]|\w - \w", sv)] == []
    assert [sv for _, sv in pairs if re.search(r"\d(kB|MB|GB|kr|%)", HOLDS.sub("0 ", sv))] == []


def test_a_message_ends_and_begins_as_its_english(pairs: list[tuple[str, str]]) -> None:
    ends = [(en, sv) for en, sv in pairs if _end(en) != _end(sv) and en not in ASKED]
    cases = [(en, sv) for en, sv in pairs if en[0].isalpha() and sv[0].isalpha() and en[0].isupper() != sv[0].isupper()]
    assert (ends, cases) == ([], [])


def _end(text: str) -> str:
    return text[-1] if text[-1] in ".?!:…" else ""


def test_every_form_is_there_and_holds_what_its_english_holds(pairs: list[tuple[str, str]]) -> None:
    assert [en for en, sv in pairs if not sv or sorted(HOLDS.findall(en)) != sorted(HOLDS.findall(sv))] == []


def test_sentences_are_short(pairs: list[tuple[str, str]]) -> None:
    """Ten words on an average, where there is a sentence at all; none longer than twenty-five."""
    lengths = {each: len(WORD.findall(each)) for _, swedish in pairs for each in SENTENCE.split(swedish)}
    whole = [length for each, length in lengths.items() if each.endswith((".", "?", "!"))]
    assert [each for each, length in lengths.items() if length > 25] == []
    assert sum(whole) / len(whole) < 10


def test_what_citizens_read_is_very_easy() -> None:
    """LIX below 30 is very easy: children's books. Between 40 and 50 is a newspaper."""
    messages = (message for message in catalogue("sv") if message.id)
    said = [
        forms(each.string)[0] for each in messages if any(place.startswith(CITIZENS) for place, _ in each.locations)
    ]
    assert len(said) > 100
    assert lix(" ".join(HOLDS.sub("x", each) if _end(each) else HOLDS.sub("x", each) + "." for each in said)) < 30
    texts = in_files()
    assert lix(texts["personal-data.sv.md"][0]) < 35
    assert lix(" ".join(texts["statement.toml"])) < 45


def lix(text: str) -> float:
    """Words in a sentence, and the share of words of more than six letters, in per cent."""
    words, sentences = WORD.findall(text), re.findall(r"[.?!:](?=\s|$)", text)
    return len(words) / len(sentences) + 100 * sum(len(word) > 6 for word in words) / len(words)
