"""One call in the CAD of a drill's city: what is true of it now, and what that CAD shows of it."""

from datetime import datetime
from random import Random
from uuid import UUID

from console.feeds.drill_places import Place, Somebody
from console.feeds.scenario import City, Scenario, Step
from console.models.call import CallNarrated, CallPictured

SOURCE = "drill"
NOBODY_SENT = "No unit free, called back"
UNKNOWN_CALLER = "unknown"
UNIT_INITIATED = "unit"
"""The role of nobody: a unit in the field began the call."""


class Pool:
    """Units of one kind that are free; the last ``reserved`` go to crisis calls only."""

    def __init__(self, units: tuple[str, ...], reserved: int, random: Random) -> None:
        self._free = list(units)
        self._reserved = reserved
        self._random = random

    def take(self, *, crisis: bool) -> str:
        """A free unit, or "" when there is none for such a call."""
        if len(self._free) <= (0 if crisis else self._reserved):
            return ""
        return self._free.pop(self._random.randrange(len(self._free)))

    def give_back(self, units: list[str]) -> None:
        """These are free again."""
        self._free += units
        units.clear()


class DrillCall:
    """A call from its opening to its end. Steps change it; pictures show it whole."""

    def __init__(
        self,
        scenario: Scenario,
        call: UUID,
        number: str,
        type_text: str,
        opened: datetime,
        place: Place,
        caller: Somebody,
        person: Somebody,
        role: str,
        *,
        crisis: bool,
    ) -> None:
        self.call = call
        self._scenario = scenario
        self._number = number
        self._type_text = type_text
        self._opened = opened
        self._place = place
        self._old_address = place.address
        self._caller = caller
        self._person = person
        self._role = role
        self._crisis = crisis
        self._patrol: list[str] = []
        self._medics: list[str] = []
        self._was_sent: tuple[str, ...] = ()
        self._closed = False
        self._disposition = ""

    def apply(self, step: Step, corrected: Place, patrol: Pool, medics: Pool) -> bool:
        """Let ``step`` happen; says whether CAD's picture of the call changed."""
        changed = False
        if step.type:
            self._type_text, changed = step.type, True
        if step.place:
            self._old_address, self._place, changed = self._place.address, corrected, True
        for wanted, on_call, pool in ((step.units, self._patrol, patrol), (step.medics, self._medics, medics)):
            while len(on_call) < (wanted or 0) and (unit := pool.take(crisis=self._crisis)):
                on_call.append(unit)
                changed = True
        self._was_sent = (*self._patrol, *self._medics)
        if step.closed:
            self._closed, changed = True, True
            self._disposition = step.disposition if self._was_sent or not step.needs_unit else NOBODY_SENT
            patrol.give_back(self._patrol)
            medics.give_back(self._medics)
        return changed

    def picture(self, moment: datetime) -> CallPictured:
        """What CAD shows now."""
        kind = self._scenario.types[self._type_text]
        caller, callback = self._told_by()
        return CallPictured(
            source=SOURCE,
            source_time=moment,
            number=self._number,
            type_text=self._type_text,
            reported_at=self._opened,
            common_code=kind.common,
            behavioral=kind.behavioral,
            priority=kind.priority,
            place=self._place.address,
            latitude=self._place.latitude,
            longitude=self._place.longitude,
            caller=caller,
            callback=callback,
            units=self._was_sent,
            closed=self._closed,
            disposition=self._disposition,
        )

    def _told_by(self) -> tuple[str, str]:
        """Caller and number to call back, as CAD writes them."""
        if self._role == UNIT_INITIATED:
            return "", ""
        if self._role == UNKNOWN_CALLER:
            return "UNKNOWN", self._caller.number
        told_by = self._person if self._role.startswith(("himself", "herself")) else self._caller
        return f"{told_by.first} {told_by.last}, {self._role}", told_by.number

    def line(self, step: Step, moment: datetime) -> CallNarrated | None:
        """The line of a step as CAD writes it; None when its speaker was never sent."""
        by = self._speaker(step.by)
        if not step.line or not by:
            return None
        return CallNarrated(SOURCE, moment, step.line.format(**self._words()), by)

    def _speaker(self, by: str) -> str:
        city: City = self._scenario.city
        if by == "ct":
            return city.call_takers[self.call.int % len(city.call_takers)]
        if by == "disp":
            return city.dispatchers[self.call.int % len(city.dispatchers)]
        units = self._medics if by == "medic" else self._patrol
        if not units:
            return ""
        return units[1] if by == "unit2" and len(units) > 1 else units[0]

    def _words(self) -> dict[str, str]:
        patrol, medics = self._patrol, self._medics
        return {
            "person": self._person.first,
            "caller": self._caller.first,
            "address": self._place.address,
            "old_address": self._old_address,
            "street": self._place.street,
            "unit": patrol[0] if patrol else "Next unit",
            "unit2": patrol[1] if len(patrol) > 1 else "a second unit",
            "medic": medics[0] if medics else "Next ambulance",
            "callback": self._person.number,
        }
