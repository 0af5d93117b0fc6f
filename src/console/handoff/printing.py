"""Printing a sheet on a named printer, or saying plainly why not.

The printer that a person chose is verified to be there and to take work before anything is handed over, and no other
printer is ever used in its place. A print system that does not answer is given up on after a limit, and then nobody
claims to know whether the copy came out.

The limits hold for all that is asked in one go, not for each command: a print system that answers every question a
little too late would otherwise keep a person waiting for minutes.
"""

import os
import re
import shutil
import signal
import subprocess
import sys
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from console.clock import Clock, SystemClock
from console.errors import KnownError
from console.off_gui import refuse_on_gui_thread

LIMIT = 15.0
"""Seconds that the print system is given to say what there is, and again as many to take a copy."""
READ_OUT = "read the sheet out by radio or save it as a PDF"
_TITLE_LONGEST = 80
# One side of one sheet at its true size, whatever the user's own defaults for the printer are: a second copy would have
# no number of its own, and a page that was scaled down would fall below 11 points.
_AS_DRAWN = ("-n", "1", "-o", "number-up=1", "-o", "sides=one-sided", "-o", "print-scaling=none")


class JobState(StrEnum):
    """How far a copy came, as the print system tells it. CUPS's commands do not tell printed from canceled."""

    QUEUED = "queued"
    STOPPED = "stopped"
    """Still in the queue, and its printer has stopped: paper, jam, or a person."""
    LEFT = "left the queue"
    """Printed, or canceled: only a person who has the paper knows."""
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Job:
    """One copy handed to the print system; ``id`` is the queue's own name for it ("Front-12"), "" when it gave none."""

    id: str
    state: JobState


class PrintUnknown(KnownError):
    """Whether the copy was taken is not known: it may still come out. Never to be recorded as printed or as failed."""


class Printers(Protocol):
    """The printers of this desk. Every call may raise :class:`KnownError` with a line that says what to do."""

    def available(self) -> tuple[str, ...]:
        """The names a sheet can be printed to, as the system spells them."""
        ...

    def default(self) -> str | None:
        """The system's own choice, or ``None``; only ever offered, never used unasked."""
        ...

    def print(self, pdf: bytes, printer: str, title: str) -> Job:
        """Hand ``pdf`` to ``printer``, once. ``title`` shows in queues: never a name, a place or a call.

        Raises :class:`KnownError` when nothing was handed over, :class:`PrintUnknown` when that is not known.
        """
        ...

    def state(self, job: Job) -> JobState:
        """How far ``job`` has come by now."""
        ...


class NoPrinters:
    """A desk that cannot print: ``reason`` says why and what to do instead."""

    def __init__(self, reason: str) -> None:
        self.reason = reason

    def available(self) -> tuple[str, ...]:
        return ()

    def default(self) -> str | None:
        return None

    def print(self, pdf: bytes, printer: str, title: str) -> Job:
        raise KnownError(self.reason)

    def state(self, job: Job) -> JobState:
        return JobState.UNKNOWN


class CupsPrinters:
    """Printers through the ``lp`` and ``lpstat`` commands of CUPS (Linux, macOS); ``limit`` is in seconds."""

    def __init__(self, limit: float = LIMIT, clock: Clock | None = None) -> None:
        self._limit = limit
        self._clock = clock or SystemClock()

    def available(self) -> tuple[str, ...]:
        refuse_on_gui_thread("printing")
        return self._names(self._from_now())

    def default(self) -> str | None:
        refuse_on_gui_thread("printing")
        found = re.search(r"^system default destination: (\S+)$", self._ask(self._from_now(), "-d"), re.MULTILINE)
        return found.group(1) if found else None

    def print(self, pdf: bytes, printer: str, title: str) -> Job:
        refuse_on_gui_thread("printing")
        self._verify(printer, self._from_now())
        try:
            done = self._run(["lp", "-d", printer, *_AS_DRAWN, "-t", _plain(title), "-"], self._from_now(), pdf)
        except subprocess.TimeoutExpired as error:
            raise PrintUnknown(
                f"The print system did not answer within {self._limit:g} seconds. Whether the copy for {printer!r} was "
                f"taken is not known: look at the printer before printing again, or {READ_OUT}."
            ) from error
        if done.returncode:
            raise KnownError(
                f"Printer {printer!r} did not take the sheet and nothing was printed: {_last_line(done.stderr)} "
                f"Choose another printer, or {READ_OUT}.",
                detail=done.stderr,
            )
        found = re.search(r"\brequest id is (\S+) \(", done.stdout)
        return Job(found.group(1), JobState.QUEUED) if found else Job("", JobState.UNKNOWN)

    def state(self, job: Job) -> JobState:
        refuse_on_gui_thread("printing")
        if not job.id:
            return JobState.UNKNOWN
        end = self._from_now()
        waiting = _jobs(self._ask(end, "-W", "not-completed", "-l", "-o"))
        if job.id in waiting:
            return JobState.STOPPED if "printer-stopped" in waiting[job.id] else JobState.QUEUED
        return JobState.LEFT if job.id in _jobs(self._ask(end, "-W", "completed", "-o")) else JobState.UNKNOWN

    def _from_now(self) -> float:
        """When what is asked from now on must have been answered, on the monotonic clock."""
        return self._clock.monotonic() + self._limit

    def _names(self, end: float) -> tuple[str, ...]:
        names = tuple(sorted(set(self._ask(end, "-e").split())))
        if not names and "not running" in self._ask(end, "-r"):
            raise KnownError(f"The print service (CUPS) on this desk is not running: start it, or {READ_OUT}.")
        return names

    def _verify(self, printer: str, end: float) -> None:
        """Refuse a printer that is not there, or that would keep the sheet for hours."""
        names = self._names(end)
        if printer not in names:
            others = f"This desk has: {', '.join(names)}." if names else "This desk has no printer at all."
            raise KnownError(f"There is no printer named {printer!r}; nothing was printed. {others} Or {READ_OUT}.")
        queue = printer.partition("/")[0]
        status = self._ask(end, "-a", queue, "-p", queue)
        for sign, words in (("disabled since", "is stopped"), ("not accepting requests", "takes no jobs")):
            found = re.search(rf"^(?:printer )?{re.escape(queue)} {sign}.*(?:\n\s+(.+))?", status, re.MULTILINE)
            if found:
                reason = (found.group(1) or "").strip()
                why = f" ({reason})" if reason and reason != "reason unknown" else ""
                raise KnownError(
                    f"Printer {printer!r} {words}{why}; nothing was printed. Start it, choose another, or {READ_OUT}."
                )

    def _ask(self, end: float, *arguments: str) -> str:
        try:
            return self._run(["lpstat", *arguments], end).stdout
        except subprocess.TimeoutExpired as error:
            raise KnownError(
                f"The print system did not answer within {self._limit:g} seconds; nothing was printed. Try again, "
                f"or {READ_OUT}."
            ) from error

    def _run(self, command: list[str], end: float, given: bytes = b"") -> subprocess.CompletedProcess[str]:
        """Run one command until ``end`` at the latest, in English, killing all of it when it does not end."""
        environment = {**os.environ, "LC_ALL": "C.UTF-8"}
        try:
            process = subprocess.Popen(
                command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                env=environment,
                start_new_session=True,
            )
        except OSError as error:
            raise KnownError(
                f"The command {command[0]!r} cannot be run; nothing was printed. Install cups-client, or {READ_OUT}.",
                detail=str(error),
            ) from error
        with process:
            try:
                out, problems = process.communicate(given, timeout=max(0.0, end - self._clock.monotonic()))
            except subprocess.TimeoutExpired:
                # The whole group: a child that kept the pipes open would be waited for otherwise.
                os.killpg(process.pid, signal.SIGKILL)
                process.communicate()
                raise
        return subprocess.CompletedProcess(
            command, process.returncode, out.decode(errors="replace"), problems.decode(errors="replace")
        )


def system_printers() -> Printers:
    """This machine's printers, or why there are none."""
    if sys.platform == "win32":
        return NoPrinters(
            "This program does not print on Windows: save the sheet as a PDF and print it from a PDF viewer."
        )
    missing = [command for command in ("lp", "lpstat") if shutil.which(command) is None]
    if missing:
        return NoPrinters(
            f"This desk cannot print: the command {' and '.join(missing)} is not installed (package cups-client). "
            f"Until then {READ_OUT}."
        )
    return CupsPrinters()


def _plain(title: str) -> str:
    return "".join(character if " " <= character <= "~" else "?" for character in title)[:_TITLE_LONGEST]


def _last_line(text: str) -> str:
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    said = lines[-1].removeprefix("lp: ").removeprefix("Error - ") if lines else "it gave no reason"
    return said if said.endswith(".") else f"{said}."


def _jobs(listing: str) -> dict[str, str]:
    """The jobs that ``lpstat -o`` lists, by id, each with the indented lines under it."""
    jobs: dict[str, str] = {}
    current = ""
    for line in listing.splitlines():
        if line[:1].isspace():
            jobs[current] = f"{jobs.get(current, '')}\n{line.strip()}"
        elif line:
            current = line.split()[0]
            jobs[current] = ""
    return jobs
