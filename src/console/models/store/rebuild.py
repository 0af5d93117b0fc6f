"""The record made again from the journal: to compare it, to repair it, and after an update that folds otherwise."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from console.models.aggregates import AGGREGATES, understood
from console.models.store import journal, record
from console.models.store.record import SubjectFold
from console.models.store.store import Store, set_fact
from console.models.store.tables import SERVICE_SEARCH
from console.models.store.transaction import Transaction

BATCH = 500
"""Subjects in one transaction, so that a person who acts meanwhile waits for a moment only."""
MOST_DIFFERENCES = 1_000
"""Differences that a report names; the rest are only counted."""

Row = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Difference:
    """One subject whose record was not the fold of its entries, and in what."""

    aggregate: str
    subject: UUID
    says: str


@dataclass(frozen=True, slots=True)
class RebuildReport:
    """What :func:`rebuild` saw and did: every difference it counts was put right."""

    subjects: int
    rows: int
    differences: tuple[Difference, ...]
    differing: int

    @property
    def same(self) -> bool:
        """Whether the record already was the fold of the journal."""
        return self.differing == 0


def rebuild(store: Store) -> RebuildReport:
    """Fold every subject anew, compare with the record as it stands, and make the record what the fold says."""
    subjects = rows = 0
    found: list[Difference] = []
    after = b""
    while True:
        with store.write() as transaction:
            batch = _next_subjects(transaction.connection, after)
            if batch:
                folds = _folds(transaction.connection, batch)
                differences = _compare(transaction.connection, folds)
                differing = {difference.subject for difference in differences}
                transaction.refold(subject for subject in batch if subject in differing)
                subjects += len(folds)
                rows += sum(len(fold.rows) for fold in folds)
                found += differences
        if not batch:
            break
        after = batch[-1].bytes
    with store.write() as transaction:
        found += _remove_orphans(transaction)
    return RebuildReport(subjects, rows, tuple(found[:MOST_DIFFERENCES]), len(found))


def refold_outdated(store: Store, *, stop: Callable[[], bool] = lambda: False) -> int:
    """Fold anew what a program that folds otherwise wrote last: settings and people first, then the newest subjects.

    Returns how many subjects were folded. ``stop`` is asked between transactions; the next call carries on.
    """
    with store.read() as connection:
        if store.fact(connection, "understood") == understood():
            return 0
        outdated = list(_outdated(connection))
    done = 0
    for start in range(0, len(outdated), BATCH):
        if stop():
            return done
        part = outdated[start : start + BATCH]
        with store.write() as transaction:
            transaction.refold(part)
        done += len(part)
    with store.write() as transaction:
        set_fact(transaction.connection, "understood", understood())
    return done


def _next_subjects(connection: Connection, after: bytes) -> list[UUID]:
    rows = connection.exec_driver_sql(
        "SELECT DISTINCT subject FROM entry WHERE subject > ? ORDER BY subject LIMIT ?", (after, BATCH)
    )
    return [UUID(bytes=row[0]) for row in rows]


def _folds(connection: Connection, subjects: Sequence[UUID]) -> list[SubjectFold]:
    standing = journal.of_subjects(connection, subjects)
    return [record.fold_subject(subject, standing.get(subject, [])) for subject in subjects]


def _compare(connection: Connection, folds: Sequence[SubjectFold]) -> list[Difference]:
    found: list[Difference] = []
    subjects = tuple(fold.subject.bytes for fold in folds)
    for name in AGGREGATES:
        there = _rows(connection, name, subjects)
        for fold in folds:
            says = _difference(name, there.get(fold.subject.bytes), fold.rows.get(name))
            if says:
                found.append(Difference(name, fold.subject, says))
    listed = _listed(connection, subjects)
    indexed = _indexed(connection, subjects)
    for fold in folds:
        name = fold.aggregates[0] if fold.aggregates else "unknown"
        if listed.get(fold.subject.bytes, {}) != {each.entry.bytes: each.reason for each in fold.senseless}:
            found.append(Difference(name, fold.subject, "its list of senseless entries differs"))
        if indexed.get(fold.subject.bytes) != _due_words(fold):
            found.append(Difference(name, fold.subject, "its words in the search index differ"))
    return found


def _difference(name: str, there: Row | None, due: Row | None) -> str:
    if there == due:
        return ""
    if there is None:
        return "it was missing"
    if due is None:
        return "nothing in the journal makes it"
    columns = zip(record.columns_of(name), there, due, strict=True)
    return "it differed in " + ", ".join(column for column, before, after in columns if before != after)


def _rows(connection: Connection, name: str, subjects: tuple[bytes, ...]) -> Mapping[bytes, Row]:
    columns = ", ".join(f'"{column}"' for column in record.columns_of(name))
    rows = connection.exec_driver_sql(f'SELECT {columns} FROM "{name}" WHERE subject IN ({_marks(subjects)})', subjects)
    return {row[0]: tuple(row) for row in rows}


def _listed(connection: Connection, subjects: tuple[bytes, ...]) -> Mapping[bytes, dict[bytes, str]]:
    found: dict[bytes, dict[bytes, str]] = {}
    for subject, entry, reason in connection.exec_driver_sql(
        f"SELECT subject, entry, reason FROM senseless WHERE subject IN ({_marks(subjects)})", subjects
    ):
        found.setdefault(subject, {})[entry] = reason
    return found


def _indexed(connection: Connection, subjects: tuple[bytes, ...]) -> Mapping[bytes, Row]:
    rows = connection.exec_driver_sql(
        f"SELECT service.subject, words.name, words.needs, words.words FROM service "
        f"JOIN {SERVICE_SEARCH} AS words ON words.rowid = service.row WHERE service.subject IN ({_marks(subjects)})",
        subjects,
    )
    return {row[0]: tuple(row[1:]) for row in rows}


def _due_words(fold: SubjectFold) -> Row | None:
    row = fold.rows.get("service")
    return None if row is None else record.service_words(row[record.columns_of("service").index("state")])


def _marks(values: Sequence[object]) -> str:
    return ", ".join("?" * len(values))


def _remove_orphans(transaction: Transaction) -> list[Difference]:
    """Take away rows about which the journal holds no entry at all."""
    connection = transaction.connection
    found: list[Difference] = []
    for name in AGGREGATES:
        orphans = connection.exec_driver_sql(
            f'SELECT subject FROM "{name}" AS its '
            "WHERE NOT EXISTS (SELECT 1 FROM entry WHERE entry.subject = its.subject)"
        ).all()
        for (subject,) in orphans:
            transaction.refold([UUID(bytes=subject)])
            found.append(Difference(name, UUID(bytes=subject), "nothing in the journal makes it"))
    connection.exec_driver_sql("DELETE FROM senseless WHERE entry NOT IN (SELECT id FROM entry)")
    connection.exec_driver_sql(f"DELETE FROM {SERVICE_SEARCH} WHERE rowid NOT IN (SELECT row FROM service)")
    return found


def _outdated(connection: Connection) -> Iterator[UUID]:
    """Subjects folded by another version, or with entries that were not understood, or with no row although they say
    something."""
    small_first = sorted(AGGREGATES.values(), key=lambda each: each.audience.value != "administration")
    for aggregate in small_first:
        for row in connection.exec_driver_sql(
            f'SELECT subject FROM "{aggregate.name}" WHERE fold <> ? OR unread > 0 ORDER BY row DESC',
            (aggregate.version,),
        ):
            yield UUID(bytes=row[0])
    nowhere = " AND ".join(
        f'NOT EXISTS (SELECT 1 FROM "{name}" AS its WHERE its.subject = entry.subject)' for name in AGGREGATES
    )
    for row in connection.exec_driver_sql(
        f"SELECT subject, max(place) FROM entry WHERE body IS NOT NULL AND {nowhere} "
        "GROUP BY subject ORDER BY max(place) DESC"
    ):
        yield UUID(bytes=row[0])
