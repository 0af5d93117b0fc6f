"""From the rows of an export to calls: which column is what, and a reason for each row that cannot be one."""

import math
import re
from collections.abc import Callable, Sequence
from uuid import UUID

import msgspec

from console.errors import KnownError
from console.feeds.local_time import TimeReader, Unreadable
from console.feeds.profile import Column, Columns, Profile
from console.feeds.refusals import Reading
from console.feeds.source import call_id
from console.models.plain import one_line

UNKNOWN = "UNKNOWN"
"""The type of a call whose row names none: a blank would read as if there were nothing to know."""
LONGEST_FIELD = 4_000
LONGEST_NARRATIVE = 200_000
_MICROS_PER_MINUTE = 60_000_000
_UNDECODED = re.compile("[\udc80-\udcff]")


class Refusal(Exception):
    """Raised for a row that is no call; the message says why."""


class Line(msgspec.Struct, frozen=True, gc=False):
    """One line of narrative, with its own time where the file gives one."""

    at: int
    line: str
    by: str


class CadRow(msgspec.Struct, frozen=True, gc=False):
    """One row of an export, read. Times are microseconds since 1970 UTC.

    ``at`` is when the row begins to be true (when it was last updated, where the file says so, else when the call was
    reported), ``final_at`` when its final type is known (None: with the end) and ``closed_at`` when the call ends.
    """

    call: UUID
    at: int
    reported_at: int
    final_at: int | None
    closed_at: int | None
    number: str
    type_text: str
    type_code: str
    final_type: str
    final_type_code: str
    priority: str
    place: str
    latitude: float | None
    longitude: float | None
    caller: str
    callback: str
    units: tuple[str, ...]
    disposition: str
    narrative: tuple[Line, ...]


class RowReader:
    """Reads the rows of one file by its header.

    Raises :class:`KnownError` when the header lacks a column that the profile names, or has it twice.
    """

    def __init__(self, profile: Profile, center: str, header: Sequence[str], file: str, reading: Reading) -> None:
        self._profile = profile
        self._center = center
        self._reading = reading
        self._header = [one_line(name) for name in header]
        self._places = self._find(profile, file)
        self._times = TimeReader(profile.given.time, profile.zone)
        self._strings: dict[str, str] = {}
        columns = profile.given.columns
        self._identity = [self._places[one_line(name)] for name in profile.given.identity]
        self._reported = self._column(columns.reported)
        self._updated = self._column(columns.updated)
        self._closed = self._column(columns.closed)
        self._type = self._column(columns.type)
        self._type_code = self._column(columns.type_code)
        self._final_type = self._column(columns.final_type)
        self._final_type_code = self._column(columns.final_type_code)
        self._number = self._column(columns.number)
        self._priority = self._column(columns.priority)
        self._place = self._column(columns.place)
        self._caller = self._column(columns.caller)
        self._callback = self._column(columns.callback)
        self._units = self._column(columns.units)
        self._disposition = self._column(columns.disposition)
        self._latitude = self._column(columns.latitude)
        self._longitude = self._column(columns.longitude)
        self._narrative = self._places[one_line(columns.narrative)] if columns.narrative else None

    def _find(self, profile: Profile, file: str) -> dict[str, int]:
        wanted = set(profile.given.identity)
        for name in Columns.__struct_fields__:
            column: Column = getattr(profile.given.columns, name)
            wanted.update((column,) if isinstance(column, str) else column)
        wanted.discard("")
        names = sorted({one_line(each) for each in wanted})
        if missing := [name for name in names if name not in self._header]:
            raise KnownError(
                f"{file} has no column {_listed(missing)}, which profile {profile.name} names. "
                f"Its columns: {_listed(self._header)}. Choose the profile of this file, or correct the profile."
            )
        for name in names:
            if (count := self._header.count(name)) > 1:
                raise KnownError(f"{file} has the column '{name}' {count} times. Rename all but the right one.")
        places = {name: self._header.index(name) for name in names}
        return places

    def _column(self, column: Column) -> Callable[[Sequence[str]], str]:
        names = [column] if isinstance(column, str) else list(column)
        places = [self._places[one_line(name)] for name in names if name]
        if not places:
            return lambda row: ""
        if len(places) == 1:
            place, kept = places[0], self._strings.get
            return lambda row: kept(row[place]) or self._text(row[place])
        return lambda row: self._text(" ".join(row[place] for place in places))

    def _text(self, text: str) -> str:
        kept = self._strings.get(text)
        if kept is None:
            if len(text) > LONGEST_FIELD:
                raise Refusal(f"a field is {len(text):,} characters long")
            kept = one_line(text)
            if len(self._strings) > 200_000:
                self._strings.clear()
            self._strings[text] = kept
        return kept

    def read(self, row: Sequence[str]) -> CadRow:
        """The row as a call; raises :class:`Refusal` with the reason it is none."""
        if len(row) != len(self._header):
            raise Refusal(f"has {len(row)} fields where the header has {len(self._header)}")
        whole = "".join(row)
        if "\0" in whole:
            raise Refusal("holds a NUL byte: the file is damaged there, or in another encoding")
        if not whole.isascii() and (bad := _UNDECODED.search(whole)):
            byte = ord(bad.group()) - 0xDC00
            raise Refusal(f"is not {self._profile.given.file.encoding} text (byte 0x{byte:02x})")
        kept = self._strings.get
        identity = [kept(row[place]) or self._text(row[place]) for place in self._identity]
        if not any(identity):
            raise Refusal(f"has nothing in {', '.join(self._profile.given.identity)} to tell the call by")
        reported_at = self._time(self._reported(row), "was reported")
        updated = self._updated(row)
        at = self._time(updated, "was updated") if updated else reported_at
        closed = self._closed(row)
        course = self._profile.given.course
        closed_at: int | None = None
        if closed:
            closed_at = self._time(closed, "was closed")
            if closed_at < reported_at:
                raise Refusal(f"the call was closed ({closed}) before it was reported ({self._reported(row)})")
        elif course.closes_after_minutes is not None and not updated:
            closed_at = reported_at + round(course.closes_after_minutes * _MICROS_PER_MINUTE)
        final_at = None if closed_at is not None else reported_at
        if course.final_after_minutes is not None:
            final_at = reported_at + round(course.final_after_minutes * _MICROS_PER_MINUTE)
        latitude, longitude = self._coordinates(self._latitude(row), self._longitude(row))
        return CadRow(
            call=call_id(self._center, self._profile.source, *identity),
            at=at,
            reported_at=reported_at,
            final_at=final_at,
            closed_at=closed_at,
            number=self._number(row),
            type_text=self._type(row) or UNKNOWN,
            type_code=self._type_code(row),
            final_type=self._final_type(row),
            final_type_code=self._final_type_code(row),
            priority=self._profile.rules.priority(self._priority(row)),
            place=self._place(row),
            latitude=latitude,
            longitude=longitude,
            caller=self._caller(row),
            callback=self._callback(row),
            units=self._unit_names(self._units(row)),
            disposition=self._disposition(row),
            narrative=self._lines(row[self._narrative], at) if self._narrative is not None else (),
        )

    def _time(self, text: str, what: str) -> int:
        if not text:
            raise Refusal(f"does not say when the call {what}")
        try:
            read = self._times.read(text)
        except Unreadable as error:
            raise Refusal(f"when the call {what}: {error}") from None
        self._reading.ambiguous += read.ambiguous
        self._reading.shifted += read.shifted
        return read.micros

    def _coordinates(self, latitude: str, longitude: str) -> tuple[float | None, float | None]:
        """Both, or none: a call is never refused for a place on a map that cannot be read, and 0, 0 is nowhere."""
        if not latitude and not longitude:
            return None, None
        try:
            north, east = float(latitude), float(longitude)
        except ValueError:
            north = east = math.nan
        if not (abs(north) <= 90 and abs(east) <= 180):
            self._reading.unplaced += 1
            return None, None
        return (None, None) if north == east == 0 else (north, east)

    def _unit_names(self, text: str) -> tuple[str, ...]:
        if not text:
            return ()
        names = (each.strip() for each in text.split(self._profile.given.units_separator))
        return tuple(dict.fromkeys(each for each in names if each))

    def _lines(self, text: str, at: int) -> tuple[Line, ...]:
        if len(text) > LONGEST_NARRATIVE:
            raise Refusal(f"the narrative is {len(text):,} characters long")
        lines: list[Line] = []
        for raw in text.split(self._profile.given.narrative.separator):
            said, by, moment = one_line(raw), "", at
            if self._profile.narrative and (match := self._profile.narrative.search(raw)):
                groups = match.groupdict()
                said, by = one_line(groups["line"] or ""), one_line(groups.get("by") or "")
                if stamp := one_line(groups.get("at") or ""):
                    moment = self._time(stamp, "got a line of narrative")
            # A whole narrative without a separator is cut, never cut off.
            lines += [
                Line(moment, said[start : start + LONGEST_FIELD], by) for start in range(0, len(said), LONGEST_FIELD)
            ]
        return tuple(lines)


def _listed(names: Sequence[str], most: int = 12) -> str:
    shown = ", ".join(f"'{name[:60]}'" for name in names[:most])
    return f"{shown} and {len(names) - most} more" if len(names) > most else shown or "none"
