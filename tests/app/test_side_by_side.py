"""A drill at two desks: two programs and a server, all of which end with either, and leave nothing behind."""

from pathlib import Path

import pytest

from tests.support.closing import run_with

# What happens as soon as both desks are there: {then}.
_HAND = """
import os, signal
from console.app import side_by_side

seconds = []
started = side_by_side.SecondDesk.__init__
def start(self, *given):
    started(self, *given)
    seconds.append(self.number)
side_by_side.SecondDesk.__init__ = start

def look():
    for window in QApplication.topLevelWidgets():
        if isinstance(window, ConsoleWindow) and type(window.page).__name__ == "Frame" and there():
            look.timer.stop()
            {then}

def there():
    # The second desk has a folder of its own as soon as it has begun to join.
    return any(place.startswith("clinician-console-drill-") for place in os.listdir(folder()))

def folder():
    from console.app.side_by_side import DrillServer
    return DrillServer.last

made = side_by_side.DrillServer.__init__
def make(self):
    made(self)
    side_by_side.DrillServer.last = self.folder
side_by_side.DrillServer.__init__ = make
"""


def processes_in(folder: Path) -> list[str]:
    """What still runs of the programs that were given this folder for what they throw away."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if f"TMPDIR={folder}".encode() in (process / "environ").read_bytes():
                found.append((process / "cmdline").read_bytes().replace(b"\0", b" ").decode())
        except OSError:
            continue  # somebody else's, or gone by now
    return found


@pytest.mark.skipif(not Path("/proc/self/environ").exists(), reason="needs /proc to see what runs")
@pytest.mark.parametrize(
    "then",
    ["window.close()", "os.kill(seconds[0], signal.SIGKILL)", "os.kill(os.getpid(), signal.SIGINT)"],
    ids=["the first is closed", "the second is no more", "the first is stopped in its terminal"],
)
def test_with_either_desk_all_of_it_ends(tmp_path: Path, then: str) -> None:
    done = run_with(_HAND.replace("{then}", then), "drill", "--side-by-side", TMPDIR=str(tmp_path))
    assert (done.returncode, done.stderr) == (0, "")
    assert processes_in(tmp_path) == []
    assert [path.name for path in tmp_path.iterdir() if "clinician-console" in path.name] == []
