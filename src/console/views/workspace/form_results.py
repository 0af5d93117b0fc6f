"""What a form says of itself while it is answered: its scores and the rules that are met."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from console.forms.instruments.scoring import Score
from console.models.assessment import FrozenScore
from console.models.call import Level
from console.views.theme import Type, current
from console.views.widgets import Badge, Card, ElidedText, Text, Tone

_TONES = {"alarm": Tone.DANGER, "caution": Tone.WARN, "advisory": Tone.CHANGED}
_LEVELS = {"alarm": Level.CRITICAL, "caution": Level.HIGH, "advisory": Level.MEDIUM}


def score_words(name: str, value: object, band: str, reason: str, words: str = "") -> str:
    """``PHQ-9: 12 (moderate)`` or ``PHQ-9: not scored: item 4 not answered``; a gap never reads as a number.

    ``words`` qualify the result and follow it.
    """
    if value in (None, ""):
        said = f"not scored: {reason or 'no answers'}"
    elif band and not any(character.isdigit() for character in str(value)):
        said = band  # the word of a decision table, as its publisher puts it
    else:
        said = f"{value} ({band})" if band else f"{value}"
    return ". ".join(part for part in (f"{name}: {said}", words.removesuffix(".")) if part)


def frozen_words(scores: Sequence[FrozenScore]) -> str:
    """Signed scores in one line."""
    said = (score_words(one.name, one.value, one.band, one.reason, one.words) for one in scores)
    return "; ".join(said) or "no score"


def words_of(score: Score) -> str:
    """:func:`score_words` of a score as it stands."""
    return score_words(score.name, score.value, score.band or "", score.reason or "", score.words)


class ScoreLine(QWidget):
    """The scores as they stand, always in view under the questions. Hidden where there is nothing to say."""

    def __init__(self) -> None:
        super().__init__()
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(2)
        self._lines: list[Text] = []
        self._built: list[tuple[str, bool, bool]] = []
        self._shown: object = None
        self.setAccessibleName("Scores")

    def text(self) -> str:
        """All of it, a line for each score."""
        return "\n".join(line.text() for line in self._lines)

    def show_scores(self, scores: Sequence[Score], *, one_line: bool, lead: str = "") -> None:
        """Show these scores; with ``one_line`` they share one, which begins with ``lead``."""
        words = [(words_of(one), one.value is not None) for one in scores]
        self.setVisible(bool(words or lead))
        if (words, one_line, lead) == self._shown:
            return
        self._shown = (words, one_line, lead)
        parts = [part for part in (lead, *(said for said, _ in words)) if part]
        together = [(" · ".join(parts), all(there for _, there in words))] if parts else []
        wanted = [(said, there, one_line) for said, there in (together if one_line else words)]
        for at, (line, before) in enumerate(zip(self._lines, self._built, strict=True)):
            # In place where only the words changed: nothing is laid out anew.
            if at < len(wanted) and wanted[at][1:] == before[1:]:
                line.setText(wanted[at][0])
            else:
                self._drop(at)
                break
        for said, there, _ in wanted[len(self._lines) :]:
            role, tone = (Type.STRONG, Tone.TEXT) if there else (Type.SMALL, Tone.MUTED)
            line = ElidedText(said, role, tone) if one_line else Text(said, role, tone, wrap=True)
            self._column.addWidget(line)
            self._lines.append(line)
        self._built = wanted

    def _drop(self, first: int) -> None:
        for line in self._lines[first:]:
            self._column.removeWidget(line)
            line.hide()
            line.deleteLater()
        del self._lines[first:]


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


def show_alerts(place: QVBoxLayout, alerts: Sequence[tuple[str, str]]) -> None:
    """Show these rules that are met, severity and text, and no others."""
    while (item := place.takeAt(0)) is not None:
        if (widget := item.widget()) is not None:
            widget.hide()
            widget.deleteLater()
    for severity, text in alerts:
        place.addWidget(AlertCard(severity, text))
