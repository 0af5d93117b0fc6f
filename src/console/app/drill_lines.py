"""What happens to the telephone lines of a drill: its dispatcher says so, as a person at a desk would."""

from collections.abc import Sequence

from console.actions import calls
from console.feeds.drill import DrillEvent
from console.feeds.intake import Intake
from console.feeds.source import SourceEvent
from console.models.call_fold import CALL
from console.models.changes import Changes
from console.models.sign_in import SignIn
from console.models.store import subjects
from console.models.store.desk import Desk


class DrillIntake(Intake):
    """Takes a drill's events, and lets ``dispatcher`` say by the ordinary act which lines dropped or came back."""

    def __init__(self, desk: Desk, dispatcher: SignIn) -> None:
        super().__init__(desk.store, desk.center)
        self._desk = desk
        self._dispatcher = dispatcher

    def take(self, events: Sequence[SourceEvent]) -> Changes:
        taken = super().take(events)
        return Changes.joined([taken, *(self._say(each) for each in events if isinstance(each, DrillEvent))])

    def _say(self, event: DrillEvent) -> Changes:
        """Nothing of a call that is done with, and nothing twice: the same events may come again."""
        if event.line_state:
            with self._desk.store.read() as connection:
                folded = subjects.state(connection, CALL, event.call)
            state = folded.state if folded else None
            if state is not None and state.disposition is None and state.line != event.line_state:
                return calls.line(self._desk, self._dispatcher, event.call, event.line_state)
        return Changes.joined([])
