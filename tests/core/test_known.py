"""Known errors and answers in an installation's files: read, checked, compared."""

import pytest

from servicedesk.core.facts import Known
from servicedesk.core.installations.diff import difference
from servicedesk.core.installations.file import parse_installation
from servicedesk.core.vocabulary import KnownKind, ResolutionCode
from tests.core.installation_small import SMALL, faults_of

WRITTEN = """
[known.utan-bankid]
kind = "answer"
title = "Logga in utan BankID"
symptoms = ["har inget BankID"]
service = "platform"
answer = '''
Det går med Freja.
Annars på papper.'''
"""


def written(text: str = WRITTEN) -> dict[str, str]:
    return {**SMALL, "known.toml": text}


def test_an_answer_is_read_with_its_lines_and_what_is_usual_need_not_be_said() -> None:
    assert parse_installation(written()).known["utan-bankid"] == Known(
        "utan-bankid",
        KnownKind.ANSWER,
        "Logga in utan BankID",
        "Det går med Freja.\nAnnars på papper.",
        "platform",
        ("har inget BankID",),
        resolution_code=ResolutionCode.INFORMATION_GIVEN,
    )


def test_what_changes_in_it_is_told_when_it_is_loaded() -> None:
    old, new = (parse_installation(written(text)) for text in (WRITTEN, WRITTEN.replace("Freja", "eIDAS")))
    assert difference(parse_installation(SMALL), old)[0].lines() == ["+ added known.utan-bankid: Logga in utan BankID"]
    assert difference(old, new)[0].fields["answer"][1] == "Det går med eIDAS.\nAnnars på papper."


@pytest.mark.parametrize(
    ("old", "new", "key", "problem"),
    [
        ('kind = "answer"', 'kind = "rumour"', "known.utan-bankid.kind", "is not a choice"),
        ('service = "platform"', 'service = "platfrom"', "known.utan-bankid.service", "is not declared"),
        ("answer = '''\nDet går med Freja.\nAnnars på papper.'''", "", "known.utan-bankid.answer", "is missing"),
        ("answer = '''", "answer = '''" + "x" * 20_001, "known.utan-bankid.answer", "20038 characters"),
        ("symptoms", 'municipality = "maker"\nsymptoms', "known.utan-bankid.municipality", "is not a municipality"),
        ("symptoms", 'sympton = "x"\nsymptoms', "known.utan-bankid.sympton", "is not known here"),
    ],
)
def test_what_nobody_could_be_told_is_refused(old: str, new: str, key: str, problem: str) -> None:
    assert old in WRITTEN
    found = {fault.key: fault.problem for fault in faults_of(written(WRITTEN.replace(old, new)))}
    assert problem in found.get(key, ""), found


def test_an_e_service_narrows_it_to_its_own_municipality_and_service() -> None:
    another = '\n[service.archive]\nname = "Archive"\nowner = "board"\nsupplier = "maker"\n'
    text = WRITTEN.replace('service = "platform"', 'service = "archive"\ne_service = "boden-permits"')
    faults = faults_of({**written(text), "more.toml": another})
    assert [(f.key, f.problem) for f in faults if f.key.startswith("known")] == [
        ("known.utan-bankid.service", "boden-permits belongs to platform.")
    ]
