"""The record in SQL: a subject's folded state, and the columns that readers search by.

A projection says which columns one aggregate's state fills. It holds nothing that the state does not: the record can be
dropped and made again.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, NamedTuple
from uuid import UUID

import msgspec
from sqlalchemy import Connection

from console.models.aggregates import aggregate_of
from console.models.assessment import AssessmentState
from console.models.audit import AuditState
from console.models.call_state import CallState
from console.models.encounter import EncounterState
from console.models.instrument import InstrumentState
from console.models.person_keys import birth_date, is_full, name_keys, phone_key
from console.models.referral import ReferralState
from console.models.service import ServiceState
from console.models.sheet import SheetState
from console.models.store import tables
from console.models.store.engine import execute, execute_many
from wire.administration import DeskState, SettingState, UserState
from wire.envelope import Entry, micros
from wire.fold import Aggregate, Folded, SenselessEntry

OPEN, ATTENTION = 1, 2
"""What a call's column ``open`` says: it asks for somebody; or it does not, but an alert may still stand on it."""

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
        _asks(state),
        _micros(state.flag.at if state.flag and state.disposition is None else None),
        _micros(state.suggestion.at if state.suggested and state.suggestion else None),
        _bytes(state.claim.owner if state.claim else None),
    )


def _asks(state: CallState) -> int:
    if state.opened_at is None:
        return 0
    return OPEN if state.open else ATTENTION if state.attention else 0


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


def _instrument(state: InstrumentState) -> tuple[Any, ...]:
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
    "form": _nothing,
    "instrument": _instrument,
}
"""Per aggregate, the values of its table's columns between ``subject`` and ``state``, in order."""


def _call_keys(state: CallState) -> tuple[str | None, str | None]:
    picture = state.picture
    if picture is None:
        return None, None
    return phone_key(picture.callback), next(filter(is_full, name_keys(picture.caller)), None)


def _encounter_keys(state: EncounterState) -> tuple[str | None, ...]:
    name, born = state.facts.get("name"), state.facts.get("age")
    names = (*(name_keys(name.value) if name else ()), None, None)
    return *names[:2], birth_date(born.value) if born else None


_LATER: Mapping[str, Callable[[Any], tuple[str | None, ...]]] = {"call": _call_keys, "encounter": _encounter_keys}
"""Per aggregate, the values of its table's columns behind ``unread``."""


def columns_of(name: str) -> tuple[str, ...]:
    """The columns of an aggregate's table that its entries decide, in the order of :attr:`SubjectFold.row`.

    That is every column but ``row``, the table's own handle for the full-text index.
    """
    return tuple(column.name for column in tables.metadata.tables[name].columns if column.name != "row")


def upsert(name: str) -> str:
    """The statement that writes a row of an aggregate's table in place of the one before."""
    columns = columns_of(name)
    updates = ", ".join(f'"{column}" = excluded."{column}"' for column in columns if column != "subject")
    names = ", ".join(f'"{column}"' for column in columns)
    marks = ", ".join("?" * len(columns))
    return f'INSERT INTO "{name}" ({names}) VALUES ({marks}) ON CONFLICT (subject) DO UPDATE SET {updates}'


_UPSERT = {name: upsert(name) for name in PROJECTIONS}
_UPDATE = {name: f'UPDATE "{name}" SET state = ? WHERE subject = ?' for name in PROJECTIONS}


class SubjectFold(NamedTuple):
    """What one subject's entries amount to in the record.

    ``rows`` holds the row by aggregate: one, or none while nothing has begun the subject. ``aggregates`` are what its
    entries were folded as, ``also`` others they speak of, of which an earlier fold may have left a row.
    """

    subject: UUID
    aggregates: tuple[str, ...]
    rows: Mapping[str, tuple[Any, ...]]
    senseless: tuple[SenselessEntry, ...]
    also: frozenset[str]


def fold_subject(subject: UUID, entries: Sequence[Entry]) -> SubjectFold:
    """Fold one subject's entries, given in canonical order.

    A subject lives in one journal. Where entries of several name the same one, each journal is folded by itself, so
    that no audience can change what another reads, and the order of two journals never matters.
    """
    journals = {entry.journal for entry in entries}
    if len(journals) < 2:
        return _fold_journal(subject, entries)
    rows: dict[str, tuple[Any, ...]] = {}
    lives_in: dict[str, str] = {}
    senseless: list[SenselessEntry] = []
    named: dict[str, None] = {}
    also: set[str] = set()
    for journal in sorted(journals):
        part = [entry for entry in entries if entry.journal == journal]
        fold = _fold_journal(subject, part)
        named |= dict.fromkeys(fold.aggregates)
        also |= fold.also
        taken = [lives_in[name] for name in fold.rows if name in rows]
        if taken:
            senseless += [SenselessEntry(entry.id, f"what it is about lives in {taken[0]}") for entry in part]
            continue
        rows |= fold.rows
        lives_in |= dict.fromkeys(fold.rows, journal)
        senseless += fold.senseless
    return SubjectFold(subject, tuple(named), rows, tuple(senseless), frozenset({*named, *also} - rows.keys()))


def _fold_journal(subject: UUID, entries: Sequence[Entry]) -> SubjectFold:
    aggregate = _aggregate_of(entries)
    if aggregate is None:
        return SubjectFold(subject, (), {}, (), frozenset())
    folded = aggregate.fold(entries)
    also = frozenset[str]()
    if folded.unread or folded.senseless:
        named = (aggregate_of(entry.kind) for entry in entries)
        also = frozenset(other.name for other in named if other is not None) - {aggregate.name}
    rows: Mapping[str, tuple[Any, ...]] = {}
    if folded.state is not None:
        rows = {aggregate.name: _row(subject, aggregate, folded)}
    return SubjectFold(subject, (aggregate.name,), rows, folded.senseless, also)


def _row(subject: UUID, aggregate: Aggregate[Any], folded: Folded[Any]) -> tuple[Any, ...]:
    state = _encode(folded.state).decode()
    columns, later = _searched(aggregate.name, folded.state)
    return subject.bytes, *columns, state, aggregate.version, folded.unread, *later


def _searched(name: str, state: Any) -> tuple[tuple[Any, ...], tuple[Any, ...]]:
    """The columns that readers search by: those before ``state``, and those behind ``unread``."""
    return PROJECTIONS[name](state), _LATER[name](state) if name in _LATER else ()


def _aggregate_of(entries: Sequence[Entry]) -> Aggregate[Any] | None:
    """What a subject is: what the first entry says whose kind is known and which stands in a journal of that kind."""
    misplaced = None
    for entry in entries:
        aggregate = aggregate_of(entry.kind)
        if aggregate is not None:
            if aggregate.belongs_in(entry.journal):
                return aggregate
            misplaced = misplaced or aggregate
    return misplaced


def write(connection: Connection, folds: Sequence[SubjectFold], *, thorough: bool = False) -> None:
    """Make the record of these subjects what their folds say: rows, list of senseless entries, full-text index.

    With ``thorough`` no aggregate but the subject's own keeps a row of it, whatever its entries speak of.
    """
    rows: dict[str, list[tuple[Any, ...]]] = {}
    for fold in folds:
        for name, row in fold.rows.items():
            rows.setdefault(name, []).append(row)
        if thorough or not fold.rows:
            remove(connection, fold.subject, PROJECTIONS.keys() - fold.rows.keys())
        elif fold.also:
            remove(connection, fold.subject, fold.also)
    _list_senseless(connection, folds)
    for name, values in rows.items():
        _write_rows(connection, name, values)


class WentOn(NamedTuple):
    """A subject whose fold went on from its row, and met nothing to list."""

    subject: UUID
    aggregate: Aggregate[Any]
    before: Any
    folded: Folded[Any]


def write_on(connection: Connection, went_on: Sequence[WentOn]) -> None:
    """Bring the rows of these subjects up to what their folds came to.

    An index is a page more to encrypt and to write: none is touched where what readers search by stays as it is.
    """
    rows: dict[str, list[tuple[Any, ...]]] = {}
    for subject, aggregate, before, folded in went_on:
        name = aggregate.name
        if name != "service" and _searched(name, folded.state) == _searched(name, before):
            execute(connection, _UPDATE[name], (_encode(folded.state).decode(), subject.bytes))
        else:
            rows.setdefault(name, []).append(_row(subject, aggregate, folded))
    for name, values in rows.items():
        _write_rows(connection, name, values)


def _write_rows(connection: Connection, name: str, rows: Sequence[tuple[Any, ...]]) -> None:
    execute_many(connection, _UPSERT[name], rows)
    if name == "service":
        _index_services(connection, [row[0] for row in rows])


def remove(connection: Connection, subject: UUID, aggregates: Iterable[str]) -> None:
    """Take a subject's row out of the tables of these aggregates."""
    for name in aggregates:
        if name == "service":
            connection.exec_driver_sql(
                f"DELETE FROM {tables.SERVICE_SEARCH} WHERE rowid = (SELECT row FROM service WHERE subject = ?)",
                (subject.bytes,),
            )
        connection.exec_driver_sql(f'DELETE FROM "{name}" WHERE subject = ?', (subject.bytes,))


def _list_senseless(connection: Connection, folds: Sequence[SubjectFold]) -> None:
    """Replace what is listed as senseless of these subjects."""
    if execute(connection, "SELECT 1 FROM senseless LIMIT 1").fetchone() is not None:
        execute_many(connection, "DELETE FROM senseless WHERE subject = ?", [(fold.subject.bytes,) for fold in folds])
    listed = [(each.entry.bytes, fold.subject.bytes, each.reason) for fold in folds for each in fold.senseless]
    if listed:
        execute_many(connection, "INSERT INTO senseless (entry, subject, reason) VALUES (?, ?, ?)", listed)


def _index_services(connection: Connection, subjects: Sequence[bytes]) -> None:
    """Put the words of these services into the full-text index."""
    for subject in subjects:
        row, state = connection.exec_driver_sql("SELECT row, state FROM service WHERE subject = ?", (subject,)).one()
        connection.exec_driver_sql(f"DELETE FROM {tables.SERVICE_SEARCH} WHERE rowid = ?", (row,))
        if words := service_words(state):
            connection.exec_driver_sql(
                f"INSERT INTO {tables.SERVICE_SEARCH} (rowid, name, needs, words) VALUES (?, ?, ?, ?)", (row, *words)
            )


def service_words(state: str) -> tuple[str, str, str] | None:
    """What the full-text index holds of a service, from its ``state`` column; None for one that is closed."""
    service = msgspec.json.decode(state, type=ServiceState)
    described = service.described
    if service.closed:
        return None
    return (
        f"{described.name} {described.organization}",
        " ".join(described.needs),
        " ".join((described.description, described.eligibility, described.address, *described.languages)),
    )
