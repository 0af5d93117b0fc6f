"""The screen: the center's questions, and whether this call is for a clinician."""

from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout

from console.actions import calls, lengths
from console.handoff.fields import FIELD
from console.models.center import Center
from console.queries.workspace import Workspace as Page
from console.views.theme import Type, current
from console.views.widgets import ActionButton, Choice, ChoiceRow, FlowLayout, Look, SectionHeader, Text, Tone
from console.views.workspace.section import Section
from console.views.workspace.work import Work

ANSWERS = (Choice("yes", "Yes", "1"), Choice("no", "No", "2"), Choice("unknown", "Unknown", "9", quiet=True))
DECISIONS = (
    Choice("eligible", "Eligible", "1"),
    Choice("consult-only", "Consult only", "2"),
    Choice("not-eligible", "Not eligible", "3"),
)
DECISION_WORDS = {choice.value: choice.label for choice in DECISIONS}

FLOWS_INTO: dict[str, tuple[str, dict[str, str]]] = {
    "weapon": ("weapons.reported", {"yes": "Weapon reported, kind not known", "no": "None reported"}),
    "violence": ("violence.now", {"yes": "Reported", "no": "None reported"}),
    "medical": ("medical.overdose", {"yes": "Medical need reported", "no": "None reported"}),
    "intoxicated": ("medical.substances", {"yes": "Badly intoxicated", "no": "None reported"}),
}
"""Screening question → the safety fact it bears on, and the words each answer offers for it. Offered, never entered."""


class ScreenSection(Section):
    """Yes, no or unknown to each question, then the decision with its reason."""

    CODE, TITLE = "screen", "Screen"

    def __init__(self, work: Work) -> None:
        super().__init__(work)
        self.rows: dict[str, ChoiceRow] = {}
        self._codes: tuple[str, ...] = ()
        self._recorded = Text(role=Type.SMALL, tone=Tone.MUTED, wrap=True)
        self.body.insertWidget(0, self._recorded)
        self._grid = QGridLayout()
        self._grid.setColumnStretch(0, 2)
        self._grid.setColumnStretch(1, 3)
        self.body.addLayout(self._grid)
        self._offers_header = SectionHeader("Also a safety fact? Nothing is entered unless you say so")
        self._offers = FlowLayout()
        self.body.addWidget(self._offers_header)
        self.body.addLayout(self._offers)
        self._offers_header.hide()
        self._offered: dict[str, ActionButton] = {}
        self.heading("Decision")
        self.decision = ChoiceRow("Decision", DECISIONS)
        self.body.addWidget(self.decision)
        self.reason = self.words("reason", "Why", "Why (needed unless eligible)", limit=lengths.REASON)
        self.body.addWidget(self.reason)
        self.record = ActionButton("Record the screen", key="Ctrl Enter", look=Look.PRIMARY)
        self.record.clicked.connect(self.commit)
        self.buttons([self.record])
        self.body.addStretch(1)

    def expect(self, center: Center) -> None:
        codes = tuple(question.code for question in center.screening)
        if codes == self._codes:
            return
        while (item := self._grid.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.deleteLater()
        self.rows.clear()
        for at, question in enumerate(center.screening):
            label = Text(question.label, wrap=True)
            answers = ChoiceRow(question.label, ANSWERS)
            answers.changed.connect(self._answered)
            self._grid.addWidget(label, at, 0, Qt.AlignmentFlag.AlignVCenter)
            self._grid.addWidget(answers, at, 1)
            self.rows[question.code] = answers
        self._codes = codes

    def opened(self, page: Page) -> None:
        self.expect(page.center)
        screening = page.state.screening if page.state else None
        for code, answers in self.rows.items():
            answers.set_values((screening.answers.get(code, ""),) if screening else ())
        self.decision.set_values((screening.decision,) if screening else ())
        if screening:
            self.reason.show_entered(screening.reason)
        self._offer()

    def show_page(self, page: Page) -> None:
        self.record.setEnabled(page.call is not None and self.work.may("call.screened"))
        screening = page.state.screening if page.state else None
        for asked in (*self.rows.values(), self.decision, self.reason):
            asked.setEnabled(self.record.isEnabled())
        if page.call is None:
            self._recorded.setText("The screen belongs to a call: bind this encounter first.")
        elif screening is None:
            self._recorded.setText("Not screened yet. 1 yes, 2 no, 9 unknown; the next question follows by itself.")
        else:
            self._recorded.setText(
                f"{DECISION_WORDS.get(screening.decision, screening.decision)}, recorded by "
                f"{self.work.name(screening.by)} {self.work.clock(screening.at)}"
                + (f": {screening.reason}" if screening.reason else "")
            )
        self._offer()

    def start(self) -> None:
        first = next((each for each in self.rows.values() if not each.values), None) or self.decision
        first.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _answered(self, values: tuple[str, ...]) -> None:
        self._offer()
        rows = list(self.rows.values())
        sender = self.sender()
        here = next((at for at, each in enumerate(rows) if each is sender), -1)
        if values and 0 <= here < len(rows) - 1:
            rows[here + 1].setFocus(Qt.FocusReason.TabFocusReason)
        elif values and here == len(rows) - 1:
            self.decision.setFocus(Qt.FocusReason.TabFocusReason)

    def _offer(self) -> None:
        """Show what an answer would say as a safety fact, for one key; facts that are stated are left alone."""
        page = self.work.page
        facts = page.state.facts if page and page.state else {}
        wanted: dict[str, str] = {}
        for code, answers in self.rows.items():
            field, offers = FLOWS_INTO.get(code, ("", {}))
            words = next((offers[value] for value in answers.values if value in offers), "")
            if words and field not in facts and page is not None and page.call is not None:
                wanted[field] = words
        for field in [each for each in self._offered if each not in wanted]:
            button = self._offered.pop(field)
            self._offers.removeWidget(button)
            button.deleteLater()
        for field, words in wanted.items():
            text = f"{FIELD[field].name}: {words}"
            if field in self._offered:
                self._offered[field].set_words(text, f"Enter the fact {text}")
                continue
            button = ActionButton(text, name=f"Enter the fact {text}")
            button.clicked.connect(partial(self._take_offer, field))
            self._offers.addWidget(button)
            self._offered[field] = button
        self._offers_header.setVisible(bool(wanted))
        self._offers.set_gap(current().space.s)

    def _take_offer(self, field: str, *_: object) -> None:
        button, call = self._offered.get(field), self.work.call
        if button is not None and call is not None:
            words = button.text().removeprefix(f"{FIELD[field].name}: ")
            self.do(calls.state_fact, call, field, words, "caller")

    def commit(self) -> None:
        call = self.work.call
        if call is None:
            return
        if not self.decision.values:
            self.notice.say("Decide: eligible, consult only or not eligible.")
            self.decision.setFocus(Qt.FocusReason.OtherFocusReason)
            return
        answers = {code: answer.values[0] for code, answer in self.rows.items() if answer.values}
        reason = self.reason.submitted()
        self.do(
            calls.screen,
            call,
            answers,
            self.decision.values[0],
            reason.text,
            entered=partial(self.reason.keep_as_entered, reason),
        )
