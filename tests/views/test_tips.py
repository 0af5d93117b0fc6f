"""What stands in a tool tip is shown as it is, whoever wrote it."""

from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from console.views.widgets import tip


def test_a_tool_tip_shows_tags_and_follows_none(qtbot: QtBot) -> None:
    label = QLabel()
    qtbot.addWidget(label)
    tip(label, 'mm/dd <img src="http://elsewhere/x.png">')
    assert label.toolTip() == "<qt>mm/dd &lt;img src=&quot;http://elsewhere/x.png&quot;&gt;</qt>"
    tip(label, "less < more")
    assert label.toolTip() == "less < more"
