"""Signing says what is frozen, amending keeps what stood, several are open at once, results stand beside."""

import json
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QCoreApplication, QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QWidget

from console.actions import assessments, encounters
from console.models.sign_in import SignIn
from console.views import theme
from console.views.theme import Scheme
from console.views.widgets import Text
from console.views.workspace.moments import moments
from tests.views.test_assessment_form import begun, held, sign
from tests.views.workspace_kit import Room, inside, press

CTRL = Qt.KeyboardModifier.ControlModifier
ALT = Qt.KeyboardModifier.AltModifier


def keys(*which: Qt.Key, with_: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    """Press keys where the focus is."""
    for key in which:
        focus = QApplication.focusWidget()
        assert focus is not None
        press(focus, key, with_)


def words_in(widget: QWidget) -> str:
    return "\n".join(each.text() for each in widget.findChildren(Text) if each.isVisibleTo(widget))


def answered(room: Room, page: Any, form: str, key: Qt.Key, times: int) -> Any:
    """A form begun and answered with the same key so many times."""
    section = begun(room, page, form)
    keys(*[key] * times)
    room.settled(page)
    return section


def test_signing_says_first_what_is_frozen_and_by_whom(room: Room, clinician: SignIn) -> None:
    call = room.claimed(clinician)
    page = room.open(clinician, call)
    section = answered(room, page, "phq-9", Qt.Key.Key_2, 8)
    keys(Qt.Key.Key_Return, with_=CTRL)
    panel = section.foot.sign
    said = words_in(panel)
    assert "Sign Patient Health Questionnaire (PHQ-9) as Clinician" in said
    assert "PHQ-9 total: not scored: item 9 not answered" in said
    assert held(room, clinician, call).completed_at is None
    keys(Qt.Key.Key_Escape)
    assert panel.isHidden()
    assert inside(section.view.card("phq9-9"), QApplication.focusWidget())


def test_what_is_required_and_open_is_gone_to_from_there(room: Room, clinician: SignIn) -> None:
    page = room.open(clinician, room.claimed(clinician))
    section = answered(room, page, "phq-9", Qt.Key.Key_2, 7)
    keys(Qt.Key.Key_Return, with_=CTRL)
    gaps = section.foot.sign.gaps
    assert [gap.accessibleName()[:12] for gap in gaps] == ["Go to: 8. Mo", "Go to: 9. Th"]
    gaps[1].setFocus()
    keys(Qt.Key.Key_Return)
    assert inside(section.view.card("phq9-9"), QApplication.focusWidget())
    assert section.view.parts[0].open_required == ("phq9-8", "phq9-9")


def test_what_was_signed_stands_while_it_is_amended(room: Room, clinician: SignIn) -> None:
    call = room.claimed(clinician)
    page = room.open(clinician, call)
    section = answered(room, page, "gad-7", Qt.Key.Key_2, 7)
    sign(room, section)
    room.until(lambda: bool(section.done_list.cards))
    (card,) = section.done_list.cards.values()
    assert "signed" in words_in(card)
    assert "by you" in words_in(card)
    assert inside(section, QApplication.focusWidget()), "the focus stays on the page"
    card.amend.setFocus()
    keys(Qt.Key.Key_Space)
    QTest.keyClicks(QApplication.focusWidget(), "item 2 was misheard")
    keys(Qt.Key.Key_Return)
    room.until(lambda: section.view is not None)
    room.settled(page)
    assert "AMENDING" in words_in(section.head)
    assert "item 2 was misheard" in words_in(section.head)
    section.view.go_to("gad7-2")
    keys(Qt.Key.Key_4)
    room.settled(page)
    assert held(room, clinician, call).scores[0].value == "7", "what was signed stands"
    assert "Now +2" in section.foot.before.text()
    keys(Qt.Key.Key_Return, with_=CTRL)
    assert section.foot.sign.yes.text() == "Sign the amendment"
    keys(Qt.Key.Key_Return)
    room.until(lambda: section.view is None)
    state = held(room, clinician, call)
    assert (state.scores[0].value, len(state.amendments)) == ("9", 1)
    room.until(lambda: "amended" in words_in(next(iter(section.done_list.cards.values()))))
    said = words_in(next(iter(section.done_list.cards.values())))
    assert "item 2 was misheard" in said
    assert ": 7 (" in said
    assert ": 9 (" in said
    assert " → " in said


def test_an_amendment_can_be_left_and_nothing_has_changed(room: Room, clinician: SignIn) -> None:
    call = room.claimed(clinician)
    page = room.open(clinician, call)
    section = answered(room, page, "gad-7", Qt.Key.Key_2, 7)
    sign(room, section)
    room.until(lambda: bool(section.done_list.cards))
    (assessment,) = section.done_list.cards
    signed = held(room, clinician, call)
    room.do(assessments.amend, clinician, assessment, "misheard")
    room.until(lambda: section.view is not None)
    room.settled(page)
    assert section.aside.text() == "Leave it as it was"
    section.view.card("gad7-1").answers.answer("4")
    room.settled(page)
    section.aside.click()
    room.until(lambda: section.view is None)
    after = held(room, clinician, call)
    assert (after.answers, after.scores, after.amendments) == (signed.answers, signed.scores, ())


def test_two_are_open_at_once_and_each_goes_on_where_one_was(room: Room, clinician: SignIn) -> None:
    call = room.claimed(clinician)
    page = room.open(clinician, call)
    section = begun(room, page)
    keys(Qt.Key.Key_2, Qt.Key.Key_2)
    room.settled(page)
    keys(Qt.Key.Key_PageDown, with_=ALT)
    assert section.view is None
    section.begins["asq"].click()
    room.until(lambda: section.view is not None)
    keys(Qt.Key.Key_2)
    room.settled(page)
    assert [pill.label for pill in section.head.open_forms._pills] == ["Imminent risk", "ASQ", "Begin another"]
    keys(Qt.Key.Key_PageUp, with_=ALT)
    assert section.view.form.name == "imminent-risk"
    assert inside(section.view.card("ir-others"), QApplication.focusWidget())
    keys(Qt.Key.Key_PageDown, with_=ALT)
    assert section.view.form.name == "asq"
    assert inside(section.view.card("asq-2"), QApplication.focusWidget())


def test_what_is_begun_is_shown_although_an_older_page_comes_first(room: Room, clinician: SignIn) -> None:
    call = room.claimed(clinician)
    page = room.open(clinician, call)
    section = begun(room, page)
    keys(Qt.Key.Key_PageDown, with_=ALT)
    before = page.work.page
    section.begins["asq"].click()
    section.begins["asq"].click()  # a hand that trembles begins one
    section.show_page(before)
    room.until(lambda: section.view is not None)
    assert section.view.form.name == "asq"
    room.settled(page)
    assert len(page.work.page.clinical.assessments) == 2


def test_words_typed_in_one_are_kept_when_one_goes_to_another(room: Room, clinician: SignIn) -> None:
    call = room.claimed(clinician)
    page = room.open(clinician, call)
    section = begun(room, page)
    room.type(section.view.card("ir-helps").edit, "his brother")
    keys(Qt.Key.Key_PageDown, with_=ALT)
    room.until(lambda: "ir-helps" in held(room, clinician, call).answers)


def test_an_assessment_left_open_goes_on_where_one_stopped(room: Room, clinician: SignIn) -> None:
    """The program was ended, or it is another desk: only the record knows."""
    call = room.claimed(clinician)
    page = room.open(clinician, call)
    answered(room, page, "imminent-risk", Qt.Key.Key_2, 5)
    again = room.open(clinician, call)
    again.go("assess")
    section: Any = again.frame.sections["assess"]
    assert section.view.at == 1, "the second part"
    assert inside(section.view.cards[section.view.asked[5]], QApplication.focusWidget())


def test_results_of_the_same_instrument_on_this_call_stand_beside_with_the_change(
    room: Room, clinician: SignIn, second_clinician: SignIn
) -> None:
    call = room.claimed(clinician)
    page = room.open(clinician, call)
    section = answered(room, page, "gad-7", Qt.Key.Key_2, 7)
    sign(room, section)
    encounter, _ = encounters.start(room.desk, second_clinician, "conference", call)
    assert encounter
    other = room.open(second_clinician, call)
    theirs = answered(room, other, "gad-7", Qt.Key.Key_3, 7)
    line = theirs.foot.before.text()
    assert "by Clinician" in line
    assert ": 7 (Mild)" in line
    assert line.endswith("Now +7")
    theirs.view.card("gad7-1").answers.answer("7")
    assert "Now" not in theirs.foot.before.text(), "a gap is compared with nothing"


def test_a_signed_assessment_is_saved_as_fhir_and_that_is_recorded(
    room: Room, clinician: SignIn, tmp_path: Path
) -> None:
    page = room.open(clinician, room.claimed(clinician))
    section = answered(room, page, "gad-7", Qt.Key.Key_2, 7)
    sign(room, section)
    room.until(lambda: bool(section.done_list.cards))
    (card,) = section.done_list.cards.values()
    card.save.click()
    dialog = page.window().findChild(QFileDialog)
    assert dialog is not None
    dialog.fileSelected.emit(f"{tmp_path / 'gad.json'}")
    dialog.reject()
    room.until(lambda: section.notice.text() == "gad.json was written.")
    bundle = json.loads((tmp_path / "gad.json").read_text())
    assert {entry["resource"]["resourceType"] for entry in bundle["entry"]} >= {"QuestionnaireResponse", "Observation"}
    rows = room.desk.store.read()
    with rows as connection:
        (count,) = connection.exec_driver_sql(
            "SELECT count(*) FROM entry WHERE kind = 'audit.recorded' AND body LIKE '%assessment.exported%'"
        ).one()
    assert count == 1


def test_a_blank_form_is_saved_for_paper(room: Room, clinician: SignIn, tmp_path: Path) -> None:
    page = room.open(clinician, room.claimed(clinician))
    page.go("assess")
    section: Any = page.frame.sections["assess"]
    section.list.blanks["phq-9"].click()
    dialog = page.window().findChild(QFileDialog)
    assert dialog is not None
    dialog.fileSelected.emit(f"{tmp_path / 'blank.pdf'}")
    dialog.reject()
    room.until(lambda: section.notice.text() == "blank.pdf was written.")
    assert (tmp_path / "blank.pdf").read_bytes().startswith(b"%PDF-")


def test_a_file_that_cannot_be_written_is_said(room: Room, clinician: SignIn, tmp_path: Path) -> None:
    page = room.open(clinician, room.claimed(clinician))
    page.go("assess")
    section: Any = page.frame.sections["assess"]
    section.files.save_blank(section.list.form("phq-9").form, f"{tmp_path / 'no' / 'blank.pdf'}")
    room.until(lambda: "cannot be written" in section.notice.text())


def test_the_form_speaks_spanish_where_it_has_the_words(room: Room, clinician: SignIn) -> None:
    page = room.open(clinician, room.claimed(clinician))
    section = begun(room, page, "phq-9")
    language = section.head.language
    assert [language.itemText(at) for at in range(language.count())] == ["English", "Spanish"]
    language.setFocus()
    keys(Qt.Key.Key_Down)
    assert "Poco interés" in words_in(section.view.card("phq9-1"))
    sign_again = begun(room, room.open(clinician, room.claimed(clinician, "26-118-9999")))
    assert sign_again.head.language.isHidden(), "one language is no choice"


@pytest.mark.parametrize("height", [430, 620])
def test_with_little_height_a_question_is_seen_whole_and_the_score_too(
    room: Room, clinician: SignIn, height: int
) -> None:
    page = room.open(clinician, room.claimed(clinician), height=height)
    section = answered(room, page, "phq-9", Qt.Key.Key_2, 3)
    card = section.view.card("phq9-4")
    area = section.parentWidget().parentWidget()
    room.until(lambda: card.mapTo(area.viewport(), card.rect().topLeft()).y() >= 0)
    assert card.mapTo(area.viewport(), card.rect().bottomLeft()).y() <= area.viewport().height()
    assert section.foot.scores.isVisible()
    assert "not scored" in section.foot.scores.text()


@pytest.mark.parametrize(("height", "form"), [(430, "phq-9"), (640, "phq-9"), (640, "imminent-risk")])
def test_what_is_signed_is_read_whole_where_there_is_little_height(
    room: Room, clinician: SignIn, height: int, form: str
) -> None:
    page = room.open(clinician, room.claimed(clinician), width=760, height=height)
    section = answered(room, page, form, Qt.Key.Key_1, 1)
    if form == "phq-9":
        section.view.card("phq9-9").answers.answer("4")
    keys(Qt.Key.Key_Return, with_=CTRL)
    room.settled(page)
    panel = section.foot.sign
    for part in [*(each for each in panel.findChildren(Text) if each.isVisible()), panel.yes, panel.no, *panel.gaps]:
        wanted = part.heightForWidth(part.width()) if part.hasHeightForWidth() else part.minimumSizeHint().height()
        assert part.height() >= wanted
        assert panel.rect().contains(part.geometry().translated(part.parentWidget().mapTo(panel, QPoint())))


def test_what_is_typed_and_no_answer_is_said_before_signing(room: Room, clinician: SignIn) -> None:
    page = room.open(clinician, room.claimed(clinician))
    section = begun(room, page, "imminent-risk")
    page.work.saver.refuse("a field", "'abc' is not a number.")
    keys(Qt.Key.Key_Return, with_=CTRL)
    assert "NOT SAVED, and not in what is signed: 'abc' is not a number." in words_in(section.foot.sign)
    keys(Qt.Key.Key_Escape)
    page.resize(page.width(), 430)
    QCoreApplication.processEvents()
    keys(Qt.Key.Key_Return, with_=CTRL)
    assert section.foot.sign.accessibleName().startswith("NOT SAVED: 'abc' is not a number. Sign"), "it is read first"


def test_what_is_asked_to_sign_and_to_amend_is_seen_whole_at_twice_the_text(
    room: Room, clinician: SignIn, qapp: QApplication
) -> None:
    theme.apply(qapp, Scheme.LIGHT, 2.0)
    page = room.open(clinician, room.claimed(clinician), width=1222, height=535)
    section = answered(room, page, "phq-9", Qt.Key.Key_2, 9)
    keys(Qt.Key.Key_Return, with_=CTRL)
    room.settled(page)
    yes = section.foot.sign.yes
    assert yes.height() >= yes.minimumSizeHint().height()
    keys(Qt.Key.Key_Return)
    room.until(lambda: bool(section.done_list.cards))
    next(iter(section.done_list.cards.values())).amend.click()
    QCoreApplication.processEvents()
    edit = section.foot.strip.box.edit
    assert edit.height() >= edit.sizeHint().height()


@pytest.mark.parametrize(("width", "height", "scale"), [(1222, 535, 2.0), (1366, 768, 2.0), (1294, 660, 1.0)])
def test_while_amending_tabs_banner_and_sign_are_seen_whole_at_any_size(
    room: Room, clinician: SignIn, qapp: QApplication, width: int, height: int, scale: float
) -> None:
    theme.apply(qapp, Scheme.DARK, scale)
    page = room.open(clinician, room.claimed(clinician), width=width, height=height)
    section = answered(room, page, "phq-9", Qt.Key.Key_2, 9)
    sign(room, section)
    room.until(lambda: bool(section.done_list.cards))
    reason = "item 2 was misheard; the caller said several days and not nearly every day, and was asked again"
    room.do(assessments.amend, clinician, next(iter(section.done_list.cards)), reason)
    room.until(lambda: section.view is not None)
    room.settled(page)
    for edge in (section.head, section.foot):
        assert edge.height() >= edge.minimumSizeHint().height()
        for part in edge.findChildren(QWidget):
            if part.isVisible():
                wanted = (
                    part.heightForWidth(part.width()) if part.hasHeightForWidth() else part.minimumSizeHint().height()
                )
                assert part.height() >= wanted, part
                assert edge.rect().contains(part.geometry().translated(part.parentWidget().mapTo(edge, QPoint())))
    banner = section.head.banner
    assert reason in banner.accessibleName()
    assert section.isAncestorOf(banner) or section.head.isAncestorOf(banner)
    said = section.foot.scores.text() if section.head.progress.isHidden() else section.head.progress.text()
    assert section.head.isAncestorOf(banner) or said.startswith("AMENDING · 9 of 10 answered")


@pytest.mark.parametrize("scale", [1.0, 2.0])
def test_another_language_leaves_the_place_and_the_focus(
    room: Room, clinician: SignIn, qapp: QApplication, scale: float
) -> None:
    theme.apply(qapp, Scheme.DARK, scale)
    page = room.open(clinician, room.claimed(clinician), width=1222, height=535)
    section = answered(room, page, "phq-9", Qt.Key.Key_2, 5)
    area = section.parentWidget().parentWidget()

    def stands_at() -> int:
        return int(section.view.cards["phq9-6"].mapTo(area.viewport(), QPoint()).y())

    room.until(lambda: 0 <= stands_at() < area.viewport().height())
    before = stands_at()
    for language, by in (("es", Qt.Key.Key_Down), ("en", Qt.Key.Key_Up)):
        section.head.language.setFocus()
        keys(by)
        room.settled(page)
        assert section.view.state.language.startswith(language)
        assert inside(section.head.language, QApplication.focusWidget())
        assert abs(stands_at() - before) <= area.viewport().height() // 4
    section.view.go_to("phq9-6")
    section.view.speak("es")
    room.settled(page)
    assert inside(section.view.cards["phq9-6"], QApplication.focusWidget())


def test_history_says_what_became_of_each_amendment(room: Room, clinician: SignIn) -> None:
    call = room.claimed(clinician)
    page = room.open(clinician, call)
    section = answered(room, page, "gad-7", Qt.Key.Key_2, 7)
    sign(room, section)
    room.until(lambda: bool(section.done_list.cards))
    (assessment,) = section.done_list.cards
    room.do(assessments.amend, clinician, assessment, "misheard")
    room.do(assessments.abandon, clinician, assessment, "left as it was signed")
    room.do(assessments.amend, clinician, assessment, "item 2 again")
    read = room.page(clinician, call)
    said = [(what, by) for _, what, by in moments(read) if "GAD-7" in what]
    name = read.name(clinician.user)
    assert said[2:] == [
        ("Amendment of GAD-7 begun: misheard", name),
        ("Amendment of GAD-7 given up (misheard): it stands as it was signed", name),
        ("Amendment of GAD-7 begun: item 2 again", name),
    ]
