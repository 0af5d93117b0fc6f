"""What signing an assessment freezes, said before it is done."""

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QVBoxLayout

from console.views.theme import Type, current, watch
from console.views.widgets import ActionButton, Card, ElidedText, Look, Text, Tone, announce
from console.views.workspace.form_issues import Gap, gaps
from console.views.workspace.form_results import words_of
from console.views.workspace.form_view import FormView
from console.views.workspace.section import flowing

_MOST_GAPS = 6
_LONGEST = 48


class SignPanel(Card):
    """Enter or Ctrl+Enter signs, Escape goes back. What breaks a rule of the form stands in the way.

    ``signed``; ``jumped`` (question) to one that is open; ``unasked`` (questions) when *not asked* is said of all that
    are required and blank; ``left`` when it goes away unsigned.
    """

    signed = Signal()
    jumped = Signal(str)
    unasked = Signal(tuple)
    left = Signal()

    def __init__(self) -> None:
        super().__init__(Tone.ACCENT)
        self._lines = QVBoxLayout()
        self.body.addLayout(self._lines)
        self.gaps: list[ActionButton] = []
        self.low = self.tight = False
        self.yes = ActionButton("Sign", key="Enter", look=Look.PRIMARY)
        self.rest = ActionButton("Not asked", key="8")
        self.no = ActionButton("Not yet", key="Esc", look=Look.QUIET)
        self._blank: tuple[str, ...] = ()
        self.yes.clicked.connect(self._sign)
        self.rest.clicked.connect(self._say_unasked)
        self.no.clicked.connect(self.leave)
        acts = flowing(self.yes, self.rest, self.no)
        held = acts.layout()
        assert held is not None
        self._acts = held
        self.body.addWidget(acts)
        self.hide()
        watch(self._restyle_lines)

    def ask_about(self, view: FormView, who: str, *, amends: bool, unsaved: str = "") -> None:
        """Ask whether a form is signed as it stands; ``unsaved`` is why something typed is not in it."""
        answered, total = view.count
        lead = f"NOT SAVED: {unsaved} " if unsaved and self.low else ""
        what = f"the amended {view.state.page.title}" if amends else view.state.page.title
        self.ask(
            f"{lead}Sign {what} as {who}: answers and results are frozen.",
            [
                *([f"NOT SAVED, and not in what is signed: {unsaved}"] if unsaved and not lead else []),
                f"{answered} of {total} answered; what is not answered stays so.",
                *map(words_of, view.scores),
            ],
            gaps(view.state),
            yes="Sign the amendment" if amends else "Sign",
            one_line=self.low,
        )

    def ask(self, title: str, frozen: Sequence[str], gaps: Sequence[Gap], *, yes: str, one_line: bool = False) -> None:
        """Open with the focus on the button that signs, or on the first thing that stands in the way.

        With ``one_line`` it keeps to a line and its buttons. There, and where it is ``tight``, one button says it.
        """
        while (item := self._lines.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        stops = [gap for gap in gaps if gap.stops]
        first = f"To put right: {stops[0].words}" if stops else ""
        all_of_it = " ".join(filter(None, (first, title, *frozen)))
        self._lines.addWidget(ElidedText(all_of_it, Type.STRONG) if one_line else Text(title, Type.STRONG, wrap=True))
        for line in () if one_line else frozen:
            self._lines.addWidget(Text(line, Type.SMALL, wrap=True))
        for gap in self.gaps:
            gap.deleteLater()
        self.gaps = []
        if gaps and (one_line or self.tight):
            if first and not one_line:
                self._lines.addWidget(ElidedText(first, Type.SMALL, Tone.WARN))
            if (there := next((gap for gap in stops or gaps if gap.key), None)) is not None:
                words = f"{len(stops)} to put right" if stops else f"{len(gaps)} to check"
                self._acts.addWidget(self._to(there, words))
        else:
            self._list(stops, "to put right before it can be signed")
            self._list([gap for gap in gaps if not gap.stops], "to check")
        self._blank = tuple(dict.fromkeys(key for gap in stops for key in gap.blank))
        self.rest.set_words(f"Not asked: the {len(self._blank)} blank")
        self.rest.setVisible(bool(self._blank))
        self.yes.setEnabled(not stops)
        self.yes.set_words(yes)
        self.setAccessibleName(title)
        self.show()
        start = self.yes if not stops else self.gaps[0] if self.gaps else self.no
        start.setFocus(Qt.FocusReason.ShortcutFocusReason)
        announce(self, ". ".join(filter(None, (title, *frozen, first))))

    def _list(self, gaps: Sequence[Gap], what: str) -> None:
        """Say what is open, each with what leads there."""
        if not gaps:
            return
        tone = Tone.WARN if gaps[0].stops else Tone.MUTED
        first = f", here the first {_MOST_GAPS}" if len(gaps) > _MOST_GAPS else ""
        self._lines.addWidget(Text(f"{len(gaps)} {what}{first}:", Type.SMALL, tone))
        buttons = []
        for gap in gaps[:_MOST_GAPS]:
            if not gap.blank:
                self._lines.addWidget(Text(gap.words, Type.SMALL, tone, wrap=True))
            if gap.key:
                words = gap.question
                buttons.append(self._to(gap, words if len(words) <= _LONGEST else f"{words[: _LONGEST - 1]}…"))
        if buttons:
            self._lines.addWidget(flowing(*buttons))

    def _to(self, gap: Gap, words: str) -> ActionButton:
        """A button that leads to what is open."""
        button = ActionButton(words, look=Look.QUIET, name=f"Go to: {gap.words}")
        button.clicked.connect(partial(self._jump, gap.key))
        self.gaps.append(button)
        return button

    def leave(self) -> None:
        """Go away unsigned."""
        if not self.isHidden():
            self.hide()
            self.left.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            focus = QApplication.focusWidget()
            gap = next((each for each in self.gaps if each is focus), None)
            if event.isAutoRepeat():
                return
            (gap or next((each for each in (self.no, self.rest) if each is focus), self.yes)).click()
        elif event.key() == Qt.Key.Key_8 and not self.rest.isHidden():
            if not event.isAutoRepeat():
                self.rest.click()
        elif event.key() == Qt.Key.Key_Escape:
            self.leave()
        else:
            super().keyPressEvent(event)

    def _sign(self) -> None:
        self.signed.emit()
        self.hide()

    def _say_unasked(self) -> None:
        self.hide()
        self.unasked.emit(self._blank)

    def _jump(self, key: str, *_: object) -> None:
        self.hide()
        self.jumped.emit(key)

    def _restyle_lines(self) -> None:
        self._lines.setSpacing(current().space.xs)
