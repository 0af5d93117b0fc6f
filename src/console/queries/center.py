"""What the center decided about itself, for every screen and command."""

from console.models.center import Center, center_settings
from console.models.store import subjects
from console.models.store.desk import Desk
from console.models.store.store import Reading
from wire.administration import DESK, SETTING, DeskState


def center_of(desk: Desk, connection: Reading) -> Center:
    """The center's lists and limits, its own settings over the shipped defaults."""
    settings = {state.name: state.value for state in subjects.every(connection, SETTING).values()}
    return center_settings(desk.defaults, settings)


def read_center(desk: Desk) -> Center:
    """:func:`center_of` on a connection of its own."""
    with desk.store.read() as connection:
        return center_of(desk, connection)


def desk_state(desk: Desk, connection: Reading) -> DeskState:
    """What is known of this desk: its code on paper, its label and call-back number."""
    folded = subjects.state(connection, DESK, desk.device)
    if folded is None or folded.state is None:
        return DeskState("A", ())
    return folded.state
