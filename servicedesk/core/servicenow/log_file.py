"""The bytes of a log as rows: encoding, separator, headings; and what cannot be a row, refused with its line."""

import codecs
import csv
import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from hashlib import blake2b
from sys import intern

from servicedesk.core.errors import Fault, FileFaults
from servicedesk.core.servicenow.account import Account, Kind, Outcome, Remark
from servicedesk.core.servicenow.mapping import NEEDED, ORDERING, ImportMap, folded
from servicedesk.core.text_file import require_text

# A quotation mark that nobody closes would swallow the rest of the file.
MOST_LINES_IN_A_ROW = 50
SEPARATORS = ",;\t|"
NUMBER = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,19}")
BOMS = {
    codecs.BOM_UTF8: "utf-8-sig",
    codecs.BOM_UTF32_LE: "utf-32",
    codecs.BOM_UTF32_BE: "utf-32",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}


@dataclass(frozen=True, slots=True)
class SourceRow:
    """`cells` are the mapped columns, stripped; `whole` is a digest of everything the row said, to tell duplicates by.
    `stray`: a quotation mark that nothing closes stood in it and was taken for a letter."""

    line: int
    number: str
    cells: Mapping[str, str]
    subject: tuple[str, ...]
    whole: bytes
    stray: bool = False


@dataclass(slots=True)
class Log:
    """The rows by number, in the order of the file, and the account of those that are none."""

    incidents: dict[str, list[SourceRow]] = field(default_factory=dict)
    account: Account = field(default_factory=Account)


@dataclass(frozen=True, slots=True)
class Record:
    line: int
    cells: list[str]
    stray: bool = False


def read_log(content: bytes, name: str, mapping: ImportMap) -> Log:
    """FileFaults when it is no log that this mapping can read: no heading that it names, or nothing at all."""
    log = Log()
    headings, columns, records = _opened(content, name, mapping, log.account)
    subject = [headings.index(folded(heading)) for heading in mapping.subject if folded(heading) in headings]
    for record in records:
        row = _row(record, headings, columns, subject, mapping, log.account)
        if row is not None:
            log.incidents.setdefault(row.number, []).append(row)
    return log


def require_readable(content: bytes, name: str, mapping: ImportMap) -> None:
    """FileFaults as `read_log` would raise them, without reading the rows."""
    _opened(content, name, mapping, Account())


def _opened(
    content: bytes, name: str, mapping: ImportMap, account: Account
) -> tuple[list[str], dict[str, int], Iterator[Record]]:
    """The headings, our columns among them, and the rows still to be read."""
    require_text(content, name, "Save the log as CSV in UTF-8 and name that file.")
    text = _decoded(content, name, mapping, account)
    lines = list(io.StringIO(text, newline=""))
    records = _records(lines, mapping.delimiter or _separator(lines), account)
    header = next(records, None)
    if header is None:
        raise FileFaults([Fault(name, "-", "holds no row.", "Name a log with headings in its first row.")])
    headings = [folded(cell) for cell in header.cells]
    _require_some(header.cells, headings, name, mapping)
    return headings, _columns(headings, name, mapping, account), records


def _require_some(shown: list[str], headings: list[str], name: str, mapping: ImportMap) -> None:
    """Where no heading is one that the mapping names, it is another log, or the mapping is another's."""
    if not any(folded(heading) in headings for heading in mapping.columns.values()):
        listed = ", ".join(cell.strip() for cell in shown)
        problem = f"has none of the columns that {mapping.file} names. Its headings: {_short(listed)}."
        remedy = "Name the log that the mapping was written for, or correct its tables [column] and [log] (delimiter)."
        raise FileFaults([Fault(name, "-", problem, remedy)])


def _short(text: str) -> str:
    return text if len(text) <= 200 else f"{text[:197]}…"


def _decoded(content: bytes, name: str, mapping: ImportMap, account: Account) -> str:
    """As the mapping says, or as its first bytes say, or UTF-8; else Windows' Western letters, which is reported."""
    encoding = mapping.encoding or next((found for bom, found in BOMS.items() if content.startswith(bom)), "utf-8")
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError as error:
        if mapping.encoding:
            remedy = "Correct encoding in the table [log] of the mapping, or leave it out."
            raise FileFaults([Fault(name, f"byte {error.start + 1}", f"is not {encoding}.", remedy)]) from None
        text = content.decode("cp1252", errors="replace")
        why = f"The file is not {encoding}; it was read as Windows-1252."
        account.add([Remark(0, "", Outcome.REPAIRED, Kind.ENCODING, why)])
    return text.removeprefix("\ufeff")


def _separator(lines: list[str]) -> str:
    """The sign that stands most often in the headings."""
    first = next((line for line in lines if line.strip()), "")
    return max(SEPARATORS, key=first.count)


def _records(lines: list[str], separator: str, account: Account) -> Iterator[Record]:
    """The headings, then the rows. Lines with nothing on them are counted and passed over."""
    at = width = 0
    while at < len(lines):
        length, cells = _next_record(lines, at, separator, width)
        stray = not length
        if any(cell.strip() for cell in cells):
            width = width or len(cells)
            yield Record(at + 1, cells, stray)
        else:
            account.blank += 1
        at += length or 1


def _next_record(lines: list[str], at: int, separator: str, width: int) -> tuple[int, list[str]]:
    """(how many lines, cells). A text in quotation marks may run over lines, if a row as wide as the headings ends it;
    otherwise the mark is a stray one, the line is a row of its own, and the length is given as 0."""
    for length in range(1, MOST_LINES_IN_A_ROW + 1):
        try:
            rows = list(csv.reader(lines[at : at + length], delimiter=separator, strict=True))
        except csv.Error:
            if at + length >= len(lines):
                break
            continue
        cells = rows[0] if rows else []
        if length == 1 or not width or len(_as_wide(cells, width)) == width:
            return length, cells
        break
    return 0, [cell.strip('"') for cell in lines[at].strip("\r\n").split(separator)]


def _columns(headings: list[str], name: str, mapping: ImportMap, account: Account) -> dict[str, int]:
    """Our name -> place in the row. A heading that only adds something may be missing; that is reported."""
    faults, found = [], {}
    for ours, heading in mapping.columns.items():
        places = headings.count(folded(heading))
        if places == 1:
            found[ours] = headings.index(folded(heading))
        elif places > 1:
            faults.append(Fault(name, heading, f"heads {places} columns.", "Leave one of them in the file."))
        elif ours in NEEDED + ORDERING:
            near = get_close_matches(folded(heading), headings, n=1)
            remedy = f'Write column.{ours} = "{near[0]}"' if near else f"Correct column.{ours}"
            faults.append(Fault(name, heading, "heads no column.", f"{remedy} in {mapping.file}."))
        else:
            why = f"No column is headed {heading}, which the mapping names for {ours}."
            account.add([Remark(0, "", Outcome.REPAIRED, Kind.COLUMN_MISSING, why)])
    if faults:
        raise FileFaults(faults)
    return found


def _row(
    record: Record,
    headings: list[str],
    columns: Mapping[str, int],
    subject: list[int],
    mapping: ImportMap,
    account: Account,
) -> SourceRow | None:
    cells = _as_wide(record.cells, len(headings))
    fault = _fault_of(cells, headings, columns["number"], mapping)
    if fault:
        kind, why = fault
        account.refuse(Remark(record.line, "", Outcome.REFUSED, kind, why))
        return None
    account.outcomes[record.line] = Outcome.NO_CHANGE
    return SourceRow(
        line=record.line,
        number=mapping.number_prefix + cells[columns["number"]].strip(),
        # The same few words stand in a hundred thousand rows: each is kept once.
        cells={name: intern(cells[place].strip()) for name, place in columns.items()},
        subject=tuple(intern(cells[place].strip()) for place in subject),
        whole=blake2b("\x1f".join(cells).encode(errors="surrogatepass"), digest_size=16).digest(),
        stray=record.stray,
    )


def _fault_of(cells: list[str], headings: list[str], place: int, mapping: ImportMap) -> tuple[Kind, str] | None:
    """Why this can be no row of an incident."""
    if len(cells) != len(headings):
        return Kind.COLUMNS_WRONG, f"It has {len(cells)} columns; the headings are {len(headings)}."
    if [folded(cell) for cell in cells] == headings:
        return Kind.HEADER_AGAIN, "The headings stand here once more."
    said = cells[place].strip()
    if mapping.says_nothing(said):
        return Kind.NUMBER_MISSING, "No number says whose row this is."
    if not NUMBER.fullmatch(mapping.number_prefix + said):
        why = f"{said[:60]!r} cannot be a ticket's number: at most 20 letters a to z, digits, - _ or . are."
        return Kind.NUMBER_UNUSABLE, why
    return None


def _as_wide(cells: list[str], width: int) -> list[str]:
    """Empty cells after the last heading say nothing."""
    extra = cells[width:]
    return cells[:width] if extra and not any(cell.strip() for cell in extra) else cells
