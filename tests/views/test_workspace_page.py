"""The page itself: what opens it, what its keys do, who sees what of it, and what it says when there is nothing."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from uuid import uuid4

import pytest
from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from console.actions import calls, encounters, flags
from console.actions.calls import Disposal
from console.models.call import Level, RollUp
from console.models.sign_in import SignIn
from console.queries.board import Freshness
from console.views import theme
from console.views.theme import Scheme
from console.views.workspace import WORKSPACE_KEYS, Workspace
from console.views.workspace.header import Header
from console.views.workspace.work import NEWER
from tests.support.windows import focused
from tests.views.workspace_kit import Room, inside, press

ALT = Qt.KeyboardModifier.AltModifier
CTRL = Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier


class _Shown(QObject):
    """Notes every window that is shown."""

    def __init__(self) -> None:
        super().__init__()
        self.windows: list[str] = []

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Show and isinstance(watched, QWidget) and watched.isWindow():
            self.windows.append(type(watched).__name__)
        return False


@contextmanager
def windows_shown(app: QApplication) -> Iterator[list[str]]:
    noted = _Shown()
    app.installEventFilter(noted)
    try:
        yield noted.windows
    finally:
        app.removeEventFilter(noted)
        noted.deleteLater()


def test_claiming_starts_the_encounter_and_the_note_pad(room: Room, clinician: SignIn, dispatcher: SignIn) -> None:
    call = room.cad.call("26-1", type_text="SUICIDAL PERSON", place="1214 Maple Ct")
    room.do(flags.flag, dispatcher, call, "suicidal", "has a firearm")
    page = room.open(clinician, call)
    assert not page.frame.pad.box.isEnabled()
    press(page.frame.tabs.buttons()[0], Qt.Key.Key_F3)
    room.until(lambda: page.frame.pad.box.isEnabled())
    assert page.work.mine
    page.frame.pad.start()
    room.type(page.frame.pad.box.edit, "goes by Teo")
    press(page.frame.pad.box.edit, Qt.Key.Key_Return)
    assert page.frame.pad.box.text() == ""
    room.until(lambda: page.frame.pad.lines == ("goes by Teo",))
    room.settled(page)
    assert page.frame.pad.status == "All changes saved", "when is said once, by the line at the bottom"


def test_claiming_a_call_of_somebody_else_says_whose_it_is(
    room: Room, clinician: SignIn, second_clinician: SignIn
) -> None:
    call = room.cad.call("26-1")
    page = room.open(clinician, call)
    claim = page.frame.header.claim
    page.changed = lambda changes: None  # type: ignore[method-assign]  # the other claim is not seen here yet
    room.bridge.changed.disconnect()
    room.do(encounters.claim_and_begin, second_clinician, call)
    claim.click()
    room.until(lambda: not page.frame.header.notice.isHidden())
    assert "Second Clinician has this call" in page.frame.header.notice.text()


def test_every_section_opens_by_its_key(room: Room, clinician: SignIn) -> None:
    page = room.open(clinician, room.claimed(clinician))
    for place, code in enumerate(page.frame.codes, 1):
        press(page.frame.tabs.buttons()[0], Qt.Key(Qt.Key.Key_0 + place), ALT)
        assert page.frame.tabs.value == code
        assert inside(page, QApplication.focusWidget())
        page.frame.focus_tabs()
    assert len(WORKSPACE_KEYS) > 10


def test_the_keys_of_the_bar_go_to_their_sections(room: Room, clinician: SignIn, qtbot: QtBot) -> None:
    call = room.claimed(clinician)
    page = room.open(clinician, call)
    for key, code in ((Qt.Key.Key_A, "advise"), (Qt.Key.Key_S, "sheet"), (Qt.Key.Key_D, "dispose")):
        press(page.frame.pad.box.edit, key, CTRL | SHIFT)
        assert page.frame.tabs.value == code
        page.frame.pad.start()
    with qtbot.waitSignal(page.find_service_requested) as asked:
        press(page.frame.pad.box.edit, Qt.Key.Key_F, CTRL | SHIFT)
    assert asked.args == [call, page.work.encounter]


def test_bare_letters_only_type(room: Room, clinician: SignIn) -> None:
    page = room.open(clinician, room.claimed(clinician))
    before = page.frame.tabs.value
    room.type(page.frame.pad.box.edit, "abcdefghijklmnopqrstuvwxyz0123456789")
    assert page.frame.pad.box.text() == "abcdefghijklmnopqrstuvwxyz0123456789"
    assert page.frame.tabs.value == before


def test_no_part_of_the_page_is_ever_a_window(room: Room, clinician: SignIn, qapp: QApplication) -> None:
    with windows_shown(qapp) as shown:
        page = room.open(clinician, room.claimed(clinician))
        for code in page.frame.codes:
            page.go(code)
            room.settled(page)
    assert shown == ["Workspace"]


def test_a_dispatcher_sees_the_operational_side_only(room: Room, clinician: SignIn, dispatcher: SignIn) -> None:
    call = room.claimed(clinician)
    encounter = room.page(clinician, call).clinical
    assert encounter is not None
    room.do(encounters.note, clinician, encounter.encounter, "words for nobody else")
    page = room.open(dispatcher, call)
    assert page.frame.codes == ("screen", "facts", "level", "advise", "sheet", "dispose", "history")
    assert page.frame.pad.isHidden()
    assert page.work.page is not None
    assert page.work.page.clinical is None
    page.go("facts")
    assert page.frame.sections["facts"].clinical == {}  # type: ignore[attr-defined]
    page.go("history")
    assert not any("words for nobody else" in line.text for line in page.frame.sections["history"].timeline.lines)  # type: ignore[attr-defined]


def test_nobody_writes_in_anothers_encounter(room: Room, clinician: SignIn, second_clinician: SignIn) -> None:
    call = room.claimed(clinician)
    page = room.open(second_clinician, call)
    assert not page.frame.pad.box.isEnabled()
    assert "start an encounter of your own" in page.frame.pad.box.edit.hint
    assert page.work.encounter is None
    page.frame.header.do_start()
    row = page.frame.header.strip.row
    assert row is not None
    row.answer("3")
    room.until(lambda: page.frame.pad.box.isEnabled())
    own = room.page(second_clinician, call).clinical
    assert own is not None
    assert (own.state.clinician, own.state.way_in) == (second_clinician.user, "listening")


def test_take_over_asks_for_a_reason_in_place(room: Room, clinician: SignIn, second_clinician: SignIn) -> None:
    call = room.claimed(clinician)
    page = room.open(second_clinician, call)
    page.frame.header.take_over.click()
    strip = page.frame.header.strip
    assert inside(strip, QApplication.focusWidget())
    press(strip.box.edit, Qt.Key.Key_Return)
    room.until(lambda: "reason is missing" in strip.notice.text())
    assert inside(strip, QApplication.focusWidget()), "one goes on where it was refused"
    room.type(strip.box.edit, "on another line")
    press(strip.box.edit, Qt.Key.Key_Return)
    room.until(lambda: page.work.mine)
    room.settled(page)
    assert strip.isHidden()
    assert room.page(second_clinician, call).drafts == {}


def test_contact_and_line_by_key(room: Room, clinician: SignIn) -> None:
    call = room.claimed(clinician)
    page = room.open(clinician, call)
    press(page.frame.pad.box.edit, Qt.Key.Key_F6)
    row = page.frame.header.strip.row
    assert row is not None
    page.frame.header.strip.box.put("the person")
    press(row, Qt.Key.Key_1)
    room.until(lambda: page.work.page is not None and page.work.page.state.line == "on")  # type: ignore[union-attr]
    press(page.frame.pad.box.edit, Qt.Key.Key_F8)
    room.until(lambda: page.work.page is not None and page.work.page.state.line == "dropped")  # type: ignore[union-attr]
    assert page.frame.header.dropped.text() == "On the line again"
    contact = room.page(clinician, call).state.contacts[0]  # type: ignore[union-attr]
    assert (contact.how, contact.whom) == ("live", "the person")


def test_the_phone_came_first_and_the_call_is_bound_later(room: Room, clinician: SignIn) -> None:
    call = room.cad.call("26-118-4471", type_text="SUICIDAL PERSON", place="1214 Maple Ct")
    room.cad.call("26-118-4472")
    page = room.workspace(clinician)
    press(page, Qt.Key.Key_F4)
    press(focused(), Qt.Key.Key_3)
    room.until(lambda: page.work.encounter is not None)
    assert page.work.page is not None
    assert page.work.page.clinical is not None
    assert page.work.page.clinical.state.way_in == "listening"
    assert page.frame.bind_bar.isVisible()
    assert page.frame.tabs.value == "assess"
    room.until(lambda: page.frame.bind_bar.picker.count() == 2)
    room.type(page.frame.pad.box.edit, "half a note")
    page.frame.bind_bar.picker.setEditText("4471")
    page.frame.bind_bar.bind.click()
    room.until(lambda: page.work.call == call)
    assert page.frame.bind_bar.isHidden()
    assert page.frame.pad.box.text() == "half a note"


def test_a_wrong_number_binds_nothing(room: Room, clinician: SignIn) -> None:
    room.cad.call("26-1")
    page = room.workspace(clinician)
    page.start_encounter()
    press(focused(), Qt.Key.Key_1)
    room.until(lambda: page.work.encounter is not None and page.frame.bind_bar.picker.count() == 1)
    page.frame.bind_bar.picker.setEditText("99-9")
    page.frame.bind_bar.bind.click()
    assert page.frame.bind_bar.notice.text() == "Choose a call of the list."


def test_words_that_two_calls_share_bind_neither(room: Room, clinician: SignIn) -> None:
    room.cad.call("26-1", place="12 Elm St")
    room.cad.call("26-2", place="90 Elm St")
    page = room.workspace(clinician)
    page.start_encounter()
    press(focused(), Qt.Key.Key_1)
    bar = page.frame.bind_bar
    room.until(lambda: page.work.encounter is not None and bar.picker.count() == 2)
    bar.picker.setEditText("elm")
    bar.bind.click()
    room.settled(page)
    assert bar.notice.text() == "Choose a call of the list."
    assert page.work.call is None


def test_a_mistaken_binding_is_taken_back(room: Room, clinician: SignIn) -> None:
    wrong, right = room.cad.call("26-1"), room.cad.call("26-2")
    encounter, _ = room.do(encounters.start, clinician, "transferred")
    room.do(encounters.bind, clinician, encounter, wrong)
    page = room.open(clinician, wrong)
    assert page.frame.bind_bar.isHidden()
    page.frame.header.wrong_call.click()
    bar = page.frame.bind_bar
    room.until(lambda: bar.isVisible() and bar.picker.count() == 1)
    bar.picker.setEditText("26-2")
    bar.bind.click()
    room.until(lambda: page.work.call == right and page.work.encounter == encounter)
    assert bar.isHidden()


def test_a_call_that_a_newer_version_wrote_can_be_read_and_not_changed(room: Room, clinician: SignIn) -> None:
    page = room.open(clinician, room.claimed(clinician))
    found = page.work.page
    assert found is not None
    page.work.page = replace(found, unread=2)
    page.frame.show_page(page.work.page)
    assert page.frame.header.notice.text() == NEWER
    assert not page.frame.header.release.isEnabled()
    assert not page.frame.pad.box.isEnabled()
    refused: list[str] = []
    page.work.act(calls.message, found.call, "x", then=refused.append, refused=lambda error: refused.append(str(error)))
    assert refused == [NEWER]
    page.work.page = found
    page.frame.show_page(found)
    assert page.frame.header.notice.text() == ""
    assert page.frame.header.release.isEnabled()


def test_nothing_open_says_what_to_do(room: Room, clinician: SignIn, dispatcher: SignIn) -> None:
    assert room.workspace(clinician)._empty.action is not None
    empty = room.workspace(dispatcher)._empty
    assert empty.action is None
    assert "board" in empty.sentence


def test_an_unknown_call_is_a_page_that_can_be_tried_again(room: Room, clinician: SignIn) -> None:
    page = room.workspace(clinician)
    page.show_call(uuid4())
    room.until(lambda: page._states.currentWidget() is page._error)
    assert page._error.action is not None


def test_closing_keeps_and_goes_back_to_empty(room: Room, clinician: SignIn, qtbot: QtBot) -> None:
    call = room.claimed(clinician)
    page = room.open(clinician, call)
    room.type(page.frame.pad.box.edit, "not entered yet")
    with qtbot.waitSignal(page.closed):
        press(page.frame.pad.box.edit, Qt.Key.Key_W, CTRL)
    assert page._states.currentWidget() is page._empty
    room.settled(page)
    clinical = room.page(clinician, call).clinical
    assert clinical is not None
    assert room.page(clinician, call).drafts[f"note:{clinical.encounter}"].text == "not entered yet"


def test_stale_cad_says_how_old_and_dims(room: Room, clinician: SignIn) -> None:
    page = room.open(clinician, room.claimed(clinician))
    assert page.frame.cad._stale.isHidden()
    room.freshness = Freshness("cad", room.desk.clock.now(), "stale", "CAD has been silent for 2 minutes.")
    room.ticker.tick.emit()
    assert not page.frame.cad._stale.isHidden()
    assert "CAD is stale" in page.frame.cad._stale.text()
    assert not page.frame.cad.said.isEnabled()


@pytest.mark.parametrize("level", [Level.CRITICAL, Level.LOW])
def test_a_level_is_set_by_number_with_a_reason(room: Room, clinician: SignIn, level: Level) -> None:
    page = room.open(clinician, room.claimed(clinician))
    page.go("level")
    focus = QApplication.focusWidget()
    section = page.frame.sections["level"]
    assert inside(section, focus)
    assert focus is not None
    QTest.keyClicks(focus, "1" if level is Level.CRITICAL else "4")
    assert ("alarm" in section._says.text()) == (level is Level.CRITICAL)  # type: ignore[attr-defined]
    room.type(section.reason.edit, "as heard")  # type: ignore[attr-defined]
    press(section.reason.edit, Qt.Key.Key_Return, CTRL)  # type: ignore[attr-defined]
    room.until(lambda: page.work.page.state.level is level)  # type: ignore[union-attr]
    room.settled(page)
    assert section.reason.text() == ""  # type: ignore[attr-defined]
    assert page.frame.header.heading.badge.level is level


@pytest.mark.parametrize("contacted", [True, False])
def test_no_clock_says_that_a_person_was_reached_who_was_not(room: Room, clinician: SignIn, contacted: bool) -> None:
    call = room.claimed(clinician)
    if contacted:
        room.do(calls.contact, clinician, call, "live", "subject")
    room.do(
        encounters.dispose_and_end,
        clinician,
        call,
        Disposal("phone-resolved", RollUp.DIVERTED, no_contact_reason="hung up"),
    )
    page = room.open(clinician, call)
    claim, contact, _ = page.frame.header.heading.clocks
    assert claim.text == "00:00"
    assert contact.text == ("00:00" if contacted else "–")


def test_the_header_keeps_to_running_clocks_where_it_is_tight(room: Room, clinician: SignIn) -> None:
    page = room.open(clinician, room.claimed(clinician), width=1000)
    header: Header = page.frame.header
    assert not header.heading.clocks[0].isHidden()
    page.resize(520, 700)
    assert header.heading.clocks[0].isHidden()
    assert not header.heading.clocks[1].isHidden()


@pytest.mark.parametrize(
    ("width", "height", "scale"),
    [(745, 690, 1.0), (520, 690, 1.0), (800, 560, 2.0), (1366, 690, 2.0), (1366, 768, 2.0)],
)
def test_the_number_to_call_back_is_never_cut(
    room: Room, clinician: SignIn, qapp: QApplication, width: int, height: int, scale: float
) -> None:
    theme.apply(qapp, Scheme.DARK, scale)
    call = room.claimed(
        clinician, caller="Maria Delacruz-Whitfield (sister)", callback="(515) 555-0142 ext. 17", place="1214 Maple Ct"
    )
    page = room.open(clinician, call, width=width, height=height)
    room.settled(page)
    assert page.width() == width
    badge = page.frame.header.heading.badge
    assert badge.visibleRegion().boundingRect() == badge.rect(), "nor is the level"
    assert badge.width() >= badge.sizeHint().width()
    number = page.frame.header.heading.call_back
    assert number.text() == "(515) 555-0142 ext. 17"
    assert number.visibleRegion().boundingRect() == number.rect(), "all of it can be seen"
    assert number.width() >= number.fontMetrics().horizontalAdvance(number.text())


@pytest.mark.parametrize(
    ("width", "height", "scale"), [(1000, 690, 1.0), (745, 690, 1.0), (606, 690, 1.0), (1222, 600, 2.0)]
)
def test_type_place_and_caller_are_read_whole(
    room: Room, clinician: SignIn, qapp: QApplication, width: int, height: int, scale: float
) -> None:
    theme.apply(qapp, Scheme.DARK, scale)
    caller, place = "Maria Delacruz-Whitfield (sister)", "859 Mill Street, apt 12"
    call = room.claimed(clinician, type_text="Suicidal person", caller=caller, callback="(515) 555-0142", place=place)
    page = room.open(clinician, call, width=width, height=height)
    room.settled(page)
    heading = page.frame.header.heading
    assert page.width() == width
    assert heading.title.text() == f"Suicidal person · {place}"
    for words in (heading.title, *([] if heading.tiny else [heading.parties])):
        assert words.toolTip() == "", "a cut line would say the whole of it there"
        assert words.height() >= words.heightForWidth(words.width())
        assert words.visibleRegion().boundingRect() == words.rect()
    assert caller in heading.parties.text()


@pytest.mark.parametrize(("width", "height", "scale"), [(1000, 690, 1.0), (745, 690, 1.0), (1366, 690, 2.0)])
def test_the_heading_of_the_level_says_that_nobody_set_one(
    room: Room, clinician: SignIn, qapp: QApplication, width: int, height: int, scale: float
) -> None:
    theme.apply(qapp, Scheme.DARK, scale)
    page = room.open(clinician, room.claimed(clinician), width=width, height=height)
    page.go("cad")
    room.settled(page)
    assert page.frame.cad.levels._empty.text() == "Not set by anyone yet."
    assert not page.frame.cad.levels._empty.visibleRegion().isEmpty()


def test_cad_moves_into_a_section_where_there_is_no_room_beside(room: Room, clinician: SignIn) -> None:
    page: Workspace = room.open(clinician, room.claimed(clinician), width=1000)
    assert page.frame.cad.isVisible()
    page.resize(620, 700)
    assert not page.frame.cad.isVisible()
    press(page.frame.pad.box.edit, Qt.Key.Key_T, ALT)
    assert page.frame.cad.isVisible()
    assert inside(page.frame.talk, QApplication.focusWidget())
    page.resize(1000, 700)
    assert page.frame.tabs.value == "screen"
    assert page.frame.cad.isVisible()
