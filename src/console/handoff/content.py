"""What a police sheet says, as plain frozen values: nothing here draws, reads or decides.

A sheet is content (:class:`PoliceSheet`, frozen when a version is issued) and, apart from it, the numbered copy on
which it is printed (:class:`Copy`). A statement that nobody made reads ``UNKNOWN``; a blank would read as "none".

There is no place here for answers to single questions of an instrument, for a diagnosis or for a record number: what
has no field cannot print.
"""

import unicodedata
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec

from console.errors import KnownError

UNKNOWN = "UNKNOWN"
_SAYS_UNKNOWN = frozenset({"", "?", "unknown", "unk", "not known", "don't know", "dont know", "n/k"})
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


class SheetAudience(StrEnum):
    """Who reads a sheet. What each may read is decided field by field (:mod:`console.handoff.fields`)."""

    POLICE = "police"
    EMS = "ems"
    MOBILE = "mobile"


def clean(text: str) -> str:
    """The words of ``text`` on one line: composed (NFC), no control, format or direction marks, single spaces."""
    composed = unicodedata.normalize("NFC", text)
    kept = (" " if character.isspace() else character for character in composed)
    return " ".join("".join(c for c in kept if unicodedata.category(c) not in {"Cc", "Cf", "Cs"}).split())


def clean_lines(text: str) -> tuple[str, ...]:
    """The lines of ``text`` that say something, each as :func:`clean` leaves it, without a list mark of its own."""
    lines = (clean(line).lstrip("-*•· ").rstrip() for line in text.splitlines())
    return tuple(line for line in lines if line)


def says_unknown(text: str) -> bool:
    """Whether ``text`` is blank or a person's way of writing that it is not known."""
    return clean(text).casefold().rstrip(".") in _SAYS_UNKNOWN


class Statement(msgspec.Struct, frozen=True, omit_defaults=True):
    """One sourced fact: what is said, who says it and since when.

    ``source`` is the id of a source in :data:`console.handoff.fields.SOURCES`, "" where none may be named. With a
    source and no text it was asked and nobody knew; with neither it was never stated. Both read ``UNKNOWN``.
    """

    text: str = ""
    source: str = ""
    at: datetime | None = None

    @property
    def known(self) -> bool:
        return not says_unknown(self.text)

    @property
    def words(self) -> str:
        """What prints: the text on one line, or ``UNKNOWN``."""
        return clean(self.text) if self.known else UNKNOWN


class Lines(msgspec.Struct, frozen=True, omit_defaults=True):
    """Several short lines from one source: advice, topics. None at all reads ``UNKNOWN``."""

    items: tuple[str, ...] = ()
    source: str = ""
    at: datetime | None = None


class Weapons(msgspec.Struct, frozen=True, omit_defaults=True):
    """Four different questions: a weapon that is reported may be unseen, out of reach, or locked away."""

    reported: Statement = Statement()
    seen: Statement = Statement()
    access: Statement = Statement()
    secured: Statement = Statement()


class Medical(msgspec.Struct, frozen=True, omit_defaults=True):
    """What may need EMS now."""

    overdose: Statement = Statement()
    substances: Statement = Statement()


class Others(msgspec.Struct, frozen=True, omit_defaults=True):
    """Who else, and what else, responders meet."""

    present: Statement = Statement()
    children: Statement = Statement()
    animals: Statement = Statement()


class Scene(msgspec.Struct, frozen=True, omit_defaults=True):
    """How to get there and where to wait."""

    access: Statement = Statement()
    staging: Statement = Statement()


class ActFirst(msgspec.Struct, frozen=True, omit_defaults=True):
    """What can hurt somebody in the next minutes, weapons first. Never cut from a sheet."""

    weapons: Weapons = Weapons()
    violence: Statement = Statement()
    medical: Medical = Medical()
    others: Others = Others()
    scene: Scene = Scene()
    line: Statement = Statement()


class Situation(msgspec.Struct, frozen=True, omit_defaults=True):
    """Who it is about (by description), what is happening, and what was asked for."""

    person: Statement = Statement()
    happening: Statement = Statement()
    request: Statement = Statement()


class RiskLevel(msgspec.Struct, frozen=True, omit_defaults=True):
    """The clinician's level. ``level`` is ``critical``, ``high``, ``medium`` or ``low``; "" when nobody has set one.

    ``reason`` is the clinician's own one or two lines; ``source`` is whose word it rests on.
    """

    level: str = ""
    reason: str = ""
    source: str = ""
    since: datetime | None = None


class Approach(msgspec.Struct, frozen=True, omit_defaults=True):
    """How to come close, and how not to."""

    background: Statement = Statement()
    do: Lines = Lines()
    do_not: Lines = Lines()


class Clinician(msgspec.Struct, frozen=True, omit_defaults=True):
    """Who answers questions about the sheet, and on which number."""

    name: str = ""
    call_back: str = ""


class Withheld(msgspec.Struct, frozen=True):
    """One fact that is known and does not print: the field's label and why. Shown beside the preview, never printed."""

    field: str
    why: str


class PoliceSheet(msgspec.Struct, frozen=True, omit_defaults=True):
    """One version of what police are told about one call. ``zone`` is the IANA zone its clock times are read in.

    ``code`` is the sheet's short code, ``desk`` that of the workstation which issued this version; ``replaces`` is the
    number of the version before. ``withheld`` is what the preview lists beside the sheet.
    """

    center: str
    call_number: str
    place: str
    zone: str
    code: str
    desk: str
    as_of: datetime
    clinician: Clinician
    handling: str
    version: int = 1
    replaces: int | None = None
    act_first: ActFirst = ActFirst()
    situation: Situation = Situation()
    risk: RiskLevel = RiskLevel()
    approach: Approach = Approach()
    recommended: Statement = Statement()
    asked: Lines = Lines()
    not_known: Lines = Lines()
    withheld: tuple[Withheld, ...] = ()
    drill: bool = False
    audience: SheetAudience = SheetAudience.POLICE


class Copy(msgspec.Struct, frozen=True, omit_defaults=True):
    """One numbered copy.

    ``number`` counts the sheet's copies over all versions; ``of`` is how many there are, where that is known.
    ``recipient`` is whom it is for in the center's words ("Police, unit 3B12").
    """

    number: int
    printed_at: datetime
    of: int | None = None
    recipient: str = ""


def to_content(sheet: PoliceSheet) -> dict[str, Any]:
    """The sheet as plain JSON values, as an entry keeps it."""
    content: dict[str, Any] = msgspec.to_builtins(sheet)
    return content


def from_content(content: dict[str, Any]) -> PoliceSheet:
    """The sheet an entry kept. Raises :class:`KnownError` when ``content`` is no police sheet."""
    try:
        return msgspec.convert(content, PoliceSheet)
    except msgspec.ValidationError as error:
        raise KnownError("This sheet was kept in a form that this program cannot read; issue it again.") from error


def short_code(identity: UUID) -> str:
    """The four characters that tell a call's sheets apart when read aloud ("7F2A"), from the random end of an id."""
    return identity.hex[-4:].upper()


def job_title(sheet: PoliceSheet, copy: Copy) -> str:
    """What a print queue shows of a copy: numbers only, never a name, a place or a call."""
    return f"Responder sheet {sheet.code}-{sheet.desk} v{sheet.version} copy {copy.number}"


def time_zone(zone: str) -> ZoneInfo:
    """The zone with this IANA name. Raises :class:`KnownError` when there is none."""
    try:
        return ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise KnownError(f"There is no time zone named {zone!r}; use an IANA name such as America/Chicago.") from error


def clock_time(at: datetime, zone: ZoneInfo, *, seconds: bool = False, with_zone: bool = True) -> str:
    """``22:14 CST``, or ``22:14:06 CST`` with ``seconds``. Never an age: a sheet is read later than it is printed."""
    local = at.astimezone(zone)
    shown = f"{local:%H:%M:%S}" if seconds else f"{local:%H:%M}"
    return f"{shown} {local.tzname()}" if with_zone else shown


def day(at: datetime, zone: ZoneInfo) -> str:
    """``Nov 21, 2026`` in that zone, whatever the machine's language."""
    local = at.astimezone(zone)
    return f"{_MONTHS[local.month - 1]} {local.day}, {local.year}"
