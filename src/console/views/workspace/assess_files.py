"""Files of assessments: a signed one for another record, a blank one for paper. Written off the GUI thread."""

import json
from collections.abc import Callable
from functools import partial
from pathlib import Path
from uuid import UUID

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFileDialog, QWidget

from console.actions import assessments
from console.bridge.seat import Seat
from console.errors import KnownError
from console.forms.library import Form, Library
from console.handoff.blank_form import render
from console.queries.assessment import form_of
from console.queries.blank_form import blank_form
from console.security.private_files import write_private


def save_bundle(seat: Seat, library: Library, assessment: UUID, path: Path) -> Path:
    """Write a signed assessment as a FHIR bundle that only this user can read. Off the GUI thread."""
    bundle = assessments.export(seat.desk, seat.sign_in, assessment, partial(form_of, library))
    write_private(path, json.dumps(bundle, indent=2, ensure_ascii=False).encode())
    return path


def save_blank(form: Form, path: Path) -> Path:
    """Write a blank form as a PDF, which holds nothing of anybody. Off the GUI thread."""
    pdf = render(blank_form(form))
    try:
        path.write_bytes(pdf)
    except OSError as error:
        raise KnownError(f"{path} cannot be written: {error.strerror or error}. Choose another place.") from error
    return path


class Files(QWidget):
    """Asks where a file goes and has it written. ``wrote`` (name of the file), ``failed`` (why)."""

    wrote = Signal(str)
    failed = Signal(str)

    def __init__(self, seat: Seat, parent: QWidget) -> None:
        super().__init__(parent)
        self._seat = seat
        self.hide()

    def ask_bundle(self, library: Library, assessment: UUID) -> None:
        """Save a signed assessment as FHIR."""
        chosen = partial(self.save_bundle, library, assessment)
        self._ask("Save as FHIR", f"assessment-{assessment}.json", "FHIR (*.json)", chosen)

    def ask_blank(self, form: Form) -> None:
        """Save a blank form as a PDF."""
        self._ask("Save a blank form", f"{form.name}-blank.pdf", "PDF (*.pdf)", partial(self.save_blank, form))

    def save_bundle(self, library: Library, assessment: UUID, path: str) -> None:
        """Write it. That it was read out is in the audit record."""
        self._write(partial(save_bundle, self._seat, library, assessment, Path(path)))

    def save_blank(self, form: Form, path: str) -> None:
        """Write it."""
        self._write(partial(save_blank, form, Path(path)))

    def _write(self, job: Callable[[], Path]) -> None:
        self._seat.bridge.saving(self, job, self._wrote, self._not_wrote)

    def _wrote(self, path: Path) -> None:
        self.wrote.emit(path.name)

    def _not_wrote(self, error: KnownError) -> None:
        self.failed.emit(error.message)

    def _ask(self, title: str, name: str, kind: str, chosen: Callable[[str], None]) -> None:
        dialog = QFileDialog(self.window(), title, name, kind)
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix(Path(name).suffix[1:])
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(chosen)
        dialog.open()
