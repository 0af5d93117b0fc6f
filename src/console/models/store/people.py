"""Readers about people: names for ids, what the record lets a person do now, password verifiers."""

from dataclasses import replace
from uuid import UUID

from sqlalchemy import Connection

from console.errors import NotAllowed
from console.models.sign_in import SignIn
from console.models.store import subjects
from wire.administration import USER, UserState
from wire.fold import Folded
from wire.journals import Audience

ROLES_CHANGED = "Your roles were changed: you may no longer do this. Sign in again."


def every(connection: Connection) -> dict[UUID, UserState]:
    """Everyone who was ever added, by id."""
    return subjects.every(connection, USER)


def display_name(connection: Connection, user: UUID) -> str:
    """What others see of a person; "somebody" for an id that is not known here."""
    folded = subjects.state(connection, USER, user)
    return folded.state.display_name if folded and folded.state else "somebody"


def as_recorded(connection: Connection, sign_in: SignIn) -> SignIn:
    """``sign_in`` with the roles that the record gives the person now; raises as :func:`recorded` does."""
    return recorded(connection, subjects.state(connection, USER, sign_in.user), sign_in)


def recorded(connection: Connection, known: Folded[UserState] | None, sign_in: SignIn) -> SignIn:
    """:func:`as_recorded` from the person's state, where that was read already.

    Raises NotAllowed for somebody who was disabled, or is nobody here. While nobody is in the record at all, whoever
    founds the center is taken at their word.
    """
    if known is None or known.state is None:
        if every(connection):
            raise NotAllowed("You are not one of the people of this center. Sign in again.")
        return sign_in
    if known.state.disabled:
        raise NotAllowed(f"{known.state.display_name} may no longer sign in here. Ask an administrator.")
    roles = frozenset(known.state.roles)
    return sign_in if roles == sign_in.roles else replace(sign_in, roles=roles)


def require_read(now: SignIn, audience: Audience, *, signed_in_as: SignIn) -> None:
    """Raise NotAllowed unless the person, as recorded ``now``, may read journals of ``audience``; says what changed."""
    if not now.reads(audience) and signed_in_as.reads(audience):
        raise NotAllowed(ROLES_CHANGED)
    now.require_read(audience)


def verifier(connection: Connection, user: UUID) -> str:
    """The password verifier of a person; "" when none is kept here."""
    row = connection.exec_driver_sql('SELECT verifier FROM credential WHERE "user" = ?', (user.bytes,)).first()
    return str(row[0]) if row else ""


def keep_verifier(connection: Connection, user: UUID, text: str, changed_at: int) -> None:
    """Keep the verifier of a person, in place of any older one."""
    connection.exec_driver_sql(
        'INSERT INTO credential ("user", verifier, changed_at) VALUES (?, ?, ?) '
        'ON CONFLICT ("user") DO UPDATE SET verifier = excluded.verifier, changed_at = excluded.changed_at',
        (user.bytes, text, changed_at),
    )


def verifiers(connection: Connection) -> list[tuple[UUID, str, int]]:
    """Every person whose verifier is kept here, with it and when it was changed."""
    rows = connection.exec_driver_sql('SELECT "user", verifier, changed_at FROM credential')
    return [(UUID(bytes=row[0]), str(row[1]), int(row[2])) for row in rows]
