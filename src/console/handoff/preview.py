"""The pages of a PDF as pictures, from memory: nothing is written to disk."""

import threading
from dataclasses import dataclass

import pypdfium2 as pdfium  # type: ignore[import-untyped]
import pypdfium2.raw as pdfium_raw  # type: ignore[import-untyped]

from console.errors import KnownError
from console.off_gui import refuse_on_gui_thread

_POINTS_PER_INCH = 72
_LEAST_DPI, _MOST_DPI = 36, 600
# PDFium keeps state of its own for the whole process and says so: one call at a time.
_lock = threading.Lock()


@dataclass(frozen=True)
class Page:
    """One page: ``width`` by ``height`` pixels, ``rgba`` four bytes each, row after row from the top, opaque."""

    width: int
    height: int
    rgba: bytes


def pages(pdf: bytes, dpi: float) -> tuple[Page, ...]:
    """Every page of ``pdf`` at ``dpi`` dots per inch (36 to 600; beyond that the nearest of these).

    Raises :class:`KnownError` when ``pdf`` is not a PDF that can be read, :class:`console.errors.BugError` on the GUI
    thread.
    """
    refuse_on_gui_thread("PDF")
    scale = min(max(dpi, _LEAST_DPI), _MOST_DPI) / _POINTS_PER_INCH
    with _lock:
        try:
            document = pdfium.PdfDocument(pdf)
        except pdfium.PdfiumError as error:
            raise KnownError("This cannot be shown: it is not a PDF that can be read.", detail=str(error)) from error
        try:
            return tuple(_page(document, index, scale) for index in range(len(document)))
        finally:
            document.close()


def _page(document: pdfium.PdfDocument, index: int, scale: float) -> Page:
    page = document[index]
    bitmap = page.render(scale=scale, rev_byteorder=True, force_bitmap_format=pdfium_raw.FPDFBitmap_BGRA)
    try:
        rows, stride, used = bytes(bitmap.buffer), bitmap.stride, bitmap.width * 4
        if stride != used:
            rows = b"".join(rows[start : start + used] for start in range(0, bitmap.height * stride, stride))
        return Page(bitmap.width, bitmap.height, rows)
    finally:
        bitmap.close()
        page.close()
