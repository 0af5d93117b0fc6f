"""The store of one desk: one writing connection, a few reading ones, and the only way anything is written.

Every write is a transaction that says BEGIN IMMEDIATE. What it appends and the record folded from it are committed
together or not at all; whoever subscribed is told what changed after the commit, on the thread that wrote.
"""

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import UUID

import filelock
from sqlalchemy import Connection

from console.errors import BugError, KnownError
from console.models.aggregates import understood
from console.models.changes import Changes
from console.models.store import birth, schema
from console.models.store import engine as engines
from console.models.store.contents import Contents, inspect
from console.models.store.files import companions, copy_private, lock_home
from console.models.store.outbox import Unsent
from console.models.store.recent import Recent
from console.models.store.transaction import Transaction
from console.off_gui import refuse_on_gui_thread
from wire.envelope import Entry
from wire.journals import Audience

Listener = Callable[[Changes], None]
Reading = Connection
"""What :meth:`Store.read` hands out; readers of other layers name it by this."""


class Store:
    """An open home. Refuses to work on the GUI thread. Use as a context manager, or :meth:`close` it.

    Raises :class:`KnownError` from every method when the disk, the file or another program is in the way.
    """

    def __init__(
        self, home: Path, key: bytes, lock: filelock.BaseFileLock | None, *, nowhere_to_write: bool = False
    ) -> None:
        self.home = home
        self.path = home / engines.DATABASE
        self._key = key
        self._lock = lock
        self._writer_turn = threading.RLock()
        self._writer = engines.make_engine(self.path, key, writer=True)
        self._readers = engines.make_engine(self.path, key, writer=False, alone=nowhere_to_write)
        self._connection: Connection | None = None
        self._listeners: list[Listener] = []
        self.sender: Callable[[Unsent], None] = lambda unsent: None
        """Called after every commit that left something to be sent, on the writing thread, before anybody is told."""
        self._recent = Recent()
        self._closed = False
        self.device = UUID(int=0)
        """The id under which this store's own entries are counted and chained."""
        self.enrolment = UUID(int=0)
        """The id under which the desk was enrolled: that of its first device, whatever was restored since."""
        self.shares = False
        """Whether what is entered here is to be sent to a server."""
        self.clinical = True
        """Whether this desk may hold a clinical record: all may but those enrolled for operations."""
        self.provider = ""
        """Whose clinical record is kept here by the word of a server that this desk joined, by short name."""
        self.offset: int | None = None
        """How far this desk's clock is behind the server's, in microseconds; None until a server was heard."""
        self.drill = False
        """Whether all of this is invented and will be thrown away."""

    # -- opening and closing -------------------------------------------------------------------------------------------

    @classmethod
    def create(cls, home: Path, key: bytes, *, drill: bool = False) -> "Store":
        """Make a new, empty store in ``home``; refuses a home that has one."""
        refuse_on_gui_thread("store")
        engines.refuse_unfit_driver()
        path = home / engines.DATABASE
        with engines.known_errors(path):
            home.mkdir(mode=0o700, parents=True, exist_ok=True)
            lock = lock_home(home)
            try:
                if path.exists():
                    raise KnownError(f"{home} holds a store already. Open it, or choose another home.")
                if left := [file for file in companions(path) if file.exists()]:
                    raise KnownError(f"{left[0]} is left of a store that is gone. Move it away, then start again.")
                birth.make(path, key, drill=drill)
                return cls._opened(home, key, lock)
            except BaseException:
                lock.release()
                raise

    @classmethod
    def open(cls, home: Path, key: bytes, *, alone: bool = True) -> "Store":
        """Open the store in ``home``. With ``alone`` no other process may have it open for writing; else it is for
        reading, also where the disk is full or the folder cannot be written.

        Raises :class:`KnownError`: no store there, plaintext or cut-off file, other key, newer tables, in use.
        """
        refuse_on_gui_thread("store")
        engines.refuse_unfit_driver()
        path = home / engines.DATABASE
        with engines.known_errors(path):
            if not path.exists():
                raise KnownError(
                    f"There is no store in {home}. Put a backup back with 'clinician-console store restore FILE', or "
                    "begin anew with 'clinician-console setup'."
                )
            engines.refuse_plaintext(path)
            lock = lock_home(home) if alone else None
            try:
                return cls._opened(home, key, lock)
            except BaseException:
                if lock is not None:
                    lock.release()
                raise

    @classmethod
    def _opened(
        cls, home: Path, key: bytes, lock: filelock.BaseFileLock | None, *, nowhere_to_write: bool = False
    ) -> "Store":
        store = cls(home, key, lock, nowhere_to_write=nowhere_to_write)
        try:
            store._check(migrate=lock is not None)
        except BaseException as error:
            store.close()
            if lock is not None or nowhere_to_write or not isinstance(error, KnownError):
                raise
            if not engines.may_read_alone(error, store.path):
                raise
        else:
            return store
        return cls._opened(home, key, None, nowhere_to_write=True)

    def _check(self, *, migrate: bool) -> None:
        with self.read() as connection:
            revision = schema.current(connection)
            if revision != schema.HEAD:
                schema.refuse_newer(revision, self.path)
        if revision != schema.HEAD:
            if not migrate:
                raise KnownError(
                    f"{self.path} must be brought up to date first. Open it once with the desktop program."
                )
            self._copy_aside(revision)
        if migrate:
            engines.keep_log(self._raw_writer())
        if revision != schema.HEAD:
            with self._writing() as connection:
                schema.upgrade(connection)
        with self.read() as connection:
            self.device = UUID(self.fact(connection, "device"))
            self.enrolment = UUID(self.fact(connection, "enrolment"))
            self.shares = bool(self.fact(connection, "shares"))
            self.clinical = self.fact(connection, "audience") != Audience.OPERATIONS.value
            self.provider = self.fact(connection, "provider")
            self.drill = self.fact(connection, "drill") == "yes"
            behind = self.fact(connection, "understood") not in ("", understood())
        if behind and migrate:
            # Cleared before anything is written, so that a cut-off refolding is carried on, not forgotten.
            with self._writing() as connection:
                set_fact(connection, "understood", "")

    def _copy_aside(self, revision: str) -> None:
        """Keep the file as it was before a migration; still encrypted, with the same key."""
        target = self.path.with_name(f"{self.path.name}.before-migration-from-{revision}")
        # This process is alone with the file: fold the WAL into it, then copy that one file.
        busy, *_ = self._raw_writer().execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        if busy:
            raise KnownError(f"Another program reads {self.path}. Close it; the store is then brought up to date.")
        copy_private(self.path, target, replace=True)

    def close(self) -> None:
        """Close every connection and let the next process in. Safe to call twice."""
        with self._writer_turn:
            self._closed = True
            if self._connection is not None:
                self._connection.close()
                self._connection = None
            self._writer.dispose()
            self._readers.dispose()
            if self._lock is not None:
                self._lock.release()

    def __enter__(self) -> "Store":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    # -- writing and reading -------------------------------------------------------------------------------------------

    @contextmanager
    def write(self) -> Iterator[Transaction]:
        """One write transaction: committed when the block ends, rolled back when it raises."""
        self._refuse_misuse()
        if self._lock is None:
            raise KnownError(f"{self.home} was opened for reading. Close the console that has it open to change it.")
        with engines.known_errors(self.path), self._writer_turn:
            try:
                with self._writing() as connection:
                    transaction = Transaction(
                        connection, self._recent, self.device, shares=self.shares, clinical=self.clinical
                    )
                    yield transaction
            except BaseException:
                self._recent.clear()
                raise
            self.shares, self.device = transaction.shares, transaction.device
            self.clinical, self.provider = transaction.clinical, transaction.provider or self.provider
        if transaction.unsent is not None:
            self.sender(transaction.unsent)
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
        self._refuse_misuse()
        with engines.known_errors(self.path), self._readers.begin() as connection:
            yield connection

    def subscribe(self, listener: Listener) -> Callable[[], None]:
        """Call ``listener`` after every commit that changed the record, on the writing thread; returns the undo."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    @property
    def alone(self) -> bool:
        """Whether this process may write here."""
        return self._lock is not None

    @staticmethod
    def fact(connection: Connection, name: str) -> str:
        """One of the facts about this home; "" when it is not known."""
        row = connection.exec_driver_sql("SELECT value FROM home WHERE name = ?", (name,)).first()
        return str(row[0]) if row else ""

    def copy_into(self, target: Path) -> None:
        """Write all of the store as it stands now, encrypted with its own key, into the empty file ``target``."""
        self._refuse_misuse()
        with engines.known_errors(target):
            raw = self._readers.raw_connection()
            try:
                raw.cursor().execute("VACUUM INTO ?", (str(target),))
            finally:
                raw.close()

    def empty_log(self, *, compact: bool = False) -> bool:
        """Empty the write-ahead log; False where somebody reads it just now. ``compact`` writes the file anew first."""
        self._refuse_misuse()
        with engines.known_errors(self.path), self._writer_turn:
            return engines.empty_log(self._raw_writer(), compact=compact)

    def inspect_copy(self, path: Path) -> Contents:
        """What a copy of this store holds; raises :class:`KnownError` for one that this store's key does not open."""
        return inspect(path, self._key)

    def _tell(self, changes: Changes) -> None:
        for listener in tuple(self._listeners):
            listener(changes)

    def _open_writer(self) -> Connection:
        if self._connection is None:
            self._connection = self._writer.connect()
        return self._connection

    def _raw_writer(self) -> Any:
        """The driver's own writing connection, for what cannot be said inside a transaction."""
        raw = self._open_writer().connection.dbapi_connection
        assert raw is not None
        return raw

    @contextmanager
    def _writing(self) -> Iterator[Connection]:
        with self._writer_turn:
            connection = self._open_writer()
            with connection.begin():
                yield connection

    def _refuse_misuse(self) -> None:
        refuse_on_gui_thread("store")
        if self._closed:
            raise BugError("the store was used after it was closed")


def set_fact(connection: Connection, name: str, value: str) -> None:
    """Set one of the facts about this home."""
    connection.exec_driver_sql(
        "INSERT INTO home (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
        (name, value),
    )
