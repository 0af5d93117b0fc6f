"""The Directory screen at work: it reads, searches and follows imports off the GUI thread, and picks into one call."""

from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from console.actions.directory import import_services
from console.bridge.bridge import Bridge
from console.bridge.seat import Seat
from console.bridge.ticker import Ticker
from console.directory.hours import Opening
from console.errors import KnownError
from console.handoff.printing import Job
from console.models.sign_in import SignIn
from console.models.store.desk import Desk
from console.queries.board import NO_SOURCE
from console.queries.directory import CallPlace
from console.views import theme
from console.views.directory import DirectoryScreen
from console.views.theme import Scheme
from tests.support.clock import FixedClock
from tests.support.desk import Cad, clinician, clock, desk, home, person
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


class NoPrinters:
    """The directory prints nothing."""

    def available(self) -> tuple[str, ...]:
        return ()

    def default(self) -> str | None:
        return None

    def print(self, pdf: bytes, printer: str, title: str) -> Job:
        raise KnownError("There is no printer.")


@pytest.fixture
def bridge(qapp: QApplication) -> Iterator[Bridge]:
    made = Bridge()
    yield made
    assert made.close()
    made.deleteLater()


@pytest.fixture
def screen(qtbot: QtBot, qapp: QApplication, bridge: Bridge, westside: Desk, clinician: SignIn) -> DirectoryScreen:
    ticker = Ticker(westside.clock, qapp)
    ticker.stop()
    undo = westside.store.subscribe(bridge.notice)
    seat = Seat(westside, clinician, bridge, ticker, lambda: NO_SOURCE, NoPrinters())
    made = DirectoryScreen(seat)
    made.resize(1300, 760)
    made.destroyed.connect(undo)
    show(qtbot, made)
    qtbot.waitUntil(lambda: len(made.view.list.rows) == 32 and made.view.head.needs is not None)
    return made


def _settle() -> None:
    QApplication.sendPostedEvents(None, QEvent.Type.MetaCall.value)  # type: ignore[arg-type]


def test_the_screen_reads_searches_and_follows_imports(
    qtbot: QtBot, screen: DirectoryScreen, westside: Desk, tmp_path: Path
) -> None:
    view = screen.view
    screen.setFocus()
    QTest.keyClicks(focused(), "sober")
    qtbot.waitUntil(lambda: len(view.list.rows) == 2)
    text = WESTSIDE.read_text(encoding="utf-8").replace("Detox and Sobering Center", "Sobering House")
    (tmp_path / "new.csv").write_text(text, encoding="utf-8")
    import_services(westside, person("only administrator"), tmp_path / "new.csv")
    qtbot.waitUntil(lambda: view.list.rows[0].described.name == "Sobering House")


def test_the_screen_opens_for_a_call_near_its_place_and_picks_once(
    qtbot: QtBot, screen: DirectoryScreen, westside: Desk
) -> None:
    call = Cad(westside).call("26-0001", place="1214 Maple Ct", latitude=41.606, longitude=-93.872)
    view = screen.view
    screen.open_for(call, UUID(int=70))
    qtbot.waitUntil(lambda: view.wanted.near == (41.606, -93.872))
    assert focused() is view.head.words
    assert "26-0001" in view.notice.said
    qtbot.waitUntil(lambda: bool(view.list.rows) and view.list.rows[0].distance != "")
    view.list.setFocus()
    with qtbot.waitSignal(screen.picked) as picked:
        QTest.keyClick(view.list, Qt.Key.Key_Return)
    assert picked.args == [view.selected.service if view.selected else None]
    # The next Enter is nobody's: the call was served.
    assert view.notice.said == ""
    with qtbot.assertNotEmitted(screen.picked):
        QTest.keyClick(view.list, Qt.Key.Key_Return)


def test_a_call_that_was_left_meanwhile_does_not_come_back(
    qtbot: QtBot, screen: DirectoryScreen, westside: Desk
) -> None:
    call = Cad(westside).call("26-0001", latitude=41.606, longitude=-93.872)
    screen.open_for(call, UUID(int=70))
    screen.let_go()
    screen.open_for(None, UUID(int=71))
    with qtbot.waitSignal(screen._search.loaded):
        screen.read_again()
    qtbot.waitUntil(lambda: not screen._search._under_way)
    _settle()
    assert screen.view.wanted.near is None
    assert "26-0001" not in screen.view.notice.said


def test_places_close_on_the_minute(qtbot: QtBot, screen: DirectoryScreen, clock: FixedClock) -> None:
    view = screen.view
    drop_in = next(hit for hit in view.list.rows if hit.described.name == "Mobile Crisis Team")
    assert drop_in.open.state is Opening.OPEN
    clock.advance(8 * 3600)  # past 23:00
    screen._seat.ticker.tick.emit()
    qtbot.waitUntil(
        lambda: any(hit.service == drop_in.service and hit.open.state is Opening.CLOSED for hit in view.list.rows)
    )
