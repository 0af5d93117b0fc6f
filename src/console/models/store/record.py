"""The record in SQL: a subject's folded state, and the columns that readers search by.

A projection says which columns one aggregate's state fills. It holds nothing that the state does not: the record can be
dropped and made again.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import Connection

from console.models.aggregates import AGGREGATES, aggregate_of
from console.models.assessment import AssessmentState
from console.models.audit import AuditState
from console.models.call_state import CallState
from console.models.encounter import EncounterState
from console.models.referral import ReferralState
from console.models.service import ServiceState
from console.models.sheet import SheetState
from console.models.store import tables
from wire.administration import DeskState, SettingState, UserState
from wire.envelope import Entry, micros
from wire.fold import Folded

_encode = msgspec.json.Encoder(order="deterministic").encode


def _micros(moment: Any) -> int | None:
    return None if moment is None else micros(moment)


def _bytes(value: UUID | None) -> bytes | None:
    return None if value is None else value.bytes


def _call(state: CallState) -> tuple[Any, ...]:
    picture = state.picture
    opened = micros(state.opened_at) if state.opened_at else 0
    touched = opened if picture is None else micros(picture.source_time)
    if state.disposition is not None:
        touched = max(touched, micros(state.disposition.body.at))
    return (
        picture.number if picture else "",
        opened,
        touched,
        int(state.open and state.opened_at is not None),
        _micros(state.flag.at if state.flag else None),
        _micros(state.suggestion.at if state.suggested and state.suggestion else None),
        _bytes(state.claim.owner if state.claim else None),
    )


def _sheet(state: SheetState) -> tuple[Any, ...]:
    return state.call.bytes, state.code


def _encounter(state: EncounterState) -> tuple[Any, ...]:
    return _bytes(state.call), state.clinician.bytes, micros(state.started_at), _micros(state.closed_at)


def _assessment(state: AssessmentState) -> tuple[Any, ...]:
    return state.encounter.bytes, micros(state.started_at)


def _referral(state: ReferralState) -> tuple[Any, ...]:
    return state.encounter.bytes, micros(state.offered_at)


def _service(state: ServiceState) -> tuple[Any, ...]:
    described = state.described
    return described.name, described.source, int(bool(state.closed)), described.latitude, described.longitude


def _audit(state: AuditState) -> tuple[Any, ...]:
    return micros(state.body.at), state.by.bytes


def _nothing(state: Any) -> tuple[Any, ...]:
    return ()


def _user(state: UserState) -> tuple[Any, ...]:
    return (state.name,)


def _desk(state: DeskState) -> tuple[Any, ...]:
    return (state.code,)


def _setting(state: SettingState) -> tuple[Any, ...]:
    return (state.name,)


PROJECTIONS: Mapping[str, Callable[[Any], tuple[Any, ...]]] = {
    "call": _call,
    "sheet": _sheet,
    "encounter": _encounter,
    "assessment": _assessment,
    "referral": _referral,
    "service": _service,
    "audit": _audit,
    "organization": _nothing,
    "user": _user,
    "desk": _desk,
    "setting": _setting,
}
"""Per aggregate, the values of its table's columns between ``subject`` and ``state``, in order."""


def _statement(name: str) -> str:
    columns = [column.name for column in tables.metadata.tables[name].columns if column.name != "row"]
    updates = ", ".join(f'"{column}" = excluded."{column}"' for column in columns if column != "subject")
    names = ", ".join(f'"{column}"' for column in columns)
    marks = ", ".join("?" * len(columns))
    return f'INSERT INTO "{name}" ({names}) VALUES ({marks}) ON CONFLICT (subject) DO UPDATE SET {updates}'


_UPSERT = {name: _statement(name) for name in PROJECTIONS}


def fold_subjects(connection: Connection, entries: Mapping[UUID, Sequence[Entry]]) -> frozenset[tuple[str, UUID]]:
    """Fold these subjects anew from all of their entries and write their rows; says which subjects those are."""
    rows: dict[str, list[tuple[Any, ...]]] = {}
    touched: set[tuple[str, UUID]] = set()
    listed: list[tuple[bytes, bytes, str]] = []
    for subject, its_entries in entries.items():
        aggregate = aggregate_of(its_entries[0].kind)
        if aggregate is None:
            continue
        folded = aggregate.fold(its_entries)
        touched.add((aggregate.name, subject))
        listed += [(each.entry.bytes, subject.bytes, each.reason) for each in folded.senseless]
        row = row_of(aggregate.name, subject, folded)
        if row is not None:
            rows.setdefault(aggregate.name, []).append(row)
    _relist(connection, entries, listed)
    for name, values in rows.items():
        connection.exec_driver_sql(_UPSERT[name], values)
        if name == "service":
            _index_services(connection, [value[0] for value in values])
    return frozenset(touched)


def row_of(name: str, subject: UUID, folded: Folded[Any]) -> tuple[Any, ...] | None:
    """The record row of one folded subject; None while nothing has begun it."""
    if folded.state is None:
        return None
    state = _encode(folded.state).decode()
    return (subject.bytes, *PROJECTIONS[name](folded.state), state, AGGREGATES[name].version, folded.unread)


def _relist(connection: Connection, subjects: Iterable[UUID], listed: Sequence[tuple[bytes, bytes, str]]) -> None:
    """Replace what is listed as senseless of these subjects."""
    if connection.exec_driver_sql("SELECT 1 FROM senseless LIMIT 1").first() is not None:
        connection.exec_driver_sql(
            "DELETE FROM senseless WHERE subject = ?", [(subject.bytes,) for subject in subjects]
        )
    if listed:
        connection.exec_driver_sql("INSERT INTO senseless (entry, subject, reason) VALUES (?, ?, ?)", list(listed))


def _index_services(connection: Connection, subjects: Sequence[bytes]) -> None:
    """Put the words of these services into the full-text index."""
    for subject in subjects:
        row, state = connection.exec_driver_sql("SELECT row, state FROM service WHERE subject = ?", (subject,)).one()
        service = msgspec.json.decode(state, type=ServiceState)
        described = service.described
        connection.exec_driver_sql(f"DELETE FROM {tables.SERVICE_SEARCH} WHERE rowid = ?", (row,))
        if service.closed:
            continue
        connection.exec_driver_sql(
            f"INSERT INTO {tables.SERVICE_SEARCH} (rowid, name, needs, words) VALUES (?, ?, ?, ?)",
            (
                row,
                f"{described.name} {described.organization}",
                " ".join(described.needs),
                " ".join((described.description, described.eligibility, described.address, *described.languages)),
            ),
        )
