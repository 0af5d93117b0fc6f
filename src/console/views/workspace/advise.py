"""Advice: what to send, from the center's list, with words that dispatch can pass on; and whether it was read."""

from functools import partial
from uuid import UUID

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout

from console.actions import calls, lengths
from console.models.call_state import Advice
from console.models.center import Center
from console.queries.workspace import Workspace as Page
from console.views.theme import Type, current
from console.views.widgets import ActionButton, Card, ChoiceRow, FlowLayout, Look, SectionHeader, Text, Tone, numbered
from console.views.workspace.section import Section, flowing
from console.views.workspace.stated import short_label, to_pass_on
from console.views.workspace.work import Work

_SHOWN = 36
"""Characters of a stated fact on its button: the whole of it goes into the words."""


class AdviceCard(Card):
    """One piece of advice and what became of it; a dispatcher acknowledges it here."""

    def __init__(self, section: "AdviseSection", advice: UUID) -> None:
        super().__init__(follows_focus=True)
        self._section, self._advice = section, advice
        self._what = Text(role=Type.STRONG, wrap=True)
        self._words = Text(wrap=True)
        self._state = Text(role=Type.SMALL, tone=Tone.MUTED, wrap=True)
        self.read = ActionButton("Acknowledge")
        self.passed = ActionButton("Passed to the units", look=Look.PRIMARY)
        self.read.clicked.connect(self._acknowledge)
        self.passed.clicked.connect(self._pass)
        for widget in (self._what, self._words, self._state):
            self.body.addWidget(widget)
        self.body.addWidget(flowing(self.passed, self.read))

    def show_advice(self, page: Page, given: Advice) -> None:
        work = self._section.work
        send = ", ".join(page.center.label(page.center.send, code) for code in given.send)
        self._what.setText(send or given.words)
        self._words.setText(given.words if send else "")
        self._words.setVisible(bool(send and given.words))
        said = [f"{work.name(given.by)} {work.clock(given.at)}"]
        if given.acknowledged_at is not None and given.acknowledged_by is not None:
            said.append(f"acknowledged by {work.name(given.acknowledged_by)} {work.clock(given.acknowledged_at)}")
        if given.passed_at is not None:
            said.append(f"passed to units {work.clock(given.passed_at)}")
        waits = given.acknowledged_at is None
        if waits:
            said.append("not acknowledged yet")
        self._state.setText(" · ".join(said))
        self._state.set_tone(Tone.CHANGED if waits else Tone.MUTED)
        self.set_tone(Tone.CHANGED if waits else Tone.TEXT)
        may = work.may("call.advice-acknowledged")
        self.read.setVisible(may and waits)
        self.passed.setVisible(may and given.passed_at is None)

    def _acknowledge(self) -> None:
        self._section.acknowledge(self._advice, passed=False)

    def _pass(self) -> None:
        self._section.acknowledge(self._advice, passed=True)


class AdviseSection(Section):
    """Clinicians advise; dispatchers acknowledge."""

    CODE, TITLE = "advise", "Advise"

    def __init__(self, work: Work) -> None:
        super().__init__(work)
        self._advises = work.may("call.advised")
        self._codes: tuple[tuple[str, str], ...] = ()
        self.send: ChoiceRow | None = None
        self._top = QVBoxLayout()
        self.body.addLayout(self._top)
        self.said = self.words(
            "words",
            "Words for dispatch",
            "Words that dispatch can pass on to the units",
            limit=lengths.ADVICE,
            note="Dispatch reads this and it may become a public record: no clinical words.",
            least=2,
        )
        self.words_go_to = self.said
        self.give = ActionButton("Send the advice", key="Ctrl Enter", look=Look.PRIMARY)
        self.give.clicked.connect(self.commit)
        self.body.addWidget(self.said)
        self.body.addWidget(self.give, 0, Qt.AlignmentFlag.AlignLeft)
        if not self._advises:
            self.said.hide()
            self.give.hide()
        self.body.addWidget(SectionHeader("Advice given"))
        self._nothing = Text("None yet.", tone=Tone.MUTED)
        self.body.addWidget(self._nothing)
        self._cards: dict[UUID, AdviceCard] = {}
        self._list = QVBoxLayout()
        self.body.addLayout(self._list)
        self._stated_header = SectionHeader("Stated already: a press takes it into the words")
        self._stated_header.hide()
        self.stated: dict[str, ActionButton] = {}
        self._stated_words: dict[str, str] = {}
        self._stated = FlowLayout()
        self.body.addWidget(self._stated_header)
        self.body.addLayout(self._stated)
        self.body.addStretch(1)

    def opened(self, page: Page) -> None:
        for card in self._cards.values():
            self._list.removeWidget(card)
            card.deleteLater()
        self._cards.clear()
        if self.send is not None:
            self.send.set_values(())

    def expect(self, center: Center) -> None:
        codes = tuple((choice.code, choice.label) for choice in center.send)
        if self._advises and codes != self._codes:
            self._codes = codes
            if self.send is not None:
                self._top.removeWidget(self.send)
                self.send.deleteLater()
            self.send = ChoiceRow("What to send", numbered(codes), multiple=True)
            self._top.addWidget(self.send)
            self.send.show()  # now: the focus may go there in this very moment

    def show_page(self, page: Page) -> None:
        self.expect(page.center)
        self._show_stated(page)
        given = page.state.advice if page.state else ()
        for each in given:
            card = self._cards.get(each.id)
            if card is None:
                card = self._cards[each.id] = AdviceCard(self, each.id)
                self._list.insertWidget(0, card)
                card.show()
            card.show_advice(page, each)
        self._nothing.setVisible(not given)
        self.give.setEnabled(page.call is not None)
        if page.call is None:
            self.notice.say("Advice belongs to a call: bind this encounter first.")
        elif self.notice.text().startswith("Advice belongs"):
            self.notice.say("")

    def _show_stated(self, page: Page) -> None:
        """Offer the facts that keep responders safe for the words of advice; nothing goes there by itself."""
        facts = page.state.facts if page.state and self._advises else {}
        wanted = self._stated_words = to_pass_on(facts, self.work.clock)
        for field in [each for each in self.stated if each not in wanted]:
            button = self.stated.pop(field)
            self._stated.removeWidget(button)
            button.hide()
            button.deleteLater()
        for field, words in wanted.items():
            label = short_label(facts[field], _SHOWN)
            if field not in self.stated:
                button = self.stated[field] = ActionButton(label)
                button.clicked.connect(partial(self._take_stated, field))
                self._stated.addWidget(button)
            self.stated[field].set_words(label, f"Take into the words: {words}")
        self._stated_header.setVisible(bool(wanted))
        self._stated.set_gap(current().space.s)

    def _take_stated(self, field: str, *_: object) -> None:
        words, before = self._stated_words[field], self.said.text()
        if words not in before:
            self.said.put("\n".join(part for part in (before.rstrip(), words) if part))

    def start(self) -> None:
        if self.send is not None:
            self.send.setFocus(Qt.FocusReason.ShortcutFocusReason)
            return
        for card in reversed(list(self._cards.values())):
            if not card.passed.isHidden():
                card.passed.setFocus(Qt.FocusReason.ShortcutFocusReason)
                return

    def commit(self) -> None:
        call = self.work.call
        if call is None or not self._advises or not self.give.isEnabled():
            return
        words = self.said.submitted()
        send = self.send.values if self.send else ()
        self.do(calls.advise, call, send, words.text, entered=partial(self.said.done, words), then=self._given)

    def _given(self, result: object) -> None:
        if self.send is not None:
            self.send.set_values(())

    def acknowledge(self, advice: UUID, *, passed: bool) -> None:
        """The dispatcher read it, and passed it on if ``passed``."""
        if self.work.call is not None:
            self.do(calls.acknowledge_advice, self.work.call, advice, passed=passed)
