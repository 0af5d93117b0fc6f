"""A count that no desk can show any more, after the server was set back, holds up what stands behind it for an hour."""

import logging
from collections.abc import Callable

import pytest
from msgspec.structs import replace

from regional import status
from regional.access import Member
from regional.clock import Clock
from regional.database import Database
from regional.epochs import Epochs, Lost
from regional.gaps import WAITS
from regional.metrics import Metrics
from regional.ordering import Submission, order
from regional.rights import RightsCache
from tests.regional.desk import Writing
from wire.envelope import Entry, uuid7
from wire.messages import Refusal, Result, Verdict

Push = Callable[..., list[Result]]
MOMENT = 1_000_000


@pytest.fixture
def dead(center: str) -> Writing:
    """The desk that wrote it all, and is gone."""
    return Writing(center)


@pytest.fixture
def push(database: Database, center: str, dead: Writing) -> Push:
    """A desk of the center, founded by the dead one, puts something back at a time in microseconds."""
    cache = RightsCache()
    other = Member(center, dead.device, Writing(center).device, True, 0)

    def push_one(entries: list[Entry], now: int, member: Member = other) -> list[Result]:
        outcome = database.write(lambda work: order(work, cache, [Submission(member, tuple(entries))], now))
        return outcome.results[0]

    founded = push_one(dead.founding(), 0, Member(center, dead.device, dead.device, True, 0))
    assert {result.verdict for result in founded} == {Verdict.ACCEPTED}
    database.write(
        lambda work: work.run(
            "INSERT INTO device (center, device, desk, beginnings) VALUES (?, ?, ?, 0)",
            (center, dead.device.bytes, dead.device.bytes),
        )
    )
    return push_one


def _held(dead: Writing, count: int, *lost: int) -> list[Entry]:
    """What other desks have of it, with the places it had, but for the ``lost`` counts, which were refused."""
    made = [dead.entry() for _ in range(count)]
    left = [entry for entry in made if entry.n not in lost]
    return [replace(entry, seq=place, received_at=1) for place, entry in enumerate(left, 1)]


def _verdicts(results: list[Result]) -> list[str]:
    return [result.verdict.value for result in results]


def test_what_stands_behind_a_gap_that_nobody_fills_is_taken_after_an_hour(push: Push, dead: Writing) -> None:
    held = _held(dead, 9, 6)
    assert _verdicts(push(held, MOMENT)) == ["accepted"] * 5 + ["waits"] * 3
    assert _verdicts(push(held[5:], MOMENT + WAITS - 1)) == ["waits"] * 3
    results = push(held[5:], MOMENT + WAITS)
    assert [(result.verdict.value, result.seq) for result in results] == [
        ("accepted", 6),
        ("accepted", 7),
        ("accepted", 8),
    ]
    # The count goes on from there, by the chain.
    assert _verdicts(push([dead.entry(), replace(dead.entry(), chain=bytes(32))], MOMENT + WAITS)) == [
        "accepted",
        "refused",
    ]


def test_whoever_comes_with_the_missing_entry_too_late_goes_on_as_a_new_device(push: Push, dead: Writing) -> None:
    made = [dead.entry() for _ in range(3)]
    behind = [replace(made[2], seq=2, received_at=1)]
    push([made[0], *behind], MOMENT)
    assert _verdicts(push(behind, MOMENT + WAITS)) == ["accepted"]
    (late,) = push([made[1]], MOMENT + WAITS)
    assert (late.verdict, late.refusal) == (Verdict.REFUSED, Refusal.FORK)  # with which it is kept, and sent again


def test_a_gap_that_is_filled_was_none(push: Push, dead: Writing, database: Database, center: str) -> None:
    made = [replace(dead.entry(), seq=place, received_at=1) for place in (1, 2, 3)]
    assert _verdicts(push([made[0], made[2]], MOMENT)) == ["accepted", "waits"]
    assert _verdicts(push(made[1:], MOMENT + 2)) == ["accepted", "accepted"]
    assert not [line for line, _ in database.read(lambda work: status.look(work, 1)) if _is_of(line, center)]


def test_a_part_that_comes_in_between_begins_another_hour(push: Push, dead: Writing) -> None:
    held = _held(dead, 5, 4)
    last = held[-1:]
    assert _verdicts(push(last, MOMENT)) == ["waits"]
    push(held[:3], MOMENT + WAITS - 1)
    assert _verdicts(push(last, MOMENT + WAITS)) == ["waits"]
    assert _verdicts(push(last, MOMENT + 2 * WAITS - 1)) == ["waits"]
    assert _verdicts(push(last, MOMENT + 2 * WAITS)) == ["accepted"]


def test_what_comes_first_in_a_push_waits_for_the_rest_of_it(push: Push, dead: Writing, database: Database) -> None:
    """A desk that began at the end of a journal got what is older later, and puts it back in that order."""
    one, two = _held(dead, 2)
    assert _verdicts(push([two, one], MOMENT + 5 * WAITS)) == ["waits", "accepted"]
    assert _verdicts(push([two], MOMENT + 5 * WAITS)) == ["accepted"]


def test_what_never_had_a_place_waits_for_ever(push: Push, dead: Writing) -> None:
    """No desk but its author has it, and the author has what comes before it."""
    _, *behind = [dead.entry() for _ in range(3)]
    for hours in range(4):
        assert _verdicts(push(behind, MOMENT + hours * WAITS)) == ["waits", "waits"]


def test_the_author_who_is_there_is_skipped_by_no_count_that_another_desk_invents(push: Push, dead: Writing) -> None:
    liar = Writing(dead.center)
    liar.device, liar.heads = dead.device, {f"{dead.center}/operations": (500, bytes(32))}
    invented = [replace(liar.entry(), seq=500, received_at=1)]
    for minutes in range(0, 180, 10):
        now = MOMENT + minutes * WAITS // 60
        assert _verdicts(push([dead.entry()], now)) == ["accepted"]
        assert _verdicts(push(invented, now)) == ["waits"]


def test_an_act_waits_whole(push: Push, dead: Writing) -> None:
    act = uuid7()
    dead.entry()  # refused, and lost
    made = [dead.entry(act=act), dead.entry("audit.recorded", journal=f"{dead.center}/audit", act=act)]
    held = [replace(entry, seq=1, received_at=1) for entry in made]
    assert _verdicts(push(held, MOMENT)) == ["waits", "waits"]
    assert _verdicts(push(held, MOMENT + WAITS)) == ["accepted", "accepted"]


def test_a_new_epoch_waits_anew(
    push: Push, dead: Writing, database: Database, center: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.CRITICAL)
    behind = _held(dead, 2, 1)
    push(behind, MOMENT)
    epochs = Epochs(database, Clock(), Metrics())
    number = database.read(epochs.refresh)
    epochs.begin(number, Lost(f"{center}/operations", 9), dead.device)
    assert _verdicts(push(behind, MOMENT + WAITS)) == ["waits"]
    assert _verdicts(push(behind, MOMENT + 2 * WAITS)) == ["accepted"]


def test_a_clock_that_was_set_back_waits_anew(push: Push, dead: Writing) -> None:
    behind = _held(dead, 2, 1)
    for now, verdict in ((9 * WAITS, "waits"), (WAITS, "waits"), (2 * WAITS, "accepted")):
        assert _verdicts(push(behind, now)) == [verdict]


def _is_of(line: dict[str, object], center: str) -> bool:
    return line["is"] == "gap" and line["journal"] == f"{center}/operations"


def test_the_operator_sees_what_is_missing_and_what_was_passed_over(
    push: Push, dead: Writing, database: Database, center: str
) -> None:
    database.write(
        lambda work: work.run(
            "INSERT INTO desk (center, desk, key, code, clinical, joined_at, seen_at, program, unsent, shown) "
            "VALUES (?, ?, ?, 'Q', ?, 0, 0, '', 0, '{}')",
            (center, dead.device.bytes, bytes(32), True),
        )
    )
    behind = _held(dead, 3, 1, 2)

    def gap() -> tuple[dict[str, object], str]:
        (found,) = [each for each in database.read(lambda work: status.look(work, 1)) if _is_of(each[0], center)]
        return found

    push(behind, MOMENT)
    line, sentence = gap()
    assert (line["code"], line["missing"], line["passed_at"]) == ("Q", 1, None)
    assert "entry 1 of desk Q is missing since 1970-01-01T00:00:01+00:00" in sentence
    assert "passed over from 1970-01-01T01:00:01+00:00 on" in sentence
    push(behind, MOMENT + WAITS)
    line, sentence = gap()
    assert (line["missing"], line["behind"], line["passed_at"]) == (1, 3, "1970-01-01T01:00:01+00:00")
    assert "its entry 3 came next" in sentence
