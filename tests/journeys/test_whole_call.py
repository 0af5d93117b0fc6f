"""One call from a real city's calls to the paper in an officer's hand, with the keyboard alone.

The people are invented; the calls are those of the real export.
"""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import pytest
from PySide6.QtWidgets import QApplication, QComboBox
from pytestqt.qtbot import QtBot

from console.actions import homes
from console.actions.directory import import_services
from console.clock import SystemClock
from console.feeds.profile import load_profile
from console.feeds.replay import ReplaySource
from console.handoff.printing import CupsPrinters, Printers
from console.models.call import Level, RollUp
from console.models.call_fold import CALL
from console.models.call_state import CallState
from console.models.store import subjects
from console.models.store.rebuild import rebuild
from console.models.store.verify import verify
from console.settings import resources
from console.views.entrance.sign_in_page import SignInPage
from console.views.entrance.wizard_page import WizardPage
from console.views.people.people_screen import PeopleScreen
from console.views.shell.frame import Frame
from console.views.workspace.assess import AssessSection
from console.views.workspace.sheet import SheetSection
from tests.handoff.sheets import read, text
from tests.support.cups import PrivateCups, private_cups
from tests.support.shared import shared
from tests.support.sitting import PASSPHRASE, PASSWORD, PaperTray, Person, Sitting, off_gui, sitting_at

PRINTER = "Watch-Desk"
EXPORT = "cfs-seattle-2015/spd_911_incident_response_2015.csv.gz"
CALLS = 400
TEAM = "Mobile Crisis Team"
WORDS = "said goodbye, has a firearm"
NOTE = "goes by Teo, hears poorly on the left"
SECRETS = ("firearm", "hears poorly", "said goodbye", "MENTAL COMPLAINT", "rokafor", "R. Okafor", PASSWORD, PASSPHRASE)
"""Words that were typed or came from CAD, none of which may lie on the disk in the clear."""


class Printing:
    """A real print service where this machine has one, else a tray that keeps what it is given."""

    def __init__(self, cups: PrivateCups | None = None) -> None:
        self._cups = cups
        self._tray = PaperTray((PRINTER,))

    @property
    def printers(self) -> Printers:
        return CupsPrinters() if self._cups else self._tray

    def copy(self, number: int) -> bytes:
        """What came out of the printer as its ``number``-th job."""
        return self._cups.printed(f"{PRINTER}-{number}").pdf if self._cups else self._tray.paper[number - 1]


@pytest.fixture
def printing(monkeypatch: pytest.MonkeyPatch) -> Iterator[Printing]:
    if shutil.which("lp") is None or not any(map(shutil.which, ("cupsd", "/usr/sbin/cupsd"))):
        yield Printing()
        return
    with tempfile.TemporaryDirectory(prefix="cups-", dir="/tmp") as made, private_cups(Path(made), [PRINTER]) as cups:
        monkeypatch.setenv("CUPS_SERVER", cups.server)
        for name in ("PRINTER", "LPDEST"):
            monkeypatch.delenv(name, raising=False)
        yield Printing(cups)


def test_a_call_from_a_real_export_to_the_paper_for_the_police(
    qtbot: QtBot, qapp: QApplication, tmp_path: Path, printing: Printing
) -> None:
    home = tmp_path / "home"
    with sitting_at(home, qtbot, qapp, printers=printing.printers) as sitting:
        first = sitting.start()
        set_up_the_desk(first)
        add_a_person(first, "dlang", "D. Lang", "Dispatcher")
        add_a_person(first, "rokafor", "R. Okafor", "Clinician")
        choose_the_printer(first)
        fill_the_directory(sitting, first)
        sign_out(first)
        replay_the_export(sitting)

        dispatcher = first
        dispatcher.sign_in("dlang")
        call = flag_a_call(dispatcher)
        open_the_strip(dispatcher)
        bar = sitting.program.strips[0].window
        strip = Person(sitting, bar)

        clinician = sitting.another()
        clinician.sign_in("rokafor")
        claim(clinician, call)
        assert sitting.call(call).claim is not None
        dispatcher.until(lambda: dispatcher.board.model.rows[0].owner_name == "R. Okafor", "who has it, on the board")
        write_a_note(clinician)
        screen(clinician)
        state_facts(clinician)
        assess(clinician)
        set_the_level(clinician)
        dispatcher.until(lambda: dispatcher.board.model.rows[0].level is Level.CRITICAL, "the level, on the board")
        advise(clinician)
        strip.until(lambda: bar.advice.isVisible(), "advice on the strip")
        strip.press("Shift+F6")
        strip.until(lambda: not bar.advice.isVisible(), "the advice to be acknowledged")
        assert sitting.call(call).advice[0].passed_at is not None
        offer_a_service(clinician)
        paper = print_the_sheet(clinician, printing)
        dispose(clinician)

        state = sitting.call(call)
        words = text(paper)
        code = state.picture.place if state.picture else ""
        assert len(read(paper).pages) == 1
        assert words.index("Weapons") < words.index("Situation") < words.index("Assessment")
        for said in (code, "Reported Firearm (caller", "CRITICAL", "copy 1", "Clinician R. Okafor"):
            assert said in words
        assert "Access UNKNOWN" in words
        assert "Teo" not in words, "a clinical note is not for police"

    the_home_keeps_it(home, call)
    nothing_lies_in_the_clear(home)


# -- the administrator -------------------------------------------------------------------------------------------------


def set_up_the_desk(first: Person) -> None:
    first.until(lambda: isinstance(first.page, WizardPage), "the first start")
    first.type("Westside 911")
    first.fill({"Your name": "S. Whitfield", "Sign-in name": "swhitfield"})
    first.fill({"Password": PASSWORD, "Password again": PASSWORD})
    first.press("Ctrl+Return", "Ctrl+Return")  # the second time after the name was shown back
    first.until(lambda: isinstance(first.page, Frame), "the board of a new center")


def add_a_person(first: Person, name: str, shown: str, role: str) -> None:
    first.press("Ctrl+3")
    people = first.frame.place("people")
    assert isinstance(people, PeopleScreen)
    first.fill({"Sign-in name": name, "Name others see": shown, "First password": PASSWORD})
    first.go_to(role)
    first.press("Space")
    first.go_to("Add")
    first.press("Space")
    first.until(lambda: people.says == f"{shown} was added.", f"{shown} to be added")


def choose_the_printer(first: Person) -> None:
    first.press("Ctrl+4")
    first.go_to("Printer for sheets")
    offered = first.focus
    assert isinstance(offered, QComboBox)
    first.until(lambda: offered.findText(PRINTER) >= 0, "the printer to be offered")
    first.press("Down")
    assert offered.currentText() == PRINTER
    first.until(lambda: PRINTER in first.frame.status_line.printer, "the printer to be chosen")


def fill_the_directory(sitting: Sitting, first: Person) -> None:
    who, services = first.frame.sign_in, resources() / "directory" / "westside.csv"
    done = off_gui(lambda: import_services(sitting.desk, who, services))
    assert done.added > 20


def sign_out(person: Person) -> None:
    person.go_to("Sign out")
    person.press("Space")
    person.until(lambda: isinstance(person.page, SignInPage), "the sign-in page")


# -- CAD ---------------------------------------------------------------------------------------------------------------


def replay_the_export(sitting: Sitting) -> None:
    source = ReplaySource(shared(EXPORT), load_profile("seattle-2015"), sitting.desk.center, limit=CALLS)
    sitting.replay(source)
    assert source.reading.calls == CALLS


# -- the dispatcher ----------------------------------------------------------------------------------------------------


def flag_a_call(dispatcher: Person) -> UUID:
    board = dispatcher.board
    assert not any(row.flagged for row in board.model.rows), "a rule suggests, it never flags"
    dispatcher.press("3")
    dispatcher.until(lambda: board.head.tabs.value == "open" and board.model.rows, "the open calls")
    dispatcher.press("/")
    dispatcher.type("mental complaint")
    dispatcher.press("Return", "Down")
    dispatcher.until(lambda: all("MENTAL" in row.type_text for row in board.model.rows), "the filter to apply")
    call = board.selected
    assert call is not None
    dispatcher.press("F2", "1", "Tab")
    dispatcher.type(WORDS)
    dispatcher.press("Return")
    dispatcher.until(lambda: [row.flag_words for row in board.model.rows if row.call == call] == [WORDS], "the flag")
    dispatcher.press("Esc", "Esc", "1")
    dispatcher.until(lambda: [row.call for row in board.model.rows if row.flagged] == [call], "the flagged calls")
    return call


def open_the_strip(dispatcher: Person) -> None:
    dispatcher.go_to("Open the strip that stays on top of other windows")
    dispatcher.press("Space")


# -- the clinician -----------------------------------------------------------------------------------------------------


def claim(clinician: Person, call: UUID) -> None:
    clinician.until(lambda: clinician.board.model.rows, "the calls")
    assert clinician.board.model.rows[0].call == call, "what a person flagged stands before what a rule suggests"
    clinician.press("Down", "F3")
    clinician.until(lambda: clinician.workspace.work.encounter is not None, "the encounter that begins with the claim")
    assert clinician.workspace.call == call


def write_a_note(clinician: Person) -> None:
    clinician.type(NOTE)
    clinician.press("Return")
    clinician.until(lambda: clinician.workspace.frame.pad.lines == (NOTE,), "the note")


def screen(clinician: Person) -> None:
    clinician.press("Alt+1", *["2"] * 9, "1", "Ctrl+Return")
    clinician.until(lambda: state_of(clinician).screening is not None, "the screen")


def state_facts(clinician: Person) -> None:
    clinician.press("Alt+2", "2")
    clinician.go_to("Situation: now")
    clinician.type("Texted goodbye, then stopped answering")
    clinician.press("Ctrl+Return")
    clinician.until(lambda: {"weapons.reported", "situation"} <= state_of(clinician).facts.keys(), "the facts")


def assess(clinician: Person) -> None:
    """The imminent-risk form by number keys: 1 yes, 2 no, Down to the next question where several may be chosen."""
    clinician.press("Alt+3", "Ctrl+Return")
    section = clinician.workspace.frame.sections["assess"]
    assert isinstance(section, AssessSection)
    clinician.until(
        lambda: section.view is not None and section.view.isAncestorOf(clinician.focus), "the first question"
    )
    for question, keys in (
        ("1. Have you done something", ("2",)),
        ("2. Is there anything within reach", ("1",)),
        ("What is it?", ("1", "Down")),
        ("Can it be put out of reach", ("2",)),
        ("3. Is anyone there with you", ("2",)),
        ("4. Are you thinking about hurting anyone else", ("2",)),
        ("5. Are you thinking about ending your life", ("1",)),
        ("6. Do you think you are going to act on it", ("1",)),
    ):
        assert asked(clinician).startswith(question), (asked(clinician), clinician.focus)
        clinician.press(*keys)
    clinician.press("Ctrl+Return")
    assert clinician.focus.accessibleName().startswith("Go to: "), "what is required and blank stands in the way"
    clinician.press("8")
    assert clinician.focus.accessibleName() == "Sign"
    clinician.press("Return")
    clinician.until(lambda: done(clinician), "the signed form")


def asked(clinician: Person) -> str:
    """The question that has the focus."""
    answers = clinician.focus.parentWidget()
    return answers.accessibleName() if answers is not None else ""


def done(clinician: Person) -> bool:
    page = clinician.workspace.work.page
    assert page is not None
    assert page.clinical is not None
    return any(each.completed_at and each.alerts for each in page.clinical.assessments.values())


def set_the_level(clinician: Person) -> None:
    clinician.press("Alt+4", "1")
    clinician.go_to("Reason for the level")
    clinician.type("Means in reach, says he will act on it")
    clinician.press("Ctrl+Return")
    clinician.until(lambda: state_of(clinician).level is Level.CRITICAL, "the level")


def advise(clinician: Person) -> None:
    clinician.press("Alt+5", "4", "7")
    clinician.go_to("Words for dispatch")
    clinician.type("Units wait out of sight, I have him on the phone")
    clinician.press("Ctrl+Return")
    clinician.until(lambda: state_of(clinician).advice, "the advice")


def offer_a_service(clinician: Person) -> None:
    clinician.press("Ctrl+Shift+F")
    directory = clinician.frame.directory.view
    clinician.until(lambda: directory.isVisible() and directory.list.rows, "the directory")
    clinician.type("mobile crisis")
    clinician.until(lambda: TEAM in [hit.described.name for hit in directory.list.rows][:2], "the services found")
    while directory.selected is None or directory.selected.described.name != TEAM:
        clinician.press("Down")
    clinician.press("Return")
    clinician.until(lambda: clinician.workspace.isVisible(), "the call again")
    clinician.until(lambda: referrals(clinician), "the offer")
    clinician.press("Alt+6")
    clinician.go_to(f"{TEAM}: accepted")
    clinician.press("Space")
    clinician.until(lambda: referrals(clinician) == ["accepted"], "the answer")


def referrals(clinician: Person) -> list[str]:
    page = clinician.workspace.work.page
    assert page is not None
    assert page.clinical is not None
    return [each.answer for each in page.clinical.referrals.values()]


def print_the_sheet(clinician: Person, printing: Printing) -> bytes:
    clinician.press("Alt+7")
    section = clinician.workspace.frame.sections["sheet"]
    assert isinstance(section, SheetSection)
    clinician.until(lambda: section.printer.currentText() == PRINTER, "the printer")
    clinician.press("Ctrl+P")
    clinician.until(lambda: section.copies.lines, "the copy")
    assert section.copies.lines[0].text.startswith(f"Copy 1 of version 1 to {PRINTER}")
    return printing.copy(1)


def dispose(clinician: Person) -> None:
    clinician.press("Alt+8", "Tab", "4")
    clinician.press("Ctrl+Return")
    clinician.until(lambda: "responders" in notice(clinician), "the refusal of a critical call that nobody confirmed")
    clinician.go_to("Confirmed")
    clinician.press("1")
    clinician.go_to("Who is with the person")
    clinician.type("3B12, Officer Hale")
    clinician.press("Ctrl+Return")
    clinician.type("the unit by radio")
    clinician.press("Ctrl+Return", "1")
    clinician.go_to("Record that responders are with the person")
    clinician.press("Space")
    clinician.until(lambda: state_of(clinician).responders_confirmed_at, "the confirmation")
    clinician.go_to("Dispose the call")
    clinician.press("Space")
    clinician.until(lambda: state_of(clinician).disposition is not None, "the disposition")


def notice(clinician: Person) -> str:
    return clinician.workspace.frame.sections["dispose"].notice.text()


def state_of(clinician: Person) -> CallState:
    """The call as the clinician's page shows it."""
    page = clinician.workspace.work.page
    assert page is not None
    assert page.state is not None
    return page.state


# -- afterwards --------------------------------------------------------------------------------------------------------


def the_home_keeps_it(home: Path, call: UUID) -> None:
    """Opened again: the chain is whole, folding anew changes nothing, and the call is what it was."""

    desk = homes.open_desk(home, SystemClock(), passphrase=PASSPHRASE)
    try:
        report = verify(desk.store)
        assert report.whole
        assert report.derived > CALLS
        assert rebuild(desk.store).same
        with desk.store.read() as connection:
            folded = subjects.state(connection, CALL, call)
        assert folded is not None
        state = folded.state
        assert isinstance(state, CallState)
        assert state.disposition is not None
        assert state.disposition.body.disposition == "cit-officer"
        assert state.disposition.body.roll_up is RollUp.CO_NOTIFIED
        assert state.level is Level.CRITICAL
    finally:
        desk.store.close()


def nothing_lies_in_the_clear(home: Path) -> None:
    files = [path for path in home.rglob("*") if path.is_file()]
    assert any(path.name == "console.db" for path in files)
    for path in files:
        content = path.read_bytes().lower()
        for secret in SECRETS:
            for encoded in (secret.lower().encode(), secret.lower().encode("utf-16-le")):
                assert encoded not in content, f"{secret!r} lies in the clear in {path.name}"
