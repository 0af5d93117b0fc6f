"""A desk that holds a call stands still, as a computer does that sleeps; others go on, and it finds out on waking."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest

from console.actions import encounters
from console.clock import SystemClock
from console.models.call import CallEntered
from console.queries.workspace import workspace
from tests.regional.servers import PATIENCE, ROOT
from tests.support.desk import person
from tests.support.entries import at
from tests.support.proxy import Weather
from tests.support.region import Region
from tests.support.sharing import until

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="no SIGSTOP")


class DeskProcess:
    """A desk in a process of its own (see ``tests/support/desk_in_its_process.py``)."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process

    def asks(self, word: str, call: UUID) -> None:
        """It will read this as soon as it runs."""
        assert self._process.stdin is not None
        self._process.stdin.write(f"{word} {call}\n")
        self._process.stdin.flush()

    def answers(self) -> Any:
        assert self._process.stdout is not None
        return json.loads(self._process.stdout.readline())

    def stands_still(self) -> None:
        self._process.send_signal(signal.SIGSTOP)
        _, status = os.waitpid(self._process.pid, os.WUNTRACED)
        assert os.WIFSTOPPED(status)

    def goes_on(self) -> None:
        self._process.send_signal(signal.SIGCONT)


@contextmanager
def in_its_process(home: Path) -> Iterator[DeskProcess]:
    with subprocess.Popen(
        [sys.executable, "-m", "tests.support.desk_in_its_process", str(home)],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            yield DeskProcess(process)
            assert process.stdin is not None
            process.stdin.close()
            assert process.wait(PATIENCE) == 0
        finally:
            process.kill()


@pytest.mark.parametrize("seconds", [0.0, pytest.param(60.0, marks=[pytest.mark.soak, pytest.mark.timeout(300)])])
def test_a_call_is_taken_over_from_a_desk_that_stands_still_and_its_old_claim_counts_nowhere_when_it_wakes(
    region: Region, seconds: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    """I6: one holder of a call; nothing that rests on a claim that was lost is taken for the owner's."""
    monkeypatch.setattr("tests.support.sharing.PATIENCE", 40.0 + seconds)
    taker = region.desk()
    until(lambda: taker.settled() and not taker.waiting(), "the center at the server")
    holder = region.desk(connected=False)
    region.gone(holder)
    taker.stop()
    taker.move(region.server.url)  # by a network of its own
    taker.start()
    call, other = uuid4(), person("second clinician")
    region.enter(taker, "clinician", (call, CallEntered("26-1", "WELFARE CHECK", "1 Main St", at())))
    with in_its_process(holder.home) as desk:
        desk.asks("claim", call)
        claimed = [UUID(each) for each in desk.answers()["saved"]]
        until(lambda: taker.holds(*claimed), "the claim")
        desk.stands_still()
        stopped = SystemClock().monotonic()
        region.network.weather = Weather(swallow_down=True)  # so that nothing is told to it before it acts
        changes = encounters.take_over_and_begin(taker.desk, other, call, "no word from that desk")
        until(lambda: taker.holds(*changes.entries) and taker.settled(), "the call to be taken over")
        until(lambda: SystemClock().monotonic() - stopped >= seconds, "the desk to have stood still for so long")
        desk.asks("dispose", call)
        desk.goes_on()
        late = [UUID(each) for each in desk.answers()["saved"]]  # by the claim that it believes in
        region.network.clear()
        region.network.cut()
        until(lambda: taker.holds(*late), "what it did on waking")
        desk.asks("hears", call)
        assert desk.answers()["says"] == ["Your disposition does not count"]
        desk.asks("dispose", call)
        assert "Second Clinician" in desk.answers()["refused"], "now it knows, and says who has the call"
    region.saved |= dict.fromkeys([*claimed, *changes.entries, *late], "told by either desk")
    again = region.opened(holder.home).start()
    region.comes_to_rest()
    for each in (taker, again):
        state = workspace(each.desk, other, call).state
        assert state is not None
        assert state.claim is not None
        assert (state.claim.owner, state.disposition) == (other.user, None)
