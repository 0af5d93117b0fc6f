"""What the center decided about itself, for every screen and command."""

import hashlib
from uuid import UUID

from msgspec.structs import replace

from console.models.center import Center
from console.models.store import settled, subjects
from console.models.store.desk import Desk
from console.models.store.settled import Unreadable
from console.models.store.store import Reading
from wire.administration import DESK, DeskState

_LETTERS = "ACDEFHJKLMNPRTUVWXY"


def center_of(desk: Desk, connection: Reading) -> Center:
    """The center's lists and limits, its own settings over the shipped defaults, as far as they can be read."""
    return desk.lists.center(connection)


def unreadable_settings(desk: Desk) -> tuple[Unreadable, ...]:
    """The center's settings that this program cannot read, and what counts in their place."""
    with desk.store.read() as connection:
        return settled.unreadable(connection, desk.defaults, settled.subjects_here(connection, desk.center))


def read_center(desk: Desk) -> Center:
    """:func:`center_of` on a connection of its own."""
    with desk.store.read() as connection:
        return center_of(desk, connection)


def desk_state(desk: Desk, connection: Reading) -> DeskState:
    """What is known of this desk: its code on paper, its label and call-back number.

    After a restore the code is a new one: what was printed since the backup may hold numbers the store no longer knows.
    """
    folded = subjects.state(connection, DESK, desk.enrolment)
    state = folded.state if folded and folded.state else DeskState("A", ())
    if desk.device != desk.enrolment:
        state = replace(state, code=f"{state.code}-{_letters(desk.device)}")
    return state


def _letters(device: UUID) -> str:
    """Three letters for a device, none of which is read as another on paper or over the radio."""
    number = int.from_bytes(hashlib.sha256(device.bytes).digest()[:8], "big")
    return "".join(_LETTERS[number // len(_LETTERS) ** place % len(_LETTERS)] for place in range(3))
