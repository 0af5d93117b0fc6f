"""Under the head, for as long as it is so: acting as supervisor, encounter and call ended apart, pending, lost."""

from uuid import UUID

from PySide6.QtWidgets import QVBoxLayout, QWidget

from console.models.encounter import EncounterState
from console.queries.board import BoardRow
from console.queries.pending import CLAIM
from console.queries.workspace import Workspace as Page
from console.views.theme import Type
from console.views.widgets import Text, Tone
from console.views.workspace import keys
from console.views.workspace.work import Work, owned_by


def own_encounter(page: Page, user: UUID) -> EncounterState | None:
    """The encounter on the page, where it is this person's."""
    return page.clinical.state if page.clinical and owned_by(page, user) else None


class Standing(QWidget):
    """A line each for what is out of the ordinary, only while it is so."""

    def __init__(self, work: Work) -> None:
        super().__init__()
        self.work = work
        self._acting = Text(role=Type.BODY, tone=Tone.CHANGED, wrap=True)
        self._ended = Text(role=Type.BODY, tone=Tone.CHANGED, wrap=True)
        self._sharing = Text(role=Type.BODY, tone=Tone.CHANGED, wrap=True)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        for line in (self._acting, self._ended, self._sharing):
            column.addWidget(line)
        self.hide()

    @property
    def says(self) -> tuple[str, str]:
        """That one acts as supervisor, and how call and encounter ended apart; "" each where it is not so."""
        return self._acting.text(), self._ended.text()

    @property
    def says_of_sharing(self) -> str:
        """What no other desk has seen yet, that a claim lost, or what does not count; "" where all is confirmed."""
        return self._sharing.text()

    def show_page(self, page: Page) -> None:
        """Say what holds of ``page``."""
        owner = page.row.owner_name if page.row else ""
        reason = self.work.override
        for text, words in (
            (self._acting, f"Acting as supervisor on {owner}'s call: {reason}" if reason else ""),
            (self._ended, self._of_encounter(page)),
            (self._sharing, _of_sharing(page)),
        ):
            text.setText(words)
            text.setVisible(bool(words))
        self._sharing.set_tone(Tone.WARN if page.lost_claim or page.uncounted else Tone.CHANGED)
        self.setVisible(any((*self.says, self.says_of_sharing)))

    def _of_encounter(self, page: Page) -> str:
        encounter = own_encounter(page, self.work.seat.sign_in.user)
        if encounter is None or page.state is None:
            return ""
        disposed = page.state.disposition is not None
        if disposed and encounter.closed_at is None:
            return "The call is disposed; your encounter is still open."
        if not disposed and encounter.closed_at is not None:
            return f"Your encounter ended {self.work.clock(encounter.closed_at)}; {keys.ENCOUNTER} goes on with it."
        return ""


def _of_sharing(page: Page) -> str:
    row = page.row
    if row is None:
        return ""
    uncounted = page.uncounted[:1].upper() + page.uncounted[1:]
    if page.lost_claim:
        first = f"{row.owner_name} took this call first and has it."
        kept = "What you wrote is kept; write to them in the thread."
        return " ".join(part for part in (first, f"{uncounted}." if uncounted else "", kept) if part)
    said = f"{uncounted}. The history of the call says why." if uncounted else ""
    return " ".join(part for part in (said, _of_pending(row)) if part)


def _of_pending(row: BoardRow) -> str:
    if CLAIM in row.pending:
        who = "you" if row.mine else row.owner_name
        others = [each for each in row.pending if each != CLAIM]
        return f"Claimed by {who}, not yet confirmed{_and(others)}: no other desk has seen it."
    return f"Pending, seen by no other desk yet: {', '.join(row.pending)}." if row.pending else ""


def _and(others: list[str]) -> str:
    return f" (nor {', '.join(others)})" if others else ""
