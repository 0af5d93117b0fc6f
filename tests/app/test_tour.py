"""The walk through every screen ends with a line that says what it left behind."""

from pathlib import Path
from unittest.mock import MagicMock

import pytest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from console.app.tour import Tour


def test_the_walk_says_how_many_pictures_it_saved_and_where(
    qtbot: QtBot, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    window.show()
    frame = MagicMock()
    frame.window.return_value = window
    tour = Tour(MagicMock(), MagicMock(), frame, str(tmp_path / "pictures"))
    for step in ("_claim", "_work", "_directory", "_finish", "_other_looks", "_others"):
        monkeypatch.setattr(tour, step, lambda *_: None)
    monkeypatch.setattr(tour, "_board", lambda: tour._picture("board"))
    assert tour.run() == 0
    assert capsys.readouterr().out == f"1 pictures of the screens are in {tmp_path / 'pictures'}\n"
