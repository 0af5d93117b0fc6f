"""One instrument: where it comes from, by whose leave it is asked, who is trained, and whether it is offered."""

from collections.abc import Callable, Sequence
from datetime import tzinfo
from functools import partial

from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from console.actions import instruments as acts
from console.forms.library import Form
from console.queries.instruments import Listed, rights_of, scores_of
from console.queries.people import Person
from console.views.instruments.permission_fields import PermissionFields
from console.views.instruments.training_card import Do, TrainingCard
from console.views.instruments.wording import facts_of, permission_words, validity_words
from console.views.theme import Type, current, watch
from console.views.widgets import ActionButton, Card, Fields, Look, Notice, SectionHeader, Text, Tone, named
from console.views.widgets.fields import beside_room


class InstrumentDetail(QWidget):
    """What is so of the instrument that was chosen, and what an administrator can change about it."""

    def __init__(self, do: Do, make_view: Callable[[Form], QWidget], zone: tzinfo) -> None:
        super().__init__()
        self._do, self._make_view, self._zone = do, make_view, zone
        self._listed: Listed | None = None
        self._view: QWidget | None = None
        self.setAccessibleName("The chosen instrument")
        self._column = QVBoxLayout(self)
        self._column.addWidget(self._about())
        self._column.addWidget(self._permission_card())
        self.training = TrainingCard(do)
        self._column.addWidget(self.training)
        self._column.addWidget(self._offering_card())
        self.see = ActionButton("See the form")
        self.see.setCheckable(True)
        self.see.toggled.connect(self._toggle_form)
        line = QHBoxLayout()
        line.addWidget(self.see)
        line.addStretch(1)
        self._column.addLayout(line)
        self._place = QVBoxLayout()
        self._column.addLayout(self._place)
        self._column.addStretch(1)
        watch(self._restyle)

    def _about(self) -> Card:
        card = Card()
        self.title = Text(role=Type.HEADING, wrap=True)
        self.facts = Text(role=Type.SMALL, tone=Tone.MUTED, wrap=True)
        self.standing = Text(wrap=True)
        self._validity = Text(role=Type.SMALL, wrap=True)
        self._scores = Text(role=Type.SMALL, wrap=True)
        self._findings = Text(role=Type.SMALL, tone=Tone.MUTED, wrap=True)
        self._notice = Text(role=Type.SMALL, tone=Tone.MUTED, wrap=True)
        for part in (
            self.title,
            self.facts,
            self.standing,
            self._validity,
            self._scores,
            self._findings,
            self._notice,
        ):
            card.body.addWidget(part)
        return card

    def _permission_card(self) -> Card:
        card = Card()
        card.body.addWidget(SectionHeader("Permission"))
        self.permission = PermissionFields()
        card.body.addWidget(self.permission)
        self.permit = ActionButton("Record the permission")
        self.permit.clicked.connect(self._permit)
        line = QHBoxLayout()
        line.addWidget(self.permit)
        line.addStretch(1)
        card.body.addLayout(line)
        return card

    def _offering_card(self) -> Card:
        card = Card()
        card.body.addWidget(SectionHeader("Offered to clinicians"))
        self.reason = named(QLineEdit(), "Why it is withdrawn")
        self.reason.returnPressed.connect(self._offer_or_withdraw)
        self._reason = Fields(labels=150)
        self._reason.row("Reason", self.reason)
        card.body.addLayout(beside_room(self._reason))
        self.reason_said = Notice()
        card.body.addWidget(self.reason_said)
        self.offer = ActionButton("Withdraw", look=Look.DANGER)
        self.offer.clicked.connect(self._offer_or_withdraw)
        line = QHBoxLayout()
        line.addWidget(self.offer)
        line.addStretch(1)
        card.body.addLayout(line)
        return card

    def show_instrument(self, listed: Listed, people: Sequence[Person]) -> None:
        """Show an instrument; what is typed stays while it is the same one and the record says the same of it."""
        before, self._listed = self._listed, listed
        another = before is None or before.name != listed.name
        if another or before != listed:
            self.reason_said.say("")
        form = listed.form
        self.title.setText(listed.title)
        self.facts.setText(facts_of(listed, self._zone))
        self.standing.setText(listed.standing or "Offered.")
        self.standing.set_tone(Tone.WARN if listed.standing else Tone.GOOD)
        _say(self._validity, validity_words(form) if form else "")
        _say(self._scores, f"Scores: {'; '.join(scores_of(form)) or 'none'}" if form else "")
        findings = listed.versions[-1].findings if listed.versions else ()
        _say(self._findings, "\n".join(("Found at the import:", *findings)) if findings else "")
        _say(self._notice, "\n".join(filter(None, rights_of(form))) if form else "")
        self.permission.why.setText(permission_words(listed, self._zone))
        if another or before is None or before.permission != listed.permission:
            self.permission.show_permission(listed.permission)
        self.training.show_instrument(listed, people)
        self._reason.setVisible(listed.withdrawn is None)
        if another or listed.withdrawn is not None:
            self.reason.clear()
        self.offer.set_words("Withdraw" if listed.withdrawn is None else "Offer it again")
        self.offer.set_look(Look.DANGER if listed.withdrawn is None else Look.SECONDARY)
        self.see.setEnabled(form is not None)
        if another or form != (before.form if before else None):
            self.see.setChecked(False)

    def _permit(self) -> None:
        if self._listed is not None:
            missing, given = self.permission.ask_missing(), self.permission.given
            if given is not None and not missing:
                self._do(partial(acts.permit, name=self._listed.name, given=given), "The permission is recorded.")

    def _offer_or_withdraw(self) -> None:
        listed = self._listed
        if listed is None:
            return
        if listed.withdrawn is not None:
            self._do(partial(acts.offer, name=listed.name), f"{listed.title} is offered again.")
        elif not self.reason.text().strip():
            self.reason.setFocus()
            self.reason_said.say("The reason is missing: clinicians read it where the form stood.")
        else:
            self.reason_said.say("")
            job = partial(acts.withdraw, name=listed.name, reason=self.reason.text())
            self._do(job, f"{listed.title} is not offered any more. What was begun with it goes on.")

    def _toggle_form(self, shown: bool) -> None:
        self.see.set_words("Hide the form" if shown else "See the form")
        if self._view is not None:
            self._place.removeWidget(self._view)
            self._view.hide()
            self._view.deleteLater()
            self._view = None
        if shown and self._listed is not None and self._listed.form is not None:
            self._view = self._make_view(self._listed.form)
            self._place.addWidget(self._view)

    def _restyle(self) -> None:
        self._column.setContentsMargins(0, 0, current().space.s, 0)
        self._column.setSpacing(current().space.m)


def _say(text: Text, words: str) -> None:
    text.setText(words)
    text.setVisible(bool(words))
