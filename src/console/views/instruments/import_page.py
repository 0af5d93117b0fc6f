"""Bringing a form in: the file, what the form would be here, whose leave there is, and the form itself to try out."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QCheckBox, QFileDialog, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from console.actions import instruments as acts
from console.bridge.seat import Seat
from console.errors import KnownError
from console.forms.instruments.ties import Tie
from console.forms.library import Form
from console.forms.refusals import RefusedForm
from console.queries.instruments import Preview, preview
from console.views.instruments.permission_fields import PermissionFields
from console.views.instruments.scoring_card import ScoringCard
from console.views.instruments.training_card import Do
from console.views.instruments.wording import preview_words, validity_words
from console.views.theme import Icon, Type, current, watch
from console.views.widgets import (
    ActionButton,
    Card,
    FocusScrollArea,
    Look,
    Notice,
    SectionHeader,
    Text,
    Tone,
    announce,
    named,
)

WIDE = 860
"""Pixels at 100 % from which the form stands beside what is asked about it."""


class ImportPage(FocusScrollArea):
    """Signals: ``closed`` when the person leaves it. What is answered in the form shown is kept nowhere."""

    closed = Signal()

    def __init__(self, seat: Seat, do: Do, make_view: Callable[[Form], QWidget]) -> None:
        super().__init__()
        self._seat, self._do, self._make_view = seat, do, make_view
        self._turn = 0
        self._path = Path()
        self._reading = False
        self.preview: Preview | None = None
        self._view: QWidget | None = None
        self.setWidgetResizable(True)
        self.setFrameShape(self.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setAccessibleName("Import a form")
        inside = QWidget()
        self._halves = QBoxLayout(QBoxLayout.Direction.LeftToRight, inside)
        self._halves.setContentsMargins(0, 0, 0, 0)
        left = QVBoxLayout()
        left.addWidget(self._file_card())
        self._about = self._about_card()
        left.addWidget(self._about)
        self.scoring = ScoringCard(seat)
        self.scoring.wanted.connect(self._look_again)
        left.addWidget(self.scoring)
        self._leave = self._permission_card()
        left.addWidget(self._leave)
        left.addStretch(1)
        self._halves.addLayout(left, 2)
        self._right = QWidget()
        self._place = QVBoxLayout(self._right)
        self._place.setContentsMargins(0, 0, 0, 0)
        self._place.addWidget(SectionHeader("As a clinician sees it"))
        self._place.addWidget(
            Text("Try it out: what you answer here is kept nowhere.", Type.SMALL, Tone.MUTED, wrap=True)
        )
        self._place.addStretch(1)
        self._halves.addWidget(self._right, 3)
        self.setWidget(inside)
        inside.setAutoFillBackground(False)
        self.viewport().setAutoFillBackground(False)
        watch(self._restyle)
        self.begin()

    def _file_card(self) -> Card:
        card = Card()
        card.body.addWidget(SectionHeader("Import a form"))
        card.body.addWidget(
            Text("A FHIR R4 Questionnaire, with its NAME.instrument.json beside it if it has one.", wrap=True)
        )
        self.file = named(QLineEdit(), "File of the form")
        self.file.setPlaceholderText("path of the file, then Enter")
        card.body.addWidget(self.file)
        self.choose = ActionButton("Choose a file…")
        self.choose.clicked.connect(self.ask_file)
        self._look = ActionButton("Look at it", key="Enter")
        self._look.clicked.connect(self.look)
        self.cancel = ActionButton("Cancel", key="Esc", look=Look.QUIET, name="Leave the import")
        self.cancel.clicked.connect(self.closed)
        line = QHBoxLayout()
        for button in (self._look, self.choose, self.cancel):
            line.addWidget(button)
        line.addStretch(1)
        card.body.addLayout(line)
        self.said = Notice()
        card.body.addWidget(self.said)
        return card

    def _about_card(self) -> Card:
        card = Card()
        self._title = Text(role=Type.HEADING, wrap=True)
        self.what = Text(wrap=True)
        self._validity = Text(role=Type.SMALL, wrap=True)
        self.scores = Text(wrap=True)
        self.findings = Text(tone=Tone.WARN, wrap=True)
        self.notice = Text(role=Type.SMALL, tone=Tone.MUTED, wrap=True)
        for part in (self._title, self.what, self._validity, self.scores, self.findings, self.notice):
            card.body.addWidget(part)
        return card

    def _permission_card(self) -> Card:
        card = Card()
        card.body.addWidget(SectionHeader("Permission record"))
        self.permission = PermissionFields()
        card.body.addWidget(self.permission)
        words = "Only people listed as trained may begin it"
        self.trained_only = named(QCheckBox(words), words)
        card.body.addWidget(self.trained_only)
        self.confirm = ActionButton("Import it", key="Ctrl Enter", look=Look.PRIMARY, icon=Icon.CHECK)
        self.confirm.clicked.connect(self.commit)
        line = QHBoxLayout()
        line.addWidget(self.confirm)
        line.addStretch(1)
        card.body.addLayout(line)
        return card

    def begin(self) -> None:
        """As it is before a file was chosen; what is being read of another comes too late."""
        self._turn += 1
        self.file.clear()
        self._show(None)
        self.say("")

    def say(self, words: str, tone: Tone = Tone.MUTED) -> None:
        """What came of what was done."""
        self.said.say(words, tone)
        if tone is Tone.DANGER:
            self._halves.activate()
            self.ensureWidgetVisible(self.said)

    def ask_file(self) -> None:
        """Choose the file in a dialog."""
        dialog = QFileDialog(self, "Import a form", self.file.text(), "Questionnaires (*.json);;All files (*)")
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(self._chosen)
        dialog.open()

    def _chosen(self, path: str) -> None:
        self.file.setText(path)
        self.look()

    def look(self) -> None:
        """Read the file and show what it would be here."""
        if not self.file.text().strip():
            self.say("Type the path of a file, or choose one.", Tone.WARN)
            return
        self._path = Path(self.file.text().strip()).expanduser()
        self._show(None)
        self.say("Reading…")
        self._read(None, self._loaded, self._refused)

    def _look_again(self, tie: Tie | None) -> None:
        """Read the same file as what the person says of it."""
        self._read(tie, self._loaded_again, self._refused_so)

    def _read(
        self, tie: Tie | None, loaded: Callable[[int, Preview], None], refused: Callable[[int, KnownError], None]
    ) -> None:
        self._turn += 1
        self._reading = True
        job = partial(preview, self._seat.desk, self._seat.sign_in, self._path, tie)
        self._seat.bridge.read(self, job, partial(loaded, self._turn), partial(refused, self._turn))

    def _loaded(self, turn: int, found: Preview) -> None:
        if turn == self._turn:
            self._reading = False
            self.say("")
            self._show(found)
            # The focus stays: what the form would be here is read before anything is confirmed.
            announce(self.what, f"{found.package.form.title}: {self.what.text()}")

    def _loaded_again(self, turn: int, found: Preview) -> None:
        if turn == self._turn:
            self._reading = False
            self._describe(found)
            self.scoring.tell(found)
            self._halves.activate()
            announce(self.scoring.gives, "\n".join((*found.scores, *found.gives)))

    def _refused_so(self, turn: int, error: KnownError) -> None:
        if turn == self._turn:
            self._reading = False
            self.scoring.refuse(error)

    def _refused(self, turn: int, error: KnownError) -> None:
        if turn == self._turn:
            self._reading = False
            refused = isinstance(error, RefusedForm)
            self.say(f"This form is refused: {error.message}." if refused else error.message, Tone.DANGER)

    def _show(self, found: Preview | None) -> None:
        self.preview = found
        for part in (self._about, self.scoring, self._leave, self._right):
            part.setVisible(found is not None)
        self._show_form(None)
        if found is None:
            return
        self.permission.why.set_tone(Tone.WARN if found.lapsed else Tone.MUTED)
        self.permission.show_permission(found.replaces.permission if found.replaces else None, anew=bool(found.lapsed))
        self.trained_only.setChecked(found.replaces is not None and found.replaces.trained_only)
        self.scoring.begin(found)
        self._describe(found)

    def _show_form(self, form: Form | None) -> None:
        if self._view is not None:
            self._place.removeWidget(self._view)
            self._view.hide()
            self._view.deleteLater()
            self._view = None
        if form is not None:
            self._view = self._make_view(form)
            self._place.insertWidget(self._place.count() - 1, self._view)

    def _describe(self, found: Preview) -> None:
        """What the form would be here, as it is scored now; what was typed of a permission stays."""
        self.preview = found
        form = found.package.form
        self._title.setText(form.title)
        self.what.setText(preview_words(found))
        self.what.set_tone(Tone.WARN if found.same else Tone.TEXT)
        scores = "\n".join(f"Score: {line}" for line in found.scores) or "It gives no score."
        told = acts.findings(form)
        for text, words in (
            (self._validity, validity_words(form)),
            (self.scores, scores),
            (self.findings, "\n".join(("Found in it:", *told)) if told else ""),
            (self.notice, "\n".join(filter(None, (found.notice, found.terms))) or "It says nothing about copying."),
        ):
            text.setText(words)
            text.setVisible(bool(words))
        self._leave.setVisible(not found.same)
        self.permission.why.setText(_why(found))
        if form.needs.training:
            self.trained_only.setChecked(True)
        self.trained_only.setEnabled(not form.needs.training)
        self._show_form(form)

    def commit(self) -> None:
        """Import what is shown."""
        found = self.preview
        if found is None or found.same or self._reading:
            return  # nobody has seen yet what it would be as it was said to be last
        given = self.permission.given
        if self.scoring.ask_missing() or (
            (given is not None or found.needs_permission) and self.permission.ask_missing()
        ):
            return
        held = found.replaces.permission if found.replaces else None
        if held and not found.lapsed and given == acts.Permit(held.given_by, held.given_on, held.document, held.until):
            given = None  # what is on record stays, with whoever recorded it
        job = partial(
            acts.import_form,
            package=found.package,
            name=found.name,
            given=given,
            trained_only=self.trained_only.isChecked(),
        )
        self._do(job, f"{found.package.form.title} is imported.")

    def keyPressEvent(self, event: QKeyEvent) -> None:
        control = event.modifiers() & Qt.KeyboardModifier.ControlModifier
        if event.key() == Qt.Key.Key_Escape:
            self.closed.emit()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and control:
            self.commit()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.file.hasFocus():
            self.look()
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def _arrange(self) -> None:
        wide = self.width() >= current().px(WIDE)
        sides = QBoxLayout.Direction
        self._halves.setDirection(sides.LeftToRight if wide else sides.TopToBottom)

    def _restyle(self) -> None:
        self._halves.setSpacing(current().space.l)
        self._place.setSpacing(current().space.s)
        self._arrange()


def _why(found: Preview) -> str:
    form = found.package.form
    ask = form.bound.instrument.rights.ask if form.bound else ""
    if not form.needs.permission:
        return "It is known here, and its rights ask for none. A record can be kept all the same."
    held = f"{found.lapsed} Enter the new one." if found.lapsed else ""
    if not held and found.replaces and found.replaces.permission:
        held = "What is on record for the version before stands here."
    need = "It is not imported without one. For a form in the public domain, say who found that out, and where."
    return " ".join(part for part in (held, need, ask) if part)
