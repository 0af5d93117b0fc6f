"""A handoff sheet: what responders were told, each version and each copy of it. Operational.

The content is frozen when a version is issued; a copy is recorded before it is spooled, and what became of it after.
"""

from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

import msgspec
from msgspec.structs import replace

from wire.envelope import Entry
from wire.fold import Aggregate, Body, Moment, Senseless
from wire.journals import Audience, derived_id


class SheetIssued(Body, frozen=True):
    """One version of a call's sheet for one audience. ``content`` is the sheet's JSON, whole."""

    KIND: ClassVar[str] = "sheet.issued"
    at: Moment
    call: UUID
    audience: str
    code: str
    content: dict[str, Any]


class SheetCopied(Body, frozen=True):
    """A numbered copy goes to a printer or a file; recorded before the job is handed over.

    ``copy`` counts this sheet's copies over all versions, ``version`` is the one printed, ``sha256`` is of the PDF.
    """

    KIND: ClassVar[str] = "sheet.copied"
    at: Moment
    copy: int
    version: int
    to: str
    sha256: str
    recipient: str = ""


class SheetCopyFailed(Body, frozen=True):
    """The copy never reached its printer or file, as far as this desk can tell."""

    KIND: ClassVar[str] = "sheet.copy-failed"
    at: Moment
    copy: int
    reason: str


class SheetCopySpooled(Body, frozen=True):
    """The copy was handed over: ``job`` is what the printer calls it, or the file's name."""

    KIND: ClassVar[str] = "sheet.copy-spooled"
    at: Moment
    copy: int
    job: str


class SheetCopyUnknown(Body, frozen=True):
    """Nobody knows whether the printer took the copy; ``reason`` says why."""

    KIND: ClassVar[str] = "sheet.copy-unknown"
    at: Moment
    copy: int
    reason: str


class SheetReadBack(Body, frozen=True):
    """The receiver read the sheet back."""

    KIND: ClassVar[str] = "sheet.read-back"
    at: Moment
    version: int
    receiver: str


class SheetVersion(msgspec.Struct, frozen=True):
    """What one version said."""

    entry: UUID
    at: datetime
    by: UUID
    content: dict[str, Any]


class SheetCopy(msgspec.Struct, frozen=True, omit_defaults=True):
    """One copy on paper or in a file.

    ``job`` is what the printer or file system calls it once it was handed over; ``failed`` says why it never came out,
    ``unknown`` why nobody knows. With none of the three the desk stopped before it could tell.
    """

    copy: int
    version: int
    at: datetime
    by: UUID
    to: str
    sha256: str
    recipient: str = ""
    failed: str = ""
    job: str = ""
    unknown: str = ""

    @property
    def in_doubt(self) -> bool:
        """Whether it is not known if the copy came out."""
        return not self.job and not self.failed


class SheetState(msgspec.Struct, frozen=True, omit_defaults=True):
    """The sheet of one call for one audience: versions, copies, and which version was last read back (0: none)."""

    call: UUID
    audience: str
    code: str
    versions: tuple[SheetVersion, ...]
    copies: tuple[SheetCopy, ...] = ()
    read_back_at: datetime | None = None
    read_back_by: str = ""
    version_read_back: int = 0


def sheet_subject(call: UUID) -> UUID:
    """The subject of a call's sheet for police: one sheet, however many versions and copies."""
    return derived_id("sheet", str(call), "police")


SHEET: Aggregate[SheetState] = Aggregate("sheet", Audience.OPERATIONS, SheetState)


def _issued(state: SheetState | None) -> SheetState:
    if state is None:
        raise Senseless("the sheet was not issued")
    return state


@SHEET.step(SheetIssued)
def _issue(state: SheetState | None, entry: Entry, body: SheetIssued) -> SheetState:
    version = SheetVersion(entry.id, body.at, entry.actor, body.content)
    if state is None:
        return SheetState(body.call, body.audience, body.code, (version,))
    return replace(state, versions=(*state.versions, version))


@SHEET.step(SheetCopied)
def _copy(state: SheetState | None, entry: Entry, body: SheetCopied) -> SheetState:
    state = _issued(state)
    if not 1 <= body.version <= len(state.versions):
        raise Senseless("the version it copies was not issued")
    if any(copy.copy == body.copy for copy in state.copies):
        raise Senseless(f"copy {body.copy} exists already")
    copy = SheetCopy(body.copy, body.version, body.at, entry.actor, body.to, body.sha256, body.recipient)
    return replace(state, copies=(*state.copies, copy))


def _tell(state: SheetState | None, number: int, **told: str) -> SheetState:
    """The sheet with what became of one of its copies."""
    state = _issued(state)
    if all(copy.copy != number for copy in state.copies):
        raise Senseless("the copy it speaks of is not known")
    copies = tuple(replace(copy, **told) if copy.copy == number else copy for copy in state.copies)
    return replace(state, copies=copies)


@SHEET.step(SheetCopyFailed)
def _copy_failed(state: SheetState | None, entry: Entry, body: SheetCopyFailed) -> SheetState:
    return _tell(state, body.copy, failed=body.reason)


@SHEET.step(SheetCopySpooled)
def _copy_spooled(state: SheetState | None, entry: Entry, body: SheetCopySpooled) -> SheetState:
    return _tell(state, body.copy, job=body.job)


@SHEET.step(SheetCopyUnknown)
def _copy_unknown(state: SheetState | None, entry: Entry, body: SheetCopyUnknown) -> SheetState:
    return _tell(state, body.copy, unknown=body.reason)


@SHEET.step(SheetReadBack)
def _read_back(state: SheetState | None, entry: Entry, body: SheetReadBack) -> SheetState:
    state = _issued(state)
    if not 1 <= body.version <= len(state.versions):
        raise Senseless("the version that was read back was not issued")
    return replace(state, read_back_at=body.at, read_back_by=body.receiver, version_read_back=body.version)
