"""The end: in order, with nothing left running and status 0, whatever was going on."""

import tempfile
import threading
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from console.security.home_key import PASSPHRASE_VARIABLE
from tests.support.closing import run_with
from tests.support.sitting import PASSPHRASE, playing_a_drill, sitting_at

# Closes every window when one shows the page {page}.
_CLOSE = """
def look():
    for window in QApplication.topLevelWidgets():
        if isinstance(window, ConsoleWindow) and type(window.page).__name__ == "{page}":
            for each in QApplication.topLevelWidgets():
                each.close()
"""


@pytest.mark.parametrize("words", [("--home", "{home}"), ("drill", "--seed", "5")])
def test_the_process_ends_with_status_0(locked_home: Path, tmp_path: Path, words: tuple[str, ...]) -> None:
    scratch = tmp_path / "tmp"
    scratch.mkdir()
    page = "Frame" if words[0] == "drill" else "SignInPage"
    done = run_with(
        _CLOSE.format(page=page),
        *(word.format(home=locked_home) for word in words),
        **{PASSPHRASE_VARIABLE: PASSPHRASE, "TMPDIR": str(scratch)},
    )
    said = [line for line in done.stderr.splitlines() if not line.startswith("This plugin does not support")]
    assert (done.returncode, said) == (0, [])
    assert list(scratch.iterdir()) == [], "a drill leaves nothing behind"


# Sends the process {sent} when one of its windows shows the page {page}.
_STOP = """
import os, signal
def look():
    for window in QApplication.topLevelWidgets():
        if isinstance(window, ConsoleWindow) and type(window.page).__name__ == "{page}":
            look.timer.stop()
            os.kill(os.getpid(), signal.{sent})
"""


@pytest.mark.parametrize("sent", ["SIGINT", "SIGTERM"])
@pytest.mark.parametrize("words", [("--home", "{home}"), ("drill", "--seed", "5")])
def test_a_signal_ends_it_as_closing_does(locked_home: Path, tmp_path: Path, words: tuple[str, ...], sent: str) -> None:
    scratch = tmp_path / "tmp"
    scratch.mkdir()
    done = run_with(
        _STOP.format(page="Frame" if words[0] == "drill" else "SignInPage", sent=sent),
        *(word.format(home=locked_home) for word in words),
        **{PASSPHRASE_VARIABLE: PASSPHRASE, "TMPDIR": str(scratch)},
    )
    said = [line for line in done.stderr.splitlines() if not line.startswith("This plugin does not support")]
    assert (done.returncode, said) == (0, [])
    assert list(scratch.iterdir()) == [], "a drill leaves nothing behind"


def test_a_signal_ends_a_walk_at_its_next_step(tmp_path: Path) -> None:
    scratch = tmp_path / "tmp"
    scratch.mkdir()
    done = run_with(
        _STOP.format(page="Frame", sent="SIGINT"),
        *("drill", "--seed", "5", "--screenshots", str(tmp_path / "pictures")),
        TMPDIR=str(scratch),
    )
    said = [line for line in done.stderr.splitlines() if not line.startswith("This plugin does not support")]
    assert (done.returncode, said) == (2, ["Stopped."])
    assert list(scratch.iterdir()) == [], "a drill leaves nothing behind"


def test_no_thread_outlives_the_program(qtbot: QtBot, qapp: QApplication, home: Path) -> None:
    before = set(threading.enumerate())
    with sitting_at(home, qtbot, qapp) as sitting:
        person = sitting.start()
        person.until(lambda: sitting.program.desk is not None, "the home to open")
        person.sign_in("rokafor")
        assert set(threading.enumerate()) > before
    assert {thread.name for thread in set(threading.enumerate()) - before} == set()


def test_a_drill_in_full_swing_ends_and_is_thrown_away(qtbot: QtBot, qapp: QApplication) -> None:
    before = set(threading.enumerate())
    with playing_a_drill(qtbot, qapp, seed=3, scenario="surge") as (sitting, people):
        home = sitting.desk.store.home
        assert home.parent == Path(tempfile.gettempdir())
        dispatcher = sitting.work_of(people.dispatcher)
        dispatcher.press("3")
        dispatcher.until(lambda: len(dispatcher.board.model.rows) > 20, "the calls")
    assert not home.exists()
    assert {thread.name for thread in set(threading.enumerate()) - before} == set()
