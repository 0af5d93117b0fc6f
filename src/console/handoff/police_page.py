"""How the police sheet fits its one page.

The page is laid out at the most generous of :data:`SCALES` at which all of it fits; smaller scales take away space and
never go below 11 points. Where even that does not hold everything, the sections under the act-first box are shortened,
the least important first (:data:`CUT_ORDER`), each down to one line that ends in "continues: ask the clinician at …".
Before anything of weight is shortened, the act-first box runs the lines of a row on instead of setting each on its own
(:data:`RUN_ON`). The box is never cut for the sections' sake: there, statements as long as their fields take print
whole, and only longer ones are cut, visibly.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from console.handoff.content import PoliceSheet
from console.handoff.flow import Line, Run, break_lines, cut
from console.handoff.fonts import width
from console.handoff.police_words import ASK, UNKNOWN_RUN, Told, Words

INSET = 8.0
"""Space between a frame and the words in it, in points."""
BULLET = 15.0
GUTTER = 12.0
CAUTION_GAP = 2.5
_BETWEEN = 10.0
_HEADLINE_LINES = 3
_MOST_LINES = 80
"""Lines after which a text is broken no further: more than a page holds at any scale."""


@dataclass(frozen=True)
class Scale:
    """One way to set the page, in points: body size, line distance, space in rows and between parts, headline size."""

    size: float
    leading: float
    pad: float
    gap: float
    headline: float
    run_on: bool = False


SCALES = (
    Scale(14, 18.0, 2.4, 5.0, 21),
    Scale(13, 16.8, 2.2, 4.5, 20),
    Scale(12.5, 16.1, 2.0, 4.2, 19),
    Scale(12, 15.4, 1.8, 4.0, 18.5),
    Scale(11.5, 14.7, 1.6, 3.8, 18),
    Scale(11, 14.0, 1.4, 3.5, 17.5),
    Scale(11, 13.2, 1.2, 3.2, 17),
)
RUN_ON = Scale(11, 12.8, 1.0, 2.8, 16, run_on=True)
HEADLINE_LEAST = 15.0
"""The headline's smallest size, in points: larger than anything else on the page."""
CUT_ORDER = ("Already asked", "Not known", "Recommended", "Background", "Situation", "Do", "Assessment")
"""The sections that may be shortened, the least important first. "Do" stands for both columns of advice."""
LIGHT = CUT_ORDER[:2]
"""The sections that are shortened before the act-first box gives up its grid."""


@dataclass(frozen=True)
class Row:
    """One row of the act-first box: its label, and lines under a label of their own ("" for none)."""

    label: str
    cells: tuple[tuple[str, tuple[Line, ...]], ...]


@dataclass(frozen=True)
class Bullets:
    """A column of advice; ``starts`` are the lines at which an item begins."""

    heading: str
    lines: tuple[Line, ...]
    starts: frozenset[int]


@dataclass(frozen=True)
class Section:
    """One part under the box: lines beside a label, or two columns of advice below ``lines``."""

    label: str
    lines: tuple[Line, ...]
    columns: tuple[Bullets, ...] = ()

    @property
    def height_in_lines(self) -> int:
        columns = 1 + max(len(column.lines) for column in self.columns) if self.columns else 0
        return len(self.lines) + columns


@dataclass(frozen=True)
class Layout:
    """Everything between the head and the foot, broken into lines. Widths and heights are in points."""

    scale: Scale
    tag: str
    headline: tuple[Line, ...]
    rows: tuple[Row, ...]
    sections: tuple[Section, ...]
    row_label_width: float
    sublabel_width: float
    label_width: float

    @property
    def tag_width(self) -> float:
        return _tag_width(self.tag, self.scale)

    @property
    def headline_height(self) -> float:
        return len(self.headline) * self.scale.headline * 1.3 + self.scale.headline * 0.4

    @property
    def bar_height(self) -> float:
        return self.scale.leading + 3

    def row_height(self, row: Row) -> float:
        return sum(len(lines) for _, lines in row.cells) * self.scale.leading + 2 * self.scale.pad

    def section_height(self, section: Section) -> float:
        framed = 2 * self.scale.pad + (CAUTION_GAP if section.lines else 0.0) if section.columns else 0.0
        return section.height_in_lines * self.scale.leading + framed

    @property
    def height(self) -> float:
        box = self.bar_height + sum(map(self.row_height, self.rows))
        sections = sum(self.scale.gap + self.section_height(section) for section in self.sections)
        return self.headline_height + self.scale.gap + box + sections


def lay_out(sheet: PoliceSheet, room: float, height: float) -> Layout:
    """The layout of ``sheet`` in ``room`` points across by ``height`` down."""
    words = Words(sheet)
    for scale in SCALES:
        layout = _Setting(words, scale, room).layout()
        if layout.height <= height:
            return _spread(layout, height)
    layout = _shortened(_Setting(words, SCALES[-1], room), height, LIGHT)
    if layout.height > height:
        layout = _shortened(_Setting(words, RUN_ON, room), height, CUT_ORDER)
    return layout if layout.height <= height else _without_excess(_Setting(words, RUN_ON, room), height)


def _spread(layout: Layout, height: float) -> Layout:
    """The same lines with what room is left over put between the parts and within the rows, where it helps the eye."""
    scale = layout.scale
    parts = len(layout.sections) + 1
    shares = parts + len(layout.rows) + 1  # a row, and the frame of advice, has half a share above and half below
    share = min((height - layout.height) / shares, scale.leading * 0.5)
    return replace(layout, scale=replace(scale, gap=scale.gap + share, pad=scale.pad + share / 2))


def _shortened(setting: "_Setting", height: float, order: Sequence[str]) -> Layout:
    """The layout with no more lines cut from the sections in ``order`` than make it fit; it may still not fit."""
    layout = setting.layout()
    limits = {section.label: section.height_in_lines for section in layout.sections}
    for label in order:
        while layout.height > height and limits[label] > setting.least(label):
            excess = max(int((layout.height - height) / setting.scale.leading), 1)
            limits[label] = max(setting.least(label), limits[label] - excess)
            layout = setting.layout(limits)
    return layout


def _without_excess(setting: "_Setting", height: float) -> Layout:
    """The layout with every section at its least and statements that no field would take cut to equal lengths."""
    limits = {label: setting.least(label) for label in CUT_ORDER}
    longest = int(height / setting.scale.leading)
    layout = setting.layout(limits, longest)
    while layout.height > height and longest > 1:
        longest -= 1
        layout = setting.layout(limits, longest)
    return layout


class _Setting:
    """One sheet's words at one scale in one width."""

    def __init__(self, words: Words, scale: Scale, room: float) -> None:
        self.words = words
        self.room = room
        self._lines: dict[tuple[Told, float, float], tuple[Line, ...]] = {}
        self.scale = scale = self._fewest_headline_lines(scale)
        sublabels = [sub for _, cells in words.urgent for sub, _ in cells]
        self.row_label_width = _widest([label for label, _ in words.urgent], scale, bold=True)
        self.sublabel_width = _widest(sublabels, scale)
        self.label_width = _widest([label for label, _ in words.sections], scale, bold=True)
        self._caution = self._broken(words.caution, room)

    def layout(self, limits: Mapping[str, int] | None = None, longest: int | None = None) -> Layout:
        """The layout with each section in at most so many lines, and each urgent statement in at most ``longest``."""
        return Layout(
            scale=self.scale,
            tag=self.words.headline[0],
            headline=self._headline(self.scale),
            rows=self._rows(longest),
            sections=self._sections(limits or {}),
            row_label_width=self.row_label_width,
            sublabel_width=self.sublabel_width,
            label_width=self.label_width,
        )

    def _headline(self, scale: Scale) -> tuple[Line, ...]:
        tag, reason = self.words.headline
        beside = self.room - _tag_width(tag, scale) - 2 * INSET
        lines = self._broken(reason, beside, scale.headline)
        return cut(lines, _HEADLINE_LINES, scale.headline, beside, "see Assessment")

    def _fewest_headline_lines(self, scale: Scale) -> Scale:
        """The scale with the headline somewhat smaller where that saves a line: no word left alone on the next."""
        sizes = (scale.headline - step / 2 for step in range(7))
        smaller = [replace(scale, headline=size) for size in sizes if size >= HEADLINE_LEAST]
        return min(smaller, key=lambda each: len(self._headline(each)))

    def least(self, label: str) -> int:
        """The fewest lines a section can be cut to."""
        return 2 + len(self._caution) if label == "Do" else 1

    def _rows(self, longest: int | None) -> tuple[Row, ...]:
        room = self.room - 2 * INSET - self.row_label_width
        if not self.scale.run_on:
            room -= self.sublabel_width
        rows = []
        for label, cells in self.words.urgent:
            if self.scale.run_on and longest is None:
                runs = tuple(run for sub, told in cells for run in (Run(f"{sub}:" if sub else ""), *told))
                rows.append(Row(label, (("", self._broken(runs, room)),)))
                continue
            if self.scale.run_on:
                # Each statement keeps lines of its own here, so that a boundless one cannot push out its neighbors.
                cells = tuple(("", (Run(f"{sub}:" if sub else ""), *told)) for sub, told in cells)
            broken = ((sub, self._broken(told, room)) for sub, told in cells)
            rows.append(Row(label, tuple((sub, self._within(lines, longest, room)) for sub, lines in broken)))
        return tuple(rows)

    def _within(self, lines: tuple[Line, ...], longest: int | None, room: float) -> tuple[Line, ...]:
        return lines if longest is None else cut(lines, longest, self.scale.size, room, ASK)

    def _sections(self, limits: Mapping[str, int]) -> tuple[Section, ...]:
        sections = []
        for label, paragraphs in self.words.sections:
            if label == "Do":
                sections.append(self._advice(limits))
                continue
            room = self.room - self.label_width
            if self.scale.run_on:
                paragraphs = (tuple(run for paragraph in paragraphs for run in paragraph),)
            lines = tuple(line for paragraph in paragraphs for line in self._broken(paragraph, room))
            kept = cut(lines, limits.get(label, len(lines)), self.scale.size, room, self.words.more)
            sections.append(Section(label, kept))
        return tuple(sections)

    def _advice(self, limits: Mapping[str, int]) -> Section:
        room = (self.room - GUTTER) / 2 - 2 * INSET - BULLET
        limit = limits["Do"] - 1 - len(self._caution) if "Do" in limits else None
        columns = tuple(self._bullets(heading, items, room, limit) for heading, items in self.words.advice)
        return Section("Do", self._caution, columns)

    def _bullets(self, heading: str, items: Sequence[Told], room: float, limit: int | None) -> Bullets:
        lines: list[Line] = []
        starts = set()
        for item in items:
            if len(lines) > _MOST_LINES:
                break
            starts.add(len(lines))
            lines.extend(self._broken(item, room))
        if not lines:
            lines.extend(self._broken((UNKNOWN_RUN, Run(ASK)), room))
        kept = cut(lines, limit or len(lines), self.scale.size, room, f"continues: {ASK}")
        return Bullets(heading, kept, frozenset(starts))

    def _broken(self, runs: Told, room: float, size: float = 0.0) -> tuple[Line, ...]:
        """``runs`` in lines, kept: cutting asks for the same lines again and again."""
        wanted = (runs, room, size or self.scale.size)
        if wanted not in self._lines:
            self._lines[wanted] = break_lines(runs, size or self.scale.size, room, _MOST_LINES)
        return self._lines[wanted]


def _widest(labels: Sequence[str], scale: Scale, *, bold: bool = False) -> float:
    return max(width(label, scale.size, bold=bold) for label in labels) + _BETWEEN


def _tag_width(tag: str, scale: Scale) -> float:
    """The black field with the level's shape and word."""
    return INSET + scale.headline * 0.8 + 7 + width(tag, scale.headline, bold=True) + INSET + 2
