"""Advice that dispatch has not acknowledged yet, for the strip."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from console.models.sign_in import SignIn
from console.models.store import calls, people
from console.models.store.desk import Desk
from console.queries.center import center_of
from console.queries.reading import reader
from wire.journals import Audience


@dataclass(frozen=True, slots=True)
class WaitingAdvice:
    """One piece of a clinician's advice that dispatch has not acknowledged. ``text`` is what to send and the words."""

    advice: UUID
    call: UUID
    number: str
    by_name: str
    at: datetime
    text: str


def waiting_advice(desk: Desk, sign_in: SignIn) -> tuple[WaitingAdvice, ...]:
    """Every advice that nobody in dispatch has acknowledged, newest first; on disposed calls too."""
    found: list[WaitingAdvice] = []
    with desk.store.read() as connection:
        reader(connection, sign_in, Audience.OPERATIONS)
        center = center_of(desk, connection)
        for call, state in calls.calls_with_alerts(connection):
            for given in state.advice:
                if given.acknowledged_at is None:
                    send = ", ".join(center.label(center.send, code) for code in given.send)
                    text = ". ".join(part for part in (send, given.words) if part)
                    number = state.picture.number if state.picture else ""
                    by = people.display_name(connection, given.by)
                    found.append(WaitingAdvice(given.id, call, number, by, given.at, text))
    return tuple(sorted(found, key=lambda each: each.at, reverse=True))
