"""What a row of the board says, in words: decided here once for the eye and for the screen reader. No Qt."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from console.models.call import Level
from console.models.center import Limits
from console.queries.board import Board, BoardRow, View
from console.queries.pending import CLAIM
from console.views.widgets.ages import age, rough_text, short_text, spoken_text
from console.views.widgets.banner import Run
from console.views.widgets.text import Tone

_TYPE_CHANGE_SHOWS = timedelta(minutes=15)
CLOCK_CAPTIONS = ("unclaimed", "since flag", "since change", "since report", "to disposition", "not reported")
"""Everything that stands under the clock of a row."""
_CLOCKS_DISAGREE = timedelta(minutes=2)
_NO_TIME = 1971  # a call nobody has timed yet is dated to the beginning of time


@dataclass(frozen=True, slots=True)
class Lead:
    """Words before the headline that one must not overlook."""

    text: str
    tone: Tone


@dataclass(frozen=True, slots=True)
class Hint:
    """What one can do with the row now, and its key ("" for what is only said)."""

    text: str
    key: str = ""


@dataclass(frozen=True, slots=True)
class RowWords:
    """Everything a row shows at one moment."""

    level: Level | None
    tag: str  # instead of a badge, where nobody flagged or leveled the call
    clock: timedelta | None
    clock_caption: str
    clock_tone: Tone
    title: str
    number: str
    weighs: bool  # whether the row asks for somebody: its title is set stronger
    leads: tuple[Lead, ...]
    headline: str
    who: str
    who_tone: Tone
    hints: tuple[Hint, ...]
    hint_tone: Tone
    spans: tuple[str, ...]


def row_words(row: BoardRow, now: datetime, limits: Limits, *, selected: bool = False) -> RowWords:
    """What a row says at ``now``. A selected row offers keys that would only be noise on the others."""
    who, who_tone, hints, hint_tone = _who(row, now, limits, selected=selected)
    since, caption, tone = _clock(row, now, limits)
    return RowWords(
        level=row.level if row.flagged or row.level is not Level.NOT_SET else None,
        tag="" if row.flagged or row.level is not Level.NOT_SET else ("suggested" if row.suggestion else ""),
        clock=since,
        clock_caption=caption,
        clock_tone=tone,
        title=title(row),
        number=row.number,
        weighs=row.flagged or bool(row.suggestion),
        leads=_leads(row, now),
        headline=row.headline or (f"Flag: {row.flag_reason}" if row.flag_reason else ""),
        who=who,
        who_tone=who_tone,
        hints=hints,
        hint_tone=hint_tone,
        spans=_spans(row),
    )


def title(row: BoardRow) -> str:
    """``Welfare check → behavioral crisis · 8th St / Vine``."""
    kind = f"{row.type_before} → {row.type_text}" if row.type_before and row.type_text else row.type_text
    return " · ".join(part for part in (kind or "No type yet", row.place or "place unknown") if part)


def _clock(row: BoardRow, now: datetime, limits: Limits) -> tuple[timedelta | None, str, Tone]:
    if row.disposed_at is not None:
        begun = row.flagged_at or row.reported_at
        return age(begun, row.disposed_at), "to disposition", Tone.MUTED
    if row.flagged and row.flagged_at is not None:
        waited = age(row.flagged_at, now)
        if row.owner is None and waited >= timedelta(seconds=limits.unclaimed_alarm):
            return waited, "unclaimed", Tone.DANGER
        if row.owner is None and waited >= timedelta(seconds=limits.unclaimed_caution):
            return waited, "unclaimed", Tone.WARN
        return waited, "since flag", Tone.TEXT
    if row.resurfaced_at is not None:
        return age(row.resurfaced_at, now), "since change", Tone.TEXT
    if row.reported_at.year < _NO_TIME:
        return None, "not reported", Tone.MUTED
    return age(row.reported_at, now), "since report", Tone.MUTED


def _leads(row: BoardRow, now: datetime) -> tuple[Lead, ...]:
    leads = []
    if waiting := [each for each in row.pending if each != CLAIM]:
        leads.append(Lead(f"Pending: {', '.join(waiting)}.", Tone.CHANGED))
    if row.officer_waiting and (row.owner is not None or row.fallback):
        leads.append(Lead("Officer waiting.", Tone.WARN))
    if row.line_dropped:
        leads.append(Lead("Line dropped.", Tone.DANGER))
    if row.type_changed_at is not None and row.type_before:
        changed = age(row.type_changed_at, now)
        if changed <= _TYPE_CHANGE_SHOWS:
            leads.append(Lead(f"Type changed {short_text(changed)} ago.", Tone.CHANGED))
    if row.closed and row.flagged:
        leads.append(Lead("CAD closed it.", Tone.CHANGED))
    if row.flagged and row.flag_source == "cad" and row.owner is None:
        by = row.flagged_by.removesuffix(" in CAD") if "in CAD" in row.flag_reason else row.flagged_by
        leads.append(Lead(f"{row.flag_reason} by {by}.", Tone.ACCENT))
    if row.suggestion and not row.flagged:
        leads.append(Lead(f"Rule: {row.suggestion}.", Tone.ACCENT))
    if row.unread:
        leads.append(Lead("New message." if row.unread == 1 else f"{row.unread} new messages.", Tone.WARN))
    if row.advice_waiting:
        leads.append(Lead("Advice waits for dispatch.", Tone.ACCENT))
    return tuple(leads)


def _who(row: BoardRow, now: datetime, limits: Limits, *, selected: bool) -> tuple[str, Tone, tuple[Hint, ...], Tone]:
    """Who has the call, and under it what they are doing or what is to be done."""
    if row.disposed_at is not None:
        return ("You" if row.mine else row.owner_name), Tone.MUTED, (Hint("disposed"),), Tone.MUTED
    if row.owner is not None:
        name = "You" if row.mine else row.owner_name
        if CLAIM in row.pending:
            return f"{name}, pending", Tone.CHANGED, (Hint("not confirmed yet"),), Tone.CHANGED
        hint, tone = _progress(row, now, limits)
        return name, Tone.TEXT, (hint,), tone
    if row.flagged and row.fallback:
        if row.fallback_taken:
            return f"{row.fallback} called", Tone.CHANGED, (Hint("claim", "F3"),), Tone.MUTED
        return "Nobody is free", Tone.WARN, (Hint(f"fallback: {row.fallback}", "F7"),), Tone.MUTED
    if row.flagged and row.fallback_taken:
        return "Fallback called", Tone.CHANGED, (Hint("claim", "F3"),), Tone.MUTED
    if row.flagged:
        return "Nobody yet", Tone.TEXT, (Hint("officer waiting" if row.officer_waiting else "claim", "F3"),), Tone.MUTED
    if row.suggestion:
        dismiss = (Hint("dismiss", "Del"),) if selected else ()
        return "Suggested", Tone.ACCENT, (*dismiss, Hint("flag", "F2")), Tone.MUTED
    hints: tuple[Hint, ...] = (Hint(f"CAD priority {row.cad_priority}"),) if row.cad_priority else ()
    if selected:
        hints = (Hint("flag", "F2"),)
    return row.units or ("closed in CAD" if row.closed else "no unit"), Tone.MUTED, hints, Tone.MUTED


def _progress(row: BoardRow, now: datetime, limits: Limits) -> tuple[Hint, Tone]:
    if row.line_dropped:
        return Hint("call back"), Tone.DANGER
    if row.contacted_at is not None:
        words = "on the line" if row.on_line else "in contact"
        return Hint(f"{words} {short_text(age(row.contacted_at, now))}"), Tone.MUTED
    if row.on_line:
        return Hint("on the line"), Tone.MUTED
    if row.claimed_at is None:
        return Hint("claimed"), Tone.MUTED
    held = age(row.claimed_at, now)
    quiet = held >= timedelta(seconds=limits.contact_caution)
    return Hint(f"{'no contact' if quiet else 'claimed'} {short_text(held)}"), Tone.WARN if quiet else Tone.MUTED


def _spans(row: BoardRow) -> tuple[str, ...]:
    """The steps done so far and how long each took."""
    spans = []
    if row.flagged_at and row.claimed_at:
        spans.append(f"flag → claim {short_text(age(row.flagged_at, row.claimed_at))}")
    if row.claimed_at and row.contacted_at:
        spans.append(f"claim → contact {short_text(age(row.claimed_at, row.contacted_at))}")
    if row.contacted_at and row.disposed_at:
        spans.append(f"contact → disposition {short_text(age(row.contacted_at, row.disposed_at))}")
    return tuple(spans[-2:])


def spoken_row(row: BoardRow, now: datetime, limits: Limits) -> str:
    """The whole row as one stretch of sentences for a screen reader, gravest first."""
    said = []
    if row.disposed_at is not None:
        said.append("Closed")
    elif row.flagged:
        said.append(f"Level {row.level.value.replace('_', ' ')}")
    elif row.suggestion:
        said.append(f"Not flagged. A rule suggests it: {row.suggestion}")
    else:
        said.append("Not flagged")
    words = row_words(row, now, limits)
    if words.clock is not None:
        unclaimed = "unclaimed for" if words.clock_caption == "unclaimed" else words.clock_caption
        said.append(f"{unclaimed} {spoken_text(words.clock)}")
    said.append(title(row).replace(" → ", ", now ").replace(" · ", ", "))
    said += [lead.text.rstrip(".") for lead in words.leads if not lead.text.startswith("Rule:")]
    if row.flag_reason:
        said.append(f"Flagged: {row.flag_reason}" + (f" by {row.flagged_by}" if row.flag_source == "cad" else ""))
    said += [row.headline] if row.headline else []
    has = {"You": "You have it", "You, pending": "Claimed by you, pending", "": ""}.get(words.who, words.who)
    said.append(", ".join(part for part in (has, *(hint.text for hint in words.hints)) if part))
    said.append(f"Call {row.number}" if row.number else "No call number yet")
    return ". ".join(part[:1].upper() + part[1:] for part in said if part) + "."


def new_runs(
    new: Sequence[BoardRow], now: datetime, limits: Limits, *, gone: int = 0, moved: bool = False
) -> list[Run]:
    """What the bar says of rows that are held back: how many, and the first three by name."""
    if not new:
        parts = [f"{gone} {'call has' if gone == 1 else 'calls have'} left this view"] if gone else []
        parts += ["the order has changed"] if moved else []
        said = ", ".join(parts)
        return [Run(said[:1].upper() + said[1:])] if said else []
    runs = [Run(f"{len(new)} new: ", strong=True)]
    for at, row in enumerate(new[:3]):
        words = row_words(row, now, limits)
        ago = short_text(words.clock) if words.clock is not None else ""
        label = "not set " if words.level is Level.NOT_SET else ""
        what = "officer asks" if row.officer_waiting else (row.type_text or "no type yet").lower()
        runs.append(Run(f"{label}{ago}".strip(), strong=True, level=words.level))
        runs.append(Run(f" {what}{', ' if at < min(len(new), 3) - 1 else ''}"))
    if len(new) > 3:
        runs.append(Run(f" and {len(new) - 3} more"))
    return runs


def summary(board: Board) -> str:
    """The bar's quiet line: how many rows and in what order."""
    count = len(board.rows)
    if not count:
        return ""
    match board.view:
        case View.FLAGGED:
            flagged = sum(row.flagged for row in board.rows)
            said = [f"{flagged} flagged, worst and longest waiting first"]
            if suggested := sum(bool(row.suggestion) and not row.flagged for row in board.rows):
                said.append(f"{suggested} suggested")
            if unread := sum(not row.flagged and not row.suggestion for row in board.rows):
                said.append(f"{unread} disposed with advice unread")
            if board.older_suggestions:
                said.append(f"{board.older_suggestions} older suggestions under All open")
        case View.MINE:
            said = [f"{count} yours"]
        case View.RECENT:
            said = [f"the {count} calls that changed last, newest first"]
        case _:
            said = [f"{count} open, flagged first"]
    if board.filter:
        said.append(f"only those with “{board.filter}”")
    if board.cad.source and board.cad.state == "none" and board.cad.says:
        said.append(board.cad.says)
    return " · ".join(said)


def freshness(board: Board, now: datetime) -> tuple[str, Tone]:
    """The line on CAD, short, and its tone."""
    cad = board.cad
    ahead = f", calls dated {rough_text(board.cad_ahead)} ahead" if board.cad_ahead >= _CLOCKS_DISAGREE else ""
    if cad.state == "none":
        words = "No live CAD" if cad.source else cad.says[:1].upper() + cad.says[1:]
        return words + ahead, Tone.WARN if ahead else Tone.MUTED
    old = f" {rough_text(age(cad.last_at, now))}" if cad.last_at is not None else ""
    tone = {"fresh": Tone.GOOD, "stale": Tone.WARN, "down": Tone.DANGER}.get(cad.state, Tone.MUTED)
    if ahead and tone is Tone.GOOD:
        tone = Tone.WARN
    return f"CAD {cad.state}{old}{ahead}", tone


def empty(board: Board) -> tuple[str, str, str, str]:
    """Title, sentence, action and key of a view without rows."""
    if board.filter:
        return f"No call here has “{board.filter}”.", "", "Clear the filter", "Esc"
    opened, flagged = board.counts.get(View.OPEN.value, 0), board.counts.get(View.FLAGGED.value, 0)
    calls = f"{opened} open {'call' if opened == 1 else 'calls'}."
    match board.view:
        case View.FLAGGED:
            older = board.older_suggestions
            more = f" {older} older {'suggestion' if older == 1 else 'suggestions'} among them." if older else ""
            return (
                ("No flagged calls.", calls + more, "All open", "3") if opened else ("No flagged calls.", calls, "", "")
            )
        case View.MINE:
            if flagged:
                return "You have no calls.", f"{flagged} flagged.", "Flagged", "1"
            return "You have no calls.", "None is flagged.", "", ""
        case View.RECENT:
            return "No recent calls.", "Calls that closed or were disposed of stand here.", "", ""
        case _:
            return "No open calls.", "", "", ""
