"""How the page is laid out: head, sections, note pad always in view, CAD and thread beside, the bar below."""

from collections.abc import Iterator
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from console.queries.workspace import Workspace as Page
from console.views.theme import Type, current, watch
from console.views.widgets import ActionButton, Look, Notice, PillTabs, Rule, Text, Tone, named
from console.views.workspace import keys
from console.views.workspace.advise import AdviseSection
from console.views.workspace.assess import AssessSection
from console.views.workspace.bind_bar import BindBar
from console.views.workspace.dispose import DisposeSection
from console.views.workspace.facts import FactsSection
from console.views.workspace.header import Header
from console.views.workspace.history import HistorySection
from console.views.workspace.level import LevelSection
from console.views.workspace.note_pad import NotePad
from console.views.workspace.screen import ScreenSection
from console.views.workspace.section import Ground, Section, scrolled, settle_tab_order
from console.views.workspace.services import ServicesSection
from console.views.workspace.sheet import SheetSection
from console.views.workspace.side import CadPanel, Thread
from console.views.workspace.work import Work

SIDE_FROM = 690
"""Width in pixels at 100 % from which CAD and thread stand beside the work instead of in a section of their own."""
SIDE_WIDTH, SIDE_LEAST = 264, 236
LOW_UNDER = 620
"""Height in pixels at 100 % under which the note pad keeps to its last line and the bar leaves its room to the work:
its buttons are sections and keys as well."""
TINY_UNDER = 440
"""Height in pixels at 100 % under which head and note pad keep to a line each, so that a question can be seen whole."""
ELSEWHERE = "This desk is enrolled for operations; clinical work is done at a clinical desk."
_CLINICAL_ONLY = ("assess", "services")
_SECTIONS: dict[str, type[Section]] = {
    "screen": ScreenSection,
    "facts": FactsSection,
    "assess": AssessSection,
    "level": LevelSection,
    "advise": AdviseSection,
    "services": ServicesSection,
    "sheet": SheetSection,
    "dispose": DisposeSection,
    "history": HistorySection,
}


def _jump_key(code: str) -> str:
    order = [each for each, _ in keys.SECTIONS]
    return f"Alt {order.index(code) + 1}" if code in order else keys.hint(keys.CAD)


class PageFrame(Ground):
    """The parts of a page in their places. It knows where things stand, not when they are read.

    Signals: ``wanted`` (section code) and ``find_service`` for the buttons of the bar.
    """

    wanted = Signal(str)
    find_service = Signal()

    def __init__(self, work: Work) -> None:
        super().__init__("window")
        self.work = work
        self.narrow: bool | None = None
        self._low = self._among_buttons = False
        self.header = Header(work)
        self.bind_bar = BindBar(work)
        self.header.wrong_call.clicked.connect(self.bind_bar.ask_again)
        self.notice = Notice()
        self._build_sections()
        self.pad = NotePad(work)
        self.elsewhere = Text(ELSEWHERE, Type.SMALL, Tone.MUTED, wrap=True)
        self.cad = CadPanel(work)
        self.talk = Thread(work)
        self._build_page()
        watch(self._restyle_page)

    def _build_sections(self) -> None:
        work = self.work
        shown = [(code, label) for code, label in keys.SECTIONS if work.clinical or code not in _CLINICAL_ONLY]
        if not work.may("call.disposed"):
            shown = [(code, "Outcome" if code == "dispose" else label) for code, label in shown]
        self.tabs = PillTabs("Sections", [*shown, ("cad", "CAD")])
        self.tabs.chosen.connect(self._chose)
        self._cad_tab = self.tabs.buttons()[-1]
        # Where the tabs would need a second line, one line chooses among them.
        self.chooser = named(QComboBox(), "Section")
        for code, label in (*shown, ("cad", "CAD")):
            self.chooser.addItem(label, code)
            self.chooser.setItemData(self.chooser.count() - 1, _jump_key(code), Qt.ItemDataRole.ToolTipRole)
        self.chooser.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.chooser.setMinimumContentsLength(7)
        self.chooser.activated.connect(self._choose_at)
        self._stack = QStackedWidget()
        self.codes = tuple(code for code, _ in shown)
        self.sections: dict[str, Section] = {}
        self._under_way: dict[str, tuple[Section, Iterator[None]]] = {}
        for _ in (*self.codes, "cad"):
            holder = QWidget()
            column = QVBoxLayout(holder)
            column.setContentsMargins(0, 0, 0, 0)
            column.setSpacing(0)
            self._stack.addWidget(holder)

    def section(self, code: str) -> Section:
        """A section, built here and now where it was not yet when it is first gone to."""
        for _ in self.making(code):
            pass
        return self.sections[code]

    def making(self, code: str) -> Iterator[None]:
        """Build a section, a piece with each step. Another may go on with what this one began."""
        if code in self.sections:
            return
        if code not in self._under_way:
            begun = _SECTIONS[code](self.work)
            self._under_way[code] = (begun, begun.pieces())
            # Before its pieces are there: what is moved to another place with all its parts takes their looks anew.
            self._place_section(code, begun)
            yield
        section, pieces = self._under_way[code]
        for _ in pieces:
            yield
        if code not in self.sections:
            self.sections[code] = section
            if self.work.page is not None:
                section.open_page(self.work.page)

    def _place_section(self, code: str, section: Section) -> None:
        section.tab_before = self._cad_tab
        section.set_low(self._low)
        column = self._column_of(code)
        if section.header is not None:
            column.addWidget(section.header)
        area = scrolled(section, section.TITLE)
        column.addWidget(area, 1)
        area.show()  # now, not when the layout gets to it: the focus is to go there in this very moment
        if section.footer is not None:
            column.addWidget(section.footer)

    def _column_of(self, code: str) -> QVBoxLayout:
        at = self.codes.index(code) if code in self.codes else len(self.codes)
        holder = self._stack.widget(at)
        column = holder.layout() if holder else None
        assert isinstance(column, QVBoxLayout)
        return column

    def _build_page(self) -> None:
        self._side = Ground("surface")
        side = QVBoxLayout(self._side)
        side.setContentsMargins(0, 0, 0, 0)
        side.setSpacing(0)
        side.addWidget(scrolled(self.cad, "CAD"), 3)
        side.addWidget(Rule())
        side.addWidget(self.talk, 2)
        middle = QVBoxLayout()
        middle.setSpacing(0)
        middle.addWidget(self._stack, 1)
        middle.addWidget(Rule())
        middle.addWidget(self.pad)
        middle.addWidget(self.elsewhere)
        self._across = QHBoxLayout()
        self._across.setSpacing(0)
        self._across.addLayout(middle, 1)
        self._side_rule = Rule(upright=True)
        self._across.addWidget(self._side_rule)
        self._across.addWidget(self._side)
        self._tab_row = QHBoxLayout()
        self._tab_row.addWidget(self.tabs)
        self._tab_row.addWidget(self.chooser)
        self._tab_row.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        for part in (self.header, self.bind_bar, Rule()):
            column.addWidget(part)
        column.addLayout(self._tab_row)
        column.addWidget(Rule())
        column.addWidget(self.notice)
        column.addLayout(self._across, 1)
        column.addWidget(Rule())
        self.pad.setVisible(self.work.clinical)
        self.elsewhere.setVisible(self.work.clinician and not self.work.clinical)
        self.bar = self._build_bar()
        column.addWidget(self.bar)
        QWidget.setTabOrder(self.dispose, self.header.heading.close_button)

    def _build_bar(self) -> QWidget:
        bar = Ground("surface")
        self.advise = ActionButton("Advise dispatch", key=keys.hint(keys.ADVISE), look=Look.PRIMARY)
        self.sheet = ActionButton("Sheet", key=keys.hint(keys.SHEET))
        self.service = ActionButton("Find service", key=keys.hint(keys.SERVICE))
        self.dispose = ActionButton("Dispose", key=keys.hint(keys.DISPOSE))
        for button, code in ((self.advise, "advise"), (self.sheet, "sheet"), (self.dispose, "dispose")):
            button.clicked.connect(partial(self._want, code))
        self.service.clicked.connect(self.find_service)
        self._bar = QHBoxLayout(bar)
        for button in (self.advise, self.sheet, self.service):
            self._bar.addWidget(button)
        self._bar.addStretch(1)
        self._bar.addWidget(self.dispose)
        if not self.work.may("call.advised"):
            self.advise.set_words("Advice")
        if not self.work.may("call.disposed"):
            self.dispose.set_words("Outcome")
        self.service.setVisible(self.work.clinical)
        bar.setMinimumWidth(1)  # it goes before it would widen the page
        return bar

    def _want(self, code: str, *_: object) -> None:
        self.wanted.emit(code)

    # -- showing -------------------------------------------------------------------------------------------------------

    def open_page(self, page: Page) -> None:
        """Turn every part to another page."""
        self.notice.say("")
        self.header.open_page(page)
        for section in self.sections.values():
            section.open_page(page)
        if page.call is None and "assess" in self.codes:
            self.choose("assess")  # what can be done before there is a call
        self.pad.open_page(page)
        self.talk.open_page(page)

    def show_page(self, page: Page) -> None:
        """Show the page as it is now, in every part that can be seen."""
        self.header.show_page(page)
        self.bind_bar.show_page(page)
        self.cad.show_page(page)
        self.talk.show_page(page)
        self.pad.show_page(page)
        for button in (self.advise, self.sheet, self.dispose):
            button.setEnabled(page.call is not None)
        if self.work.closed_to_change:
            self.pad.box.setEnabled(False)
            self.talk.box.setEnabled(False)
        waiting = sum(given.acknowledged_at is None for given in page.state.advice) if page.state else 0
        self.tabs.set_counts({"advise": waiting} if waiting else {})
        self.show_section()

    def show_section(self) -> None:
        """Bring the section in view up to date."""
        page, code = self.work.page, self.tabs.value
        if page is not None and code in self.codes:
            section = self.section(code)
            section.show_page(page)
            if code != "history":
                section.setEnabled(not self.work.closed_to_change)
            settle_tab_order(self._cad_tab, section.header, section, section.footer)

    def flush(self) -> None:
        """Hand over everything that was typed and is not on disk yet."""
        for section in self.sections.values():
            section.flush()
        self.header.strip.flush()
        self.pad.box.flush()
        self.talk.box.flush()

    def choose(self, code: str) -> None:
        """Show a section, without moving the focus."""
        if code != self.tabs.value:
            self.tabs.set_value(code)
            self._chose(code)

    def focus_tabs(self) -> None:
        """Put the focus on the choice of sections."""
        (self.chooser if self.tabs.isHidden() else self.tabs).setFocus(Qt.FocusReason.OtherFocusReason)

    def _choose_at(self, at: int) -> None:
        self.choose(self.chooser.itemData(at))

    def _chose(self, code: str) -> None:
        self.chooser.setCurrentIndex(self.chooser.findData(code))
        # One loud button to a screen: the section's own where it has one.
        own = code in self.codes and _SECTIONS[code].HAS_PRIMARY
        self.advise.set_look(Look.SECONDARY if own else Look.PRIMARY)
        self._stack.setCurrentIndex(self.codes.index(code) if code in self.codes else len(self.codes))
        self.show_section()

    def arrange(self, width: int, height: int) -> None:
        """CAD and thread beside the work where there is room, else in a section of their own."""
        theme = current()
        low = self._low = height < theme.px(LOW_UNDER)
        tiny = height < theme.px(TINY_UNDER)
        self.header.arrange(width, tiny)
        fits = self.tabs.sizeHint().width() + 2 * theme.space.m <= width
        self._place_chooser(among_buttons=tiny and not fits)
        self.tabs.setVisible(fits)
        self.chooser.setVisible(not fits)
        for section in self.sections.values():
            section.set_low(low)
        self.bar.setVisible(not low and width >= self.bar.sizeHint().width())
        self.pad.arrange(0 if tiny else 1 if low else 5)
        self._stack.setMinimumHeight(theme.px(60))
        narrow = width < theme.px(SIDE_FROM)
        if not narrow:
            self._side.setFixedWidth(theme.px(SIDE_WIDTH if width >= theme.px(SIDE_FROM + 120) else SIDE_LEAST))
        if narrow == self.narrow:
            return
        self.narrow = narrow
        self._cad_tab.setVisible(narrow)
        self._side_rule.setVisible(not narrow)
        if narrow:
            self._column_of("cad").addWidget(self._side)
            self._side.setMinimumWidth(0)
            self._side.setMaximumWidth(16_777_215)
        else:
            self._across.addWidget(self._side)
            if self.tabs.value == "cad":
                self.choose(self.codes[0])
        self._side.show()

    def _place_chooser(self, *, among_buttons: bool) -> None:
        if among_buttons != self._among_buttons:
            self._among_buttons = among_buttons
            self.header.hold(self.chooser if among_buttons else None)
            if not among_buttons:
                self._tab_row.insertWidget(1, self.chooser)
            self._settle_tab_row()

    def _settle_tab_row(self) -> None:
        space = current().space
        edge = 0 if self._among_buttons else space.xs
        self._tab_row.setContentsMargins(space.m, edge, space.m, edge)

    def _restyle_page(self) -> None:
        space = current().space
        self._settle_tab_row()
        self._bar.setContentsMargins(space.l, space.s, space.l, space.s)
        self._bar.setSpacing(space.s)
        self.elsewhere.setContentsMargins(space.l, space.s, space.l, space.s)
        self.narrow = None
        self.arrange(self.width(), self.height())
