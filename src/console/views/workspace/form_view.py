"""A form being answered: its questions one under the other, what its rules say, and what it scores."""

from collections.abc import Mapping

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import QApplication, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from console.forms import scoring
from console.forms.answering import answered, put
from console.forms.library import Form
from console.forms.model import Answer
from console.forms.present import Page as FormPage
from console.forms.present import present
from console.forms.scoring import Alert, Score
from console.models.call import Level
from console.views.theme import Type, current, watch
from console.views.widgets import Badge, Card, ElidedText, Text, Tone
from console.views.workspace.question import QuestionCard, reading

Given = dict[str, tuple[Answer, ...]]
_TONES = {"alarm": Tone.DANGER, "caution": Tone.WARN, "advisory": Tone.CHANGED}
_LEVELS = {"alarm": Level.CRITICAL, "caution": Level.HIGH, "advisory": Level.MEDIUM}


def score_words(name: str, value: object, band: str, reason: str) -> str:
    """``PHQ-9: 12 (moderate)`` or ``PHQ-9: not scored: item 4 not answered``; a gap never reads as a number."""
    if value in (None, ""):
        return f"{name}: not scored: {reason or 'no answers'}"
    if band and not any(character.isdigit() for character in str(value)):
        return f"{name}: {band}"  # the word of a decision table, as its publisher puts it
    return f"{name}: {value}" + (f" ({band})" if band else "")


class AlertCard(Card):
    """A rule of the instrument that is met. It informs; it sets nothing."""

    def __init__(self, severity: str, text: str, more: str = "", *, one_line: bool = False) -> None:
        super().__init__(_TONES.get(severity, Tone.CHANGED))
        self.text = text
        informs = "" if "you set the level" in text else "It informs: you set the level."
        words = " ".join(part for part in (text, informs, more) if part)
        self.setAccessibleName(f"Rule met: {words}")
        line = QHBoxLayout()
        line.setSpacing(current().space.m)
        line.addWidget(Badge(_LEVELS.get(severity, Level.MEDIUM), "RULE MET"), 0, Qt.AlignmentFlag.AlignTop)
        line.addWidget(ElidedText(words) if one_line else Text(words, wrap=True), 1)
        self.body.addLayout(line)
        if one_line:
            space = current().space
            self.body.setContentsMargins(space.s, space.xs, space.s, space.xs)


class FormView(QWidget):
    """Asks a form. Number keys answer and go on, Up and Down move, and the question in focus stays in view.

    ``count`` is how many questions are answered, of how many. Signals: ``gave`` (question, all its answers now) for
    every change; ``rebuilt`` when questions came or went; ``alerted`` when other rules are met than before;
    ``finished`` on Ctrl+Enter in a field of words; ``typing``, ``same`` and ``wrong``
    (question) while words are typed, when they are what was answered already, and when they are no answer.
    """

    gave = Signal(str, tuple)
    rebuilt = Signal()
    typing = Signal(str)
    same = Signal(str)
    wrong = Signal(str, str)
    alerted = Signal()
    finished = Signal()

    def __init__(self, form: Form) -> None:
        super().__init__()
        self.form = form
        self.setAccessibleName(form.questionnaire.title)
        self.given: Given = {}
        self.count = (0, 0)
        self._shown_key = ""
        self._scrolled_to: int | None = None
        self._pending: set[str] = set()
        self.cards: dict[str, QuestionCard] = {}
        self._stated: Mapping[str, str] = {}
        self._others: dict[str, QWidget] = {}
        self._alerts: tuple[tuple[str, str], ...] = ()
        self._scores = Text(role=Type.SMALL, tone=Tone.MUTED, wrap=True)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._questions = QVBoxLayout()
        self._alert_list = QVBoxLayout()
        self._column.addLayout(self._questions)
        self._column.addLayout(self._alert_list)
        self._column.addWidget(self._scores)
        # Words in an answer are kept a second after they were begun, as drafts are; leaving the field keeps them too.
        self._timer = QTimer(self)
        self._timer.setObjectName("answers")
        self._timer.setSingleShot(True)
        self._timer.setInterval(1000)
        self._timer.timeout.connect(self.flush)
        watch(self._restyle)

    @property
    def alerts(self) -> tuple[tuple[str, str], ...]:
        """The rules that are met, the gravest first: severity and text."""
        return self._alerts

    def scores(self) -> tuple[Score, ...]:
        """What it scores now."""
        return scoring.score(self.form.questionnaire, self.given, self.form.bound)

    def show_answers(self, held: Mapping[str, tuple[Answer, ...]]) -> None:
        """Show what the record holds. Answers on their way to it stay as they were given."""
        merged: Given = dict(held)
        for key in self._pending:
            merged = put(self.form.questionnaire, merged, key, self.given.get(key, ()))
        self.given = merged
        self._show()

    def show_stated(self, stated: Mapping[str, str]) -> None:
        """Show what is stated already about questions, by their link id. Nothing is answered by it."""
        self._stated = stated
        for key, card in self.cards.items():
            card.show_stated(self._stated_of(key))

    def _stated_of(self, key: str) -> str:
        return self._stated.get(key.partition("#")[0], "")

    def landed(self, key: str) -> None:
        """The record has the answer to ``key``."""
        self._pending.discard(key)

    def start(self) -> None:
        """Go to the first question that nobody dealt with."""
        card = next((each for each in self._in_order() if each.blank), None) or next(iter(self._in_order()), None)
        if card is not None:
            card.start()

    def flush(self) -> None:
        """Give what stands in a field of words."""
        for card in self.cards.values():
            if card.edit is not None and card.isVisibleTo(self):
                card.commit()

    def _in_order(self) -> list[QuestionCard]:
        found = []
        for at in range(self._questions.count()):
            item = self._questions.itemAt(at)
            widget = item.widget() if item else None
            if isinstance(widget, QuestionCard):
                found.append(widget)
        return found

    def _answer(self, key: str, answer: Answer | None) -> None:
        before = self.given.get(key, ())
        self.given = answered(self.form.questionnaire, self.given, key, answer)
        now = self.given.get(key, ())
        if now == before:
            self.same.emit(key)
            return
        self._pending.add(key)
        self._show()
        self.gave.emit(key, now)

    def _show(self) -> None:
        page = present(self.form.questionnaire, self.given)
        if self._place(page):
            self.rebuilt.emit()
        self._show_alerts(scoring.alerts(self.scores()))
        lines = [score_words(one.name, one.value, one.band or "", one.reason or "") for one in self.scores()]
        self._scores.setText("\n".join(lines))
        self.count = (page.answered, page.total)

    def _place(self, page: FormPage) -> bool:
        """Put a widget for every row in its place; says whether any came or went."""
        wanted = [row for row in page.rows if row.editable or not row.is_question]
        changed = False
        keys = {row.key for row in wanted}
        for key in [each for each in (*self.cards, *self._others) if each not in keys]:
            self._drop(key)
            changed = True
        for at, row in enumerate(wanted):
            card = self.cards.get(row.key)
            if card is not None and not card.fits(row):
                self._drop(row.key)
                card = None
            if row.is_question:
                if card is None:
                    card = self.cards[row.key] = QuestionCard(row)
                    card.answered.connect(self._answer)
                    card.keyed.connect(self._next)
                    card.typing.connect(self._typed)
                    card.lit.connect(self._lit)
                    card.moved.connect(self._move)
                    card.finished.connect(self.finished)
                    card.wrong.connect(self.wrong)
                    self._questions.insertWidget(at, card)
                    card.show_stated(self._stated_of(row.key))
                    card.show()  # now: the focus may go there in this very moment
                    changed = True
                card.show_row(row)
            elif row.key not in self._others:
                self._others[row.key] = reading(row)
                self._questions.insertWidget(at, self._others[row.key])
                changed = True
        return changed

    def _drop(self, key: str) -> None:
        widget = self.cards.pop(key, None) or self._others.pop(key)
        self._questions.removeWidget(widget)
        widget.hide()
        widget.deleteLater()

    def _show_alerts(self, alerts: tuple[Alert, ...]) -> None:
        new = tuple((alert.severity, alert.text) for alert in alerts)
        if new == self._alerts:
            return
        self._alerts = new
        while (item := self._alert_list.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        for severity, text in new:
            self._alert_list.addWidget(AlertCard(severity, text))
        self.alerted.emit()

    def _typed(self, key: str) -> None:
        self.typing.emit(key)
        if not self._timer.isActive():
            self._timer.start()

    def _next(self, key: str) -> None:
        self._move(1)

    def _move(self, by: int) -> None:
        cards = self._in_order()
        focus = QApplication.focusWidget()
        here = next((at for at, card in enumerate(cards) if focus is not None and card.isAncestorOf(focus)), None)
        if here is not None and 0 <= here + by < len(cards):
            cards[here + by].start()

    def _lit(self, key: str) -> None:
        self._shown_key = key
        # After the layout has settled: the card may have been made a moment ago.
        QTimer.singleShot(0, self, self._show_lit)

    def _show_lit(self) -> None:
        if self._shown_key in self.cards:
            self.keep_in_view(self.cards[self._shown_key])

    def _area(self) -> QScrollArea | None:
        parent = self.parentWidget()
        while parent is not None and not isinstance(parent, QScrollArea):
            parent = parent.parentWidget()
        return parent

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        # The room changed (a rule was met, the window was made smaller): the question in focus stays in it.
        if event.type() == QEvent.Type.Resize and self._follows():
            QTimer.singleShot(0, self, self._show_lit)
        return False

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self._follows():
            QTimer.singleShot(0, self, self._show_lit)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        area = self._area()
        if area is not None:
            area.viewport().installEventFilter(self)

    def _follows(self) -> bool:
        """Whether the question in focus was brought into view last; who scrolled away is left where they are."""
        area = self._area()
        return area is not None and self._scrolled_to == area.verticalScrollBar().value()

    def keep_in_view(self, card: QuestionCard) -> None:
        """Scroll so that the whole question is seen."""
        parent = self._area()
        if parent is not None:
            room, inner = parent.viewport().height(), parent.widget()
            if inner is None:
                return
            # A question taller than the room shows its beginning.
            parent.ensureVisible(0, card.mapTo(inner, card.rect().bottomLeft()).y(), 0, current().space.s)
            top = card.mapTo(inner, card.rect().topLeft()).y()
            if card.height() > room or top < parent.verticalScrollBar().value():
                parent.verticalScrollBar().setValue(top - current().space.xs)
            self._scrolled_to = parent.verticalScrollBar().value()

    def _restyle(self) -> None:
        space = current().space
        self._column.setSpacing(space.m)
        self._questions.setSpacing(space.s)
        self._alert_list.setSpacing(space.s)


def shown_form(form: Form) -> FormView:
    """A form to look at and try out, before anything is answered; whoever shows it keeps nothing of what is given."""
    view = FormView(form)
    view.show_answers({})
    return view
