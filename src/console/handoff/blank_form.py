"""A form on paper, blank, for when the computers are down: what to ask, boxes to tick, and how to add it up by hand.

Black and white, Letter, as many pages as it takes; a question is never torn between two. Every page says which form it
is, in which edition, and where it ends, so that a page that is missing is missed.
"""

import threading
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from io import BytesIO
from typing import Any
from xml.sax.saxutils import escape

from reportlab.lib.pagesizes import LETTER
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Flowable, KeepTogether, Paragraph, SimpleDocTemplate, Spacer, Table

from console.handoff.fonts import BOLD, REGULAR, ensure_fonts, printable, width
from console.off_gui import refuse_on_gui_thread

_MARGIN = 42.0
_FOOT = 34.0
_INDENT = 16.0
_DEEPEST = 10
"""Further in nothing is moved any more: there would be no width left to write in."""
_BOX = 8.5
_TICK = _BOX + 6
_LINE = 20.0
_WORDS = ParagraphStyle("words", fontName=REGULAR, fontSize=10.5, leading=13.5)
_QUESTION = ParagraphStyle("question", _WORDS, fontName=BOLD)
_HEADING = ParagraphStyle("heading", _WORDS, fontName=BOLD, fontSize=12.5, leading=16, spaceBefore=6)
_TITLE = ParagraphStyle("title", _WORDS, fontName=BOLD, fontSize=17, leading=21)
_CHOICE = ParagraphStyle("choice", _WORDS)
_SMALL = ParagraphStyle("small", _WORDS, fontSize=8.5, leading=11)
_WHO = ("Call number", "Date and time", "Person", "Asked of (person, caller, officer)", "Clinician")
_NON_ANSWERS = ("Refused", "Not asked", "Unable")
_lock = threading.Lock()


@dataclass(frozen=True)
class BlankRow:
    """One line of the form. ``choices`` are boxes to tick, ``lines`` how many lines there are to write on.

    Without both it is words to read; with ``heading`` it stands over what follows.
    """

    text: str
    number: str = ""
    depth: int = 0
    heading: bool = False
    only_if: str = ""
    help: str = ""
    choices: tuple[str, ...] = ()
    several: bool = False
    lines: int = 0
    unit: str = ""

    @property
    def is_question(self) -> bool:
        """Whether something is to be put down here."""
        return bool(self.choices or self.lines)


@dataclass(frozen=True)
class BlankForm:
    """A form as it is printed: ``edition`` is its version and the beginning of its hash, ``results`` how it scores."""

    title: str
    edition: str
    rows: tuple[BlankRow, ...]
    instructions: tuple[str, ...] = ()
    results: tuple[str, ...] = ()
    notice: str = ""


def render(form: BlankForm) -> bytes:
    """The form as a PDF. The same form gives the same bytes.

    Raises :class:`console.errors.KnownError` for a missing font and :class:`console.errors.BugError` on the GUI thread.
    """
    refuse_on_gui_thread("PDF")
    ensure_fonts()
    with _lock:  # the PDF library keeps per-document state in its shared fonts
        return _built(form)


class _Numbered(Canvas):  # type: ignore[misc] # reportlab has no types
    """Pages that are kept until the last is there, so that each can say how many there are."""

    def __init__(self, *given: Any, foot: str, **named: Any) -> None:
        super().__init__(*given, **named)
        self._foot = foot
        self._kept: list[dict[str, Any]] = []

    def showPage(self) -> None:
        self._kept.append(dict(self.__dict__))
        self._startPage()

    def save(self) -> None:
        for page in self._kept:
            self.__dict__.update(page)
            self.setFont(REGULAR, 8.5)
            self.drawString(_MARGIN, _FOOT - 8, self._foot)
            self.drawRightString(LETTER[0] - _MARGIN, _FOOT - 8, f"page {self._pageNumber} of {len(self._kept)}")
            super().showPage()
        super().save()


def _built(form: BlankForm) -> bytes:
    buffer = BytesIO()
    document = SimpleDocTemplate(
        buffer,
        pagesize=LETTER,
        leftMargin=_MARGIN,
        rightMargin=_MARGIN,
        topMargin=_MARGIN,
        bottomMargin=_MARGIN + _FOOT / 2,
        title=printable(f"{form.title}, blank"),
        author="Clinician Console",
        creator="Clinician Console",
        lang="en-US",
        invariant=1,
    )
    foot = printable(f"{form.title} · {form.edition}")
    document.build(list(_story(form)), canvasmaker=partial(_Numbered, foot=foot))
    return buffer.getvalue()


def _story(form: BlankForm) -> Iterator[Flowable]:
    yield _paragraph(form.title, _TITLE)
    yield _paragraph("Blank form for downtime. Enter it in the console when it is back.", _SMALL)
    yield Spacer(0, 6)
    yield _Who()
    yield Spacer(0, 8)
    for line in form.instructions:
        yield _paragraph(line, _WORDS)
    together: list[Flowable] = []
    for row in form.rows:
        together += _heading(row) if row.heading else _row(row)
        if not row.heading:  # a heading stays with what it stands over
            yield KeepTogether(together)
            together = []
    yield from together
    if form.results:
        yield KeepTogether([_paragraph("Result", _HEADING), *(_paragraph(line, _WORDS) for line in form.results)])
    yield Spacer(0, 10)
    yield _signature()
    if form.notice:
        yield Spacer(0, 8)
        yield _paragraph(form.notice, _SMALL)


def _heading(row: BlankRow) -> Iterator[Flowable]:
    yield _paragraph(row.text, _HEADING, row.depth)
    if row.only_if:
        yield _paragraph(f"Only if {row.only_if}:", _SMALL, row.depth)


def _row(row: BlankRow) -> Iterator[Flowable]:
    yield Spacer(0, 5)
    if row.only_if:
        yield _paragraph(f"Only if {row.only_if}:", _SMALL, row.depth)
    words = f"{row.number}  {row.text}".strip()
    yield _paragraph(words, _QUESTION if row.is_question else _WORDS, row.depth)
    if row.help:
        yield _paragraph(row.help, _SMALL, row.depth)
    if row.choices and row.several:
        yield _paragraph("Tick all that apply.", _SMALL, row.depth)
    for _ in range(row.lines if not row.choices else 0):
        yield _Rule(row.depth, row.unit)
    if row.is_question:
        yield _Boxes(row.choices, row.depth)
    if row.lines and row.choices:
        yield _Rule(row.depth, "something else")


def _paragraph(text: str, style: ParagraphStyle, depth: int = 0) -> Paragraph:
    indented = style if not depth else ParagraphStyle(f"{style.name}{depth}", style, leftIndent=_indent(depth))
    return Paragraph(escape(printable(" ".join(text.split()))), indented)


def _indent(depth: int) -> float:
    return min(depth, _DEEPEST) * _INDENT


def _signature() -> Flowable:
    return Table([["Signed", "", "Date and time", ""]], colWidths=[46, 240, 84, 158], style=_signature_style())


def _signature_style() -> list[tuple[Any, ...]]:
    return [
        ("FONT", (0, 0), (-1, -1), REGULAR, 9.5),
        ("LINEBELOW", (1, 0), (1, 0), 0.6, "black"),
        ("LINEBELOW", (3, 0), (3, 0), 0.6, "black"),
    ]


class _Who(Flowable):  # type: ignore[misc] # reportlab has no types
    """Lines for whom the form is about."""

    def wrap(self, available: float, _: float) -> tuple[float, float]:
        self.width = available
        self.height = _LINE * ((len(_WHO) + 1) // 2)
        return self.width, self.height

    def draw(self) -> None:
        half = self.width / 2
        for place, words in enumerate(_WHO):
            x, y = (place % 2) * half, self.height - _LINE * (place // 2) - 13
            self.canv.setFont(REGULAR, 9)
            self.canv.drawString(x, y, words)
            self.canv.setLineWidth(0.6)
            self.canv.line(x + width(words, 9) + 5, y - 2, x + half - 10, y - 2)


class _Boxes(Flowable):  # type: ignore[misc] # reportlab has no types
    """Boxes to tick, one after the other, in as many lines as they take; those for no answer at the right.

    Only a list that is longer than a page is parted, between two lines; ``ends``: whether it ends here.
    """

    def __init__(self, labels: tuple[str, ...], depth: int, ends: bool = True) -> None:
        super().__init__()
        self._depth = depth
        self._left = _indent(depth) + 4
        self._labels = labels
        self._ends = ends
        self._sized: list[tuple[Paragraph, float, float]] = []
        self._placed: list[tuple[float, float, Paragraph]] = []

    def _size(self, available: float) -> Iterator[tuple[Paragraph, float, float]]:
        """Each label with the room it takes and its height."""
        for label in self._labels:
            words = _paragraph(label, _CHOICE)
            room = min(_room(label, _CHOICE), available - self._left - _TICK)
            yield words, room, words.wrap(room, 10_000)[1]

    def wrap(self, available: float, _: float) -> tuple[float, float]:
        self._sized = self._sized or list(self._size(available))  # every page is as wide
        self._placed, x, y, tallest = [], self._left, 0.0, 0.0
        for words, room, height in self._sized:
            if x > self._left and x + _TICK + room > available:
                x, y = self._left, y + tallest + 3
                tallest = 0.0
            self._placed.append((x, y, words))
            tallest = max(tallest, height)
            x += _TICK + room + 14
        non_answers = _NON_ANSWERS if self._ends else ()
        small = sum(_TICK + _room(label, _SMALL) + 8 for label in non_answers) - 8
        if x + small > available and self._labels and non_answers:
            y += tallest + 3
        x = max(self._left, available - small)
        for label in non_answers:
            words = _paragraph(label, _SMALL)
            words.wrap(_room(label, _SMALL), 10_000)
            self._placed.append((x, y + (_CHOICE.leading - _SMALL.leading) / 2, words))
            x += _TICK + words.width + 8
        self.width, self.height = available, y + max(tallest, _CHOICE.leading) + 3
        return self.width, self.height

    def split(self, available: float, height: float) -> list[Flowable]:
        self.wrap(available, height)
        tops = [y for _, y, _ in self._placed[: len(self._labels)]]
        starts = [place for place, y in enumerate(tops) if place and y > tops[place - 1]]  # of lines but the first
        cut = next((place for place in reversed(starts) if tops[place] <= height), 0)
        if not cut:
            return []
        first, rest = (
            _Boxes(self._labels[:cut], self._depth, False),
            _Boxes(self._labels[cut:], self._depth, self._ends),
        )
        first._sized, rest._sized = self._sized[:cut], self._sized[cut:]
        return [first, rest]

    def draw(self) -> None:
        for x, y, words in self._placed:
            self.canv.setLineWidth(0.9)
            self.canv.rect(x, self.height - y - words.style.fontSize * 1.06, _BOX, _BOX, stroke=1, fill=0)
            words.drawOn(self.canv, x + _TICK - 1, self.height - y - words.height)


def _room(label: str, style: ParagraphStyle) -> float:
    return width(printable(label), style.fontSize) + 2


class _Rule(Flowable):  # type: ignore[misc] # reportlab has no types
    """A line to write on, with the unit behind it."""

    def __init__(self, depth: int, unit: str) -> None:
        super().__init__()
        self._left = _indent(depth) + 4
        self._unit = printable(unit)

    def wrap(self, available: float, _: float) -> tuple[float, float]:
        self.width, self.height = available, _LINE
        return self.width, self.height

    def draw(self) -> None:
        end = self.width - (width(self._unit, 9) + 6 if self._unit else 0)
        self.canv.setLineWidth(0.6)
        self.canv.line(self._left, 3, end, 3)
        if self._unit:
            self.canv.setFont(REGULAR, 9)
            self.canv.drawString(end + 5, 4, self._unit)
