"""Possible earlier contacts on the page: told with their reason, judged by a person, beside a form as what they are."""

from uuid import UUID

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from console.actions import assessments, encounters
from console.forms.library import shipped
from console.models.sign_in import SignIn
from console.views.workspace import Workspace
from console.views.workspace.assess import AssessSection
from console.views.workspace.earlier import FIRST_SHOWN, ContactCard, EarlierPanel
from console.views.workspace.history import HistorySection
from console.views.workspace.moments import moments
from tests.support.clock import FixedClock
from tests.support.desk import person
from tests.support.past_contacts import answered_gad7, contact, many_calls
from tests.views.workspace_kit import Room, inside, press

NUMBER = "206-555-0142"


def panel_of(page: Workspace) -> EarlierPanel:
    section = page.frame.section("history")
    assert isinstance(section, HistorySection)
    return section.earlier


def beside_the_form(page: Workspace) -> tuple[str, ...]:
    section = page.frame.section("assess")
    assert isinstance(section, AssessSection)
    return section.before.lines


def words_of(card: ContactCard) -> str:
    return card.match.text()


@pytest.fixture
def before(room: Room, second_clinician: SignIn, clock: FixedClock) -> UUID:
    """A call of three weeks ago with a signed GAD-7."""
    call, encounter = contact(room.cad, second_clinician, "26-1", callback=NUMBER, type_text="SUICIDAL PERSON")
    answered_gad7(room.desk, second_clinician, encounter)
    clock.advance(21 * 86_400)
    return call


@pytest.fixture
def call(room: Room, clinician: SignIn, before: UUID) -> UUID:
    """The call on the page, with a GAD-7 begun."""
    found, encounter = contact(room.cad, clinician, "26-9", callback=f"1 {NUMBER}", type_text="PERSON IN CRISIS")
    assessments.begin(room.desk, clinician, encounter, shipped().forms["gad-7"])
    return found


def test_a_match_is_told_beside_the_call_and_beside_the_form(room: Room, clinician: SignIn, call: UUID) -> None:
    page = room.open(clinician, call)
    assert page.frame.cad.earlier.text() == "Earlier: 1 possible"
    page.frame.cad.earlier.click()
    assert page.frame.tabs.value == "history"
    (card,) = panel_of(page).cards.values()
    room.until(card.isVisible)
    assert words_of(card) == "Possible match · same call-back number"
    assert card.open.accessibleName() == "Open 2026-11-21 16:00 · SUICIDAL PERSON · #26-1"
    page.go("assess")
    room.settled(page)
    told = "Possible match: GAD-7 total: 14 (Moderate), 2026-11-21 · same call-back number"
    assert beside_the_form(page) == (told,)
    section = page.frame.section("assess")
    assert isinstance(section, AssessSection)
    assert section.foot.before.text() == told


def test_results_of_this_call_come_first_and_another_instrument_stands_nowhere(
    room: Room, clinician: SignIn, call: UUID
) -> None:
    found = room.page(clinician, call).clinical
    assert found is not None
    answered_gad7(room.desk, clinician, found.encounter, 1)
    room.do(assessments.begin, clinician, found.encounter, shipped().forms["phq-9"])
    page = room.open(clinician, call)
    page.go("assess")
    room.settled(page)
    section = page.frame.section("assess")
    assert isinstance(section, AssessSection)
    assert section.view is not None
    assert section.view.form.name == "phq-9"
    assert beside_the_form(page) == ()
    press(section, Qt.Key.Key_PageUp, Qt.KeyboardModifier.AltModifier)
    assert section.view.form.name == "gad-7"
    here, earlier = beside_the_form(page)
    assert here.startswith("Before, 16:00:00 by you: GAD-7 total: 7 (Mild)")
    assert earlier.startswith("Possible match")


def test_one_key_says_that_it_was_somebody_else_and_the_result_goes(room: Room, clinician: SignIn, call: UUID) -> None:
    page = room.open(clinician, call)
    page.go("history")
    (card,) = panel_of(page).cards.values()
    card.judge.setFocus()
    focus = QApplication.focusWidget()
    assert focus is not None
    press(focus, Qt.Key.Key_2)
    room.until(lambda: words_of(card).startswith("Not the same person, as you said 2026-12-12 16:00"))
    assert panel_of(page).cards == {card.shown.contact: card} if card.shown else False
    assert inside(card, QApplication.focusWidget()), "the focus stays where it was"
    assert page.frame.cad.earlier.isHidden()
    said = [(what, who) for _, what, who in moments(room.page(clinician, call))]
    assert ("Earlier contact 26-1: not the same person", "Clinician") in said
    page.go("assess")
    room.settled(page)
    assert beside_the_form(page) == ()

    page.go("history")
    card.judge.setFocus()
    focus = QApplication.focusWidget()
    assert focus is not None
    press(focus, Qt.Key.Key_1)
    room.until(lambda: words_of(card).startswith("The same person, as you said"))
    page.go("assess")
    room.settled(page)
    (line,) = beside_the_form(page)
    assert line.startswith(
        "The same person, as you said 2026-12-12 16:00: GAD-7 total: 14 (Moderate), 2026-11-21 · same"
    )

    page.go("history")
    card.judge.setFocus()
    focus = QApplication.focusWidget()
    assert focus is not None
    press(focus, Qt.Key.Key_Delete)
    room.until(lambda: words_of(card).startswith("Possible match"))


def test_whoever_has_no_encounter_of_their_own_sees_it_and_says_nothing(
    room: Room, call: UUID, clinician: SignIn
) -> None:
    page = room.open(person("clinical supervisor"), call)
    page.go("history")
    (card,) = panel_of(page).cards.values()
    assert not card.judge.isEnabled()
    assert card.open.isEnabled()
    dispatch = room.open(person("dispatcher"), call)
    dispatch.go("history")
    assert dispatch.frame.cad.earlier.isHidden()
    assert panel_of(dispatch).isHidden()
    assert panel_of(dispatch).cards == {}


def test_a_few_are_shown_and_the_others_when_somebody_asks(
    room: Room, clinician: SignIn, clock: FixedClock, before: UUID
) -> None:
    for nth in range(4):
        room.cad.call(f"26-{nth + 2}", callback=NUMBER)
        clock.advance(60)
    call, _ = contact(room.cad, clinician, "26-9", callback=NUMBER)
    page = room.open(clinician, call)
    page.go("history")
    panel = panel_of(page)
    assert len(panel.cards) == FIRST_SHOWN
    assert panel.more.text() == "Show 2 more"
    panel.more.click()
    numbers = [card.shown.number for card in panel.findChildren(ContactCard) if card.shown]
    assert sorted(numbers) == ["26-1", "26-2", "26-3", "26-4", "26-5"]
    places = [panel.layout().indexOf(panel.cards[each.contact]) for each in room.page(clinician, call).earlier.contacts]
    assert places == sorted(places)
    assert panel.more.isHidden()
    page.show_call(before)
    room.until(lambda: page.call == before and page.work.page is not None)
    assert panel.cards == {}
    assert panel.isHidden()


def test_a_number_of_many_is_said_to_tell_nobody(room: Room, clinician: SignIn, clock: FixedClock) -> None:
    many_calls(room.cad, 30, NUMBER)
    clock.advance(60)
    call, _ = contact(room.cad, clinician, "26-9", callback=NUMBER)
    page = room.open(clinician, call)
    page.go("history")
    panel = panel_of(page)
    assert panel.isVisible()
    assert panel.common.text() == "30 earlier calls have the same call-back number: too many to tell one person by."
    assert panel.cards == {}


def test_opening_asks_for_the_page_of_the_call_or_of_the_encounter(
    room: Room, clinician: SignIn, clock: FixedClock, call: UUID, before: UUID
) -> None:
    page = room.open(clinician, call)
    page.go("history")
    (card,) = panel_of(page).cards.values()
    with room.qtbot.waitSignal(page.work.open_call) as asked:
        card.open.click()
    assert asked.args == [before]
    by_phone, _ = room.do(encounters.start, clinician, "transferred")
    room.do(encounters.state_fact, clinician, by_phone, "name", "Teo Brandt", "person")
    clock.advance(60)
    later, _ = contact(room.cad, clinician, "26-10", name="Teo Brandt")
    other = room.open(clinician, later)
    other.go("history")
    (card,) = panel_of(other).cards.values()
    with room.qtbot.waitSignal(other.work.open_encounter) as asked:
        card.open.click()
    assert asked.args == [by_phone]
