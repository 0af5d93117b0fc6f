"""The first start of a desk that joins a center: from an empty home to the sign-in page of that center's people."""

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from console.errors import KnownError
from console.security.home_key import passphrase_from
from console.security.keyring_store import KeyStoreAbsent
from console.views.entrance.join_page import Joining, JoinPage

if TYPE_CHECKING:
    from collections.abc import Callable

    from console.app.opening import Opened
    from console.app.program import Program
    from console.clock import Clock
    from console.sync.events import Standing
    from console.views.shell.window import ConsoleWindow


class _Progress(QObject):
    """Signal ``told`` (words), from whichever thread."""

    told = Signal(str)

    def tell(self, standing: "Standing") -> None:
        """How far the first exchange is."""
        self.told.emit(f"The center's people and settings come in: {standing.behind:,} entries to come.")


def show_joining(program: "Program", window: "ConsoleWindow", passphrase_needed: bool) -> None:
    """Show the page on which a desk joins, instead of what is shown."""
    page = JoinPage(passphrase_needed=passphrase_needed)
    progress = _Progress(page)
    progress.told.connect(page.show_progress)
    page.found_requested.connect(partial(program.show_wizard, window, passphrase_needed))
    page.submitted.connect(partial(_submit, program, window, page, progress))
    window.show_page(page)


def _submit(program: "Program", window: "ConsoleWindow", page: JoinPage, progress: _Progress, typed: Joining) -> None:
    allowed = program.settings.passphrase_allowed
    job = partial(join_home, program.home, program.clock, typed, allowed, progress.tell)
    program.bridge.entrance(
        page, job, partial(_joined, program, window), partial(_refused, page, passphrase_allowed=allowed)
    )


def _joined(program: "Program", window: "ConsoleWindow", opened: "Opened") -> None:
    program.use(opened)
    program.show_sign_in(window)


def _refused(page: JoinPage, error: KnownError, *, passphrase_allowed: bool) -> None:
    if isinstance(error, KeyStoreAbsent) and passphrase_allowed:
        page.need_passphrase(True)
        page.refuse("The key store of this computer does not keep anything. Choose a passphrase instead.")
        return
    page.refuse(error.message)


def join_home(
    home: Path, clock: "Clock", typed: Joining, passphrase_allowed: bool, told: "Callable[[Standing], None]"
) -> "Opened":
    """Make the home, join with it, and bring what signing in needs. On a lane; raises :class:`KnownError`."""
    from console.actions import homes  # on the lane: they bring the libraries of the store and of the network
    from console.app.opening import look_at
    from console.sync import joining
    from console.sync.membership import membership
    from console.sync.once import bring_center
    from console.sync.program import PROGRAM

    authority = joining.read_authority(typed.authority_file)
    passphrase = typed.passphrase or passphrase_from()
    store = homes.joining_store(home, passphrase=passphrase, passphrase_allowed=passphrase_allowed)
    try:
        if not store.shares:  # else it had joined, and only its first exchange was cut off
            found = joining.look(store, typed.url, typed.code, authority)
            if found.first:
                raise KnownError(
                    f"No desk of {found.center_name} has joined yet, so nobody could sign in here. Join with the desk "
                    f"where its people are, or set up a new center here under the name {found.center_name} and join "
                    "then, under Status."
                )
            joining.join(store, typed.url, typed.code, authority)
        with store.read() as connection:
            member = membership(connection)
        assert member is not None
        bring_center(store, member, clock, PROGRAM, told)
        return look_at(homes.desk_of(store, clock))
    except BaseException:
        store.close()
        raise
