"""The store of one desk: one writing connection, a few reading ones, and the only way anything is written.

Every write is a transaction that says BEGIN IMMEDIATE. What it appends and the record folded from it are committed
together or not at all; whoever subscribed is told what changed after the commit, on the thread that wrote.
"""

import os
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from uuid import UUID

import filelock
import sqlcipher3.dbapi2 as driver
from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

from console.errors import KnownError
from console.models.changes import Changes
from console.models.store import engine as engines
from console.models.store import journal, record, schema
from console.off_gui import refuse_on_gui_thread
from wire.envelope import Entry, uuid7

Listener = Callable[[Changes], None]
Reading = Connection
"""What :meth:`Store.read` hands out; readers of other layers name it by this."""


class Transaction:
    """One write: everything in it is committed together. Made by :meth:`Store.write`."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self.changes = Changes()

    def append(self, entries: Sequence[Entry]) -> Changes:
        """Append entries whose ids are new, in this order, and fold every subject they touch.

        Entries that are here already are passed over, so the same delivery twice changes nothing.
        """
        known = journal.of_subjects(self.connection, {entry.subject for entry in entries})
        held = {entry.id for its_entries in known.values() for entry in its_entries}
        fresh: list[Entry] = []
        for entry in entries:
            if entry.id not in held:
                held.add(entry.id)
                fresh.append(entry)
        if not fresh:
            return Changes()
        journal.insert(self.connection, fresh)
        touched: dict[UUID, list[Entry]] = {}
        for entry in fresh:
            its_entries = touched.setdefault(entry.subject, known.get(entry.subject, []))
            its_entries.append(entry)
        for entry in fresh:
            if entry.seq is not None:
                _sort_canonically(touched[entry.subject])
        changes = Changes(record.fold_subjects(self.connection, touched), tuple(entry.id for entry in fresh))
        self.changes |= changes
        return changes


def _sort_canonically(entries: list[Entry]) -> None:
    """Sequenced entries by ``seq``, then the others in the order they stand (which is the order they came)."""
    entries.sort(key=lambda entry: (entry.seq is None, entry.seq or 0))


class Store:
    """An open home. Refuses to work on the GUI thread. Use as a context manager, or :meth:`close` it.

    Raises :class:`KnownError` from every method when the disk, the file or another program is in the way.
    """

    def __init__(self, home: Path, key: bytes, lock: filelock.BaseFileLock | None) -> None:
        self.home = home
        self.path = home / engines.DATABASE
        self._lock = lock
        self._writer_turn = threading.RLock()
        self._writer = engines.make_engine(self.path, key, writer=True)
        self._readers = engines.make_engine(self.path, key, writer=False)
        self._connection: Connection | None = None
        self._listeners: list[Listener] = []
        self.device = UUID(int=0)

    # -- opening and closing -------------------------------------------------------------------------------------------

    @classmethod
    def create(cls, home: Path, key: bytes, *, drill: bool = False) -> "Store":
        """Make a new, empty store in ``home``; refuses a home that has one."""
        refuse_on_gui_thread("store")
        engines.refuse_unfit_driver()
        home.mkdir(mode=0o700, parents=True, exist_ok=True)
        path = home / engines.DATABASE
        if path.exists():
            raise KnownError(f"{home} holds a store already. Open it, or choose another home.")
        lock = _lock(home)
        try:
            os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
            store = cls(home, key, lock)
            with store._known_errors():
                store._create(drill)
            engines.refuse_plaintext(path)
        except BaseException:
            lock.release()
            raise
        return store

    def _create(self, drill: bool) -> None:
        with self._writing() as connection:
            schema.upgrade(connection)
            self.device = uuid7()
            connection.exec_driver_sql(
                "INSERT INTO home (name, value) VALUES (?, ?)",
                [("device", str(self.device)), ("drill", "yes" if drill else "no")],
            )

    @classmethod
    def open(cls, home: Path, key: bytes, *, alone: bool = True) -> "Store":
        """Open the store in ``home``. With ``alone`` no other process may have it open for writing.

        Raises :class:`KnownError`: no store there, plaintext or cut-off file, other key, newer tables, in use.
        """
        refuse_on_gui_thread("store")
        engines.refuse_unfit_driver()
        path = home / engines.DATABASE
        if not path.exists():
            raise KnownError(f"There is no store in {home}. Run 'clinician-console setup', or name the right --home.")
        engines.refuse_plaintext(path)
        lock = _lock(home) if alone else None
        store = cls(home, key, lock)
        try:
            with store._known_errors():
                store._check(migrate=alone)
        except BaseException:
            store.close()
            raise
        return store

    def _check(self, *, migrate: bool) -> None:
        with self.read() as connection:
            revision = schema.current(connection)
            if revision != schema.HEAD:
                schema.refuse_newer(revision, connection, self.path)
        if revision != schema.HEAD:
            if not migrate:
                raise KnownError(
                    f"{self.path} must be brought up to date first. Open it once with the desktop program."
                )
            self._copy_aside(revision)
            with self._writing() as connection:
                schema.upgrade(connection)
        with self.read() as connection:
            self.device = UUID(self.fact(connection, "device"))

    def _copy_aside(self, revision: str) -> None:
        """Keep the file as it was before a migration; still encrypted, with the same key."""
        target = self.path.with_name(f"{self.path.name}.before-migration-from-{revision}")
        # This process is alone with the file: fold the WAL into it, then copy that one file.
        raw = self._open_writer().connection.dbapi_connection
        assert raw is not None
        raw.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        partial = target.with_suffix(".partial")
        partial.write_bytes(self.path.read_bytes())
        partial.chmod(0o600)
        partial.replace(target)

    def close(self) -> None:
        """Close every connection and let the next process in. Safe to call twice."""
        with self._writer_turn:
            if self._connection is not None:
                self._connection.close()
                self._connection = None
            self._writer.dispose()
            self._readers.dispose()
            if self._lock is not None:
                self._lock.release()
                self._lock = None

    def __enter__(self) -> "Store":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    # -- writing and reading -------------------------------------------------------------------------------------------

    @contextmanager
    def write(self) -> Iterator[Transaction]:
        """One write transaction: committed when the block ends, rolled back when it raises."""
        refuse_on_gui_thread("store")
        with self._known_errors(), self._writing() as connection:
            transaction = Transaction(connection)
            yield transaction
        if transaction.changes:
            self._tell(transaction.changes)

    def append(self, entries: Sequence[Entry]) -> Changes:
        """Append entries in one transaction of their own; those that are here already are passed over."""
        with self.write() as transaction:
            transaction.append(entries)
        return transaction.changes

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """One consistent view of the store, on a connection that does not write."""
        refuse_on_gui_thread("store")
        with self._known_errors(), self._readers.begin() as connection:
            yield connection

    def subscribe(self, listener: Listener) -> Callable[[], None]:
        """Call ``listener`` after every commit that changed the record, on the writing thread; returns the undo."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    @staticmethod
    def fact(connection: Connection, name: str) -> str:
        """One of the facts about this home; "" when it is not known."""
        row = connection.exec_driver_sql("SELECT value FROM home WHERE name = ?", (name,)).first()
        return str(row[0]) if row else ""

    def _tell(self, changes: Changes) -> None:
        for listener in tuple(self._listeners):
            listener(changes)

    def _open_writer(self) -> Connection:
        if self._connection is None:
            self._connection = self._writer.connect()
        return self._connection

    @contextmanager
    def _writing(self) -> Iterator[Connection]:
        with self._writer_turn:
            connection = self._open_writer()
            with connection.begin():
                yield connection

    @contextmanager
    def _known_errors(self) -> Iterator[None]:
        try:
            yield
        except DBAPIError as error:
            raise engines.explain(error, self.path) from error
        except driver.Error as error:
            raise engines.explain(error, self.path) from error
        except OSError as error:
            raise KnownError(f"{self.path}: {error.strerror or error}. Check the disk and try again.") from error


def _lock(home: Path) -> filelock.BaseFileLock:
    """Take the home for this process; raises :class:`KnownError` while another one has it."""
    lock = filelock.FileLock(home / "lock", mode=0o600)
    try:
        lock.acquire(blocking=False)
    except filelock.Timeout:
        raise KnownError(f"Another Clinician Console has {home} open. Close it first, or use that one.") from None
    return lock
