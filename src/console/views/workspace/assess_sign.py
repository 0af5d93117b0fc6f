"""What signing an assessment freezes, said before it is done."""

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QVBoxLayout

from console.views.theme import Type, current, watch
from console.views.widgets import ActionButton, Card, ElidedText, Look, Text, Tone, announce
from console.views.workspace.form_results import words_of
from console.views.workspace.form_view import FormView
from console.views.workspace.question import question_words
from console.views.workspace.section import flowing

_MOST_GAPS = 6


class SignPanel(Card):
    """Enter or Ctrl+Enter signs, Escape goes back. ``signed``; ``jumped`` (question) to an open required one; ``left``
    when it goes away unsigned."""

    signed = Signal()
    jumped = Signal(str)
    left = Signal()

    def __init__(self) -> None:
        super().__init__(Tone.ACCENT)
        self._lines = QVBoxLayout()
        self.body.addLayout(self._lines)
        self.gaps: list[ActionButton] = []
        self.low = self.tight = False
        self.yes = ActionButton("Sign", key="Enter", look=Look.PRIMARY)
        self.no = ActionButton("Not yet", key="Esc", look=Look.QUIET)
        self.yes.clicked.connect(self._sign)
        self.no.clicked.connect(self.leave)
        acts = flowing(self.yes, self.no)
        held = acts.layout()
        assert held is not None
        self._acts = held
        self.body.addWidget(acts)
        self.hide()
        watch(self._restyle_lines)

    def ask_about(self, view: FormView, who: str, *, amends: bool, unsaved: str = "") -> None:
        """Ask whether a form is signed as it stands; ``unsaved`` is why something typed is not in it."""
        answered, total = view.count
        rows = {row.key: row for part in view.parts for row in part.rows}
        lead = f"NOT SAVED: {unsaved} " if unsaved and self.low else ""
        what = f"the amended {view.state.page.title}" if amends else view.state.page.title
        self.ask(
            f"{lead}Sign {what} as {who}: answers and results are frozen.",
            [
                *([f"NOT SAVED, and not in what is signed: {unsaved}"] if unsaved and not lead else []),
                f"{answered} of {total} answered; what is not answered stays so.",
                *map(words_of, view.scores),
            ],
            [(key, question_words(rows[key])) for key in view.state.page.open_required if key in rows],
            yes="Sign the amendment" if amends else "Sign",
            one_line=self.low,
        )

    def ask(
        self, title: str, frozen: Sequence[str], gaps: Sequence[tuple[str, str]], *, yes: str, one_line: bool = False
    ) -> None:
        """Open with the focus on the button. ``gaps`` are the required questions without an answer: key and words.

        With ``one_line`` it keeps to a line and its buttons. There, and where it is ``tight``, one button says it.
        """
        while (item := self._lines.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        self._lines.addWidget(
            ElidedText(" ".join((title, *frozen)), Type.STRONG) if one_line else Text(title, Type.STRONG, wrap=True)
        )
        for line in () if one_line else frozen:
            self._lines.addWidget(Text(line, Type.SMALL, wrap=True))
        for gap in self.gaps:
            gap.deleteLater()
        self.gaps = []
        if gaps and (one_line or self.tight):
            key, words = gaps[0]
            gap = ActionButton(f"{len(gaps)} required open", look=Look.QUIET, name=f"Go to: {words}")
            gap.clicked.connect(partial(self._jump, key))
            self.gaps = [gap]
            self._acts.addWidget(gap)
        elif gaps:
            first = f", here the first {_MOST_GAPS}" if len(gaps) > _MOST_GAPS else ""
            self._lines.addWidget(Text(f"{len(gaps)} required and not answered{first}:", Type.SMALL, Tone.WARN))
            for key, words in gaps[:_MOST_GAPS]:
                gap = ActionButton(words if len(words) <= 48 else words[:47] + "…", name=f"Go to: {words}")
                gap.clicked.connect(partial(self._jump, key))
                self.gaps.append(gap)
            self._lines.addWidget(flowing(*self.gaps))
        self.yes.set_words(yes)
        self.setAccessibleName(title)
        self.show()
        self.yes.setFocus(Qt.FocusReason.ShortcutFocusReason)
        announce(self, ". ".join((title, *frozen)))

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
            (gap or (self.no if focus is self.no else self.yes)).click()
        elif event.key() == Qt.Key.Key_Escape:
            self.leave()
        else:
            super().keyPressEvent(event)

    def _sign(self) -> None:
        self.signed.emit()
        self.hide()

    def _jump(self, key: str, *_: object) -> None:
        self.hide()
        self.jumped.emit(key)

    def _restyle_lines(self) -> None:
        self._lines.setSpacing(current().space.xs)
