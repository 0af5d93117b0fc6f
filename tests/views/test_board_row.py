"""A row of the board as it is painted: what must never be cut is not."""

from datetime import UTC, datetime, timedelta
from unittest.mock import MagicMock

import pytest
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QFontMetricsF
from PySide6.QtWidgets import QApplication

from console.views import theme
from console.views.board.row_delegate import RowDelegate, row_shape
from console.views.board.wording import row_words
from console.views.theme import Scheme, Type
from console.views.widgets.ages import clock_text
from tests.support.board_rows import LIMITS, NOW, ago, flagged, owned, row


@pytest.mark.parametrize("scale", [1.0, 1.25, 1.5, 2.0])
@pytest.mark.parametrize("width", [560, 1000, 1600])
def test_no_clock_and_no_caption_is_cut(qapp: QApplication, scale: float, width: int) -> None:
    theme.apply(qapp, Scheme.DARK, scale)
    now = theme.current()
    shape = row_shape(now, width * scale)
    clock = QFontMetricsF(now.font(Type.CLOCK))
    hours = [timedelta(hours=at, minutes=28, seconds=48) for at in range(24)]
    days = [timedelta(days=at, hours=20) for at in (*range(1, 30), 206, 3650)]
    for passed in (timedelta(minutes=58, seconds=58), *hours, *days):
        text = clock_text(passed)
        assert clock.elidedText(text, Qt.TextElideMode.ElideRight, shape.clock) == text
    rows = (
        row("report"),
        row("never", reported_at=datetime(1970, 1, 1, tzinfo=UTC)),
        row("change", resurfaced_at=NOW),
        row("end", disposed_at=NOW),
        flagged("flag", 5),
        flagged("unclaimed", 500),
    )
    captions = {row_words(each, NOW, LIMITS).clock_caption for each in rows}
    assert len(captions) == len(rows)
    if not shape.stacked:
        metrics = QFontMetricsF(now.font(Type.CAPTION))
        for caption in captions:
            assert metrics.elidedText(caption, Qt.TextElideMode.ElideRight, shape.clock) == caption


def test_a_title_has_the_room_of_the_steps_where_none_was_taken(qapp: QApplication) -> None:
    theme.apply(qapp, Scheme.DARK)
    now, rect = theme.current(), QRectF(0, 0, 1300, 60)
    rooms = []
    for each in (row("1"), owned("2", 60, 30, contacted_at=ago(10))):
        pen = MagicMock(theme=now)
        pen.hints.return_value = pen.width.return_value = 60.0
        RowDelegate()._wide(pen, rect, row_shape(now, rect.width()), row_words(each, NOW, LIMITS), gone=False)
        rooms.append(pen.title.call_args.args[0].right())
    assert rooms[0] > rooms[1] + now.px(150)
    assert rooms[0] > rect.right() - now.px(120)
