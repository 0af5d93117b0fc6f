"""The line at the bottom never says that all is saved while it is not, and what was done long ago is no news."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from console.errors import KnownError
from console.models.sign_in import SignIn
from console.queries.board import NO_SOURCE, Freshness
from console.queries.center import read_center
from console.sync.events import Standing, State
from console.sync.status import SyncStatus, of_standing
from console.views import theme
from console.views.shell.board_page import BoardPage
from console.views.shell.header import Header
from console.views.shell.status_line import StatusLine
from console.views.theme import Scheme
from console.views.widgets import Tone
from tests.support.windows import show
from tests.views.workspace_kit import Room


@pytest.fixture
def line(qtbot: QtBot, qapp: QApplication) -> StatusLine:
    theme.apply(qapp, Scheme.DARK)
    made = StatusLine(UTC)
    made.resize(1366, 24)
    qtbot.addWidget(made)
    return made


def test_a_calm_line_goes_after_half_a_minute(line: StatusLine) -> None:
    line.say("The service was picked into the call.")
    for _ in range(29):
        line.tick()
    assert line.said == "The service was picked into the call."
    line.tick()
    assert line.said == ""


def test_bad_news_stays_until_the_next_line(line: StatusLine) -> None:
    line.say("The printer did not answer.", Tone.WARN)
    for _ in range(120):
        line.tick()
    assert line.said == "The printer did not answer."


def test_while_something_is_on_its_way_it_does_not_say_that_all_is_saved(line: StatusLine) -> None:
    line.show_saved(datetime(2026, 11, 22, 3, 2, 47, tzinfo=UTC))
    assert line.saved == "All changes saved 03:02:47"
    line.show_saving()
    assert line.saved == "saving…"
    line.show_unsaved("The disk is full.")
    assert line.saved == "NOT SAVED: The disk is full."


@pytest.mark.parametrize("scale", [1.0, 2.0])
def test_when_all_was_saved_is_read_whole_and_a_long_reason_stays_inside(
    qtbot: QtBot, qapp: QApplication, scale: float
) -> None:
    theme.apply(qapp, Scheme.DARK, scale)
    line = StatusLine(UTC)
    line.resize(1366, 56)
    show(qtbot, line)
    line.say("The service was picked into the call: record what the person says to it.")
    for tell in (line.show_saving, lambda: line.show_saved(datetime(2026, 11, 22, 3, 2, 47, tzinfo=UTC))):
        tell()
        QApplication.processEvents()
        assert line._saved.width() >= line._saved.sizeHint().width()
        assert line.rect().contains(line._saved.geometry())
    line.show_unsaved("The disk is full: make room on it. " * 8)
    QApplication.processEvents()
    assert line.width() == 1366
    assert line._saved.width() > 300
    assert line.rect().contains(line._saved.geometry())
    theme.apply(qapp, Scheme.DARK)


def test_cad_is_a_word_and_an_age_whatever_its_sentence_says(line: StatusLine) -> None:
    at = datetime(2026, 11, 22, 3, 2, 47, tzinfo=UTC)
    says = "drill has been silent for 42 s. Calls may be missing here: look at CAD, and enter a call by hand."
    line.show_cad(Freshness("drill", at, "stale", says), at + timedelta(seconds=42))
    assert line.cad == "CAD stale 42 s"
    line.show_cad(NO_SOURCE, at)
    assert line.cad == "No CAD source"


def test_the_board_says_the_same_age_of_cad_as_the_line_at_the_bottom(room: Room, clinician: SignIn) -> None:
    room.claimed(clinician)
    room.freshness = Freshness("cad", room.desk.clock.now() - timedelta(seconds=9), "fresh", "CAD fresh 9 s")
    page = BoardPage(room.seat(clinician), read_center(room.desk))
    page.resize(1400, 800)
    show(room.qtbot, page)
    room.until(lambda: bool(page.board.model.rows))
    page._ticks = 0  # the look that comes every ten seconds anyway is far off
    room.freshness = Freshness("cad", room.desk.clock.now() - timedelta(seconds=1), "fresh", "CAD fresh 1 s")
    page._tick()
    page.board._speak()
    assert page.board.notice._aside.startswith("CAD fresh 1")
    page.close()


def test_the_board_turns_stale_with_its_source_though_no_row_changes(
    room: Room, clinician: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    room.claimed(clinician)
    page = BoardPage(room.seat(clinician), read_center(room.desk))
    page.resize(1400, 800)
    show(room.qtbot, page)
    room.until(lambda: bool(page.board.model.rows) and page._cad_shown == "fresh")
    page._ticks = 0  # the look that comes every ten seconds anyway is far off
    asked: list[str] = []
    with monkeypatch.context() as patched:
        patched.setattr(page._refresher, "request", lambda: asked.append(room.freshness.state))
        page._tick()
        room.freshness = Freshness("cad", room.desk.clock.now(), "stale", "CAD has been silent for 42 s.")
        page._tick()
    assert asked == ["stale"]
    page._tick()
    room.until(lambda: page._cad_shown == "stale")
    assert "silent for 42 s" in page.board.notice.said
    page.close()


def test_the_board_tells_what_the_page_of_a_call_says_of_its_typing(room: Room, clinician: SignIn) -> None:
    def full() -> None:
        raise KnownError("The disk is full.")

    call = room.claimed(clinician)
    page = BoardPage(room.seat(clinician), read_center(room.desk))
    told: list[str] = []
    page.saving.connect(lambda: told.append("saving"))
    page.unsaved.connect(told.append)
    page.resize(1400, 800)
    show(room.qtbot, page)
    page.open_call(call)
    room.until(lambda: page.workspace.work.page is not None)
    saver = page.workspace.work.saver
    saver.typed("pad")
    saver.keep("pad", full)
    room.until(lambda: told[-1:] == ["The disk is full."])
    assert told[0] == "saving"
    saver.unchanged("pad")
    page.close()


def test_where_the_center_has_no_room_the_rest_stands_together_at_the_right(
    qtbot: QtBot, qapp: QApplication, clinician: SignIn
) -> None:
    theme.apply(qapp, Scheme.DARK, 2.0)
    header = Header("Westside Emergency Communications", UTC, drill=True)
    header.show_person(clinician)
    header.show_time(datetime(2026, 11, 22, 3, 2, 47, tzinfo=UTC))
    header.resize(1366, 88)
    show(qtbot, header)
    space = theme.current().space
    assert header._clock.geometry().right() + 1 == header.width() - space.l
    for part in (header._who, header._leave, header._clock):
        assert part.width() == part.sizeHint().width(), "no holes between them"
    theme.apply(qapp, Scheme.DARK)


def test_it_says_at_each_moment_how_sharing_goes(line: StatusLine) -> None:
    zone = UTC
    now = datetime(2026, 11, 22, 3, 2, tzinfo=UTC)
    status = SyncStatus("shared", 0, 0, "shares", server="https://sync.example.org")
    said = []
    for standing in (
        Standing(State.OFFLINE, since=1.0),
        Standing(State.OFFLINE, waiting=3, since=1.0, says="it cannot be reached."),
        Standing(State.OFFLINE, waiting=3, since=1.0, says="it cannot be reached.", refused=2),
        Standing(State.CATCHING_UP, waiting=3),
        Standing(State.CATCHING_UP, behind=1240, waiting=3),
        Standing(State.LIVE, waiting=1),
        Standing(State.LIVE, older=9000),
        Standing(State.ATTENTION, waiting=1, refused=2),
        Standing(State.ATTENTION, refused=1),
        Standing(State.ATTENTION, behind=12, waiting=3, says="The server shows other entries than this desk holds."),
        Standing(State.ATTENTION, waiting=3, says="Some entries wait at the server for others before them."),
        Standing(State.ATTENTION, waiting=3, since=1.0, says="This desk was revoked.", refused=2),
        Standing(State.LIVE),
    ):
        status = of_standing(standing, status, now, zone)
        line.show_server(status)
        said.append(line.server)
    assert said == [
        "Connecting",
        "Offline since 03:02, 3 to send",
        "Offline since 03:02, 3 to send",
        "Catching up, 3 to send",
        "Catching up, 1,240 to come, 3 to send",
        "Live, 1 to send",
        "Live",
        "2 entries need attention, 1 to send",
        "1 entry needs attention",
        "Needs attention, 12 to come, 3 to send",
        "Needs attention, 3 to send",
        "Needs attention, offline since 03:02, 3 to send",
        "Live",
    ]


def test_since_another_day_is_said_with_the_day() -> None:
    began = datetime(2026, 11, 21, 22, 14, tzinfo=UTC)
    status, standing = SyncStatus("shared", 0, 0, "shares"), Standing(State.OFFLINE, since=1.0, says="it is away")
    status = of_standing(standing, status, began, UTC)
    assert status.says == "offline since 22:14"
    status = of_standing(replace(standing, waiting=1), status, began + timedelta(hours=9), UTC)
    assert status.says == "offline since 2026-11-21 22:14, 1 to send"


def test_whether_a_desk_is_live_is_said_in_a_narrow_window_too(line: StatusLine) -> None:
    line.resize(300, 24)
    line.show_server(SyncStatus("alone", 0, 0, "working alone"))
    assert line.server == ""
    line.show_server(SyncStatus("offline", 3, 0, "offline since 03:02, 3 to send"))
    assert line.server == "Offline since 03:02, 3 to send"


@pytest.mark.parametrize("scale", [1.0, 2.0])
@pytest.mark.parametrize("width", [640, 683, 720, 900, 1366])
def test_sharing_is_told_whole_and_what_matters_less_shortens_before_anything_touches(
    qtbot: QtBot, qapp: QApplication, width: int, scale: float
) -> None:
    theme.apply(qapp, Scheme.DARK, scale)
    line = StatusLine(UTC)
    at = datetime(2026, 11, 22, 3, 2, 47, tzinfo=UTC)
    line.show_cad(Freshness("drill", at, "stale", ""), at + timedelta(seconds=42))
    line.show_server(SyncStatus("offline", 3, 0, "offline since 03:02, 3 to send"))
    line.show_sound("No sound device: alarms show on screen", False)
    line.show_printer("No printer chosen", False)
    line.show_saved(at)
    line.say("The service was picked into the call: record what the person says to it.")
    show(qtbot, line)
    line.resize(round(width * scale), round(28 * scale))
    QApplication.processEvents()
    assert line.width() == round(width * scale)
    shown = [part for part in line.findChildren(QWidget) if part.isVisible()]
    for left, right in pairwise(shown):
        assert right.geometry().left() - left.geometry().right() > theme.current().space.s
    for part in shown:
        if part is not line._said:
            assert part.width() >= part.sizeHint().width(), "nothing but the calm line is cut"
            assert line.rect().contains(part.geometry())
    assert {line._cad, line._server, line._sound} <= set(shown)
    sound = line._sound
    assert sound.accessibleName() == "No sound device: alarms show on screen"
    assert sound.toolTip() == (sound.accessibleName() if sound.width() < sound.width_of_words() else "")
    assert (sound.toolTip() == "") == (width == 1366)
    theme.apply(qapp, Scheme.DARK)
