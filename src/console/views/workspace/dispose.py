"""Dispose: how the work on the call ends, what it counts as, what would have happened; and what came of it."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from console.actions import calls, encounters, lengths
from console.models.call import Level, RollUp, WouldHave
from console.models.center import Center
from console.queries.workspace import Workspace as Page
from console.views.theme import Type
from console.views.widgets import (
    ActionButton,
    Choice,
    ChoiceRow,
    Look,
    SectionHeader,
    Text,
    Tone,
    numbered,
)
from console.views.workspace.section import Section
from console.views.workspace.standing import own_encounter
from console.views.workspace.timed_lines import TimedLine, TimedLines
from console.views.workspace.typing_box import Submitted, WordsBox
from console.views.workspace.work import Work

ROLL_UPS = (
    Choice(RollUp.DIVERTED, "Diverted", "1"),
    Choice(RollUp.CO_NOTIFIED, "Co-notified", "2"),
    Choice(RollUp.NOT_DIVERTED, "Not diverted", "3"),
    Choice(RollUp.UNKNOWN, "Unknown", "9", quiet=True),
)
_YES_NO = (Choice("yes", "Yes", "1"), Choice("no", "No", "2"), Choice("unknown", "Unknown", "9", quiet=True))
_WITH = (
    Choice("yes", "Confirmed", "1"),
    Choice("no", "Not confirmed, with a reason", "2"),
)
_WHEN = (
    Choice("0", "Just now", "1"),
    Choice("5", "5 min ago", "2"),
    Choice("15", "15 min ago", "3"),
    Choice("30", "30 min ago", "4"),
    Choice("60", "An hour ago", "5"),
)
_STAYS = (
    Choice("ends", "Ends with this", "1"),
    Choice("stays", "Goes on: I am still with the person", "2"),
)
_WOULD = (("arrest", "Arrest"), ("emergency_department", "Emergency department"), ("ems", "EMS"))
_OUTCOMES = ("Left in place, helped", "Hospital, voluntary", "Involuntary hold", "Arrest", "No person found", "Unknown")


class DisposeSection(Section):
    """Clinicians dispose; everyone on the floor can reopen and can record what came of it."""

    CODE, TITLE = "dispose", "Dispose"
    HAS_PRIMARY = False

    def __init__(self, work: Work) -> None:
        super().__init__(work)
        self._disposes = work.may("call.disposed")
        self._codes: tuple[str, ...] = ()
        self.groups: dict[str, ChoiceRow] = {}
        self._ended = Text(role=Type.STRONG, wrap=True)
        self.body.addWidget(self._ended)
        self.reopen_why = self.words(
            "reopen", "Why it is reopened", "Why it is reopened", limit=lengths.REASON, entered=self.do_reopen
        )
        self.reopen = ActionButton("Reopen")
        self.reopen.clicked.connect(self.do_reopen)
        self.body.addWidget(self.reopen_why)
        self.body.addWidget(self.reopen, 0, Qt.AlignmentFlag.AlignLeft)
        self.form = QWidget()
        self._form = QVBoxLayout(self.form)
        self._form.setContentsMargins(0, 0, 0, 0)
        self.body.addWidget(self.form)
        self._build_form()
        self._build_outcome()
        self.body.addStretch(1)

    def _build_form(self) -> None:
        self._list = QVBoxLayout()
        self._form.addLayout(self._list)
        self._form.addWidget(SectionHeader("Counts as"))
        self.roll_up = ChoiceRow("Counts as", ROLL_UPS)
        self._form.addWidget(self.roll_up)
        self._contact_header = SectionHeader("Responders are with the person?")
        self._form.addWidget(self._contact_header)
        self._contact_says = Text(role=Type.SMALL, tone=Tone.WARN, wrap=True)
        self._form.addWidget(self._contact_says)
        self.responders = ChoiceRow("Responders are with the person", _WITH)
        self.responders.changed.connect(self._show_asked)
        self.who = self.words(
            "who",
            "Who is with the person",
            "Who is with the person (unit, name)",
            limit=lengths.WHO,
            entered=self._to_confirming,
        )
        self.who_says = self.words(
            "who-says",
            "Who confirmed it",
            "Who confirmed it (the unit by radio, dispatch, heard on the line)",
            limit=lengths.WHO,
            entered=self._to_confirming,
        )
        self.when = ChoiceRow("When it was confirmed", _WHEN)
        self.confirm = ActionButton("Record that responders are with the person")
        self.confirm.clicked.connect(self._confirm)
        self.why_not = self.words(
            "no-contact", "Reason why not confirmed", "Why it is not confirmed", limit=lengths.REASON
        )
        for widget in (self.responders, self.who, self.who_says, self.when):
            self._form.addWidget(widget)
        self._form.addWidget(self.confirm, 0, Qt.AlignmentFlag.AlignLeft)
        self._form.addWidget(self.why_not)
        self._level_header = SectionHeader("No level is set")
        self._level_says = Text(
            "Set the level first (Alt+4), or say why none is set. Unknown counts as grave.",
            Type.SMALL,
            Tone.WARN,
            wrap=True,
        )
        self.why_unleveled = self.words(
            "no-level", "Reason why no level is set", "Why no level is set", limit=lengths.REASON
        )
        for about in (self._level_header, self._level_says, self.why_unleveled):
            self._form.addWidget(about)
        self._form.addWidget(SectionHeader("Without a clinician it would have been"))
        grid = QGridLayout()
        grid.setColumnStretch(1, 1)
        self.would: dict[str, ChoiceRow] = {}
        for at, (code, label) in enumerate(_WOULD):
            answers = ChoiceRow(f"{label} without a clinician", _YES_NO)
            answers.set_values(("unknown",))
            grid.addWidget(Text(label), at, 0)
            grid.addWidget(answers, at, 1)
            self.would[code] = answers
        self._form.addLayout(grid)
        self.said_by = self.words(
            "said-by", "Who says so", "Who says so (needed unless all unknown)", limit=lengths.WHO
        )
        self._form.addWidget(self.said_by)
        hint = "Words, if they help whoever reads this later"
        self.said = self.words("words", "Words", hint, limit=lengths.DISPOSITION, least=2)
        self._form.addWidget(self.said)
        self._stays_header = SectionHeader("Your encounter")
        self._form.addWidget(self._stays_header)
        self.stays = ChoiceRow("Your encounter", _STAYS)
        self.stays.set_values(("ends",))
        self._form.addWidget(self.stays)
        self.dispose = ActionButton("Dispose the call", key="Ctrl Enter", look=Look.DANGER)
        self.dispose.clicked.connect(self.commit)
        self._form.addWidget(self.dispose, 0, Qt.AlignmentFlag.AlignLeft)

    def _build_outcome(self) -> None:
        self.body.addWidget(SectionHeader("What came of it, as somebody reports"))
        self.outcomes = TimedLines("Outcomes", nothing="Nobody has said yet.")
        self.body.addWidget(self.outcomes)
        self.outcome = ChoiceRow("Outcome", numbered([(each, each) for each in _OUTCOMES]))
        self.outcome_by = self.words(
            "outcome-by",
            "Who says what came of it",
            "Who says so (unit, dispatcher)",
            limit=lengths.WHO,
            entered=self.do_record,
        )
        self.outcome_words = self.words(
            "outcome", "Outcome in words", "In words", limit=lengths.OUTCOME, entered=self.do_record
        )
        self.record = ActionButton("Record the outcome")
        self.record.clicked.connect(self.do_record)
        for widget in (self.outcome, self.outcome_by, self.outcome_words):
            self.body.addWidget(widget)
        self.body.addWidget(self.record, 0, Qt.AlignmentFlag.AlignLeft)

    def opened(self, page: Page) -> None:
        self.expect(page.center)
        for group in self.groups.values():
            group.set_values(())
        self.roll_up.set_values(())
        self.outcome.set_values(())
        for answers in self.would.values():
            answers.set_values(("unknown",))
        # A draft shows which answer it was typed under; nothing is confirmed by it.
        typed = "yes" if self.who.text() else "no" if self.why_not.text() else ""
        self.responders.set_values((typed,) if typed else ())
        self.when.set_values(())
        self.stays.set_values(("ends",))

    def expect(self, center: Center) -> None:
        codes = tuple(each.code for each in center.dispositions)
        if codes == self._codes:
            return
        self._codes = codes
        while (item := self._list.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.deleteLater()
        self.groups.clear()
        for name in dict.fromkeys(each.group for each in center.dispositions):
            header = SectionHeader(name)
            choices = numbered([(each.code, each.label) for each in center.dispositions if each.group == name])
            group = ChoiceRow(f"Disposition, {name}", choices)
            group.changed.connect(partial(self._chose, name))
            self._list.addWidget(header)
            self._list.addWidget(group)
            self.groups[name] = group

    def show_page(self, page: Page) -> None:
        state = page.state
        disposition = state.disposition if state else None
        if disposition is not None:
            label = page.center.label(page.center.dispositions, disposition.body.disposition)
            self._ended.setText(
                f"Disposed {self.work.clock(disposition.body.at)} by {self.work.name(disposition.by)}: "
                f"{label} ({disposition.body.roll_up})"
            )
        elif page.call is None:
            self._ended.setText("A disposition belongs to a call: bind this encounter first.")
        else:
            self._ended.setText("" if self._disposes else "The clinician has not disposed this call yet.")
        self._ended.setVisible(bool(self._ended.text()))
        self.form.setVisible(self._disposes and disposition is None and page.call is not None)
        for widget in (self.reopen_why, self.reopen):
            widget.setVisible(disposition is not None and self.work.may("call.reopened"))
        grave = state is not None and state.level.rank >= Level.HIGH.rank
        confirmed = state is not None and state.responders_there
        if state is not None and confirmed and state.responders_confirmed_at is not None:
            said_by = f", as {state.responders_said_by} said" if state.responders_said_by else ""
            at = self.work.clock(state.responders_confirmed_at)
            self._contact_says.setText(f"Confirmed for {at}{said_by}: {state.responders_confirmed}")
            self._contact_says.set_tone(Tone.GOOD)
        else:
            level = state.level.upper() if state else ""
            self._contact_says.setText(f"Level {level}: the call ends only with this confirmed, or with a reason.")
            self._contact_says.set_tone(Tone.WARN)
        self._contact_header.setVisible(grave or confirmed)
        self._contact_says.setVisible(grave or confirmed)
        self.responders.setVisible(grave and not confirmed)
        encounter = own_encounter(page, self.work.seat.sign_in.user)
        for about in (self._stays_header, self.stays):
            about.setVisible(encounter is not None and encounter.closed_at is None)
        self._show_asked()
        self.outcomes.show_lines(
            [
                TimedLine(
                    self.work.short_clock(each.at),
                    ": ".join(part for part in (each.outcome, each.words) if part),
                    Tone.TEXT,
                    f"says {each.said_by} · {self.work.name(each.by)}",
                )
                for each in (state.outcomes if state else ())
            ]
        )
        self.record.setEnabled(page.call is not None)

    def start(self) -> None:
        first = next(iter(self.groups.values()), None) if self.form.isVisibleTo(self) else self.outcome
        if first is not None:
            first.setFocus(Qt.FocusReason.ShortcutFocusReason)

    @property
    def chosen(self) -> str:
        """The code of the disposition chosen."""
        return next((group.values[0] for group in self.groups.values() if group.values), "")

    def _chose(self, name: str, values: tuple[str, ...]) -> None:
        self._ask_level()
        if not values:
            return
        for other, group in self.groups.items():
            if other != name:
                group.set_values(())
        page = self.work.page
        known = next((each for each in page.center.dispositions if each.code == values[0]), None) if page else None
        if known is not None:
            self.roll_up.set_values((known.roll_up,))

    @property
    def _misses_level(self) -> bool:
        """Whether the end chosen asks why nobody leveled the call; before one is chosen, whether most would."""
        page = self.work.page
        if page is None or page.state is None:
            return False
        known = {each.code: each for each in page.center.dispositions}
        chosen = known.get(self.chosen)
        return page.state.level is Level.NOT_SET if chosen is None else chosen.misses_level(page.state)

    def _ask_level(self) -> None:
        for about in (self._level_header, self._level_says, self.why_unleveled):
            about.setVisible(self._misses_level)

    def _show_asked(self, *_: object) -> None:
        """What the answer asks for: who, by whom and when for a confirmation; the reason where there is none."""
        asks = not self.responders.isHidden()
        for widget in (self.who, self.who_says, self.when, self.confirm):
            widget.setVisible(asks and self.responders.values == ("yes",))
        self.why_not.setVisible(asks and self.responders.values == ("no",))
        self._ask_level()

    def _to_confirming(self) -> None:
        """Ctrl+Enter in what a confirmation asks for: it leads on to the button and never presses it."""
        blank = next((box for box in (self.who, self.who_says) if not box.text().strip()), None)
        to = blank or (self.confirm if self.when.values else self.when)
        to.setFocus(Qt.FocusReason.TabFocusReason)

    def _confirm(self) -> None:
        """The button alone does this: it lifts what guards the end of a grave call."""
        call = self.work.call
        if call is None or not self.confirm.isEnabled():
            return
        who, by = self.who.submitted(), self.who_says.submitted()
        if not (who.text.strip() and by.text.strip() and self.when.values):
            self.notice.say("Say who is with the person, who confirmed it, and when.")
            self._to_confirming()
            return
        at = self.work.seat.ticker.now() - timedelta(minutes=int(self.when.values[0]))
        opened = self.work.page.state.opened_at if self.work.page and self.work.page.state else None
        self.do(
            calls.confirm_responders,
            call,
            who.text,
            said_by=by.text,
            at=max(at, opened) if opened else at,
            entered=_entering((self.who, who), (self.who_says, by)),
            then=self._confirmed,
        )

    def _confirmed(self, result: object) -> None:
        self.when.set_values(())

    def commit(self) -> None:
        call = self.work.call
        if call is None or not self.form.isVisibleTo(self) or not self.dispose.isEnabled():
            return
        if not self.chosen or not self.roll_up.values:
            self.notice.say("Choose how the call ends, and what it counts as.")
            return
        if self._misses_level and not self.why_unleveled.text().strip():
            self.notice.say("Nobody set a level for this call. Set it first (Alt+4), or say why none is set.")
            self.why_unleveled.setFocus(Qt.FocusReason.TabFocusReason)
            return
        answers = {code: (row.values or ("unknown",))[0] for code, row in self.would.items()}
        said_by, why_not, said = self.said_by.submitted(), self.why_not.submitted(), self.said.submitted()
        unleveled, misses_level = self.why_unleveled.submitted(), self._misses_level
        not_confirmed = self.responders.values == ("no",)
        reason = unleveled.text if misses_level else why_not.text if not_confirmed else ""
        self.do(
            encounters.dispose_and_end,
            call,
            calls.Disposal(
                self.chosen,
                RollUp(self.roll_up.values[0]),
                WouldHave(**answers, said_by=said_by.text.strip()),
                no_contact_reason=reason,
                said=said.text,
            ),
            override=self.work.override,
            stays=self.stays.values == ("stays",),
            entered=_entering(
                (self.said_by, said_by), (self.why_not, why_not), (self.why_unleveled, unleveled), (self.said, said)
            ),
        )

    def do_reopen(self) -> None:
        if self.work.call is not None:
            why = self.reopen_why.submitted()
            self.do(calls.reopen, self.work.call, why.text, entered=partial(self.reopen_why.done, why))

    def do_record(self) -> None:
        """Record what came of it."""
        call = self.work.call
        if call is None:
            return
        by, said = self.outcome_by.submitted(), self.outcome_words.submitted()
        outcome = self.outcome.values[0] if self.outcome.values else ""
        entered = _entering((self.outcome_by, by), (self.outcome_words, said))
        self.do(calls.record_outcome, call, outcome, by.text, said.text, entered=entered, then=self._outcome_in)

    def _outcome_in(self, result: object) -> None:
        self.outcome.set_values(())


def _entering(*typed: tuple[WordsBox, Submitted]) -> Callable[[], None]:
    """What is done with these words when the record has them."""

    def entered() -> None:
        for box, words in typed:
            box.done(words)

    return entered
