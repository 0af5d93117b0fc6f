"""Making the history of one call, entry by entry, and folding it."""

from typing import Any
from uuid import UUID

from console.models.call import (
    CallEntered,
    CallFlagged,
    CallPictured,
)
from console.models.call_fold import CALL
from console.models.call_state import CallState
from tests.support.entries import Author, at, named
from wire.fold import Body, Folded

ENTERED = CallEntered("26-1", "WELFARE CHECK", "100 Main St", at(), "on the bridge")
FLAGGED = CallFlagged("suicidal", at(10), "says goodbye")
ANN, BEN = named("person", "ann"), named("person", "ben")


class History:
    """A call whose entries are written one after the other, each by whom it is said."""

    def __init__(self, *bodies: Body) -> None:
        self._author = Author()
        self.call = named("call")
        for body in bodies:
            self.add(body)

    def add(self, body: Body, by: UUID = ANN) -> UUID:
        return self._author.write(self.call, body, actor=by).id

    @property
    def folded(self) -> Folded[CallState]:
        return CALL.fold(self._author.written)

    @property
    def state(self) -> CallState:
        folded = self.folded
        assert folded.state is not None
        return folded.state

    @property
    def reasons(self) -> list[str]:
        return [listed.reason for listed in self.folded.senseless]


def picture(seconds: float, **facts: Any) -> CallPictured:
    given = {"type_text": "WELFARE CHECK", "number": "26-1", "place": "100 Main St"} | facts
    return CallPictured(source="cad", source_time=at(seconds), reported_at=at(0), **given)
