"""A long form on the screen, answered by number keys and scrolled; a process of its own.

``python -m benchmarks.answered_form QUESTIONS SECTIONS ANSWERS`` prints one line of JSON: milliseconds to load the
form; from each key press until the screen shows what it did (the answer, what is asked now, scores, the next question);
of each piece of work between answers; for each screenful scrolled of the same questions in one section; and of scoring.
The same answers as FHIR responses, for whoever evaluates the formulas without the product, are in the file
``responses.json`` in the working folder.
"""

import json
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QScrollArea

from benchmarks.long_form import long_form
from console.bridge.sweeper import Sweeper
from console.forms.asking import response
from console.forms.instruments import scoring
from console.forms.library import Form
from console.forms.model import Questionnaire
from console.forms.reading.loading import load
from console.views import theme
from console.views.theme import Scheme
from console.views.widgets import FocusScrollArea
from console.views.workspace.form_preview import TriedForm

_AT = datetime(2026, 11, 21, 22, 0, tzinfo=UTC)
_LOOKS = 0.1
"""Seconds between two keys."""
_KEPT = 20
"""Every so many answers the response is written down for the floor."""


def _now() -> datetime:
    return _AT


def _timed_load(questions: int, sections: int, *, formulas: bool) -> tuple[Questionnaire, float]:
    document = json.dumps(long_form(questions, sections, formulas=formulas)).encode()
    started = time.perf_counter()
    return load(document), (time.perf_counter() - started) * 1000


def _shown(questionnaire: Questionnaire) -> tuple[TriedForm, QScrollArea]:
    area = FocusScrollArea()
    area.setWidgetResizable(True)
    tried = TriedForm(Form("long", questionnaire, None), _now)
    area.setWidget(tried)
    area.resize(900, 520)
    area.show()
    area.activateWindow()
    return tried, area


def _rest(seconds: float = _LOOKS) -> list[float]:
    """Let be done what nobody waits for, as long as a person looks; milliseconds of each turn of the event loop."""
    took, end = [], time.perf_counter() + seconds
    while (started := time.perf_counter()) < end:
        QApplication.processEvents()
        took.append((time.perf_counter() - started) * 1000)
        time.sleep(0.002)
    return took


def _answer(questionnaire: Questionnaire, answers: int) -> tuple[list[float], list[float], list[float], list[float]]:
    tried, area = _shown(questionnaire)
    _rest()
    tried.view.start()
    between = _rest()
    took, worked, scored, kept = [], [], [], []
    for number in range(answers):
        focus = QApplication.focusWidget()
        assert focus is not None
        key = Qt.Key(Qt.Key.Key_1 + (number * 7 + number // 5) % 4)
        started, worked_before = time.perf_counter(), time.thread_time()
        QTest.keyClick(focus, key)
        QApplication.processEvents()
        took.append((time.perf_counter() - started) * 1000)
        worked.append((time.thread_time() - worked_before) * 1000)
        between += _rest()
        if number % _KEPT == 0:
            given = tried.view.given
            started = time.perf_counter()
            scoring.score(questionnaire, given, now=_AT)
            scored.append((time.perf_counter() - started) * 1000)
            kept.append(response.build(questionnaire, given, status="in-progress", authored=_AT))
    assert len(tried.view.given) > answers * 0.6
    Path("responses.json").write_text(json.dumps(kept, default=float), encoding="utf-8")
    area.close()
    return took, worked, between, scored


def _scroll(questions: int) -> list[float]:
    questionnaire, _ = _timed_load(questions, 1, formulas=False)
    _, area = _shown(questionnaire)
    _rest()
    took, bar = [], area.verticalScrollBar()
    while bar.value() < bar.maximum():
        started = time.perf_counter()
        bar.setValue(bar.value() + bar.pageStep() // 3)
        QApplication.processEvents()
        took.append((time.perf_counter() - started) * 1000)
        _rest()
    area.close()
    return took


def main(questions: int, sections: int, answers: int) -> int:
    """Load, answer, scroll, print."""
    application = QApplication(sys.argv[:1])
    theme.apply(application, Scheme.DARK)
    Sweeper(application).settle()  # as in the program: garbage is collected between what people do
    questionnaire, loaded = _timed_load(questions, sections, formulas=True)
    took, worked, between, scored = _answer(questionnaire, answers)
    found = {
        "load": loaded,
        "answers": took,
        "worked": worked,
        "between": between,
        "score": scored,
        "scroll": _scroll(questions),
    }
    print(json.dumps(found), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(*map(int, sys.argv[1:4])))
