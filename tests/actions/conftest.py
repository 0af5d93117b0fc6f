"""A desk for these tests; see tests/support/desk.py."""

from tests.support.desk import (
    administrator,
    auditor,
    cad,
    clinician,
    clock,
    desk,
    dispatcher,
    fresh_home,
    home,
    second_clinician,
    store,
    supervisor,
)

__all__ = [
    "administrator",
    "auditor",
    "cad",
    "clinician",
    "clock",
    "desk",
    "dispatcher",
    "fresh_home",
    "home",
    "second_clinician",
    "store",
    "supervisor",
]
