"""Printing: against a real CUPS of its own, and against commands that fail."""

import os
import shutil
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from console.clock import SystemClock
from console.errors import BugError, KnownError
from console.handoff.content import job_title
from console.handoff.police_pdf import render
from console.handoff.printing import CupsPrinters, Job, JobState, NoPrinters, PrintUnknown, system_printers
from console.off_gui import mark_gui_thread
from tests.handoff.sheets import CALL_BACK, COPY, NAME, PLACE, sheet, text
from tests.support.cups import PrivateCups, private_cups


@pytest.fixture(scope="module")
def folder() -> Iterator[Path]:
    """A folder with a path short enough for a socket."""
    with tempfile.TemporaryDirectory(prefix="cups-", dir="/tmp") as made:
        yield Path(made)


@pytest.fixture(scope="module")
def service(folder: Path) -> Iterator[PrivateCups]:
    with private_cups(folder, ["Front", "Back", "Closed", "Jams"], stopped=["Back"], rejecting=["Closed"]) as running:
        yield running


@pytest.fixture
def cups(service: PrivateCups, monkeypatch: pytest.MonkeyPatch) -> PrivateCups:
    monkeypatch.setenv("CUPS_SERVER", service.server)
    monkeypatch.delenv("PRINTER", raising=False)
    monkeypatch.delenv("LPDEST", raising=False)
    return service


@pytest.fixture
def commands(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that is all of PATH: what is put there is what the desk has."""
    monkeypatch.setenv("PATH", str(tmp_path))
    return tmp_path


def command(folder: Path, name: str, script: str) -> None:
    path = folder / name
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)


LPSTAT = """case "$1" in
-e) echo Front ;;
-d) echo "system default destination: Front" ;;
-a) echo "Front accepting requests since now"; echo "printer Front is idle.  enabled since now" ;;
esac"""


# -- a real print service ----------------------------------------------------------------------------------------------


def test_what_comes_out_of_the_printer_is_the_sheet(cups: PrivateCups) -> None:
    pdf = render(sheet(), copy=COPY)
    job = CupsPrinters().print(pdf, "Front", job_title(sheet(), COPY))
    assert job.state is JobState.QUEUED
    out = cups.printed(job.id)
    assert out.pdf == pdf
    assert "Reported Handgun (caller 22:06)" in text(out.pdf)
    assert out.title == "Responder sheet 7F2A-D2 v1 copy 1"
    assert not any(private in out.title for private in (NAME, CALL_BACK, PLACE))


def test_one_copy_comes_out_whatever_the_users_own_defaults_are(
    cups: PrivateCups, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / ".cups").mkdir()
    (tmp_path / ".cups" / "lpoptions").write_text("Default Front copies=3 number-up=4\n")
    monkeypatch.setenv("HOME", str(tmp_path))
    out = cups.printed(CupsPrinters().print(render(sheet()), "Front", "Responder sheet").id)
    assert out.copies == "1"
    assert "number-up=1" in out.options.split()


def test_the_printers_of_the_desk_are_listed_and_the_default_only_offered(
    cups: PrivateCups, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert CupsPrinters().available() == ("Back", "Closed", "Front", "Jams")
    assert CupsPrinters().default() is None
    monkeypatch.setenv("PRINTER", "Front")
    assert CupsPrinters().default() == "Front"


@pytest.mark.parametrize("name", ["Upstairs", "front", "Front ", "", "-o", "Front; rm -rf /"])
def test_a_printer_that_is_not_there_prints_nothing_anywhere(cups: PrivateCups, name: str) -> None:
    before = cups.jobs_seen()
    with pytest.raises(KnownError, match=r"no printer named .*; nothing was printed\. This desk has: Back, "):
        CupsPrinters().print(render(sheet()), name, "Responder sheet")
    assert cups.jobs_seen() == before


@pytest.mark.parametrize(("name", "why"), [("Back", "is stopped"), ("Closed", "takes no jobs")])
def test_a_printer_that_would_keep_the_sheet_for_hours_is_refused(cups: PrivateCups, name: str, why: str) -> None:
    before = cups.jobs_seen()
    with pytest.raises(KnownError, match=f"'{name}' {why}.*; nothing was printed"):
        CupsPrinters().print(render(sheet()), name, "Responder sheet")
    assert cups.jobs_seen() == before


def test_a_job_is_followed_until_it_leaves_the_queue(cups: PrivateCups) -> None:
    printers = CupsPrinters()
    job = printers.print(render(sheet()), "Front", "Responder sheet")
    cups.printed(job.id)
    cups.wait_until(lambda: printers.state(job) is JobState.LEFT, "the job to leave the queue")
    assert printers.state(Job("Front-999", JobState.QUEUED)) is JobState.UNKNOWN


def test_a_jam_is_seen_and_the_next_sheet_refused(cups: PrivateCups) -> None:
    printers = CupsPrinters()
    job = printers.print(b"%PDF", "Jams", "jam")
    cups.wait_until(lambda: printers.state(job) is JobState.STOPPED, "the jam")
    with pytest.raises(KnownError, match=r"'Jams' is stopped \(paper jam\); nothing was printed"):
        printers.print(render(sheet()), "Jams", "Responder sheet")


def test_a_print_service_that_is_away_is_a_clear_line(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    if shutil.which("lpstat") is None:
        pytest.skip("lpstat is not installed")
    monkeypatch.setenv("CUPS_SERVER", str(folder / "nobody.sock"))
    with pytest.raises(KnownError, match="not running"):
        CupsPrinters().print(render(sheet()), "Front", "Responder sheet")


# -- commands that fail ------------------------------------------------------------------------------------------------


def test_a_print_command_that_hangs_is_given_up_on_and_nothing_is_claimed(commands: Path) -> None:
    command(commands, "lpstat", LPSTAT)
    command(commands, "lp", "/bin/sleep 600")
    with pytest.raises(PrintUnknown, match=r"within 0\.5 seconds.*is not known"):
        CupsPrinters(limit=0.5).print(b"%PDF", "Front", "Responder sheet")


def test_a_status_command_that_hangs_prints_nothing(commands: Path) -> None:
    command(commands, "lpstat", "/bin/sleep 600")
    command(commands, "lp", f"/usr/bin/touch {commands}/spooled")
    with pytest.raises(KnownError, match=r"within 0\.5 seconds; nothing was printed") as refused:
        CupsPrinters(limit=0.5).print(b"%PDF", "Front", "Responder sheet")
    assert not isinstance(refused.value, PrintUnknown)
    assert not (commands / "spooled").exists()


def test_a_print_system_that_is_a_little_late_with_every_answer_is_given_up_on_too(commands: Path) -> None:
    class Late(SystemClock):
        looks = 0

        def monotonic(self) -> float:
            self.looks += 1
            return 10.0 * self.looks

    command(commands, "lpstat", LPSTAT)
    command(commands, "lp", f"/usr/bin/touch {commands}/spooled")
    with pytest.raises(KnownError, match=r"within 15 seconds; nothing was printed"):
        CupsPrinters(limit=15, clock=Late()).print(b"%PDF", "Front", "Responder sheet")
    assert not (commands / "spooled").exists()


def test_a_refusal_passes_on_what_the_print_system_said(commands: Path) -> None:
    command(commands, "lpstat", LPSTAT)
    command(commands, "lp", "echo 'lp: Error - out of paper for good' >&2; exit 1")
    with pytest.raises(KnownError, match=r"did not take the sheet and nothing was printed: out of paper for good\."):
        CupsPrinters().print(b"%PDF", "Front", "Responder sheet")


def test_a_print_command_that_reads_nothing_is_no_crash(commands: Path) -> None:
    command(commands, "lpstat", LPSTAT)
    command(commands, "lp", "exec <&-; echo 'lp: Forbidden' >&2; exit 1")
    with pytest.raises(KnownError, match=r"Forbidden\."):
        CupsPrinters().print(b"%PDF" + bytes(1_000_000), "Front", "Responder sheet")


def test_words_reach_the_print_command_as_they_are(commands: Path) -> None:
    command(commands, "lpstat", LPSTAT)
    command(
        commands,
        "lp",
        f'for word in "$@"; do echo "$word"; done > {commands}/words; echo "request id is Front-7 (1 file(s))"',
    )
    assert CupsPrinters().print(b"%PDF", "Front", "a; b $(c)\n‘d’").id == "Front-7"
    words = (commands / "words").read_text().splitlines()
    assert words[:2] == ["-d", "Front"]
    assert words[-3:] == ["-t", "a; b $(c)??d?", "-"]


def test_an_answer_without_a_job_number_leaves_its_state_unknown(commands: Path) -> None:
    command(commands, "lpstat", LPSTAT)
    command(commands, "lp", "exit 0")
    job = CupsPrinters().print(b"%PDF", "Front", "Responder sheet")
    assert job == Job("", JobState.UNKNOWN)
    assert CupsPrinters().state(job) is JobState.UNKNOWN


def test_a_command_that_went_away_is_a_clear_line(commands: Path) -> None:
    with pytest.raises(KnownError, match="'lpstat' cannot be run; nothing was printed"):
        CupsPrinters().print(b"%PDF", "Front", "Responder sheet")


def test_a_desk_without_a_print_system_says_why(commands: Path) -> None:
    printers = system_printers()
    assert isinstance(printers, NoPrinters)
    assert (printers.available(), printers.default()) == ((), None)
    with pytest.raises(KnownError, match="lp and lpstat is not installed"):
        printers.print(b"%PDF", "Front", "Responder sheet")
    assert printers.state(Job("Front-1", JobState.QUEUED)) is JobState.UNKNOWN


def test_a_desk_with_a_print_system_uses_it(commands: Path) -> None:
    command(commands, "lpstat", LPSTAT)
    command(commands, "lp", "exit 0")
    assert isinstance(system_printers(), CupsPrinters)
    assert os.environ["PATH"] == str(commands)


def test_windows_is_told_to_save_the_pdf(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.platform", "win32")
    with pytest.raises(KnownError, match="save the sheet as a PDF"):
        system_printers().print(b"%PDF", "Front", "Responder sheet")


@pytest.mark.parametrize("call", ["available", "default", "print", "state"])
def test_it_refuses_the_gui_thread(call: str) -> None:
    arguments = {"print": (b"%PDF", "Front", "t"), "state": (Job("Front-1", JobState.QUEUED),)}.get(call, ())
    mark_gui_thread(threading.get_ident())
    try:
        with pytest.raises(BugError, match="printing"):
            getattr(CupsPrinters(), call)(*arguments)
    finally:
        mark_gui_thread(None)
