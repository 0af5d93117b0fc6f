"""The head of the page: what it is, where, how grave, who is on the line, and the three clocks."""

from datetime import timedelta
from uuid import UUID

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from console.actions import calls, encounters
from console.errors import KnownError
from console.models.call import Level
from console.queries.workspace import Workspace as Page
from console.views.theme import Icon, Type, current, watch
from console.views.widgets import (
    ActionButton,
    Badge,
    Choice,
    ClockLabel,
    ElidedText,
    FlowLayout,
    Limits,
    Look,
    StatusDot,
    Tone,
)
from console.views.widgets.ages import age, short_text
from console.views.workspace import keys
from console.views.workspace.section import Ground, Notice
from console.views.workspace.strip import Strip
from console.views.workspace.work import NEWER, Work, owned_by

_CONTACTS = (
    Choice("live", "Live on the line", "1"),
    Choice("conference", "Conference", "2"),
    Choice("call-back-1", "Call-back 1", "3"),
    Choice("call-back-2", "Call-back 2", "4"),
    Choice("call-back-3", "Call-back 3", "5"),
    Choice("officer", "Through an officer", "6"),
    Choice("no-answer", "No answer", "9", quiet=True),
    Choice("ended", "Line ended", "0", quiet=True),
)
_WAYS_IN = (
    Choice("transferred", "Transferred", "1"),
    Choice("conference", "Conference", "2"),
    Choice("listening", "Listening", "3"),
    Choice("call-back", "Call-back", "4"),
    Choice("officer", "Officer by phone or radio", "5"),
    Choice("text", "Text", "6"),
    Choice("from-board", "From the board", "9", quiet=True),
)
BY_PHONE = tuple(choice for choice in _WAYS_IN if choice.value != "from-board")
"""The ways in to an encounter that has no call yet."""
TIGHT_UNDER = 600
WAYS_IN = {choice.value: choice.label for choice in _WAYS_IN}


class Header(Ground):
    """Shows the head and does what a person does first: claim, take over, release, contact, line."""

    left = Signal()
    closed = Signal()

    def __init__(self, work: Work) -> None:
        super().__init__("surface")
        self.work = work
        self._tight = self._tiny = False
        self._guest: QWidget | None = None
        ticker = work.seat.ticker
        self._title = ElidedText(role=Type.TITLE)
        self.close_button = ActionButton("", icon=Icon.CLOSE, look=Look.QUIET, name="Close this page; nothing is lost")
        self.close_button.clicked.connect(self.closed)
        self._badge = Badge(Level.NOT_SET)
        self._number = ElidedText(role=Type.BODY, tone=Tone.MUTED)
        self._line = StatusDot()
        self._clocks = (
            ClockLabel("flag → claim", ticker.now),
            ClockLabel("claim → contact", ticker.now),
            ClockLabel("since flag", ticker.now),
        )
        for clock in self._clocks:
            ticker.tick.connect(clock.tick)
        ticker.tick.connect(self._tick)
        self.claim = ActionButton("Claim", key=keys.CLAIM, look=Look.PRIMARY, icon=Icon.CLAIM)
        self.take_over = ActionButton("Take over")
        self.release = ActionButton("Release", look=Look.QUIET)
        self.wrong_call = ActionButton("Wrong call", look=Look.QUIET, name="Wrong call: bind the encounter to another")
        self.start = ActionButton("Start encounter", key=keys.ENCOUNTER)
        self.contact = ActionButton("Contact", key=keys.CONTACT, icon=Icon.PHONE)
        self.dropped = ActionButton("Line dropped", key=keys.LINE, icon=Icon.PHONE_OFF)
        for button, slot in (
            (self.claim, self.do_claim),
            (self.take_over, self.ask_take_over),
            (self.release, self.ask_release),
            (self.start, self.do_start),
            (self.contact, self.ask_contact),
            (self.dropped, self.do_line),
        ):
            button.clicked.connect(slot)
        self.strip = Strip()
        self.strip.closed.connect(self.left)
        self.notice = Notice()
        self._build()
        watch(self._restyle)

    def _build(self) -> None:
        words = QVBoxLayout()
        self._words = words
        self._first = QHBoxLayout()
        self._first.addWidget(self._title, 1)
        words.addLayout(self._first)
        second = QHBoxLayout()
        self._second = second
        second.addWidget(self._badge)
        second.addWidget(self._number, 1)
        words.addLayout(second)
        top = QHBoxLayout()
        self._top = top
        top.addLayout(words, 1)
        for clock in self._clocks:
            top.addWidget(clock, 0, Qt.AlignmentFlag.AlignTop)
        top.addWidget(self.close_button, 0, Qt.AlignmentFlag.AlignTop)
        acts = QWidget()
        self._acts = FlowLayout(acts)
        self._acts_holder = acts
        for part in (
            self._line,
            self.claim,
            self.take_over,
            self.start,
            self.contact,
            self.dropped,
            self.release,
            self.wrong_call,
        ):
            self._acts.addWidget(part)
        self._column = QVBoxLayout(self)
        self._column.addLayout(top)
        self._column.addWidget(acts)
        self._column.addWidget(self.strip)
        self._column.addWidget(self.notice)

    # -- showing -------------------------------------------------------------------------------------------------------

    def open_page(self, page: Page) -> None:
        """Another page: what was asked about the last one goes."""
        self.strip.dismiss()
        self.claim.setEnabled(True)
        self.notice.say("")

    def show_page(self, page: Page) -> None:
        """Show the head of ``page``."""
        row, state, clinical = page.row, page.state, page.clinical
        if row is None or state is None:
            started = clinical.state if clinical else None
            for clock in self._clocks[:2]:
                clock.hide()
            self._title.setText("The phone came first")
            way = WAYS_IN.get(started.way_in, started.way_in) if started else ""
            self._number.setText(f"{way} · no call bound yet")
            self._badge.set_level(Level.NOT_SET)
            self._clocks[0].set_span(None)
            self._clocks[1].set_span(None)
            self._clocks[2].set_caption("since start")
            self._clocks[2].set_span(started.started_at if started else None)
        else:
            self._title.setText(" · ".join(part for part in (row.type_text or "No type yet", row.place) if part))
            self._badge.set_level(row.level)
            self._number.setText(self._parties(page))
            self._show_clocks()
            limits = page.center.limits
            since = row.flagged_at
            self._clocks[0].set_span(since, row.claimed_at or (row.disposed_at if since else None))
            caution, alarm = timedelta(seconds=limits.unclaimed_caution), timedelta(seconds=limits.unclaimed_alarm)
            self._clocks[0].set_limits(Limits(caution, alarm))
            self._clocks[1].set_limits(Limits(timedelta(seconds=limits.contact_caution)))
            self._clocks[1].set_span(row.claimed_at, (row.contacted_at or row.disposed_at) if row.claimed_at else None)
            self._clocks[2].set_caption("since flag" if since else "since received")
            self._clocks[2].set_span(since or row.reported_at, row.disposed_at)
        self._show_buttons(page)
        if self.work.closed_to_change:
            self.notice.say(self.work.closed_to_change)
        elif self.notice.text() == NEWER:
            self.notice.say("")
        self._tick()

    def arrange(self, width: int, tiny: bool) -> None:
        """Keep to the clocks that still run where there is little room, to one line where there is little height."""
        self._tight = width < current().px(TIGHT_UNDER)
        if tiny != self._tiny:
            self._tiny = tiny
            self._number.setVisible(not tiny)
            (self._first if tiny else self._second).insertWidget(0, self._badge)
            self._tick()
        if self.work.call is not None:
            self._show_clocks()

    def hold(self, guest: QWidget | None) -> None:
        """Give a control room among the buttons, where it would cost a line of its own."""
        self._guest = guest
        if guest is not None:
            self._acts.addWidget(guest)
            self._acts_holder.show()

    def _show_clocks(self) -> None:
        row = self.work.page.row if self.work.page else None
        self._clocks[0].setVisible(not self._tight or row is None or row.claimed_at is None)
        self._clocks[1].setVisible(not self._tight or (row is not None and row.contacted_at is None))

    def _parties(self, page: Page) -> str:
        row, state = page.row, page.state
        assert row is not None
        assert state is not None
        picture = state.picture
        parts = [f"#{row.number}" if row.number else "no number"]
        if row.owner_name:
            parts.append("you have it" if row.mine else f"{row.owner_name} has it")
        elif row.disposed_at is None:
            parts.append("nobody has it yet")
        if picture and (picture.caller or picture.callback):
            parts.append("caller: " + ", ".join(part for part in (picture.caller, picture.callback) if part))
        if row.units:
            parts.append(f"units: {row.units}")
        return " · ".join(parts)

    def _tick(self) -> None:
        page = self.work.page
        state = page.state if page else None
        if state is None or not state.line:
            self._line.hide()
            return
        passed = ""
        if state.line_at is not None:
            passed = f" {short_text(age(state.line_at, self.work.seat.ticker.now()))}"
        whom = next((contact.whom for contact in reversed(state.contacts) if contact.reached and contact.whom), "")
        if state.line == "on":
            self._line.set_status(f"on the line{passed}" + (f": {whom}" if whom and not self._tiny else ""), Tone.GOOD)
        elif state.line == "dropped":
            self._line.set_status(f"LINE DROPPED{passed} ago · call back", Tone.WARN)
        else:
            self._line.set_status("line ended", Tone.MUTED)
        self._line.show()

    def _show_buttons(self, page: Page) -> None:
        work, row, state = self.work, page.row, page.state
        may, open_call = work.may, row is not None and row.disposed_at is None
        clinician = may("call.claimed") and open_call
        owned = row is not None and row.owner is not None
        mine = row is not None and row.mine
        encounter = page.clinical.state if page.clinical and owned_by(page, work.seat.sign_in.user) else None
        by_phone = encounter is not None and encounter.closed_at is None and encounter.way_in != "from-board"
        shown = {
            self.wrong_call: page.call is not None and by_phone,
            self.claim: clinician and not owned,
            self.take_over: clinician and owned and not mine,
            self.release: clinician and mine,
            self.start: work.clinical and open_call and owned and not owned_by(page, work.seat.sign_in.user),
            self.contact: may("call.contacted") and open_call and (mine or not owned),
            self.dropped: may("call.line-changed") and open_call and state is not None and state.line != "",
        }
        for button, visible in shown.items():
            button.setVisible(visible)
            if work.closed_to_change:
                button.setEnabled(False)
            elif button is not self.claim:  # that one waits for its act
                button.setEnabled(True)
        if state is not None:
            self.dropped.set_words("Line dropped" if state.line == "on" else "On the line again")
        line = state is not None and bool(state.line)
        self._acts_holder.setVisible(any(shown.values()) or line or self._guest is not None)

    # -- doing ---------------------------------------------------------------------------------------------------------

    def do_claim(self) -> None:
        """Take the call; the clinician's encounter starts with it."""
        call = self.work.call
        if call is None or self.claim.isHidden():
            return
        self.notice.say("")
        self.claim.setEnabled(False)
        self.work.act(encounters.claim_and_begin, call, then=self._claimed, refused=self._refused)

    def _claimed(self, result: object) -> None:
        self.claim.setEnabled(True)
        self._done(result)

    def _begin(self, way_in: str, call: UUID | None) -> None:
        self.work.act(encounters.start, way_in, call, then=self._done, refused=self._refused)

    def do_start(self) -> None:
        """Start an encounter on this call: ask how the clinician came in."""
        if not self.work.clinical or self.work.call is None or self.work.encounter is not None:
            return
        self.strip.ask("How do you come in", "", self._start_as, choices=_WAYS_IN, words=False)

    def _start_as(self, way_in: str, words: str) -> None:
        self._begin(way_in, self.work.call)

    def ask_take_over(self) -> None:
        page = self.work.page
        owner = page.row.owner_name if page and page.row else "somebody"
        self.strip.ask(f"Take over from {owner}", "Reason (they will read it)", self._take_over, ok="Take over")

    def _take_over(self, choice: str, words: str) -> None:
        if self.work.call is not None:
            self.work.act(
                encounters.take_over_and_begin, self.work.call, words, then=self._claimed, refused=self._refused
            )

    def ask_release(self) -> None:
        self.strip.ask("Release to the board", "Reason", self._release, ok="Release")

    def _release(self, choice: str, words: str) -> None:
        if self.work.call is not None:
            self.work.act(calls.release, self.work.call, words, then=self._done, refused=self._refused)

    def ask_contact(self) -> None:
        """Record an attempt to reach the person."""
        if self.contact.isHidden():
            return
        self.strip.ask(
            "Contact", "With whom (first, if you want it kept): the person, mother …", self._contact, choices=_CONTACTS
        )

    def _contact(self, how: str, whom: str) -> None:
        if how == "ended":
            self._say_line(how)
        elif self.work.call is not None:
            self.work.act(calls.contact, self.work.call, how, whom, then=self._done, refused=self._refused)

    def do_line(self) -> None:
        """F8: the line dropped; pressed again, it is there again."""
        page = self.work.page
        if self.dropped.isHidden() or page is None or page.state is None:
            return
        self._say_line("dropped" if page.state.line == "on" else "on")

    def _say_line(self, line: str) -> None:
        if self.work.call is not None:
            self.work.act(calls.line, self.work.call, line, then=self._done, refused=self._refused)

    def _done(self, result: object) -> None:
        self.notice.say("")

    def _refused(self, error: KnownError) -> None:
        self.claim.setEnabled(True)
        self.notice.say(error.message)

    def _restyle(self) -> None:
        space = current().space
        self._column.setContentsMargins(space.l, space.s, space.s, space.s)
        self._column.setSpacing(space.xs)
        self._words.setSpacing(space.xs)
        self._first.setSpacing(space.s)
        self._second.setSpacing(space.s)
        self._top.setSpacing(space.l)
        self._acts.set_gap(space.s)
        self.update()
