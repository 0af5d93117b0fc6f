"""A form to look at and try out, before anybody is asked it."""

from collections.abc import Callable
from datetime import datetime

from PySide6.QtWidgets import QVBoxLayout, QWidget

from console.forms.library import Form
from console.views.theme import current, watch
from console.views.workspace.form_parts import PartsBar
from console.views.workspace.form_results import ScoreLine
from console.views.workspace.form_view import FormView


class TriedForm(QWidget):
    """A form with its parts and its score; nothing of what is given is kept."""

    def __init__(self, form: Form, now: Callable[[], datetime]) -> None:
        super().__init__()
        self.view = FormView(form, now)
        self.parts, self.scores = PartsBar(), ScoreLine()
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        for part in (self.parts, self.view, self.scores):
            self._column.addWidget(part)
        self.parts.chosen.connect(self.view.show_part)
        self.view.shown.connect(self._show)
        self._show()
        watch(self._restyle)

    def _show(self) -> None:
        self.parts.show_parts(self.view.parts, self.view.at)
        self.scores.show_scores(self.view.scores, one_line=False)

    def _restyle(self) -> None:
        self._column.setSpacing(current().space.s)
