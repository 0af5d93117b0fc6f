"""Each section does its part of the work, by keyboard, and says in place what was refused."""

from typing import Any
from uuid import uuid4

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest

from console.actions import calls, encounters
from console.actions.people import set_settings
from console.models.call import Level
from console.models.service import ServiceDescribed
from console.models.sign_in import SignIn
from tests.support.entries import CENTER, Author
from tests.support.windows import focused
from tests.views.workspace_kit import Room, press

CTRL = Qt.KeyboardModifier.ControlModifier


def section(page: Any, code: str) -> Any:
    """A section, gone to."""
    page.go(code)
    return page.frame.sections[code]


# -- screen ------------------------------------------------------------------------------------------------------------


def test_the_screen_is_answered_by_number_and_goes_on_by_itself(room: Room, clinician: SignIn) -> None:
    call = room.claimed(clinician)
    page = room.open(clinician, call)
    screen = section(page, "screen")
    rows = list(screen.rows.values())
    for key in (Qt.Key.Key_1, Qt.Key.Key_2, Qt.Key.Key_9):
        press(page.focusWidget(), key)
    assert [row.values for row in rows[:4]] == [("yes",), ("no",), ("unknown",), ()]
    screen.decision.answer("1")
    press(screen.decision, Qt.Key.Key_Return, CTRL)
    room.until(lambda: page.work.page.state.screening is not None)
    screening = room.page(clinician, call).state.screening  # type: ignore[union-attr]
    assert screening is not None
    assert screening.decision == "eligible"
    assert screening.answers["weapon"] == "yes"
    assert "officer" not in screening.answers, "a question that nobody asked has no answer"


def test_a_decision_other_than_eligible_needs_its_reason(room: Room, clinician: SignIn) -> None:
    call = room.claimed(clinician)
    page = room.open(clinician, call)
    screen = section(page, "screen")
    screen.commit()
    assert "Decide" in screen.notice.text()
    screen.decision.answer("3")
    screen.commit()
    room.until(lambda: "missing" in screen.notice.text())
    screen.reason.put("traffic only")
    screen.commit()
    room.until(lambda: page.work.page.state.screening is not None)
    assert screen.reason.text() == "traffic only"
    room.settled(page)
    assert room.page(clinician, call).drafts == {}


def test_a_safety_answer_offers_a_fact_and_never_enters_it_itself(room: Room, clinician: SignIn) -> None:
    call = room.claimed(clinician)
    page = room.open(clinician, call)
    screen = section(page, "screen")
    screen.rows["weapon"].answer("2")
    assert list(screen._offered) == ["weapons.reported"]
    assert room.page(clinician, call).state.facts == {}  # type: ignore[union-attr]
    screen._offered["weapons.reported"].click()
    room.until(lambda: "weapons.reported" in page.work.page.state.facts)
    assert room.page(clinician, call).state.facts["weapons.reported"].value == "None reported"  # type: ignore[union-attr]
    room.until(lambda: not screen._offered)


# -- facts -------------------------------------------------------------------------------------------------------------


def test_a_suggestion_is_one_key_and_the_source_is_kept(room: Room, clinician: SignIn) -> None:
    call = room.claimed(clinician)
    page = room.open(clinician, call)
    facts = section(page, "facts")
    row = facts.rows["weapons.reported"]
    assert row.edit.hint.startswith("UNKNOWN")
    press(row.chips, Qt.Key.Key_2)
    room.until(lambda: "weapons.reported" in page.work.page.state.facts)
    row.source.setCurrentIndex(row.source.findData("confidential"))
    row.source.activated.emit(row.source.currentIndex())
    room.until(lambda: page.work.page.state.facts["weapons.reported"].source == "confidential")
    assert room.page(clinician, call).state.facts["weapons.reported"].value == "Firearm"  # type: ignore[union-attr]


def test_clearing_a_fact_makes_it_unknown_again(room: Room, clinician: SignIn) -> None:
    call = room.claimed(clinician)
    room.do(calls.state_fact, clinician, call, "animals", "Dog", "caller")
    page = room.open(clinician, call)
    row = section(page, "facts").rows["animals"]
    assert row.edit.text() == "Dog"
    row.edit.set_text("")
    row.commit()
    room.until(lambda: page.work.page.state.facts == {})


def test_what_a_clinician_knows_of_the_person_stays_clinical(room: Room, clinician: SignIn) -> None:
    call = room.claimed(clinician)
    page = room.open(clinician, call)
    row = section(page, "facts").clinical["name"]
    room.type(row.edit, "Teodoro, goes by Teo")
    row.commit()
    room.until(lambda: "name" in page.work.page.clinical.state.facts)
    found = room.page(clinician, call)
    assert found.clinical.state.facts["name"].source == "person"  # type: ignore[union-attr]
    assert found.state.facts == {}  # type: ignore[union-attr]


# -- advice ------------------------------------------------------------------------------------------------------------


def test_advice_goes_from_the_clinician_to_the_units(room: Room, clinician: SignIn, dispatcher: SignIn) -> None:
    call = room.claimed(clinician)
    page, other = room.open(clinician, call), room.open(dispatcher, call)
    advise = section(page, "advise")
    press(page.focusWidget(), Qt.Key.Key_7)
    press(page.focusWidget(), Qt.Key.Key_8)
    room.type(advise.said.edit, "I have him on the line")
    press(advise.said.edit, Qt.Key.Key_Return, CTRL)
    their = section(other, "advise")
    room.until(lambda: len(their._cards) == 1)
    (card,) = their._cards.values()
    assert "not acknowledged yet" in card._state.text()
    card.passed.click()
    room.until(lambda: "passed to units" in next(iter(advise._cards.values()))._state.text())
    given = room.page(clinician, call).state.advice[0]  # type: ignore[union-attr]
    assert (given.send, given.words) == (("stage", "no-sirens"), "I have him on the line")
    assert advise.send.values == ()
    assert next(iter(advise._cards.values())).passed.isHidden()


def test_stated_facts_are_taken_into_the_words_of_advice(room: Room, clinician: SignIn, dispatcher: SignIn) -> None:
    call = room.claimed(clinician)
    for field, value, source in (
        ("weapons.reported", "Firearm", "caller"),
        ("children", "Two, upstairs", "confidential"),
        ("animals", "Dog", "cji"),
        ("scene.access", "unknown", "caller"),
        ("situation", "He talks", "caller"),
    ):
        room.do(calls.state_fact, dispatcher, call, field, value, source)
    page = room.open(clinician, call)
    advise = section(page, "advise")
    room.type(advise.said.edit, "Stay back")
    assert list(advise.stated) == ["weapons.reported", "children"]
    assert advise.stated["weapons.reported"].text() == "Weapons: reported: Firearm"
    assert advise.stated["children"].text() == "Others there: children: Two, upstai…"
    for button in (*advise.stated.values(), advise.stated["children"]):
        button.click()
    told = page.work.clock(room.page(clinician, call).state.facts["weapons.reported"].at)  # type: ignore[union-attr]
    words = f"Stay back\nWeapons: reported: Firearm (caller {told})\nOthers there: children: Two, upstairs"
    assert advise.said.text() == words
    press(advise.said.edit, Qt.Key.Key_Return, CTRL)
    room.until(lambda: bool(page.work.page.state.advice))
    assert room.page(clinician, call).state.advice[0].words == words  # type: ignore[union-attr]
    assert section(room.open(dispatcher, call), "advise").stated == {}


def test_empty_advice_is_refused_in_place(room: Room, clinician: SignIn) -> None:
    page = room.open(clinician, room.claimed(clinician))
    advise = section(page, "advise")
    advise.commit()
    room.until(lambda: "empty" in advise.notice.text())
    assert advise.give.isEnabled()


# -- services ----------------------------------------------------------------------------------------------------------


@pytest.fixture
def service(room: Room) -> Any:
    found = uuid4()
    at = room.desk.clock.now()
    body = ServiceDescribed(at, "center", "1", "Crisis Stabilization", phone="(515) 555-0100")
    room.desk.store.append([Author(center=CENTER).write(found, body)])
    return found


def test_a_picked_service_is_offered_and_answered(room: Room, clinician: SignIn, service: Any) -> None:
    call = room.claimed(clinician)
    page = room.open(clinician, call)
    page.find_service()
    page.picked(service)
    room.until(lambda: page.frame.tabs.value == "services" and len(page.frame.sections["services"].cards) == 1)  # type: ignore[attr-defined]
    (card,) = page.frame.sections["services"].cards.values()  # type: ignore[attr-defined]
    card.reason.put("no car")
    card.declined.click()
    room.until(lambda: "declined" in card._state.text())
    assert "no car" in card._state.text()
    assert card.accepted.isHidden()


def test_picking_without_an_encounter_starts_one(room: Room, clinician: SignIn, service: Any) -> None:
    call = room.cad.call("26-1")
    page = room.open(clinician, call)
    assert page.work.encounter is None
    page.find_service()
    page.picked(service)
    room.until(lambda: page.work.encounter is not None and bool(page.work.page.clinical.referrals))  # type: ignore[union-attr]


# -- words among choices ----------------------------------------------------------------------------------------------


def test_the_reason_is_typed_right_after_the_number_of_the_level(room: Room, clinician: SignIn) -> None:
    call = room.claimed(clinician)
    page = room.open(clinician, call)
    level = section(page, "level")
    QTest.keyClicks(focused(), "1")
    press(focused(), Qt.Key.Key_Return, CTRL)
    assert "reason" in level.notice.text()
    assert level.reason.edit.hasFocus(), "the words that are missing can be typed at once"
    press(level.anchors.buttons[0], Qt.Key.Key_1)
    assert level.anchors.buttons[0].hasFocus()
    for letter in "On the rail, 2 pills":
        QTest.keyClicks(focused(), letter)
    press(focused(), Qt.Key.Key_Return, CTRL)
    room.until(lambda: room.page(clinician, call).state.level is Level.CRITICAL)  # type: ignore[union-attr]
    assert room.page(clinician, call).state.levels[-1].reason == "On the rail, 2 pills"  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("ladder", "key", "words"),
    [
        ("own", "1", "Attempt in progress"),
        ("marcus-alert", "4", "Level 4, emergent: law enforcement leads"),
        ("illinois", "4", "Level 4: the highest risk"),
    ],
)
def test_a_level_is_chosen_by_its_number_on_the_centers_ladder(
    room: Room, administrator: SignIn, clinician: SignIn, ladder: str, key: str, words: str
) -> None:
    set_settings(room.desk, administrator, {"ladder": ladder})
    call = room.claimed(clinician)
    level = section(room.open(clinician, call), "level")
    gravest = level.anchors.buttons[0]
    assert gravest.level is Level.CRITICAL
    assert gravest.anchor.startswith(words)
    assert gravest.accessibleDescription().startswith(f"key {key}. {words}")
    assert [button.key for button in level.anchors.buttons] == (list("1234") if key == "1" else list("4321"))
    QTest.keyClicks(focused(), key)
    for letter in "On the rail":
        QTest.keyClicks(focused(), letter)
    press(focused(), Qt.Key.Key_Return, CTRL)
    room.until(lambda: room.page(clinician, call).state.level is Level.CRITICAL)  # type: ignore[union-attr]


def test_letters_among_what_to_send_go_on_in_the_words(room: Room, clinician: SignIn) -> None:
    page = room.open(clinician, room.claimed(clinician))
    advise = section(page, "advise")
    QTest.keyClicks(focused(), "1")
    for letter in "Wait for 3 more":
        QTest.keyClicks(focused(), letter)
    assert advise.said.text() == "Wait for 3 more"
    assert len(advise.send.values) == 1


# -- history -----------------------------------------------------------------------------------------------------------


def test_the_note_is_copied_as_plain_text(room: Room, clinician: SignIn) -> None:
    call = room.claimed(clinician, type_text="SUICIDAL PERSON")
    found = room.page(clinician, call).clinical
    assert found is not None
    room.do(encounters.note, clinician, found.encounter, "goes by Teo")
    room.do(calls.level, clinician, call, Level.HIGH, "plan")
    page = room.open(clinician, call)
    history = section(page, "history")
    press(history.copy, Qt.Key.Key_Return, CTRL)
    text = QGuiApplication.clipboard().text()
    assert "goes by Teo" in text
    assert "SUICIDAL PERSON" in text
    said = [line.text for line in history.timeline.lines]
    assert said.index("Claimed") < said.index("Note: goes by Teo")
    assert "Level HIGH: plan" in said


def test_an_encounter_is_closed_from_the_history(room: Room, clinician: SignIn) -> None:
    page = room.open(clinician, room.claimed(clinician))
    history = section(page, "history")
    history.close_encounter.click()
    room.until(lambda: page.work.page.clinical.state.closed_at is not None)  # type: ignore[union-attr]
    assert history.close_encounter.isHidden()
