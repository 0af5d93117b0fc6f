"""Readers of what contacts with a person can be told by: an earlier call, or an encounter that has none.

They find by keys (:mod:`console.models.person_keys`) and say nothing of whether it is the same person.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection

from console.models.store.engine import execute, in_parts
from wire.envelope import from_micros, micros


@dataclass(frozen=True, slots=True)
class Trace:
    """What one contact can be told by. ``call`` is None for an encounter that has none.

    ``names`` and ``born`` are what clinicians wrote down in its ``encounters``, ``caller`` is CAD's.
    """

    call: UUID | None
    encounters: tuple[UUID, ...]
    at: datetime
    callback: str | None
    caller: str | None
    names: frozenset[str]
    born: frozenset[str]

    @property
    def contact(self) -> UUID:
        """What the contact goes by: its call, or its one encounter."""
        return self.call or self.encounters[0]

    @property
    def every_name(self) -> frozenset[str]:
        """The names that were written down, and the caller's."""
        return self.names | ({self.caller} if self.caller else frozenset())


def traces(connection: Connection, contacts: Iterable[UUID]) -> list[Trace]:
    """The traces of these calls and of these encounters without one, as far as they are known here; in no order."""
    wanted = set(contacts)
    calls: dict[bytes, tuple[int, str | None, str | None]] = {}
    held: dict[bytes, list[tuple[bytes, int, str | None, str | None, str | None]]] = {}
    for part, marks in in_parts(wanted):
        for row in execute(
            connection, f"SELECT subject, opened_at, callback, caller FROM call WHERE subject IN ({marks})", part
        ):
            calls[row[0]] = tuple(row[1:])
        for column in ("call", "subject"):
            alone = "AND call IS NULL" if column == "subject" else ""
            for row in execute(
                connection,
                "SELECT coalesce(call, subject), subject, started_at, name, alias, born FROM encounter "
                f"WHERE {column} IN ({marks}) {alone} ORDER BY subject",
                part,
            ):
                held.setdefault(row[0], []).append(tuple(row[1:]))
    return [_trace(contact, calls.get(contact), held.get(contact, [])) for contact in calls.keys() | held.keys()]


def _trace(
    contact: bytes,
    call: tuple[int, str | None, str | None] | None,
    encounters: Sequence[tuple[bytes, int, str | None, str | None, str | None]],
) -> Trace:
    at, callback, caller = call or (encounters[0][1], None, None)
    return Trace(
        UUID(bytes=contact) if call else None,
        tuple(UUID(bytes=each[0]) for each in encounters),
        from_micros(at),
        callback,
        caller,
        frozenset(name for each in encounters for name in each[2:4] if name),
        frozenset(each[4] for each in encounters if each[4]),
    )


def by_callback(connection: Connection, callback: str, before: datetime, most: int) -> tuple[list[UUID], int]:
    """The newest calls with this number that came before a moment, and how many there are."""
    return _of_calls(connection, "callback", callback, before, most)


def by_name(connection: Connection, name: str, before: datetime, most: int) -> tuple[list[UUID], int]:
    """The newest contacts from before a moment in which this name was written down or is the caller's; how many."""
    found, count = _of_calls(connection, "caller", name, before, most)
    of_encounters, more = _of_encounters(connection, name, "", before, most)
    return found + of_encounters, count + more


def by_birth(connection: Connection, name: str, born: str, before: datetime, most: int) -> list[UUID]:
    """The newest contacts from before a moment in which this name and this date of birth were written down."""
    return _of_encounters(connection, name, born, before, most)[0]


def _of_calls(connection: Connection, column: str, key: str, before: datetime, most: int) -> tuple[list[UUID], int]:
    its = f"FROM call WHERE {column} = ? AND opened_at < ?"
    found = execute(connection, f"SELECT subject {its} ORDER BY opened_at DESC LIMIT ?", (key, micros(before), most))
    count = execute(connection, f"SELECT count(*) {its}", (key, micros(before))).fetchone()
    return [UUID(bytes=row[0]) for row in found], int(count[0]) if count else 0


# The provider may keep the record of other centers too: an encounter is this center's if its call is, or, where it has
# none, its clinician.
_ENCOUNTERS = """
    SELECT DISTINCT coalesce(call, subject) AS contact, started_at FROM encounter AS its
    WHERE {column} = ? AND started_at < ? {rest} AND CASE WHEN call IS NULL
        THEN EXISTS (SELECT 1 FROM user WHERE user.subject = its.clinician)
        ELSE EXISTS (SELECT 1 FROM call WHERE call.subject = its.call)
    END
"""


def _of_encounters(connection: Connection, name: str, born: str, before: datetime, most: int) -> tuple[list[UUID], int]:
    rest, values = ("AND born = ?", (born,)) if born else ("", ())
    given = (name, micros(before), *values)
    both = " UNION ".join(_ENCOUNTERS.format(column=column, rest=rest) for column in ("name", "alias"))
    rows = execute(connection, f"{both} ORDER BY started_at DESC", given * 2).fetchall()
    found = list(dict.fromkeys(UUID(bytes=row[0]) for row in rows))
    return found[:most], len(found)
