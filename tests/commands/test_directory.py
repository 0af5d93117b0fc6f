"""The center's own services from a file, and finding one of them."""

from pathlib import Path

import pytest

from console.directory.rank import Wanted
from console.queries.directory import search
from console.settings import resources
from tests.commands.program import Program, at_desk

OWN = str(resources() / "directory" / "westside.csv")
HEADER = "id,name,phone,needs,hours,latitude,longitude,time zone,verified on"
FIELDS = ["service", "name", "organization", "phone", "address", "open", "hours", "distance_km", "verified", "why"]


@pytest.fixture
def filled(program: Program) -> Program:
    """A home with the services of an invented city."""
    assert program("directory", "import", OWN, by="administrator").status == 0
    return program


def services(tmp_path: Path, *rows: str) -> str:
    """Write a file of services; returns its name."""
    path = tmp_path / "services.csv"
    path.write_text("\n".join((HEADER, *rows)) + "\n", encoding="utf-8")
    return str(path)


def test_an_import_counts_what_it_did_and_a_second_one_does_nothing(program: Program) -> None:
    ran = program.process("directory", "import", OWN, "--json", by="administrator")
    assert (ran.status, ran.err) == (0, "")
    assert list(ran.row) == [
        *("added", "updated", "reopened", "unchanged", "closed", "not_closed", "refused", "doubtful", "messages")
    ]
    assert (ran.row["added"], ran.row["messages"]) == (32, [])
    before = program.entries()
    again = program("directory", "import", OWN, by="administrator")
    assert again.out.startswith("0 added, 0 updated, 0 reopened, 32 unchanged")
    assert program.entries() == before


def test_refused_and_doubtful_rows_are_named_by_line(program: Program, tmp_path: Path) -> None:
    file = services(
        tmp_path,
        "1,Night Shelter,(515) 555-0112,shelter,24/7,,,America/Chicago,2026-09-03",
        "2,,(515) 555-0113,shelter,24/7,,,America/Chicago,2026-09-03",
        "1,Twin,(515) 555-0114,shelter,24/7,,,America/Chicago,2026-09-03",
        "4,Pantry,(515) 555-0115,food,Sat 10-2,north,,America/Chicago,2026-09-03",
    )
    ran = program("directory", "import", file, "--json", by="administrator")
    assert ran.status == 0
    assert (ran.row["added"], ran.row["refused"]) == (2, 2)
    assert ran.row["doubtful"] == len([each for each in ran.row["messages"] if each["severity"] == "doubtful"])
    assert [(each["line"], each["column"], each["severity"]) for each in ran.row["messages"]][:2] == [
        (3, "name", "refused"),
        (4, "id", "refused"),
    ]
    told = ran.err.splitlines()
    assert told[0].startswith("refused: services.csv, line 3: name ")
    assert told[1].startswith("refused: services.csv, line 4: id ")
    assert any(line.startswith("doubtful: services.csv, line 5: hours ") for line in told)


def test_a_service_that_may_be_in_a_refused_row_is_not_closed_and_it_is_said(filled: Program, tmp_path: Path) -> None:
    file = services(tmp_path, "1,Night Shelter,(515) 555-0112,,,,,,", '"2,Pantry')
    ran = filled("directory", "import", file, "--json", by="administrator")
    assert (ran.row["closed"], ran.row["not_closed"]) == (0, 32)
    assert "32 services that the file does not name stay open: a refused row of services.csv may be theirs" in ran.err


def test_what_the_file_no_longer_names_is_closed_and_not_found(filled: Program, tmp_path: Path) -> None:
    lines = Path(OWN).read_text(encoding="utf-8").splitlines()
    fewer = tmp_path / "services.csv"
    fewer.write_text("\n".join(lines[:3]) + "\n", encoding="utf-8")
    ran = filled("directory", "import", str(fewer), by="administrator")
    assert ran.out.startswith("0 added, 0 updated, 0 reopened, 2 unchanged, 30 closed")
    assert len(filled("directory", "search", "--json").rows) == 2


def test_a_list_of_something_else_does_not_empty_the_directory(filled: Program, tmp_path: Path) -> None:
    other = services(tmp_path, "Z1,Only One,(515) 555-0112,shelter,,,,,")
    ran = filled("directory", "import", other, "--json", by="administrator")
    assert (ran.row["added"], ran.row["closed"], ran.row["not_closed"]) == (1, 0, 32)
    assert "services.csv names none of the services that were here" in ran.err


@pytest.mark.parametrize("who", ["administrator", "technician", "supervisor", "clinical-supervisor"])
def test_these_import(program: Program, who: str) -> None:
    assert program("directory", "import", OWN, by=who).status == 0


@pytest.mark.parametrize("who", ["dispatcher", "clinician", "auditor"])
def test_these_do_not(program: Program, who: str) -> None:
    before = program.entries()
    program.refuses(
        "directory",
        "import",
        OWN,
        by=who,
        says="may not change the directory. Supervisors, clinical supervisors and administrators may.",
    )
    assert program.entries() == before


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (lambda path: None, "There is no file"),
        (Path.mkdir, "is a folder. Name the CSV file in it."),
        (Path.touch, "is empty"),
        (lambda path: path.write_bytes(b"\xff\xfe\x00n"), "CSV UTF-8"),
        (lambda path: path.write_bytes("id,name\n1,Caf\xe9\n".encode("latin-1")), "CSV UTF-8"),
        (lambda path: path.write_text("city,zip\nWest,50000\n"), "name"),
    ],
    ids=["none", "folder", "empty", "binary", "latin", "columns"],
)
def test_a_file_that_is_none_is_refused_whole(filled: Program, tmp_path: Path, make: object, says: str) -> None:
    path = tmp_path / "file.csv"
    assert callable(make)
    make(path)
    before = filled.entries()
    filled.refuses("directory", "import", str(path), by="administrator", says=says)
    assert filled.entries() == before


def test_an_import_needs_a_person(program: Program) -> None:
    program.refuses("directory", "import", OWN, says="name them with --as USER")


def test_a_search_says_why_each_service_stands_where_it_does(filled: Program) -> None:
    words = ("directory", "search", "detox", "--near", "41.61,-93.88", "--open-at", "2026-11-21T22:00-06:00")
    ran = filled.process(*words, "--json")
    assert ran.status == 0
    row = ran.rows[0]
    assert list(row) == FIELDS
    assert (row["name"], row["open"], row["hours"]) == ("Detox and Sobering Center", "open", "open 24/7")
    assert 1 < row["distance_km"] < 3
    assert row["why"].startswith("matches: detox; ")
    plain = filled(*words).out.splitlines()[0]
    assert plain.startswith("Detox and Sobering Center · (515) 555-0108 · matches: detox; ")


def test_what_is_closed_is_hidden_and_counted_when_asked(filled: Program) -> None:
    always = filled("directory", "search", "food", "--json")
    at_night = filled("directory", "search", "food", "--open-at", "2026-11-21T03:00-06:00", "--json")
    assert {"closed"} & {row["open"] for row in always.rows} or len(always.rows) > len(at_night.rows)
    hidden = len(always.rows) - len(at_night.rows)
    assert hidden > 0
    assert at_night.line == f"{hidden} more fit and are closed then."
    assert "closed" not in {row["open"] for row in at_night.rows}


def test_a_need_narrows_and_words_are_taken_together(filled: Program) -> None:
    shelters = filled("directory", "search", "--need", "shelter", "--json").rows
    men = filled("directory", "search", "night", "men", "--need", "shelter", "--json").rows
    assert 0 < len(men) < len(shelters)


def test_what_the_center_knows_of_a_service_is_kept_past_an_import(filled: Program) -> None:
    service = filled("directory", "search", "detox", "--json").rows[0]["service"]
    assert filled("directory", "note", service, "Ask for the nurse", by="dispatcher").out == (
        "Noted. Imports never take it away.\n"
    )
    with at_desk(filled) as desk:
        (hit, *_) = search(desk, None, Wanted("detox")).hits
    assert [note.text for note in hit.notes] == ["Ask for the nurse"]
    filled.refuses("directory", "note", service, "x", by="auditor", says="may not")
    filled.refuses("directory", "note", "Detox", "x", by="dispatcher", says="'Detox' is no id of a service")
    filled.refuses("directory", "note", service, "  ", by="dispatcher", says="The note is missing")


@pytest.mark.parametrize("words", [(), ("shelter",), ("--need", "shelter")])
def test_an_empty_directory_says_so_and_how_to_fill_it(program: Program, words: tuple[str, ...]) -> None:
    ran = program("directory", "search", *words)
    assert (ran.status, ran.out) == (1, "")
    assert ran.line.startswith(
        "The directory is empty. Bring the center's services in: clinician-console directory import"
    )


def test_nothing_that_fits_is_answered_with_no(filled: Program) -> None:
    ran = filled("directory", "search", "zeppelin")
    assert (ran.status, ran.out, ran.line) == (1, "", "No service fits.")


@pytest.mark.parametrize("near", [("--near", "-33.9,151.2"), ("--near=-33.9,151.2",), ("--near", "-.5,-1")])
def test_a_place_south_of_the_equator_is_a_place(filled: Program, near: tuple[str, ...]) -> None:
    ran = filled("directory", "search", "shelter", *near, "--json")
    assert ran.status == 0
    assert min(row["distance_km"] for row in ran.rows if row["distance_km"] is not None) > 4_000


def test_fewer_can_be_asked_for_and_the_rest_is_said(filled: Program) -> None:
    ran = filled("directory", "search", "--most", "2", "--json")
    assert len(ran.rows) == 2
    assert ran.line == "More fit than are shown: add words or a need, or raise --most."


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("--near", "here"), "“here” is not a place"),
        (("--near", "99,400"), "“99,400” is not a place"),
        (("--open-at", "tonight"), "'tonight' is no time. Write it like 2026-11-21T22:00-06:00."),
        (("--open-at", "2026-11-21T22:00"), "'2026-11-21T22:00' has no time zone"),
        (("--open-at", "9999-12-31T23:59:59Z"), "is too far away: opening hours are told from 1970 to 2199"),
        (("--open-at", "0001-01-01T00:00:00Z"), "is too far away"),
        (("--near", "-x"), "expected one argument"),
        (("--most", "0"), "--most takes a whole number from 1"),
        (("--most", "-2"), "--most takes a whole number from 1"),
        (("--most", "all"), "invalid int value: 'all'"),
    ],
)
def test_a_place_time_or_number_that_is_none_is_refused(filled: Program, words: tuple[str, str], says: str) -> None:
    filled.refuses("directory", "search", "food", *words, says=says)


@pytest.mark.parametrize(
    "words", [('"',), ("(", "AND"), ("name:x",), ("NEAR(",), ("*",), ("'; --",), ("\x00",), ("é" * 3000,)]
)
def test_a_search_is_words_and_never_a_query(filled: Program, words: tuple[str, ...]) -> None:
    ran = filled("directory", "search", *words)
    assert ran.status in (0, 1)
    assert ran.err in ("", "No service fits.\n") or ran.err.startswith("More fit")


@pytest.mark.parametrize("who", ["dispatcher", "clinician", "auditor", "technician"])
def test_everyone_may_search(filled: Program, who: str) -> None:
    assert filled("directory", "search", "food", by=who).status == 0
