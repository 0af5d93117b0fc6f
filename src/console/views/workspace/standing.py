"""Under the head, for as long as it is so: that one acts as supervisor, that the encounter and the call ended apart."""

from uuid import UUID

from PySide6.QtWidgets import QVBoxLayout, QWidget

from console.models.encounter import EncounterState
from console.queries.workspace import Workspace as Page
from console.views.theme import Type
from console.views.widgets import Text, Tone
from console.views.workspace import keys
from console.views.workspace.work import Work, owned_by


def own_encounter(page: Page, user: UUID) -> EncounterState | None:
    """The encounter on the page, where it is this person's."""
    return page.clinical.state if page.clinical and owned_by(page, user) else None


class Standing(QWidget):
    """Two lines at most, each only while it says something."""

    def __init__(self, work: Work) -> None:
        super().__init__()
        self.work = work
        self._acting = Text(role=Type.BODY, tone=Tone.CHANGED, wrap=True)
        self._ended = Text(role=Type.BODY, tone=Tone.CHANGED, wrap=True)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._acting)
        column.addWidget(self._ended)
        self.hide()

    @property
    def says(self) -> tuple[str, str]:
        """That one acts as supervisor, and how call and encounter ended apart; "" each where it is not so."""
        return self._acting.text(), self._ended.text()

    def show_page(self, page: Page) -> None:
        """Say what holds of ``page``."""
        owner = page.row.owner_name if page.row else ""
        reason = self.work.override
        for text, words in (
            (self._acting, f"Acting as supervisor on {owner}'s call: {reason}" if reason else ""),
            (self._ended, self._of_encounter(page)),
        ):
            text.setText(words)
            text.setVisible(bool(words))
        self.setVisible(any(self.says))

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
