"""What a form from outside is scored by: other words than the published ones, and a key it is matched to by hand."""

from pathlib import Path

from PySide6.QtCore import Qt

from console.models.sign_in import SignIn
from console.queries.library import read_shelf
from tests.support.own_forms import write_reworded, write_uncoded
from tests.support.windows import focused
from tests.views.instruments_kit import look_at, permit, screen, take, tick
from tests.views.workspace_kit import Room, press


def test_other_words_are_shown_and_come_in_as_reworded_or_without_a_score(
    room: Room, administrator: SignIn, tmp_path: Path
) -> None:
    made = screen(room, administrator)
    look_at(room, made, write_reworded(tmp_path))
    page = made.importing
    assert page.scoring.words.text() == (
        "Other words than the published ones:\n"
        "item 2: published “Feeling down, depressed, or hopeless”, here “Feeling a bit low”"
    )
    press(page.file, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert focused() is page.scoring.admit
    assert "Its words are not the published ones" in page.scoring.said.text()
    tick(room, page.scoring.admit)
    room.until(lambda: page.preview is not None and page.preview.needs_permission)
    assert page.scores.text() == "Score: PHQ-9 total (reworded)"
    take(room, page.scoring.key, "without a score")
    page.commit()  # before it is shown what that means
    assert page.permission.said.text() == page.scoring.said.text() == ""
    room.until(lambda: "not scored" in page.scores.text())
    assert not page.scoring.admit.isVisible()
    press(page.scoring.key, Qt.Key.Key_Home)
    room.until(lambda: page.scores.text() == "Score: PHQ-9 total (reworded)")
    tick(room, page.scoring.admit)
    room.until(lambda: page.preview is not None and page.preview.needs_permission)
    permit(room, page)
    room.until(lambda: made.says == "Our PHQ-9 is imported.")
    room.until(lambda: "Scores: PHQ-9 total (reworded)" in made.detail._scores.text())


def test_a_form_without_codes_is_matched_to_a_key_by_keyboard(
    room: Room, administrator: SignIn, tmp_path: Path
) -> None:
    made = screen(room, administrator)
    look_at(room, made, write_uncoded(tmp_path))
    page = made.importing
    assert page.scores.text() == "It gives no score."
    take(room, page.scoring.key, "C-SSRS")
    match = page.scoring.match
    room.until(match.isVisible)
    assert match.missing == ["6-recent"]
    assert page.scoring.said.text() == "Not found: 6-recent. Choose the question for each."
    assert match.items["3"].accessibleDescription() == "found by its number"
    press(page.file, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert focused() is page.scoring.use
    take(room, match.items["6-recent"], "Was that lately?")
    room.until(lambda: "are not each known as one answer" in page.scoring.said.text())
    take(room, match.meanings["Gar nicht"], "No")
    room.until(page.scoring.gives.isVisible)
    assert "High risk: 112 of 128 combinations; yes to 4, or 5, or lately" in page.scoring.gives.text()
    page.scoring.use.setFocus()
    press(page.scoring.use, Qt.Key.Key_Space)
    room.until(lambda: page.scores.text() == "Score: C-SSRS")
    assert not match.isVisible()
    assert focused() is page.scoring.use
    assert page.scoring.use.text() == "Change the match"
    assert page.trained_only.isChecked()
    assert not page.trained_only.isEnabled()
    # Whoever changes it has to say again that it is right.
    press(page.scoring.use, Qt.Key.Key_Space)
    assert match.isVisible()
    press(focused(), Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert "press Use this match" in page.scoring.said.text()
    room.until(page.scoring.gives.isVisible)
    press(page.scoring.use, Qt.Key.Key_Space)
    room.until(lambda: not match.isVisible())
    permit(room, page)
    room.until(lambda: made.says == "Our screener is imported.")
    room.until(lambda: "Scores: C-SSRS" in made.detail._scores.text())
    form = read_shelf(room.desk).library.forms["screener"]
    assert form.bound is not None
    assert form.bound.links["6-recent"] == "lately"
