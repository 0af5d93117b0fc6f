"""Reading opening hours as people write them: "24/7", "Mon-Fri 9am-5pm", "daily 18:00-02:00".

What cannot be read with certainty becomes *unknown*, with a sentence that says why.
"""

import re

import msgspec

from console.directory.clock_text import DAY, TIME, TO, Stretch, Unreadable, read_stretch, uses_day_clock
from console.directory.hours import ALWAYS, DAY_NAMES, MINUTES_A_WEEK, spoken
from console.models.service import Hours


class HoursRead(msgspec.Struct, frozen=True):
    """What the words say. ``hours`` of None means unknown; ``doubt`` is a sentence, empty when nothing is doubtful."""

    hours: tuple[Hours, ...] | None
    doubt: str = ""


_DAYS = {
    **dict.fromkeys(("m", "mo", "mon", "monday", "mondays"), 0),
    **dict.fromkeys(("tu", "tue", "tues", "tuesday", "tuesdays"), 1),
    **dict.fromkeys(("w", "we", "wed", "weds", "wednesday", "wednesdays"), 2),
    **dict.fromkeys(("th", "thu", "thur", "thurs", "thursday", "thursdays"), 3),
    **dict.fromkeys(("f", "fr", "fri", "friday", "fridays"), 4),
    **dict.fromkeys(("sa", "sat", "saturday", "saturdays"), 5),
    **dict.fromkeys(("su", "sun", "sunday", "sundays"), 6),
}
_EVERY_DAY = r"(?:daily|every\s?day|(?:7|seven)\sdays(?:\s?(?:a|per|/)\s?week)?)"
_AROUND = r"(?:open\s)?(?:24|twenty-four)[\s-]?(?:hours|hrs?|h)\b(?:\s(?:a|per)\sday)?"
_ALWAYS = re.compile(
    r"(?:open\s)?(?:24\s?[/x-]\s?7(?:\s?/\s?365)?|always(?:\sopen)?|around\sthe\sclock"
    rf"|{_AROUND}(?:[\s,/]*{_EVERY_DAY})?|{_EVERY_DAY}[\s,:]*(?:{_AROUND}|all\sday))\.?"
)
_NOBODY_SAID = re.compile(
    r"(?:(?:open\s)?by\sappointment(?:\sonly)?|appointments?\sonly|call(?:\s(?:ahead|first|for\s(?:the\s)?hours))?"
    r"|(?:hours\s)?(?:vary|varies|unknown)|not\sknown|n/?a|tbd|\?+|-+)\.?"
)
_DAY = "(?:" + "|".join(sorted(_DAYS, key=len, reverse=True)) + r")\b"
_TOKEN = re.compile(
    rf"(?P<around>{_AROUND}|all\sday\b)"
    rf"|(?P<every>{_EVERY_DAY}\b)"
    r"|(?P<weekdays>weekdays?\b)"
    r"|(?P<weekends>weekends?\b)"
    rf"|(?P<days>{_DAY}\.?(?:{TO}{_DAY}\.?)?)"
    r"|(?P<closed>closed\b)"
    rf"|(?P<stretch>(?:{TIME}){TO}(?:{TIME})(?![\w:]))"
    r"|(?P<skip>[\s,:&+/]+|and\b|open\b|from\b|on\b)"
)
_TIMES = frozenset({"around", "closed", "stretch"})


def read_hours(words: str) -> HoursRead:
    """The weekly hours that ``words`` state, or unknown with the reason when they state none for certain."""
    text = re.sub(r"[‐‑‒–—−]", "-", words).casefold()
    clauses = [" ".join(clause.split()).strip(" ,.") for clause in re.split(r"[;|\n\r]", text)]
    clauses = [clause for clause in clauses if clause]
    text = "; ".join(clauses)
    if not text or _NOBODY_SAID.fullmatch(text):
        return HoursRead(None)
    if _ALWAYS.fullmatch(text):
        return HoursRead(ALWAYS)
    if text == "closed":
        return HoursRead(())
    said = " ".join(words.split())
    try:
        hours, doubts = _week([_tokens(clause) for clause in clauses])
    except Unreadable as reason:
        return HoursRead(None, f"“{said}” is taken as unknown: {reason}")
    if doubts:
        return HoursRead(hours, f"“{said}” is read as {spoken(hours)}: {', '.join(doubts)}")
    return HoursRead(hours)


def _tokens(clause: str) -> list[tuple[str, str]]:
    tokens = []
    place = 0
    while place < len(clause):
        found = _TOKEN.match(clause, place)
        if found is None:
            raise Unreadable(f"“{clause[place:].split()[0]}” is neither a day nor a stretch of time")
        if found.lastgroup != "skip":
            tokens.append((str(found.lastgroup), found.group()))
        place = found.end()
    return tokens


def _week(clauses: list[list[tuple[str, str]]]) -> tuple[tuple[Hours, ...], list[str]]:
    """All of the clauses' hours, in order of the week, and what is doubtful about them."""
    day_clock = any(kind == "stretch" and uses_day_clock(said) for clause in clauses for kind, said in clause)
    hours: list[Hours] = []
    closed: set[int] = set()
    doubts: dict[str, None] = {}
    for days, times in (group for clause in clauses for group in _groups(clause)):
        for kind, said in times:
            if kind == "closed":
                closed |= days
                continue
            stretch = Stretch(0, DAY) if kind == "around" else read_stretch(said, day_clock=day_clock)
            hours += [Hours(day, stretch.opens, stretch.closes) for day in days]
            if stretch.doubt:
                doubts[stretch.doubt] = None
    hours.sort(key=lambda hour: (hour.day, hour.opens))
    if both := closed & {hour.day for hour in hours}:
        raise Unreadable(f"{DAY_NAMES[min(both)]} is said to be both open and closed")
    _refuse_overlap(hours)
    return tuple(hours), list(doubts)


def _groups(clause: list[tuple[str, str]]) -> list[tuple[set[int], list[tuple[str, str]]]]:
    """Days with their times. Times may stand before the days only in a clause that says nothing else."""
    groups: list[tuple[set[int], list[tuple[str, str]]]] = [(set(), [])]
    times_first = bool(clause) and clause[0][0] in _TIMES
    for kind, said in clause:
        days, times = groups[-1]
        if kind in _TIMES:
            if times_first and days:
                raise Unreadable("a semicolon has to part one day's hours from the next")
            times.append((kind, said))
        elif times and not times_first:
            groups.append((_days(kind, said), []))
        else:
            days |= _days(kind, said)
    for days, times in groups:
        if not days:
            raise Unreadable("no day is named; write “daily” for every day")
        if not times:
            raise Unreadable(f"{DAY_NAMES[min(days)]} is named without its hours")
    return groups


def _days(kind: str, said: str) -> set[int]:
    if kind == "every":
        return set(range(7))
    if kind == "weekdays":
        return set(range(5))
    if kind == "weekends":
        return {5, 6}
    first, *rest = (_DAYS[word] for word in re.findall(r"\b" + _DAY, said))
    last = rest[0] if rest else first
    return {(first + step) % 7 for step in range((last - first) % 7 + 1)}


def _refuse_overlap(hours: list[Hours]) -> None:
    """Two statements about the same minutes contradict each other as often as they repeat each other."""
    stretches = sorted((hour.day * DAY + hour.opens, hour.day * DAY + hour.closes) for hour in hours)
    if not stretches:
        return
    following = [*stretches[1:], (stretches[0][0] + MINUTES_A_WEEK, 0)]
    for (start, end), (begins, _) in zip(stretches, following, strict=True):
        if begins < end:
            raise Unreadable(f"stretches that begin on {DAY_NAMES[start // DAY]} overlap with others")
