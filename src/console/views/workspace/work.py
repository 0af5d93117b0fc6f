"""What the parts of one page share: the seat, the page as last read, how acts are done and what is said of them."""

from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

from PySide6.QtCore import QObject, Signal

from console.actions.calls import CHARGE
from console.bridge.seat import Seat
from console.bridge.under_way import UnderWay
from console.errors import KnownError
from console.queries.workspace import Workspace as Page
from console.views.workspace.saving import Saver
from wire.journals import Audience

NEWER = "Part of this call was written by a newer version: read-only here."

Then = Callable[[Any], None]


def _nothing() -> None:
    """For acts that leave nothing to settle."""


class Work(QObject):
    """One page at work. ``page`` is None until it was read; ``turn`` counts the pages opened one after another.

    ``override`` is the reason why a supervisor acts on a colleague's call, "" where nobody does.

    Signals: ``go`` asks for a section by its code, ``said`` is a calm line for the status bar, ``find_service`` asks
    for the directory, ``moved`` (encounter) tells that it was bound to a call. ``open_call`` and ``open_encounter`` ask
    for another page in the place of this one.
    """

    go = Signal(str)
    said = Signal(str)
    find_service = Signal()
    moved = Signal(object)
    open_call = Signal(object)
    open_encounter = Signal(object)

    def __init__(self, seat: Seat, parent: QObject) -> None:
        super().__init__(parent)
        self.seat = seat
        self.saver = Saver(seat, self)
        self.page: Page | None = None
        self.turn = 0
        self.override = ""
        self._under_way = UnderWay()

    @property
    def clinician(self) -> bool:
        """Whether this person works in the clinical record, at whichever desk."""
        return self.seat.sign_in.reads(Audience.CLINICAL)

    @property
    def clinical(self) -> bool:
        """Whether they do so here: at a desk that is enrolled for operations nobody does."""
        return self.clinician and self.seat.desk.clinical

    @property
    def leads(self) -> bool:
        """Whether this person may act on a colleague's call, with a reason."""
        return not CHARGE.isdisjoint(self.seat.sign_in.roles)

    def may(self, kind: str) -> bool:
        return self.seat.sign_in.may(kind)

    @property
    def call(self) -> UUID | None:
        return self.page.call if self.page else None

    @property
    def shown(self) -> UUID | None:
        """The encounter on the page, whoever's it is."""
        return self.page.clinical.encounter if self.page and self.page.clinical else None

    @property
    def encounter(self) -> UUID | None:
        """This person's own encounter on the page: nobody writes in another's."""
        return self.shown if owned_by(self.page, self.seat.sign_in.user) else None

    @property
    def mine(self) -> bool:
        """Whether this person has the call."""
        return bool(self.page and self.page.row and self.page.row.mine)

    @property
    def closed_to_change(self) -> str:
        """Why nothing of this page can be changed here; "" when it can."""
        return NEWER if self.page and self.page.unread else ""

    def clock(self, at: datetime) -> str:
        """``22:13:10`` in the center's zone."""
        return f"{at.astimezone(self.seat.desk.zone):%H:%M:%S}"

    def day(self, at: datetime) -> str:
        """``2026-03-02``, the day at the center."""
        return f"{at.astimezone(self.seat.desk.zone):%Y-%m-%d}"

    def day_and_time(self, at: datetime) -> str:
        """``2026-03-02 22:13`` in the center's zone."""
        return f"{self.day(at)} {self.short_clock(at)}"

    def short_clock(self, at: datetime) -> str:
        """``22:13`` in the center's zone."""
        return f"{at.astimezone(self.seat.desk.zone):%H:%M}"

    def name(self, user: UUID) -> str:
        """A person as others see them; "you" for whoever sits here."""
        if user == self.seat.sign_in.user:
            return "you"
        return self.page.name(user) if self.page else "somebody"

    def act(
        self,
        verb: Callable[..., Any],
        *given: Any,
        then: Then,
        refused: Then,
        entered: Callable[[], None] = _nothing,
        not_entered: Callable[[], None] = _nothing,
        again: bool = False,
        **named: Any,
    ) -> None:
        """Do ``verb(desk, sign_in, *given, **named)``; while it is under way, not once more unless it may be ``again``.

        ``then`` and ``refused`` are for the page it was done on: when that was left meanwhile, a refusal goes to the
        status bar. ``entered`` and ``not_entered`` come first and always: what was typed belongs where it was typed.
        """
        if self.closed_to_change:
            not_entered()
            refused(KnownError(self.closed_to_change))
            return
        job = partial(verb, self.seat.desk, self.seat.sign_in, *given, **named)
        if not (again or self._under_way.begins(job)):
            return
        turn = self.turn

        def done(result: Any) -> None:
            entered()
            if turn == self.turn:
                then(result)

        def failed(error: KnownError) -> None:
            not_entered()
            if turn == self.turn:
                refused(error)
            else:
                self.said.emit(error.message)

        self.saver.act(*self._under_way.until_over(job, done, failed))


def owned_by(page: Page | None, user: UUID) -> bool:
    """Whether the encounter on the page is this person's."""
    return page is not None and page.clinical is not None and page.clinical.state.clinician == user
