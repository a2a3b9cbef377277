"""The catalogues hold every message, and nothing else: found in the code, not in a list that somebody keeps."""

import pytest
from babel.messages.mofile import read_mo

from tests.support.messages import LANGUAGES, catalogue, forms, is_sentence, po_file, said, sentences

BY_HAND = """Renew them with `python -m tests.support.messages` and fill in what is empty."""


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_message_is_in_the_catalogue_and_nothing_else(language: str) -> None:
    held = {message.id for message in catalogue(language) if message.id}
    assert sorted(map(str, said().keys() - held)) == [], BY_HAND
    assert sorted(map(str, held - said().keys())) == [], BY_HAND


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_message_is_translated_with_its_parameters(language: str) -> None:
    messages = [message for message in catalogue(language) if message.id]
    assert [message.id for message in messages if not all(forms(message.string)) or message.fuzzy] == [], BY_HAND
    assert [(message.id, faults) for message in messages if (faults := list(message.check()))] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_compiled_catalogue_says_what_the_text_says(language: str) -> None:
    with po_file(language).with_suffix(".mo").open("rb") as file:
        compiled = {forms(message.id): forms(message.string) for message in read_mo(file) if message.id}
    assert compiled == {forms(message.id): forms(message.string) for message in catalogue(language) if message.id}


def test_swedish_is_not_english() -> None:
    same = {message.id for message in catalogue("sv") if message.id and message.id == message.string}
    assert same == {"3 normal", "Normal", "Team", "Text", "version", "process", "%(minutes)s min", "< 1 min"} | {
        "Administration",
        "Organisation",
        "Start",
        "Status",
        "System",
        "Webhook",
    }


def test_the_sentences_of_errors_are_found_wherever_they_stand() -> None:
    code = '''
"""Not this one, a docstring."""
TABLE = {"a": "A sentence in a table.", "b": "no sentence"}
raise Refusal("You cannot do that yet", code="not_yet", state="new")
raise Invalid({"field": ["Say why."]})
'''
    assert set(sentences(code)) == {"A sentence in a table.", "You cannot do that yet", "Say why."}


@pytest.mark.parametrize("text", ["not_yours", "Word.", "lower case at first.", "SELECT 1"])
def test_what_is_no_sentence_is_left_alone(text: str) -> None:
    assert not is_sentence(text)
