"""Assessments on the screen: number keys answer and go on, rules inform, a gap is never a score, nothing is lost."""

from typing import Any
from unittest import mock

import msgspec
import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractButton, QApplication, QScrollArea

from console.actions import assessments, calls, encounters
from console.errors import KnownError
from console.forms.instruments import scoring
from console.forms.library import shipped
from console.forms.model import NonAnswer
from console.models.sign_in import SignIn
from console.queries.assessment import answers_of
from console.views.widgets import Text
from console.views.workspace.assess_begin import FIRST
from console.views.workspace.form_results import score_words
from tests.views.workspace_kit import Room, inside, press

CTRL = Qt.KeyboardModifier.ControlModifier


def begun(room: Room, page: Any, form: str = FIRST) -> Any:
    """The assess section with a form begun by its button."""
    page.go("assess")
    section = page.frame.sections["assess"]
    section.begins[form].click()
    room.until(lambda: section.view is not None)
    return section


def sign(room: Room, section: Any) -> None:
    """Ctrl+Enter says what is frozen, and again signs."""
    for _ in range(2):
        press(QApplication.focusWidget(), Qt.Key.Key_Return, CTRL)  # type: ignore[arg-type]
    room.until(lambda: section.view is None)


def held(room: Room, who: SignIn, call: Any) -> Any:
    """What the record holds of the newest assessment of the call."""
    found = room.page(who, call).clinical
    assert found is not None
    return list(found.assessments.values())[-1]


def test_the_first_form_is_imminent_risk_and_ctrl_enter_begins_it(room: Room, clinician: SignIn) -> None:
    call = room.claimed(clinician)
    page = room.open(clinician, call)
    page.go("assess")
    section: Any = page.frame.sections["assess"]
    assert next(iter(section.begins)) == FIRST
    press(QApplication.focusWidget(), Qt.Key.Key_Return, CTRL)  # type: ignore[arg-type]
    room.until(lambda: section.view is not None)
    assert inside(next(iter(section.view.cards.values())), QApplication.focusWidget())


def test_number_keys_answer_and_go_on(room: Room, clinician: SignIn) -> None:
    call = room.claimed(clinician)
    page = room.open(clinician, call)
    section = begun(room, page)
    for key in (Qt.Key.Key_2, Qt.Key.Key_2, Qt.Key.Key_7, Qt.Key.Key_8):
        press(QApplication.focusWidget(), key)  # type: ignore[arg-type]
    room.settled(page)
    answers = answers_of(held(room, clinician, call))
    assert answers == {
        "ir-attempt": (False,),
        "ir-means": (False,),
        "ir-others": (NonAnswer.REFUSED,),
        "ir-harm-others": (NonAnswer.NOT_ASKED,),
    }
    assert inside(section.view.card("ir-thoughts"), QApplication.focusWidget())
    assert "4 of" in section.head.progress.text()


def test_what_is_stated_stands_under_the_question_and_answers_nothing(
    room: Room, clinician: SignIn, dispatcher: SignIn
) -> None:
    call = room.claimed(clinician)
    room.do(calls.state_fact, dispatcher, call, "weapons.access", "Within reach", "caller")
    page = room.open(clinician, call)
    section = begun(room, page)
    means = section.view.card("ir-means")
    told = [each.text() for each in means.findChildren(Text) if each.isVisible() and "Stated" in each.text()]
    at = room.page(clinician, call).state.facts["weapons.access"].at  # type: ignore[union-attr]
    assert told == [f"Stated: Weapons: access: Within reach (caller {page.work.clock(at)})"]
    others = section.view.card("ir-others")
    assert not any("Stated" in each.text() for each in others.findChildren(Text))
    room.do(calls.state_fact, dispatcher, call, "children", "Two, upstairs", "responder")
    room.until(lambda: any("Two, upstairs" in each.text() for each in others.findChildren(Text)))
    room.do(calls.state_fact, dispatcher, call, "weapons.access", "", "caller")
    room.until(lambda: not any("Stated" in each.text() for each in means.findChildren(Text)))
    assert answers_of(held(room, clinician, call)) == {}


def test_up_and_down_move_and_the_question_stays_in_view(room: Room, clinician: SignIn) -> None:
    page = room.open(clinician, room.claimed(clinician), height=620)
    section = begun(room, page)
    asked = section.view.asked
    for _ in asked[1:]:
        press(QApplication.focusWidget(), Qt.Key.Key_Down)  # type: ignore[arg-type]
    last = section.view.cards[asked[-1]]
    assert inside(last, QApplication.focusWidget())
    area = section.parentWidget().parentWidget()
    assert isinstance(area, QScrollArea)

    def seen() -> bool:
        top = last.mapTo(area.viewport(), last.rect().topLeft()).y()
        return top >= 0 and top + last.height() <= area.viewport().height()

    room.until(seen)
    press(QApplication.focusWidget(), Qt.Key.Key_Up)  # type: ignore[arg-type]
    assert not inside(last, QApplication.focusWidget())


def test_a_key_held_down_answers_one_question(room: Room, clinician: SignIn) -> None:
    page = room.open(clinician, room.claimed(clinician))
    section = begun(room, page)
    first = next(iter(section.view.cards.values()))
    press(first.answers, Qt.Key.Key_1)
    focus = QApplication.focusWidget()
    assert focus is not None
    repeat = QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_1, Qt.KeyboardModifier.NoModifier, "1", True)
    QApplication.sendEvent(focus, repeat)
    assert len(section.view.given) == 1


def test_a_rule_that_is_met_informs_and_sets_nothing(room: Room, clinician: SignIn) -> None:
    call = room.claimed(clinician)
    page = room.open(clinician, call)
    section = begun(room, page)
    assert section.foot.alert is None
    section.view.card("ir-thoughts").answers.answer("1")
    section.view.card("ir-means").answers.answer("1")
    assert section.foot.alert is not None
    assert section.view.alerts[0][0] == "alarm"
    room.settled(page)
    assert room.page(clinician, call).state.levels == ()  # type: ignore[union-attr]


def test_questions_come_and_go_with_the_answers(room: Room, clinician: SignIn) -> None:
    page = room.open(clinician, room.claimed(clinician))
    view = begun(room, page).view
    before = set(view.asked)
    view.card("ir-means").answers.answer("1")
    assert set(view.asked) > before
    view.card("ir-means").answers.answer("2")
    assert set(view.asked) == before


def test_words_in_an_answer_are_kept_when_the_field_is_left(room: Room, clinician: SignIn) -> None:
    call = room.claimed(clinician)
    page = room.open(clinician, call)
    view = begun(room, page).view
    room.type(view.card("ir-helps").edit, "his brother")
    page.frame.pad.start()
    room.until(lambda: "ir-helps" in held(room, clinician, call).answers)
    assert answers_of(held(room, clinician, call))["ir-helps"] == ("his brother",)


def test_the_chips_under_a_field_of_words_name_the_keys_that_answer_there(room: Room, clinician: SignIn) -> None:
    call = room.claimed(clinician)
    page = room.open(clinician, call)
    section = begun(room, page)

    def chips(key: str) -> list[str]:
        row = section.view.card(key).answers
        return [button.choice.chip for button in row.findChildren(QAbstractButton)]

    assert chips("ir-attempt") == ["1", "2", "7", "8", "9"]
    press(QApplication.focusWidget(), Qt.Key.Key_1)  # type: ignore[arg-type]
    assert inside(section.view.card("ir-attempt-what"), QApplication.focusWidget())
    assert chips("ir-attempt-what") == ["Ctrl 7", "Ctrl 8", "Ctrl 9"]
    press(QApplication.focusWidget(), Qt.Key.Key_7, CTRL)  # type: ignore[arg-type]
    room.settled(page)
    assert answers_of(held(room, clinician, call))["ir-attempt-what"] == (NonAnswer.REFUSED,)


def test_completing_asq_freezes_its_scores_and_lists_it(room: Room, clinician: SignIn) -> None:
    call = room.claimed(clinician)
    page = room.open(clinician, call)
    section = begun(room, page, "asq")
    for key in (Qt.Key.Key_2, Qt.Key.Key_2, Qt.Key.Key_7, Qt.Key.Key_2):
        press(QApplication.focusWidget(), key)  # type: ignore[arg-type]
    assert "asq-5" in section.view.asked, "a refusal counts as positive, so acuity is asked"
    press(QApplication.focusWidget(), Qt.Key.Key_1)  # type: ignore[arg-type]
    words = "Imminent risk identified. Any yes or refusal in questions 1 to 4, and yes to question 5."
    assert f"ASQ: Acute positive screen. {words.removesuffix('.')}" in section.foot.scores.text()
    sign(room, section)
    state = held(room, clinician, call)
    assert state.completed_at is not None
    assert (state.scores[0].value, state.scores[0].words) == ("acute-positive", words)
    room.until(lambda: len(section.done_list.cards) == 1)
    (card,) = section.done_list.cards.values()
    assert {"ASQ: Acute positive screen", words} <= {label.text() for label in card.findChildren(Text)}
    assert section.foot.alert is None


def test_a_completed_instrument_shows_the_scores_it_was_completed_with(
    room: Room, clinician: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever a key that is published later would make of the answers."""
    call = room.claimed(clinician)
    found = room.page(clinician, call).clinical
    assert found is not None
    form = room.forms.forms["asq"]
    assessment, _ = assessments.begin(room.desk, clinician, found.encounter, form)
    for question in ("asq-1", "asq-2", "asq-3", "asq-4"):
        assessments.answer(room.desk, clinician, assessment, form, question, (False,))
    assessments.complete(room.desk, clinician, assessment, form)
    (frozen, *_) = room.page(clinician, call).clinical.assessments[assessment].scores  # type: ignore[union-attr]
    monkeypatch.setattr(scoring, "score", lambda *given: (scoring.Score(name="a later key", value=99),))
    page = room.open(clinician, call)
    page.go("assess")
    section = page.frame.sections["assess"]
    room.until(lambda: len(section.done_list.cards) == 1)  # type: ignore[attr-defined]
    (card,) = section.done_list.cards.values()  # type: ignore[attr-defined]
    said = [text.text() for text in card.findChildren(Text)]
    assert score_words(frozen.name, frozen.value, frozen.band, frozen.reason) in said
    assert not [words for words in said if "a later key" in words]


def test_what_speaks_against_an_instrument_is_said_as_the_facts_are_now_and_stops_nobody(
    room: Room, clinician: SignIn
) -> None:
    call = room.claimed(clinician)
    page = room.open(clinician, call)
    page.go("assess")
    section = page.frame.sections["assess"]
    encounter = room.page(clinician, call).clinical.encounter  # type: ignore[union-attr]
    young = "Caution: valid for 8 and older: this person is 6; not validated by phone."

    def in_list() -> list[str]:
        return [label.text() for label in section.list.findChildren(Text) if not label.isHidden()]

    room.until(lambda: "Caution: not validated by phone." in in_list())
    assert not [said for said in in_list() if "this person" in said]
    encounters.state_fact(room.desk, clinician, encounter, "age", "6", "caller")
    room.until(lambda: young in in_list())
    begun(room, page, "asq")
    room.until(lambda: section.head.caution.text() == young and section.head.caution.isVisible())
    encounters.state_fact(room.desk, clinician, encounter, "age", "16", "caller")
    room.until(lambda: section.head.caution.text() == "Caution: not validated by phone.")
    sign(room, section)
    room.until(lambda: held(room, clinician, call).completed_at is not None)
    room.until(lambda: section.head.caution.isHidden())


def test_a_gap_is_not_scored_and_says_which(room: Room, clinician: SignIn) -> None:
    call = room.claimed(clinician)
    page = room.open(clinician, call)
    section = begun(room, page, "phq-9")
    for at in range(1, 10):
        if at != 4:
            section.view.card(f"phq9-{at}").answers.answer("1")
    assert "not scored" in section.foot.scores.text()
    assert "4" in section.foot.scores.text()
    section.commit()
    section.foot.sign.rest.click()
    section.foot.sign.yes.click()
    room.until(lambda: section.view is None)
    score = held(room, clinician, call).scores[0]
    assert (score.value, bool(score.reason)) == ("", True)


def test_each_form_says_when_to_use_it(room: Room, clinician: SignIn) -> None:
    page = room.open(clinician, room.claimed(clinician))
    page.go("assess")
    words = " ".join(label.text() for label in page.frame.sections["assess"].findChildren(Text))
    assert "not for the live call" in words
    assert "Not validated by phone" in words


def test_an_answer_that_cannot_be_kept_says_so(room: Room, clinician: SignIn, monkeypatch: pytest.MonkeyPatch) -> None:
    page = room.open(clinician, room.claimed(clinician))
    section = begun(room, page)

    def refuse(*_: object) -> None:
        raise KnownError("The disk is full.")

    monkeypatch.setattr(assessments, "answer", refuse)
    section.view.card("ir-attempt").answers.answer("1")
    room.until(lambda: page.work.saver.words == "NOT SAVED: The disk is full.")
    assert section.view.card("ir-attempt").answers.values != ()


def test_an_assessment_in_progress_is_there_again(room: Room, clinician: SignIn) -> None:
    call = room.claimed(clinician)
    page = room.open(clinician, call)
    begun(room, page).view.card("ir-attempt").answers.answer("2")
    room.settled(page)
    again = room.open(clinician, call)
    again.go("assess")
    section: Any = again.frame.sections["assess"]
    assert section.view.card("ir-attempt").answers.values == ("1",)


def test_another_clinicians_assessment_can_only_be_read(
    room: Room, clinician: SignIn, second_clinician: SignIn
) -> None:
    call = room.claimed(clinician)
    begun(room, room.open(clinician, call))
    page = room.open(second_clinician, call)
    page.go("assess")
    section: Any = page.frame.sections["assess"]
    assert not section.view.isEnabled()
    assert section._acts.isHidden()


def test_one_goes_on_in_the_middle_of_a_word(room: Room, clinician: SignIn) -> None:
    """The page was left, or the program ended, while an answer was typed: the next question was not yet gone to."""
    call = room.claimed(clinician)
    page = room.open(clinician, call)
    section = begun(room, page)
    room.type(section.view.card("ir-helps").edit, "his bro")
    page.go("level")
    room.settled(page)
    again = room.open(clinician, call)
    again.go("assess")
    there: Any = again.frame.sections["assess"]
    card = there.view.card("ir-helps")
    assert inside(card, QApplication.focusWidget())
    assert card.edit.text() == "his bro"
    press(QApplication.focusWidget(), Qt.Key.Key_Return)  # type: ignore[arg-type]
    room.settled(again)
    assert not again.work.page.drafts or not there.view.half_typed, "finished, it is no draft"
    room.settled(page)
    last = room.open(clinician, call)
    last.go("assess")
    assert not inside(last.frame.sections["assess"].view.card("ir-helps"), QApplication.focusWidget())


def test_what_was_begun_with_a_form_that_is_not_here_any_more_can_be_set_aside(room: Room, clinician: SignIn) -> None:
    call = room.claimed(clinician)
    page = room.open(clinician, call)
    asq = shipped().forms["asq"]
    older = msgspec.structs.replace(asq, questionnaire=msgspec.structs.replace(asq.questionnaire, sha256="0" * 64))
    with mock.patch("console.actions.assessments.refuse_unoffered"):
        room.do(assessments.begin, clinician, page.work.encounter, older)
    page.go("assess")
    section: Any = page.frame.sections["assess"]
    room.until(lambda: section.aside.isVisible())
    assert section.view is None
    assert "The version of asq that this was begun with is not here" in section.notice.text()
    section.aside.click()
    room.until(lambda: not section.aside.isVisible())
    assert len(section.done_list.cards) == 1
