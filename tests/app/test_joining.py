"""The first start of a desk that joins: a code is enough, and whoever is known to the center signs in there."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from console.actions import homes, people
from console.actions.people import sign_in
from console.app.joining import join_home
from console.bridge.passwords import change_own_password
from console.clock import SystemClock
from console.errors import KnownError
from console.models.store.desk import Desk
from console.sync import joining
from console.sync.events import Standing, State
from console.sync.link import Link
from console.sync.membership import membership
from console.views.entrance.join_page import Joining, JoinPage
from console.views.entrance.sign_in_page import SignInPage
from console.views.entrance.wizard_page import WizardPage
from console.views.shell.frame import Frame
from tests.regional.servers import Server
from tests.support.sharing import until
from tests.support.sitting import PASSPHRASE, PASSWORD, Person, Sitting, founded_home, off_gui, sitting_at, staff
from wire.permissions import Role


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    running = Server(tmp_path / "server")
    yield running
    running.stop()


class FirstDesk:
    """The center's first desk, with nobody at it."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.standing = Standing(State.OFFLINE)
        self.link: Link | None = None

    def join(self, server: Server) -> None:
        store = self.desk.store
        joining.join(store, server.url, server.code("Westside 911", "clinical"))
        with store.read() as connection:
            member = membership(connection)
        assert member is not None
        self.link = Link(store, member, self.desk.clock, "test", self._tell)
        self.link.start()
        until(lambda: self.standing.state is State.LIVE and not self.standing.waiting, "the first desk")

    def _tell(self, standing: Standing) -> None:
        self.standing = standing

    def close(self) -> None:
        if self.link is not None:
            self.link.stop()
        self.desk.store.close()


@pytest.fixture
def first(tmp_path: Path) -> Iterator[FirstDesk]:
    desk = FirstDesk(homes.open_desk(founded_home(tmp_path / "first"), SystemClock(), passphrase=PASSPHRASE))
    yield desk
    desk.close()


def at_the_join_page(sitting: Sitting) -> tuple[Person, JoinPage]:
    person = sitting.start()
    person.until(lambda: isinstance(person.page, WizardPage), "the first start")
    person.go_to("Join a center that shares, with a code from its server")
    person.press("Space")
    page = person.page
    assert isinstance(page, JoinPage)
    return person, page


def test_an_empty_desk_joins_and_somebody_added_elsewhere_signs_in(
    qtbot: QtBot, qapp: QApplication, tmp_path: Path, server: Server, first: FirstDesk
) -> None:
    off_gui(lambda: first.join(server))
    administrator = off_gui(lambda: sign_in(first.desk, "swhitfield", PASSWORD))
    password = "meadow-gravel-58"
    off_gui(lambda: people.add_person(first.desk, administrator, "newcomer", password, (Role.DISPATCHER,), "N. Comer"))
    code = off_gui(lambda: server.code("Westside 911", "operations"))
    with sitting_at(tmp_path / "second", qtbot, qapp) as sitting:
        person, page = at_the_join_page(sitting)
        page.fill(Joining(server.url, "westside-911/AAAA-BBBB-CCCC-DDDD", "", PASSPHRASE))
        person.press("Ctrl+Return")
        person.until(lambda: "not valid" in page.problem, "the wrong code to be refused")
        page.fill(Joining(server.url, code, "", PASSPHRASE))
        person.press("Ctrl+Return")
        person.until(lambda: isinstance(person.page, SignInPage), "the sign-in page")
        assert sitting.desk.center_name == "Westside 911"
        person.sign_in("newcomer", password)
        assert person.frame.sign_in.display_name == "N. Comer"
        person.until(lambda: person.frame.status_line.server == "Live", "the desk to be live")
    reopened = off_gui(lambda: homes.open_desk(tmp_path / "second", SystemClock(), passphrase=PASSPHRASE))
    off_gui(reopened.store.close)
    assert reopened.store.shares


def test_who_changes_their_password_has_the_new_one_at_every_desk(
    tmp_path: Path, server: Server, first: FirstDesk
) -> None:
    first.join(server)
    second = join_home(
        tmp_path / "second",
        SystemClock(),
        Joining(server.url, server.code("Westside 911", "operations"), "", PASSPHRASE),
        True,
        lambda standing: None,
    )
    second.sign_in("dlang", PASSWORD)
    who = sign_in(first.desk, "dlang", PASSWORD)
    with pytest.raises(KnownError, match="not your password"):
        change_own_password(first.desk, who, "wrong", "meadow-gravel-58")
    change_own_password(first.desk, who, PASSWORD, "meadow-gravel-58")
    second.sign_in("dlang", "meadow-gravel-58")
    second.desk.store.close()
    server.stop()
    with pytest.raises(KnownError, match="cannot be reached now"):
        change_own_password(first.desk, who, "meadow-gravel-58", PASSWORD)
    sign_in(first.desk, "dlang", "meadow-gravel-58")


def test_before_anybody_has_joined_an_empty_desk_says_what_to_do(
    qtbot: QtBot, qapp: QApplication, tmp_path: Path, server: Server
) -> None:
    code = off_gui(lambda: server.code("Westside 911", "operations"))
    with sitting_at(tmp_path / "second", qtbot, qapp) as sitting:
        person, page = at_the_join_page(sitting)
        page.fill(Joining(server.url, code, "", PASSPHRASE))
        person.press("Ctrl+Return")
        person.until(lambda: "nobody could sign in here" in page.problem, "the reason")
        page._instead.click()
        assert isinstance(person.page, WizardPage)
        assert not isinstance(person.page, Frame)


def test_a_desk_that_joins_for_operations_offers_no_clinical_work_from_then_on(
    qtbot: QtBot, qapp: QApplication, home: Path, server: Server
) -> None:
    with sitting_at(home, qtbot, qapp) as sitting:
        administrator = sitting.start()
        desk = sitting.desk
        administrator.sign_in("swhitfield")
        clinician = sitting.work_of(staff(desk, "rokafor"))
        before = clinician.frame
        assert before.board_page.workspace.work.clinical
        off_gui(lambda: joining.join(desk.store, server.url, server.code("Westside 911", "operations")))
        administrator.frame.joined.emit()
        assert clinician.frame is not before
        assert not clinician.workspace.work.clinical
        assert clinician.frame.header._phone.isHidden()
        administrator.until(lambda: administrator.frame.status_line.server == "Live", "the desk to be live")


def test_a_desk_goes_by_the_name_and_the_time_zone_of_the_center_it_joins_at_once(
    qtbot: QtBot, qapp: QApplication, home: Path, tmp_path: Path, server: Server
) -> None:
    def found_elsewhere() -> FirstDesk:
        desk, _ = homes.found_home(
            tmp_path / "first",
            SystemClock(),
            center_name="WESTSIDE 911",
            administrator="swhitfield",
            password=PASSWORD,
            zone_name="Pacific/Auckland",
            passphrase=PASSPHRASE,
        )
        first = FirstDesk(desk)
        first.join(server)
        return first

    first = off_gui(found_elsewhere)
    with sitting_at(home, qtbot, qapp) as sitting:
        person = sitting.start()
        person.sign_in("swhitfield")
        clinician = sitting.work_of(staff(sitting.desk, "rokafor"))
        code = off_gui(lambda: server.code("Westside 911", "clinical"))
        off_gui(lambda: joining.join(sitting.desk.store, server.url, code))
        person.press("Ctrl+4")
        person.frame.joined.emit()
        person.until(lambda: sitting.desk.zone_name == "Pacific/Auckland", "the center")
        for each in (person, clinician):
            person.until(lambda each=each: each.frame.header._center.text() == "WESTSIDE 911", "its name")  # type: ignore[misc]
            assert each.frame.header._zone == sitting.desk.zone
        assert (person.frame.shown, clinician.frame.shown) == ("status", "board")
    off_gui(first.close)


def test_a_revoked_desk_joins_again_in_the_desktop_and_is_live(
    qtbot: QtBot, qapp: QApplication, home: Path, server: Server
) -> None:
    off_gui(lambda: homes_joined(home, server, "operations"))
    with sitting_at(home, qtbot, qapp) as sitting:
        person = sitting.start()
        desk = sitting.desk
        person.sign_in("swhitfield")
        person.until(lambda: person.frame.status_line.server == "Live", "the desk to be live")
        clinician = sitting.work_of(staff(desk, "rokafor"))
        assert not clinician.workspace.work.clinical
        off_gui(lambda: server.command("revoke", "--center", "Westside 911", "--desk", str(desk.enrolment)))
        person.until(lambda: "Needs attention" in person.frame.status_line.server, "the server to refuse the desk")
        code = off_gui(lambda: server.code("Westside 911", "clinical"))
        person.press("Ctrl+4")
        person.go_to("Join again, with a new code from the operator")
        person.press("Space")
        person.type(code)
        person.press("Return")
        person.until(lambda: person.focus.accessibleName() == "Join", "what the code leads to")
        person.press("Space")
        person.until(lambda: person.frame.status_line.server == "Live", "the desk to be live again")
        assert clinician.workspace.work.clinical, "windows offer what the desk may hold from now on"


def homes_joined(home: Path, server: Server, audience: str) -> None:
    """The home has joined as the first desk of its center."""
    desk = homes.open_desk(home, SystemClock(), passphrase=PASSPHRASE)
    joining.join(desk.store, server.url, server.code("Westside 911", audience))
    desk.store.close()


def test_a_home_that_joined_is_not_set_up_as_another_center(tmp_path: Path, server: Server, first: FirstDesk) -> None:
    first.join(server)
    store = homes.joining_store(tmp_path / "second", passphrase=PASSPHRASE)
    joining.join(store, server.url, server.code("Westside 911", "operations"))
    store.close()
    with pytest.raises(KnownError, match="has joined a center already"):
        homes.found_home(
            tmp_path / "second",
            SystemClock(),
            center_name="Eastside",
            administrator="boss",
            password=PASSWORD,
            passphrase=PASSPHRASE,
        )
