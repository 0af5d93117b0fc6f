"""Readers of the clinical record: encounters and what belongs to them."""

from collections.abc import Iterator
from uuid import UUID

from sqlalchemy import Connection

from console.models.encounter import ENCOUNTER, EncounterState
from console.models.store import subjects


def open_encounters(connection: Connection, clinician: UUID) -> Iterator[tuple[UUID, EncounterState]]:
    """A clinician's encounters that are not closed, newest first."""
    rows = connection.exec_driver_sql(
        "SELECT subject, state FROM encounter WHERE clinician = ? AND closed_at IS NULL ORDER BY started_at DESC",
        (clinician.bytes,),
    )
    for row in rows:
        yield UUID(bytes=row[0]), subjects.decode(ENCOUNTER, row[1])
