"""The level: the clinician's own judgment, by the center's written anchors, with a reason that dispatch reads."""

from functools import partial

from PySide6.QtCore import QPoint, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QRadioButton, QSizePolicy, QVBoxLayout, QWidget

from console.actions import calls, lengths
from console.models.call import SETTABLE_LEVELS, Level
from console.queries.workspace import Workspace as Page
from console.views.theme import Type, current, watch
from console.views.widgets import ActionButton, Look, SectionHeader, Text, Tone, named
from console.views.widgets.painting import (
    LEVEL_WORDS,
    badge_size,
    focus_ring,
    key_size,
    paint_badge,
    paint_key,
    rounded,
)
from console.views.workspace.section import Section
from console.views.workspace.side import level_lines
from console.views.workspace.timed_lines import TimedLines
from console.views.workspace.work import Work


class _Anchor(QRadioButton):
    """One level: its badge and its written anchor."""

    def __init__(self, level: Level, parent: QWidget) -> None:
        super().__init__(parent)
        self.level = level
        self.key = self.anchor = ""
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        watch(self._restyle)

    def set_anchor(self, anchor: str, key: str) -> None:
        self.anchor, self.key = anchor, key
        named(self, LEVEL_WORDS[self.level].lower(), f"key {self.key}. {anchor}")
        self.updateGeometry()
        self.update()

    def hitButton(self, pos: QPoint) -> bool:
        return self.rect().contains(pos)

    def _left(self) -> int:
        theme = current()
        wide = max(badge_size(theme, LEVEL_WORDS[level]).width() for level in SETTABLE_LEVELS)
        return round(theme.space.m * 3 + wide + key_size(theme, self.key).width())

    def heightForWidth(self, width: int) -> int:
        theme = current()
        metrics = QFontMetrics(theme.font(Type.BODY))
        room = QRectF(0, 0, max(40, width - self._left() - theme.space.m), 10_000).toRect()
        words = metrics.boundingRect(room, int(Qt.TextFlag.TextWordWrap), self.anchor)
        return max(theme.px(38), words.height() + 2 * theme.space.s)

    def hasHeightForWidth(self) -> bool:
        return True

    def sizeHint(self) -> QSize:
        return QSize(current().px(320), self.heightForWidth(current().px(480)))

    def minimumSizeHint(self) -> QSize:
        return QSize(current().px(160), current().px(38))

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = current()
        tokens = theme.tokens
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        rect = QRectF(self.rect())
        chosen = self.isChecked()
        fill = tokens.accent_soft if chosen else tokens.hover if self.underMouse() else None
        rounded(painter, rect, theme.space.radius, fill, tokens.accent if chosen else tokens.line, 2 if chosen else 1)
        key, badge = key_size(theme, self.key), badge_size(theme, LEVEL_WORDS[self.level])
        middle = rect.center().y()
        x = rect.left() + theme.space.m
        paint_key(painter, QRectF(x, middle - key.height() / 2, key.width(), key.height()), self.key, theme)
        x += key.width() + theme.space.m
        paint_badge(painter, QRectF(x, middle - badge.height() / 2, badge.width(), badge.height()), self.level, theme)
        painter.setPen(tokens.text if self.isEnabled() else tokens.faint)
        painter.setFont(theme.font(Type.BODY))
        room = rect.adjusted(self._left(), 0, -theme.space.m, 0)
        painter.drawText(room, int(Qt.TextFlag.TextWordWrap | Qt.AlignmentFlag.AlignVCenter), self.anchor)
        if self.hasFocus():
            focus_ring(painter, rect, theme)
        painter.end()

    def _restyle(self) -> None:
        self.updateGeometry()
        self.update()


class Anchors(QWidget):
    """The four levels, the gravest first; 1 to 4 choose, by the numbers of the center's ladder."""

    chosen = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName("Level")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        self.buttons = [_Anchor(level, self) for level in SETTABLE_LEVELS]
        for button in self.buttons:
            button.clicked.connect(self.chosen)
            column.addWidget(button)
        self.setFocusProxy(self.buttons[0])

    @property
    def level(self) -> Level | None:
        """What is chosen."""
        return next((button.level for button in self.buttons if button.isChecked()), None)

    def clear(self) -> None:
        for button in self.buttons:
            button.setAutoExclusive(False)
            button.setChecked(False)
            button.setAutoExclusive(True)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        found = next((button for button in self.buttons if button.key == event.text()), None)
        if (
            found is not None
            and event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier == Qt.KeyboardModifier.NoModifier
        ):
            found.setFocus(Qt.FocusReason.ShortcutFocusReason)
            found.click()
        else:
            super().keyPressEvent(event)


class LevelSection(Section):
    """Sets the level; for others it shows the levels set and why."""

    CODE, TITLE = "level", "Level"

    def __init__(self, work: Work) -> None:
        super().__init__(work)
        self.anchors = Anchors()
        self._says = Text(role=Type.SMALL, tone=Tone.WARN, wrap=True)
        self.reason = self.words(
            "reason",
            "Reason for the level",
            "Reason, one or two lines",
            limit=lengths.LEVEL_REASON,
            note="Dispatch reads this and it may become a public record: no clinical words.",
            least=2,
            most=3,
        )
        self.words_go_to = self.reason
        self.set = ActionButton("Set the level", key="Ctrl Enter", look=Look.PRIMARY)
        self.timeline = TimedLines("Level timeline", nothing="Nobody has set a level yet.")
        self.anchors.chosen.connect(self._chosen)
        self.set.clicked.connect(self.commit)
        self._sets = work.may("call.leveled")
        self._read = Text(wrap=True)
        for widget in (self._read, self.anchors, self._says, self.reason):
            self.body.addWidget(widget)
        self.body.addWidget(self.set, 0, Qt.AlignmentFlag.AlignLeft)
        self._read.setVisible(not self._sets)
        for part in (self.anchors, self._says, self.reason, self.set):
            part.setVisible(self._sets)
        self.body.addWidget(SectionHeader("Timeline"))
        self.body.addWidget(self.timeline)
        self.body.addStretch(1)

    def opened(self, page: Page) -> None:
        self.anchors.clear()
        self._chosen()

    def show_page(self, page: Page) -> None:
        self.timeline.show_lines(level_lines(self.work, page.state))
        if not self._sets:
            level = page.state.level if page.state else Level.NOT_SET
            self._read.setText(page.center.anchors.get(level.value, "Not leveled yet: treat it as grave."))
            return
        for button in self.anchors.buttons:
            anchor, key = page.center.anchors.get(button.level.value, ""), page.center.level_keys[button.level]
            if (button.anchor, button.key) != (anchor, key):
                button.set_anchor(anchor, key)
        disposed = page.state is not None and page.state.disposition is not None
        self.set.setEnabled(page.call is not None and not disposed)
        self._chosen()

    def start(self) -> None:
        if self._sets:
            self.anchors.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _chosen(self) -> None:
        page, chosen = self.work.page, self.anchors.level
        state = page.state if page else None
        words = ""
        if page is not None and page.call is None:
            words = "A level belongs to a call: bind this encounter first."
        elif state is not None and state.disposition is not None:
            words = "The call is disposed; its level stands. Reopen it to set another."
        elif chosen is not None and state is not None:
            rises = chosen.rank > state.level.rank and (bool(state.levels) or chosen is Level.CRITICAL)
            words = "This is a rise: it raises the alarm at dispatch." if rises else ""
        self._says.setText(words)
        self._says.setVisible(bool(words) and self._sets)

    def commit(self) -> None:
        if not self._sets or self.work.call is None or not self.set.isEnabled():
            return
        if self.anchors.level is None:
            self.notice.say("Choose a level: 1 to 4.")
            self.anchors.setFocus(Qt.FocusReason.OtherFocusReason)
            return
        reason = self.reason.submitted()
        if not reason.text.strip():
            self.notice.say("Type the reason for the level. Dispatch reads it.")
            self.reason.edit.setFocus(Qt.FocusReason.OtherFocusReason)
            return
        self.do(
            calls.level,
            self.work.call,
            self.anchors.level,
            reason.text,
            entered=partial(self.reason.done, reason),
            then=self._was_set,
            override=self.work.override,
        )

    def _was_set(self, result: object) -> None:
        self.anchors.clear()
        self._chosen()
