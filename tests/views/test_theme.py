"""The theme keeps its promises: contrast, colors told apart, one application of it at a time."""

from itertools import combinations

import pytest
from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QFontInfo, QFontMetricsF, QImage, QPainter, QPalette
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit

from console.errors import BugError, KnownError
from console.models.call import Level
from console.views import theme
from console.views.theme import Icon, Scheme, Tokens, Type
from console.views.theme.assets import resource
from console.views.theme.palette import palette
from console.views.theme.theme import style_sheet
from tests.support.color_math import contrast, distance, luminance, type_names

SCHEMES = (Scheme.DARK, Scheme.LIGHT, Scheme.HIGH_CONTRAST)
GROUNDS = ("window", "surface", "raised", "field", "selected", "hover")
SOFT_GROUNDS = ("accent_soft", "changed_soft", "warn_soft", "danger_soft")
TEXTS = ("text", "muted", "accent", "good", "changed", "warn", "danger")


def tokens(scheme: Scheme) -> Tokens:
    return theme.make(scheme).tokens


def test_contrast_is_the_published_measure() -> None:
    assert contrast(QColor("white"), QColor("black")) == pytest.approx(21.0)
    assert contrast(QColor("#767676"), QColor("white")) == pytest.approx(4.54, abs=0.01)
    assert luminance(QColor("white")) == pytest.approx(1.0)


@pytest.mark.parametrize("scheme", SCHEMES)
def test_all_text_can_be_read_on_every_ground(scheme: Scheme) -> None:
    colors = tokens(scheme)
    weak = {
        f"{text} on {ground}": round(found, 2)
        for ground in (*GROUNDS, *SOFT_GROUNDS)
        for text in TEXTS
        if (found := contrast(getattr(colors, text), getattr(colors, ground))) < 4.5
    }
    assert weak == {}
    assert contrast(colors.on_accent, colors.accent) >= 4.5


@pytest.mark.parametrize("scheme", SCHEMES)
def test_edges_and_focus_can_be_seen_on_every_ground(scheme: Scheme) -> None:
    colors = tokens(scheme)
    weak = {
        f"{edge} on {ground}": round(found, 2)
        for ground in GROUNDS
        for edge in ("outline", "focus", "accent")
        if (found := contrast(getattr(colors, edge), getattr(colors, ground))) < 3.0
    }
    assert weak == {}


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("level", list(Level))
def test_a_badge_can_be_read_and_its_edge_seen(scheme: Scheme, level: Level) -> None:
    colors = tokens(scheme)
    badge = colors.badges[level]
    assert contrast(badge.text, badge.fill) >= 4.5
    for ground in (*GROUNDS, *SOFT_GROUNDS):
        assert contrast(badge.outline, getattr(colors, ground)) >= 3.0, f"{level.value} on {ground}"


@pytest.mark.parametrize("scheme", [Scheme.DARK, Scheme.HIGH_CONTRAST])
def test_on_a_dark_board_a_level_that_nobody_has_set_is_quieter_than_the_one_that_waits_too_long(
    scheme: Scheme,
) -> None:
    colors = tokens(scheme)
    loudness = {level: contrast(badge.fill, colors.window) for level, badge in colors.badges.items()}
    assert loudness[Level.NOT_SET] < 3 < contrast(colors.danger, colors.window)
    assert loudness[Level.CLOSED] < loudness[Level.NOT_SET] < min(loudness[Level.HIGH], loudness[Level.MEDIUM])


@pytest.mark.parametrize("scheme", SCHEMES)
def test_badge_fills_stay_apart_for_people_who_see_fewer_colors(scheme: Scheme) -> None:
    fills = {level: badge.fill for level, badge in tokens(scheme).badges.items() if level is not Level.CLOSED}
    for sight in ("", *type_names):
        for one, other in combinations(fills, 2):
            apart = distance(fills[one], fills[other], sight)
            assert apart >= 15, f"{one.value} and {other.value} for {sight or 'full sight'}"


@pytest.mark.parametrize("scheme", SCHEMES)
def test_the_palette_leaves_no_role_to_fusion(scheme: Scheme) -> None:
    ours = palette(tokens(scheme))
    left = [
        role.name
        for role in QPalette.ColorRole
        if role not in (QPalette.ColorRole.NoRole, QPalette.ColorRole.NColorRoles)
        and not ours.isBrushSet(QPalette.ColorGroup.Active, role)
    ]
    assert left == []


def test_applying_a_scheme_reaches_windows_that_are_open(qapp: QApplication, qtbot) -> None:
    edit, label = QLineEdit(), QLabel("words")
    qtbot.addWidget(edit)
    qtbot.addWidget(label)
    edit.show()
    label.show()
    for scheme in SCHEMES:
        theme.apply(qapp, scheme)
        assert theme.current().scheme is scheme
        assert label.palette().color(QPalette.ColorRole.WindowText) == tokens(scheme).text
        assert tokens(scheme).field == edit.palette().color(QPalette.ColorRole.Base)


def test_auto_is_always_resolved(qapp: QApplication) -> None:
    theme.apply(qapp, Scheme.AUTO)
    assert theme.current().scheme in SCHEMES
    with pytest.raises(BugError):
        theme.make(Scheme.AUTO)


def test_auto_follows_the_desktop_and_a_choice_does_not(qapp: QApplication) -> None:
    heard: list[Scheme] = []
    keeper = theme.theme._keep()
    keeper.changed.connect(lambda: heard.append(theme.current().scheme))
    theme.apply(qapp, Scheme.AUTO)
    heard.clear()
    qapp.styleHints().colorSchemeChanged.emit(qapp.styleHints().colorScheme())
    assert len(heard) == 1
    theme.apply(qapp, Scheme.LIGHT)
    heard.clear()
    qapp.styleHints().colorSchemeChanged.emit(qapp.styleHints().colorScheme())
    assert heard == []
    assert theme.current().scheme is Scheme.LIGHT


@pytest.mark.parametrize("scale", [0.5, 2.5, 0.0])
def test_a_text_scale_out_of_range_is_refused_with_the_range(scale: float) -> None:
    with pytest.raises(KnownError, match="100 % to 200 %"):
        theme.make(Scheme.DARK, scale)


def test_text_grows_with_the_scale_and_clocks_keep_their_width(qapp: QApplication) -> None:
    theme.apply(qapp, Scheme.DARK, 2.0)
    assert qapp.font().pointSizeF() == pytest.approx(20.0)
    clock = theme.current().font(Type.CLOCK)
    assert QFontInfo(clock).family() == "Inter"
    metrics = QFontMetricsF(clock)
    assert metrics.horizontalAdvance("11:11") == pytest.approx(metrics.horizontalAdvance("08:40"), abs=0.1)


def test_the_style_sheet_has_every_value(qapp: QApplication) -> None:
    for scheme in SCHEMES:
        assert "$" not in style_sheet(theme.make(scheme, 1.5))


@pytest.mark.parametrize("name", list(Icon))
def test_every_icon_paints_in_the_color_asked_for(qapp: QApplication, name: Icon) -> None:
    image = QImage(48, 48, QImage.Format.Format_ARGB32)
    image.fill(0)
    painter = QPainter(image)
    theme.paint_icon(painter, QRectF(0, 0, 48, 48), name, QColor("#ff00ff"))
    painter.end()
    inked = [image.pixelColor(x, y) for x in range(48) for y in range(48) if image.pixelColor(x, y).alpha() > 200]
    assert len(inked) > 20
    assert all(color.green() < 40 and color.red() > 200 for color in inked)


def test_a_watcher_hears_now_and_later_and_ends_with_its_widget(qapp: QApplication) -> None:
    class Watcher(QLabel):
        heard = 0

        def restyle(self) -> None:
            Watcher.heard += 1

    watcher = Watcher()
    theme.watch(watcher.restyle)
    assert Watcher.heard == 1
    theme.apply(qapp, Scheme.LIGHT)
    assert Watcher.heard == 2
    watcher.deleteLater()
    qapp.sendPostedEvents(watcher, 52)  # DeferredDelete
    del watcher
    theme.apply(qapp, Scheme.DARK)
    assert Watcher.heard == 2


def test_a_missing_asset_is_named() -> None:
    with pytest.raises(KnownError, match=r"icons/none\.svg is missing"):
        resource("icons/none.svg")
