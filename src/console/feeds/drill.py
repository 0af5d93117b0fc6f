"""The drill: an invented city's CAD, played in real time from a scenario and a seed.

It speaks through the same seam as a real CAD, by the same kind of rules, so that everything after the seam is the real
thing. The same scenario, seed and start give the same drill to the byte.
"""

import heapq
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from random import Random

from console.feeds.drill_call import SOURCE, UNIT_INITIATED, DrillCall, Pool
from console.feeds.drill_places import Place, Somebody, Townsfolk
from console.feeds.refusals import Reading
from console.feeds.scenario import Ordinary, Scenario, Step, Vignette
from console.feeds.site_rules import Watch
from console.feeds.source import SourceEvent, call_id
from wire.fold import Body

_SECONDS_PER_HOUR = 3_600.0
_SPREAD = 0.25
"""How far the seed may stretch or shorten the time between two steps, as a share of it."""


class DrillEvent(SourceEvent, frozen=True, gc=False):
    """An event with what happens outside CAD: ``line_state`` of the call's telephone line, "" for no change.

    It is no body: a person has to say it, and whoever runs the drill lets its dispatcher do so.
    """

    line_state: str = ""


class DrillSource:
    """A scenario played from ``start``, as a :class:`~console.feeds.source.CadSource`. It never ends by itself."""

    def __init__(self, scenario: Scenario, center: str, start: datetime, *, seed: int = 1) -> None:
        self._scenario = scenario
        self._center = center
        self._start = start
        self._seed = seed
        self._reading = Reading()

    @property
    def name(self) -> str:
        return SOURCE

    @property
    def origin(self) -> datetime | None:
        return self._start

    @property
    def reading(self) -> Reading:
        return self._reading

    def events(self) -> Iterator[SourceEvent]:
        """The drill from its past on, without an end. Each iteration is the same drill."""
        return _Player(self._scenario, self._center, self._start, self._seed, self._reading).events()


class _Player:
    """Plays one drill: a heap of what happens next, in seconds from the start."""

    def __init__(self, scenario: Scenario, center: str, start: datetime, seed: int, reading: Reading) -> None:
        self._scenario = scenario
        self._center = center
        self._start = start
        self._random = random = Random(seed)
        self._reading = reading
        city = scenario.city
        self._folk = Townsfolk(city, random)
        self._patrol = Pool(city.patrol, city.reserved_patrol, random)
        self._medics = Pool(city.medics, city.reserved_medics, random)
        self._watch = Watch(scenario.rules)
        self._due: list[tuple[float, int, Callable[[float], SourceEvent | None]]] = []
        self._order = 0
        self._numbers: dict[str, int] = {}
        self._to_come: list[str] = []

    def events(self) -> Iterator[SourceEvent]:
        self._lay_out()
        while self._due:
            at, _, happen = heapq.heappop(self._due)
            if event := happen(at):
                yield event

    def _at(self, seconds: float, happen: Callable[[float], SourceEvent | None]) -> None:
        self._order += 1
        heapq.heappush(self._due, (seconds, self._order, happen))

    # -- the plan ------------------------------------------------------------------------------------------------------

    def _lay_out(self) -> None:
        plan, random = self._scenario.plan, self._random
        for day in (self._start - timedelta(days=1), self._start):
            self._numbers[self._day(day)] = max(0, plan.first_number - plan.already.ordinary - len(plan.crisis))
        for _ in range(plan.already.ordinary):
            ago = 20 + random.random() ** 1.6 * plan.already.minutes * 60  # more of them are young than old
            self._plan_ordinary(-ago, still_open=True)
        for crisis in plan.crisis:
            self._plan_crisis(-crisis.seconds_ago, self._scenario.vignettes[crisis.vignette])
        planned = {crisis.vignette for crisis in plan.crisis}
        self._to_come = [name for name in self._shuffled() if name not in planned]
        if plan.burst is not None:
            for _ in range(plan.burst.calls):
                at = plan.burst.after_seconds + random.random() * plan.burst.seconds
                if random.random() < plan.burst.crisis_share:
                    self._plan_next_crisis(at)
                else:
                    self._plan_ordinary(at)
        rhythm = self._scenario.city.rhythm
        self._plan_arrival(0.0, self._plan_ordinary, plan.calls_per_day, rhythm.calls)
        self._plan_arrival(0.0, self._plan_next_crisis, plan.crises_per_day, rhythm.crises)

    def _plan_arrival(
        self, now: float, arrive: Callable[[float], None], per_day: float, shares: Sequence[float]
    ) -> None:
        """Plan the next arrival after ``now``: exponential, at the rate of the hour the drill has come to."""
        hour = int(self._scenario.plan.hour + now / _SECONDS_PER_HOUR) % 24
        per_second = per_day * shares[hour] / _SECONDS_PER_HOUR
        if per_second <= 0:
            return

        def happen(at: float) -> None:
            arrive(at)
            self._plan_arrival(at, arrive, per_day, shares)

        self._at(now + self._random.expovariate(per_second), happen)

    def _shuffled(self) -> list[str]:
        names = sorted(self._scenario.vignettes)
        self._random.shuffle(names)
        return names

    def _next_vignette(self) -> Vignette:
        if not self._to_come:
            self._to_come = self._shuffled()
        return self._scenario.vignettes[self._to_come.pop(0)]

    def _plan_next_crisis(self, at: float) -> None:
        self._plan_crisis(at, self._next_vignette())

    # -- calls ---------------------------------------------------------------------------------------------------------

    def _plan_crisis(self, at: float, vignette: Vignette) -> None:
        """A vignette that begins at ``at``: its steps, then its end."""
        random = self._random
        place = self._folk.place(vignette.place)
        corrected = self._folk.place("house" if vignette.place.startswith("landmark") else vignette.place)
        caller, person = self._folk.somebody(), self._folk.somebody(vignette.person)
        steps = [(at, vignette.steps[0])]
        for step in vignette.steps[1:]:
            steps.append((steps[-1][0] + step.after * random.uniform(1 - _SPREAD, 1 + _SPREAD), step))
        if not any(step.closed for step in vignette.steps):
            length = vignette.closes_after_minutes * 60 * random.uniform(1 - _SPREAD, 1 + _SPREAD)
            steps.append((max(steps[-1][0] + 60, at + length), Step(0, closed=True, disposition="Closed by unit")))

        def open_call(now: float) -> DrillCall:
            return self._open(now, vignette.type, place, caller, person, vignette.caller, crisis=True)

        self._plan_steps(steps, open_call, corrected)

    def _plan_ordinary(self, at: float, *, still_open: bool = False) -> None:
        """An ordinary call that begins at ``at``: somebody is sent, it is told, it ends."""
        random = self._random
        kinds = self._scenario.city.ordinary
        kind = random.choices(kinds, [each.weight for each in kinds])[0]
        shortest, longest = kind.minutes
        length = random.uniform(shortest, longest) * 60
        if still_open and at + length < 60:
            length = 60 - at + random.random() * 900
        place = self._folk.place(kind.place)
        caller = self._folk.somebody()

        def open_call(now: float) -> DrillCall:
            role = UNIT_INITIATED if kind.by_unit else "caller"
            return self._open(now, kind.type, place, caller, caller, role, crisis=False)

        self._plan_steps(self._course(kind, at, length), open_call, place)

    def _course(self, kind: Ordinary, at: float, length: float) -> list[tuple[float, Step]]:
        """The steps of an ordinary call that takes ``length`` seconds, each with its time."""
        random = self._random
        told = [each.partition("|")[::2] for each in random.choice(kind.tell)]
        sent_at_once = (kind.units, kind.medics) if kind.by_unit else (None, None)
        steps = [(at, Step(0, told[0][1].strip(), told[0][0], units=sent_at_once[0], medics=sent_at_once[1]))]
        needs_unit = bool(kind.units or kind.medics)
        sent = at + min(length * 0.25, random.uniform(20, 180))
        if needs_unit and not kind.by_unit:
            steps.append((sent, Step(0, units=kind.units, medics=kind.medics)))
        part = (at + length - sent) / len(told)
        for place, (by, line) in enumerate(told[1:]):
            steps.append((sent + part * (place + random.uniform(0.5, 1.0)), Step(0, line=line.strip(), by=by)))
        end = Step(0, closed=True, disposition=random.choice(kind.ends), needs_unit=needs_unit)
        return [*steps, (at + length, end)]

    def _plan_steps(
        self, steps: Sequence[tuple[float, Step]], open_call: Callable[[float], DrillCall], corrected: Place
    ) -> None:
        opened: list[DrillCall] = []

        def happen(step: Step) -> Callable[[float], SourceEvent | None]:
            def tell(now: float) -> SourceEvent | None:
                first = not opened
                if first:
                    opened.append(open_call(now))
                return self._tell(now, opened[0], step, corrected, opening=first)

            return tell

        for at, step in steps:
            self._at(at, happen(step))

    def _open(
        self, now: float, type_text: str, place: Place, caller: Somebody, person: Somebody, role: str, *, crisis: bool
    ) -> DrillCall:
        opened = self._moment(now)
        day = self._day(opened)
        self._numbers[day] = count = self._numbers.get(day, 0) + 1
        number = f"{day}-{count:04d}"
        self._reading.rows += 1
        self._reading.calls += 1
        call = call_id(self._center, SOURCE, self._start.isoformat(), number)
        return DrillCall(self._scenario, call, number, type_text, opened, place, caller, person, role, crisis=crisis)

    def _tell(self, now: float, call: DrillCall, step: Step, corrected: Place, *, opening: bool) -> SourceEvent | None:
        """Let a step happen and tell what CAD shows of it: a picture when facts changed, a line when one was said."""
        moment = self._moment(now)
        changed = call.apply(step, corrected, self._patrol, self._medics)
        line = call.line(step, moment)
        bodies: list[Body] = []
        if changed or opening:
            bodies += self._watch.picture(call.call, call.picture(moment))
        if line is not None:
            bodies += self._watch.line(line)
        if not bodies and not step.line_state:
            return None
        return DrillEvent(SOURCE, moment, call.call, tuple(bodies), step.line_state)

    def _moment(self, seconds: float) -> datetime:
        return self._start + timedelta(milliseconds=round(seconds * 1_000))

    def _day(self, moment: datetime) -> str:
        """The first two parts of an incident number: year and day of the year, local."""
        return moment.astimezone(self._scenario.zone).strftime("%y-%j")
