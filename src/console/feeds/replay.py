"""A CAD export read as if it were happening: the file as a stream of events in the order of their source times.

An export is seldom in order, so the whole of it is read before the first event. That takes about 0.9 KB a row, so a
file of more than :data:`MOST_ROWS` rows (450 MB) is refused. Nothing is dropped unnamed: each row is taken, is one
that repeats or replaces another, or is refused with its line and the reason.
"""

import codecs
import gzip
import io
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import msgspec

from console.errors import KnownError
from console.feeds.csv_records import CsvRecord, CsvRecords
from console.feeds.profile import Profile
from console.feeds.profile_map import CadRow, Refusal, RowReader
from console.feeds.refusals import Reading, Refused
from console.feeds.source import SourceEvent
from console.feeds.telling import events_of

MOST_ROWS = 500_000
LONGEST_LINE = 4_000_000
_GZIP = b"\x1f\x8b"
_HEAD_BYTES = 4_096
_ROWS_BETWEEN_PROGRESS = 2_000

Progress = Callable[[int], bool]
"""Told how many rows are read so far; returns True to stop reading."""


class _Kept(msgspec.Struct, frozen=True, gc=False):
    """A row and where it stands in the file."""

    row: CadRow
    line: int
    last_line: int


class Stopped(KnownError):
    """Raised when the person who asked for a replay stopped it before it began to deliver."""


class ReplaySource:
    """One export file and the profile that reads it, as a :class:`~console.feeds.source.CadSource`.

    ``limit`` is how many calls to take, the earliest first; None for all.
    """

    def __init__(
        self,
        path: Path,
        profile: Profile,
        center: str,
        *,
        limit: int | None = None,
        progress: Progress = lambda rows: False,
    ) -> None:
        self._path = path
        self._profile = profile
        self._center = center
        self._limit = limit
        self._progress = progress
        self._reading = Reading()

    @property
    def name(self) -> str:
        return self._profile.source

    @property
    def origin(self) -> datetime | None:
        return None

    @property
    def reading(self) -> Reading:
        return self._reading

    def events(self) -> Iterator[SourceEvent]:
        """Read the whole file, then yield its events in source-time order.

        Raises :class:`KnownError`: no such file, cut short, not text in the profile's encoding, not a CSV with the
        profile's columns, no row that could be read.
        """
        return events_of(self._limited(self.rows()), self._profile)

    def rows(self) -> list[CadRow]:
        """Every call the file holds, in the order of their source times; raises as :meth:`events` does."""
        kept: dict[tuple[int, int], _Kept] = {}
        earlier: list[_Kept] = []
        updates = bool(self._profile.given.columns.updated)
        reading = self._reading
        for seen in self._read():
            key = (seen.row.call.int, seen.row.at)
            before = kept.get(key)
            if before is None:
                kept[key] = seen
            elif before.row == seen.row:
                reading.repeated += 1
            elif updates:
                # Two pictures within one minute of the source's clock: both were true, in the order of the file.
                earlier.append(before)
                kept[key] = seen
            else:
                # Two rows that differ about one call at one time: an export corrects itself further down.
                reason = f"the same call at the same time stands again, otherwise, on line {seen.line}, which counts"
                reading.replace(Refused(self._path.name, before.line, before.last_line, reason))
                kept[key] = seen
            if len(kept) + len(earlier) > MOST_ROWS:
                raise KnownError(f"{self._path} has more than {MOST_ROWS:,} rows. Split it and replay the parts.")
        if not kept:
            raise KnownError(self._nothing())
        found = sorted([*earlier, *kept.values()], key=_place) if updates else sorted(kept.values(), key=_source_time)
        return [each.row for each in found]  # sorting is stable: rows of one moment keep the file's order

    def _nothing(self) -> str:
        refused = self._reading.refused
        if not refused:
            return f"{self._path} has a header and no rows."
        first = refused[0]
        return (
            f"No row of {self._path} can be read with profile {self._profile.name} ({len(refused):,} refused; "
            f"line {first.line}: {first.reason}). Choose the profile of this file."
        )

    def _limited(self, rows: list[CadRow]) -> Iterator[CadRow]:
        taken: set[UUID] = set()
        for row in rows:
            if row.call not in taken:
                if self._limit is not None and len(taken) >= self._limit:
                    continue
                taken.add(row.call)
                self._reading.calls += 1
            yield row

    # -- the file ------------------------------------------------------------------------------------------------------

    def _read(self) -> Iterator[_Kept]:
        reading = self._reading
        name = self._path.name
        with self._known_errors(), self._open() as text:
            file = self._profile.given.file
            records = CsvRecords(self._lines(text), delimiter=file.delimiter, quote=file.quote)
            header = self._header(next(records, None))
            reader = RowReader(self._profile, self._center, header, name, reading)
            for record in records:
                try:
                    if record.fault:
                        raise Refusal(record.fault)
                    row = reader.read(record.fields)
                except Refusal as error:
                    last_line = record.last_line
                    if last_line > record.line and len(record.fields) != len(header):
                        # A quotation mark too many or too few: the lines behind the first may be rows of their own.
                        records.go_back()
                        last_line = record.line
                    reading.refuse(Refused(name, record.line, last_line, str(error)))
                else:
                    yield _Kept(row, record.line, record.last_line)
                reading.rows += 1
                if reading.rows % _ROWS_BETWEEN_PROGRESS == 0 and self._progress(reading.rows):
                    raise Stopped(f"The replay of {self._path} was stopped; nothing was taken.")

    def _lines(self, text: io.TextIOBase) -> Iterator[str]:
        """The lines of the file; a file that never ends one is refused before it fills the memory."""
        number = 0
        while line := text.readline(LONGEST_LINE):
            number += 1
            if len(line) == LONGEST_LINE:
                raise KnownError(
                    f"{self._path}, line {number} is longer than {LONGEST_LINE:,} characters, so it is no CSV file. "
                    "Nothing was taken."
                )
            yield line

    def _header(self, record: CsvRecord | None) -> list[str]:
        if record is not None and record.fault:
            raise KnownError(f"{self._path} is not a CSV file: its first line cannot be read ({record.fault}).")
        if record is None or not any(record.fields):
            raise KnownError(f"{self._path} is empty: not even a line of column names.")
        return record.fields

    @contextmanager
    def _open(self) -> Iterator[io.TextIOBase]:
        with self._path.open("rb") as raw:
            # Looked at ahead, never gone back in: the file may be a pipe.
            binary: Any = gzip.GzipFile(fileobj=raw) if raw.peek(len(_GZIP)).startswith(_GZIP) else raw
            self._refuse_other_formats(binary.peek(_HEAD_BYTES)[:_HEAD_BYTES])
            # What is not text in this encoding comes through as lone surrogates, so that one bad row is one bad row.
            with io.TextIOWrapper(binary, self._profile.encoding, errors="surrogateescape", newline="") as text:
                yield text

    def _refuse_other_formats(self, head: bytes) -> None:
        encoding = self._profile.given.file.encoding
        if not head:
            raise KnownError(f"{self._path} is empty.")
        if head.startswith(b"PK\x03\x04"):
            raise KnownError(f"{self._path} is a zip file or an Excel workbook. Save it as CSV first.")
        decode = codecs.getincrementaldecoder(self._profile.encoding)(errors="replace").decode
        first_line = decode(head).splitlines()[:1]  # incremental: the head may end inside a character
        if any("\0" in line or "\ufffd" in line for line in first_line):
            raise KnownError(
                f"{self._path} is not {encoding} text. Choose the profile of this file, or name its encoding there."
            )

    @contextmanager
    def _known_errors(self) -> Iterator[None]:
        try:
            yield
        except (EOFError, zlib.error, gzip.BadGzipFile) as error:
            raise KnownError(
                f"{self._path} is damaged or cut short after {self._reading.rows:,} rows ({error}). Nothing was taken; "
                "copy it again."
            ) from error
        except UnicodeError as error:
            raise KnownError(
                f"{self._path} is not {self._profile.given.file.encoding} text after {self._reading.rows:,} rows "
                f"({error}). Nothing was taken; name its encoding in the profile."
            ) from error
        except OSError as error:
            raise KnownError(f"{self._path} cannot be read: {error.strerror or error}.") from error


def _source_time(kept: _Kept) -> int:
    return kept.row.at


def _place(kept: _Kept) -> tuple[int, int]:
    return kept.row.at, kept.line
