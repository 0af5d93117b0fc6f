"""Who is trained in an instrument, and whether it is kept to them."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any
from uuid import UUID

from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QLineEdit, QVBoxLayout

from console.actions import instruments as acts
from console.models.changes import Changes
from console.models.sign_in import SignIn
from console.queries.instruments import Listed
from console.queries.people import Person
from console.views.widgets import ActionButton, Card, Fields, SectionHeader, Text, Tone, named
from console.views.widgets.fields import beside_room
from wire.permissions import may_write

Do = Callable[[partial[Any], str], None]


class TrainingCard(Card):
    """A box for each person who may assess; what is ticked counts once it is saved."""

    def __init__(self, do: Do) -> None:
        super().__init__()
        self._do = do
        self._name = ""
        self._shown: tuple[object, ...] = ()
        self.boxes: dict[UUID, QCheckBox] = {}
        self.body.addWidget(SectionHeader("Trained people"))
        self.only = named(QCheckBox("Only the people ticked here may begin it"), "Only trained people may begin it")
        self.body.addWidget(self.only)
        self._rights = Text("Its rights demand training.", tone=Tone.MUTED, wrap=True)
        self.body.addWidget(self._rights)
        self._list = QVBoxLayout()
        self.body.addLayout(self._list)
        self._nobody = Text("Nobody here may assess yet. Add clinicians under People.", tone=Tone.MUTED, wrap=True)
        self.body.addWidget(self._nobody)
        self.on = named(QLineEdit(), "Day of the training", "year-month-day, for those who are ticked anew")
        self.on.setPlaceholderText("2026-11-21; may stay empty")
        fields = Fields(labels=150)
        fields.row("Trained on", self.on)
        self.body.addLayout(beside_room(fields))
        self.save = ActionButton("Save who is trained")
        self.save.clicked.connect(self._save)
        line = QHBoxLayout()
        line.addWidget(self.save)
        line.addStretch(1)
        self.body.addLayout(line)

    def show_instrument(self, listed: Listed, people: Sequence[Person]) -> None:
        """Show what is on record; what was ticked and not saved stays while the record says the same."""
        able = [each for each in people if may_write(each.roles, "assessment.started") and not each.disabled]
        able += [each for each in people if each.user in listed.trained and each not in able]
        shown = (listed.name, listed.trained, listed.trained_only, tuple(able))
        if shown == self._shown:
            return
        another = self._name != listed.name
        self._shown, self._name = shown, listed.name
        self.only.setChecked(listed.trained_only)
        self.only.setEnabled(not listed.needs.training)
        self._rights.setVisible(listed.needs.training)
        self._nobody.setVisible(not able)
        if another:
            self.on.clear()
        for user in [user for user in self.boxes if user not in {each.user for each in able}]:
            box = self.boxes.pop(user)
            self._list.removeWidget(box)
            box.deleteLater()
        for person in able:
            if person.user not in self.boxes:
                box = self.boxes[person.user] = QCheckBox()
                self._list.addWidget(box)
            box = self.boxes[person.user]
            off = " (sign-in disabled)" if person.disabled else ""
            box.setText(f"{person.display_name}{off}")
            named(box, f"{person.display_name} is trained")
            box.setChecked(person.user in listed.trained)

    def _save(self) -> None:
        users = [user for user, box in self.boxes.items() if box.isChecked()]
        self._do(
            partial(_save_all, name=self._name, users=users, on=self.on.text(), only=self.only.isChecked()),
            "Saved who is trained.",
        )


def _save_all(desk: Any, who: SignIn, *, name: str, users: list[UUID], on: str, only: bool) -> Changes:
    changes = acts.set_trained(desk, who, name, users, on)
    return changes | acts.require_training(desk, who, name, only)
