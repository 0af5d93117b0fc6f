"""A form being answered: one part of it at a time, its questions one under the other, and what its rules say."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QHideEvent, QKeyEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget

from console.forms.asking.answering import put
from console.forms.deciding.layout import link_of
from console.forms.instruments.scoring import Alert, Score
from console.forms.library import Form
from console.forms.model import Answer, NonAnswer
from console.views.theme import current, watch
from console.views.widgets import announce
from console.views.workspace.form_column import FormColumn
from console.views.workspace.form_issues import wrong
from console.views.workspace.form_lines import AddLine, GridHead, ReadLine, Slot, line_of, slots
from console.views.workspace.form_results import show_alerts
from console.views.workspace.form_sight import FormSight
from console.views.workspace.form_state import FormState, Given, Part
from console.views.workspace.question import QuestionCard

_AHEAD = 10
"""Lines of the next part that are made before it is gone to."""


class FormView(QWidget):
    """Asks a form. Number keys answer and go on, Up and Down move, and the question in focus stays in view.

    Signals: ``gave`` (question, all its answers now) for every change; ``rebuilt`` when questions came or went;
    ``shown`` whenever what it shows changed; ``alerted`` when other rules are met than before; ``finished`` on
    Ctrl+Enter in a field; ``typing``, ``same`` and ``wrong`` (question) while words are typed, when they are what was
    answered already, and when they are no answer; ``half`` (question, words) for words that stand in a field and are
    not finished, "" once they are.
    """

    gave = Signal(str, tuple)
    rebuilt = Signal()
    shown = Signal()
    typing = Signal(str)
    same = Signal(str)
    wrong = Signal(str, str)
    half = Signal(str, str)
    alerted = Signal()
    finished = Signal()

    def __init__(self, form: Form, now: Callable[[], datetime]) -> None:
        super().__init__()
        self.form = form
        self.setAccessibleName(form.questionnaire.title)
        self.state = FormState(form, now)
        self._now = now
        self._part = self.state.parts[0].key
        self._lit_key = self._worked_at = self._typed_at = ""
        self._half: dict[str, str] = {}
        self._left: set[str] = set()
        self._is_behind = False  # what is shown is behind the state until the move that follows in the same key press
        self._pending, self._landed = set[str](), set[str]()  # on the way to the record; there, and on no page yet
        self._stated: Mapping[str, str] = {}
        self._because: Mapping[str, str] = {}
        self._alerts: tuple[tuple[str, str], ...] = ()
        self._room = 10_000  # until it is known
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self.lines = FormColumn(self._make, self._fill, self._fits, self._take)
        self.lines.stops_changed.connect(self.rebuilt)
        self._sight = FormSight(self.lines, self._lit_card)
        self._alert_list = QVBoxLayout()
        self._column.addWidget(self.lines)
        self._column.addLayout(self._alert_list)
        # Words in an answer are kept a second after they were begun, as drafts are; leaving the field keeps them too.
        self._timer = QTimer(self)
        self._timer.setObjectName("answers")
        self._timer.setSingleShot(True)
        self._timer.setInterval(1000)
        self._timer.timeout.connect(self._rest)
        watch(self._restyle)
        self._show()

    # -- what it holds -------------------------------------------------------------------------------------------------

    @property
    def given(self) -> Given:
        """All answers as they stand."""
        return self.state.given

    @property
    def count(self) -> tuple[int, int]:
        """How many questions are answered, of how many."""
        return self.state.page.answered, self.state.page.total

    @property
    def alerts(self) -> tuple[tuple[str, str], ...]:
        """The rules that are met, the gravest first: severity and text."""
        return self._alerts

    @property
    def scores(self) -> tuple[Score, ...]:
        """What it scores now."""
        return self.state.scores

    @property
    def parts(self) -> tuple[Part, ...]:
        """The parts it is asked in; one where it has no sections."""
        return self.state.parts

    @property
    def at(self) -> int:
        """Which of :attr:`parts` is shown."""
        return next((at for at, part in enumerate(self.parts) if part.key == self._part), 0)

    @property
    def asked(self) -> tuple[str, ...]:
        """The keys of all questions asked, in order."""
        return self.state.asked

    @property
    def asked_now(self) -> str:
        """The question that had the focus last."""
        return self._lit_key

    @property
    def cards(self) -> dict[str, QuestionCard]:
        """The questions of the part that is shown which have a widget now."""
        return {key: each for key, each in self.lines.live.items() if isinstance(each, QuestionCard)}

    def card(self, key: str) -> QuestionCard:
        """The card of a question, wherever it stands: its part is shown. Raises KeyError where it is not asked."""
        self.show_part(self.state.part_of(key))
        card = self.lines.reach(key)
        assert isinstance(card, QuestionCard)
        return card

    @property
    def half_typed(self) -> Mapping[str, str]:
        """Words by question that were begun and are not finished."""
        return self._half

    # -- what the page does with it ------------------------------------------------------------------------------------

    def show_answers(self, held: Mapping[str, tuple[Answer, ...]]) -> None:
        """Show what the record holds. Answers on their way to it stay as they were given."""
        merged: Given = dict(held)
        self._landed = {key for key in self._landed if held.get(key, ()) != self.given.get(key, ())}
        for key in self._pending | self._landed:
            merged = put(self.form.questionnaire, merged, key, self.given.get(key, ()))
        self.state.show(merged)
        self._show()

    def show_stated(self, stated: Mapping[str, str]) -> None:
        """Show what is stated already about questions, by their link id. Nothing is answered by it."""
        self._stated = stated
        for key, card in self.cards.items():
            card.show_stated(self._stated_of(key))

    def show_half(self, words: Mapping[str, str]) -> None:
        """Show words by question that were begun and not finished, the newest last; one goes on there."""
        self._half = {key: each for key, each in words.items() if key in self.asked}
        self._worked_at = next(reversed(self._half), self._worked_at)
        for card in self.cards.values():
            self._go_on_in(card)

    def speak(self, language: str) -> None:
        """Show it in this language."""
        self.state.speak(language)
        self._show()

    def landed(self, key: str) -> None:
        """The record has the answer to ``key``."""
        self._landed |= self._pending & {key}
        self._pending.discard(key)

    def resume(self, times: Mapping[str, datetime]) -> None:
        """Go on where one stopped: ``times`` are those at which the questions were answered."""
        self.go_to(self._worked_at if self._worked_at in self.asked else self.state.stopped_at(times))

    def start(self) -> None:
        """Go to the first question that nobody dealt with."""
        self.resume({})

    def go_to(self, key: str) -> None:
        """Put the focus on a question, wherever it stands."""
        if key in self.asked:
            self._worked_at = key
            self.card(key).start()

    def show_part(self, at: int) -> None:
        """Show one of the parts, without moving the focus."""
        if self.parts[at].key != self._part:
            self.flush()
            self._part = self.parts[at].key
            self._show(turned=True)
            part = self.parts[at]
            announce(self, f"{part.heading}: {part.answered} of {part.total} answered")
        elif self._is_behind:
            self._show()

    def go_part(self, by: int) -> None:
        """Go to the next part (1) or the one before (-1), to its first question that nobody dealt with."""
        at = self.at + by
        if 0 <= at < len(self.parts):
            self.enter_part(at)

    def enter_part(self, at: int) -> None:
        """Go to a part: to its first question that nobody dealt with, else to its first."""
        self.show_part(at)
        rows = [row for row in self.parts[at].rows if row.editable]
        row = next((each for each in rows if each.state == "blank"), None) or next(iter(rows), None)
        if row is not None:
            self.go_to(row.key)

    def flush(self) -> None:
        """Give what stands in a field."""
        for card in list(self.cards.values()):
            card.commit()
        self._note_half()

    def _rest(self) -> None:
        """Words rest for a moment: give what is an answer already, and keep the rest as it is."""
        for card in list(self.cards.values()):
            if card.entry is not None and not (card.entry.one_of_many and card.key == self._typed_at):
                card.commit()
        self._note_half()

    def _go_on_in(self, card: QuestionCard) -> None:
        if card.entry is not None and (words := self._half.get(card.key)):
            card.show_row(card.row)
            card.entry.go_on(words)

    def _note_half(self) -> None:
        """Say which words are not finished: those being typed, and those that are no answer."""
        for key in (*self._half, *(each.key for each in self.cards.values() if each.entry is not None)):
            card = self.cards.get(key)
            if card is None or card.entry is None:
                continue  # its words are where they were
            words = card.entry.words if card.entry.why or key == self._typed_at else ""
            if words != self._half.pop(key, ""):
                self.half.emit(key, words)
            if words:
                self._half[key] = words

    # -- answering -----------------------------------------------------------------------------------------------------

    def _answer(self, key: str, answer: Answer | None) -> None:
        if key not in self.asked:
            return  # it went while its words were still there
        changed = self.state.answer(key, answer)
        if not changed:
            self.same.emit(key)
            return
        self._worked_at = key
        self._is_behind = key in self.cards and self.cards[key].goes_on
        self._changed(changed)

    def _changed(self, keys: tuple[str, ...]) -> None:
        self._pending.update(keys)
        if not self._is_behind:
            self._show()
        for key in keys:
            self.gave.emit(key, self.given.get(key, ()))

    def _more(self, group: str) -> None:
        new = self.state.one_more(group)
        self._show()
        self.go_to(next((row.key for row in self.state.within(new) if row.editable), ""))

    def _less(self, group: str) -> None:
        here = self.state.within(group)
        standing = [key for key in self.asked if key not in {row.key for row in here}]
        changed = self.state.one_less(group)
        if changed:
            self._changed(changed)
        else:
            self._show()
        left = [key for key in self.asked if key in standing] or list(self.asked)
        before = [row.key for row in here if row.editable]
        self.go_to(before[0] if before and before[0] in self.asked else left[-1])

    # -- showing -------------------------------------------------------------------------------------------------------

    def _show(self, *, turned: bool = False) -> None:
        self._is_behind = False
        at = self.at
        self._part = self.parts[at].key
        here = slots(self.state, self.parts[at], self._room)
        self._because = self.state.why_asked(slot.row.key for slot in here)
        after = self.parts[at + 1 : at + 2]
        ahead = [slot for part in after for slot in slots(self.state, part, self._room)[:_AHEAD]]
        self.lines.show_slots(here, ahead, from_top=turned)
        self._show_alerts(self.state.alerts)
        self.shown.emit()

    def _fit(self) -> None:
        """There is more room, or less, or words became larger: a grid may come or go."""
        self._room = self.width()
        if any(row.table is not None for row in self.state.page.rows):
            self._show()

    def _make(self, slot: Slot) -> QWidget:
        if not slot.is_question:
            return line_of(slot, self._more, self._less)
        card = QuestionCard(slot.row, self.form.questionnaire.by_id[slot.row.link_id], self._now, slot.columns)
        card.answered.connect(self._answer)
        card.keyed.connect(self._next)
        card.typing.connect(self._typed)
        card.lit.connect(self._lit)
        card.moved.connect(self._move)
        card.finished.connect(self.finished)
        card.wrong.connect(self.wrong)
        self._go_on_in(card)
        return card

    def _fill(self, widget: QWidget, slot: Slot) -> None:
        if isinstance(widget, QuestionCard | ReadLine):
            widget.show_because(self._because.get(slot.key, ""))
            widget.show_wrong(*wrong(self.state.wrong_at(slot.row, self._left)))
        if isinstance(widget, QuestionCard):
            widget.show_stated(self._stated_of(slot.key))
            widget.show_row(slot.row)
        elif isinstance(widget, ReadLine) and slot.row.is_question:
            widget.show_value(self.state.filled_in(slot.row))

    def _fits(self, widget: QWidget, slot: Slot) -> bool:
        if isinstance(widget, QuestionCard):
            return widget.fits(slot.row, slot.columns)
        return isinstance(widget, ReadLine | AddLine | GridHead) and widget.slot_shape == slot.shape

    def _take(self, widget: QWidget, slot: Slot) -> bool:
        return isinstance(widget, QuestionCard) and slot.is_question and widget.take(slot.row, slot.columns)

    def show_all_wrong(self) -> None:
        """Say at every question what is wrong with it: somebody is about to sign."""
        self._left.update(self.asked)
        self._show_wrong()

    def _show_wrong(self) -> None:
        live = self.lines.live if self.state.issues else {}
        for row in self.parts[self.at].rows:
            widget = live.get(row.key)
            if isinstance(widget, QuestionCard | ReadLine):
                widget.show_wrong(*wrong(self.state.wrong_at(row, self._left)))

    def say_unasked(self, keys: Sequence[str]) -> None:
        """Say *not asked* of these questions."""
        for key in keys:
            self._answer(key, NonAnswer.NOT_ASKED)

    def _stated_of(self, key: str) -> str:
        return self._stated.get(link_of(self.form.questionnaire, key), "")

    def _show_alerts(self, alerts: tuple[Alert, ...]) -> None:
        new = tuple((alert.severity, alert.text) for alert in alerts)
        if new == self._alerts:
            return
        self._alerts = new
        show_alerts(self._alert_list, new)
        self.alerted.emit()

    def _typed(self, key: str) -> None:
        self._typed_at = key
        self.typing.emit(key)
        if not self._timer.isActive():
            self._timer.start()

    # -- moving --------------------------------------------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:
        held = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        by = {Qt.Key.Key_PageDown: 1, Qt.Key.Key_PageUp: -1}.get(Qt.Key(event.key()), 0)
        if by and held == Qt.KeyboardModifier.ControlModifier:
            self.go_part(by)
        else:
            super().keyPressEvent(event)

    def _next(self, key: str) -> None:
        self._move(1)
        if self._is_behind:  # it was the last one
            self._show()

    def _move(self, by: int) -> None:
        """To the next question or the one before; from the last of a part to the first of the next."""
        asked = self.asked
        there = asked.index(self._lit_key) + by if self._lit_key in asked else -1
        if 0 <= there < len(asked):
            self.go_to(asked[there])

    def _lit(self, key: str) -> None:
        if self._lit_key not in ("", key) and self._lit_key not in self._left:
            self._left.add(self._lit_key)
            self._show_wrong()
        self._lit_key = key
        if key != self._typed_at and (self._typed_at or self._half):
            self._typed_at = ""
            self._note_half()
        self._sight.soon()

    def _lit_card(self) -> QuestionCard | None:
        card, focus = self.cards.get(self._lit_key), QApplication.focusWidget()
        return card if card is not None and focus is not None and card.isAncestorOf(focus) else None

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._sight.resized()
        if self.width() != self._room:
            QTimer.singleShot(0, self, self._fit)  # not while things are being placed

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._sight.begin()

    def hideEvent(self, event: QHideEvent) -> None:
        self.flush()
        super().hideEvent(event)

    def _restyle(self) -> None:
        self._column.setSpacing(current().space.m)
        self._alert_list.setSpacing(current().space.s)
        QTimer.singleShot(0, self, self._fit)
