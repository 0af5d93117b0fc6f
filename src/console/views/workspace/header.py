"""The head of the page: the heading, who is on the line, and what a person does first."""

from collections.abc import Callable
from functools import partial
from typing import Any
from uuid import UUID

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from console.actions import calls, encounters, lengths
from console.actions.acting import words as checked
from console.errors import KnownError
from console.queries.workspace import Workspace as Page
from console.views.theme import Icon, current, watch
from console.views.widgets import ActionButton, FlowLayout, Look, Notice, StatusDot, Tone
from console.views.widgets.ages import age, short_text
from console.views.workspace import keys
from console.views.workspace.heading import Heading
from console.views.workspace.section import Ground
from console.views.workspace.standing import Standing, own_encounter
from console.views.workspace.strip import Strip, Words
from console.views.workspace.typing_box import Submitted
from console.views.workspace.ways import CONTACTS, WAYS
from console.views.workspace.work import NEWER, Work


class Header(Ground):
    """Shows the head and does what a person does first: claim, take over, release, contact, line."""

    left = Signal()
    closed = Signal()

    def __init__(self, work: Work) -> None:
        super().__init__("surface")
        self.work = work
        self._guest: QWidget | None = None
        self.heading = Heading(work)
        self.heading.closed.connect(self.closed)
        self._line = StatusDot()
        work.seat.ticker.tick.connect(self._tick)
        self.claim = ActionButton("Claim", key=keys.CLAIM, look=Look.PRIMARY, icon=Icon.CLAIM)
        self.take_over = ActionButton("Take over")
        self.release = ActionButton("Release", look=Look.QUIET)
        self.override = ActionButton("Act as supervisor", key=keys.hint(keys.OVERRIDE))
        self.standing = Standing(work)
        self.end = ActionButton("End the encounter", key=keys.hint(keys.END))
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
            (self.override, self.do_override),
            (self.end, self.do_end),
        ):
            button.clicked.connect(slot)
        self.strip = Strip(work)
        self.strip.closed.connect(self.left)
        self.notice = Notice()
        self._build()
        watch(self._restyle)

    def _build(self) -> None:
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
            self.override,
            self.end,
            self.wrong_call,
        ):
            self._acts.addWidget(part)
        self._column = QVBoxLayout(self)
        self._column.addWidget(self.heading)
        self._column.addWidget(acts)
        for below in (self.standing, self.strip, self.notice):
            self._column.addWidget(below)

    # -- showing -------------------------------------------------------------------------------------------------------

    def open_page(self, page: Page) -> None:
        """Another page: what was asked about the last one goes."""
        self.strip.dismiss()
        self.claim.setEnabled(True)
        self.notice.say("")
        self.work.override = ""

    def show_page(self, page: Page) -> None:
        """Show the head of ``page``."""
        row = page.row
        self.heading.show_page(page)
        if row is None or row.mine or row.owner is None:
            self.work.override = ""
        self._show_buttons(page)
        self.standing.show_page(page)
        if self.work.closed_to_change:
            self.notice.say(self.work.closed_to_change)
        elif self.notice.text() == NEWER:
            self.notice.say("")
        self._tick()

    def arrange(self, width: int, tiny: bool) -> None:
        """Fit this width, and a page of little height."""
        if self.heading.arrange(width, tiny):
            if self.heading.lends_call_back:
                # Among the buttons it goes on in the next line rather than that it, or the level, is cut.
                self._acts.addWidget(self.heading.call_back)
                self._acts_holder.show()
            self._tick()

    def hold(self, guest: QWidget | None) -> None:
        """Give a control room among the buttons, where it would cost a line of its own."""
        self._guest = guest
        if guest is not None:
            self._acts.addWidget(guest)
            self._acts_holder.show()

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
            said = f": {whom}" if whom and not self.heading.tiny else ""
            self._line.set_status(f"on the line{passed}{said}", Tone.GOOD)
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
        encounter = own_encounter(page, work.seat.sign_in.user)
        ended = encounter is not None and encounter.closed_at is not None
        leads = work.leads and may("call.leveled") and open_call and owned and not mine
        by_phone = encounter is not None and encounter.closed_at is None and encounter.way_in != "from-board"
        shown = {
            self.wrong_call: page.call is not None and by_phone,
            self.claim: clinician and not owned,
            self.take_over: clinician and owned and not mine,
            self.release: clinician and mine,
            self.start: work.clinical and open_call and (ended or (owned and encounter is None)),
            self.override: leads,
            self.end: encounter is not None and not ended and row is not None and not open_call,
            self.contact: may("call.contacted") and open_call and (mine or not owned or bool(work.override)),
            self.dropped: may("call.line-changed") and open_call and state is not None and state.line != "",
        }
        for button, visible in shown.items():
            button.setVisible(visible)
            if work.closed_to_change:
                button.setEnabled(False)
            elif button is not self.claim:  # that one waits for its act
                button.setEnabled(True)
        self.start.set_words("Go on with the encounter" if ended else "Start encounter")
        self.override.set_words("Stop acting as supervisor" if work.override else "Act as supervisor")
        if state is not None:
            self.dropped.set_words("Line dropped" if state.line == "on" else "On the line again")
        others = state is not None and bool(state.line), self._guest is not None, self.heading.lends_call_back
        self._acts_holder.setVisible(any((*shown.values(), *others)))

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
        if not self.work.clinical or self.work.call is None:
            return
        if self.work.encounter is not None:
            if not self.start.isHidden():
                self.work.act(encounters.resume, self.work.encounter, then=self._done, refused=self._refused)
            return
        self.strip.ask("How do you come in", self._start_as, choices=WAYS)

    def _start_as(self, way_in: str, words: str) -> None:
        self._begin(way_in, self.work.call)

    def ask_take_over(self) -> None:
        page = self.work.page
        owner = page.row.owner_name if page and page.row else "somebody"
        why = Words("take-over", self.work.call, "Reason (they will read it)")
        self.strip.ask(f"Take over from {owner}", self._take_over, words=why, ok="Take over")

    def _take_over(self, choice: str, words: str) -> None:
        if self.work.call is not None:
            self._answer(encounters.take_over_and_begin, self.work.call, words)

    def ask_release(self) -> None:
        why = Words("release", self.work.call, "Reason (whoever comes next will read it)")
        self.strip.ask("Release to the board", self._release, words=why, ok="Release")

    def _release(self, choice: str, words: str) -> None:
        if self.work.call is not None:
            self._answer(calls.release, self.work.call, words)

    def do_override(self) -> None:
        """Act on a colleague's call as supervisor from here on, with a reason that stands in the thread; or stop."""
        page = self.work.page
        if self.override.isHidden() or page is None or page.row is None:
            return
        if self.work.override:
            self._act_as_supervisor("")
            return
        why = Words("override", self.work.call, "Reason (it stands in the thread, where they read it)")
        note = "For one act or several on this page: contact, level, disposition. Each leaves the reason in the thread."
        title = f"Act as supervisor on {page.row.owner_name}'s call"
        self.strip.ask(title, self._override, words=why, note=note, ok="Act as supervisor")

    def _override(self, choice: str, words: str) -> None:
        given = self.strip.given
        assert given is not None
        try:
            reason = checked(words, "The reason", most=lengths.REASON)
        except KnownError as error:
            self.strip.refuse(given, error.message)
            return
        self.strip.done(given)
        self._act_as_supervisor(reason)

    def _act_as_supervisor(self, reason: str) -> None:
        self.work.override = reason
        if self.work.page is not None:
            self.show_page(self.work.page)

    def do_end(self) -> None:
        """End the encounter that is still open after the call was disposed."""
        if self.work.encounter is not None and not self.end.isHidden():
            self.work.act(encounters.close, self.work.encounter, then=self._done, refused=self._refused)

    def ask_contact(self) -> None:
        """Record an attempt to reach the person."""
        if self.contact.isHidden():
            return
        hint = "With whom (first, if you want it kept): the person, mother …"
        whom = Words("whom", self.work.call, hint, lengths.WHO)
        self.strip.ask("Contact", self._contact, words=whom, choices=CONTACTS)

    def _contact(self, how: str, whom: str) -> None:
        if how == "ended" and self.work.call is not None:
            self._answer(calls.line, self.work.call, how)
        elif self.work.call is not None:
            self._answer(calls.contact, self.work.call, how, whom, override=self.work.override)

    def do_line(self) -> None:
        """F8: the line dropped; pressed again, it is there again."""
        page = self.work.page
        if self.dropped.isHidden() or page is None or page.state is None:
            return
        self._say_line("dropped" if page.state.line == "on" else "on")

    def _say_line(self, line: str) -> None:
        if self.work.call is not None:
            self.work.act(calls.line, self.work.call, line, then=self._done, refused=self._refused)

    def _answer(self, verb: Callable[..., Any], *about: Any, **named: Any) -> None:
        """Do what was answered in the line under the head; refused, it says so there, beside the words."""
        given = self.strip.given
        assert given is not None
        self.work.act(
            verb,
            *about,
            entered=partial(self.strip.done, given),
            then=self._done,
            refused=partial(self._not_taken, given),
            **named,
        )

    def _done(self, result: object) -> None:
        self.notice.say("")

    def _not_taken(self, given: Submitted, error: KnownError) -> None:
        if not self.strip.refuse(given, error.message):
            self._refused(error)

    def _refused(self, error: KnownError) -> None:
        self.claim.setEnabled(True)
        self.notice.say(error.message)

    def _restyle(self) -> None:
        space = current().space
        self._column.setContentsMargins(space.l, space.s, space.s, space.s)
        self._column.setSpacing(space.xs)
        self._acts.set_gap(space.s)
        self.update()
