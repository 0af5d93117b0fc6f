"""The police sheet as a PDF of exactly one page, for a black-and-white printer.

What fits how is decided in :mod:`console.handoff.police_page`; here it is painted. The same sheet gives the same bytes.
The document's metadata hold the sheet's number and nothing of the call.
"""

import threading
from io import BytesIO

from reportlab.lib.pagesizes import LETTER
from reportlab.pdfgen.canvas import Canvas

from console.handoff.content import UNKNOWN, Copy, PoliceSheet, clean, clock_time, day, time_zone, to_content
from console.handoff.flow import Run, break_lines, cut
from console.handoff.fonts import MISSING, ensure_fonts, printable, width
from console.handoff.pen import Pen
from console.handoff.police_page import BULLET, CAUTION_GAP, GUTTER, INSET, Bullets, Layout, Section, lay_out
from console.off_gui import refuse_on_gui_thread

DRILL = "DRILL · NOT A REAL CALL"
NO_COPY = "preview, not a copy"
_MARGIN = 36.0
_SMALL = 11.0
_PLACE = 14.5
_STEP = 14.0
_lock = threading.Lock()


def render(sheet: PoliceSheet, *, copy: Copy | None = None) -> bytes:
    """``sheet`` as a PDF: one page, always. Without ``copy`` it says that it is a preview.

    Raises :class:`console.errors.KnownError` for an unknown time zone or a missing font, and
    :class:`console.errors.BugError` on the GUI thread.
    """
    refuse_on_gui_thread("PDF")
    ensure_fonts()
    buffer = BytesIO()
    # The PDF library keeps per-document state in its shared fonts, so one page is drawn at a time.
    with _lock:
        canvas = Canvas(buffer, pagesize=LETTER, pageCompression=1, invariant=1, lang="en-US")
        canvas.setTitle(f"Responder sheet {sheet.code}-{sheet.desk}, version {sheet.version}")
        canvas.setAuthor("Clinician Console")
        canvas.setCreator("Clinician Console")
        canvas.setSubject("One page for responders")
        canvas.setViewerPreference("PrintScaling", "None")
        _Page(sheet, copy, Pen(canvas, *LETTER)).paint()
        canvas.showPage()
        canvas.save()
    return buffer.getvalue()


class _Page:
    """One page being painted, from the top."""

    def __init__(self, sheet: PoliceSheet, copy: Copy | None, pen: Pen) -> None:
        self.sheet = sheet
        self.copy = copy
        self.pen = pen
        self.room = pen.width - 2 * _MARGIN
        self.zone = time_zone(sheet.zone)

    def paint(self) -> None:
        if self.sheet.drill:
            self.pen.watermark(DRILL)
        top = self._head(_MARGIN)
        foot = self._foot_lines()
        bottom = self.pen.height - _MARGIN - len(foot) * _STEP - 5
        layout = lay_out(self.sheet, self.room, bottom - top - 8)
        y = self._headline(layout, top)
        y = self._act_first(layout, y + layout.scale.gap)
        for section in layout.sections:
            y += layout.scale.gap
            y = self._advice(layout, section, y) if section.columns else self._section(layout, section, y)
        self._foot(foot, bottom)

    # -- head ----------------------------------------------------------------------------------------------------------

    def _head(self, y: float) -> float:
        pen, sheet, copy = self.pen, self.sheet, self.copy
        if sheet.drill:
            pen.box(_MARGIN, y, self.room, 22, thick=2)
            pen.words(DRILL, _MARGIN + (self.room - width(DRILL, 14, bold=True)) / 2, y + 16, 14, bold=True)
            y += 28
        reader = sheet.audience.value.upper()
        tag = width(reader, 14, bold=True) + 2 * INSET
        pen.box(_MARGIN, y, tag, 22, fill=True)
        pen.words(reader, _MARGIN + INSET, y + 16.5, 14, bold=True, white=True)
        pen.words("Responder sheet", _MARGIN + tag + INSET, y + 16.5, 14)
        number = clean(sheet.call_number)
        self._right(f"#{number}" if number else f"Call number {UNKNOWN}", y + 17, 14.5, bold=True)
        replaces = f", replaces version {sheet.replaces}" if sheet.replaces is not None else ""
        as_of = f"{clock_time(sheet.as_of, self.zone, seconds=True)}, {day(sheet.as_of, self.zone)}"
        self._left(clean(sheet.center), y + 36)
        self._right(f"Version {sheet.version}{replaces} · {_copy_words(copy)}", y + 36)
        self._right(f"Facts as of {as_of}", y + 50, bold=True)
        if copy is not None:
            recipient = f" for {clean(copy.recipient)}" if clean(copy.recipient) else ""
            self._left(f"Printed {clock_time(copy.printed_at, self.zone)}{recipient}", y + 50)
        y += 50
        place = Run(clean(sheet.place) or f"Place {UNKNOWN}", bold=True)
        for line in cut(break_lines([place], _PLACE, self.room), 2, _PLACE, self.room, "see CAD"):
            y += 18.5
            pen.line(line, _MARGIN, y, _PLACE)
        y += 7
        pen.rule(_MARGIN, y, self.room, 2.2)
        return y + 8

    def _left(self, text: str, y: float) -> None:
        self.pen.words(_one_line(text, _SMALL, self.room * 0.5), _MARGIN, y, _SMALL)

    def _right(self, text: str, y: float, size: float = _SMALL, *, bold: bool = False) -> None:
        shown = _one_line(text, size, self.room * 0.48, bold=bold)
        self.pen.words(shown, _MARGIN + self.room - width(shown, size, bold=bold), y, size, bold=bold)

    # -- body ----------------------------------------------------------------------------------------------------------

    def _headline(self, layout: Layout, y: float) -> float:
        """The largest line of the page: the level as a black field, and why."""
        pen, size, height = self.pen, layout.scale.headline, layout.headline_height
        pen.box(_MARGIN, y, layout.tag_width, height, fill=True)
        pen.box(_MARGIN, y, self.room, height, thick=2)
        first = y + size * 1.25
        pen.level_shape(self.sheet.risk.level, _MARGIN + INSET, first - size * 0.74, size * 0.78, white=True)
        pen.words(layout.tag, _MARGIN + INSET + size * 0.8 + 7, first, size, bold=True, white=True)
        for index, line in enumerate(layout.headline):
            pen.line(line, _MARGIN + layout.tag_width + INSET, first + index * size * 1.3, size)
        return y + height

    def _act_first(self, layout: Layout, y: float) -> float:
        pen, scale = self.pen, layout.scale
        top, zone = y, self.sheet.as_of.astimezone(self.zone).tzname()
        note = f"in brackets: who told it, and when ({zone})"
        pen.box(_MARGIN, y, self.room, layout.bar_height, fill=True)
        pen.words("ACT FIRST", _MARGIN + INSET, y + scale.leading - 2, scale.size, bold=True, white=True)
        pen.words(note, _MARGIN + self.room - INSET - width(note, _SMALL), y + scale.leading - 2, _SMALL, white=True)
        y += layout.bar_height
        for index, row in enumerate(layout.rows):
            if index:
                pen.rule(_MARGIN, y, self.room)
            baseline = y + scale.pad + scale.leading * 0.78
            pen.words(row.label, _MARGIN + INSET, baseline, scale.size, bold=True)
            x = _MARGIN + INSET + layout.row_label_width
            values = x if scale.run_on else x + layout.sublabel_width
            for label, lines in row.cells:
                pen.words(label, x, baseline, scale.size)
                for line in lines:
                    pen.line(line, values, baseline, scale.size)
                    baseline += scale.leading
            y += layout.row_height(row)
        pen.box(_MARGIN, top, self.room, y - top, thick=2)
        return y

    def _section(self, layout: Layout, section: Section, y: float) -> float:
        scale = layout.scale
        self.pen.words(section.label, _MARGIN, y + scale.leading * 0.78, scale.size, bold=True)
        for index, line in enumerate(section.lines):
            self.pen.line(line, _MARGIN + layout.label_width, y + scale.leading * (index + 0.78), scale.size)
        return y + layout.section_height(section)

    def _advice(self, layout: Layout, section: Section, y: float) -> float:
        """Two framed columns, a tick or a cross at each item, below what the advice was given without."""
        scale, bottom = layout.scale, y + layout.section_height(section)
        for line in section.lines:
            self.pen.line(line, _MARGIN, y + scale.leading * 0.78, scale.size)
            y += scale.leading
        y += CAUTION_GAP if section.lines else 0
        column_width = (self.room - GUTTER) / 2
        for index, column in enumerate(section.columns):
            x = _MARGIN + index * (column_width + GUTTER)
            self.pen.box(x, y, column_width, bottom - y, thick=1.4)
            self._bullets(layout, column, x + INSET, y + scale.pad)
        return bottom

    def _bullets(self, layout: Layout, column: Bullets, x: float, y: float) -> None:
        scale = layout.scale
        side = scale.size * 0.62
        mark = self.pen.tick if column.heading == "Do" else self.pen.cross
        self.pen.words(column.heading.upper(), x, y + scale.leading * 0.78, scale.size, bold=True)
        for index, line in enumerate(column.lines, start=1):
            baseline = y + scale.leading * (index + 0.78)
            if index - 1 in column.starts:
                mark(x + 1, baseline - side, side)
            self.pen.line(line, x + BULLET, baseline, scale.size)

    # -- foot ----------------------------------------------------------------------------------------------------------

    def _foot_lines(self) -> tuple[str, ...]:
        sheet = self.sheet
        handling = [line.text for line in break_lines([Run(clean(sheet.handling))], _SMALL, self.room)[:2]]
        unprintable = MISSING in printable(clean(str(to_content(sheet)) + (self.copy.recipient if self.copy else "")))
        note = [f"{MISSING} stands for a letter this sheet cannot print: ask the clinician."] if unprintable else []
        numbers = f"Sheet {sheet.code}-{sheet.desk} · version {sheet.version} · {_copy_words(self.copy)} · page 1 of 1"
        return (self._questions(), "", *note, *handling, _one_line(numbers, _SMALL, self.room))

    def _questions(self) -> str:
        clinician = self.sheet.clinician
        name, number = clean(clinician.name) or UNKNOWN, clean(clinician.call_back) or UNKNOWN
        return f"Clinician {name}, call-back {number}"

    def _foot(self, lines: tuple[str, ...], y: float) -> None:
        pen = self.pen
        pen.rule(_MARGIN, y, self.room, 1.2)
        for index, line in enumerate(lines):
            baseline = y + _STEP * (index + 1)
            if index == 0:
                pen.words(_one_line(line, 12, self.room, bold=True), _MARGIN, baseline, 12, bold=True)
            elif index == 1:
                pen.words("Read back by", _MARGIN, baseline, _SMALL)
                pen.rule(_MARGIN + 76, baseline + 1.5, 190)
                pen.words("at", _MARGIN + 272, baseline, _SMALL)
                pen.rule(_MARGIN + 288, baseline + 1.5, 90)
            else:
                pen.words(line, _MARGIN, baseline, _SMALL)


def _copy_words(copy: Copy | None) -> str:
    if copy is None:
        return NO_COPY
    return f"copy {copy.number} of {copy.of}" if copy.of is not None else f"copy {copy.number}"


def _one_line(text: str, size: float, room: float, *, bold: bool = False) -> str:
    """``text``, shortened with "…" when it is wider than ``room``."""
    lines = break_lines([Run(text, bold)], size, room)
    return cut(lines, 1, size, room, "")[0].text if lines else ""
