"""Readers about people: names for ids, password verifiers."""

from uuid import UUID

from sqlalchemy import Connection

from console.models.store import subjects
from wire.administration import USER, UserState


def every(connection: Connection) -> dict[UUID, UserState]:
    """Everyone who was ever added, by id."""
    return subjects.every(connection, USER)


def display_name(connection: Connection, user: UUID) -> str:
    """What others see of a person; "somebody" for an id that is not known here."""
    folded = subjects.state(connection, USER, user)
    return folded.state.display_name if folded and folded.state else "somebody"


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
