"""The log and the crash report: private, bounded, and a full disk stops nothing."""

import faulthandler
import logging
import os
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from _pytest.faulthandler import fault_handler_stderr_fd_key

from console.errors import KnownError
from console.security import log_files
from console.security.log_files import Logs, PrivateLog

ours = logging.getLogger("console.logtest")


@pytest.fixture(autouse=True)
def crash_reports_of_the_test_run_itself(request: pytest.FixtureRequest) -> Iterator[None]:
    """There is one crash handler a process; give it back to pytest."""
    yield
    stderr = request.config.stash.get(fault_handler_stderr_fd_key, None)
    if stderr is not None:
        faulthandler.enable(file=stderr)


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_files_are_private_and_hold_the_records(tmp_path: Path) -> None:
    before = logging.getLogger().level
    mask = os.umask(0)
    try:
        logs = Logs(tmp_path)
        ours.info("%d calls open", 3)
        ours.debug("too fine")
        logs.stop()
        logs.stop()
    finally:
        os.umask(mask)
    ours.info("after the end")
    assert logging.getLogger().level == before
    assert not faulthandler.is_enabled()
    folder = tmp_path / "logs"
    assert [mode(path) for path in (folder, folder / "console.log", folder / "crashes.log")] == [0o700, 0o600, 0o600]
    (line,) = (folder / "console.log").read_text().splitlines()
    assert line.endswith("INFO console.logtest [MainThread] 3 calls open")


def test_a_second_start_appends(tmp_path: Path) -> None:
    for n in (1, 2):
        logs = Logs(tmp_path)
        ours.info("start %d", n)
        logs.stop()
    assert len((tmp_path / "logs" / "console.log").read_text().splitlines()) == 2


def test_rotation_keeps_a_bounded_number_of_private_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(log_files, "_LOG_BYTES", 500)
    logs = Logs(tmp_path)
    for n in range(200):
        ours.info("record %d", n)
    logs.stop()
    files = sorted((tmp_path / "logs").glob("console.log*"))
    assert [path.name for path in files] == ["console.log"] + [f"console.log.{n}" for n in range(1, 6)]
    assert all(mode(path) == 0o600 and path.stat().st_size <= 500 for path in files)
    assert "record 199" in files[0].read_text()


def test_a_large_crash_report_is_set_aside_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(log_files, "_CRASH_BYTES", 10)
    Logs(tmp_path).stop()
    crashes = tmp_path / "logs" / "crashes.log"
    crashes.write_text("x" * 11)
    Logs(tmp_path).stop()
    assert crashes.read_text() == ""
    assert crashes.with_name("crashes.log.1").read_text() == "x" * 11


def test_files_that_cannot_be_made_are_said(tmp_path: Path) -> None:
    (tmp_path / "logs").write_text("a file in the way")
    with pytest.raises(KnownError, match=r"log files in .* cannot be made"):
        Logs(tmp_path)
    (tmp_path / "logs").unlink()
    (tmp_path / "logs" / "console.log").mkdir(parents=True)
    with pytest.raises(KnownError, match="cannot be made"):
        Logs(tmp_path)
    assert not any(isinstance(handler, PrivateLog) for handler in logging.getLogger().handlers)


RUN = """
import sys
from pathlib import Path
from console.security.log_files import Logs
logs = Logs(Path(sys.argv[1]))
import logging
"""


def run(script: str, home: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", RUN + script, home],
        env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path), "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


@pytest.mark.skipif(sys.platform == "win32", reason="limits and signals of POSIX")
def test_a_crash_leaves_stacks_and_no_values(tmp_path: Path) -> None:
    script = """
from console.security.hardening import harden_process
harden_process()
import os, signal
def on_the_call(words):
    os.kill(os.getpid(), signal.SIGSEGV)
on_the_call("sentinel words")
"""
    ended = run(script, tmp_path)
    assert ended.returncode < 0
    report = (tmp_path / "logs" / "crashes.log").read_text()
    assert "Segmentation fault" in report
    assert "in on_the_call" in report
    assert "sentinel" not in report + ended.stderr
    assert not [path for path in tmp_path.rglob("*core*") if path.is_file()]


@pytest.mark.skipif(sys.platform == "win32", reason="limits of POSIX")
def test_a_full_disk_is_said_once_and_stops_nothing(tmp_path: Path) -> None:
    script = """
import resource
resource.setrlimit(resource.RLIMIT_FSIZE, (50, 50))
for n in range(5):
    logging.getLogger("console.x").info("record %d", n)
print("still here")
"""
    ended = run(script, tmp_path)
    assert ended.stdout == "still here\n"
    assert ended.stderr.count("cannot be written") == 1
    assert "Traceback" not in ended.stderr
    assert ended.returncode == 0
