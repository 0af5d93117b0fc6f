"""Breaking text into lines of a given width, and cutting them so that the cut can be seen."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from console.handoff.fonts import printable, width

_LONGEST_WORD = 300
"""Letters after which a word is broken without measuring the whole of it: more than a line of this page holds."""


@dataclass(frozen=True)
class Run:
    """Words in one weight. ``framed`` draws a frame around each, so that the eye finds it in black and white."""

    text: str
    bold: bool = False
    framed: bool = False

    @cached_property
    def words(self) -> tuple[str, ...]:
        return tuple(filter(None, printable(self.text).split(" ")))


FRAME = 3.0
"""Space between a framed word and its frame, in points, at each side."""


@dataclass(frozen=True)
class Piece:
    """Words at their place in a line: ``x`` points from its left end, ``width`` points wide with their frame."""

    text: str
    x: float
    width: float
    bold: bool
    framed: bool


@dataclass(frozen=True)
class Line:
    """One line of a paragraph."""

    pieces: tuple[Piece, ...]

    @property
    def width(self) -> float:
        return self.pieces[-1].x + self.pieces[-1].width if self.pieces else 0.0

    @property
    def text(self) -> str:
        return " ".join(piece.text for piece in self.pieces)


def break_lines(runs: Iterable[Run], size: float, room: float, most: int = 1000) -> tuple[Line, ...]:
    """``runs`` in lines of at most ``room`` points at ``size``. A word that is wider than a line is broken.

    More than ``most`` lines are not looked for: one line beyond that many is given, and the rest left out.
    """
    lines: list[list[Piece]] = [[]]
    space = width(" ", size, bold=False)
    for part, run in _parts(runs, size, room):
        wide = width(part, size, bold=run.bold) + (2 * FRAME if run.framed else 0.0)
        line = lines[-1]
        x = line[-1].x + line[-1].width + space if line else 0.0
        if line and x + wide > room:
            if len(lines) > most:
                break
            lines.append([])
            line, x = lines[-1], 0.0
        line.append(Piece(part, x, wide, run.bold, run.framed))
    return tuple(Line(_joined(line)) for line in lines if line)


def cut(lines: Sequence[Line], limit: int, size: float, room: float, ending: str) -> tuple[Line, ...]:
    """The first ``limit`` lines (at least 1), the last one ending in ``… ending`` when anything is left out."""
    if len(lines) <= limit:
        return tuple(lines)
    kept = list(lines[: max(limit, 1)])
    tail = Run(f"… {ending}".rstrip(), bold=True)
    left = room - width(f" {tail.text}", size, bold=True)
    runs = [Run(piece.text, piece.bold, piece.framed) for piece in kept[-1].pieces]
    fitting = break_lines(runs, size, left, most=1)[0].pieces if left > 0 else ()
    last = break_lines([*(Run(piece.text, piece.bold, piece.framed) for piece in fitting), tail], size, room)
    return (*kept[:-1], last[0])


def _parts(runs: Iterable[Run], size: float, room: float) -> Iterator[tuple[str, Run]]:
    """The words, those that are wider than a line in parts, each with the run it is of."""
    for run in runs:
        for word in run.words:
            for part in _fitting(word, size, room - (2 * FRAME if run.framed else 0.0), run.bold):
                yield part, run


def _fitting(word: str, size: float, room: float, bold: bool) -> Iterator[str]:
    """``word``, or its parts when it is wider than ``room``."""
    if len(word) <= _LONGEST_WORD and width(word, size, bold=bold) <= room:
        yield word
        return
    part, wide = "", 0.0
    for character in word:
        step = width(character, size, bold=bold)
        if part and wide + step > room:
            yield part
            part, wide = "", 0.0
        part, wide = part + character, wide + step
    yield part


def _joined(line: Sequence[Piece]) -> tuple[Piece, ...]:
    """Neighbors of one weight as one piece: fewer drawing steps, and text that reads back with its spaces."""
    joined: list[Piece] = []
    for piece in line:
        last = joined[-1] if joined else None
        if last is None or last.bold != piece.bold or last.framed or piece.framed:
            joined.append(piece)
            continue
        wide = piece.x + piece.width - last.x  # spaces are as wide in either weight
        joined[-1] = Piece(f"{last.text} {piece.text}", last.x, wide, last.bold, framed=False)
    return tuple(joined)
