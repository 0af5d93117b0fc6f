"""Services: what was offered to the person, and what they said."""

from functools import partial
from uuid import UUID

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout

from console.actions import encounters, lengths
from console.models.referral import ReferralState
from console.queries.workspace import Workspace as Page
from console.views.theme import Icon, Type
from console.views.widgets import ActionButton, Card, Look, SectionHeader, Text, Tone
from console.views.workspace import keys
from console.views.workspace.section import Section, flowing
from console.views.workspace.typing_box import WordsBox
from console.views.workspace.work import Work

_ANSWERS = {"accepted": ("accepted", Tone.GOOD), "declined": ("declined", Tone.MUTED)}


class ServiceCard(Card):
    """One service offered."""

    def __init__(self, section: "ServicesSection", referral: UUID, state: ReferralState) -> None:
        super().__init__(follows_focus=True)
        self._section, self._referral = section, referral
        name = state.service_name
        self.body.addWidget(Text(name, Type.STRONG, wrap=True))
        self._phone = Text(state.service_phone, Type.SMALL_CLOCK)
        self._phone.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.body.addWidget(self._phone)
        self._phone.setVisible(bool(state.service_phone))  # not before it is in the card: it would open as a window
        self._state = Text(role=Type.SMALL, tone=Tone.MUTED, wrap=True)
        self.body.addWidget(self._state)
        work = section.work
        self.reason = WordsBox(
            work.seat,
            work.saver,
            "referral.reason",
            f"{name}: why, if the person said why",
            "Why, if the person said why",
            limit=lengths.REASON,
        )
        self.reason.bind(referral, work.page, work.seat.desk.zone)
        self.body.addWidget(self.reason)
        self.accepted = ActionButton("Accepted", icon=Icon.CHECK, name=f"{name}: accepted")
        self.declined = ActionButton("Declined", name=f"{name}: declined")
        self.withdraw = ActionButton("Never offered", look=Look.QUIET, name=f"{name}: picked by mistake")
        self.accepted.clicked.connect(partial(self._answer, "accepted"))
        self.declined.clicked.connect(partial(self._answer, "declined"))
        self.withdraw.clicked.connect(self._withdraw)
        self.body.addWidget(flowing(self.accepted, self.declined, self.withdraw))

    def show_state(self, state: ReferralState) -> None:
        clock = self._section.work.clock
        said = f"offered {clock(state.offered_at)}"
        tone = Tone.MUTED
        if state.withdrawn:
            said += " · picked by mistake, not offered"
        elif state.answer:
            words, tone = _ANSWERS.get(state.answer, (state.answer, Tone.MUTED))
            at = f" {clock(state.answered_at)}" if state.answered_at else ""
            said += f" · {words}{at}" + (f": {state.reason}" if state.reason else "")
        else:
            said += " · no answer yet"
        self._state.setText(said)
        self._state.set_tone(tone)
        waits = not state.answer and not state.withdrawn and self._section.work.encounter is not None
        for widget in (self.reason, self.accepted, self.declined, self.withdraw):
            widget.setVisible(waits)

    def _answer(self, answer: str, *_: object) -> None:
        why = self.reason.submitted()
        self._section.do(
            encounters.answer_referral, self._referral, answer, why.text, entered=partial(self.reason.done, why)
        )

    def _withdraw(self) -> None:
        self._section.do(encounters.withdraw_referral, self._referral)


class ServicesSection(Section):
    """Offers come from the directory; here the person's answer is recorded."""

    CODE, TITLE = "services", "Services"

    def __init__(self, work: Work) -> None:
        super().__init__(work)
        self.find_button = ActionButton(
            "Find a service", key=keys.hint(keys.SERVICE), look=Look.PRIMARY, icon=Icon.SEARCH
        )
        self.find_button.clicked.connect(work.find_service)
        self.buttons([self.find_button])
        self.body.addWidget(SectionHeader("Offered"))
        self._nothing = Text(
            "Nothing offered yet. A service you pick in the directory comes here.", tone=Tone.MUTED, wrap=True
        )
        self.body.addWidget(self._nothing)
        self._list = QVBoxLayout()
        self.cards: dict[UUID, ServiceCard] = {}
        self.body.addLayout(self._list)
        self.body.addStretch(1)

    def opened(self, page: Page) -> None:
        for card in self.cards.values():
            card.reason.flush()
            self._list.removeWidget(card)
            card.deleteLater()
        self.cards.clear()

    def show_page(self, page: Page) -> None:
        referrals = page.clinical.referrals if page.clinical else {}
        for referral, state in referrals.items():
            card = self.cards.get(referral)
            if card is None:
                card = self.cards[referral] = ServiceCard(self, referral, state)
                self._list.insertWidget(0, card)
            card.show_state(state)
        self._nothing.setVisible(not referrals)

    def flush(self) -> None:
        super().flush()
        for card in self.cards.values():
            card.reason.flush()

    def start(self) -> None:
        self.find_button.setFocus(Qt.FocusReason.ShortcutFocusReason)
