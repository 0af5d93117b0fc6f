"""The shared widgets: what they say, what their keys do, how large they are."""

from datetime import UTC, datetime, timedelta

import pytest
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QAccessible, QColor, QImage, QPainter, QPalette
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from console.errors import BugError
from console.models.call import Level
from console.views import theme, widgets
from console.views.theme import Scheme
from console.views.widgets import (
    ActionButton,
    Badge,
    BannerBar,
    Card,
    Choice,
    ChoiceRow,
    ClockLabel,
    ElidedText,
    EmptyState,
    ErrorState,
    Fields,
    Limits,
    LoadingState,
    PillTabs,
    Run,
    StatusDot,
    Text,
    Tone,
    Watermark,
    named,
    numbered,
)
from console.views.widgets.ages import clock_text, rough_text, short_text, spoken_text
from console.views.widgets.fields import beside_room
from console.views.widgets.painting import badge_size, level_shape, paint_badge
from tests.support.clock import FixedClock
from tests.support.windows import focused, show

ANSWERS = (
    Choice("yes", "Yes", "1"),
    Choice("no", "No", "2"),
    Choice("refused", "Refused", "7", quiet=True),
    Choice("not-asked", "Not asked", "8", quiet=True),
)


@pytest.fixture(autouse=True)
def dark(qapp: QApplication) -> None:
    theme.apply(qapp, Scheme.DARK)


def span(**parts: int) -> timedelta:
    return timedelta(**parts)


@pytest.mark.parametrize(
    ("passed", "clock", "short", "rough", "spoken"),
    [
        (span(), "00:00", "0:00", "0 s", "0 seconds"),
        (span(seconds=1), "00:01", "0:01", "1 s", "1 second"),
        (span(seconds=112), "01:52", "1:52", "1 min", "1 minute 52 seconds"),
        (span(minutes=59, seconds=59), "59:59", "59:59", "59 min", "59 minutes 59 seconds"),
        (span(hours=1, minutes=2, seconds=7), "1:02:07", "1:02 h", "1 h", "1 hour 2 minutes"),
        (span(days=2, hours=3), "2 d 03 h", "2 d", "2 d", "2 days 3 hours"),
        (span(days=9, hours=23), "9 d 23 h", "9 d", "9 d", "9 days 23 hours"),
        (span(days=206, hours=3), "206 d", "206 d", "206 d", "206 days 3 hours"),
    ],
)
def test_an_age_reads_the_same_on_a_clock_in_a_line_and_aloud(
    passed: timedelta, clock: str, short: str, rough: str, spoken: str
) -> None:
    assert (clock_text(passed), short_text(passed), rough_text(passed), spoken_text(passed)) == (
        clock,
        short,
        rough,
        spoken,
    )


def test_an_interactive_widget_without_a_name_is_found_when_it_is_made(qtbot) -> None:
    for make in (lambda: ActionButton(" "), lambda: ChoiceRow("", ANSWERS), lambda: PillTabs("", [("a", "A")])):
        with pytest.raises(BugError, match="accessible name"):
            make()
    assert named(QWidget(), "Filter calls").accessibleName() == "Filter calls"


def test_everything_that_takes_the_focus_has_a_name_and_a_role(qtbot) -> None:
    window = QWidget()
    column = QVBoxLayout(window)
    banner = BannerBar("New calls")
    banner.say("1 new", Tone.ACCENT, key="N", key_says="shows it")
    for widget in (
        ActionButton("Claim", key="F3"),
        ChoiceRow("Thoughts now?", ANSWERS),
        ChoiceRow("Present", ANSWERS, multiple=True),
        PillTabs("Views", [("flagged", "Flagged"), ("mine", "Mine")]),
        banner,
    ):
        column.addWidget(widget)
    show(qtbot, window)
    checked = 0
    for child in window.findChildren(QWidget):
        if child.focusPolicy() != Qt.FocusPolicy.NoFocus and child.isEnabled():
            found = QAccessible.queryAccessibleInterface(child)
            assert found.text(QAccessible.Text.Name), child
            assert found.role() not in (QAccessible.Role.NoRole, QAccessible.Role.Client), child
            assert min(child.width(), child.height()) >= 24, child
            checked += 1
    assert checked >= 12


def test_number_keys_answer_one_of_several(qtbot) -> None:
    row = ChoiceRow("Thoughts now?", ANSWERS)
    show(qtbot, row)
    row.setFocus()
    said: list[tuple[str, ...]] = []
    row.changed.connect(said.append)
    for key in (Qt.Key.Key_1, Qt.Key.Key_7, Qt.Key.Key_5, Qt.Key.Key_7):
        qtbot.keyClick(focused(), key)
    assert said == [("yes",), ("refused",), ("refused",)]
    assert row.values == ("refused",)
    qtbot.keyClick(focused(), Qt.Key.Key_Delete)
    assert row.values == ()
    assert said[-1] == ()


def test_the_number_pad_answers_too(qtbot) -> None:
    row = ChoiceRow("Means within reach?", ANSWERS)
    show(qtbot, row)
    row.setFocus()
    qtbot.keyClick(focused(), Qt.Key.Key_2, Qt.KeyboardModifier.KeypadModifier)
    assert row.values == ("no",)


def test_several_answers_can_stand_together(qtbot) -> None:
    row = ChoiceRow("Who is there?", numbered([("child", "Child"), ("partner", "Partner")]), multiple=True)
    show(qtbot, row)
    row.setFocus()
    for key in (Qt.Key.Key_2, Qt.Key.Key_1):
        qtbot.keyClick(focused(), key)
    assert row.values == ("child", "partner")
    qtbot.keyClick(focused(), Qt.Key.Key_2)
    assert row.values == ("child",)


def test_showing_a_recorded_answer_is_not_answering(qtbot) -> None:
    row = ChoiceRow("Thoughts now?", ANSWERS)
    qtbot.addWidget(row)
    with qtbot.assertNotEmitted(row.changed):
        row.set_values(("no",))
    assert row.values == ("no",)
    assert row.focusProxy().accessibleName() == "No"


def test_answers_break_into_lines_and_stay_whole_at_twice_the_text(qtbot, qapp: QApplication) -> None:
    theme.apply(qapp, Scheme.DARK, 2.0)
    window = QWidget()
    row = ChoiceRow("Thoughts now?", ANSWERS)
    QVBoxLayout(window).addWidget(row)
    window.resize(420, 400)
    show(qtbot, window)
    buttons = [child for child in row.findChildren(QWidget) if child.accessibleName()]
    assert len({button.y() for button in buttons}) > 1
    for button in buttons:
        assert button.width() >= button.sizeHint().width()
        assert row.rect().contains(button.geometry())


def test_arrows_move_between_answers_without_answering(qtbot) -> None:
    row = ChoiceRow("Thoughts now?", ANSWERS)
    show(qtbot, row)
    row.setFocus()
    qtbot.keyClick(focused(), Qt.Key.Key_Right)
    assert focused().accessibleName() == "No"
    assert row.values == ()


def test_tabs_carry_counts_and_arrows_choose(qtbot) -> None:
    tabs = PillTabs("Views", [("flagged", "Flagged"), ("mine", "Mine"), ("open", "All open")])
    tabs.set_counts({"flagged": 5, "open": 43})
    show(qtbot, tabs)
    assert [button.accessibleName() for button in tabs.buttons()] == ["Flagged, 5", "Mine", "All open, 43"]
    tabs.setFocus()
    with qtbot.waitSignal(tabs.chosen) as heard:
        qtbot.keyClick(focused(), Qt.Key.Key_Right)
    assert heard.args == ["mine"]
    with qtbot.assertNotEmitted(tabs.chosen):
        tabs.set_value("open")
    assert tabs.value == "open"


def test_a_banner_keeps_its_height_and_can_be_pressed_only_with_a_key(qtbot) -> None:
    banner = BannerBar("New calls")
    banner.resize(500, banner.sizeHint().height())
    show(qtbot, banner)
    quiet = banner.sizeHint()
    assert not banner.isEnabled()
    banner.say(
        [Run("2 new: ", strong=True), Run("0:08 ", level=Level.CRITICAL), Run("suicidal person")],
        Tone.ACCENT,
        key="N",
        key_says="shows them",
    )
    assert banner.sizeHint() == quiet
    assert banner.said == "2 new: 0:08 suicidal person N shows them"
    assert banner.accessibleName() == "New calls: 2 new: 0:08 suicidal person N shows them"
    with qtbot.waitSignal(banner.activated):
        qtbot.mouseClick(banner, Qt.MouseButton.LeftButton)
    banner.say("", Tone.MUTED)
    with qtbot.assertNotEmitted(banner.activated):
        qtbot.mouseClick(banner, Qt.MouseButton.LeftButton)


def test_a_clock_changes_tone_at_its_limits_and_tells_so_aloud(qtbot) -> None:
    clock = FixedClock()
    label = ClockLabel("unclaimed", clock.now, limits=Limits(timedelta(seconds=60), timedelta(seconds=120)))
    assert (label.text, label.tone) == ("–", Tone.MUTED)
    label.set_span(clock.now())
    show(qtbot, label)
    seen = []
    for seconds in (0, 59, 1, 60):
        clock.advance(seconds)
        label.tick()
        seen.append((label.text, label.tone))
    assert seen == [("00:00", Tone.TEXT), ("00:59", Tone.TEXT), ("01:00", Tone.WARN), ("02:00", Tone.DANGER)]
    assert label.accessibleName() == "unclaimed: 2 minutes"


def test_a_stopped_clock_stands_and_an_unseen_one_does_not_tick(qtbot) -> None:
    clock = FixedClock()
    start = clock.now()
    label = ClockLabel("flag → claim", clock.now)
    qtbot.addWidget(label)
    label.set_span(start, start + timedelta(seconds=14))
    clock.advance(100)
    label.refresh()
    assert label.text == "00:14"
    label.set_span(start)
    clock.advance(100)
    label.tick()
    assert label.text == "01:40"  # not shown, so the tick passed it by


def test_a_source_whose_clock_runs_ahead_reads_zero(qtbot) -> None:
    label = ClockLabel("since flag", lambda: datetime(2026, 1, 1, tzinfo=UTC))
    qtbot.addWidget(label)
    label.set_span(datetime(2026, 1, 1, 0, 5, tzinfo=UTC))
    assert label.text == "00:00"


def test_states_say_what_is_so_and_offer_what_to_do(qtbot) -> None:
    empty = EmptyState()
    qtbot.addWidget(empty)
    empty.say("No flagged calls.", "43 open calls.", action="All open calls", key="3")
    assert empty.accessibleName() == "No flagged calls. 43 open calls."
    assert empty.action is not None
    with qtbot.waitSignal(empty.activated):
        empty.action.click()
    empty.say("No open calls.")
    assert empty.action is None
    loading, error = LoadingState("Reading the board…"), ErrorState()
    qtbot.addWidget(loading)
    qtbot.addWidget(error)
    assert loading.title == "Reading the board…"
    error.say("The disk is full.", "What was written before is safe.")
    assert error.sentence == "What was written before is safe."


def test_text_from_outside_is_never_markup(qtbot) -> None:
    label = Text("<b>1200 block</b> <a href='x'>Maple</a>")
    qtbot.addWidget(label)
    assert label.textFormat() is Qt.TextFormat.PlainText


def test_a_line_that_does_not_fit_gives_the_whole_of_it_on_request(qtbot) -> None:
    label = ElidedText("Caller is sister; says he has a firearm in the house")
    label.resize(80, 20)
    show(qtbot, label)
    assert label.toolTip() == label.text()
    label.resize(900, 20)
    assert label.toolTip() == ""


def test_a_card_shows_which_question_has_the_focus(qtbot) -> None:
    window = QWidget()
    column = QVBoxLayout(window)
    first, second = Card(follows_focus=True), Card(follows_focus=True)
    edits = QLineEdit(), QLineEdit()
    for card, edit in zip((first, second), edits, strict=True):
        card.body.addWidget(edit)
        column.addWidget(card)
    show(qtbot, window)

    def edge(card: Card) -> QColor:
        return card.grab().toImage().pixelColor(card.width() // 2, 0)

    edits[0].setFocus()
    lit, unlit = edge(first), edge(second)
    assert lit != unlit
    edits[1].setFocus()
    assert (edge(first), edge(second)) == (unlit, lit)


@pytest.mark.parametrize("level", list(Level))
def test_every_level_has_its_own_shape(level: Level) -> None:
    box = QRectF(0, 0, 10, 10)
    path = level_shape(level, box)
    assert not path.isEmpty()
    assert all(path != level_shape(other, box) for other in Level if other is not level)


def test_a_badge_is_painted_with_fill_outline_and_ink(qapp: QApplication) -> None:
    look = theme.current()
    size = badge_size(look)
    image = QImage(size.toSize(), QImage.Format.Format_ARGB32)
    image.fill(look.tokens.window)
    painter = QPainter(image)
    paint_badge(painter, QRectF(0, 0, image.width(), image.height()), Level.CRITICAL, look)
    painter.end()
    colors = look.tokens.badges[Level.CRITICAL]
    assert image.pixelColor(4, image.height() // 2) == colors.fill
    assert image.pixelColor(image.width() // 2, 0) == colors.outline
    inked = sum(
        image.pixelColor(x, y).lightness() > 200 for x in range(image.width()) for y in range(2, image.height() - 2)
    )
    assert inked > 60


def test_small_signs_say_their_words_aloud(qtbot) -> None:
    badge, met = Badge(Level.NOT_SET), Badge(Level.CRITICAL, "RULE MET")
    dot, mark = StatusDot("CAD fresh 2 s", Tone.GOOD), Watermark()
    for widget in (badge, met, dot, mark):
        qtbot.addWidget(widget)
    assert badge.accessibleName() == "level not set"
    assert met.accessibleName() == "rule met"
    assert mark.accessibleName() == "drill · not real calls"
    dot.set_status("CAD stale 42 s", Tone.WARN)
    assert dot.accessibleName() == "CAD stale 42 s"


def test_a_label_stands_at_the_middle_of_its_field_and_no_field_is_as_wide_as_the_window(qtbot) -> None:
    window = QWidget()
    fields = Fields()
    line = named(QLineEdit(), "Sign-in name")
    fields.row("Sign-in name", line)
    QVBoxLayout(window).addLayout(beside_room(fields))
    window.resize(1600, 200)
    show(qtbot, window)
    label = next(child for child in fields.findChildren(QLabel) if child.text() == "Sign-in name")
    assert abs(label.geometry().center().y() - line.geometry().center().y()) <= 1
    assert fields.width() == theme.current().px(640)
    assert fields.x() < 40, "at the left, where the eye begins"
    fields.show_row(line, False)
    assert not label.isVisible()


def test_a_long_reason_is_set_in_lines_that_can_be_followed(qtbot) -> None:
    page = ErrorState()
    page.resize(1600, 800)
    show(qtbot, page)
    page.say(
        "This desk could not be opened.", "The file is not there: restore it from a backup. " * 6, action="Try again"
    )
    QApplication.processEvents()
    sentence = next(child for child in page.findChildren(QLabel) if child.text() == page.sentence)
    assert sentence.width() <= theme.current().px(640)
    assert sentence.height() >= sentence.heightForWidth(sentence.width())
    assert abs(sentence.mapTo(page, sentence.rect().center()).x() - page.rect().center().x()) <= 1


def test_a_label_has_the_color_of_the_theme_in_force_shown_or_not(qtbot, qapp: QApplication) -> None:
    window = QWidget()
    label = Text("CAD · fresh 2 s", tone=Tone.MUTED)
    QVBoxLayout(window).addWidget(label)
    for scheme in (Scheme.LIGHT, Scheme.HIGH_CONTRAST, Scheme.DARK, Scheme.LIGHT):
        theme.apply(qapp, scheme)
        QApplication.processEvents()
        assert label.palette().color(QPalette.ColorRole.WindowText) == theme.current().tokens.muted
    show(qtbot, window)
    theme.apply(qapp, Scheme.DARK)
    QApplication.processEvents()
    assert label.palette().color(QPalette.ColorRole.WindowText) == theme.current().tokens.muted


def test_every_widget_is_where_the_package_says_it_is() -> None:
    for name in widgets.__all__:
        assert getattr(widgets, name) is not None
    assert sorted(widgets._PLACE_OF) == sorted(widgets.__all__)
    with pytest.raises(AttributeError, match="no attribute 'Nothing'"):
        _ = widgets.Nothing


def test_an_answer_is_painted_as_it_is_now(qtbot: QtBot, qapp: QApplication) -> None:
    theme.apply(qapp, Scheme.DARK)
    row = ChoiceRow("Which?", numbered([("a", "One"), ("b", "Two")]))
    show(qtbot, row)
    looks = [row.grab().toImage()]
    row.set_values(["a"])
    looks.append(row.grab().toImage())
    row.set_values(["b"])
    looks.append(row.grab().toImage())
    theme.apply(qapp, Scheme.LIGHT)
    looks.append(row.grab().toImage())
    theme.apply(qapp, Scheme.DARK)
    assert row.grab().toImage() == looks[2]
    row.setEnabled(False)
    looks.append(row.grab().toImage())
    assert all(one != other for at, one in enumerate(looks) for other in looks[at + 1 :])
