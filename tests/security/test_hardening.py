"""No memory dumps, no other user, no network drive."""

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from console.errors import KnownError
from console.security.hardening import network_filesystem, prepare_home

MOUNTS = """\
22 1 259:2 / / rw,relatime shared:1 - ext4 /dev/nvme0n1p2 rw
30 22 0:44 / /home rw,relatime shared:5 - nfs4 files:/home rw,vers=4.2
31 30 259:3 / /home/local\\040disk rw,relatime shared:6 - xfs /dev/sdb1 rw
32 22 0:45 / /media/share rw,nosuid - cifs //files/share rw
33 22 0:46 / /mnt/x rw - fuse.sshfs someone@files:/x rw
34 22 0:47 / /over rw - nfs files:/over rw
35 34 259:4 / /over rw - ext4 /dev/sdc1 rw
a line that is none
"""


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/var/lib/console", None),
        ("/home/ops/console", "nfs4"),
        ("/home", "nfs4"),
        ("/homework", None),
        ("/home/local disk/console", None),
        ("/media/share/a/b/c", "cifs"),
        ("/mnt/x/y", "fuse.sshfs"),
        ("/over/console", None),
    ],
)
@pytest.mark.skipif(sys.platform == "win32", reason="paths of Linux")
def test_network_drives_by_the_mount_that_counts(path: str, kind: str | None) -> None:
    assert network_filesystem(Path(path), MOUNTS) == kind


@pytest.mark.skipif(sys.platform != "linux", reason="mountinfo is Linux's")
def test_the_real_mounts_of_this_machine_can_be_read(tmp_path: Path) -> None:
    assert network_filesystem(Path("/")) is None
    (tmp_path / "link").symlink_to("/media/share")
    assert network_filesystem(tmp_path / "link" / "console", MOUNTS) == "cifs"


def test_a_home_on_a_network_drive_is_refused_before_anything_is_made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("console.security.hardening.network_filesystem", lambda path: "nfs4")
    with pytest.raises(KnownError, match=r"network drive \(nfs4\)"):
        prepare_home(tmp_path / "home")
    assert not (tmp_path / "home").exists()


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_a_new_home_is_private(tmp_path: Path) -> None:
    before = os.umask(0o022)
    try:
        home = prepare_home(tmp_path / "deep" / "home")
    finally:
        os.umask(before)
    assert mode(home) == 0o700
    assert prepare_home(home) == home


def test_an_empty_open_folder_is_made_private(tmp_path: Path) -> None:
    (tmp_path / "home").mkdir(mode=0o755)
    assert mode(prepare_home(tmp_path / "home")) == 0o700


@pytest.mark.parametrize("loose", [0o755, 0o750, 0o707, 0o701])
def test_an_open_folder_that_holds_something_is_refused(loose: int, tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir()
    (home / "journal.db").write_bytes(b"x")
    home.chmod(loose)
    with pytest.raises(KnownError, match="chmod 700"):
        prepare_home(home)
    assert mode(home) == loose


def test_another_users_folder_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: tmp_path.stat().st_uid + 1)
    with pytest.raises(KnownError, match="belongs to another user"):
        prepare_home(tmp_path)


def test_a_file_is_no_home(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    for path in (tmp_path / "file", tmp_path / "file" / "below"):
        with pytest.raises(KnownError, match="--home"):
            prepare_home(path)


@pytest.mark.skipif(sys.platform != "linux", reason="prctl and /proc are Linux's")
def test_a_hardened_process_dumps_nothing_and_makes_private_files(tmp_path: Path) -> None:
    script = (
        "import ctypes, pathlib, resource, sys\n"
        "from console.security.hardening import harden_process\n"
        "assert ctypes.CDLL(None).prctl(3, 0, 0, 0, 0) == 1\n"  # PR_GET_DUMPABLE: it was dumpable
        "harden_process(); harden_process()\n"
        "pathlib.Path(sys.argv[1]).write_text('x')\n"
        "print(resource.getrlimit(resource.RLIMIT_CORE), ctypes.CDLL(None).prctl(3, 0, 0, 0, 0))\n"
    )
    run = subprocess.run(
        [sys.executable, "-c", script, tmp_path / "file"],
        env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert (run.returncode, run.stdout) == (0, "(0, 0) 0\n"), run.stderr
    assert mode(tmp_path / "file") == 0o600
