"""What the strip says of a call and of advice. No Qt."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from console.models.center import Limits
from console.queries.board import BoardRow
from console.queries.pending import CLAIM
from console.views.widgets import Tone
from console.views.widgets.ages import age, clock_text, spoken_text


@dataclass(frozen=True, slots=True)
class ChipWords:
    """What a call's chip shows at one moment."""

    clock: str
    clock_tone: Tone
    who: str
    who_tone: Tone
    what: str
    number: str


def chip_words(row: BoardRow, now: datetime, limits: Limits) -> ChipWords:
    """Clock since the flag, who has it, what it is, and the end of its number."""
    waited = age(row.flagged_at or row.reported_at, now)
    tone = Tone.TEXT
    if row.owner is None:
        if waited >= timedelta(seconds=limits.unclaimed_alarm):
            tone = Tone.DANGER
        elif waited >= timedelta(seconds=limits.unclaimed_caution):
            tone = Tone.WARN
    who, who_tone = _who(row)
    what = row.type_text or "no type yet"
    if waiting := [each for each in row.pending if each != CLAIM]:
        what = f"{waiting[0]} pending · {what}"
    return ChipWords(clock_text(waited), tone, who, who_tone, what, short_number(row.number))


def _who(row: BoardRow) -> tuple[str, Tone]:
    if row.owner is not None:
        name = "You" if row.mine else row.owner_name
        if CLAIM in row.pending:
            return f"{name}, pending", Tone.CHANGED
        if row.line_dropped:
            return f"{name}, line dropped", Tone.DANGER
        return (f"{name}, on the line" if row.on_line else name), Tone.TEXT
    if row.fallback_taken:
        return f"{row.fallback or 'Fallback'} called", Tone.CHANGED
    if row.fallback:
        return f"Nobody is free: {row.fallback}", Tone.WARN
    return ("Officer waits, nobody yet" if row.officer_waiting else "Nobody yet"), Tone.MUTED


def short_number(number: str) -> str:
    """The part of a call number that people say: what follows the last dash."""
    return number.rsplit("-", 1)[-1]


def spoken_chip(row: BoardRow, now: datetime, limits: Limits) -> str:
    """The chip for a screen reader."""
    words = chip_words(row, now, limits)
    waited = spoken_text(age(row.flagged_at or row.reported_at, now))
    level = row.level.value.replace("_", " ")
    return f"Call {row.number or 'without number'}, level {level}, {words.what}, {words.who}, flagged {waited} ago"


def newest_first(rows: tuple[BoardRow, ...], followed: UUID | None) -> list[BoardRow]:
    """The flagged calls for the chips: the one that is followed, then the newest flags."""
    flagged = [row for row in rows if row.flagged]
    flagged.sort(key=lambda row: (row.call != followed, -(row.flagged_at or row.reported_at).timestamp()))
    return flagged
