"""The ground all entrance pages share: one calm column in the middle of the window."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFormLayout, QLabel, QLineEdit, QVBoxLayout, QWidget

from console.views.theme import Type, current, watch
from console.views.widgets import Card, Text, Tone, named


class EntrancePage(QWidget):
    """A title, a sentence, a form and a line for what went wrong."""

    def __init__(self, title: str, sentence: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.card = Card()
        self._column = self.card.body
        self._title = Text(title, Type.TITLE)
        self._sentence = Text(sentence, tone=Tone.MUTED, wrap=True)
        self._problem = Text("", tone=Tone.DANGER, wrap=True)
        self._problem.hide()
        self.form = QFormLayout()
        self.form.setLabelAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        self._column.addWidget(self._title)
        self._column.addWidget(self._sentence)
        self._column.addLayout(self.form)
        self._column.addWidget(self._problem)
        outer = QVBoxLayout(self)
        outer.addStretch(2)
        outer.addWidget(self.card, 0, Qt.AlignmentFlag.AlignHCenter)
        outer.addStretch(3)
        watch(self._restyle_page)

    def say_title(self, title: str, sentence: str) -> None:
        """Replace the title and the sentence under it."""
        self._title.setText(title)
        self._sentence.setText(sentence)

    def field(self, label: str, *, secret: bool = False, placeholder: str = "") -> QLineEdit:
        """A labelled line; ``secret`` hides what is typed."""
        line = QLineEdit()
        line.setPlaceholderText(placeholder)
        line.setMaxLength(200)
        if secret:
            line.setEchoMode(QLineEdit.EchoMode.Password)
        self.row(label, line)
        return line

    def row(self, label: str, widget: QWidget) -> None:
        """A labelled widget; the label is its name for a screen reader."""
        words = QLabel(label)
        words.setBuddy(widget)
        named(widget, label)
        self.form.addRow(words, widget)

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

    def _restyle_page(self) -> None:
        theme = current()
        self.card.setFixedWidth(theme.px(520))
        self._column.setContentsMargins(*(theme.space.xl,) * 4)
        self._column.setSpacing(theme.space.m)
        self.form.setHorizontalSpacing(theme.space.m)
        self.form.setVerticalSpacing(theme.space.s)
