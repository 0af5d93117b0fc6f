"""The alarms: a list that stays until each is acknowledged, oldest of the gravest first, nothing scrolled away."""

from collections.abc import Callable, Sequence
from datetime import datetime

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetricsF, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from console.queries.alarms import Alarm
from console.views.theme import Icon, Type, current, paint_icon, watch
from console.views.widgets import (
    ROW_ROLE,
    ActionButton,
    KeyedListModel,
    Look,
    SectionHeader,
    SteadyList,
    Text,
    Tone,
    announce,
    named,
)
from console.views.widgets.ages import age, short_text, spoken_text
from console.views.widgets.painting import focus_ring

_SIGNS = {"alarm": (Icon.BELL, Tone.DANGER), "caution": (Icon.ALARM, Tone.WARN), "advisory": (Icon.INFO, Tone.MUTED)}
_ROWS_SHOWN = 4


class _AlarmDelegate(QStyledItemDelegate):
    """One line: sign, age, what, why, how often, who has seen it."""

    def __init__(self, now: Callable[[], datetime], parent: QWidget) -> None:
        super().__init__(parent)
        self._now = now

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        return QSize(0, alarm_height())

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        alarm = index.data(ROW_ROLE)
        if not isinstance(alarm, Alarm):
            return
        theme = current()
        tokens = theme.tokens
        rect = QRectF(option.rect)
        seen = bool(alarm.acknowledged_by)
        sign, tone = _SIGNS[alarm.tier]
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if option.state & QStyle.StateFlag.State_Selected:
            painter.fillRect(rect, tokens.selected)
        elif not seen and alarm.tier == "alarm":
            painter.fillRect(rect, tokens.danger_soft)
        x = rect.left() + theme.space.l
        edge = theme.px(15)
        ink = tokens.muted if seen else tone.color(tokens)
        paint_icon(painter, QRectF(x, rect.center().y() - edge / 2, edge, edge), Icon.CHECK if seen else sign, ink)
        x += edge + theme.space.s

        def write(text: str, role: Type, room: float, color: Tone) -> float:
            font = theme.font(role)
            metrics = QFontMetricsF(font)
            painter.setFont(font)
            painter.setPen(tokens.muted if seen else color.color(tokens))
            said = metrics.elidedText(text, Qt.TextElideMode.ElideRight, max(0.0, room))
            painter.drawText(QRectF(x, rect.top(), max(0.0, room), rect.height()), Qt.AlignmentFlag.AlignVCenter, said)
            return metrics.horizontalAdvance(said)

        right = rect.right() - theme.space.l
        ago = short_text(age(alarm.since, self._now()))
        write(ago, Type.SMALL_CLOCK, right - x, tone)
        x += QFontMetricsF(theme.font(Type.SMALL_CLOCK)).horizontalAdvance("00:00 h") + theme.space.s
        tail = f"seen by {alarm.acknowledged_by}" if seen else (f"×{alarm.count}" if alarm.count > 1 else "")
        if tail:
            wide = QFontMetricsF(theme.font(Type.SMALL)).horizontalAdvance(tail)
            painter.setFont(theme.font(Type.SMALL))
            painter.setPen(tokens.muted)
            painter.drawText(
                rect.adjusted(0, 0, -theme.space.l, 0),
                Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight,
                tail,
            )
            right -= wide + theme.space.m
        x += write(alarm.detail, Type.MEDIUM, right - x, Tone.TEXT) + theme.space.m
        write(alarm.title, Type.SMALL, right - x, Tone.MUTED)
        if option.state & QStyle.StateFlag.State_HasFocus:
            focus_ring(painter, rect, theme, square=True)
        painter.restore()


def alarm_height() -> int:
    """The height of one line."""
    return current().px(30)


class AlarmPanel(QFrame):
    """Stands under the rows, so that its coming and going moves none of them.

    ``acknowledged`` carries an alarm's key; ``opened`` the call of one that was opened.
    """

    acknowledged = Signal(str)
    opened = Signal(object)

    def __init__(self, now: Callable[[], datetime], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._now = now
        self._heard: frozenset[str] = frozenset()
        self._room = 1_000
        self.model: KeyedListModel[Alarm] = KeyedListModel(_key_of, self._spoken, self)
        self.list = named(SteadyList(), "Alarms", "F9 acknowledges, Enter opens the call")
        self.list.setObjectName("alarms")
        self.list.setStyleSheet("QListView#alarms { border: none; border-radius: 0; background: transparent; }")
        self.list.setModel(self.model)
        self.list.setItemDelegate(_AlarmDelegate(now, self.list))
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.doubleClicked.connect(self._open)
        self._title = SectionHeader("Alarms")
        self._count = Text("", Type.SMALL_CLOCK, Tone.MUTED)
        self._button = ActionButton("Acknowledge", key="F9", look=Look.QUIET, name="Acknowledge the alarm")
        self._button.clicked.connect(self.acknowledge)
        self._row = QHBoxLayout()
        self._row.addWidget(self._title)
        self._row.addWidget(self._count)
        self._row.addStretch(1)
        self._row.addWidget(self._button)
        self._column = QVBoxLayout(self)
        self._column.addLayout(self._row)
        self._column.addWidget(self.list)
        named(self, "Alarms")
        watch(self._restyle)
        self.show_alarms(())

    def show_alarms(self, alarms: Sequence[Alarm]) -> None:
        """These alarms, in the order the query gives. A new one is announced; nothing takes the focus."""
        self.model.show(alarms)
        waiting = [alarm for alarm in alarms if not alarm.acknowledged_by]
        self._count.setText(str(len(waiting)) if waiting else "none")
        self._count.setAccessibleName(f"{len(waiting) or 'none'} to acknowledge")
        self._count.set_tone(Tone.DANGER if any(alarm.tier == "alarm" for alarm in waiting) else Tone.MUTED)
        self._button.setVisible(bool(waiting))
        for alarm in waiting:
            if alarm.key not in self._heard and alarm.tier == "alarm":
                announce(self, f"Alarm. {alarm.detail}. {alarm.title}", urgent=True)
        self._heard = frozenset(alarm.key for alarm in alarms)
        self._fit()

    def acknowledge(self) -> None:
        """Acknowledge the selected alarm, or the first that waits."""
        chosen = [self.model.row(index) for index in self.list.selectedIndexes()]
        waiting = [alarm for alarm in (*chosen, *self.model.rows) if alarm is not None and not alarm.acknowledged_by]
        if waiting:
            self.acknowledged.emit(waiting[0].key)

    def limit(self, height: int) -> None:
        """Take no more than this height in all, but at least one row: the calls need the rest."""
        self._room = height
        self._fit()

    def tick(self) -> None:
        """Bring the ages up to date."""
        if self.isVisible():
            self.model.touch(0, self.model.rowCount() - 1)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.list.hasFocus():
            self._open(self.list.currentIndex())
        else:
            super().keyPressEvent(event)

    def _open(self, index: QModelIndex) -> None:
        alarm = self.model.row(index)
        if alarm is not None and alarm.call is not None:
            self.opened.emit(alarm.call)

    def _spoken(self, alarm: Alarm) -> str:
        seen = f" Acknowledged by {alarm.acknowledged_by}." if alarm.acknowledged_by else ""
        often = f", {alarm.count} times" if alarm.count > 1 else ""
        ago = spoken_text(age(alarm.since, self._now()))
        return f"{alarm.tier.capitalize()}: {alarm.detail}{often}. {alarm.title}. For {ago}.{seen}"

    def _fit(self) -> None:
        room = self._room - self._row.sizeHint().height()
        rows = min(self.model.rowCount(), _ROWS_SHOWN, max(1, room // alarm_height()))
        self.list.setFixedHeight(rows * alarm_height())
        self.list.setVisible(rows > 0)

    def _restyle(self) -> None:
        space = current().space
        self._row.setContentsMargins(space.l, space.xs, space.m, space.xs)
        self._row.setSpacing(space.s)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        self._fit()
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        tokens = current().tokens
        painter = QPainter(self)
        painter.fillRect(self.rect(), tokens.surface)
        painter.fillRect(0, 0, self.width(), 1, tokens.line)
        painter.end()


def _key_of(alarm: Alarm) -> str:
    return alarm.key
