"""The store of one desk: one writing connection, a few reading ones, and the only way anything is written.

Every write is a transaction that says BEGIN IMMEDIATE. What it appends and the record folded from it are committed
together or not at all; whoever subscribed is told what changed after the commit, on the thread that wrote.
"""

import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import UUID

import filelock
from sqlalchemy import Connection

from console.errors import BugError, KnownError
from console.models.aggregates import aggregate_of, understood
from console.models.changes import Changes
from console.models.store import birth, journal, outbox, record, schema
from console.models.store import engine as engines
from console.models.store.contents import Contents, inspect
from console.models.store.files import companions, copy_private
from console.models.store.recent import Recent
from console.models.store.subjects import State
from console.off_gui import refuse_on_gui_thread
from wire.envelope import Entry
from wire.fold import Aggregate, Folded
from wire.journals import Audience, audience_of

Listener = Callable[[Changes], None]
Reading = Connection
"""What :meth:`Store.read` hands out; readers of other layers name it by this."""


class Transaction:
    """One write: everything in it is committed together. Made by :meth:`Store.write`.

    ``senseless`` holds, per entry that this transaction folded and that changed nothing, the reason. ``shares`` says
    that what is appended is to be sent to a server; ``device`` is what the store's own entries are counted under.
    ``provider`` is whose clinical record is kept from now on, "" for no change.
    """

    def __init__(
        self, connection: Connection, recent: Recent, device: UUID, *, shares: bool = False, clinical: bool = True
    ) -> None:
        self.connection = connection
        self.device = device
        self.shares = shares
        self.clinical = clinical
        self.provider = ""
        self._recent = recent
        self.changes = Changes()
        self.senseless: dict[UUID, str] = {}

    def append(self, entries: Sequence[Entry]) -> Changes:
        """Append entries whose ids are new, in this order, and fold every subject they touch.

        Entries that are here already are passed over, so the same delivery twice changes nothing; the ``seq`` of one
        that had none yet is adopted.
        """
        subjects = {entry.subject for entry in entries}
        self._recent.forget(subjects)
        held = journal.of_subjects(self.connection, subjects)
        seqs = held.seqs
        fresh: list[Entry] = []
        ordered: list[Entry] = []
        for entry in entries:
            identity = entry.id.bytes
            if identity not in seqs:
                fresh.append(entry)
            elif entry.seq is not None and seqs[identity] is None:
                ordered.append(entry)
            else:
                continue
            seqs[identity] = entry.seq
        if not fresh and not ordered:
            return Changes()
        self._insert(fresh)
        touched = {entry.subject: held.standing.setdefault(entry.subject, []) for entry in fresh}
        for entry in fresh:
            touched[entry.subject].append(entry)
        if ordered:
            journal.adopt_order(self.connection, ordered)
            touched |= journal.in_their_places(self.connection, ordered, held.standing)
        for subject in {entry.subject for entry in (*fresh, *ordered) if entry.seq is not None}:
            journal.sort_canonically(touched[subject])
        return self._fold(touched, tuple(entry.id for entry in (*fresh, *ordered)))

    def enter(self, entry: Entry) -> Changes:
        """Append an entry that this desk makes within this transaction.

        It is new, and the last of its subject in canonical order, so the fold goes on from the record. Where it cannot,
        the subject is folded from all of its entries.
        """
        aggregate = aggregate_of(entry.kind)
        before = self._recent.before(self.connection, aggregate, entry) if aggregate else None
        if aggregate is None or before is None:
            return self.append([entry])
        folded = aggregate.fold([entry], before)
        if folded.senseless or folded.unread:
            return self.append([entry])
        self._insert([entry])
        record.write_on(self.connection, entry.subject, aggregate, folded)
        self._recent.went_on(entry.subject, folded)
        changes = Changes(frozenset({(aggregate.name, entry.subject)}), (entry.id,))
        self.changes |= changes
        return changes

    def state(self, aggregate: Aggregate[State], subject: UUID) -> Folded[State] | None:
        """The state of one subject as it stands in this transaction; None when the record has no such subject."""
        return self._recent.state(self.connection, aggregate, subject)

    def refold(self, subjects: Iterable[UUID]) -> Changes:
        """Fold these subjects anew from the journal as it stands."""
        wanted = list(subjects)
        if not wanted:
            return Changes()
        self._recent.forget(wanted)
        standing = journal.of_subjects(self.connection, wanted).standing
        return self._fold({subject: standing.get(subject, []) for subject in wanted}, (), thorough=True)

    def refuse(self, entry: UUID, reason: str, *, code: str = "") -> Changes:
        """An entry of this desk was not accepted by whoever orders its journal: it leaves the fold and stays listed."""
        return self._set_refused(entry, reason, code)

    def offer_again(self, entry: UUID) -> Changes:
        """A refused entry takes part again, unchanged, at its former place."""
        return self._set_refused(entry, None, "")

    def forget_recent(self) -> None:
        """Entries were changed in another way than by appending: read them anew."""
        self._recent.clear()

    def _set_refused(self, entry: UUID, reason: str | None, code: str) -> Changes:
        subject = journal.set_refused(self.connection, entry, reason, code)
        if subject is None:
            return Changes()
        if self.shares:
            outbox.fill_one(self.connection, entry)
        return self.refold([subject])

    def _insert(self, entries: Sequence[Entry]) -> None:
        if not self.clinical and any(audience_of(entry.journal) is Audience.CLINICAL for entry in entries):
            raise KnownError("This desk is enrolled for operations: it stores no clinical entry, wherever it is from.")
        before = outbox.last_place(self.connection) if self.shares else 0
        journal.insert(self.connection, entries)
        if self.shares:
            outbox.add_behind(self.connection, before)

    def _fold(
        self, touched: Mapping[UUID, Sequence[Entry]], entries: tuple[UUID, ...], *, thorough: bool = False
    ) -> Changes:
        folds = [record.fold_subject(subject, its_entries) for subject, its_entries in touched.items()]
        record.write(self.connection, folds, thorough=thorough)
        for fold in folds:
            for each in fold.senseless:
                self.senseless[each.entry] = each.reason
        subjects = frozenset((name, fold.subject) for fold in folds for name in fold.aggregates)
        changes = Changes(subjects, entries)
        self.changes |= changes
        return changes


class Store:
    """An open home. Refuses to work on the GUI thread. Use as a context manager, or :meth:`close` it.

    Raises :class:`KnownError` from every method when the disk, the file or another program is in the way.
    """

    def __init__(self, home: Path, key: bytes, lock: filelock.BaseFileLock | None) -> None:
        self.home = home
        self.path = home / engines.DATABASE
        self._key = key
        self._lock = lock
        self._writer_turn = threading.RLock()
        self._writer = engines.make_engine(self.path, key, writer=True)
        self._readers = engines.make_engine(self.path, key, writer=False)
        self._connection: Connection | None = None
        self._listeners: list[Listener] = []
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
        """Open the store in ``home``. With ``alone`` no other process may have it open for writing.

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
    def _opened(cls, home: Path, key: bytes, lock: filelock.BaseFileLock | None) -> "Store":
        store = cls(home, key, lock)
        try:
            store._check(migrate=lock is not None)
        except BaseException:
            store.close()
            raise
        return store

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


def lock_home(home: Path) -> filelock.BaseFileLock:
    """Take the home for this process; raises :class:`KnownError` while another one has it."""
    # Not bound to a thread: the thread that closes a store need not be the one that opened it.
    lock = filelock.FileLock(home / "lock", mode=0o600, thread_local=False)
    try:
        lock.acquire(blocking=False)
    except filelock.Timeout:
        raise KnownError(f"Another Clinician Console has {home} open. Close it first, or use that one.") from None
    return lock
