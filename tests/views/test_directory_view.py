"""The directory in a real window, on a real store: keyboard only, no row moves by surprise, every state is designed."""

from pathlib import Path
from uuid import UUID

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QAbstractItemModelTester, QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from console.actions.directory import import_services, note_service
from console.directory.hours import Opening
from console.directory.rank import Wanted
from console.errors import KnownError
from console.models.sign_in import SignIn
from console.models.store.desk import Desk
from console.queries.directory import CallPlace, Found, contents, search
from console.views import theme
from console.views.directory import DIRECTORY_KEYS, DirectoryView
from console.views.theme import Scheme
from tests.support.clock import FixedClock
from tests.support.desk import clinician, clock, desk, home, person
from tests.support.windows import focused, show

__all__ = ["clinician", "clock", "desk", "home"]

# The offscreen platform says this of every window it shows.
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support propagateSizeHints")

WESTSIDE = Path(__file__).parents[2] / "resources" / "directory" / "westside.csv"
CALL = CallPlace(UUID(int=7), "26-0001 · SUICIDAL", "1214 Maple Ct", (41.606, -93.872))


@pytest.fixture(autouse=True)
def dark(qapp: QApplication) -> None:
    theme.apply(qapp, Scheme.DARK)


@pytest.fixture
def westside(desk: Desk) -> Desk:
    import_services(desk, person("only administrator"), WESTSIDE)
    return desk


class Shown:
    """A directory in a window that answers from the store, at once, and everything it asked for."""

    def __init__(self, qtbot: QtBot, desk: Desk, who: SignIn) -> None:
        self.qtbot, self.desk, self.who = qtbot, desk, who
        self.view = DirectoryView(desk.zone)
        self.view.resize(1300, 760)
        model = self.view.list.model()
        self.tester = QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal, self.view)
        self.resets: list[object] = []
        model.modelReset.connect(self._reset)
        self.asked: list[Wanted] = []
        self.picked: list[UUID] = []
        self.let_go = 0
        self.answering = True
        self.view.asked.connect(self._asked)
        self.view.picked.connect(self.picked.append)
        self.view.let_go.connect(self._let_go)
        self.view.show_contents(contents(desk, who))
        self.answer()
        show(qtbot, self.view)

    def _reset(self) -> None:
        self.resets.append(None)

    def _asked(self, wanted: Wanted) -> None:
        self.asked.append(wanted)
        if self.answering:
            self.answer()

    def _let_go(self) -> None:
        self.let_go += 1

    def answer(self) -> None:
        self.view.show_found(search(self.desk, self.who, self.view.wanted))

    def key(self, key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        QTest.keyClick(focused(), key, modifier)

    def type(self, text: str) -> None:
        """Type, and wait until what was typed is asked."""
        before = len(self.asked)
        QTest.keyClicks(focused(), text)
        self.qtbot.waitUntil(lambda: len(self.asked) > before)

    @property
    def names(self) -> list[str]:
        return [hit.described.name for hit in self.view.list.rows]

    @property
    def name(self) -> str | None:
        selected = self.view.selected
        return selected.described.name if selected else None


@pytest.fixture
def shown(qtbot: QtBot, westside: Desk, clinician: SignIn) -> Shown:
    return Shown(qtbot, westside, clinician)


# -- by keyboard -------------------------------------------------------------------------------------------------------


def test_from_words_to_a_picked_service_by_keyboard_only(shown: Shown) -> None:
    shown.view.show_call(CALL)
    shown.view.head.go_words()
    shown.type("sober")
    assert shown.names == ["Detox and Sobering Center", "Night Shelter for Men"]
    assert shown.name == "Detox and Sobering Center"
    shown.key(Qt.Key.Key_Down)
    assert focused() is shown.view.list
    shown.key(Qt.Key.Key_Down)
    assert shown.name == "Night Shelter for Men"
    shown.key(Qt.Key.Key_Return)
    assert shown.picked == [shown.view.list.rows[1].service]
    assert not shown.resets


def test_without_a_call_nothing_is_picked(shown: Shown) -> None:
    shown.view.list.setFocus()
    shown.key(Qt.Key.Key_Return)
    assert shown.picked == []
    assert not shown.view.page.pick_button.isVisible()
    shown.view.show_call(CALL)
    assert shown.view.page.pick_button.isVisible()
    shown.view.page.pick_button.click()
    assert shown.picked == [shown.view.list.rows[0].service]


def test_a_quick_enter_never_picks_from_an_older_answer(shown: Shown) -> None:
    shown.view.show_call(CALL)
    shown.view.head.go_words()
    shown.answering = False
    QTest.keyClicks(focused(), "detox")
    shown.key(Qt.Key.Key_Return)
    assert shown.asked[-1].words == "detox"
    shown.key(Qt.Key.Key_Return)
    assert shown.picked == []
    shown.answer()
    shown.key(Qt.Key.Key_Return)
    assert shown.picked == [shown.view.list.rows[0].service]
    assert shown.name == "Detox and Sobering Center"


def test_letters_in_the_rows_go_on_looking(shown: Shown) -> None:
    shown.view.list.setFocus()
    shown.type("auti")
    assert focused() is shown.view.head.words
    assert shown.view.head.words.text() == "auti"
    assert shown.names[0] == "Autism Family Support"
    shown.key(Qt.Key.Key_Down)
    shown.key(Qt.Key.Key_Up)
    assert focused() is shown.view.head.words


def test_a_slash_leads_to_the_words_and_is_a_letter_in_them(shown: Shown) -> None:
    shown.view.list.setFocus()
    shown.key(Qt.Key.Key_Slash)
    assert focused() is shown.view.head.words
    assert shown.view.head.words.text() == ""
    shown.key(Qt.Key.Key_Slash)
    assert shown.view.head.words.text() == "/"


def test_needs_are_chosen_by_number(shown: Shown) -> None:
    shown.key(Qt.Key.Key_F, Qt.KeyboardModifier.AltModifier)
    shown.key(Qt.Key.Key_2)
    assert shown.asked[-1].needs == ("shelter",)
    assert len(shown.names) == 6
    shown.key(Qt.Key.Key_6)
    assert shown.asked[-1].needs == ("shelter", "food")
    assert shown.names[0] in {"Night Shelter for Men", "Women and Families Shelter"}
    shown.key(Qt.Key.Key_2)
    assert shown.asked[-1].needs == ("food",)


def test_open_now_and_near_have_keys(shown: Shown) -> None:
    alt = Qt.KeyboardModifier.AltModifier
    shown.key(Qt.Key.Key_O, alt)
    assert shown.asked[-1].open_now
    assert all(hit.open.state is not Opening.CLOSED for hit in shown.view.list.rows)
    shown.key(Qt.Key.Key_C, alt)  # there is no call to be near to
    assert shown.asked[-1].near is None
    shown.view.show_call(CALL)
    assert shown.asked[-1].near == CALL.at
    assert shown.view.list.rows[0].distance.endswith(" mi")
    shown.key(Qt.Key.Key_C, alt)
    assert shown.asked[-1].near is None


def test_escape_goes_back_step_by_step(shown: Shown) -> None:
    shown.view.show_call(CALL)
    shown.view.head.go_words()
    shown.type("detox")
    shown.key(Qt.Key.Key_Down)
    shown.key(Qt.Key.Key_Escape)
    assert shown.view.head.words.text() == ""
    assert len(shown.names) == 32
    assert focused() is shown.view.head.words
    shown.key(Qt.Key.Key_Down)
    shown.key(Qt.Key.Key_Escape)
    assert focused() is shown.view.head.words
    assert shown.let_go == 0
    shown.key(Qt.Key.Key_Escape)
    assert shown.let_go == 1


def test_every_key_that_is_listed_is_one_line(shown: Shown) -> None:
    assert {"/", "Alt+F", "Alt+O", "Alt+C", "Enter", "Esc", "F5"} <= {key for key, _ in DIRECTORY_KEYS}


# -- rows --------------------------------------------------------------------------------------------------------------


def test_the_same_question_again_moves_no_row(shown: Shown, clock: FixedClock) -> None:
    shown.view.list.select(shown.view.list.rows[5].service)
    before, selected = shown.names, shown.name
    shown.view.list.verticalScrollBar().setValue(60)
    clock.advance(10 * 3600)  # Sunday morning: other places are open, so the order would be another
    fresh = [hit.described.name for hit in search(shown.desk, shown.who, shown.view.wanted).hits]
    assert fresh != before
    shown.answer()
    assert shown.names == before
    assert shown.name == selected
    assert shown.view.list.verticalScrollBar().value() == 60
    assert not shown.resets


def test_a_selected_row_that_goes_leaves_nothing_selected(shown: Shown, clock: FixedClock, tmp_path: Path) -> None:
    shown.view.show_call(CALL)
    shown.view.list.select(shown.view.list.rows[3].service)
    gone = shown.name
    lines = WESTSIDE.read_text(encoding="utf-8").splitlines(keepends=True)
    shorter = tmp_path / "shorter.csv"
    shorter.write_text("".join(line for line in lines if f",{gone}," not in line), encoding="utf-8")
    import_services(shown.desk, person("only administrator"), shorter)
    shown.answer()
    assert gone not in shown.names
    assert shown.name is None
    assert shown.view.page.hit is None
    shown.view.list.setFocus()
    shown.key(Qt.Key.Key_Return)
    assert shown.picked == []


def test_another_question_is_shown_from_the_top(shown: Shown) -> None:
    shown.view.list.select(shown.view.list.rows[20].service)
    shown.view.head.go_words()
    shown.type("c")
    assert shown.view.list.verticalScrollBar().value() == 0
    assert shown.name == shown.names[0]


def test_the_page_shows_the_selected_service_whole(shown: Shown) -> None:
    note_service(shown.desk, shown.who, shown.view.list.rows[0].service, "ask for the night nurse")
    shown.answer()
    words = {label.text() for label in shown.view.page.findChildren(QWidget) if hasattr(label, "text")}
    for text in ("988 Suicide & Crisis Lifeline", "988", "24/7", "English, Spanish", "24/7"):
        assert text in words
    assert "2026-11-21 Clinician: ask for the night nurse" in words
    memory = next(hit for hit in shown.view.list.rows if hit.described.name == "Memory Care Helpline")
    shown.view.list.select(memory.service)
    words = {label.text() for label in shown.view.page.findChildren(QWidget) if hasattr(label, "text")}
    assert "Verified 2026-04-20 (7 months ago): check before you rely on it" in words


# -- states ------------------------------------------------------------------------------------------------------------


def test_nothing_fits(shown: Shown) -> None:
    shown.view.head.go_words()
    shown.type("zebra")
    view = shown.view
    assert view.pages.currentWidget() is view.empty
    assert view.empty.title == "Nothing matches “zebra”."
    assert view.page.hit is None
    assert view.empty.action is not None
    view.empty.action.click()
    assert view.pages.currentWidget() is view.list
    assert focused() is view.head.words


def test_all_that_fit_are_closed(shown: Shown) -> None:
    shown.view.head.open_now.setChecked(True)
    shown.view.head.go_words()
    shown.type("pantry")
    view = shown.view
    assert view.empty.title == "The one that fits is closed now."
    assert view.empty.action is not None
    view.empty.action.click()
    assert not view.head.open_now.isChecked()
    assert shown.names == ["Food Pantry"]


def test_loading_error_and_empty_each_have_a_face(qtbot: QtBot, desk: Desk) -> None:
    view = DirectoryView(desk.zone)
    show(qtbot, view)
    view.show_loading()
    assert view.pages.currentWidget() is view.loading
    view.show_error(KnownError("The disk is full. Free some space."))
    assert view.pages.currentWidget() is view.error
    assert view.error.sentence == "The disk is full. Free some space."
    with qtbot.waitSignal(view.retry_requested):
        assert view.error.action is not None
        view.error.action.click()
    view.show_found(Found(view.wanted, desk.clock.now(), (), 0, False, 0, {}))
    assert view.empty.title == "The directory is empty."


def test_an_error_leaves_the_rows(shown: Shown) -> None:
    shown.view.show_error(KnownError("The disk is full."))
    assert shown.view.pages.currentWidget() is shown.view.list
    assert "The disk is full." in shown.view.notice.said
    shown.answer()
    assert "The disk is full." not in shown.view.notice.said


def test_a_call_without_a_place_says_so(shown: Shown) -> None:
    shown.view.show_call(CallPlace(UUID(int=8), "26-0002", "", None))
    assert shown.asked[-1].near is None
    assert not shown.view.head.near.isVisible()
    texts = [label.text() for label in shown.view.head.findChildren(QWidget) if hasattr(label, "text")]
    assert "The call's place is not known: no distances" in texts


def test_the_directory_is_told_to_assistive_technology(shown: Shown) -> None:
    shown.view.show_call(CALL)
    for widget in shown.view.findChildren(QWidget):
        if widget.isVisible() and widget.focusPolicy() & Qt.FocusPolicy.TabFocus:
            interface = QAccessible.queryAccessibleInterface(widget)
            assert interface.text(QAccessible.Text.Name), widget
    index = shown.view.list.model().index(0, 0)
    said = index.data(Qt.ItemDataRole.AccessibleTextRole)
    assert said.startswith(shown.names[0])
    assert "verified" in said


@pytest.mark.parametrize("scheme", [Scheme.DARK, Scheme.LIGHT, Scheme.HIGH_CONTRAST])
@pytest.mark.parametrize(("scale", "width"), [(1.0, 1300), (1.0, 640), (2.0, 1300), (2.0, 900)])
def test_every_row_is_painted_in_every_scheme_and_size(
    qtbot: QtBot, qapp: QApplication, westside: Desk, clinician: SignIn, scheme: Scheme, scale: float, width: int
) -> None:
    theme.apply(qapp, scheme, scale)
    shown = Shown(qtbot, westside, clinician)
    shown.view.resize(width, 760)
    shown.view.show_call(CALL)
    picture = shown.view.list.viewport().grab().toImage()
    index = shown.view.list.model().index(0, 0)
    room = shown.view.list.visualRect(index)
    colors = {picture.pixelColor(x, room.center().y()).name() for x in range(room.left(), room.right(), 2)}
    assert len(colors) > 4
    assert shown.view.head.height() >= shown.view.head.heightForWidth(shown.view.head.width())
    theme.apply(qapp, Scheme.DARK, 1.0)


def test_between_the_needs_and_the_services_is_no_hole(qtbot: QtBot, westside: Desk, clinician: SignIn) -> None:
    view = DirectoryView(westside.zone)
    view.resize(1370, 760)
    show(qtbot, view)
    view.show_call(CallPlace(UUID(int=7), "", "", None))  # first the call; needs and its place come when they are read
    QApplication.processEvents()
    view.show_contents(contents(westside, clinician))
    view.show_call(CALL)
    view.show_found(search(westside, clinician, view.wanted))
    QApplication.processEvents()
    assert view.head.needs is not None
    chips = [chip for chip in view.head.needs.findChildren(QWidget) if chip.isVisible()]
    lowest = max(chip.mapTo(view.head, chip.rect().bottomLeft()).y() for chip in chips)
    assert view.head.height() - lowest <= theme.current().space.s
