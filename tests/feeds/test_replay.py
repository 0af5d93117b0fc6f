"""Exports as a stream: in source-time order, nothing dropped unnamed, and a file that is none is one clear line."""

import gzip
import io
import os
import tempfile
import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.errors import KnownError
from console.feeds.profile import load_profile
from console.feeds.replay import ReplaySource, Stopped
from console.models.call import CallNarrated
from tests.feeds.making import CENTER, HEADER, PLAIN, export, folded, pictures, profile, source

COURSE = """
    [course]
    final_after_minutes = 15
    closes_after_minutes = 45
"""
FINAL = PLAIN + '    final_type = "final"\n'
FINAL_HEADER = HEADER + ",final"


def test_events_come_in_source_time_order_whatever_the_order_of_the_file(tmp_path: Path) -> None:
    rows = [f"{n},2026-04-28 {hour:02d}:00,FIGHT,x" for n, hour in enumerate((21, 3, 14, 9, 23))]

    events = list(source(tmp_path, *rows, extra=COURSE).events())

    times = [event.at for event in events]
    assert times == sorted(times)
    assert len(events) == 10  # each opens and closes


def test_a_call_opens_is_retyped_and_closes(tmp_path: Path) -> None:
    file = export(tmp_path, "26-1,2026-04-28 21:14,FIGHT,412 Alder St,CRISIS COMPLAINT", header=FINAL_HEADER)
    rules = '[types]\nbehavioral = ["CRISIS COMPLAINT"]\n[[suggest]]\nrule = "b"\non = "type"\nbehavioral = true\n'
    text = FINAL + "\n" + COURSE

    [call] = folded(ReplaySource(file, profile(tmp_path, text, rules), CENTER).events())

    state = call.state
    assert state is not None
    assert call.senseless == ()
    assert state.first_type == "FIGHT"
    assert state.picture is not None
    assert state.picture.type_text == "CRISIS COMPLAINT"
    assert state.resurfaced_at is not None
    assert state.opened_at is not None
    assert (state.resurfaced_at - state.opened_at).total_seconds() == 15 * 60
    assert state.closed_at is not None
    assert (state.closed_at - state.opened_at).total_seconds() == 45 * 60
    assert state.suggestion is not None
    assert state.suggestion.why == 'type "CRISIS COMPLAINT"'
    assert state.open  # closed in CAD, but nobody has decided about the suggestion


def test_a_closing_time_in_the_file_counts_and_the_final_type_comes_with_it_at_the_latest(tmp_path: Path) -> None:
    header = FINAL_HEADER + ",closed"
    rows = ["1,2026-04-28 21:00,A,x,B,2026-04-28 21:05", "2,2026-04-28 21:00,A,x,B,"]
    text = FINAL + '    closed = "closed"\n'

    def shown(extra: str) -> list[tuple[str, str, str, bool]]:
        replay = ReplaySource(export(tmp_path, *rows, header=header), profile(tmp_path, text, extra), CENTER)
        return [(p.number, f"{p.source_time:%M}", p.type_text, p.closed) for p in pictures(replay.events())]

    assert shown("[course]\nfinal_after_minutes = 15\n") == [
        ("1", "00", "A", False), ("2", "00", "A", False), ("1", "05", "B", True), ("2", "15", "B", False)
    ]  # fmt: skip
    assert shown("") == [
        ("1", "00", "A", False),
        ("2", "00", "A", False),
        ("2", "00", "B", False),
        ("1", "05", "B", True),
    ]


def test_rows_that_are_updates_give_each_picture_and_each_line_once(tmp_path: Path) -> None:
    text = PLAIN + '    updated = "updated"\n    closed = "closed"\n    narrative = "notes"\n'
    header = HEADER + ",updated,closed,notes"
    rows = [
        '1,2026-04-28 21:00,FIGHT,x,2026-04-28 21:00,,"loud, two men"',
        '1,2026-04-28 21:00,CRISIS,x,2026-04-28 21:04,,"loud, two men|no answer"',
        '1,2026-04-28 21:00,FIGHT,x,2026-04-28 21:09,,"loud, two men|no answer|no answer"',
        '1,2026-04-28 21:00,FIGHT,x,2026-04-28 21:30,2026-04-28 21:30,"loud, two men|no answer|no answer"',
    ]
    file = export(tmp_path, *reversed(rows), header=header)
    replay = ReplaySource(file, profile(tmp_path, text, '[narrative]\nseparator = "|"\n'), CENTER)

    [call] = folded(replay.events())

    assert call.state is not None
    assert [change.after for change in call.state.changes if change.field == "type_text"] == ["CRISIS", "FIGHT"]
    assert [line.line for line in call.state.narrative] == ["loud, two men", "no answer", "no answer"]
    assert call.state.closed_at is not None
    assert replay.reading.calls == 1


def test_updates_within_one_minute_are_all_told_in_the_order_of_the_file(tmp_path: Path) -> None:
    text = PLAIN + '    updated = "updated"\n'
    rows = [f"1,2026-04-28 21:00,{each},x,2026-04-28 21:04" for each in ("FIGHT", "CRISIS", "CRISIS", "FIGHT")]
    replay = ReplaySource(export(tmp_path, *rows, header=HEADER + ",updated"), profile(tmp_path, text), CENTER)

    [call] = folded(replay.events())

    assert call.state is not None
    assert [change.after for change in call.state.changes if change.field == "type_text"] == ["CRISIS", "FIGHT"]
    assert (replay.reading.repeated, replay.reading.replaced) == (1, ())


def test_narrative_with_times_and_speakers(tmp_path: Path) -> None:
    text = PLAIN + '    narrative = "notes"\n'
    extra = """
        [narrative]
        pattern = '^(?P<at>\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d) (?P<by>\\w+): (?P<line>.*)$'
        [[flag_codes]]
        code = "/CLIN"
    """
    notes = '"2026-04-28 21:15 CT1: hears voices\n2026-04-28 21:17 D2: /CLIN mother asks\nno stamp here"'
    file = export(tmp_path, f"1,2026-04-28 21:14,FIGHT,x,{notes}", header=HEADER + ",notes")

    events = list(ReplaySource(file, profile(tmp_path, text, extra), CENTER).events())

    lines = [body for event in events for body in event.bodies if isinstance(body, CallNarrated)]
    assert [(f"{each.source_time:%H:%M}", each.by, each.line) for each in lines] == [
        ("02:14", "", "no stamp here"),
        ("02:15", "CT1", "hears voices"),
        ("02:17", "D2", "/CLIN mother asks"),
    ]
    [call] = folded(events)
    assert call.state is not None
    assert call.state.flag is not None
    assert (call.state.flag.source, call.state.flag.by_text, call.state.flag.words) == ("cad", "D2", "mother asks")


def test_duplicates_are_counted_and_change_nothing(tmp_path: Path) -> None:
    row = "1,2026-04-28 21:14,FIGHT,x"
    replay = source(tmp_path, row, row, row)

    assert len(folded(replay.events())) == 1
    assert (replay.reading.rows, replay.reading.calls, replay.reading.repeated) == (3, 1, 2)


def test_of_two_rows_about_one_call_at_one_time_the_later_counts_and_the_other_is_named(tmp_path: Path) -> None:
    replay = source(
        tmp_path, "1,2026-04-28 21:14,FIGHT,x", "2,2026-04-28 21:14,TRESPASS,y", "1,2026-04-28 21:14,CRISIS,x"
    )

    assert {each.type_text for each in pictures(replay.events())} == {"TRESPASS", "CRISIS"}
    [replaced] = replay.reading.replaced
    assert (replaced.file, replaced.line) == ("calls.csv", 2)
    assert "on line 4, which counts" in replaced.reason


def test_refused_rows_are_named_and_the_others_taken(tmp_path: Path) -> None:
    rows = [
        "1,2026-04-28 21:14,FIGHT,x",
        "2,2026-04-28 21:14,FIGHT",
        "3,yesterday,FIGHT,x",
        ",2026-04-28 21:14,FIGHT,x",
        "5,,FIGHT,x",
        f"6,2026-04-28 21:14,FIGHT,{'x' * 5_000}",
        "7,2026-04-28 21:14,,x",
    ]
    replay = source(tmp_path, *rows)

    taken = pictures(replay.events())

    assert [(each.number, each.type_text) for each in taken] == [("1", "FIGHT"), ("7", "UNKNOWN")]
    assert [str(each) for each in replay.reading.refused] == [
        "calls.csv, line 3: has 3 fields where the header has 4",
        "calls.csv, line 4: when the call was reported: 'yesterday' is no time in the form %Y-%m-%d %H:%M",
        "calls.csv, line 5: has nothing in number to tell the call by",
        "calls.csv, line 6: does not say when the call was reported",
        "calls.csv, line 7: a field is 5,000 characters long",
    ]
    assert replay.reading.sentence() == "7 rows read, 2 calls, 5 refused."


def test_a_nul_byte_refuses_its_row(tmp_path: Path) -> None:
    replay = source(tmp_path, "1,2026-04-28 21:14,FI\0GHT,x", "2,2026-04-28 21:14,FIGHT,x")

    assert [each.number for each in pictures(replay.events())] == ["2"]
    assert "line 2: holds a NUL byte" in str(replay.reading.refused[0])


def test_an_export_may_come_through_a_pipe(tmp_path: Path) -> None:
    content = f"{HEADER}\n1,2026-04-28 21:14,FIGHT,x\n".encode()
    for data in (content, gzip.compress(content)):
        reading, writing = os.pipe()
        os.write(writing, data)
        os.close(writing)
        try:
            replay = ReplaySource(Path(f"/dev/fd/{reading}"), profile(tmp_path), CENTER)
            assert [each.number for each in pictures(replay.events())] == ["1"]
        finally:
            os.close(reading)


def test_one_row_in_another_encoding_is_one_refused_row(tmp_path: Path) -> None:
    file = tmp_path / "calls.csv"
    good = f"{HEADER}\n1,2026-04-28 21:14,FIGHT,Côte St\n".encode()
    file.write_bytes(good + "2,2026-04-28 21:14,FIGHT,Côte St\n".encode("latin-1"))
    replay = ReplaySource(file, profile(tmp_path), CENTER)

    assert [each.place for each in pictures(replay.events())] == ["Côte St"]
    assert [str(each) for each in replay.reading.refused] == ["calls.csv, line 3: is not utf-8 text (byte 0xf4)"]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "cp1252", "utf-16"])
def test_files_in_the_encoding_that_the_profile_names(tmp_path: Path, encoding: str) -> None:
    file = tmp_path / "calls.csv"
    file.write_bytes(f"{HEADER}\r\n1,2026-04-28 21:14,FIGHT,Côte St\r\n".encode(encoding))
    named = "utf-8" if encoding == "utf-8-sig" else encoding

    replay = ReplaySource(file, profile(tmp_path, extra=f'[file]\nencoding = "{named}"\n'), CENTER)

    assert [each.place for each in pictures(replay.events())] == ["Côte St"]
    assert replay.reading.refused == ()


def zipped(text: str) -> bytes:
    raw = io.BytesIO()
    with zipfile.ZipFile(raw, "w") as archive:
        archive.writestr("calls.csv", text)
    return raw.getvalue()


WHOLE = f"{HEADER}\n" + "".join(f"{n},2026-04-28 21:14,FIGHT,place {n}\n" for n in range(4_000))


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "is empty"),
        (b"\n\n", "is empty: not even a line of column names"),
        (HEADER.encode(), "has a header and no rows"),
        (gzip.compress(WHOLE.encode(), mtime=0)[:-2_000], "damaged or cut short"),
        (gzip.compress(WHOLE.encode(), mtime=0)[:12], "damaged or cut short"),
        (gzip.compress(b"", mtime=0), "is empty"),
        (b"\x1f\x8b" + bytes(100), "damaged or cut short"),
        (WHOLE.encode("utf-16"), "is not utf-8 text"),
        (zipped(WHOLE), "zip file or an Excel workbook"),
        (b"\x7fELF" + bytes(range(256)) * 8, "is not utf-8 text"),
        (b"%PDF-1.7\nnothing to see\n", "has no column 'number'"),
        (b'"number,reported\n', "first line cannot be read"),
        (f"{HEADER}\n1,28.04.2026,FIGHT,x\n2,29.04.2026,FIGHT,x\n".encode(), "No row of"),
    ],
)
def test_a_file_that_is_no_export_is_one_clear_line(tmp_path: Path, content: bytes, says: str) -> None:
    file = tmp_path / "calls.csv"
    file.write_bytes(content)

    with pytest.raises(KnownError) as error:
        next(ReplaySource(file, profile(tmp_path), CENTER).events())

    assert says in error.value.message
    assert "calls.csv" in error.value.message
    assert "\n" not in error.value.message


@pytest.mark.parametrize("name", ["nowhere.csv", "."])
def test_a_file_that_cannot_be_read(tmp_path: Path, name: str) -> None:
    with pytest.raises(KnownError, match="cannot be read: "):
        next(ReplaySource(tmp_path / name, profile(tmp_path), CENTER).events())


def test_gzip_is_recognized_whatever_the_file_is_called(tmp_path: Path) -> None:
    file = tmp_path / "calls.csv"
    file.write_bytes(gzip.compress(WHOLE.encode(), mtime=0))

    assert len(pictures(ReplaySource(file, profile(tmp_path), CENTER).events())) == 4_000


def test_the_limit_counts_calls_the_earliest_first(tmp_path: Path) -> None:
    rows = [f"{n},2026-04-28 {hour:02d}:00,FIGHT,x" for n, hour in enumerate((21, 3, 14, 9, 23))]
    replay = source(tmp_path, *rows, extra=COURSE, limit=2)

    assert [each.number for each in pictures(replay.events()) if not each.closed] == ["1", "3"]
    assert replay.reading.calls == 2


def test_reading_can_be_stopped_before_anything_is_taken(tmp_path: Path) -> None:
    file = tmp_path / "calls.csv"
    file.write_text(WHOLE, encoding="utf-8")
    told: list[int] = []

    def stop(rows: int) -> bool:
        told.append(rows)
        return True

    with pytest.raises(Stopped, match="nothing was taken"):
        next(ReplaySource(file, profile(tmp_path), CENTER, progress=stop).events())

    assert told == [2_000]


def test_coordinates_that_cannot_be_read_cost_only_the_coordinates(tmp_path: Path) -> None:
    text = PLAIN + '    latitude = "lat"\n    longitude = "lon"\n'
    rows = [
        f"{n},2026-04-28 21:14,FIGHT,x,{pair}"
        for n, pair in enumerate(("41.6,-93.7", "north,west", "0,0", ",", "nan,1", "91,1"))
    ]
    file = export(tmp_path, *rows, header=HEADER + ",lat,lon")
    replay = ReplaySource(file, profile(tmp_path, text), CENTER)

    assert [(each.latitude, each.longitude) for each in pictures(replay.events())] == [(41.6, -93.7)] + [
        (None, None)
    ] * 5
    assert replay.reading.unplaced == 3


def test_text_is_put_on_one_line_without_invisible_characters(tmp_path: Path) -> None:
    replay = source(tmp_path, '1,2026-04-28 21:14," FIGHT\t\x1b[31m  ","412\u202e Alder\n St"')

    [shown] = pictures(replay.events())

    assert (shown.type_text, shown.place) == ("FIGHT [31m", "412 Alder St")


def test_an_hour_that_came_twice_is_counted(tmp_path: Path) -> None:
    replay = source(tmp_path, "1,2026-11-01 01:30,FIGHT,x", "2,2026-03-08 02:30,FIGHT,x")

    assert len(pictures(replay.events())) == 2
    assert (replay.reading.ambiguous, replay.reading.shifted) == (1, 1)


def test_the_generic_profile_reads_what_its_page_shows(tmp_path: Path) -> None:
    header = (
        "number,reported,closed,type,final_type,priority,place,latitude,longitude,caller,callback,units,disposition,"
        "narrative"
    )
    row = (
        "26-118-4471,2026-04-28 21:14,2026-04-28 22:02,WELFARE CHECK,SUICIDAL PERSON,2,412 Alder St,41.6,-93.7,"
        'sister,515-555-0142,"W11, M5",Transported,"says he wants to die\n/CLIN sister on the line"'
    )

    [call] = folded(ReplaySource(export(tmp_path, row, header=header), load_profile("generic"), CENTER).events())

    assert call.senseless == ()
    state = call.state
    assert state is not None
    assert state.picture is not None
    assert state.picture.units == ("W11", "M5")
    assert state.picture.disposition == "Transported"
    assert state.picture.common_code == "SUICTHRT"
    assert state.resurfaced_at is not None
    assert state.flag is not None


fields = st.lists(st.text(max_size=12), max_size=6)


@given(st.lists(fields, max_size=8))
def test_any_rows_are_taken_or_named(rows: list[list[str]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        lines = [",".join(row) for row in rows]
        content = "\n".join((HEADER, "1,2026-04-28 21:14,FIGHT,x", *lines)).encode(errors="surrogatepass")
        accounted(Path(folder), content)


@given(st.binary(max_size=300))
def test_any_bytes_are_rows_or_a_known_error(tail: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        accounted(Path(folder), f"{HEADER}\n1,2026-04-28 21:14,FIGHT,x\n".encode() + tail)
        accounted(Path(folder), tail)


def accounted(folder: Path, content: bytes) -> None:
    """Every row of the file is taken, repeats or replaces another, or is refused; its events can be folded."""
    file = folder / "calls.csv"
    file.write_bytes(content)
    replay = ReplaySource(file, profile(folder), CENTER)
    try:
        calls = folded(replay.events())
    except KnownError:
        return
    reading = replay.reading
    taken = len(reading.refused) + reading.repeated + len(reading.replaced)
    assert all(call.senseless == () for call in calls)
    assert reading.calls == len(calls)
    assert reading.rows >= taken + len(calls)  # an identity may come back at another time
