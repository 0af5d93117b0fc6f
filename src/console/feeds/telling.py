"""From the rows of an export to what a live CAD would have said: each call opens, is narrated, is retyped, closes."""

import heapq
from collections import defaultdict
from collections.abc import Callable, Iterator
from datetime import datetime
from functools import partial
from uuid import UUID

from console.feeds.profile import Profile
from console.feeds.profile_map import CadRow, Line
from console.feeds.site_rules import Watch
from console.feeds.source import SourceEvent
from console.models.call import CallNarrated, CallPictured
from wire.envelope import from_micros


def events_of(rows: Iterator[CadRow], profile: Profile) -> Iterator[SourceEvent]:
    """The events of rows in source-time order: each call opens, is narrated, gets its final type and closes in turn."""
    telling = _Telling(profile)
    due: list[tuple[int, int, Callable[[], SourceEvent | None]]] = []
    order = 0
    for row in rows:
        while due and due[0][0] <= row.at:
            if event := heapq.heappop(due)[2]():
                yield event
        for at, tell in telling.of(row):
            order += 1
            heapq.heappush(due, (at, order, tell))
    while due:
        if event := heapq.heappop(due)[2]():
            yield event


class _Telling:
    """What one row says, moment by moment."""

    def __init__(self, profile: Profile) -> None:
        self._source = profile.source
        self._rules = profile.rules
        self._watch = Watch(profile.rules)
        self._updates = bool(profile.given.columns.updated)
        self._said: dict[UUID, set[tuple[str, str, int]]] = {}

    def of(self, row: CadRow) -> Iterator[tuple[int, Callable[[], SourceEvent | None]]]:
        """Each moment of the row with what makes its event, when it is due."""
        closes = row.closed_at
        picture = partial(self._picture, row, from_micros(row.reported_at))
        if self._updates:
            yield row.at, lambda: picture(row.at, final=True, closed=closes is not None)
        else:
            ends_at_once = closes is not None and closes <= row.at
            yield row.at, lambda: picture(row.at, final=ends_at_once, closed=ends_at_once)
            final_at = row.final_at
            says_more = row.units or row.final_type not in ("", row.type_text)
            if says_more and final_at is not None and (closes is None or final_at < closes):
                yield final_at, lambda: picture(final_at, final=True, closed=False)
            if closes is not None and not ends_at_once:
                yield closes, lambda: picture(closes, final=True, closed=True)
        times_said: defaultdict[tuple[str, str], int] = defaultdict(int)
        for line in row.narrative:
            times_said[line.line, line.by] += 1
            yield max(line.at, row.at), partial(self._line, row.call, line, times_said[line.line, line.by])

    def _picture(self, row: CadRow, reported: datetime, at: int, *, final: bool, closed: bool) -> SourceEvent:
        type_text, type_code = row.type_text, row.type_code
        if final and row.final_type:
            type_text, type_code = row.final_type, row.final_type_code
        common, behavioral = self._rules.reads(type_text)
        moment = reported if at == row.reported_at else from_micros(at)
        picture = CallPictured(
            source=self._source,
            source_time=moment,
            number=row.number,
            type_text=type_text,
            reported_at=reported,
            type_code=type_code,
            common_code=common,
            behavioral=behavioral,
            priority=row.priority,
            place=row.place,
            latitude=row.latitude,
            longitude=row.longitude,
            caller=row.caller,
            callback=row.callback,
            units=row.units if final else (),
            closed=closed,
            disposition=row.disposition if closed else "",
        )
        return SourceEvent(self._source, moment, row.call, self._watch.picture(row.call, picture))

    def _line(self, call: UUID, line: Line, nth: int) -> SourceEvent | None:
        """The line, unless an earlier row said it: where rows are updates, each repeats the whole narrative."""
        if self._updates:
            said = self._said.setdefault(call, set())
            if (line.line, line.by, nth) in said:
                return None
            said.add((line.line, line.by, nth))
        moment = from_micros(line.at)
        return SourceEvent(
            self._source, moment, call, self._watch.line(CallNarrated(self._source, moment, line.line, line.by))
        )
