"""What a killed drill leaves in the folder for temporary files goes when the next one begins; a running one's stays."""

import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from console.actions import homes
from console.app.side_by_side import DrillServer
from console.clock import SystemClock
from tests.support.runs import ROOT

KILLED = """
import os, signal
from console.actions import homes
from console.clock import SystemClock
homes.drill_desk(SystemClock(), "Drill", "UTC")
os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.fixture
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder for temporary files."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


def test_what_a_killed_drill_left_goes_with_the_next_and_nothing_else_does(temporary: Path) -> None:
    names = {"PYTHONPATH": str(ROOT / "src"), "TMPDIR": str(temporary), "HOME": str(temporary)}
    killed = subprocess.run([sys.executable, "-c", KILLED], env=names, cwd=ROOT, check=False, capture_output=True)
    assert killed.returncode == -9, killed.stderr
    (left,) = temporary.glob("clinician-console-drill-*")
    server = DrillServer()
    others = [temporary / "clinician-console-drill-begins", temporary / "somebody-s"]
    for folder in others:
        folder.mkdir()
    running = homes.drill_desk(SystemClock(), "Drill", "UTC")
    assert not left.exists()
    second = homes.drill_desk(SystemClock(), "Drill", "UTC")
    stays = [running.store.home, second.store.home, Path(server.folder), *others]
    assert [folder for folder in stays if not folder.exists()] == []
    for desk in (running, second):
        homes.throw_away(desk.store)
    server.__exit__()
    assert sorted(temporary.glob("clinician-console-drill-*")) == [others[0]]
