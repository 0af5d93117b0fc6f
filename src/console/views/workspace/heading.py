"""What stands at the top of the page: the call's type and place, its level, who to call back, and the three clocks."""

from datetime import timedelta

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from console.models.call import Level
from console.queries.workspace import Workspace as Page
from console.views.theme import Icon, Type, current, watch
from console.views.widgets import ActionButton, Badge, ClockLabel, FewLines, FlowLayout, Limits, Look, Text, Tone
from console.views.workspace.parties import parties
from console.views.workspace.ways import WAYS_IN
from console.views.workspace.work import Work

TIGHT_UNDER = 600


class Heading(QWidget):
    """Signal ``closed`` when the person wants to leave the page.

    Type, place and who has to do with the call go on in the next line. Where there is little room, clocks that stand
    give way to them; where there is little height, all clocks but one, and who has to do with the call.
    """

    closed = Signal()

    def __init__(self, work: Work) -> None:
        super().__init__()
        self.work = work
        self.tight = self.tiny = False
        ticker = work.seat.ticker
        self.title = FewLines(role=Type.TITLE)
        self.badge = Badge(Level.NOT_SET)
        self.parties = FewLines(role=Type.BODY, tone=Tone.MUTED)
        # The number to call back is never cut: everything else on its line gives way.
        self.call_back = Text(role=Type.MEDIUM)
        self.call_back.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.call_back.hide()
        self.clocks = (
            ClockLabel("flag → claim", ticker.now),
            ClockLabel("claim → contact", ticker.now),
            ClockLabel("since flag", ticker.now),
        )
        for clock in self.clocks:
            ticker.tick.connect(clock.tick)
        self.close_button = ActionButton("", icon=Icon.CLOSE, look=Look.QUIET, name="Close this page; nothing is lost")
        self.close_button.clicked.connect(self.closed)
        self._first, self._row = QHBoxLayout(), QHBoxLayout()
        self._first.addWidget(self.title, 1)
        self._row.addLayout(self._first, 1)
        for part in (*self.clocks, self.close_button):
            self._row.addWidget(part, 0, Qt.AlignmentFlag.AlignTop)
        self._under = QWidget()
        self._second = FlowLayout(self._under)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.addLayout(self._row)
        self._column.addWidget(self._under)
        self._place()
        watch(self._restyle)

    @property
    def lends_call_back(self) -> bool:
        """Whether there is room neither beside nor under for the number to call back."""
        return self.tight and self.tiny

    def arrange(self, width: int, tiny: bool) -> bool:
        """Fit this width, and a page of little height; returns whether that is another arrangement."""
        tight = width < current().px(TIGHT_UNDER)
        turned = (tight, tiny) != (self.tight, self.tiny)
        if turned:
            self.tight, self.tiny = tight, tiny
            self._place()
        if self.work.call is not None:
            self._show_clocks()
        return turned

    def _place(self) -> None:
        """Level and number to call back under type and place; on their line where there is little height."""
        self._under.setVisible(not self.tiny)
        if self.tiny:
            self._first.insertWidget(0, self.badge, 0, Qt.AlignmentFlag.AlignTop)
            if not self.lends_call_back:
                self._first.addWidget(self.call_back, 0, Qt.AlignmentFlag.AlignTop)
            return
        for part in (self.badge, self.call_back, self.parties):
            self._second.removeWidget(part)
            self._second.addWidget(part)

    def show_page(self, page: Page) -> None:
        """Show the call, or the encounter that has none yet."""
        row, state = page.row, page.state
        if row is None or state is None:
            started = page.clinical.state if page.clinical else None
            for clock in self.clocks[:2]:
                clock.hide()
                clock.set_span(None)
            self.clocks[2].show()
            self.title.setText("The phone came first")
            way = WAYS_IN.get(started.way_in, started.way_in) if started else ""
            self.parties.setText(f"{way} · no call bound yet")
            self.badge.set_level(Level.NOT_SET)
            self.clocks[2].set_caption("since start")
            self.clocks[2].set_span(started.started_at if started else None)
        else:
            self.title.setText(" · ".join(part for part in (row.type_text or "No type yet", row.place) if part))
            self.badge.set_level(row.level)
            self.parties.setText(parties(row, state))
            self._show_clocks()
            limits = page.center.limits
            since = row.flagged_at
            # A call that ended without a claim or without contact has no such span: it never came to that.
            waits = row.disposed_at is None
            self.clocks[0].set_span(since if waits or row.claimed_at else None, row.claimed_at)
            caution, alarm = timedelta(seconds=limits.unclaimed_caution), timedelta(seconds=limits.unclaimed_alarm)
            self.clocks[0].set_limits(Limits(caution, alarm))
            self.clocks[1].set_limits(Limits(timedelta(seconds=limits.contact_caution)))
            self.clocks[1].set_span(row.claimed_at if waits or row.contacted_at else None, row.contacted_at)
            self.clocks[2].set_caption("since flag" if since else "since received")
            self.clocks[2].set_span(since or row.reported_at, row.disposed_at)
        picture = state.picture if state else None
        number = picture.callback if picture else ""
        self.call_back.setText(number)
        self.call_back.setAccessibleName(f"Number to call back: {number}")
        self.call_back.setVisible(bool(number))

    def _show_clocks(self) -> None:
        """All of them, or those that run, or the one that matters now."""
        row = self.work.page.row if self.work.page else None
        runs = row is None or row.claimed_at is None, row is not None and row.contacted_at is None, True
        for at, clock in enumerate(self.clocks):
            clock.setVisible(at == runs.index(True) if self.tiny else runs[at] or not self.tight)

    def _restyle(self) -> None:
        space = current().space
        self._row.setSpacing(space.l)
        self._column.setSpacing(space.xs)
        self._first.setSpacing(space.s)
        self._second.set_gap(space.s)
