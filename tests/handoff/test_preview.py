"""The preview: the page as a picture, from memory."""

import threading

import pytest

from console.errors import BugError, KnownError
from console.handoff.police_pdf import render
from console.handoff.preview import pages
from console.off_gui import mark_gui_thread
from tests.handoff.sheets import sheet


@pytest.mark.parametrize("dpi", [50, 96, 150.5])
def test_the_preview_is_one_opaque_page_of_the_papers_size(dpi: float) -> None:
    shown = pages(render(sheet()), dpi)
    assert len(shown) == 1
    page = shown[0]
    assert page.width == pytest.approx(8.5 * dpi, abs=1)
    assert page.height == pytest.approx(11 * dpi, abs=1)
    assert len(page.rgba) == page.width * page.height * 4
    assert set(page.rgba[3::4]) == {255}
    assert 0 in page.rgba[0::4]
    assert page.rgba[:4] == b"\xff\xff\xff\xff"


def test_the_picture_shows_what_the_sheet_says() -> None:
    assert pages(render(sheet()), 60) != pages(render(sheet({})), 60)
    assert pages(render(sheet()), 60) == pages(render(sheet()), 60)


def test_a_senseless_resolution_is_held_within_bounds() -> None:
    assert pages(render(sheet()), 0.001)[0].width == pages(render(sheet()), 36)[0].width


def test_nothing_is_written_to_disk(tmp_path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("TMPDIR", "TEMP", "TMP", "HOME"):
        monkeypatch.setenv(name, str(tmp_path))
    monkeypatch.chdir(tmp_path)
    pages(render(sheet()), 96)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("damaged", [b"", b"not a PDF", b"%PDF-1.4\n"])
def test_what_is_no_pdf_is_a_clear_line(damaged: bytes) -> None:
    with pytest.raises(KnownError, match="not a PDF that can be read"):
        pages(damaged, 96)


def test_it_refuses_the_gui_thread() -> None:
    pdf = render(sheet())
    mark_gui_thread(threading.get_ident())
    try:
        with pytest.raises(BugError, match="PDF"):
            pages(pdf, 96)
    finally:
        mark_gui_thread(None)
