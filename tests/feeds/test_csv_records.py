"""Every line of an export is accounted for, whatever its quotation marks say."""

from pathlib import Path

import pytest

from console.errors import KnownError
from console.feeds.replay import LONGEST_LINE, ReplaySource
from tests.feeds.making import CENTER, HEADER, pictures, profile, source


@pytest.mark.parametrize(
    ("stray", "says"),
    [
        ('2,2026-04-28 21:14,"FIGHT,x', "a field that begins with a quotation mark does not end"),
        ('2,2026-04-28 21:14,FIGHT,"x', "a field that begins with a quotation mark does not end"),
        ('2,2026-04-28 21:14,"FIGHT" club,x', "',' expected after '\"'"),
    ],
)
@pytest.mark.parametrize(
    "others",
    [
        ("3,2026-04-28 21:14,FIGHT,x", "5,2026-04-28 21:14,FIGHT,x"),
        ('3,2026-04-28 21:14,"FIGHT",x', "5,2026-04-28 21:14,FIGHT,x"),
        ('3,2026-04-28 21:14,FIGHT,""', '5,2026-04-28 21:14,"FIGHT","two\nlines"'),
        ('"3","2026-04-28 21:14","FIGHT",""', '"5","2026-04-28 21:14","","two\nlines"'),
        tuple(f"{number},2026-04-28 21:14,FIGHT,{'x' * 100}" for number in range(3, 3_000)),
    ],
)
def test_a_stray_quote_costs_its_own_row_and_none_behind_it(
    tmp_path: Path, stray: str, says: str, others: tuple[str, ...]
) -> None:
    replay = source(tmp_path, "1,2026-04-28 21:14,FIGHT,x", stray, *others)

    taken = {each.number for each in pictures(replay.events())}

    assert taken == {"1", *(other.partition(",")[0].strip('"') for other in others)}
    assert [str(each) for each in replay.reading.refused] == [f"calls.csv, line 3: {says}"]
    assert replay.reading.rows == 2 + len(others)


def test_a_row_that_took_in_the_rows_behind_it_gives_them_back(tmp_path: Path) -> None:
    rows = ['1,2026-04-28 21:14,FIGHT,"x', '2,2026-04-28 21:14,FIGHT,"",', "3,2026-04-28 21:14,FIGHT,y"]
    replay = source(tmp_path, *rows)

    assert [each.number for each in pictures(replay.events())] == ["3"]
    assert [each.line for each in replay.reading.refused] == [2, 3]


def test_a_row_of_several_lines_that_is_refused_is_one_row(tmp_path: Path) -> None:
    replay = source(tmp_path, '1,yesterday,FIGHT,"two\n\nlines"', "2,2026-04-28 21:14,FIGHT,y")

    assert [each.number for each in pictures(replay.events())] == ["2"]
    assert [str(each).partition(": ")[0] for each in replay.reading.refused] == ["calls.csv, lines 2-4"]


@pytest.mark.parametrize(("before", "line"), [("", 1), (f"{HEADER}\n1,2026-04-28 21:14,FIGHT,x\n", 3)])
def test_a_line_that_does_not_end_refuses_the_file_and_is_not_read_whole(
    tmp_path: Path, before: str, line: int
) -> None:
    file = tmp_path / "calls.csv"
    file.write_text(before + "x" * (LONGEST_LINE + 1), encoding="utf-8")

    with pytest.raises(KnownError, match=f"calls.csv, line {line} is longer than 4,000,000 characters"):
        list(ReplaySource(file, profile(tmp_path), CENTER).events())


def test_empty_lines_are_no_rows_but_count_as_lines(tmp_path: Path) -> None:
    file = tmp_path / "calls.csv"
    file.write_text(f"\n\n{HEADER}\n\n1,2026-04-28 21:14,FIGHT,x\n\n2,yesterday,FIGHT,x\n", encoding="utf-8")
    replay = ReplaySource(file, profile(tmp_path), CENTER)

    assert [each.number for each in pictures(replay.events())] == ["1"]
    assert [each.line for each in replay.reading.refused] == [7]
