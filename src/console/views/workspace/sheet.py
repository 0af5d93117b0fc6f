"""The responder sheet: as it would print now, what is held back, what changed since, and its numbered copies."""

from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any
from uuid import UUID

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QComboBox, QFileDialog, QVBoxLayout, QWidget

from console.actions import lengths, sheets
from console.bridge.seat import Seat
from console.errors import KnownError
from console.handoff.police_pdf import render
from console.handoff.preview import Page as Picture
from console.handoff.preview import pages
from console.models.sheet import SheetState, sheet_subject
from console.queries.sheet import SheetPage, make_sheet, sheet_page
from console.queries.workspace import Workspace as Page
from console.views.theme import Icon, Type, current
from console.views.widgets import ActionButton, Look, SectionHeader, Text, Tone, named
from console.views.workspace.preview import PREVIEW_DPI, SheetPreview
from console.views.workspace.section import Section, flowing, row
from console.views.workspace.timed_lines import TimedLine, TimedLines
from console.views.workspace.typing_box import Submitted
from console.views.workspace.work import Work

BESIDE_FROM = 780
PRINTED, SAVED = "printed", "saved"


@dataclass(frozen=True, slots=True)
class Drawn:
    """The sheet as it would be issued now, with its picture."""

    page: SheetPage
    picture: Picture


@dataclass(frozen=True, slots=True)
class PrinterState:
    """What this desk can print on."""

    names: tuple[str, ...]
    default: str
    problem: str = ""


def draw(seat: Seat, call: UUID) -> Drawn:
    """Make the preview of a call's sheet. Off the GUI thread."""
    page = sheet_page(seat.desk, seat.sign_in, call)
    return Drawn(page, pages(render(page.sheet), PREVIEW_DPI)[0])


def look_at_printers(seat: Seat) -> PrinterState:
    """Ask the print system what there is. Off the GUI thread; a system that is away is an answer, not an error."""
    try:
        return PrinterState(seat.printers.available(), seat.printers.default() or "")
    except KnownError as error:
        return PrinterState((), "", error.message)


def copy_now(seat: Seat, call: UUID, spool: sheets.Spool, to: str, recipient: str, way: str) -> sheets.Copied:
    """Issue the sheet as it stands and hand a numbered copy to ``spool``."""

    def make(connection: Any) -> Any:
        return make_sheet(seat.desk, seat.sign_in, connection, call).sheet

    subject = sheet_subject(call)
    return sheets.copy_sheet(seat.desk, seat.sign_in, call, subject, make, spool, to=to, recipient=recipient, way=way)


class SheetSection(Section):
    """Preview, print, save, read back."""

    CODE, TITLE = "sheet", "Sheet"
    WIDEST = 1280

    def __init__(self, work: Work) -> None:
        super().__init__(work)
        self._drawing = self._draw_again = False
        self._drawn_for: object = None
        self._looking = False
        self._under_way: set[tuple[UUID, str]] = set()
        self._stale = Text(tone=Tone.CHANGED, wrap=True)
        self.body.addWidget(self._stale)
        self.printer = named(QComboBox(), "Printer")
        self.printer.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.printer.setMinimumContentsLength(14)
        self.printer_state = Text("Looking for the printer…", Type.SMALL, Tone.MUTED, wrap=True)
        self.to = self.words("to", "For whom: agency and unit", "For whom: police, unit 3B12", limit=lengths.WHO)
        self.print = ActionButton("Print a copy", key="Ctrl P", look=Look.PRIMARY, icon=Icon.PRINT)
        self.save = ActionButton("Save as PDF")
        self.again = ActionButton("Look again", look=Look.QUIET, name="Look for the printer again")
        self.print.clicked.connect(self.do_print)
        self.save.clicked.connect(self.ask_file)
        self.again.clicked.connect(self.look)
        self.body.addLayout(row(self.printer, self.to, stretch=1))
        self.body.addWidget(flowing(self.print, self.save, self.again))
        self.body.addWidget(self.printer_state)
        self.preview = SheetPreview()
        self.withheld = TimedLines("Held back from police", nothing="Nothing is held back.", width=0)
        self.copies = TimedLines("Copies", nothing="No copy was made yet.")
        self._receiver_row = QWidget()
        self.receiver = self.words(
            "read-back", "Who read the sheet back", "Who read it back", limit=lengths.WHO, entered=self.do_read_back
        )
        self.read_back = ActionButton("Read back")
        self.read_back.clicked.connect(self.do_read_back)
        self._receiver_row.setLayout(row(self.receiver, self.read_back, stretch=0))
        self._read = Text(role=Type.SMALL, tone=Tone.GOOD, wrap=True)
        beside = QVBoxLayout()
        for widget in (
            SectionHeader("Held back from police"),
            self.withheld,
            SectionHeader("Copies"),
            self.copies,
            self._receiver_row,
            self._read,
        ):
            beside.addWidget(widget)
        beside.addStretch(1)
        self._both = QBoxLayout(QBoxLayout.Direction.TopToBottom)
        self._both.addWidget(self.preview, 3)
        self._both.addLayout(beside, 2)
        self.body.addLayout(self._both)
        self.body.addStretch(1)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """What is held back stands beside the preview where there is room for both."""
        super().resizeEvent(event)
        wide = self.width() >= current().px(BESIDE_FROM)
        self._both.setDirection(QBoxLayout.Direction.LeftToRight if wide else QBoxLayout.Direction.TopToBottom)

    # -- showing -------------------------------------------------------------------------------------------------------

    def opened(self, page: Page) -> None:
        self._drawn_for = None
        self.preview.clear()
        self.withheld.show_lines(())
        self._stale.setText("")

    def show_page(self, page: Page) -> None:
        self._allow_copies(page.call)
        if page.call is None:
            self._stale.setText("A sheet belongs to a call: bind this encounter first.")
            self._stale.show()
            return
        state = self._sheet(page)
        self._show_copies(state)
        # Draw again only when something on it can have changed.
        drawn_from = (page.call, page.state, state)
        if drawn_from != self._drawn_for:
            self._drawn_for = drawn_from
            self._draw()

    def _sheet(self, page: Page) -> SheetState | None:
        assert page.call is not None
        return page.sheets.get(sheet_subject(page.call))

    def _show_copies(self, state: SheetState | None) -> None:
        work = self.work
        lines = []
        for copy in state.copies if state else ():
            whom = f" · for {copy.recipient}" if copy.recipient else ""
            words = f"Copy {copy.copy} of version {copy.version} to {copy.to}{whom}"
            if copy.failed:
                lines.append(
                    TimedLine(work.short_clock(copy.at), words, Tone.DANGER, f"did not come out: {copy.failed}")
                )
            elif copy.in_doubt and not copy.unknown and self._is_under_way(state.call if state else None, copy.to):
                lines.append(TimedLine(work.short_clock(copy.at), words, Tone.MUTED, "being handed over…"))
            elif copy.in_doubt:
                why = f": {copy.unknown}" if copy.unknown else ""
                lines.append(
                    TimedLine(work.short_clock(copy.at), words, Tone.WARN, f"not known whether it came out{why}")
                )
            else:
                lines.append(TimedLine(work.short_clock(copy.at), words, Tone.TEXT, work.name(copy.by)))
        self.copies.show_lines(lines)
        self._receiver_row.setVisible(state is not None)
        if state is not None and state.read_back_at is not None:
            newest, heard = len(state.versions), state.version_read_back
            later = f". Nobody has read back version {newest}" if newest > heard else ""
            when = work.clock(state.read_back_at)
            self._read.setText(f"Version {heard} read back by {state.read_back_by} {when}{later}")
            self._read.set_tone(Tone.WARN if later else Tone.GOOD)
        self._read.setVisible(state is not None and state.read_back_at is not None)

    def _draw(self) -> None:
        if self._drawing:
            self._draw_again = True
            return
        call = self.work.call
        if call is None:
            return
        self._drawing = True
        job = partial(draw, self.work.seat, call)
        self.work.seat.bridge.slow(self, job, partial(self._drew, call), self._not_drawn)

    def _drew(self, call: UUID, drawn: Drawn) -> None:
        self._drawing = False
        if self._draw_again or call != self.work.call:
            self._draw_again = False
            self._draw()
            return
        sheet = drawn.page.sheet
        weapons = sheet.act_first.weapons
        self.preview.show_picture(
            drawn.picture,
            f"Weapons: {weapons.reported.words}, seen {weapons.seen.words}, access {weapons.access.words}. "
            f"Violence now: {sheet.act_first.violence.words}. The facts section has every line.",
        )
        self.withheld.show_lines([TimedLine("", f"{each.field}: {each.why}") for each in sheet.withheld])
        version = len(drawn.page.state.versions) if drawn.page.state else 0
        if drawn.page.stale:
            self._stale.setText(
                f"Changed since version {version}: whoever holds that copy does not know what stands here now. "
                f"A new copy will be version {version + 1}."
            )
            self._stale.set_tone(Tone.CHANGED)
        elif version:
            self._stale.setText(f"Version {version} says the same as this.")
            self._stale.set_tone(Tone.MUTED)
        else:
            self._stale.setText("Not issued yet. The first copy will be version 1.")
            self._stale.set_tone(Tone.MUTED)
        self._stale.show()

    def _not_drawn(self, error: KnownError) -> None:
        self._drawing = self._draw_again = False
        self.notice.say(error.message)

    # -- printers ------------------------------------------------------------------------------------------------------

    def start(self) -> None:
        self.look()
        self.print.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def look(self) -> None:
        """Ask the print system what there is now."""
        if not self._looking:
            self._looking = True
            self.work.seat.bridge.printing(
                self, partial(look_at_printers, self.work.seat), self._looked, self._not_looked
            )

    def _not_looked(self, error: KnownError) -> None:
        self._looking = False
        self._say_printer(error.message, Tone.WARN)

    def _say_printer(self, words: str, tone: Tone) -> None:
        self.printer_state.set_tone(tone)
        self.printer_state.setText(words)

    def _looked(self, state: PrinterState) -> None:
        self._looking = False
        wanted = self.printer.currentText() or self.work.seat.printer
        names = list(state.names)
        if [self.printer.itemText(at) for at in range(self.printer.count())] != names:
            self.printer.clear()
            self.printer.addItems(names)
        # A printer that a person chose is never replaced by another one.
        self.printer.setCurrentIndex(names.index(wanted) if wanted in names else -1)
        self.printer.setPlaceholderText("Choose a printer" if names else "No printer")
        if state.problem:
            self._say_printer(state.problem, Tone.WARN)
        elif not names:
            self._say_printer("This desk has no printer: save the sheet or read it out", Tone.WARN)
        elif wanted and wanted not in names:
            self._say_printer(f"{wanted} is not there now", Tone.WARN)
        elif wanted:
            self._say_printer(f"{wanted} is there", Tone.GOOD)
        else:
            default = f"; the system's own is {state.default}" if state.default else ""
            self._say_printer(f"No printer chosen for sheets{default}", Tone.WARN)

    # -- copies --------------------------------------------------------------------------------------------------------

    def commit(self) -> None:
        self.do_print()

    def do_print(self) -> None:
        """Print one numbered copy on the printer that is chosen."""
        printer = self.printer.currentText()
        if not self.print.isEnabled() or self.work.call is None:
            return
        if not printer:
            self.notice.say("No printer is chosen. Choose one, save the sheet as a PDF, or read it out.")
            self.look()
            return
        printers = self.work.seat.printers

        def spool(pdf: bytes, title: str) -> str:
            return printers.print(pdf, printer, title).id

        self._copy(spool, printer, PRINTED)
        self._say_printer(f"Printing… waiting for {printer} to take the copy", Tone.MUTED)

    def ask_file(self) -> None:
        """Choose where the PDF goes."""
        page = self.work.page
        if page is None or page.call is None:
            return
        dialog = QFileDialog(self, "Save the sheet", "responder-sheet.pdf", "PDF (*.pdf)")
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix("pdf")
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(self.save_to)
        dialog.open()

    def save_to(self, path: str) -> None:
        """Write a numbered copy to a file that only this user can read."""
        self._copy(sheets.to_file(Path(path)), f"file {Path(path).name}", SAVED)

    def _copy(self, spool: sheets.Spool, to: str, way: str) -> None:
        call = self.work.call
        if call is None or self.work.closed_to_change:
            self.notice.say(self.work.closed_to_change)
            return
        self.notice.say("")
        self._under_way.add((call, to))
        self._allow_copies(call)
        whom = self.to.submitted()
        # Not the lane of what a person does, nor of previews: a print system that hangs holds up neither.
        lane = self.work.seat.bridge.printing if way == PRINTED else self.work.seat.bridge.saving
        job = partial(copy_now, self.work.seat, call, spool, to, whom.text, way)
        lane(self, job, partial(self._copied, call, to, whom), partial(self._not_copied, call, to))

    def _is_under_way(self, call: UUID | None, to: str) -> bool:
        return (call, to) in self._under_way

    def _allow_copies(self, call: UUID | None) -> None:
        """One copy of a call at a time to a printer, and to files while a printer does not answer."""
        busy = {to.startswith("file ") for each, to in self._under_way if each == call}
        self.print.setEnabled(call is not None and False not in busy)
        self.save.setEnabled(call is not None and True not in busy)

    def _over(self, call: UUID, to: str) -> bool:
        """A copy is no longer on its way; whether its call is still on the page."""
        self._under_way.discard((call, to))
        here = self.work.call == call
        page = self.work.page
        if here and page is not None:
            self._allow_copies(call)
            self._show_copies(self._sheet(page))
        self.look()
        return here

    def _copied(self, call: UUID, to: str, whom: Submitted, copied: sheets.Copied) -> None:
        said = f"Copy {copied.copy} of version {copied.version} was handed to {copied.to}."
        if self._over(call, to):
            self.to.done(whom)  # the next copy may be for somebody else
            self.notice.say(said, Tone.GOOD)
        else:
            self.work.said.emit(said)

    def _not_copied(self, call: UUID, to: str, error: KnownError) -> None:
        if self._over(call, to):
            self.notice.say(error.message)
        else:
            self.work.said.emit(error.message)

    def do_read_back(self) -> None:
        """Record who read the sheet back."""
        page = self.work.page
        state = self._sheet(page) if page and page.call else None
        if page is None or page.call is None or state is None:
            return
        who = self.receiver.submitted()
        subject = sheet_subject(page.call)
        entered = partial(self.receiver.done, who)
        self.do(sheets.read_back, subject, len(state.versions), who.text, entered=entered)
