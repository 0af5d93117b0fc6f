"""The sheet section: what it would say, what it holds back, and copies that are only claimed on evidence."""

import threading
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt

from console.actions import calls
from console.errors import KnownError
from console.handoff.printing import Job, PrintUnknown
from console.models.sign_in import SignIn
from console.views.workspace.moments import moments
from tests.handoff.sheets import text
from tests.support.clock import FixedClock
from tests.views.workspace_kit import Room, press

CTRL = Qt.KeyboardModifier.ControlModifier


def opened(room: Room, page: Any) -> Any:
    """The sheet section with its preview made and the printer looked at."""
    page.go("sheet")
    section = page.frame.sections["sheet"]
    room.until(lambda: section.preview.image is not None and not section._looking and not section._drawing)
    return section


def test_the_preview_is_made_in_memory_and_lists_what_is_held_back(room: Room, clinician: SignIn) -> None:
    call = room.claimed(clinician)
    room.do(calls.state_fact, clinician, call, "approach.background", "In treatment", "part2")
    section = opened(room, room.open(clinician, call))
    assert section.preview.image.width() > 500
    assert [line.text for line in section.withheld.lines] == [
        "Background: Record of a substance use program (42 CFR Part 2): not to police without consent."
    ]
    assert section._stale.text() == "Not issued yet. The first copy will be version 1."


def test_a_printed_copy_is_numbered_and_says_what_the_record_says(room: Room, clinician: SignIn) -> None:
    call = room.claimed(clinician)
    room.do(calls.state_fact, clinician, call, "weapons.reported", "Firearm", "caller")
    page = room.open(clinician, call)
    section = opened(room, page)
    section.to.put("Police, unit 3B12")
    press(section.print, Qt.Key.Key_P, CTRL)
    room.until(lambda: len(room.printers.jobs) == 1 and len(section.copies.lines) == 1)
    pdf, printer, title = room.printers.jobs[0]
    assert printer == "Watch Desk"
    assert "Firearm" in text(pdf)
    assert "Maple" not in title
    assert section.copies.lines[0].text == "Copy 1 of version 1 to Watch Desk · for Police, unit 3B12"
    room.until(lambda: "handed to Watch Desk" in section.notice.text())
    assert section.to.text() == "", "the next copy may be for somebody else"


def test_what_changed_since_is_said(room: Room, clinician: SignIn, dispatcher: SignIn) -> None:
    call = room.claimed(clinician)
    page = room.open(clinician, call)
    section = opened(room, page)
    section.do_print()
    room.until(lambda: section._stale.text() == "Version 1 says the same as this.")
    room.do(calls.state_fact, dispatcher, call, "weapons.reported", "Knife", "caller")
    room.until(lambda: section._stale.text().startswith("Changed since version 1"))


def test_a_refusing_printer_is_a_failed_copy_with_its_reason(room: Room, clinician: SignIn) -> None:
    call = room.claimed(clinician)
    section = opened(room, room.open(clinician, call))
    room.printers.refuses = "Printer 'Watch Desk' is stopped; nothing was printed."
    section.do_print()
    room.until(lambda: len(section.copies.lines) == 1 and "did not come out" in section.copies.lines[0].under)
    room.until(lambda: "is stopped" in section.notice.text())
    assert section.print.isEnabled()


def test_a_copy_of_which_nobody_knows_says_so(room: Room, clinician: SignIn, monkeypatch: pytest.MonkeyPatch) -> None:
    def silent(pdf: bytes, printer: str, title: str) -> Job:
        raise PrintUnknown("The print system did not answer.")

    call = room.claimed(clinician)
    section = opened(room, room.open(clinician, call))
    monkeypatch.setattr(room.printers, "print", silent)
    section.do_print()
    said = "not known whether it came out: The print system did not answer."
    room.until(lambda: [line.under for line in section.copies.lines] == [said])
    copied = next(words for _, words, _ in moments(room.page(clinician, call)) if words.startswith("Sheet copy"))
    assert copied.endswith("not known whether it came out")


def test_while_a_printer_does_not_answer_previews_open_and_files_are_written(
    room: Room, clinician: SignIn, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    over = threading.Event()

    def silent(pdf: bytes, printer: str, title: str) -> Job:
        over.wait(60)
        raise KnownError("The print system did not answer; nothing was printed.")

    monkeypatch.setattr(room.printers, "print", silent)
    call = room.claimed(clinician)
    other = room.claimed(clinician, "26-118-4472")
    page = room.open(clinician, call)
    section = opened(room, page)
    section.do_print()
    try:
        room.until(lambda: [line.under for line in section.copies.lines] == ["being handed over…"])
        assert section.printer_state.text() == "Printing… waiting for Watch Desk to take the copy"
        assert not section.print.isEnabled()
        assert section.save.isEnabled(), "what one does while a printer is silent"
        section.save_to(str(tmp_path / "sheet.pdf"))
        room.until(lambda: "handed to file sheet.pdf" in section.notice.text())
        assert not section.print.isEnabled(), "the first copy is still on its way"
        page.show_call(other)
        room.until(lambda: page.work.call == other and section.preview.image is not None)
        page.show_call(call)
        room.until(lambda: page.work.call == call and section.preview.image is not None)
        assert not section.print.isEnabled()
    finally:
        over.set()
    room.until(lambda: section.print.isEnabled())
    assert section.notice.text().endswith("nothing was printed. Copy 1 is recorded as not printed.")
    room.until(lambda: any("did not come out" in line.under for line in section.copies.lines))


def test_what_became_of_a_copy_of_another_call_is_not_said_of_this_one(
    room: Room, clinician: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    over = threading.Event()
    printed = room.printers.print

    def slow(pdf: bytes, printer: str, title: str) -> Job:
        over.wait(60)
        return printed(pdf, printer, title)

    monkeypatch.setattr(room.printers, "print", slow)
    call, other = room.claimed(clinician), room.claimed(clinician, "26-118-4472")
    page = room.open(clinician, call)
    said: list[str] = []
    page.work.said.connect(said.append)
    section = opened(room, page)
    section.do_print()
    page.show_call(other)
    room.until(lambda: page.work.call == other)
    over.set()
    room.until(lambda: said == ["Copy 1 of version 1 was handed to Watch Desk."])
    assert section.notice.text() == ""


def test_a_printer_that_is_gone_is_never_replaced(room: Room, clinician: SignIn) -> None:
    room.printers.names = ("Other",)
    section = opened(room, room.open(clinician, room.claimed(clinician)))
    assert section.printer.currentText() == ""
    assert section.printer_state.text() == "Watch Desk is not there now"
    section.do_print()
    assert room.printers.jobs == []
    assert "No printer is chosen" in section.notice.text()


def test_a_desk_without_printers_says_what_still_works(room: Room, clinician: SignIn) -> None:
    room.printers.names = ()
    section = opened(room, room.open(clinician, room.claimed(clinician)))
    assert "save the sheet or read it out" in section.printer_state.text()


def test_a_copy_goes_to_a_file(room: Room, clinician: SignIn, tmp_path: Path) -> None:
    page = room.open(clinician, room.claimed(clinician))
    section = opened(room, page)
    section.save_to(str(tmp_path / "sheet.pdf"))
    room.until(lambda: len(section.copies.lines) == 1)
    room.settled(page)
    assert "26-118-4471" in text((tmp_path / "sheet.pdf").read_bytes())
    assert section.copies.lines[0].text == "Copy 1 of version 1 to file sheet.pdf"


def test_who_read_it_back_is_recorded(room: Room, clinician: SignIn, clock: FixedClock) -> None:
    call = room.claimed(clinician)
    section = opened(room, room.open(clinician, call))
    assert section._receiver_row.isHidden()
    section.do_print()
    room.until(lambda: not section._receiver_row.isHidden())
    section.read_back.click()
    room.until(lambda: "missing" in section.notice.text())
    section.receiver.put("Sgt. Lee")
    section.read_back.click()
    room.until(lambda: section._read.text().startswith("Version 1 read back by Sgt. Lee"))
    assert "Nobody" not in section._read.text()
    clock.advance(60)
    room.until(lambda: "says the same" in section._stale.text())
    room.do(calls.state_fact, clinician, call, "weapons.reported", "Firearm", "caller")
    room.until(lambda: "says the same" not in section._stale.text() and section.print.isEnabled())
    section.do_print()
    room.until(lambda: section._read.text().endswith(". Nobody has read back version 2"))


def test_a_dispatcher_prints_too(room: Room, clinician: SignIn, dispatcher: SignIn) -> None:
    section = opened(room, room.open(dispatcher, room.claimed(clinician)))
    section.do_print()
    room.until(lambda: [line.under for line in section.copies.lines] == ["you"])
