"""The real Seattle calls of 2015: every number that is claimed of them, from the whole file."""

import csv
import gzip
import io
from collections import Counter
from pathlib import Path
from typing import NamedTuple

import pytest

from console.feeds.derive import Deriver
from console.feeds.profile import load_profile
from console.feeds.refusals import Reading
from console.feeds.replay import ReplaySource
from console.models.call_fold import CALL
from console.models.call_state import CallState
from tests.feeds.making import CENTER
from tests.support.shared import shared
from wire.envelope import Entry

STARTS = "CRISIS - PERSON IN BEHAVIORAL/EMOTIONAL CRISIS"
COMPLAINTS = frozenset({"CRISIS COMPLAINT - GENERAL", "MENTAL COMPLAINT"})
TRANSPORTS = frozenset({"CRISIS COMPLAINT - PICK-UP OR TRANSPORT", "MENTAL PERSON PICK-UP OR TRANSPORT"})


class Year(NamedTuple):
    rows: list[dict[str, str]]
    reading: Reading
    states: list[CallState]
    suggested: int
    entries: int


def seattle() -> Path:
    return shared("cfs-seattle-2015/spd_911_incident_response_2015.csv.gz")


@pytest.fixture(scope="module")
def year() -> Year:
    """The whole file, replayed, derived and folded."""
    path = seattle()
    with gzip.open(path, "rt", encoding="utf-8", newline="") as text:
        rows = list(csv.DictReader(text))
    replay = ReplaySource(path, load_profile("seattle"), CENTER)
    deriver = Deriver(CENTER)
    calls: dict[object, list[Entry]] = {}
    suggested = entries = 0
    for event in replay.events():
        for entry in deriver.entries(event):
            calls.setdefault(entry.subject, []).append(entry)
            suggested += entry.kind == "call.flag-suggested"
            entries += 1
    folded = [CALL.fold(each) for each in calls.values()]
    assert all(each.senseless == () and each.unread == 0 for each in folded)
    return Year(rows, replay.reading, [each.state for each in folded if each.state], suggested, entries)


def test_every_row_is_accounted_for(year: Year) -> None:
    reading = year.reading

    assert reading.rows == len(year.rows) == 91_067
    assert reading.repeated == 782 == len(year.rows) - len({tuple(row.values()) for row in year.rows})
    assert len(reading.replaced) == 1
    assert reading.refused == ()
    assert reading.calls == len(year.states) == 90_284
    assert reading.rows == reading.calls + reading.repeated + len(reading.replaced)


def test_the_one_pair_that_differs_in_its_clearance_only_keeps_the_later_row(year: Year) -> None:
    [replaced] = year.reading.replaced

    assert (replaced.line, replaced.last_line) == (87_692, 87_692)
    assert "on line 91034, which counts" in replaced.reason
    assert year.rows[87_692 - 2]["Event.Clearance.Description"] == "ASSAULTS, OTHER"
    assert year.rows[91_034 - 2]["Event.Clearance.Description"] == "FIGHT DISTURBANCE"


def test_calls_that_end_as_crisis_and_did_not_start_so_come_back_up(year: Year) -> None:
    """1,298 rows end in one of the four behavioral types without having started so; 14 repeat another: 1,284 calls.

    1,280 of those rows end as a *complaint*, of crisis or mental; without the 14 that repeat, 1,266 calls. The other
    18 are pick-ups and transports.
    """
    resurfaced = [state for state in year.states if state.resurfaced_at is not None]
    ends = Counter(state.picture.type_text for state in resurfaced if state.picture)
    such_rows = [
        row
        for row in year.rows
        if row["Event.Clearance.Description"] in COMPLAINTS | TRANSPORTS and row["Initial.Type.Description"] != STARTS
    ]
    complaints = [row for row in such_rows if row["Event.Clearance.Description"] in COMPLAINTS]

    assert len(such_rows) == 1_298
    assert len(complaints) == 1_280
    assert len({tuple(row.values()) for row in such_rows}) == len(resurfaced) == 1_284
    assert len({tuple(row.values()) for row in complaints}) == sum(ends[each] for each in COMPLAINTS) == 1_266
    assert sum(ends[each] for each in TRANSPORTS) == 18
    for state in resurfaced:
        assert state.opened_at is not None
        assert state.resurfaced_at is not None
        assert (state.resurfaced_at - state.opened_at).total_seconds() == 15 * 60
        assert state.suggested
        assert state.open  # closed in CAD half an hour later, and still there for a person to decide


def test_each_behavioral_call_is_suggested_once_with_its_type(year: Year) -> None:
    started = [state for state in year.states if state.first_type == STARTS]
    resurfaced = sum(state.resurfaced_at is not None for state in year.states)

    assert len(started) == 930
    assert year.suggested == len(started) + resurfaced == sum(state.suggested for state in year.states)
    assert {state.suggestion.why for state in started if state.suggestion} == {f'type "{STARTS}"'}
    assert sum(state.flag is not None for state in year.states) == 0  # a rule only suggests


def test_every_call_closes_and_every_type_has_a_common_code(year: Year) -> None:
    pictured = [state.picture for state in year.states if state.picture]

    assert all(picture.closed and picture.common_code for picture in pictured)
    assert all(picture.latitude and picture.longitude and picture.place for picture in pictured)
    retyped = sum(state.type_changed_at is not None for state in year.states)
    assert retyped == 88_328
    assert year.entries == 2 * len(year.states) + retyped + year.suggested
    assert year.reading.ambiguous == 34
    assert year.reading.shifted == 0


def test_the_order_of_the_file_does_not_matter(tmp_path: Path) -> None:
    lines = gzip.decompress(seattle().read_bytes()).splitlines(keepends=True)
    some = lines[1:2_001]

    def entries(rows: list[bytes], name: str) -> set[Entry]:
        path = tmp_path / name
        path.write_bytes(b"".join((lines[0], *rows)))
        deriver = Deriver(CENTER)
        source = ReplaySource(path, load_profile("seattle"), CENTER)
        return {entry for event in source.events() for entry in deriver.entries(event)}

    assert entries(some, "a.csv") == entries(some[::-1], "b.csv") == entries(some + some[500:900], "c.csv")


def test_a_truncated_download_is_refused_whole(tmp_path: Path) -> None:
    path = tmp_path / "seattle.csv.gz"
    path.write_bytes(seattle().read_bytes()[:1_000_000])
    source = ReplaySource(path, load_profile("seattle"), CENTER)

    with pytest.raises(Exception, match=r"cut short after [\d,]+ rows .*Nothing was taken"):
        next(source.events())


def test_the_file_is_utf8_without_a_mark() -> None:
    text = gzip.decompress(seattle().read_bytes())

    assert io.BytesIO(text).readline().startswith(b"Event.Clearance.Code,")
    text.decode()
