"""The directory: what is looked for, the services that fit, and all of the one that is selected.

It shows what it is given and tells what was asked; it reads nothing itself.
"""

from collections.abc import Callable
from datetime import tzinfo

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from console.directory.rank import Hit, Wanted
from console.errors import KnownError
from console.queries.directory import CallPlace, DirectoryContents, Found
from console.views.directory import wording
from console.views.directory.result_list import ResultList
from console.views.directory.search_head import SearchHead
from console.views.directory.service_page import NOTE_KEY, ServicePage
from console.views.theme import Icon, current, watch
from console.views.widgets import BannerBar, EmptyState, ErrorState, LoadingState, Rule, Run, Tone

DIRECTORY_KEYS = (
    ("/", "find by words; any letter goes on typing"),
    ("↓ ↑", "from the words to the services and back"),
    ("Alt+F", "needs: number keys choose"),
    ("Alt+O", "open now"),
    ("Alt+C", "near the call"),
    ("Enter", "offer the service in the call"),
    (NOTE_KEY, "note on the service: Ctrl+Enter leaves it"),
    ("Esc", "clear the search, then let go of the call"),
    ("F5", "read again"),
)
"""Every key of the directory, for the overlay that lists them."""


class DirectoryView(QWidget):
    """Signals: ``asked`` (Wanted) when something else is looked for, ``picked`` (UUID) when a service is offered in
    the call, ``let_go`` when the person no longer looks for the call, ``retry_requested``."""

    asked = Signal(object)
    picked = Signal(object)
    let_go = Signal()
    retry_requested = Signal()

    def __init__(self, zone: tzinfo, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._call: CallPlace | None = None
        self._found: Found | None = None
        self.head = SearchHead()
        self.notice = BannerBar("Directory")
        self.list = ResultList()
        self.page = ServicePage(zone)
        self.loading = LoadingState("Reading the directory…")
        self.empty = EmptyState(Icon.DIRECTORY)
        self.error = ErrorState()
        self.pages = QStackedWidget()
        for page in (self.loading, self.list, self.empty, self.error):
            self.pages.addWidget(page)
        self._build()
        self._wire()
        self._bind_keys()
        self.show_call(None)
        watch(self._restyle)

    # -- what is shown -------------------------------------------------------------------------------------------------

    @property
    def wanted(self) -> Wanted:
        """What is looked for now."""
        return self.head.wanted

    @property
    def selected(self) -> Hit | None:
        """The service that is selected."""
        return self.list.selected

    def show_found(self, found: Found) -> None:
        """What a search found. The answer to the same question again moves no row."""
        again = self._found is not None and self._found.wanted == found.wanted
        self._found = found
        if again and self.list.rows:
            self.list.show_again(found.hits)
        else:
            self.list.show_answer(found.hits)
        self.page.show_hit(self.list.selected, found.names)
        self.page.invite(bool(found.hits))
        if found.hits:
            self.pages.setCurrentWidget(self.list)
            self.notice.say_aside(wording.summary(found), Tone.MUTED)
        else:
            title, sentence, action, key = wording.nothing(found)
            self.empty.say(title, sentence, action=action, key=key)
            self.pages.setCurrentWidget(self.empty)
            self.notice.say_aside("", Tone.MUTED)
        self._speak()

    def show_contents(self, contents: DirectoryContents) -> None:
        """What the directory's services help with."""
        self.head.show_needs(contents.needs)

    def show_call(self, call: CallPlace | None) -> None:
        """Look for a service for this call, near it; or for none."""
        self._call = call
        self.head.show_call(call)
        self.page.offer_picking(call is not None)
        self._speak()
        self.head.ask()

    def show_loading(self) -> None:
        """Nothing has been read yet."""
        if self._found is None:
            self.pages.setCurrentWidget(self.loading)

    def show_error(self, error: KnownError) -> None:
        """The directory could not be read. Rows that are there stay, with the reason above them."""
        if self.list.rows:
            self.notice.say(error.message, Tone.DANGER)
            return
        self.error.say("The directory could not be read.", error.message, action="Try again", key="F5")
        self.pages.setCurrentWidget(self.error)

    # -- keys ----------------------------------------------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Letters that the rows do not want are words one looks for."""
        bare = not event.modifiers() & ~(Qt.KeyboardModifier.ShiftModifier | Qt.KeyboardModifier.KeypadModifier)
        if bare and event.text().isprintable() and event.text().strip():
            self.head.type_on(event.text())
            return
        super().keyPressEvent(event)

    def _bind_keys(self) -> None:
        acts: dict[str, Callable[[], None]] = {
            "Alt+F": self.head.go_needs,
            "Alt+O": self.head.open_now.click,
            "Alt+C": self._near,
            "F5": self._retry,
            "Esc": self._back,
            "/": self.head.go_words,
            NOTE_KEY: self.page.go_note,
        }
        for key, act in acts.items():
            shortcut = QShortcut(QKeySequence(key), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(act)

    def _near(self) -> None:
        if self._call is not None and self._call.at is not None:
            self.head.near.click()

    def _back(self) -> None:
        """Escape: out of a note, which is kept; to the words, then without them, then without the call."""
        if self.page.note.edit.hasFocus():
            self._downward()
        elif self.head.clear() or not self.head.words.hasFocus():
            self.head.go_words()
        elif self._call is not None:
            self.let_go.emit()

    def _retry(self) -> None:
        self.retry_requested.emit()

    # -- what happens --------------------------------------------------------------------------------------------------

    def _speak(self) -> None:
        """Whom the service is for stands above the rows as long as it can be offered."""
        if self._call is None:
            self.notice.say((), Tone.MUTED)
            return
        runs = (Run("For "), Run(self._call.title or "the encounter", strong=True))
        self.notice.say(runs, Tone.ACCENT, key="Esc", key_says="look without a call")

    def _chosen(self, hit: Hit | None) -> None:
        self.page.show_hit(hit, self._found.names if self._found is not None else {})

    def _pick(self) -> None:
        hit = self.list.selected
        # Rows that answer an older question are about to change: a quick second Enter must not pick one of them.
        current_answer = self._found is not None and self._found.wanted == self.wanted
        if self._call is not None and hit is not None and current_answer:
            self.picked.emit(hit.service)

    def _downward(self) -> None:
        if self.pages.currentWidget() is self.list:
            self.list.setFocus(Qt.FocusReason.TabFocusReason)

    def _empty_pressed(self) -> None:
        if self._found is not None and self._found.closed_hidden:
            self.head.open_now.setChecked(False)
        else:
            self.head.clear()
        self.head.go_words()

    def _wire(self) -> None:
        self.head.asked.connect(self.asked)
        self.head.downward.connect(self._downward)
        self.list.chosen.connect(self._chosen)
        self.list.entered.connect(self._pick)
        self.list.left_upward.connect(self.head.go_words)
        self.page.picked.connect(self._pick)
        self.notice.activated.connect(self.let_go)
        self.empty.activated.connect(self._empty_pressed)
        self.error.activated.connect(self.retry_requested)

    # -- building ------------------------------------------------------------------------------------------------------

    def _build(self) -> None:
        self._top = QVBoxLayout()
        self._top.addWidget(self.head)
        self._top.addWidget(self.notice)
        self._left = QVBoxLayout()
        self._left.addLayout(self._top)
        self._left.addWidget(Rule())
        self._left.addWidget(self.pages, 1)
        self._left.setSpacing(0)
        self._across = QHBoxLayout(self)
        self._across.setContentsMargins(0, 0, 0, 0)
        self._across.setSpacing(0)
        self._across.addLayout(self._left, 8)
        self._part = Rule(upright=True)
        self._across.addWidget(self._part)
        self._across.addWidget(self.page, 5)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """The service beside the rows where both fit, else below them."""
        narrow = self.width() < current().px(680)
        self._across.setDirection(QBoxLayout.Direction.TopToBottom if narrow else QBoxLayout.Direction.LeftToRight)
        self._part.setVisible(not narrow)

    def _restyle(self) -> None:
        space = current().space
        self._top.setContentsMargins(space.l, space.m, space.l, space.s)
        self._top.setSpacing(space.s)
        self._fit()
