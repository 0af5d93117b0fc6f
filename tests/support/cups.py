"""A real print service for tests: CUPS on a socket in a folder, its printers writing what they get to files."""

import shutil
import subprocess
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

_PATIENCE = 20.0
_PAUSE = 0.02

_NOTES = ("title", "copies", "options")
_PROGRAMS = (Path("/usr/lib/cups"), Path("/usr/libexec/cups"))

# A backend gets: job, user, title, copies, options and the document on its standard input; DEVICE_URI names the folder.
# A job with the title "jam" jams: exit status 4 stops the printer.
_BACKEND = """#!/bin/sh
[ $# -eq 0 ] && { echo 'direct capture "Capture" "Capture"'; exit 0; }
folder="${DEVICE_URI#capture:}"
[ "$3" = jam ] && { echo 'ERROR: paper jam' >&2; exit 4; }
printf '%s' "$3" > "$folder/$1.title"
printf '%s' "$4" > "$folder/$1.copies"
printf '%s' "$5" > "$folder/$1.options"
if [ -n "$6" ]; then cat "$6"; else cat; fi > "$folder/$1.part"
mv "$folder/$1.part" "$folder/$1.pdf"
"""

_POLICY = """
<Policy default>
  <Limit All>
    Order deny,allow
  </Limit>
</Policy>
"""


@dataclass(frozen=True)
class Printed:
    """What came out of a printer."""

    title: str
    copies: str
    options: str
    pdf: bytes


class PrivateCups:
    """A running print service. Programs reach it when ``CUPS_SERVER`` is :attr:`server`."""

    def __init__(self, folder: Path) -> None:
        self.server = str(folder / "cups.sock")
        self._paper = folder / "paper"
        self._spool = folder / "spool"

    def printed(self, job: str) -> Printed:
        """What the job with this id ("Front-1") put on paper, as soon as it has."""
        number = job.rpartition("-")[2]
        paper = self._paper / f"{number}.pdf"
        self.wait_until(paper.exists, f"job {job} to be printed")
        title, copies, options = ((self._paper / f"{number}.{kind}").read_text() for kind in _NOTES)
        return Printed(title, copies, options, paper.read_bytes())

    def jobs_seen(self) -> int:
        """How many jobs were ever spooled, on paper or not."""
        on_paper = {int(path.stem) for path in self._paper.iterdir()}
        return len(on_paper | {int(path.name[1:6]) for path in self._spool.glob("[cd]*")})

    def wait_until(self, true: Callable[[], bool], what: str) -> None:
        """Wait until something is true of the service, which works in its own time."""
        for _ in range(int(_PATIENCE / _PAUSE)):
            if true():
                return
            threading.Event().wait(_PAUSE)
        raise AssertionError(f"waited {_PATIENCE:g} s in vain for {what}")


@contextmanager
def private_cups(
    folder: Path, printers: Sequence[str], *, stopped: Sequence[str] = (), rejecting: Sequence[str] = ()
) -> Iterator[PrivateCups]:
    """Run CUPS with these printers; those in ``stopped`` hold their jobs, those in ``rejecting`` take none.

    Skips the test where CUPS is not installed.

    ``folder`` must be short: a socket's path has at most 107 characters.
    """
    daemon = shutil.which("cupsd") or shutil.which("cupsd", path="/usr/sbin")
    if daemon is None or shutil.which("lp") is None:
        pytest.skip("CUPS (cupsd and lp) is not installed: real printing is not tested")
    service = PrivateCups(folder)
    _configure(folder, printers, stopped, rejecting)
    command = [daemon, "-f", "-c", str(folder / "cupsd.conf"), "-s", str(folder / "cups-files.conf")]
    with (folder / "cupsd.log").open("wb") as log:
        process = subprocess.Popen(command, stdout=log, stderr=log)
    try:
        socket = Path(service.server)
        service.wait_until(lambda: socket.exists() or process.poll() is not None, "CUPS to listen")
        if process.poll() is not None:
            pytest.skip(f"CUPS does not start here: {(folder / 'cupsd.log').read_text()[-500:]}")
        yield service
    finally:
        process.terminate()
        try:
            process.wait(_PATIENCE)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _configure(folder: Path, printers: Sequence[str], stopped: Sequence[str], rejecting: Sequence[str]) -> None:
    for name in ("paper", "spool", "spool/tmp", "cache", "state", "bin/backend", "bin/filter"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    programs = next((path for path in _PROGRAMS if path.is_dir()), _PROGRAMS[0])
    (folder / "bin" / "daemon").symlink_to(programs / "daemon")  # CUPS starts a backend through a program in there
    backend = folder / "bin" / "backend" / "capture"
    backend.write_text(_BACKEND)
    backend.chmod(0o700)  # not for others: so CUPS, when root, runs it as root and it may write here
    (folder / "cups-files.conf").write_text(
        f"ServerRoot {folder}\nServerBin {folder}/bin\nDataDir /usr/share/cups\nRequestRoot {folder}/spool\n"
        f"TempDir {folder}/spool/tmp\nCacheDir {folder}/cache\nStateDir {folder}/state\n"
        f"AccessLog {folder}/access.log\nErrorLog {folder}/error.log\nPageLog {folder}/page.log\n"
        f"Printcap {folder}/printcap\n"
    )
    (folder / "cupsd.conf").write_text(
        f"Listen {folder}/cups.sock\nBrowsing Off\nLogLevel info\nPreserveJobFiles No\nPreserveJobHistory Yes\n"
        f"DefaultAuthType None\n<Location />\n  Order allow,deny\n  Allow all\n</Location>\n{_POLICY}"
    )
    (folder / "printers.conf").write_text(
        "".join(
            f"<Printer {name}>\nDeviceURI capture:{folder}/paper\nState {'Stopped' if name in stopped else 'Idle'}\n"
            f"Accepting {'No' if name in rejecting else 'Yes'}\nShared No\nErrorPolicy stop-printer\n</Printer>\n"
            for name in printers
        )
    )
