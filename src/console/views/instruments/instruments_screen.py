"""The administrator's screen of instruments: the list, the one chosen, and the import of another."""

from collections.abc import Callable
from functools import partial
from typing import Any

from PySide6.QtCore import QSignalBlocker, Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QApplication,
    QHBoxLayout,
    QListWidget,
    QListWidgetItem,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from console.bridge.refresher import Refresher
from console.bridge.seat import Seat
from console.bridge.under_way import UnderWay
from console.errors import KnownError
from console.forms.library import Form
from console.models.changes import Changes
from console.queries.instruments import Listed, Preview, instruments
from console.queries.people import Person, everyone
from console.views.instruments.detail import InstrumentDetail
from console.views.instruments.import_page import ImportPage
from console.views.instruments.wording import list_words
from console.views.theme import Icon, Type, current, watch
from console.views.widgets import (
    ActionButton,
    ErrorState,
    FocusScrollArea,
    LoadingState,
    Notice,
    Text,
    Tone,
    named,
)
from console.views.widgets.two_lines import TwoLines

Found = tuple[tuple[Listed, ...], tuple[Person, ...]]


class InstrumentsScreen(QWidget):
    """All instruments at the left, the chosen one at the right; the import takes the place of both.

    ``make_view`` makes a form as a clinician sees it.
    """

    def __init__(self, seat: Seat, make_view: Callable[[Form], QWidget], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._seat = seat
        self._listed: dict[str, Listed] = {}
        self._people: tuple[Person, ...] = ()
        self._chosen = ""
        self._under_way = UnderWay()
        self.setAccessibleName("Instruments")
        self.list = named(QListWidget(), "Instruments")
        self.list.setItemDelegate(TwoLines(self.list))
        self.list.itemSelectionChanged.connect(self._choose)
        self.detail = InstrumentDetail(self._do, make_view, seat.desk.zone)
        self.importing = ImportPage(seat, self._do, make_view)
        self.importing.closed.connect(self.show_list)
        self._bring = ActionButton("Import a form", key="Ctrl O", icon=Icon.ADD)
        self._bring.clicked.connect(self.begin_import)
        self._said = Notice()
        self._loading = LoadingState("Reading the instruments…")
        self._error = ErrorState()
        self._build()
        shortcut = QShortcut(QKeySequence("Ctrl+O"), self)
        shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        shortcut.activated.connect(self.begin_import)
        self._refresher = Refresher(seat.bridge, self._read, self)
        self._refresher.loaded.connect(self._loaded)
        self._refresher.failed.connect(self._failed)
        self._error.activated.connect(self._refresher.request)
        seat.bridge.changed.connect(self._changed)
        self._refresher.request()
        watch(self._restyle)

    def _build(self) -> None:
        left = QVBoxLayout()
        left.addWidget(self.list, 1)
        left.addWidget(self._bring, 0, Qt.AlignmentFlag.AlignLeft)
        area = FocusScrollArea()
        area.setWidgetResizable(True)
        area.setFrameShape(area.Shape.NoFrame)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setAccessibleName("The chosen instrument")
        area.setWidget(self.detail)
        self.detail.setAutoFillBackground(False)
        area.viewport().setAutoFillBackground(False)
        both = QWidget()
        self._row = QHBoxLayout(both)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.addLayout(left, 2)
        self._row.addWidget(area, 5)
        self._stack = QStackedWidget()
        self._both = both
        for part in (self._loading, both, self.importing, self._error):
            self._stack.addWidget(part)
        self._whole = QVBoxLayout(self)
        self._whole.addWidget(Text("Instruments", Type.TITLE))
        self._whole.addWidget(self._said)
        self._whole.addWidget(self._stack, 1)
        self.setFocusProxy(self.list)

    @property
    def says(self) -> str:
        """What came of the last thing that was done here."""
        return self._said.text()

    # -- what the record says ------------------------------------------------------------------------------------------

    def _read(self) -> Found:
        desk, who = self._seat.desk, self._seat.sign_in
        return instruments(desk, who), everyone(desk, who)

    def _changed(self, changes: Changes) -> None:
        if changes.touches("instrument", "form", "user"):
            self._refresher.request()

    def _loaded(self, found: Found) -> None:
        listed, self._people = found
        self._listed = {each.name: each for each in listed}
        with QSignalBlocker(self.list):
            while self.list.count() > len(listed):
                self.list.takeItem(self.list.count() - 1)
            for place, each in enumerate(listed):
                item = self.list.item(place)
                if item is None:
                    item = QListWidgetItem()
                    self.list.addItem(item)
                item.setText(list_words(each))
                item.setData(Qt.ItemDataRole.UserRole, each.name)
            if self._chosen not in self._listed:
                self._chosen = listed[0].name
            self.list.setCurrentRow([each.name for each in listed].index(self._chosen))
        self._show_chosen()
        if self._stack.currentWidget() in (self._loading, self._error):
            self._stack.setCurrentWidget(self._both)
            if self.isVisible() and QApplication.focusWidget() is None:
                self.list.setFocus()  # what had the focus while it was read is hidden now

    def _failed(self, error: KnownError) -> None:
        if self._listed:
            self._say(f"Not read anew: {error.message}", Tone.DANGER)
            return
        self._error.say("The instruments could not be read", error.message, action="Try again", key="Enter")
        self._stack.setCurrentWidget(self._error)

    # -- what the person does ------------------------------------------------------------------------------------------

    def _choose(self) -> None:
        item = next(iter(self.list.selectedItems()), None)
        if item is not None:
            self._chosen = item.data(Qt.ItemDataRole.UserRole)
            self._say("")
            self._show_chosen()

    def _show_chosen(self) -> None:
        if self._chosen in self._listed:
            self.detail.show_instrument(self._listed[self._chosen], self._people)

    def begin_import(self) -> None:
        """To the import of a form."""
        self._say("")
        self.importing.begin()
        self._stack.setCurrentWidget(self.importing)
        self.importing.file.setFocus()

    def show_list(self) -> None:
        """Back to the list."""
        self._stack.setCurrentWidget(self._both)
        self.list.setFocus()

    def _do(self, job: partial[Any], said: str) -> None:
        # The button stays enabled, else it would lose the focus; pressed twice, it does one thing.
        act, brings = partial(job, self._seat.desk, self._seat.sign_in), self._imports
        if self._under_way.begins(act):
            done, refused = partial(self._done, said, brings), partial(self._refused, brings)
            self._seat.bridge.write(self, *self._under_way.until_over(act, done, refused))

    @property
    def _imports(self) -> Preview | None:
        """The form that the import shows, while that is on the screen."""
        return self.importing.preview if self._stack.currentWidget() is self.importing else None

    def _done(self, said: str, brought: Preview | None, _result: object) -> None:
        if brought is not None and brought is self._imports:
            self._chosen = brought.name
            self.show_list()
            self._refresher.request()  # the list may have come before word of the act
        self._say(said, Tone.GOOD)

    def _refused(self, brings: Preview | None, error: KnownError) -> None:
        if brings is not None and brings is self._imports:
            self.importing.say(error.message, Tone.DANGER)
        else:
            self._say(error.message, Tone.DANGER)

    def _say(self, words: str, tone: Tone = Tone.MUTED) -> None:
        self._said.say(words, tone)

    def _restyle(self) -> None:
        space = current().space
        self._whole.setContentsMargins(space.xl, space.l, space.xl, space.l)
        self._whole.setSpacing(space.m)
        self._row.setSpacing(space.l)
