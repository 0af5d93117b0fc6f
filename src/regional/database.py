"""The database: PostgreSQL for a region, one encrypted SQLite file for a center. The same tables, the same statements.

A *job* is a function of a :class:`Work`; it runs in one transaction, and again from the start when the database asks
for that (a deadlock, a serialization failure) or the connection broke: every job here may be run twice.
"""

import contextlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any, Final, TypeVar

import psycopg
import sqlcipher3.dbapi2 as sqlcipher
from sqlalchemy import Connection, Engine, QueuePool, StaticPool, create_engine, event
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as NoneFree

from regional.clock import Clock
from regional.errors import Away, ServerError
from regional.failing import Failing

T = TypeVar("T")

BUSY_SECONDS: Final = 5
LOG_PAGES: Final = 4_000
"""Pages in the embedded file's write-ahead log before they are moved into the file; 16 MiB."""
POSTGRES_OPTIONS: Final = (
    "-c synchronous_commit=on -c statement_timeout=5000 -c lock_timeout=2000 "
    "-c idle_in_transaction_session_timeout=5000 -c client_encoding=UTF8"
)
_HELD: Final = (psycopg.errors.LockNotAvailable, psycopg.errors.QueryCanceled)
_TRIES: Final = 3
_COPY_FROM: Final = 24
"""Rows from which COPY is faster than one statement after another."""

# Told how to bind these, the driver does not look for it at every value: half the time of an insert.
sqlcipher.register_adapter(bytes, bytearray)
sqlcipher.register_adapter(type(None), {}.get)


class Work:
    """One transaction. Statements are written with ``?`` and go to the driver as they stand."""

    def __init__(self, connection: Connection, *, postgres: bool) -> None:
        self.connection = connection
        self.postgres = postgres
        self.wrote = False
        """Whether anything was changed."""
        self._driver: Any = connection.connection.dbapi_connection

    def run(self, statement: str, values: Sequence[Any] = ()) -> int:
        """Run a statement; returns how many rows it changed."""
        changed = int(self._cursor(statement, values).rowcount)
        self.wrote = self.wrote or changed > 0
        return changed

    def rows(self, statement: str, values: Sequence[Any] = ()) -> list[Any]:
        """All rows of a query, as tuples."""
        found: list[Any] = self._cursor(statement, values).fetchall()
        return found

    def row(self, statement: str, values: Sequence[Any] = ()) -> Any:
        """The first row of a query, or None."""
        return self._cursor(statement, values).fetchone()

    def many(self, statement: str, rows: Sequence[Sequence[Any]]) -> None:
        """Run a statement once for each of ``rows``."""
        if rows:
            self.wrote = True
            self._driver.cursor().executemany(_dialect(statement) if self.postgres else statement, rows)

    def insert(self, table: str, columns: str, rows: Sequence[Sequence[Any]]) -> None:
        """Insert ``rows`` in the fastest way there is. ``columns`` is their names with commas between."""
        if self.postgres and len(rows) >= _COPY_FROM:
            self.wrote = True
            cursor = self._driver.cursor()
            with cursor.copy(f"COPY {table} ({columns}) FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row)
            return
        marks = ", ".join("?" * (columns.count(",") + 1))
        self.many(f"INSERT INTO {table} ({columns}) VALUES ({marks})", rows)

    def together(self, rows: int) -> contextlib.AbstractContextManager[object]:
        """Statements in this block need not wait for each other's answers. ``rows`` is the most that one inserts."""
        if self.postgres and rows < _COPY_FROM:  # COPY cannot be part of it
            pipeline: contextlib.AbstractContextManager[object] = self._driver.pipeline()
            return pipeline
        return contextlib.nullcontext()

    def within(self, column: str, values: Iterable[Any]) -> tuple[str, list[Any]]:
        """A condition that ``column`` is one of ``values``, and what to pass for it."""
        listed = list(values)
        if self.postgres:
            return f"{column} = ANY(?)", [listed]
        return f"{column} IN ({', '.join('?' * len(listed))})", listed

    @property
    def for_update(self) -> str:
        """What makes a query hold its rows until the commit. SQLite's writer holds everything already."""
        return " FOR UPDATE" if self.postgres else ""

    def _cursor(self, statement: str, values: Sequence[Any]) -> Any:
        cursor = self._driver.cursor()
        cursor.execute(_dialect(statement) if self.postgres else statement, values)
        return cursor


@lru_cache(maxsize=512)
def _dialect(statement: str) -> str:
    return statement.replace("%", "%%").replace("?", "%s")


class Database:
    """Where the journals are. ``where`` may be shown: it holds no password."""

    def __init__(self, reader: Engine, writer: Engine, where: str, *, postgres: bool) -> None:
        self._reader = reader
        self._writer = writer
        self.where = where
        self.postgres = postgres
        self.failing = Failing(Clock())
        """Of all writes."""
        self._kept: Connection | None = None

    def read(self, job: Callable[[Work], T]) -> T:
        """What ``job`` finds. Raises :class:`Away`."""
        return self._run(self._reader, job)

    def write(self, job: Callable[[Work], T], *, again: bool = False) -> T:
        """What ``job`` returns, once its changes are durable. Raises :class:`Away`: then they may or may not be.

        ``again`` is for the one thread that writes at every turn: its connection is kept for the next.
        """

        def noticed(work: Work) -> tuple[T, bool]:
            return job(work), work.wrote

        try:
            done, wrote = self._run(self._writer, noticed, again=again)
        except Away as away:
            self.failing.failed(away)
            raise
        if wrote:  # what changed nothing took no room
            self.failing.stored()
        return done

    def try_write(self, job: Callable[[Work], object]) -> None:
        """Whether anything can be written at all: says nothing of what others bring. Raises :class:`Away`."""
        self._run(self._writer, job)

    def _run(self, engine: Engine, job: Callable[[Work], T], *, again: bool = False) -> T:
        tries = 0
        while True:
            tries += 1
            try:
                with self._connection(engine, again=again) as connection:
                    found = job(Work(connection, postgres=self.postgres))
                    connection.commit()
                    return found
            except NoneFree as error:  # whoever holds them waits for a lock, or for the disk
                raise Away("no connection of the pool became free", held=True) from error
            except (psycopg.Error, sqlcipher.Error, DBAPIError) as error:
                original: BaseException = getattr(error, "orig", None) or error
                if not _passes(original):
                    raise
                if tries == _TRIES or not self._worth_another_try(original):
                    raise Away(_said(original), held=isinstance(original, _HELD)) from error

    def _worth_another_try(self, error: BaseException) -> bool:
        # A connection that broke may be an old one from the pool: a fresh one tells whether the database is there.
        return self.postgres and not isinstance(
            error, (psycopg.errors.DiskFull, psycopg.errors.ReadOnlySqlTransaction, *_HELD)
        )

    @contextlib.contextmanager
    def _connection(self, engine: Engine, *, again: bool) -> Iterator[Connection]:
        kept = None
        if again:
            kept, self._kept = self._kept, None
        connection = kept or engine.connect()
        try:
            connection.begin()
            yield connection
            if again:
                self._kept = connection
        except BaseException:
            if self.postgres and connection.connection.dbapi_connection is not None:
                driver: Any = connection.connection.dbapi_connection
                if driver.closed or driver.broken:
                    engine.pool.dispose()
                    connection.invalidate()
                    raise
            connection.rollback()
            raise
        finally:
            if self._kept is not connection:
                connection.close()

    def close(self) -> None:
        """Give every connection back."""
        if self._kept is not None:
            self._kept.close()
        self._reader.dispose()
        self._writer.dispose()


def _said(error: BaseException) -> str:
    """What is wrong, for the log: of PostgreSQL its first line alone, because what follows may show a row."""
    first_line = error.diag.message_primary if isinstance(error, psycopg.Error) else None
    return f"{type(error).__name__}: {first_line or error}"


def _passes(error: BaseException) -> bool:
    """Whether the environment is to blame, and not a statement."""
    if isinstance(error, psycopg.Error):
        return isinstance(error, (psycopg.OperationalError, psycopg.errors.ReadOnlySqlTransaction))
    # A damaged file is the plain DatabaseError; what a statement did wrong is one of its other subclasses.
    return isinstance(error, sqlcipher.OperationalError) or type(error) is sqlcipher.DatabaseError


def open_postgres(url: str) -> Database:
    """A PostgreSQL database by its URL. Raises :class:`ServerError` for a URL that is none."""
    address = "postgresql" + url[url.index(":") :].replace("+psycopg:", ":", 1)
    try:
        shown = psycopg.conninfo.conninfo_to_dict(address)
    except psycopg.Error as error:
        raise ServerError(f"--database: this is not the address of a PostgreSQL database: {error}") from error
    where = f"PostgreSQL at {shown.get('host') or 'the default host'}, database {shown.get('dbname') or 'default'}"

    def connect() -> Any:
        return psycopg.connect(address, options=POSTGRES_OPTIONS, connect_timeout=5)

    def engine(size: int) -> Engine:
        return create_engine(
            "postgresql+psycopg://", creator=connect, poolclass=QueuePool, pool_size=size, max_overflow=0,
            pool_timeout=5, hide_parameters=True,
        )  # fmt: skip

    return Database(engine(6), engine(3), where, postgres=True)


def open_embedded(path: Path, key: bytes) -> Database:
    """The encrypted file at ``path``, made when there is none. Raises :class:`ServerError` when it cannot be used."""
    if path.exists() and path.stat().st_size:
        with path.open("rb") as file:
            if file.read(16) == b"SQLite format 3\0":
                raise ServerError(f"{path} is a plaintext SQLite file, not this server's. Nothing was changed.")

    def connect() -> Any:
        connection = sqlcipher.connect(str(path), timeout=BUSY_SECONDS, check_same_thread=False, isolation_level=None)
        try:
            connection.execute(f"PRAGMA key = \"x'{key.hex()}'\"")
            connection.execute("PRAGMA cipher_log_level = NONE")
            connection.execute("PRAGMA synchronous = FULL")
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA secure_delete = ON")
            connection.execute("PRAGMA trusted_schema = OFF")
            connection.execute("PRAGMA cache_size = -16384")
            connection.execute(f"PRAGMA wal_autocheckpoint = {LOG_PAGES}")
        except BaseException:
            connection.close()
            raise
        return connection

    def engine(begin: str, pool: type[QueuePool | StaticPool], **options: Any) -> Engine:
        made = create_engine(
            "sqlite+pysqlite://", module=sqlcipher, creator=connect, poolclass=pool, hide_parameters=True, **options
        )
        event.listen(made, "begin", lambda connection: connection.connection.dbapi_connection.execute(begin))
        return made

    try:
        connect().close()
    except sqlcipher.Error as error:
        raise ServerError(
            f"{path} cannot be opened with this key ({error}). Nothing was changed; set REGIONAL_SERVER_KEY_FILE to "
            "the file that holds its key, or restore a backup."
        ) from error
    reader = engine("BEGIN", QueuePool, pool_size=4, max_overflow=0, pool_timeout=5)
    writer = engine("BEGIN IMMEDIATE", QueuePool, pool_size=3, max_overflow=0, pool_timeout=5)
    return Database(reader, writer, str(path), postgres=False)
