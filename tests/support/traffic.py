"""CAD and colleagues, who do not wait: what happens around a person at a desk."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

from console.actions import calls, flags
from console.feeds.intake import Intake
from console.feeds.source import SourceEvent, call_id
from console.models.call import CallPictured
from console.models.sign_in import SignIn
from console.models.store.desk import Desk

TYPES = ("Noise complaint", "Welfare check", "Suspicious person", "Disturbance")
BUSY = 60
"""How many calls are open when it begins."""


class Traffic:
    """Tells of calls through the same path as a feed, and lets a dispatcher and a colleague act. Off the GUI thread."""

    def __init__(self, desk: Desk, dispatcher: SignIn, colleague: SignIn) -> None:
        self._desk, self._dispatcher, self._colleague = desk, dispatcher, colleague
        self._intake = Intake(desk.store, desk.center)
        self._start = datetime.now(UTC)
        self._told = 0
        self._flagged: set[UUID] = set()
        self.calls = [self.picture(number, TYPES[number % len(TYPES)]) for number in range(BUSY)]

    def picture(self, number: int, type_text: str) -> UUID:
        """What CAD says of a call now; never the same twice."""
        self._told += 1
        call = call_id(self._desk.center, "cad", str(number))
        at = self._start + timedelta(milliseconds=self._told)
        body = CallPictured(
            source="cad",
            source_time=at,
            number=f"26-118-{number:04d}",
            type_text=type_text,
            place=f"{number} Foundry Lane",
            reported_at=self._start + timedelta(seconds=number - BUSY),
            units=(f"{self._told}",),
        )
        self._intake.take([SourceEvent("cad", at, call, (body,))])
        return call

    def happen(self, turn: int, at_work: UUID) -> None:
        """One thing of a busy evening: to the call somebody is at work on, to another, or a new one."""
        desk, other = self._desk, self.calls[10 + turn % 40]
        match turn % 6:
            case 0:
                calls.message(desk, self._dispatcher, at_work, f"line {turn}")
            case 1:
                self.picture(0, TYPES[turn % len(TYPES)])
            case 2:
                self.picture(BUSY + turn, "Suicidal person")
            case 3 if other not in self._flagged:
                self._flagged.add(other)
                flags.flag(desk, self._dispatcher, other, "suicidal", f"words {turn}")
            case 4:
                calls.line(desk, self._dispatcher, at_work, ("dropped", "on")[turn % 4 // 2])
            case _:
                calls.state_fact(desk, self._colleague, at_work, "situation", f"as of {turn}", "caller")
