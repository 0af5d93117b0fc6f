"""Earlier contacts that may have been with the same person: why they may, what they came to, and who says so or not."""

from functools import partial
from uuid import UUID

from PySide6.QtWidgets import QVBoxLayout, QWidget

from console.actions import encounters
from console.errors import KnownError
from console.models.call import Level
from console.queries.earlier import Earlier, EarlierContact
from console.queries.workspace import Workspace as Page
from console.views.theme import Type, current, watch
from console.views.widgets import ActionButton, Card, ChoiceRow, Look, Notice, SectionHeader, Text, Tone, numbered
from console.views.workspace.form_results import frozen_words
from console.views.workspace.section import flowing
from console.views.workspace.side import level_words
from console.views.workspace.work import Work

FIRST_SHOWN = 3
"""How many contacts are shown before somebody asks for the others."""
_SAME, _ANOTHER = "same", "another"


def match_words(contact: EarlierContact, work: Work) -> str:
    """``Possible match``; or what a clinician said of it."""
    if contact.judged is None:
        return "Possible match"
    whose = "The same person" if contact.judged.same else "Not the same person"
    return f"{whose}, as {work.name(contact.judged.by)} said {work.day_and_time(contact.judged.at)}"


def why_words(contact: EarlierContact) -> str:
    """``same call-back number, but another name``."""
    return ", ".join((*contact.reasons, *([f"but {contact.against}"] if contact.against else [])))


def came_to(contact: EarlierContact) -> str:
    """What an earlier contact came to: its level, how it ended, and the results of signed assessments."""
    level = level_words(contact.level) if contact.level is not Level.NOT_SET else ""
    results = [frozen_words(state.scores) for state in contact.results.values()]
    return " · ".join(part for part in (level, contact.disposition, *results) if part) or "Nothing was recorded of it."


class ContactCard(Card):
    """One earlier contact."""

    def __init__(self, work: Work, contact: UUID) -> None:
        super().__init__()
        self.work = work
        self.shown: EarlierContact | None = None
        self._title = Text(role=Type.STRONG, wrap=True)
        self.match = Text(role=Type.SMALL, wrap=True)
        self._came = Text(role=Type.SMALL, wrap=True)
        self.judge = ChoiceRow(
            "Was it the same person?", numbered([(_SAME, "Same person"), (_ANOTHER, "Not the same person")])
        )
        self.open = ActionButton("Open", look=Look.QUIET)
        self.open.clicked.connect(self._open)
        for line in (self._title, self.match, self._came):
            self.body.addWidget(line)
        self.body.addWidget(flowing(self.judge, self.open))

    def show_contact(self, contact: EarlierContact, possible: bool) -> None:
        """Show it; ``possible`` says that whoever looks may say whose it was."""
        self.shown = contact
        what = contact.type_text or ("Encounter without a call" if contact.call is None else "Call")
        number = f"#{contact.number}" if contact.number else ""
        title = " · ".join(filter(None, (self.work.day_and_time(contact.at), what, number)))
        self._title.setText(title)
        self.match.setText(" · ".join(filter(None, (match_words(contact, self.work), why_words(contact)))))
        self.match.set_tone(Tone.MUTED if contact.another else Tone.CHANGED if contact.judged is None else Tone.GOOD)
        self._came.setText(came_to(contact))
        self.judge.rename(f"Was {title} the same person?")
        said = () if contact.judged is None else (_SAME if contact.judged.same else _ANOTHER,)
        self.judge.set_values(said)
        self.judge.setEnabled(possible)
        self.open.set_words("Open", f"Open {title}")

    def _open(self) -> None:
        if self.shown is not None:
            opens = self.work.open_encounter if self.shown.call is None else self.work.open_call
            opens.emit(self.shown.contact)


class EarlierPanel(QWidget):
    """The possible earlier contacts of a page, newest first. Hidden where there is none."""

    def __init__(self, work: Work) -> None:
        super().__init__()
        self.work = work
        self.cards: dict[UUID, ContactCard] = {}
        self._all = False
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._header = SectionHeader("Possible earlier contacts")
        self._about = Text(
            "Found by what is recorded, never certain. Not on a sheet, in the note or in what is saved.",
            Type.CAPTION,
            Tone.MUTED,
            wrap=True,
        )
        self.common = Text(role=Type.SMALL, tone=Tone.MUTED, wrap=True)
        self.notice = Notice()
        self.more = ActionButton("Show more", look=Look.QUIET)
        self.more.clicked.connect(self._show_all)
        for part in (self._header, self._about, self.common, self.notice, self.more):
            self._column.addWidget(part)
        watch(self._restyle)
        self.hide()

    def opened(self) -> None:
        """Another page is shown."""
        self._all = False
        self.notice.say("")
        for contact in list(self.cards):
            self._drop(contact)

    def show_page(self, page: Page) -> None:
        """Show what may belong together, in place."""
        earlier = page.earlier or Earlier()
        self.setVisible(bool(earlier.contacts or earlier.common))
        self._header.set_text(f"Possible earlier contacts · {earlier.count}")
        self.common.setText("\n".join(f"{each}: too many to tell one person by." for each in earlier.common))
        self.common.setVisible(bool(earlier.common))
        possible = self.work.encounter is not None and not self.work.closed_to_change
        shown = earlier.contacts if self._all else earlier.contacts[:FIRST_SHOWN]
        for contact in self.cards.keys() - {each.contact for each in shown}:
            self._drop(contact)
        for at, each in enumerate(shown):
            card = self.cards.get(each.contact)
            if card is None:
                card = self.cards[each.contact] = ContactCard(self.work, each.contact)
                card.judge.changed.connect(partial(self._judged, each.contact))
                self._column.insertWidget(self._column.indexOf(self.notice) + 1 + at, card)
            card.show_contact(each, possible)
        left = len(earlier.contacts) - len(shown)
        older = earlier.count - sum(not each.another for each in earlier.contacts)
        self.more.setVisible(left > 0)
        self.more.set_words(f"Show {left} more" + (f" ({older} older ones are not shown)" if older > 0 else ""))

    def _show_all(self) -> None:
        self._all = True
        if self.work.page is not None:
            before = set(self.cards)
            self.show_page(self.work.page)
            next(card for contact, card in self.cards.items() if contact not in before).judge.setFocus()

    def _judged(self, contact: UUID, values: tuple[str, ...]) -> None:
        if self.work.encounter is not None:
            self.notice.say("")
            same = (values[0] == _SAME) if values else None
            verb, encounter = encounters.judge_match, self.work.encounter
            self.work.act(verb, encounter, contact, same, then=self._kept, refused=self._refused, again=True)

    def _kept(self, result: object) -> None:
        """It is in the record: the page that is read anew shows it."""

    def _refused(self, error: KnownError) -> None:
        self.notice.say(error.message)
        if self.work.page is not None:
            self.show_page(self.work.page)

    def _drop(self, contact: UUID) -> None:
        card = self.cards.pop(contact)
        self._column.removeWidget(card)
        card.hide()
        card.deleteLater()

    def _restyle(self) -> None:
        self._column.setSpacing(current().space.s)
