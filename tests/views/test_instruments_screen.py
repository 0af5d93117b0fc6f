"""The administrator's screen of instruments: bringing a form in, who may begin it, and what is offered."""

from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from console.actions import instruments
from console.actions.instruments import Permit
from console.errors import KnownError
from console.forms.library import installed, open_package
from console.models.sign_in import SignIn
from console.views import theme
from console.views.instruments.instruments_screen import InstrumentsScreen
from console.views.theme import Scheme
from console.views.workspace.form_preview import TriedForm
from console.views.workspace.form_view import FormView
from tests.support.own_forms import PERMIT, bring, decided, describe, why_not, write
from tests.support.shared import shared
from tests.support.windows import focused, show
from tests.views.instruments_kit import look_at, screen
from tests.views.workspace_kit import Room, inside, press


def choose(room: Room, made: InstrumentsScreen, title: str) -> None:
    found = made.list.findItems(title, Qt.MatchFlag.MatchStartsWith)
    assert len(found) == 1
    made.list.setCurrentItem(found[0])
    room.until(lambda: made.detail.title.text() == title)


def test_the_list_has_every_form_and_says_what_is_so_of_it(
    room: Room, administrator: SignIn, clinician: SignIn, tmp_path: Path
) -> None:
    bring(room.desk, administrator, tmp_path)
    instruments.require_training(room.desk, administrator, "calm-down", True)
    instruments.set_trained(room.desk, administrator, "calm-down", [clinician.user])
    instruments.withdraw(room.desk, administrator, "asq", "we ask another")
    made = screen(room, administrator)
    lines = [made.list.item(row).text() for row in range(made.list.count())]
    assert "Calm-down check\noffered · imported · version 1 · 1 trained" in lines
    assert any(line.startswith("ASQ\nnot offered · shipped") for line in lines)
    choose(room, made, "Calm-down check")
    assert made.detail.standing.text() == "Offered."
    assert "Imported by Administrator" in made.detail.facts.text()
    assert "Permitted by The authors on 2026-05-01" in made.detail.permission.why.text()
    choose(room, made, "ASQ")
    assert made.detail.standing.text() == "Withdrawn: we ask another"


def test_a_form_is_tried_out_and_imported_without_a_mouse(
    room: Room, administrator: SignIn, clinician: SignIn, tmp_path: Path
) -> None:
    made = screen(room, administrator)
    look_at(room, made, write(tmp_path))
    page = made.importing
    assert page.preview is not None
    assert "It is new here" in page.what.text()
    assert page.scores.text() == "Score: total"
    assert "Ask before you copy" in page.notice.text()
    view = page.findChild(FormView)
    assert isinstance(view, FormView)
    for card in view.cards.values():
        card.start()
        press(focused(), Qt.Key.Key_3)
    assert [score.value for score in view.scores] == [4]
    page.file.setFocus()
    press(focused(), Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert page.permission.said.text() == "Who gave the permission is missing."
    assert focused() is page.permission.by
    room.type(page.permission.by, PERMIT.given_by)
    press(focused(), Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert "The day of the permission is missing" in page.permission.said.text()
    room.type(page.permission.on, PERMIT.given_on)
    room.type(page.permission.document, PERMIT.document)
    press(focused(), Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    room.until(lambda: made.says == "Calm-down check is imported.")
    room.until(lambda: made.detail.title.text() == "Calm-down check")
    assert inside(made.list, focused())
    assert why_not(room.desk, clinician.user) == ""


@pytest.mark.parametrize("scale", [1.0, 2.0])
def test_what_is_missing_in_the_record_is_said_in_sight(
    room: Room, administrator: SignIn, tmp_path: Path, qapp: QApplication, scale: float
) -> None:
    theme.apply(qapp, Scheme.DARK, scale)
    made = screen(room, administrator, 1270, 630)
    look_at(room, made, write(tmp_path))
    press(focused(), Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    said = made.importing.permission.said
    QApplication.processEvents()
    assert focused() is made.importing.permission.by
    assert said.visibleRegion().boundingRect() == said.rect()


def test_a_refused_form_says_why_and_which_question(room: Room, administrator: SignIn, tmp_path: Path) -> None:
    made = screen(room, administrator)
    items = [{"linkId": "a", "type": "choice", "text": "A", "answerValueSet": "http://example.org/nowhere"}]
    look_at(room, made, write(tmp_path, item=items))
    assert made.importing.said.text().startswith("This form is refused: ")
    assert "item a" in made.importing.said.text()
    assert made.importing.preview is None
    assert not made.importing.confirm.isVisible()
    made.importing.file.setText(str(tmp_path / "missing.json"))
    made.importing.look()
    room.until(lambda: "cannot be read" in made.importing.said.text())
    press(made.importing.file, Qt.Key.Key_Escape)
    assert inside(made.list, focused())
    made.begin_import()
    assert made.importing.said.text() == made.importing.file.text() == ""
    made.importing.look()
    assert "Type the path" in made.importing.said.text()


def test_a_new_version_needs_a_record_of_its_own_and_the_same_one_is_not_imported(
    room: Room, administrator: SignIn, tmp_path: Path
) -> None:
    bring(room.desk, administrator, tmp_path)
    before = decided(room.desk).permission
    made = screen(room, administrator)
    look_at(room, made, write(tmp_path))
    assert "It is here already" in made.importing.what.text()
    assert not made.importing.confirm.isVisible()
    press(made.importing.file, Qt.Key.Key_Escape)
    look_at(room, made, write(tmp_path, version="2"))
    assert "It takes the place of version 1" in made.importing.what.text()
    page = made.importing
    assert "is for another wording, version 1. Enter the new one." in page.permission.why.text()
    made.importing.commit()
    assert focused() is page.permission.on
    room.type(page.permission.on, PERMIT.given_on)  # the same letter, of which somebody says that it covers this one
    made.importing.commit()
    room.until(lambda: made.says == "Calm-down check is imported.")
    state = decided(room.desk)
    assert [each.version for each in state.versions] == ["1", "2"]
    assert before is not None
    assert state.permission is not None
    assert (state.permission.document, state.permission.version) == (before.document, "2")
    room.until(lambda: "1 older version kept" in made.detail.facts.text())


def test_another_key_to_the_wording_keeps_the_record(room: Room, administrator: SignIn, tmp_path: Path) -> None:
    bring(room.desk, administrator, tmp_path)
    before = decided(room.desk).permission
    made = screen(room, administrator)
    look_at(room, made, describe(tmp_path, "1.0", 2))
    assert made.importing.permission.given == PERMIT
    made.importing.commit()
    room.until(lambda: made.says == "Calm-down check is imported.")
    assert decided(room.desk).permission == before


def test_people_are_ticked_and_saved(
    room: Room, administrator: SignIn, clinician: SignIn, second_clinician: SignIn, tmp_path: Path
) -> None:
    bring(room.desk, administrator, tmp_path)
    made = screen(room, administrator)
    choose(room, made, "Calm-down check")
    card = made.detail.training
    assert {clinician.user, second_clinician.user} <= card.boxes.keys()
    assert administrator.user not in card.boxes
    assert card.boxes[clinician.user].accessibleName() == "Clinician is trained"
    card.boxes[clinician.user].setChecked(True)
    card.only.setChecked(True)
    card.on.setText("yesterday")
    card.save.click()
    room.until(lambda: "is no date" in made.says)
    assert card.boxes[clinician.user].isChecked()
    card.on.setText("2026-02-03")
    card.save.click()
    room.until(lambda: made.says == "Saved who is trained.")
    assert [(each.user, each.on) for each in decided(room.desk).trained] == [(clinician.user, "2026-02-03")]
    assert why_not(room.desk, second_clinician.user) != ""
    room.until(lambda: made.list.currentItem().text().endswith("1 trained"))


def test_withdrawing_needs_a_reason_and_is_taken_back(room: Room, administrator: SignIn, clinician: SignIn) -> None:
    made = screen(room, administrator)
    choose(room, made, "ASQ")
    made.detail.offer.setFocus()
    press(made.detail.offer, Qt.Key.Key_Space)
    assert made.detail.reason_said.text() == "The reason is missing: clinicians read it where the form stood."
    assert focused() is made.detail.reason
    room.type(made.detail.reason, "we ask another")
    press(made.detail.reason, Qt.Key.Key_Return)
    room.until(lambda: made.detail.standing.text() == "Withdrawn: we ask another")
    assert made.detail.reason_said.text() == ""
    assert why_not(room.desk, clinician.user, "asq") == "Withdrawn: we ask another"
    assert made.detail.offer.text() == "Offer it again"
    made.detail.offer.click()
    room.until(lambda: made.detail.standing.text() == "Offered.")


def test_a_new_permission_takes_the_place_of_one_that_ended(
    room: Room, administrator: SignIn, clinician: SignIn, tmp_path: Path
) -> None:
    bring(room.desk, administrator, tmp_path)
    today = room.desk.clock.now().astimezone(room.desk.zone).date().isoformat()
    instruments.permit(room.desk, administrator, "calm-down", Permit("A", "2026-05-01", "B", today))
    room.desk.clock.advance(86_400)  # type: ignore[attr-defined]
    made = screen(room, administrator)
    choose(room, made, "Calm-down check")
    assert f"ended on {today}" in made.detail.standing.text()
    made.detail.permission.until.clear()
    made.detail.permit.click()
    room.until(lambda: made.detail.standing.text() == "Offered.")
    room.until(lambda: made.says == "The permission is recorded.")
    made.detail.permission.document.clear()
    made.detail.permit.click()
    assert "Where the document is found is missing" in made.detail.permission.said.text()
    assert focused() is made.detail.permission.document


def test_an_import_asks_for_a_permission_again_once_the_one_on_record_ended(
    room: Room, administrator: SignIn, tmp_path: Path
) -> None:
    bring(room.desk, administrator, tmp_path)
    today = room.desk.today()
    instruments.permit(room.desk, administrator, "calm-down", Permit("A", "2026-05-01", "B", today))
    made = screen(room, administrator)
    look_at(room, made, describe(tmp_path, "1.0", 2))
    page = made.importing
    assert page.preview is not None
    assert not page.preview.needs_permission
    assert page.permission.until.text() == today
    room.desk.clock.advance(86_400)  # type: ignore[attr-defined]
    press(page.file, Qt.Key.Key_Escape)
    look_at(room, made, describe(tmp_path, "1.0", 2))
    assert page.preview.needs_permission
    assert f"ended on {today}" in page.permission.why.text()
    assert (page.permission.by.text(), page.permission.on.text(), page.permission.until.text()) == ("A", "", "")
    press(page.file, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert "The day of the permission is missing" in page.permission.said.text()
    assert focused() is page.permission.on
    room.type(page.permission.on, today)
    press(focused(), Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    room.until(lambda: made.says == "Calm-down check is imported.")
    held = decided(room.desk).permission
    assert held is not None
    assert (held.given_on, held.until) == (today, "")


def test_what_is_typed_stays_while_others_decide(
    room: Room, administrator: SignIn, clinician: SignIn, tmp_path: Path
) -> None:
    bring(room.desk, administrator, tmp_path)
    made = screen(room, administrator)
    choose(room, made, "Calm-down check")
    made.detail.reason.setText("half a rea")
    made.detail.permission.document.setText("a new fol")
    made.detail.training.boxes[clinician.user].setChecked(True)
    instruments.withdraw(room.desk, administrator, "asq", "we ask another")
    room.until(lambda: any("not offered" in made.list.item(row).text() for row in range(made.list.count())))
    assert made.detail.reason.text() == "half a rea"
    assert made.detail.permission.document.text() == "a new fol"
    assert made.detail.training.boxes[clinician.user].isChecked()


def test_the_form_that_is_offered_can_be_seen(room: Room, administrator: SignIn) -> None:
    made = screen(room, administrator)
    choose(room, made, "ASQ")
    made.detail.see.click()
    assert made.detail.findChild(FormView) is not None
    assert made.detail.see.text() == "Hide the form"
    choose(room, made, "PHQ-9")
    assert not made.detail.see.isChecked()


def test_what_cannot_be_read_is_said_with_a_way_on(
    room: Room, administrator: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    from console.views.instruments import instruments_screen

    real, broken = instruments_screen.instruments, [True]

    def read(*given: object) -> object:
        if broken:
            raise KnownError("The disk is away.")
        return real(*given)  # type: ignore[arg-type]

    monkeypatch.setattr(instruments_screen, "instruments", read)
    made = InstrumentsScreen(room.seat(administrator), partial(TriedForm, now=room.seat(administrator).here))
    show(room.qtbot, made)
    room.until(lambda: made._error.isVisible())
    assert made._error.sentence == "The disk is away."
    broken.clear()
    assert made._error.action is not None
    made._error.action.click()
    room.until(lambda: made.list.isVisible())


@pytest.mark.parametrize("scale", [1.0, 2.0])
def test_nothing_is_wider_than_the_smallest_screen(
    room: Room, administrator: SignIn, qapp: QApplication, tmp_path: Path, scale: float
) -> None:
    bring(room.desk, administrator, tmp_path)
    theme.apply(qapp, Scheme.LIGHT, scale)
    made = screen(room, administrator, width=1366 - round(72 * scale), height=620)
    choose(room, made, "Calm-down check")
    assert made.minimumSizeHint().width() <= 1366 - round(72 * scale)
    area = made.detail.parentWidget().parentWidget()  # type: ignore[union-attr]
    assert made.detail.width() <= area.width()
    look_at(room, made, write(tmp_path, version="2"))
    room.until(lambda: made.importing.preview is not None)
    assert made.importing.widget().width() <= made.importing.viewport().width()
    theme.apply(qapp, Scheme.DARK, 1.0)


def test_every_real_form_that_is_taken_can_be_looked_at(room: Room) -> None:
    seen = 0
    for path in sorted(shared("fhir-questionnaires").rglob("*.json")):
        try:
            form = open_package(path, installed()).form.own("looked-at")
        except KnownError:  # what is refused, and why, is shown elsewhere
            continue
        tried = TriedForm(form, lambda: datetime(2026, 11, 21, tzinfo=UTC))
        assert tried.view.accessibleName() or not form.questionnaire.title
        tried.deleteLater()
        seen += 1
    assert seen > 100


def test_an_import_that_was_opened_stays_when_word_of_something_else_comes(room: Room, administrator: SignIn) -> None:
    made = screen(room, administrator)
    choose(room, made, "ASQ")
    made.detail.reason.setText("we ask another")
    with room.busy_disk():
        made.detail.offer.click()
        made.begin_import()
    room.until(lambda: "ASQ" in made.says)
    assert made.importing.isVisible()


def test_what_was_imported_is_chosen_although_the_list_came_before_word_of_it(
    room: Room, administrator: SignIn, tmp_path: Path
) -> None:
    made = screen(room, administrator)
    look_at(room, made, write(tmp_path))
    fields = made.importing.permission
    fields.by.setText(PERMIT.given_by)
    fields.on.setText(PERMIT.given_on)
    fields.document.setText(PERMIT.document)
    with room.word_is_late():
        made.importing.commit()
        room.until(lambda: bool(made.list.findItems("Calm-down check", Qt.MatchFlag.MatchStartsWith)))
    room.until(lambda: made.detail.title.text() == "Calm-down check")


def test_a_form_that_is_read_when_the_import_is_left_is_not_shown_in_the_next(
    room: Room, administrator: SignIn, tmp_path: Path
) -> None:
    made = screen(room, administrator)
    made.begin_import()
    made.importing.file.setText(str(write(tmp_path)))
    made.importing.look()
    made.importing.closed.emit()
    made.begin_import()
    read: list[object] = []
    made._seat.bridge.read(made, lambda: None, read.append, read.append)  # comes after it
    room.until(lambda: bool(read))
    assert made.importing.preview is None
