"""Buttons: what can be pressed looks like it, and the focus can be seen."""

import pytest
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget

from console.views import theme
from console.views.theme import Scheme
from console.views.widgets import ActionButton, Card, Look
from tests.support.color_math import contrast
from tests.support.windows import show


@pytest.mark.parametrize("scheme", [Scheme.DARK, Scheme.LIGHT, Scheme.HIGH_CONTRAST])
def test_a_plain_button_on_a_card_has_an_edge_that_is_gone_where_it_cannot_be_pressed(
    qtbot, qapp: QApplication, scheme: Scheme
) -> None:
    theme.apply(qapp, scheme)
    card, button = Card(), ActionButton("Change something")
    card.body.addWidget(button)
    show(qtbot, card)
    colors, at = theme.current().tokens, (button.width() // 2, 0)
    enabled = card.grab(button.geometry()).toImage().pixelColor(*at)
    button.setEnabled(False)
    disabled = card.grab(button.geometry()).toImage().pixelColor(*at)
    assert contrast(enabled, colors.raised) >= 3
    assert contrast(enabled, colors.raised) > 1.5 * contrast(disabled, colors.raised)


@pytest.mark.parametrize("look", list(Look))
@pytest.mark.parametrize("scheme", [Scheme.DARK, Scheme.LIGHT, Scheme.HIGH_CONTRAST])
def test_the_focus_can_be_seen_on_every_button(qtbot, qapp: QApplication, look: Look, scheme: Scheme) -> None:
    theme.apply(qapp, scheme)
    window = QWidget()
    button, other = ActionButton("Claim", key="F3", look=look), ActionButton("Other")
    column = QVBoxLayout(window)
    column.addWidget(button)
    column.addWidget(other)
    show(qtbot, window)
    other.setFocus()
    before = button.grab().toImage()
    button.setFocus()
    after = button.grab().toImage()
    changed = sum(
        before.pixel(x, y) != after.pixel(x, y) for x in range(before.width()) for y in range(before.height())
    )
    assert changed > before.width()  # a ring, not a dot
    assert "key F3" in button.accessibleDescription()
