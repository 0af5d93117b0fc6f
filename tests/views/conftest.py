"""A desk for these tests, see tests/support/desk.py, and a room for windows of the workspace."""

from tests.support.desk import (
    administrator,
    cad,
    clinician,
    clock,
    desk,
    dispatcher,
    home,
    second_clinician,
    supervisor,
)
from tests.views.workspace_kit import room

__all__ = [
    "administrator",
    "cad",
    "clinician",
    "clock",
    "desk",
    "dispatcher",
    "home",
    "room",
    "second_clinician",
    "supervisor",
]
