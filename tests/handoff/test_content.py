"""What a sheet's plain values say of themselves."""

from datetime import UTC, datetime
from uuid import UUID

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.errors import KnownError
from console.handoff.content import (
    UNKNOWN,
    Statement,
    clean,
    clean_lines,
    clock_time,
    day,
    from_content,
    job_title,
    short_code,
    time_zone,
    to_content,
)
from tests.handoff.sheets import CALL_BACK, COPY, NAME, PLACE, sheet

CHICAGO = time_zone("America/Chicago")


@pytest.mark.parametrize("words", ["", "  ", "\n\t", "?", "unknown", "Unknown.", "UNK", "not known", "\u200b\u202e"])
def test_a_blank_or_a_way_of_writing_not_known_reads_unknown(words: str) -> None:
    assert Statement(words, "caller").words == UNKNOWN


@pytest.mark.parametrize("words", ["No", "0", "-", "None", "unknown male on porch"])
def test_other_words_are_not_taken_for_unknown(words: str) -> None:
    assert Statement(words).words == words


@given(st.text())
def test_a_statement_never_prints_blank(words: str) -> None:
    assert Statement(words).words.strip()


@given(st.text())
def test_cleaning_leaves_one_line_without_marks_that_reorder_or_hide(words: str) -> None:
    cleaned = clean(words)
    assert cleaned == cleaned.strip()
    assert not set(cleaned) & set("\n\r\t\x00\x1b\u200b\u202e\u2066\ufeff")
    assert clean(cleaned) == cleaned


def test_cleaning_composes_letters_and_their_accents() -> None:
    assert clean("Nguye\u0302\u0303n") == "Nguyễn"


def test_lines_lose_their_list_marks_and_blank_ones() -> None:
    assert clean_lines("- one voice\n\n • give space \r\n") == ("one voice", "give space")


def test_times_are_clock_times_with_their_zone_across_the_change_of_the_clocks() -> None:
    before, after = datetime(2026, 11, 1, 6, 30, tzinfo=UTC), datetime(2026, 11, 1, 7, 30, tzinfo=UTC)
    assert clock_time(before, CHICAGO) == "01:30 CDT"
    assert clock_time(after, CHICAGO, seconds=True) == "01:30:00 CST"
    assert day(before, CHICAGO) == "Nov 1, 2026"


@pytest.mark.parametrize("zone", ["", "Middle/Nowhere", "../etc/passwd", "CST\0"])
def test_an_unknown_zone_is_a_clear_line(zone: str) -> None:
    with pytest.raises(KnownError, match="IANA name such as"):
        time_zone(zone)


def test_a_sheet_survives_being_kept_as_json() -> None:
    made = sheet()
    kept = msgspec.json.decode(msgspec.json.encode(to_content(made)))
    assert from_content(kept) == made


def test_content_that_is_no_sheet_is_a_clear_line() -> None:
    with pytest.raises(KnownError, match="issue it again"):
        from_content({"center": "Dallas"})


def test_the_short_code_is_from_the_random_end_of_the_id() -> None:
    assert short_code(UUID("0192f0c1-2f7a-7d3e-8a51-0c9d3b4e7f2a")) == "7F2A"


def test_the_job_title_names_nobody_and_nowhere() -> None:
    title = job_title(sheet(), COPY)
    assert title == "Responder sheet 7F2A-D2 v1 copy 1"
    assert not any(private in title for private in (NAME, CALL_BACK, PLACE, "26-118-4471", "unit"))
