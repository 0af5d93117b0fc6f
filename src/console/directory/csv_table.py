"""From the bytes of a CSV file to its rows, with the line each one begins on.

Strict on purpose: a file that is read half right puts one service's phone number beside another's name. What is wrong
with the whole file raises; what is wrong with one row refuses that row by its line.
"""

import csv
import io
import re
from collections.abc import Callable, Sequence

import msgspec

from console.errors import KnownError

MOST_BYTES = 50 * 1024 * 1024
DELIMITERS = {",": "comma", ";": "semicolon", "\t": "tab"}

_SAVE_AS = "In a spreadsheet program, save it as “CSV UTF-8 (comma delimited)” and import that file"


class Row(msgspec.Struct, frozen=True):
    """One row: the line it begins on (the first line is 1) and its cells, trimmed."""

    line: int
    cells: tuple[str, ...]


class BadRow(msgspec.Struct, frozen=True):
    """One row that cannot be told apart into cells, and why. ``to_line`` is the last line it takes."""

    line: int
    to_line: int
    why: str


class Table(msgspec.Struct, frozen=True):
    """A CSV file as read: the header's cells, the rows, the rows that were refused, and how many were blank."""

    header: Row
    rows: tuple[Row, ...]
    bad: tuple[BadRow, ...]
    blank: int
    delimiter: str


def read_table(data: bytes, name: str, fits: Callable[[Sequence[str]], int]) -> Table:
    """The table in ``data``. ``name`` is what the file is called in messages.

    ``fits`` says how many of a header's cells are known columns, 0 for no header of this kind; it decides between
    comma, semicolon and tab. Raises :class:`KnownError` when no delimiter gives a fitting header, and for a file that
    is empty, too large, binary or not UTF-8.
    """
    text = _decode(data, name)
    lines = list(io.StringIO(text, newline=""))
    skipped = 0
    while lines and (not lines[0].strip() or re.fullmatch(r"sep=.\s*", lines[0])):  # "sep=;" is a note to Excel
        lines.pop(0)
        skipped += 1
    if not lines:
        raise KnownError(f"{name} is empty. Nothing was imported.")
    delimiter = max(DELIMITERS, key=lambda each: fits(_header(lines, each)))
    header = _header(lines, delimiter)
    if not fits(header):
        raise KnownError(_no_header(name, lines[0]))
    return _rows(lines, skipped, delimiter, name)


def _decode(data: bytes, name: str) -> str:
    if not data.strip():
        raise KnownError(f"{name} is empty. Nothing was imported.")
    if len(data) > MOST_BYTES:
        raise KnownError(f"{name} is larger than {MOST_BYTES // 1024 // 1024} MB. Import it in parts.")
    if data.startswith(b"PK\x03\x04"):
        raise KnownError(f"{name} is a workbook or an archive, not a CSV file. {_SAVE_AS}.")
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise KnownError(f"{name} is Unicode text of another kind (UTF-16). {_SAVE_AS}.")
    if b"\0" in data:
        raise KnownError(f"{name} is not a text file. {_SAVE_AS}.")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise KnownError(f"{name}, line {line}: a letter is not in UTF-8. {_SAVE_AS}.") from None


def _header(lines: Sequence[str], delimiter: str) -> list[str]:
    try:
        return [tidy(cell) for cell in next(csv.reader(lines, delimiter=delimiter, strict=True), [])]
    except csv.Error:
        return []


def _no_header(name: str, first: str) -> str:
    if first.lstrip().startswith(("<", "{", "[", "%PDF")):
        return f"{name} is not a CSV file: it begins with “{_short(first)}”. {_SAVE_AS}."
    return (
        f"{name}, line 1: no column is called “name”. The first line has to name the columns, parted by commas, "
        f"semicolons or tabs; it reads “{_short(first)}”."
    )


def _short(line: str) -> str:
    line = tidy(line)
    return line if len(line) <= 60 else f"{line[:59]}…"


def _rows(lines: Sequence[str], skipped: int, delimiter: str, name: str) -> Table:
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    rows: list[Row] = []
    bad: list[BadRow] = []
    blank = 0
    while True:
        line = skipped + reader.line_num + 1
        try:
            cells = tuple(tidy(cell) for cell in next(reader))
        except StopIteration:
            break
        except csv.Error as error:
            bad.append(BadRow(line, skipped + reader.line_num, _why(error)))
            continue
        if any(cells):
            rows.append(Row(line, cells))
        else:
            blank += 1
    if len(rows) == 1 and not bad:
        raise KnownError(f"{name} names its columns but holds no row below them. Nothing was imported.")
    return Table(rows[0], tuple(rows[1:]), tuple(bad), blank, delimiter)


def _why(error: csv.Error) -> str:
    said = str(error)
    if "unexpected end" in said:
        return "a quotation mark opens a cell here that no other one closes"
    if "expected after" in said:
        return "a quotation mark stands inside a quoted cell; write it twice"
    if "field larger" in said:
        return "a cell is longer than any text could be; a quotation mark is missing"
    return f"it is not a row of a CSV file ({said})"


def tidy(cell: str) -> str:
    """The cell with its ends trimmed, and without characters that show nothing or turn text around."""
    if cell.isprintable():
        return " ".join(cell.split())
    kept = "".join(letter if letter.isprintable() or letter == "\n" else " " for letter in re.sub(r"\r\n?", "\n", cell))
    return "\n".join(" ".join(line.split()) for line in kept.split("\n")).strip()
