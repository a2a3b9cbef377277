"""A log as bytes: however it is written, each row is read or refused by its line."""

import pytest

from servicedesk.actions.desk import Desk
from servicedesk.core.errors import FileFaults
from servicedesk.core.servicenow.account import Kind, Outcome
from tests.import_.logs import ROW, bring, is_accounted, kinds, log, mapping, row, said, ticket

PLAIN = log([row(), row("Active", 1, "10:00")])


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
def test_a_byte_order_mark_says_the_encoding(desk: Desk, encoding: str) -> None:
    assert said(bring(desk, PLAIN.decode().encode(encoding))) == []
    assert kinds(desk) == ["TicketLogged", "TicketTaken"]


def test_a_file_that_is_not_utf8_is_read_as_windows_letters_and_named(desk: Desk) -> None:
    content = log([row(group="Närstöd")]).decode().encode("cp1252")
    imported = bring(desk, content)
    assert ticket(desk).holder.team.startswith("logg-narstod")
    assert said(imported) == [(0, Outcome.REPAIRED, Kind.ENCODING)]
    assert said(bring(desk, content, mapping(("# encoding", "encoding")))) == []


def test_an_encoding_that_the_mapping_names_must_fit(desk: Desk) -> None:
    content = log([row(group="Närstöd")]).decode().encode("cp1252")
    with pytest.raises(FileFaults, match="is not utf-8"):
        bring(desk, content, mapping(('# encoding = "cp1252"', 'encoding = "utf-8"')))


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_headings_say_the_delimiter(desk: Desk, delimiter: str) -> None:
    assert said(bring(desk, log([row(), row("Active", 1, "10:00")], delimiter))) == []


@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
def test_any_line_ending_will_do(desk: Desk, ending: str) -> None:
    assert said(bring(desk, PLAIN.replace(b"\r\n", ending.encode()))) == []


def test_headings_compare_without_case_and_in_any_order(desk: Desk) -> None:
    headings = sorted(ROW, reverse=True)
    content = log([row()], headings=headings)
    assert said(bring(desk, content.replace(b"sys_mod_count", b" Sys_Mod_Count "))) == []


def test_a_column_that_must_be_there_is_asked_for_by_name(desk: Desk) -> None:
    with pytest.raises(FileFaults) as refused:
        bring(desk, PLAIN.replace(b"incident_state", b"incident_status"))
    (fault,) = refused.value.faults
    assert (fault.file, fault.key) == ("log.csv", "incident_state")
    assert 'column.state = "incident_status"' in fault.remedy


def test_two_columns_with_one_heading_are_refused(desk: Desk) -> None:
    with pytest.raises(FileFaults, match="heads 2 columns"):
        bring(desk, PLAIN.replace(b"u_symptom", b"number"))


@pytest.mark.parametrize("content", [b"", b"\r\n\r\n", b" , , \n"])
def test_an_empty_file_is_no_log(desk: Desk, content: bytes) -> None:
    with pytest.raises(FileFaults, match="holds no row"):
        bring(desk, content)


def test_headings_alone_are_a_log_without_rows(desk: Desk) -> None:
    imported = bring(desk, log([]))
    assert imported.account.equation().startswith("0 rows read = ")


def test_lines_with_nothing_on_them_are_counted_and_no_rows(desk: Desk) -> None:
    imported = bring(desk, PLAIN + b"\r\n" + b"," * 17 + b"\r\n\r\n")
    assert (imported.account.rows, imported.account.blank) == (2, 3)


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        ("Total: 2", Kind.COLUMNS_WRONG),
        ("INC1,Active,2,01-03-2016 11:00", Kind.COLUMNS_WRONG),
        (",".join(["INC1", "Active", "2"] + ["x"] * 20), Kind.COLUMNS_WRONG),
        (",".join(ROW), Kind.HEADER_AGAIN),
        (",".join(["?", *list(ROW.values())[1:]]), Kind.NUMBER_MISSING),
        (",".join(["", *list(ROW.values())[1:]]), Kind.NUMBER_MISSING),
        (",".join(["INC 1", *list(ROW.values())[1:]]), Kind.NUMBER_UNUSABLE),
        (",".join(["INC/../1", *list(ROW.values())[1:]]), Kind.NUMBER_UNUSABLE),
        (",".join(["I" * 21, *list(ROW.values())[1:]]), Kind.NUMBER_UNUSABLE),
    ],
)
def test_what_cannot_be_a_row_is_refused_by_its_line(desk: Desk, line: str, kind: Kind) -> None:
    imported = bring(desk, PLAIN + f"{line}\r\n".encode() + log([row(number="INC2")]).splitlines()[1])
    assert said(imported) == [(4, Outcome.REFUSED, kind)]
    assert sorted(imported.numbers) == ["INC1", "INC2"]
    assert is_accounted(imported, 4)


def test_empty_cells_after_the_last_heading_say_nothing(desk: Desk) -> None:
    assert said(bring(desk, PLAIN.strip() + b",,\r\n")) == []


def test_a_text_may_run_over_lines(desk: Desk) -> None:
    imported = bring(desk, log([row(category="one\r\ntwo, three\r\nfour"), row("Active", 1, "10:00")]))
    assert said(imported) == []
    assert sorted(imported.account.outcomes) == [2, 5]


def test_a_quotation_mark_that_nobody_closes_costs_no_other_row(desk: Desk) -> None:
    rows = [row(number=f"INC{n}") for n in range(1, 9)]
    lines = log(rows).splitlines(keepends=True)
    lines[3] = lines[3].replace(b"Category 1", b'"Category 1')
    imported = bring(desk, b"".join(lines))
    assert len(imported.numbers) == 8
    assert said(imported) == [(4, Outcome.REPAIRED, Kind.QUOTE_STRAY)]


def test_two_stray_quotation_marks_do_not_swallow_what_lies_between(desk: Desk) -> None:
    rows = [row(number=f"INC{n}") for n in range(1, 9)]
    lines = log(rows).splitlines(keepends=True)
    for place in (2, 6):
        lines[place] = lines[place].replace(b"Category 1", b'"Category 1')
    imported = bring(desk, b"".join(lines))
    assert len(imported.numbers) == 8
    assert is_accounted(imported, 8)


def test_rows_of_one_incident_may_lie_apart(desk: Desk) -> None:
    other = row(number="INC2")
    rows = [row(), other, row("Active", 1, "10:00"), row("Active", 1, "10:00", number="INC2")]
    assert said(bring(desk, log(rows))) == []
    assert kinds(desk) == kinds(desk, "INC2") == ["TicketLogged", "TicketTaken"]
