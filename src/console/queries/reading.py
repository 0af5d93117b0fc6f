"""Who may still read: a person who was disabled meanwhile reads nothing more of the clinical record."""

from console.errors import NotAllowed
from console.models.sign_in import SignIn
from console.models.store import subjects
from console.models.store.store import Reading
from wire.administration import USER


def refuse_disabled(connection: Reading, sign_in: SignIn) -> None:
    """Raise NotAllowed when the record says that this person may no longer sign in."""
    folded = subjects.state(connection, USER, sign_in.user)
    if folded is not None and folded.state is not None and folded.state.disabled:
        raise NotAllowed(f"{folded.state.display_name} may no longer sign in here. Ask an administrator.")
