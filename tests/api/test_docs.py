"""What a vendor's developer reads: complete, true to the document, in both languages, without signing in."""

import re

import pytest
from flask import Flask

from servicedesk.api.docs.texts import FOLDER, TEXTS
from servicedesk.api.problems import KINDS
from servicedesk.core.vocabulary import Language

PAGES = ["/api/docs", "/api/docs/problems", *(f"/api/docs/{name}" for name in TEXTS)]
HEADING = {"/api/docs": {"sv": "Referens", "en": "Reference"}, "/api/docs/problems": {"sv": "Fel", "en": "Errors"}}


def read(app: Flask, address: str, language: str = "en") -> str:
    response = app.test_client().get(address, headers={"Accept-Language": language})
    assert response.status_code == 200
    return response.get_data(as_text=True)


@pytest.mark.parametrize("language", list(Language))
@pytest.mark.parametrize("address", PAGES)
def test_every_page_is_there_in_both_languages(app: Flask, address: str, language: str) -> None:
    page = read(app, address, language)
    assert f'<html lang="{language}"' in page
    assert HEADING.get(address, {}).get(language, "<h1>") in page


def test_the_reference_names_every_operation_also_without_scripts(app: Flask) -> None:
    page = read(app, "/api/docs")
    document = app.test_client().get("/api/openapi.json").get_json()
    operations = {f"{method.upper()} {path}" for path, item in document["paths"].items() for method in item}
    operations = {one for one in operations if not one.startswith("PARAMETERS ")}
    assert operations == set(re.findall(r"<code>([A-Z]+ /[^<]*)</code>", page))


def test_every_error_is_explained(app: Flask) -> None:
    page = read(app, "/api/docs/problems")
    assert all(f'<tr id="{code}">' in page for code in KINDS)


def test_no_link_within_leads_nowhere(app: Flask) -> None:
    for address in PAGES:
        for link in re.findall(r'href="(/api/docs[^"#]*)', read(app, address)):
            read(app, link)


def test_both_languages_give_the_same_commands() -> None:
    """What differs between them are the words that are sent."""

    def commands(language: Language) -> str:
        text = (FOLDER / f"guide.{language}.md").read_text(encoding="utf-8")
        return re.sub(r': "[^"]*"', ": …", "\n".join(re.findall(r"```sh\n(.*?)```", text, re.DOTALL)))

    assert commands(Language.SWEDISH) == commands(Language.ENGLISH)


def test_a_page_that_is_not_there_is_a_problem(app: Flask) -> None:
    response = app.test_client().get("/api/docs/nothing")
    assert (response.status_code, response.get_json()["code"]) == (404, "not_found")
