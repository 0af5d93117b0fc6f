"""Feeding a CAD export: what was taken, what was not and why, and files that are none."""

import gzip
import io
import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from console.settings import resources
from tests.commands.program import Program
from tests.support.shared import shared

HEADER = (
    "number,reported,closed,type,final_type,priority,place,latitude,longitude,caller,callback,units,disposition"
    ",narrative"
)
PLAIN = ("--profile", "generic-csv")


def row(number: str, reported: str = "2026-04-28 21:14", kind: str = "WELFARE CHECK", **more: str) -> str:
    """One row of a plain export."""
    fields = dict.fromkeys(HEADER.split(","), "") | {"number": number, "reported": reported, "type": kind} | more
    return ",".join(f'"{value}"' for value in fields.values())


Write = Callable[..., Path]


@pytest.fixture
def export(tmp_path: Path) -> Write:
    """Writes a plain export of these rows."""

    def write(*rows: str, name: str = "export.csv") -> Path:
        path = tmp_path / name
        path.write_text("\n".join((HEADER, *rows)) + "\n", encoding="utf-8")
        return path

    return write


def test_real_calls_of_seattle_are_taken_and_every_row_is_accounted_for(program: Program) -> None:
    file = shared("cfs-seattle-2015/spd_911_incident_response_2015.csv.gz")
    before = program.entries()
    words = ("calls", "replay", str(file), "--profile", "seattle", "--limit", "300", "--json")
    ran = program.process(*words)
    assert ran.status == 0
    counts = ran.row
    assert list(counts) == [
        *("rows", "calls", "repeated", "replaced", "refused"),
        *("ambiguous", "shifted", "unplaced", "events", "entries"),
    ]
    assert {name: counts[name] for name in ("rows", "calls", "repeated", "replaced", "refused", "ambiguous")} == {
        "rows": 91067,
        "calls": 300,
        "repeated": 782,
        "replaced": 1,
        "refused": 0,
        "ambiguous": 34,
    }
    assert ran.line == (
        "replaced: spd_911_incident_response_2015.csv.gz, line 87692: "
        "the same call at the same time stands again, otherwise, on line 91034, which counts"
    )
    assert counts["entries"] == program.entries() - before
    assert len(program("calls", "list", "--state", "all", "--json").rows) == 302
    again = program(*words).row
    assert (again["calls"], again["events"], again["entries"]) == (300, counts["events"], 0)


def test_rows_that_are_no_calls_are_named_by_file_and_line_and_the_others_go_on(
    program: Program, export: Write
) -> None:
    file = export(
        row("26-118-4471"),
        "26-118-4472,2026-04-28 21:15",
        row("26-118-4473", reported="yesterday"),
        row("", reported="2026-04-28 21:16"),
        row("26-118-4474", narrative="two\nlines"),
        row("26-118-4475", latitude="north", longitude="-93.7"),
        row("26-118-4476", kind=""),
    )
    ran = program("calls", "replay", str(file), *PLAIN, "--json")
    assert ran.status == 0
    assert {name: ran.row[name] for name in ("rows", "calls", "refused", "unplaced")} == {
        "rows": 7,
        "calls": 4,
        "refused": 3,
        "unplaced": 1,
    }
    refused = ran.err.splitlines()
    assert [line.partition(": ")[2].partition(": ")[0] for line in refused] == [
        "export.csv, line 3",
        "export.csv, line 4",
        "export.csv, line 5",
    ]
    assert all(line.startswith("refused: export.csv") for line in refused)
    assert "has 2 fields where the header has 14" in refused[0]
    assert "yesterday" in refused[1]
    plain = program("calls", "replay", str(file), *PLAIN)
    assert plain.out == ("7 rows read, 4 calls, 3 refused, 1 with coordinates that cannot be read. 0 new entries.\n")
    assert [row["type"] for row in program("calls", "list", "--json").rows if row["number"] == "26-118-4476"] == [
        "UNKNOWN"
    ]


def test_the_order_of_a_file_does_not_matter(program: Program, founded: Path, export: Write, tmp_path: Path) -> None:
    rows = [row(f"26-{n}", reported=f"2026-04-28 21:{n}", final_type="SUICIDAL PERSON") for n in range(10, 20)]
    other = Program(shutil.copytree(founded, tmp_path / "other"))
    shown = []
    for desk, order in ((program, rows), (other, rows[::-1])):
        assert desk("calls", "replay", str(export(*order)), *PLAIN).status == 0
        shown.append(desk("calls", "list", "--json").rows)
    assert shown[0] == shown[1]
    assert len(shown[0]) == 12


def test_a_replay_at_a_speed_of_the_calls_takes_them_all(program: Program, export: Write) -> None:
    file = export(row("26-1", reported="2026-04-28 21:14"), row("26-2", reported="2026-04-28 21:15"))
    ran = program("calls", "replay", str(file), *PLAIN, "--speed", "600", "--json")
    assert (ran.status, ran.row["calls"], ran.row["entries"]) == (0, 2, 2)


def test_the_earliest_calls_are_taken_first(program: Program, export: Write) -> None:
    file = export(*(row(f"26-{n}", reported=f"2026-04-28 21:{n}") for n in (30, 10, 20)))
    assert program("calls", "replay", str(file), *PLAIN, "--limit", "2", "--json").row["calls"] == 2
    numbers = {line["number"] for line in program("calls", "list", "--json").rows}
    assert numbers == {"26-0001", "26-0002", "26-10", "26-20"}


def test_gzip_is_recognized_by_itself(program: Program, export: Write, tmp_path: Path) -> None:
    zipped = tmp_path / "export"
    zipped.write_bytes(gzip.compress(export(row("26-1")).read_bytes()))
    assert program("calls", "replay", str(zipped), *PLAIN, "--json").row["calls"] == 1


def _cut(path: Path) -> None:
    whole = gzip.compress(("\n".join([HEADER, *(row(f"26-{n}") for n in range(3_000))])).encode())
    path.write_bytes(whole[: len(whole) // 2])


def _workbook(path: Path) -> None:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as book:
        book.writestr("xl/workbook.xml", "<workbook/>")
    path.write_bytes(held.getvalue())


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (lambda path: None, "export cannot be read: No such file or directory"),
        (Path.mkdir, "export cannot be read: Is a directory"),
        (Path.touch, "export is empty"),
        (lambda path: path.write_text(HEADER + "\n"), "export has a header and no rows"),
        (lambda path: path.write_text(f"{HEADER}\nnonsense\nmore\n"), "No row of"),
        (lambda path: path.write_text("a,b,c\n1,2,3\n"), "has no column"),
        (lambda path: path.write_bytes(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\1\0"), "is not utf-8 text"),
        (lambda path: path.write_text(HEADER + "\n", encoding="utf-16"), "is not utf-8 text"),
        (_cut, "is damaged or cut short after"),
        (lambda path: path.write_bytes(b"\x1f\x8bnonsense"), "is damaged or cut short"),
        (_workbook, "is a zip file or an Excel workbook"),
    ],
    ids=["none", "folder", "empty", "header", "no row", "columns", "picture", "utf-16", "cut", "no gzip", "workbook"],
)
def test_a_file_that_is_no_export_is_refused_whole(
    program: Program, tmp_path: Path, make: Callable[[Path], object], says: str
) -> None:
    file = tmp_path / "export"
    make(file)
    before = program.entries()
    program.refuses("calls", "replay", str(file), *PLAIN, says=says)
    assert program.entries() == before


def test_the_profile_of_another_cad_is_refused_with_the_columns_it_wants(program: Program, export: Write) -> None:
    ran = program.refuses("calls", "replay", str(export(row("26-1"))), "--profile", "seattle", says="has no column")
    assert "seattle" in ran.line
    assert "Its columns: 'number'" in ran.line or "Its columns: number" in ran.line


@pytest.mark.parametrize(
    ("profile", "says"),
    [
        ("nowhere", "There is no profile 'nowhere'. Known: generic, generic-csv, seattle, seattle-2015"),
        ("", "argument --profile: it is empty"),
        ("missing.toml", "The profile missing.toml cannot be read: No such file or directory"),
    ],
)
def test_a_profile_that_is_not_there_is_named(program: Program, export: Write, profile: str, says: str) -> None:
    program.refuses("calls", "replay", str(export(row("26-1"))), "--profile", profile, says=says)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (("[columns]", "[colums]"), "colums"),
        (('zone = "America/Chicago"', 'zone = "Chicago"'), "'Chicago' is no time zone"),
        (('identity = ["number"]', "identity = []"), "identity is empty"),
        (("\\b(SUICID", "\\b((SUICID"), "is no regular expression"),
        (("[file]", "[file"), "is not TOML"),
    ],
)
def test_a_mistake_in_a_profile_is_one_line_before_any_row_is_read(
    program: Program, export: Write, tmp_path: Path, change: tuple[str, str], says: str
) -> None:
    text = (resources() / "cad-profiles" / "generic-csv.toml").read_text(encoding="utf-8")
    assert change[0] in text
    profile = tmp_path / "ours.toml"
    profile.write_text(text.replace(*change), encoding="utf-8")
    ran = program.refuses("calls", "replay", str(export(row("26-1"))), "--profile", str(profile), says=says)
    assert str(profile) in ran.line


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("--limit", "0"), "--limit takes a whole number from 1"),
        (("--limit", "-3"), "--limit takes a whole number from 1"),
        (("--limit", "many"), "argument --limit: invalid int value: 'many'"),
        (("--speed", "0"), "'0' is no speed"),
        (("--speed", "-1"), "'-1' is no speed"),
        (("--speed", "nan"), "'nan' is no speed"),
        (("--speed", "fast"), "'fast' is no speed. Write a number of times, such as 1 or 60, or max."),
    ],
)
def test_a_limit_or_speed_that_is_none_is_refused(
    program: Program, export: Write, words: tuple[str, str], says: str
) -> None:
    before = program.entries()
    program.refuses("calls", "replay", str(export(row("26-1"))), *PLAIN, *words, says=says)
    assert program.entries() == before


def test_a_replay_needs_a_profile_and_without_one_takes_that_of_this_desk(program: Program, export: Write) -> None:
    file = str(export(row("26-1")))
    program.refuses("calls", "replay", file, says="Name the site profile that reads the file with --profile")
    (program.home / "config.toml").write_text('cad_profile = "generic-csv"\n')
    assert program("calls", "replay", file, "--json").row["calls"] == 1
    program.refuses("calls", "replay", file, "--profile", "seattle", says="has no column")
