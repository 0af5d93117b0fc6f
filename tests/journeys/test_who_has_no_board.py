"""People who may not read operations: they begin where their work is, and nothing fails in front of them."""

from uuid import UUID

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from console.models.sign_in import SignIn
from tests.support.sitting import playing_a_drill
from wire.permissions import Role


@pytest.mark.parametrize(("role", "screen"), [(Role.ADMINISTRATOR, "People"), (Role.AUDITOR, "Status")])
def test_the_first_screen_is_one_they_may_see(qtbot: QtBot, qapp: QApplication, role: Role, screen: str) -> None:
    who = SignIn(UUID(int=7), "someone", "Someone", frozenset({role}))
    with playing_a_drill(qtbot, qapp, seed=3) as (sitting, _):
        frame = sitting.work_of(who).frame
        shown = frame._stack.currentWidget()
        assert shown is not None
        assert shown.accessibleName().startswith(screen)
        assert "board" not in frame._screens
        assert frame.alarm_keeper is None
        frame.show_screen("board")
        assert frame._stack.currentWidget() is shown
        assert frame.status_line.said == ""
