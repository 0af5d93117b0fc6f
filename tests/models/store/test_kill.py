"""``kill -9`` at any point: nothing that was acknowledged is lost, nothing is half there."""

import os
import random
import signal
import subprocess
import sys
from pathlib import Path
from uuid import UUID

import pytest

from console.models.store import drafts, rebuild, verify
from console.models.store import engine as engines
from console.models.store.contents import damaged_pages
from console.models.store.store import Store
from tests.support.desk import KEY, found_home_files, founded_home, person

ROOT = Path(__file__).parents[3]


def work_and_kill(home: Path, chance: random.Random) -> tuple[set[UUID], str]:
    """Let a desk work, kill it after some lines and a moment more; what it acknowledged, and its last draft."""
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.support.acts_until_killed", str(home), str(chance.randrange(2**40))],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=ROOT,
    )
    assert process.stdout is not None
    assert process.stderr is not None
    lines = [process.stdout.readline() for _ in range(chance.randrange(1, 60))]
    for _ in range(chance.randrange(30_000)):
        pass
    process.send_signal(signal.SIGKILL)
    # Not communicate(): it reads past what readline() has buffered, and what was said there would be forgotten.
    with process:
        rest, errors = process.stdout.read(), process.stderr.read()
    assert errors == ""
    assert process.returncode == -signal.SIGKILL
    lines += [line for line in rest.splitlines(keepends=True) if line.endswith("\n")]
    acknowledged: set[UUID] = set()
    draft = ""
    for line in lines:
        what, _, said = line.rstrip("\n").partition(" ")
        if what == "entries":
            acknowledged |= {UUID(each) for each in said.split()}
        else:
            assert what == "draft"
            draft = said
    return acknowledged, draft


def check(home: Path, acknowledged: set[UUID], draft: str) -> int:
    """Open the store as the next start does, and look at everything; how many entries there are."""
    assert not any(path.read_bytes().startswith(b"SQLite format 3") for path in found_home_files(home))
    with Store.open(home, KEY) as store:
        with store.read() as connection:
            there = {UUID(bytes=row[0]) for row in connection.exec_driver_sql("SELECT id FROM entry")}
            acts = connection.exec_driver_sql(
                "SELECT group_concat(kind) FROM (SELECT act, kind, subject FROM entry ORDER BY place) GROUP BY act"
            ).scalars()
            halves = {"call.flagged", "call.officer-waiting"} & set(acts)
            kept = {each.name: each.text for each in drafts.of_author(connection, person("clinician").user)}
        assert acknowledged <= there
        assert halves == set()
        report = verify.verify(store)
        assert report.faults == ()
        assert rebuild.rebuild(store).differences == ()
        if draft:
            # The next draft may have been kept and not yet said.
            before, _, number = draft.split(" ")[0].rpartition("-")
            assert kept["note"].split(" ")[0] in {f"{before}-{number}", f"{before}-{int(number) + 1}"}
    connection = engines.connect(home / engines.DATABASE, KEY)
    assert damaged_pages(connection) == []
    connection.close()
    return len(there)


def kill_again_and_again(home: Path, runs: int, seed: int) -> None:
    chance = random.Random(seed)
    founded_home(home)
    acknowledged: set[UUID] = set()
    entries = 0
    for _ in range(runs):
        new, draft = work_and_kill(home, chance)
        acknowledged |= new
        now = check(home, acknowledged, draft)
        assert now >= entries + len(new)
        entries = now
    assert len(acknowledged) > runs


@pytest.mark.skipif(sys.platform == "win32", reason="no SIGKILL")
@pytest.mark.parametrize("part", range(4))
def test_twenty_kills_lose_nothing(home: Path, part: int) -> None:
    """10. What a person was told is saved MUST be in the desk's own store first …"""
    kill_again_and_again(home, 5, seed=part)


@pytest.mark.soak
@pytest.mark.timeout(3600)
@pytest.mark.skipif(sys.platform == "win32", reason="no SIGKILL")
def test_two_hundred_kills_lose_nothing(home: Path) -> None:
    """A new seed each time; the one that failed is in the message."""
    seed = int(os.environ.get("CONSOLE_SOAK_SEED", "0")) or random.SystemRandom().randrange(2**32)
    try:
        for part in range(10):
            kill_again_and_again(home / str(part), 20, seed + part)
    except AssertionError as error:
        raise AssertionError(f"CONSOLE_SOAK_SEED={seed}") from error
