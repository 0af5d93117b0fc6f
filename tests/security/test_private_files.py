"""Small private files: whole or not at all, and for their owner only."""

import os
import resource
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from console.errors import KnownError
from console.security.private_files import SMALL, read_private, write_private


def test_written_file_is_0600_under_any_umask_and_reads_back(tmp_path: Path) -> None:
    path = tmp_path / "key.json"
    before = os.umask(0)
    try:
        write_private(path, b"one")
    finally:
        os.umask(before)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert read_private(path) == b"one"
    assert os.listdir(tmp_path) == ["key.json"]


def test_replacing_keeps_the_mode_and_loses_nothing_else(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_bytes(b"old")
    path.chmod(0o644)
    write_private(path, b"new")
    assert (path.read_bytes(), stat.S_IMODE(path.stat().st_mode)) == (b"new", 0o600)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no pipes in its folders")
def test_a_pipe_or_device_is_never_replaced(tmp_path: Path) -> None:
    path = tmp_path / "pipe"
    os.mkfifo(path)
    with pytest.raises(KnownError, match="pipe is a device or a pipe, not a file"):
        write_private(path, b"data")
    assert stat.S_ISFIFO(path.lstat().st_mode)
    assert os.listdir(tmp_path) == ["pipe"]


def test_without_replace_an_existing_file_is_untouched(tmp_path: Path) -> None:
    path = tmp_path / "a"
    write_private(path, b"first", replace=False)
    with pytest.raises(KnownError, match="exists already"):
        write_private(path, b"second", replace=False)
    assert path.read_bytes() == b"first"
    assert os.listdir(tmp_path) == ["a"]


def test_what_a_crash_left_behind_is_no_obstacle_and_is_not_followed(tmp_path: Path) -> None:
    victim = tmp_path / "victim"
    victim.write_bytes(b"mine")
    (tmp_path / ".a.new").symlink_to(victim)
    write_private(tmp_path / "a", b"data")
    assert victim.read_bytes() == b"mine"
    assert sorted(os.listdir(tmp_path)) == ["a", "victim"]


def test_missing_is_none_and_too_large_is_foreign(tmp_path: Path) -> None:
    assert read_private(tmp_path / "nothing") is None
    (tmp_path / "film").write_bytes(b"x" * (SMALL + 1))
    with pytest.raises(KnownError, match="larger than"):
        read_private(tmp_path / "film")


def test_unreadable_says_where(tmp_path: Path) -> None:
    with pytest.raises(KnownError, match=str(tmp_path)):
        read_private(tmp_path)


def test_full_disk_leaves_the_old_content(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_bytes(b"old")

    def no_room() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (4, 4))

    script = (
        "import sys, pathlib\n"
        "from console.errors import KnownError\n"
        "from console.security.private_files import write_private\n"
        "try:\n    write_private(pathlib.Path(sys.argv[1]), b'x' * 100)\n"
        "except KnownError as e:\n    print(e); sys.exit(7)\n"
    )
    run = subprocess.run(
        [sys.executable, "-c", script, str(path)],
        preexec_fn=no_room,
        env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path), "PYTHONDONTWRITEBYTECODE": "1"},
        stdout=subprocess.PIPE,
        text=True,
        check=False,
    )
    assert run.returncode == 7, run
    assert "could not be written" in run.stdout
    assert path.read_bytes() == b"old"
    assert os.listdir(tmp_path) == ["a"]
