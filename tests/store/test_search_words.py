"""How texts become words, and how what is typed becomes what is asked for."""

import unicodedata
from time import thread_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from servicedesk.core.errors import Invalid
from servicedesk.core.inputs import LONGEST_TEXT, clean_text
from servicedesk.store.search.analysis import LONGEST_WORD, found_in, words_of, words_of_number
from servicedesk.store.search.asked import LONGEST, MOST_WORDS, Asked, read_asked, stem
from servicedesk.store.search.excerpts import LENGTH, best_excerpt, marked
from servicedesk.store.search.index import fts5_query, tsquery
from servicedesk.store.search.stop_words import STOP_WORDS


def finds(typed: str, text: str) -> bool:
    """What both databases do, said in Python."""
    words = words_of(text)
    return all(
        any(all(any(term.matches(word) for word in words) for term in way) for way in ways)
        for ways in read_asked(typed).wanted
    )


@pytest.mark.parametrize(
    ("typed", "text"),
    [
        ("inloggning", "Det gick fel vid inloggningen"),
        ("inloggningarna", "Inloggning saknas"),
        ("INLOGGNING", "inloggning"),
        ("ansökan", "Ansökningarna är borta"),
        ("ansökningar", "Min ansökan är borta"),
        ("fakturan", "fakturor"),
        ("fakturor", "en faktura"),
        ("kontot", "två konton"),
        ("kvittenser", "kvittens"),
        ("bygglov", "Bygglovsansökan"),
        ("bygglovsans", "bygglovsansökan"),
        ("felet", "ett fel"),
        ("lulea", "Luleå"),
        ("bygglovsansokan", "Bygglovsansökan"),
        ("bygglovsansok", "Bygglovsansökan"),
        ("e-tjanst", "tjänst e"),
        ("ko", "en kö"),
        ("Luleå", "Lulea\u030a"),
        ("an\u00adsö\u200bkan", "ansökan"),
        ("Lulea\u00ad\u030a", "Luleå"),
        ("e-tjänst", "etjänsten"),
        ("etjänst", "E-tjänsten svarar inte"),
        ("e-tjänst", "tjänst e"),
        ("0701234567", "Ring 070-123 45 67 efter tre"),
        ("070-123 45 67", "0701234567"),
        ("070 1234567", "070-123 45 67"),
        ("+46701234567", "070-123 45 67"),
        ("0701234567", "+46 (0)70-123 45 67"),
        ("0701234567", "kl 14 070-123 45 67"),
        ("123 45", "070-123 45 67"),
        ("070123", "070-123 45 67"),
        ("anna.exempel@lulea.example", "Skriv till Anna.Exempel@lulea.example."),
        ("anna.exe", "anna.exempel@lulea.example"),
        ("2026-00042", "Se ärende 2026-00042"),
        ("fel 500", "fel nr 500"),
        ("det är fel på kvittensen", "kvittens med fel"),
        ("ﬁl", "en fil"),
        ("STRASSE", "straße"),
    ],
)
def test_what_people_mean_is_found(typed: str, text: str) -> None:
    assert finds(typed, text)


@pytest.mark.parametrize(
    ("typed", "text"),
    [
        ("luleå", "Lulea"),
        ("anna@lulea.example", "Anna i Luleå, kurt@lulea.example"),
        ("it", "italien"),
        ("42", "421"),
        ("bygglov kvittens", "bygglov"),
        ("lov", "bygglov"),
        ("spara", "Kontot är spärrat"),
        ("ko", "kön"),
        ("07012345", "070-123 46 67"),
    ],
)
def test_what_they_do_not_mean_is_not(typed: str, text: str) -> None:
    assert not finds(typed, text)


def test_a_number_is_found_whole_or_by_its_last_digits() -> None:
    words = words_of_number("2026-00042")
    for typed in ("2026-00042", "202600042", "00042", "42", "2026-000"):
        assert any(
            all(any(term.matches(word) for word in words) for term in way) for way in read_asked(typed).wanted[0]
        ), typed
    assert words_of_number("INC0012345") == {"inc0012345", "0012345", "12345"}


def test_words_too_common_to_find_anything_by_are_left_out_and_named() -> None:
    asked = read_asked("Hur är det med kvittensen?")
    assert [ways[0][0].word for ways in asked.wanted] == ["kvittens"]
    assert asked.ignored == ("hur", "är", "det", "med")
    assert read_asked("och det att") == Asked("och det att", (), ("och", "det", "att"))
    assert words_of("och det att") == set()


def test_signs_only_part_words() -> None:
    asked = read_asked("fel\" OR words:* NEAR(a, b) ^x -y \x00 😀 \\ '; DROP TABLE ticket")
    assert " ".join(ways[0][0].word for ways in asked.wanted) == "fel or word near a b x y drop tabl ticket"
    assert read_asked('" * () : ^ \x00 😀').wanted == ()


def test_too_much_is_refused_in_a_sentence() -> None:
    with pytest.raises(Invalid) as refused:
        read_asked("a" * (LONGEST + 1))
    assert refused.value.fields["q"] == [f"Search for at most {LONGEST} characters at a time."]
    with pytest.raises(Invalid) as refused:
        read_asked(" ".join(f"ord{n}" for n in range(MOST_WORDS + 1)))
    assert refused.value.fields["q"] == [f"Search for at most {MOST_WORDS} words at a time."]


def test_no_word_of_the_index_is_longer_than_the_databases_take() -> None:
    assert max(map(len, words_of("a" * 20_000 + " 1" * 9_000))) <= LONGEST_WORD


@pytest.mark.parametrize("piece", ["a", "a.", "a@", "a-", "1 ", "+", "x@a."])
def test_what_nobody_writes_by_hand_is_read_as_quickly_as_what_they_do(piece: str) -> None:
    """A pasted file without spaces must not hold up the desk."""
    began = thread_time()
    words_of((piece * LONGEST_TEXT)[:LONGEST_TEXT])
    assert thread_time() - began < 0.3


def test_every_word_stands_in_quotes_for_either_database() -> None:
    wanted = read_asked("anna@lulea.example e-post 42").wanted
    assert fts5_query(wanted) == (
        '(("anna@lulea.example" *)) AND ((("epost" * OR ":epost" *)) OR (("e" OR ":e") AND ("post" * OR ":post" *)))'
        ' AND (("42"))'
    )
    assert tsquery(wanted) == (
        "(('anna@lulea.example':*)) & ((('epost':* | ':epost':*)) | (('e' | ':e') & ('post':* | ':post':*))) & (('42'))"
    )


@given(st.text(max_size=LONGEST))
def test_whatever_is_typed_is_read_or_refused(typed: str) -> None:
    try:
        asked = read_asked(typed)
    except Invalid:
        return
    assert all(term.word and term.word not in STOP_WORDS for term in asked.terms)


@given(st.text(alphabet="abcdefghijklmnopqrstuvwxyzåäö", min_size=1, max_size=30))
def test_a_stem_begins_its_word(word: str) -> None:
    """What the index holds are whole words: a stem that did not begin them would find nothing."""
    assert word.startswith(stem(word))


@given(st.text(max_size=60))
def test_a_text_is_found_by_itself(text: str) -> None:
    try:
        wanted = read_asked(text).wanted
    except Invalid:
        return
    assert not wanted or finds(text, clean_text(text))


def test_an_excerpt_is_of_the_text_that_holds_most_and_marks_the_words() -> None:
    asked = read_asked("kvittens bygglov")
    best = best_excerpt([("description", "Kvittens saknas"), ("body", "Bygglovets <b>kvittens</b> kom")], asked)
    assert best is not None and best.field == "body"
    assert [piece.text for piece in best.pieces if piece.is_match] == ["Bygglovets", "kvittens"]
    assert "".join(piece.text for piece in best.pieces) == "Bygglovets <b>kvittens</b> kom"
    assert best_excerpt([], asked) is None


def test_an_excerpt_of_a_long_text_is_the_part_with_the_words() -> None:
    text = "ord " * 500 + "här står kvittensen mitt i " + "ord " * 500
    best = best_excerpt([("description", text)], read_asked("kvittens"))
    assert best is not None
    whole = "".join(piece.text for piece in best.pieces)
    assert whole.startswith("… ") and whole.endswith(" …") and len(whole) <= LENGTH + 4
    assert [piece.text for piece in best.pieces if piece.is_match] == ["kvittensen"]


def test_an_excerpt_of_a_text_without_the_words_is_its_beginning() -> None:
    best = best_excerpt([("description", "Början " + "ord " * 5_000)], read_asked("kvittens"))
    assert best is not None and [piece.is_match for piece in best.pieces] == [False]
    assert best.pieces[0].text.startswith("Början ord")


@given(st.text(max_size=400), st.text(min_size=1, max_size=12))
def test_marking_changes_no_word(text: str, typed: str) -> None:
    try:
        pieces = marked(text, read_asked(typed))
    except Invalid:
        return
    assert "".join(piece.text for piece in pieces) == " ".join(unicodedata.normalize("NFC", text).split())


@given(st.text(alphabet=st.sampled_from("aåÅé ö1 2-+@.\u2011\u00a0bß٣Ⅳ'_"), max_size=40))
def test_a_text_is_found_by_every_form_that_stands_in_it(text: str) -> None:
    normal = unicodedata.normalize("NFC", text)
    assert words_of(text) == {form for found in found_in(normal) for form in found.forms}
