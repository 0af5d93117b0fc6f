"""The Status screen offers what the person may do."""

import pytest
from PySide6.QtWidgets import QLineEdit

from console.models.sign_in import SignIn
from console.views.status.status_screen import StatusScreen
from tests.support.windows import show
from tests.views.workspace_kit import Room


@pytest.mark.parametrize("who", ["administrator", "clinician"])
def test_only_who_may_describe_the_desk_can_type_what_it_is_called(
    room: Room, request: pytest.FixtureRequest, who: str
) -> None:
    sign_in: SignIn = request.getfixturevalue(who)
    screen = StatusScreen(room.seat(sign_in), {})
    show(room.qtbot, screen)
    names = ("Where this desk is", "Call-back number on sheets")
    fields = [field for field in screen.findChildren(QLineEdit) if field.accessibleName() in names]
    assert [field.isEnabled() for field in fields] == [who == "administrator"] * 2
