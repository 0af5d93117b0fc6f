"""A fault of this program in the middle of sharing is told with an id, logged without a word, and survived."""

import logging
from typing import Any

import pytest

from console.sync import link
from console.sync.events import Standing, State, Take
from console.sync.keeper import carry_out
from tests.support.sharing import SharingDesk, until
from tests.sync.conftest import Join
from tests.sync.test_two_desks import a_call

WORDS = "what a caller said"


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> list[Standing]:
    """What was told of every desk; a fault is waited out in a moment."""
    monkeypatch.setattr("console.sync.retry.FINAL_DELAY", 0.2)
    found: list[Standing] = []
    tell = SharingDesk._tell
    monkeypatch.setattr(SharingDesk, "_tell", lambda self, standing: (found.append(standing), tell(self, standing)))
    return found


@pytest.mark.parametrize("where", ["store", "step", "network", "verifiers"])
def test_a_fault_of_our_own_is_told_and_logged_and_the_sharing_goes_on(
    join: Join, told: list[Standing], monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, where: str
) -> None:
    """26. A fault of the desk's own program MUST NOT end the sharing: it is logged, told with the id of the log's entry
    …
    """
    first, second = join(), join("operations")
    until(lambda: first.settled() and second.settled(), "rest")
    broken: list[str] = []

    def breaks() -> None:
        if not broken:
            broken.append(where)
            raise KeyError(WORDS)

    def in_store(store: Any, effect: Any) -> Any:
        if isinstance(effect, Take) and store is second.store:
            breaks()
        return carry_out(store, effect)

    carried = link.Link._carry_out

    def in_step(self: Any, effect: Any) -> None:
        if isinstance(effect, Take) and self is second.link:
            breaks()
        carried(self, effect)

    def anywhere(*_: Any) -> Any:
        breaks()
        return True

    if where == "store":
        monkeypatch.setattr(link, "carry_out", in_store)
    elif where == "step":
        monkeypatch.setattr(link.Link, "_carry_out", in_step)
    elif where == "verifiers":
        monkeypatch.setattr(link, "bring_verifiers", anywhere)
        assert second.link is not None
        second.link._brought = 0
    else:
        assert second.link is not None
        asked = second.link._session
        monkeypatch.setattr(second.link, "_session", lambda: (breaks(), asked())[1])
        second.link._loop.call_soon_threadsafe(second.link._lost, second.link._connection, "cut")  # type: ignore[union-attr]
    with caplog.at_level(logging.ERROR):
        call = a_call(first)
        until(lambda: broken, "the fault")
        until(lambda: any("report" in standing.says for standing in told), "it to be told")
        until(lambda: second.settled() and first.settled(), "the sharing to go on")
    assert any(standing.state is State.ATTENTION and "fault in this program" in standing.says for standing in told)
    with second.store.read() as connection:
        assert connection.exec_driver_sql("SELECT 1 FROM call WHERE subject = ?", (call.bytes,)).first()
    (record,) = [record for record in caplog.records if "sharing broke" in record.message]
    assert "KeyError" in record.getMessage()
    assert record.exc_info is not None
    assert WORDS not in str(record.exc_info[1])
    report = record.getMessage().split()[3].rstrip(":")
    assert any(report in standing.says for standing in told)


def test_a_fault_in_telling_of_a_fault_ends_nothing(
    join: Join, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("console.sync.retry.FINAL_DELAY", 0.2)
    first, second = join(), join("operations")
    until(lambda: first.settled() and second.settled(), "rest")
    tell, times = second._tell, []
    assert second.link is not None

    def fails(standing: Standing) -> None:
        tell(standing)
        times.append(standing)
        if len(times) < 4:
            raise RuntimeError(WORDS)

    second.link._tell = fails
    with caplog.at_level(logging.ERROR):
        second.link._loop.call_soon_threadsafe(second.link._lost, second.link._connection, "cut")  # type: ignore[union-attr]
        a_call(first)
        until(lambda: len(times) > 4, "more to be told")
        until(lambda: second.settled() and first.settled(), "the sharing to go on")
    assert second.order("northside/operations") == first.order("northside/operations")


def test_what_happens_in_a_moment_is_told_at_once_and_nothing_of_it_is_left_out(
    join: Join, told: list[Standing], monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = join(), join("operations")
    until(lambda: first.settled() and second.settled(), "rest")
    first.stop()
    assert second.link is not None
    link_of = second.link
    until(lambda: link_of._standing is None, "what is to be told")
    monkeypatch.setattr(link, "MOMENT", 3_600.0)
    before = len(told)
    first.start()
    call = a_call(first)
    until(lambda: second.order("northside/operations"), "the call")
    with second.store.read() as connection:
        assert connection.exec_driver_sql("SELECT 1 FROM call WHERE subject = ?", (call.bytes,)).first()
    assert len(told) == before

    def knows() -> bool:
        waits = link_of._standing  # the store has it a moment before the link knows
        return waits is not None and waits.journals["northside/operations"].point.seq == 1

    until(knows, "what is to be told of the call")
    second.stop()
    (last,) = told[before:]
    assert last.journals["northside/operations"].point.seq == 1
