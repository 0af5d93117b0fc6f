"""The ground all entrance pages share: one calm column in the middle of the window."""

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from console.views.theme import Type, current, watch
from console.views.widgets import Card, Fields, FocusScrollArea, Text, Tone, Watermark, named

PROGRAM = "Clinician Console"


class EntrancePage(QWidget):
    """The program's name over a card: a title, a sentence, a form and a line for what went wrong.

    In a drill the mark of one stands above everything, wherever the page is scrolled to.
    """

    def __init__(self, title: str, sentence: str, parent: QWidget | None = None, *, drill: bool = False) -> None:
        super().__init__(parent)
        self._mark = Watermark()
        self._mark.setVisible(drill)
        self.card = Card()
        self._column = self.card.body
        self._title = Text(title, Type.TITLE)
        self._sentence = Text(sentence, tone=Tone.MUTED, wrap=True)
        self._problem = Text("", tone=Tone.DANGER, wrap=True)
        self._problem.hide()
        self.fields = Fields()
        self._column.addWidget(self._title)
        self._column.addWidget(self._sentence)
        self._column.addWidget(self.fields)
        self._column.addWidget(self._problem)
        # Stretches at both sides, not an alignment: an aligned card would get the height of its unwrapped lines.
        across = QHBoxLayout()
        across.addStretch(1)
        across.addWidget(self.card)
        across.addStretch(1)
        inside = QWidget()
        self._outer = QVBoxLayout(inside)
        self._outer.addStretch(2)
        above = QHBoxLayout()
        above.addStretch(1)
        self._program = Text(PROGRAM, Type.HEADING)
        above.addWidget(self._program)
        above.addStretch(1)
        self._outer.addLayout(above)
        self._outer.addLayout(across)
        self._outer.addStretch(3)
        self._area = area = named(FocusScrollArea(), title)  # at 200 % a small screen is lower than the form
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # Tab goes from field to field, and what has the focus is shown
        area.setWidget(inside)
        self._whole = QVBoxLayout(self)
        self._whole.addWidget(self._mark, 0, Qt.AlignmentFlag.AlignHCenter)
        self._whole.addWidget(area)
        watch(self._restyle_page)

    def say_title(self, title: str, sentence: str) -> None:
        """Replace the title and the sentence under it."""
        self._title.setText(title)
        self._sentence.setText(sentence)
        self._sentence.setVisible(bool(sentence))

    def field(self, label: str, *, secret: bool = False, placeholder: str = "") -> QLineEdit:
        """A labeled line; ``secret`` hides what is typed."""
        line = QLineEdit()
        line.setPlaceholderText(placeholder)
        line.setMaxLength(200)
        if secret:
            line.setEchoMode(QLineEdit.EchoMode.Password)
        self.row(label, line)
        return line

    def row(self, label: str, widget: QWidget) -> None:
        """A labeled widget; the label is its name for a screen reader."""
        self.fields.row(label, named(widget, label))

    def add(self, widget: QWidget) -> None:
        """Something under the form."""
        self._column.addWidget(widget)

    @property
    def problem(self) -> str:
        """What went wrong; "" when nothing did."""
        return self._problem.text()

    def show_problem(self, words: str) -> None:
        """Say what went wrong, or with "" that nothing did."""
        self._problem.setText(words)
        self._problem.setVisible(bool(words))
        if words:  # once it has its place
            QTimer.singleShot(0, self, self._show_whole_problem)

    def _show_whole_problem(self) -> None:
        """At 200 % it may stand under the edge of the window, and nothing would seem to have happened."""
        if not self._problem.isHidden():
            self._area.ensureWidgetVisible(self._problem)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """As wide as reads well, and never wider than the window: nothing here scrolls sideways."""
        theme = current()
        around = self._area.verticalScrollBar().sizeHint().width() + 2 * theme.space.l
        self.card.setFixedWidth(max(theme.px(160), min(theme.px(540), self.width() - around)))

    def _restyle_page(self) -> None:
        theme = current()
        self._whole.setContentsMargins(0, 0 if self._mark.isHidden() else theme.space.s, 0, 0)
        self._column.setContentsMargins(*(theme.space.xl,) * 4)
        self._column.setSpacing(theme.space.m)
        self._outer.setSpacing(theme.space.l)
        self._fit()
