"""Issuing a handoff sheet and handing copies to a printer or a file.

A copy is numbered and recorded before it is spooled: paper that exists is always in the record. What became of it is
recorded after: handed over, failed, or not known. A copy with none of these is not known to have come out either.
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from console.actions import lengths
from console.actions.acting import acting, optional, words
from console.errors import KnownError
from console.handoff.content import Copy, PoliceSheet, from_content, job_title, to_content
from console.handoff.police_pdf import render
from console.handoff.printing import PrintUnknown
from console.handoff.versions import says_the_same
from console.models import sheet as bodies
from console.models.changes import Changes
from console.models.sheet import SHEET, SheetState
from console.models.sign_in import SignIn
from console.models.store.desk import Desk
from console.models.store.store import Reading
from console.security.private_files import write_private

_PDF = b"%PDF-"
MakeSheet = Callable[[Reading], PoliceSheet]
Spool = Callable[[bytes, str], str]
"""Hands PDF bytes with a job title to a printer; returns what the printer calls the job, raises KnownError."""


@dataclass(frozen=True, slots=True)
class Copied:
    """A copy that was handed over: its number, the version it is of, the bytes, and where it went."""

    sheet: UUID
    version: int
    copy: int
    pdf: bytes
    to: str
    job: str
    changes: Changes


def copy_sheet(
    desk: Desk,
    sign_in: SignIn,
    call: UUID,
    subject: UUID,
    make: MakeSheet,
    spool: Spool,
    *,
    to: str,
    recipient: str = "",
    way: str = "printed",
) -> Copied:
    """Issue the sheet as it stands now (a new version only if it says something new), number a copy, hand it over.

    ``make`` assembles the sheet inside the transaction, so that version, number and words belong together. When the
    printer refuses, the copy is marked as failed and the caller is told what the printer said and what the record says;
    ``way`` is how a copy comes out there ("printed", "saved").
    """
    recipient = optional(recipient, "The recipient", most=lengths.WHO)
    with acting(desk, sign_in) as act:
        sheet = make(act.connection)
        state: SheetState | None = act.state(SHEET, subject, "sheet") if act.exists(SHEET, subject) else None
        version = len(state.versions) if state else 0
        if state is None or not says_the_same(sheet, from_content(state.versions[-1].content)):
            version += 1
            act.add(subject, bodies.SheetIssued(act.now, call, sheet.audience, sheet.code, to_content(sheet)))
        else:
            sheet = from_content(state.versions[-1].content)
        number = max((copy.copy for copy in state.copies), default=0) + 1 if state else 1
        copy = Copy(number, act.now, recipient=recipient)
        pdf = render(sheet, copy=copy)
        digest = hashlib.sha256(pdf).hexdigest()
        act.add(subject, bodies.SheetCopied(act.now, number, version, to, digest, recipient))
    changes = act.changes
    try:
        job = spool(pdf, job_title(sheet, copy))
    except PrintUnknown as error:
        # Nobody knows whether paper came out: the copy stays in the record as such, and the person is told.
        with acting(desk, sign_in) as act:
            act.add(subject, bodies.SheetCopyUnknown(act.now, number, error.message))
        told = f"{error.message} Copy {number} is recorded as not known whether it was {way}."
        raise PrintUnknown(told, detail=error.detail) from error
    except KnownError as error:
        with acting(desk, sign_in) as act:
            act.add(subject, bodies.SheetCopyFailed(act.now, number, error.message))
        raise KnownError(f"{error.message} Copy {number} is recorded as not {way}.", detail=error.detail) from error
    with acting(desk, sign_in) as act:
        act.add(subject, bodies.SheetCopySpooled(act.now, number, job.strip() or "no job number"))
    changes |= act.changes
    return Copied(subject, version, number, pdf, to, job, changes)


def read_back(desk: Desk, sign_in: SignIn, subject: UUID, version: int, receiver: str) -> Changes:
    """The receiver read the sheet back."""
    with acting(desk, sign_in) as act:
        act.state(SHEET, subject, "sheet")
        act.add(subject, bodies.SheetReadBack(act.now, version, words(receiver, "Who read it back", most=lengths.WHO)))
    return act.changes


def to_file(path: Path) -> Spool:
    """A spool that writes the PDF to ``path`` (readable by its owner alone), in place of an earlier PDF and nothing
    else."""

    def write(pdf: bytes, title: str) -> str:
        if path.is_file() and not _is_pdf(path):
            raise KnownError(f"{path} exists and is no PDF, so it is not replaced. Choose another name.")
        write_private(path, pdf)
        return path.name

    return write


def _is_pdf(path: Path) -> bool:
    try:
        with path.open("rb") as file:
            return file.read(len(_PDF)) in (_PDF, b"")
    except OSError as error:
        raise KnownError(f"{path} exists and cannot be read ({error.strerror}). Choose another name.") from error
