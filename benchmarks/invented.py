"""Calls that never happened, for benchmarks: a center's past, and a queue that keeps moving.

Both come as CAD events, so that everything after the seam of a CAD source is the real thing. The same arguments give
the same events to the byte.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from random import Random
from uuid import UUID

from console.feeds.source import SourceEvent, call_id
from console.models.call import CallFlagged, CallNarrated, CallPictured
from wire.fold import Body

SOURCE = "invented"
_TYPES = (
    "DISTURBANCE",
    "PERSON IN CRISIS",
    "WELFARE CHECK",
    "TRAFFIC COLLISION",
    "SUSPICIOUS PERSON",
    "THEFT",
    "NOISE COMPLAINT",
    "TRESPASS",
    "SUICIDAL PERSON",
    "MEDICAL ASSIST",
)
_STREETS = ("ALDER ST", "BIRCH AVE", "CEDAR WAY", "DOCK ST", "ELM PL", "FIR ST", "GROVE AVE", "HARBOR DR")
_GIVEN = ("ADA", "BEN", "CORA", "DEV", "EVA", "FINN", "GUS", "HANA", "IVO", "JUNE", "KAI", "LENA")
_FAMILY = ("ARNOLD", "BRANDT", "CORTEZ", "DUNN", "ELLIS", "FALK", "GREER", "HOLM", "IBARRA", "JANSEN", "KERR", "LUND")
_SWITCHBOARD = "206-555-0100"
_LINES = (
    "CALLER STATES MALE IS YELLING IN THE STREET AND WILL NOT COME INSIDE",
    "NO WEAPONS SEEN, CALLER IS ACROSS THE ROAD",
    "RP STAYING ON THE LINE, SUBJECT HAS SAT DOWN ON THE CURB",
    "SISTER OF SUBJECT IS ON SCENE, SAYS HE HAS NOT SLEPT FOR THREE DAYS",
    "UNIT ASKS FOR A SECOND UNIT TO STAND BY AT THE CORNER",
    "LINE NOISE, CALLER REPEATS THE ADDRESS",
)


def past(center: str, calls: int, *, open_calls: int, flagged: int, until: datetime) -> Iterator[SourceEvent]:
    """``calls`` calls over the hundred days before ``until``, each told whole; the newest ``open_calls`` are open.

    A closed call has two pictures and two lines of narrative, an open one a picture and six lines. The newest
    ``flagged`` of the open ones were flagged in CAD.
    """
    random = Random(calls)
    step = timedelta(days=100) / calls
    for nth in range(calls):
        left = calls - 1 - nth
        call = _Call(center, nth, until - step * (left + 1), random)
        yield call.picture(call.began)
        lines = 6 if left < open_calls else 2
        for line in range(lines):
            yield call.line(call.began + timedelta(seconds=20 * (line + 1)))
        if left >= open_calls:
            yield call.picture(call.began + timedelta(minutes=45), closed=True)
        elif left < flagged:
            yield call.flag(call.began + timedelta(seconds=150))


class Queue:
    """A queue of ``size`` open calls, every tenth of them flagged, and what CAD goes on saying of it."""

    def __init__(self, center: str, size: int, start: datetime) -> None:
        self._center = center
        self._random = Random(size)
        self._made = 0
        self._start = start
        self.calls = [self._call(start - timedelta(minutes=5 * (size - nth))) for nth in range(size)]

    def opening(self) -> Iterator[SourceEvent]:
        """How the queue came to be."""
        for nth, call in enumerate(self.calls):
            yield call.picture(call.began)
            for line in range(4):
                yield call.line(call.began + timedelta(seconds=20 * (line + 1)))
            if nth % 10 == 0:
                yield call.flag(call.began + timedelta(seconds=90))

    def updates(self, per_second: int) -> Iterator[SourceEvent]:
        """Without end, one event every ``1 / per_second`` seconds from the start on, each about one call of the queue.

        Six in ten are a line of narrative, three a picture with other units or another type. One is a call that closes,
        and by turns one that opens, so that the queue keeps its size.
        """
        at, step, opens = self._start, timedelta(seconds=1) / per_second, False
        while True:
            at += step
            draw = self._random.random()
            call = self._random.choice(self.calls)
            if draw < 0.6:
                yield call.line(at)
            elif draw < 0.9:
                yield call.picture(at)
            elif opens:
                self.calls.append(call := self._call(at))
                opens = False
                yield call.picture(at)
            else:
                self.calls.remove(call)
                opens = True
                yield call.picture(at, closed=True)

    def _call(self, began: datetime) -> "_Call":
        self._made += 1
        return _Call(self._center, self._made, began, self._random)


class _Call:
    def __init__(self, center: str, nth: int, began: datetime, random: Random) -> None:
        self.began = began
        self._number = f"B{nth:07}"
        self._call: UUID = call_id(center, SOURCE, self._number)
        self._random = random
        self._place = f"{random.randrange(100, 9900)} {random.choice(_STREETS)}"
        self._type = random.choice(_TYPES)
        # Two in three call from a telephone of their own, some more than once, and every thirtieth over a switchboard.
        of_own = f"206-{random.randrange(200, 999)}-{random.randrange(100, 300):04}"
        self._callback = _SWITCHBOARD if nth % 30 == 0 else of_own if nth % 3 else ""
        self._caller = f"{random.choice(_GIVEN)} {random.choice(_FAMILY)}" if nth % 2 else "A NEIGHBOR"

    def picture(self, at: datetime, *, closed: bool = False) -> SourceEvent:
        if at != self.began and self._random.random() < 0.3:
            self._type = self._random.choice(_TYPES)
        units = () if at == self.began else tuple(f"{self._random.randrange(1, 9)}A{each}" for each in range(2))
        return self._says(
            at,
            CallPictured(
                source=SOURCE,
                source_time=at,
                number=self._number,
                type_text=self._type,
                reported_at=self.began,
                behavioral=self._type in ("PERSON IN CRISIS", "SUICIDAL PERSON"),
                priority=str(self._random.randrange(1, 5)),
                place=self._place,
                caller=self._caller,
                callback=self._callback,
                units=units,
                closed=closed,
                disposition="REPORT TAKEN" if closed else "",
            ),
        )

    def line(self, at: datetime) -> SourceEvent:
        return self._says(at, CallNarrated(SOURCE, at, self._random.choice(_LINES), f"CT{self._random.randrange(40)}"))

    def flag(self, at: datetime) -> SourceEvent:
        return self._says(at, CallFlagged("cad-code", at, "CLINICIAN PLEASE", "cad", "CT7"))

    def _says(self, at: datetime, body: Body) -> SourceEvent:
        return SourceEvent(SOURCE, at, self._call, (body,))
