"""Where the answer goes: a pipe that closes, a disk that is full, a terminal that does not know the letters."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.commands.program import START, Program
from tests.commands.test_replay import HEADER, PLAIN, row

LONG = ("calls", "list", "--json")


@pytest.fixture
def busy(program: Program, tmp_path: Path) -> Program:
    """A home whose board is longer than a pipe holds."""
    export = tmp_path / "export.csv"
    rows = [row(f"26-{n}", place="Ávila St", reported=f"2026-04-{n % 28 + 1:02} 21:14") for n in range(1_000, 1_250)]
    export.write_text("\n".join((HEADER, *rows)) + "\n", encoding="utf-8")
    assert program("calls", "replay", str(export), *PLAIN).status == 0
    assert len(program(*LONG).out) > 65_536
    return program


def _started(program: Program, words: tuple[str, ...], stdout: int, **environment: str) -> "subprocess.Popen[bytes]":
    command = [sys.executable, *START, *program._words(words, "")]
    return subprocess.Popen(command, env=program._environment(dict(environment)), stdout=stdout, stderr=subprocess.PIPE)


def test_a_reader_that_has_enough_ends_the_run_in_peace(busy: Program) -> None:
    running = _started(busy, LONG, subprocess.PIPE)
    assert running.stdout is not None
    assert running.stderr is not None
    running.stdout.readline()
    running.stdout.close()
    assert running.stderr.read() == b""
    assert running.wait() == 0
    running.stderr.close()


def test_a_reader_that_never_came_does_not_hide_a_refusal(program: Program) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    running = _started(program, ("calls", "show", "26-9999"), writing)
    os.close(writing)
    _, said = running.communicate()
    assert (running.returncode, said.decode()) == (1, "There is no call '26-9999' here.\n")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no /dev/full")
@pytest.mark.parametrize("words", [("calls", "list"), ("journal", "export", "-", "--as", "clinician"), LONG])
def test_an_answer_that_cannot_be_written_is_not_called_done(program: Program, words: tuple[str, ...]) -> None:
    with open("/dev/full", "wb") as full:
        running = _started(program, words, full.fileno())
        _, said = running.communicate()
    told = said.decode().splitlines()
    assert running.returncode == 2
    assert "Standard output cannot be written (No space left on device): the answer is not whole." in told
    assert not [line for line in told if "Exception" in line or "Error" in line]


def test_a_closed_standard_output_is_said(program: Program) -> None:
    closing = "import os, sys\nos.close(1)\nos.execv(sys.executable, [sys.executable, '-m', 'console', *sys.argv[1:]])"
    for words in (("calls", "list"), ("journal", "export", "-", "--as", "clinician")):
        ran = program.process(*words, start=("-c", closing))
        assert (ran.status, ran.out) == (2, "")
        assert ran.line == "Standard output is closed: the answer cannot be printed."


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "cp1252"])
def test_json_is_the_same_in_every_encoding_and_words_are_never_lost(program: Program, encoding: str) -> None:
    words = ("calls", "flag", "26-0001", "--reason", "other", "--words", "Đặng 李 😀 café", "--as", "dispatcher")
    assert program(*words).status == 0
    wanted = program(*LONG).rows
    ran = program.process(*LONG, PYTHONIOENCODING=encoding)
    assert ran.rows == wanted
    assert ran.out.isascii()
    running = _started(program, ("calls", "show", "26-0001"), subprocess.PIPE, PYTHONIOENCODING=encoding)
    shown, said = running.communicate()
    assert (running.returncode, said) == (0, b"")
    assert "caf\\xe9" in shown.decode(encoding) or "café" in shown.decode(encoding)


def test_a_reader_that_has_enough_of_an_export_ends_it_in_peace(busy: Program) -> None:
    running = _started(busy, ("journal", "export", "-", "--as", "clinician"), subprocess.PIPE)
    assert running.stdout is not None
    assert running.stderr is not None
    running.stdout.readline()
    running.stdout.close()
    assert running.stderr.read() == b""
    assert running.wait() == 0
    running.stderr.close()


def test_a_name_that_is_no_text_is_refused_before_anything_is_done(program: Program, tmp_path: Path) -> None:
    program.refuses("store", "backup", str(tmp_path / "copy-\udce9.db"), says="argument FILE: it holds bytes that are")
    program.refuses(
        "calls", "list", "--as", "caf\udce9", says="argument --as: it holds bytes that are not text in UTF-8"
    )
    assert [path.name for path in tmp_path.iterdir()] == ["home"]
