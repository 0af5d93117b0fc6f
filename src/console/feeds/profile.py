"""The site profile: a TOML file that says how to read one CAD's export. docs/cad-feed.md is its reference.

A profile is checked whole before the first row is read: a name that means nothing, a pattern that is none, a time zone
nobody has heard of are each one clear line.
"""

import codecs
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal
from zoneinfo import ZoneInfo

import msgspec

from console.errors import KnownError
from console.feeds.assets import read_toml, resource
from console.feeds.site_rules import FlagCode, Rules, SiteRules, SuggestRule, Types

Column = str | tuple[str, ...]
"""The name of a column; several are joined with a space (a date and a time, say)."""

_SAMPLE = datetime(2015, 11, 23, 20, 42, tzinfo=UTC)


class FileFormat(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How the file is written. gzip is recognized by itself."""

    encoding: str = "utf-8"
    delimiter: str = ","
    quote: str = '"'


class Times(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How times are written: strptime ``formats``, tried in order, in the local time of ``zone``.

    On the day the clocks go back an hour comes twice: ``ambiguous`` takes the first or second, or refuses the row. On
    the day they go forward an hour is missing: ``nonexistent`` reads it as the hour after, or refuses.
    """

    zone: str
    formats: tuple[str, ...]
    ambiguous: Literal["first", "second", "refuse"] = "first"
    nonexistent: Literal["forward", "refuse"] = "forward"


class Columns(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Which column holds what. Only ``reported`` and ``type`` are needed."""

    reported: Column
    type: Column
    updated: Column = ""
    closed: Column = ""
    number: Column = ""
    type_code: Column = ""
    final_type: Column = ""
    final_type_code: Column = ""
    priority: Column = ""
    place: Column = ""
    latitude: str = ""
    longitude: str = ""
    caller: Column = ""
    callback: Column = ""
    units: Column = ""
    disposition: Column = ""
    narrative: str = ""


class Course(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """When what an export says of a whole call becomes known, in minutes after it was reported.

    An assumption of the replay where the file has no time for it: ``final_after_minutes`` for the final type (without
    it the final type comes with the end), ``closes_after_minutes`` for the end of a call whose row has no closing
    time (without it such a call stays open).
    """

    final_after_minutes: float | None = None
    closes_after_minutes: float | None = None


class Narrative(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How the narrative column falls into lines; ``pattern`` may name the groups at, by and line."""

    separator: str = "\n"
    pattern: str = ""


class ProfileFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The file as it stands."""

    source: str
    about: str = ""
    also: tuple[str, ...] = ()
    file: FileFormat = FileFormat()
    time: Times
    identity: tuple[str, ...]
    columns: Columns
    course: Course = Course()
    narrative: Narrative = Narrative()
    units_separator: str = ","
    priorities: dict[str, str] = {}
    types: Types = Types()
    suggest: tuple[SuggestRule, ...] = ()
    flag_codes: tuple[FlagCode, ...] = ()


class Profile:
    """A site profile, checked. ``name`` is what it was asked for by, ``source`` the name its calls come under."""

    def __init__(self, name: str, path: Path, given: ProfileFile) -> None:
        self.name = name
        self.path = path
        self.given = given
        self.source = given.source
        where = f"Profile {path}"
        if not given.source.strip():
            raise KnownError(f"{where}: source is empty. Give this CAD a name; it is part of every call's id.")
        if not given.identity:
            raise KnownError(f"{where}: identity is empty. Name the columns that tell one call from another.")
        self.zone = _zone(given.time.zone, where)
        self.encoding = _encoding(given.file.encoding, where)
        _check_formats(given.time.formats, where)
        _check_file(given.file, where)
        _check_course(given.course, where)
        if bool(given.columns.latitude) != bool(given.columns.longitude):
            raise KnownError(f"{where}: columns has only one of latitude and longitude. Name both, or neither.")
        self.narrative = _narrative(given.narrative, where)
        self.rules = SiteRules(Rules(given.types, given.suggest, given.flag_codes, given.priorities), where)


def _zone(name: str, where: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (LookupError, ValueError, OSError) as error:
        raise KnownError(f"{where}: '{name}' is no time zone. Write one such as America/Chicago.") from error


def _encoding(name: str, where: str) -> str:
    try:
        found = codecs.lookup(name).name
        "call".encode(found)
    except LookupError:
        raise KnownError(f"{where}: '{name}' is no text encoding. Write one such as utf-8 or cp1252.") from None
    return "utf-8-sig" if found == "utf-8" else found  # a mark at the start of the file is not part of a column's name


def _check_formats(formats: tuple[str, ...], where: str) -> None:
    if not formats:
        raise KnownError(f"{where}: time.formats is empty. Write how times look, such as %m/%d/%Y %H:%M.")
    for each in formats:
        try:
            read = datetime.strptime(_SAMPLE.strftime(each), each).replace(tzinfo=UTC)
        except ValueError as error:
            raise KnownError(f"{where}: '{each}' is no date format ({error}).") from error
        if (read.date(), read.hour) != (_SAMPLE.date(), _SAMPLE.hour):
            raise KnownError(f"{where}: the date format '{each}' does not hold a whole date with the hour.")


def _check_file(file: FileFormat, where: str) -> None:
    for name, value in (("delimiter", file.delimiter), ("quote", file.quote)):
        if len(value) != 1 or value in "\r\n":
            raise KnownError(f"{where}: file.{name} must be one character, not '{value}'.")
    if file.delimiter == file.quote:
        raise KnownError(f"{where}: file.delimiter and file.quote are the same character.")


def _check_course(course: Course, where: str) -> None:
    for value in (course.final_after_minutes, course.closes_after_minutes):
        if value is not None and not 0 <= value <= 7 * 24 * 60:
            raise KnownError(f"{where}: the minutes in course must be between 0 and a week, not {value:g}.")


def _narrative(narrative: Narrative, where: str) -> re.Pattern[str] | None:
    if not narrative.separator:
        raise KnownError(f"{where}: narrative.separator is empty.")
    if not narrative.pattern:
        return None
    try:
        pattern = re.compile(narrative.pattern)
    except re.error as error:
        raise KnownError(f"{where}, narrative: '{narrative.pattern}' is no regular expression ({error}).") from error
    if unknown := set(pattern.groupindex) - {"at", "by", "line"} or {"line"} - set(pattern.groupindex):
        raise KnownError(
            f"{where}, narrative: the pattern must name the group 'line' and may name 'at' and 'by'; "
            f"see {', '.join(sorted(unknown))}."
        )
    return pattern


def shipped_profiles() -> dict[str, Path]:
    """Every name a shipped profile answers to, and its file."""
    found: dict[str, Path] = {}
    for path in sorted(resource("cad-profiles").glob("*.toml")):
        for name in (path.stem, *read_toml(path, ProfileFile, "profile").also):
            found[name] = path
    return found


def load_profile(name: str) -> Profile:
    """The profile of this name, or in the file of this path; raises :class:`KnownError` saying what is wrong."""
    if name.endswith(".toml") or "/" in name or "\\" in name:
        path = Path(name)
        return Profile(path.stem, path, read_toml(path, ProfileFile, "profile"))
    known = shipped_profiles()
    if name not in known:
        raise KnownError(
            f"There is no profile '{name}'. Known: {', '.join(sorted(known))}; or give the path of a .toml file."
        )
    return Profile(name, known[name], read_toml(known[name], ProfileFile, "profile"))
