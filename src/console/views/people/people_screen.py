"""The administrator's screen: the list of people, and adding one or changing their roles."""

from collections.abc import Callable
from functools import partial
from typing import Any
from uuid import UUID

from PySide6.QtCore import QSignalBlocker, Qt
from PySide6.QtWidgets import (
    QApplication,
    QCheckBox,
    QGridLayout,
    QHBoxLayout,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QVBoxLayout,
    QWidget,
)

from console.actions import people as acts
from console.bridge import passwords
from console.bridge.refresher import Refresher
from console.bridge.seat import Seat
from console.bridge.under_way import UnderWay
from console.errors import KnownError
from console.models.changes import Changes
from console.queries.people import Person, everyone
from console.views.theme import Icon, Type, current, watch
from console.views.widgets import ActionButton, Card, Fields, Look, Notice, SectionHeader, Text, Tone, named
from console.views.widgets.fields import beside_room
from console.views.widgets.two_lines import TwoLines
from wire.permissions import Role

_ROLE_WORDS = {
    Role.DISPATCHER: "Dispatcher: flags calls, acknowledges advice",
    Role.CLINICIAN: "Clinician: claims, assesses, keeps the clinical record",
    Role.SUPERVISOR: "Supervisor: dispatch in charge; may flag",
    Role.CLINICAL_SUPERVISOR: "Clinical supervisor: reads the clinical record",
    Role.ADMINISTRATOR: "Administrator: people, desks, settings; never clinical content",
    Role.AUDITOR: "Auditor: reads the audit journal",
}


class PeopleScreen(QWidget):
    """People at the left, the person chosen (or a new one) at the right."""

    def __init__(self, seat: Seat, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._seat = seat
        self._people: dict[UUID, Person] = {}
        self._chosen: UUID | None = None
        self._under_way = UnderWay()
        self.setAccessibleName("People and their roles")
        self._list = named(QListWidget(), "People")
        self._list.setItemDelegate(TwoLines(self._list))
        # What is selected, not what is current: the first row becomes current when the list merely gets the focus.
        self._list.itemSelectionChanged.connect(self._choose)
        self._heading = SectionHeader("Add a person")
        self._name = named(QLineEdit(), "Sign-in name")
        self._display = named(QLineEdit(), "Name others see")
        self._password = named(QLineEdit(), "First password")
        self._password.setEchoMode(QLineEdit.EchoMode.Password)
        self._roles: dict[Role, QCheckBox] = {}
        self._said = Notice()
        self._save = ActionButton("Add", look=Look.PRIMARY, icon=Icon.CHECK)
        self._save.clicked.connect(self._submit)
        self._new = ActionButton("New person", icon=Icon.ADD)
        self._new.clicked.connect(self._start_new)
        self._off = ActionButton("Disable sign-in", look=Look.DANGER)
        self._off.clicked.connect(self._toggle)
        self._build()
        self._refresher = Refresher(seat.bridge, partial(everyone, seat.desk, seat.sign_in), self)
        self._refresher.loaded.connect(self._loaded)
        self._refresher.failed.connect(self._failed)
        seat.bridge.changed.connect(self._changed)
        self._refresher.request()
        watch(self._restyle)

    def _build(self) -> None:
        form = Fields()
        for label, line in (
            ("Sign-in name", self._name),
            ("Name others see", self._display),
            ("Password", self._password),
        ):
            form.row(label, line)
        roles = QGridLayout()
        for row, (role, words) in enumerate(_ROLE_WORDS.items()):
            box = named(QCheckBox(words), words)
            self._roles[role] = box
            roles.addWidget(box, row, 0)
        card = Card()
        column = card.body
        column.addWidget(self._heading)
        column.addLayout(beside_room(form))
        column.addWidget(SectionHeader("Roles"))
        column.addLayout(roles)
        column.addWidget(self._said)
        buttons = QHBoxLayout()
        buttons.addWidget(self._save)
        buttons.addWidget(self._off)
        buttons.addStretch(1)
        column.addLayout(buttons)
        left = QVBoxLayout()
        left.addWidget(self._list, 1)
        left.addWidget(self._new, 0, Qt.AlignmentFlag.AlignLeft)
        right = QVBoxLayout()
        right.addWidget(card)
        right.addStretch(1)
        self._row = QHBoxLayout()
        self._row.addLayout(left, 2)
        self._row.addLayout(right, 3)
        self._whole = QVBoxLayout(self)
        self._whole.addWidget(Text("People", Type.TITLE))
        self._whole.addLayout(self._row, 1)
        self._start_new()

    @property
    def says(self) -> str:
        """What came of the last thing that was done here."""
        return self._said.text()

    # -- what the record says ------------------------------------------------------------------------------------------

    def _changed(self, changes: Changes) -> None:
        if changes.touches("user"):
            self._refresher.request()

    def _loaded(self, found: tuple[Person, ...]) -> None:
        self._people = {person.user: person for person in found}
        for place, person in enumerate(found):
            item = self._list.item(place)
            if item is None:
                item = QListWidgetItem()
                self._list.addItem(item)
            roles = ", ".join(role.value.replace("-", " ") for role in person.roles)
            off = " · sign-in disabled" if person.disabled else ""
            item.setText(f"{person.display_name}  ({person.name})\n{roles}{off}")
            item.setData(Qt.ItemDataRole.UserRole, str(person.user))
            if person.user == self._chosen:
                # A new name may have moved the row; what the form shows stays the same person.
                self._off.set_words(_toggle_words(person))
                with QSignalBlocker(self._list):
                    self._list.setCurrentRow(place)

    def _failed(self, error: KnownError) -> None:
        self._said.say(error.message, Tone.DANGER)

    # -- what the person does ------------------------------------------------------------------------------------------

    def _choose(self) -> None:
        item = next(iter(self._list.selectedItems()), None)
        if item is None:
            return
        person = self._people[UUID(item.data(Qt.ItemDataRole.UserRole))]
        self._chosen = person.user
        self._heading.set_text(person.display_name)
        self._name.setText(person.name)
        self._display.setText(person.display_name)
        for line in (self._name, self._display):
            line.setReadOnly(True)
        self._password.clear()
        self._password.setPlaceholderText("leave empty to keep the password")
        for role, box in self._roles.items():
            box.setChecked(role in person.roles)
        self._save.set_words("Save")
        self._off.set_words(_toggle_words(person))
        self._off.show()
        self._said.say("")

    def _start_new(self) -> None:
        self._chosen = None
        self._list.setCurrentRow(-1)
        self._heading.set_text("Add a person")
        for line in (self._name, self._display, self._password):
            line.setReadOnly(False)
            line.clear()
        self._password.setPlaceholderText("8 characters or more")
        for box in self._roles.values():
            box.setChecked(False)
        self._save.set_words("Add")
        self._off.hide()
        self._said.say("")

    def _submit(self) -> None:
        roles = tuple(role for role, box in self._roles.items() if box.isChecked())
        desk, who = self._seat.desk, self._seat.sign_in
        if self._chosen is None:
            name, password, display = typed = self._typed
            self._do(partial(acts.add_person, desk, who, name, password, roles, display), partial(self._added, typed))
        else:
            password = self._password.text()
            job = partial(_change, desk, who, self._chosen, roles, password)
            self._do(job, partial(self._saved, self._chosen, password))

    def _toggle(self) -> None:
        if self._chosen is not None:
            person = self._people[self._chosen]
            job = partial(acts.set_enabled, self._seat.desk, self._seat.sign_in, person.user, person.disabled)
            self._do(job, partial(self._saved, person.user, ""))

    @property
    def _typed(self) -> tuple[str, str, str]:
        return self._name.text(), self._password.text(), self._display.text()

    def _do(self, job: partial[Any], done: Callable[[Any], None]) -> None:
        # The button stays enabled, else it would lose the focus; pressed twice, it does one thing.
        if self._under_way.begins(job):
            refused = partial(self._refused, self._chosen)
            self._seat.bridge.write(self, *self._under_way.until_over(job, done, refused))

    def _added(self, typed: tuple[str, str, str], _result: object) -> None:
        name, _, display = typed
        if self._chosen is None and self._typed == typed:  # else the person went on to the next one meanwhile
            self._start_new()
            if self.isAncestorOf(QApplication.focusWidget() or self):
                self._name.setFocus()  # the next person begins with a name
        self._said.say(f"{display or name} was added.", Tone.GOOD)

    def _saved(self, user: UUID, password: str, _result: object) -> None:
        if self._chosen == user and self._password.text() == password:
            self._password.clear()
        self._said.say(f"{self._whose(user)}Saved.", Tone.GOOD)

    def _refused(self, user: UUID | None, error: KnownError) -> None:
        self._said.say(f"{self._whose(user)}{error.message}", Tone.DANGER)

    def _whose(self, user: UUID | None) -> str:
        """Whom it is about, where somebody else is shown by now."""
        person = self._people.get(user) if user is not None and user != self._chosen else None
        return f"{person.display_name}: " if person is not None else ""

    def _restyle(self) -> None:
        space = current().space
        self._whole.setContentsMargins(space.xl, space.l, space.xl, space.l)
        self._whole.setSpacing(space.m)
        self._row.setSpacing(space.l)


def _toggle_words(person: Person) -> str:
    return "Enable sign-in" if person.disabled else "Disable sign-in"


def _change(desk: Any, who: Any, user: UUID, roles: tuple[Role, ...], password: str) -> None:
    """Set roles, and the password if one was typed, which a server may refuse: all of it or nothing."""
    if password:
        passwords.set_password(desk, who, user, password, roles)
    else:
        acts.set_roles(desk, who, user, roles)
