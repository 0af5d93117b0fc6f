"""The two faces a sheet is set in, and what is done with a character they lack.

Noto Sans (SIL Open Font License, beside the files) covers Latin with Vietnamese and all of Europe's accents, Greek and
Cyrillic, and is embedded, so a sheet prints alike everywhere. A character it lacks, and any script that runs right to
left, prints as the replacement sign U+FFFD: drawn in the wrong order, or left out, it would mislead.
"""

import threading

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFError, TTFont

from console.errors import KnownError
from console.settings import resources

REGULAR = "SheetRegular"
BOLD = "SheetBold"
MISSING = "\ufffd"
_FILES = {REGULAR: "NotoSans-Regular.ttf", BOLD: "NotoSans-Bold.ttf"}
_SPELLED = {"→": "->", "←": "<-", "≥": ">=", "≤": "<=", "−": "-", "≈": "about ", "✓": "yes", "✔": "yes", "✗": "no"}
_lock = threading.Lock()


def ensure_fonts() -> None:
    """Read both faces once. Raises :class:`KnownError` when a file is missing or damaged."""
    with _lock:
        for name, file in _FILES.items():
            if name in pdfmetrics.getRegisteredFontNames():
                continue
            path = resources() / "sheets" / file
            try:
                pdfmetrics.registerFont(TTFont(name, str(path)))
            except (TTFError, OSError) as error:
                raise KnownError(
                    f"The sheet's font {file} cannot be read; install the program again.", detail=str(path)
                ) from error


def printable(text: str) -> str:
    """``text`` with every character that cannot be printed right replaced by :data:`MISSING`."""
    glyphs = pdfmetrics.getFont(REGULAR).face.charToGlyph
    spelled = "".join(_SPELLED.get(character, character) for character in text)
    return "".join(c if c == " " or ord(c) in glyphs else MISSING for c in spelled)


def width(text: str, size: float, *, bold: bool = False) -> float:
    """How wide ``text`` prints at ``size`` points, in points."""
    return float(pdfmetrics.stringWidth(text, BOLD if bold else REGULAR, size))
