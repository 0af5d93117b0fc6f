"""Either end dies at any moment: nothing that somebody was told is saved is lost or doubled."""

import subprocess
import sys
from collections.abc import Callable
from uuid import UUID, uuid4

import pytest

from console.models.audit import AuditRecorded
from tests.regional.servers import PATIENCE, ROOT
from tests.support.desk import person
from tests.support.desk_until_killed import DIED
from tests.support.entries import at
from tests.support.region import Region
from tests.support.sharing import SharingDesk, until
from tests.sync.test_faults_desk import copy_of
from wire.administration import UserDisabled, UserEnabled

Backup = Callable[[], Callable[[], str]]


@pytest.mark.parametrize(
    "place", ["while-ordering", "before-commit", "after-commit-before-reply", "while-answering-a-pull"]
)
def test_the_server_dies_at_any_step_and_says_nothing_that_is_not_durable(region: Region, place: str) -> None:
    """2. The server MUST NOT answer a push before what it says is durable."""
    first, second = region.desk(), region.desk("operations")
    assert region.server.stop() == 0
    for times in (1, 1) if place == "while-answering-a-pull" else (1, 2):
        second.stop()
        server = region.begin(REGIONAL_SERVER_FAILPOINT=f"{place}:{times}")
        region.work(first, 2)
        until(lambda server=server: not first.waiting() or server.process.poll() is not None, "it")  # type: ignore[misc]
        second.start()
        region.work(second, 2, "dispatcher")
        assert server.ended() == 86
    region.begin()
    region.comes_to_rest()


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_desk_dies_at_any_step_and_goes_on_from_its_last_commit(region: Region, backup: Backup, when: str) -> None:
    """11. … in the same transaction that moves the cursor. … So a cursor never stands behind what is stored."""
    first = region.desk()
    region.work(first, 3)
    region.comes_to_rest()
    desk = region.desk(connect=False)
    for effect in ("BeginEpoch", "SetCursor", "TakeOlder"):
        desk = dies(region, desk, f"{when}:{effect}")
        region.check()
    desk.start()
    region.comes_to_rest()
    desk.stop()
    region.work(first, 2)
    for effect in ("Take", "Settle"):
        desk = dies(region, desk, f"{when}:{effect}")
        region.check()
    desk.start()
    region.comes_to_rest()
    # The server loses what follows.
    assert region.server.stop() == 0
    put_back = backup()
    region.begin()
    region.work(first, 2)
    region.comes_to_rest()
    desk.stop()
    assert region.server.stop() == 0
    region.address = put_back()
    region.begin()
    for effect in ("PutBack", "BeginEpoch"):
        desk = dies(region, desk, f"{when}:{effect}")
    desk.start()
    region.comes_to_rest()
    # The home is copied.
    desk, other = copy_of(region, desk)
    region.enter(desk, "clinician", (uuid4(), AuditRecorded(at(), "journal.exported")))
    desk.start()
    until(lambda: not desk.waiting(), "the one copy to be sent")
    other = dies(region, other, f"{when}:BecomeNewDevice")
    other.start()
    region.comes_to_rest()


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_desk_that_dies_while_it_offers_again_what_a_right_allows_now_forgets_none_of_it(
    region: Region, when: str
) -> None:
    """15. … by the desk itself when the administration journal changes and the reason was the actor or their right."""
    first, away = region.desk(), region.desk(connected=False)
    who = person("dispatcher").user
    region.enter(first, "administrator", (who, UserDisabled(at())))
    calls = region.work(away, 2, "dispatcher")
    until(lambda: first.settled() and not first.waiting(), "the administrator's word at the server")
    away.start()
    until(lambda: len(away.refused()) == len(calls), "the refusal")
    until(away.settled, "rest")
    away.stop()
    region.enter(first, "administrator", (who, UserEnabled(at())))
    until(lambda: first.settled() and not first.waiting(), "the right to be given back")
    away = dies(region, away, f"{when}:OfferAgain")
    assert len(away.refused()) == (len(calls) if when == "before" else 0)
    away.start()
    until(lambda: first.holds(*calls), "the calls to be accepted")
    region.comes_to_rest()
    assert not away.refused()


def dies(region: Region, desk: SharingDesk, place: str) -> SharingDesk:
    """The desk works in a process of its own until it dies there; it is opened again, not connected."""
    region.gone(desk)
    ran = subprocess.run(
        [sys.executable, "-m", "tests.support.desk_until_killed", str(desk.home), place],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
    )
    assert ran.returncode == DIED, ran.stderr
    saved = [UUID(identity) for line in ran.stdout.splitlines() for identity in line.split()]
    region.saved |= dict.fromkeys(saved, f"acknowledged before it died at {place}")
    return region.opened(desk.home)
