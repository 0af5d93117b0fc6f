"""What every section of the page has: a column, an inline line for what went wrong, and drafts that follow the page."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any
from uuid import UUID

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLayout, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from console.errors import KnownError
from console.models.center import Center
from console.queries.workspace import Workspace as Page
from console.views.theme import current, watch
from console.views.widgets import (
    ActionButton,
    FlowLayout,
    FocusScrollArea,
    Notice,
    SectionHeader,
    tab_through,
)
from console.views.workspace.typing_box import WordsBox
from console.views.workspace.work import Work


class Ground(QFrame):
    """A plain ground in one of the theme's colors."""

    def __init__(self, token: str = "surface", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._token = token

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), getattr(current().tokens, self._token))
        painter.end()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        self.update()


def scrolled(inner: QWidget, name: str) -> QScrollArea:
    """``inner`` in a scroll area without a ground of its own. The area takes no focus: what is in it does."""
    area = FocusScrollArea()
    area.setWidgetResizable(True)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setAccessibleName(name)
    area.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
    area.setMinimumHeight(1)  # what scrolls gives way: what stands above and below it is seen whole
    area.setWidget(inner)
    inner.setAutoFillBackground(False)
    area.viewport().setAutoFillBackground(False)
    return area


def row(*widgets: QWidget | QLayout, stretch: int | None = None) -> QHBoxLayout:
    """Widgets side by side; ``stretch`` is the place of the one that takes the room, by default the space after."""
    line = QHBoxLayout()
    line.setContentsMargins(0, 0, 0, 0)
    line.setSpacing(current().space.s)
    for at, each in enumerate(widgets):
        weight = 1 if at == stretch else 0
        if isinstance(each, QWidget):
            line.addWidget(each, weight)
        else:
            line.addLayout(each, weight)
    if stretch is None:
        line.addStretch(1)
    return line


def flowing(*widgets: QWidget) -> QWidget:
    """Widgets side by side that go on in the next line where the room ends."""
    holder = QWidget()
    flow = FlowLayout(holder, gap=current().space.s)
    for widget in widgets:
        flow.addWidget(widget)
    policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
    policy.setHeightForWidth(True)
    holder.setSizePolicy(policy)
    return holder


class Edge(QWidget):
    """What stands above or below a section's column: keys mean the same there as in the section."""

    def __init__(self, section: "Section") -> None:
        super().__init__()
        self._section = section

    def keyPressEvent(self, event: QKeyEvent) -> None:
        self._section.keyPressEvent(event)


def settle_tab_order(before: QWidget, *containers: QWidget | None) -> None:
    """Make Tab go through ``containers`` in the order in which their parts stand, right after ``before``."""
    tab_through((before, *(stop for container in containers if container is not None for stop in _stops(container))))


def _stops(widget: QWidget) -> Iterator[QWidget]:
    """Where Tab stops in ``widget``, in the order of its layouts; what was built later may stand further up."""
    layout = widget.layout()
    hands_on = widget.focusProxy() is not None
    if hands_on or widget.focusPolicy() != Qt.FocusPolicy.NoFocus:
        yield widget
    # What hands the focus on is followed by its parts: else Tab would find them where they were built.
    if layout is not None and (hands_on or widget.focusPolicy() == Qt.FocusPolicy.NoFocus):
        yield from _stops_in(layout)


def _stops_in(layout: QLayout) -> Iterator[QWidget]:
    for at in range(layout.count()):
        item = layout.itemAt(at)
        widget, inner = (item.widget(), item.layout()) if item is not None else (None, None)
        if widget is not None:
            yield from _stops(widget)
        elif inner is not None:
            yield from _stops_in(inner)


class Section(QWidget):
    """One section. Subclasses build into ``body`` and show what :meth:`show_page` brings, in place."""

    CODE = ""
    TITLE = ""
    HAS_PRIMARY = True
    """Whether the section has a loud button of its own."""
    WIDEST = 860
    """Width in pixels at 100 % past which lines would be too long to read; 0 where there is none."""

    def __init__(self, work: Work) -> None:
        super().__init__()
        self.work = work
        self.body = QVBoxLayout(self)
        self.notice = Notice()
        self._boxes: list[WordsBox] = []
        self.words_go_to: WordsBox | None = None
        """The field in which letters go on that are typed beside a field: among choices, where only numbers mean
        something, or on a button."""
        self.tab_before: QWidget | None = None
        self.header: QWidget | None = None
        self.footer: QWidget | None = None
        """What stands above and below the column and does not scroll with it."""
        self.body.addWidget(self.notice)
        self.setAccessibleName(self.TITLE)
        watch(self._restyle_section)

    # -- for subclasses ------------------------------------------------------------------------------------------------

    def pieces(self) -> Iterator[None]:
        """Build what takes long to build, a piece with each step. The section is shown when all of it is there."""
        yield from ()

    def expect(self, center: Center) -> None:
        """Build what follows the center's own lists before the first page is there. A page may bring other lists."""

    def show_page(self, page: Page) -> None:
        """Show the page as it is now, in place: what is being typed, the focus and the scroll stay."""

    def opened(self, page: Page) -> None:
        """Another call or encounter is on the page: forget what was chosen for the last one."""

    def set_low(self, low: bool) -> None:
        """Say whether there is little height: what is not the work itself then keeps to one line."""

    def start(self) -> None:
        """Put the focus where the work of this section begins."""
        self.focusNextChild()

    def commit(self) -> None:
        """Ctrl+Enter: do what this section is for."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        held = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and held == Qt.KeyboardModifier.ControlModifier:
            if not event.isAutoRepeat():
                self.commit()
        elif not self._goes_on(event):
            super().keyPressEvent(event)

    def _goes_on(self, event: QKeyEvent) -> bool:
        """Write a letter that nothing else here takes where it belongs; false when there is no such place."""
        box, letter = self.words_go_to, event.text()
        plain = event.modifiers() & ~Qt.KeyboardModifier.ShiftModifier == Qt.KeyboardModifier.NoModifier
        if box is None or not box.isVisible() or not box.isEnabled() or not plain or not letter.isalpha():
            return False
        box.edit.setFocus(Qt.FocusReason.OtherFocusReason)
        box.edit.insertPlainText(letter)
        return True

    # -- shared --------------------------------------------------------------------------------------------------------

    def open_page(self, page: Page) -> None:
        """Turn to another page."""
        self.notice.say("")
        for box in self._boxes:
            box.bind(self._subject(page), page, self.work.seat.desk.zone)
        self.opened(page)

    def _subject(self, page: Page) -> UUID | None:
        """What the drafts of this section belong to."""
        if page.call is not None:
            return page.call
        return page.clinical.encounter if page.clinical else None

    def flush(self) -> None:
        """Keep everything typed here, now."""
        for box in self._boxes:
            box.flush()

    def words(
        self,
        field: str,
        name: str,
        placeholder: str = "",
        *,
        limit: int,
        note: str = "",
        least: int = 1,
        most: int = 4,
        entered: Callable[[], None] | None = None,
    ) -> WordsBox:
        """A free-text field of this section, with its draft and its limit.

        Ctrl+Enter in it does ``entered``, else :meth:`commit`.
        """
        box = WordsBox(
            self.work.seat,
            self.work.saver,
            f"{self.CODE}.{field}",
            name,
            placeholder,
            limit=limit,
            note=note,
            least=least,
            most=most,
        )
        self._boxes.append(box)
        box.entered.connect(entered or self.commit)
        return box

    def do(
        self, verb: Callable[..., Any], *given: Any, then: Callable[[Any], None] | None = None, **named: Any
    ) -> None:
        """Do an act; what is refused stands in this section's line."""
        self.notice.say("")
        self.work.act(verb, *given, then=then or self.done, refused=self.refused, **named)

    def done(self, result: Any) -> None:
        """The act is in the record; what it changed comes with the next page."""

    def refused(self, error: KnownError) -> None:
        self.notice.say(error.message)

    def heading(self, text: str) -> SectionHeader:
        header = SectionHeader(text)
        self.body.addWidget(header)
        return header

    def buttons(self, buttons: Sequence[ActionButton]) -> None:
        """A row of buttons at the end of a group."""
        self.body.addWidget(flowing(*buttons))

    def _restyle_section(self) -> None:
        space = current().space
        if self.WIDEST:
            self.setMaximumWidth(current().px(self.WIDEST))
        self.body.setContentsMargins(space.l, space.m, space.l, space.l)
        self.body.setSpacing(space.s)
