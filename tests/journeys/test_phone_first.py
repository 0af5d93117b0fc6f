"""The phone rings before CAD has anything, and the computer stops in the middle of a sentence."""

import os
import signal
import subprocess
import sys
from pathlib import Path

from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from console.feeds.replay import ReplaySource
from console.models.store.rebuild import rebuild
from console.models.store.verify import verify
from console.views.shell.waiting_bar import WaitingBar
from tests.feeds.making import export, profile
from tests.journeys.typist import DRAFT, LINE, NAME
from tests.support.runs import ROOT
from tests.support.sitting import founded_home, off_gui, sitting_at

KEPT_BEFORE_THE_END = 2
TYPED_AFTER = 17
"""How many times the screen said "saved", and how many characters came after it, when the process is killed."""


def type_until_killed(home: Path) -> tuple[int, int]:
    """Run the typist and kill it in the middle of a word: how many characters were saved, and how many typed."""
    command = [sys.executable, "-m", "tests.journeys.typist", str(home)]
    paths = os.pathsep.join((str(ROOT / "src"), str(ROOT)))
    environment = {**os.environ, "PYTHONPATH": paths, "QT_QPA_PLATFORM": "offscreen"}
    kept = typed = saves = after = 0
    said = []
    with subprocess.Popen(
        command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as process:
        assert process.stdout is not None
        try:
            for line in process.stdout:
                said.append(line)
                what, _, count = line.strip().partition(" ")
                if what == "KEPT":
                    kept, saves, after = int(count), saves + 1, 0
                elif what == "TYPED":
                    typed, after = int(count), after + 1
                if saves == KEPT_BEFORE_THE_END and after == TYPED_AFTER:
                    break
        finally:
            process.send_signal(signal.SIGKILL)
    assert saves == KEPT_BEFORE_THE_END, "".join(said)
    assert process.returncode == -signal.SIGKILL
    assert "NOTED\n" in said
    return kept, typed


def test_an_encounter_before_its_call_outlives_the_program(qtbot: QtBot, qapp: QApplication, tmp_path: Path) -> None:
    home = founded_home(tmp_path / "home")
    kept, typed = type_until_killed(home)
    assert 0 < kept < typed

    with sitting_at(home, qtbot, qapp) as sitting:
        clinician = sitting.start()
        clinician.until(lambda: sitting.program.desk is not None, "the home to open")
        report = off_gui(lambda: verify(sitting.desk.store))
        assert report.whole
        assert off_gui(lambda: rebuild(sitting.desk.store)).same
        clinician.sign_in(NAME)
        clinician.until(lambda: clinician.sees(WaitingBar), "the encounter that waits for its call")
        clinician.press("Shift+F12")
        pad = clinician.workspace.frame.pad
        clinician.until(lambda: pad.lines == (LINE,), "the line that was entered")
        resumed = pad.box.text()
        assert DRAFT.startswith(resumed)
        assert kept <= len(resumed) <= typed
        assert pad.box.note.startswith("resumed draft")
        assert clinician.focus is pad.box.edit
        clinician.type(" GO ON")
        clinician.press("Return")
        clinician.until(lambda: pad.lines == (LINE, f"{resumed} GO ON"), "the sentence, finished")

        row = "26-118-0007,2026-11-21 22:05,SUICIDAL PERSON,14 Foundry Lane"
        sitting.replay(ReplaySource(export(tmp_path, row), profile(tmp_path), sitting.desk.center))
        picker = clinician.workspace.frame.bind_bar.picker
        clinician.until(lambda: picker.count() == 1, "the call that CAD has now")
        clinician.go_to("Open calls, by number")
        clinician.type("26-118-0007")
        clinician.go_to("Bind to this call")
        clinician.press("Space")
        clinician.until(lambda: clinician.workspace.work.call is not None, "the call")
        assert pad.lines == (LINE, f"{resumed} GO ON")
        call = clinician.workspace.work.call
        assert call is not None
        picture = sitting.call(call).picture
        assert picture is not None
        assert picture.place == "14 Foundry Lane"
        clinician.press("F3")
        clinician.until(lambda: clinician.workspace.work.mine, "the claim")
        assert sitting.call(call).claim is not None
