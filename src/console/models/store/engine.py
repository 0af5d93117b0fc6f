"""Opening the encrypted file: the key first, then every setting that durability rests on.

SQLCipher by ``sqlcipher3``. Three facts shape this module: opening a *new* path without a key silently makes a
plaintext file, so a file is only ever created here, keyed, and its header is looked at; a deferred transaction that
reads and then writes fails at once under contention, so the writer says BEGIN IMMEDIATE; and SQLAlchemy's default pool
for SQLite closes connections that other threads still use, so the pools are named.
"""

import errno
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import UUID

import sqlcipher3.dbapi2 as driver
from sqlalchemy import Connection, Engine, Pool, QueuePool, StaticPool, create_engine, event
from sqlalchemy.exc import DBAPIError

from console.errors import BugError, ConsoleError, KnownError, TryAgain

DATABASE = "console.db"
MINIMUM_SQLITE = (3, 51, 3)
"""Older versions can corrupt a WAL file when two connections write and checkpoint together."""
BUSY_SECONDS = 5
READER_CACHE_KIB = 2 * 1024
WRITER_CACHE_KIB = 16 * 1024
"""Enough for the pages one large batch changes: with SQLite's own 2 MiB they are written and read back in between."""
LOG_PAGES = 4_000
"""Pages in the write-ahead log before they are moved into the file, so that a page changed by several commits is moved
once; 16 MiB."""
_MOST_VARIABLES = 500
_PLAIN_HEADER = b"SQLite format 3\0"

# The driver looks everywhere for a way to adapt a value of these types before it binds it as it is, and a row of the
# journal has ten of them: telling it the way takes more than half off the time of an insert.
driver.register_adapter(bytes, bytearray)
driver.register_adapter(type(None), {}.get)


def sqlite_version() -> tuple[int, ...]:
    """The version of the SQLite inside the driver."""
    return tuple(driver.sqlite_version_info)


def refuse_unfit_driver() -> None:
    """Raise :class:`KnownError` when the SQLite inside the driver is one that can corrupt a store."""
    if driver.sqlite_version_info < MINIMUM_SQLITE:
        raise KnownError(
            f"SQLite {driver.sqlite_version} can corrupt a store; version 3.51.3 or later is needed. "
            "Install the locked version of sqlcipher3."
        )


def connect(path: Path, key: bytes, *, cache_kib: int = READER_CACHE_KIB, alone: bool = False) -> Any:
    """A keyed driver connection with every setting applied. Raises the driver's errors, and changes no file.

    That the file keeps a write-ahead log is written in the file itself: see :func:`keep_log`. With ``alone`` the file
    is read as it is, nothing is made beside it, and nobody may be writing it.
    """
    name = f"{path.absolute().as_uri()}?immutable=1" if alone else str(path)
    connection = driver.connect(name, timeout=BUSY_SECONDS, check_same_thread=False, isolation_level=None, uri=alone)
    try:
        apply_key(connection, key)
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute("PRAGMA secure_delete = ON")
        connection.execute(f"PRAGMA cache_size = -{cache_kib}")
        connection.execute(f"PRAGMA wal_autocheckpoint = {LOG_PAGES}")
        connection.execute("PRAGMA trusted_schema = OFF")
    except BaseException:
        connection.close()
        raise
    return connection


def apply_key(connection: Any, key: bytes) -> None:
    """Say the raw 256-bit key, which must be the first thing a connection hears, and keep SQLCipher off stderr."""
    connection.execute(f"PRAGMA key = \"x'{key.hex()}'\"")
    connection.execute("PRAGMA cipher_log_level = NONE")


def keep_log(connection: Any) -> None:
    """Make the file keep a write-ahead log, so that readers and the writer never wait for each other."""
    connection.execute("PRAGMA journal_mode = WAL")


def empty_log(connection: Any, *, compact: bool = False) -> bool:
    """Move the write-ahead log into the file and cut it off; False, without waiting, where somebody reads it.

    With ``compact`` the file is written anew first: SQLite moves rows between pages as they grow, and what it leaves
    in the unused part of the page they came from is wiped in no other way.
    """
    if compact:
        connection.execute("VACUUM")
    connection.execute("PRAGMA busy_timeout = 0")
    try:
        busy, *_ = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    finally:
        connection.execute(f"PRAGMA busy_timeout = {BUSY_SECONDS * 1_000}")
    return not busy


def make_engine(path: Path, key: bytes, *, writer: bool, alone: bool = False) -> Engine:
    """An engine over the keyed file: one standing connection for the writer, a small pool for readers.

    ``alone`` as for :func:`connect`.
    """
    cache = WRITER_CACHE_KIB if writer else READER_CACHE_KIB
    creator: Callable[[], Any] = lambda: connect(path, key, cache_kib=cache, alone=alone)  # noqa: E731  (SQLAlchemy calls it without arguments)
    pool: type[Pool] = StaticPool if writer else QueuePool
    options: dict[str, Any] = {} if writer else {"pool_size": 3, "max_overflow": 2}
    engine = create_engine(
        "sqlite+pysqlite://", module=driver, creator=creator, poolclass=pool, hide_parameters=True, **options
    )
    begin = "BEGIN IMMEDIATE" if writer else "BEGIN"

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        execute(connection, begin)

    return engine


def execute(connection: Connection, statement: str, values: Sequence[Any] = ()) -> Any:
    """Run a statement of every act on the driver's own cursor, in the transaction that ``connection`` is in.

    Making a result of SQLAlchemy's costs several times what such a statement does.
    """
    return _driver(connection).execute(statement, values)


def in_parts(ids: Iterable[UUID]) -> Iterator[tuple[list[bytes], str]]:
    """These ids as bytes, as many as one statement takes at a time, each time with the marks they stand for."""
    wanted = [each.bytes for each in ids]
    for start in range(0, len(wanted), _MOST_VARIABLES):
        part = wanted[start : start + _MOST_VARIABLES]
        yield part, ", ".join("?" * len(part))


def execute_many(connection: Connection, statement: str, rows: Sequence[Sequence[Any]]) -> None:
    """:func:`execute` once for each row."""
    _driver(connection).executemany(statement, rows)


def _driver(connection: Connection) -> Any:
    return connection.connection.dbapi_connection


def refuse_plaintext(path: Path) -> None:
    """Raise :class:`KnownError` when the file at ``path`` is not an encrypted store by its first bytes."""
    with path.open("rb") as file:
        head = file.read(len(_PLAIN_HEADER))
    if head == _PLAIN_HEADER:
        raise KnownError(
            f"{path} is a plaintext SQLite file, not an encrypted store. It was not opened or changed; move it away."
        )
    if len(head) < len(_PLAIN_HEADER):
        raise KnownError(
            f"{path} is empty or cut off. It was not changed; restore a backup with "
            "'clinician-console store restore FILE'."
        )


def may_read_alone(error: KnownError, path: Path) -> bool:
    """Whether a file that could not be opened for ``error`` can be read as it is: what it lacks is a place to write.

    Reading, too, needs files beside a database that keeps a write-ahead log. Where there is none, nobody has it open.
    Raises :class:`KnownError` where part of what was entered stands in such a log.
    """
    if not any(words in error.detail for words in _NOWHERE_TO_WRITE):
        return False
    log = path.with_name(f"{path.name}-wal")
    if not log.exists() or not log.stat().st_size:
        return True
    raise KnownError(
        f"{path.parent} cannot be written, and what was entered last stands in {log}, which is read only where it can "
        "be. Make room or correct the permissions, or copy the whole folder to another disk and name it with --home.",
        detail=error.detail,
    )


_NOWHERE_TO_WRITE = ("readonly", "unable to open", "disk is full", "disk I/O error")
_OURS = ("IntegrityError", "ProgrammingError", "InterfaceError", "DataError", "NotSupportedError", "InternalError")
"""Names of the driver's errors that no disk and no file causes, only a wrong statement."""
_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


@contextmanager
def known_errors(path: Path) -> Iterator[None]:
    """Turn what the driver or the disk says while ``path`` is used into what a person can act on."""
    try:
        yield
    except (DBAPIError, driver.Error) as error:
        raise explain(error, path) from error
    except OSError as error:
        kind = TryAgain if error.errno in _FULL else KnownError
        raise kind(
            f"{error.filename or path}: {error.strerror or error}. Check the disk and the permissions, then try again."
        ) from error


def explain(error: BaseException, path: Path) -> ConsoleError:
    """What a driver error means for the person at the desk; :class:`BugError` for one that is our own fault."""
    original = getattr(error, "orig", None) or error
    words = str(original)
    if type(original).__name__ in _OURS:
        return BugError(f"the store refused a statement: {words}")
    if "disk is full" in words or "disk I/O error" in words:
        says = f"The disk that holds {path.parent} is full or failing. Nothing was lost; free space and try again."
        return TryAgain(says, detail=words)
    if "locked" in words or "busy" in words:
        says = f"Another program holds {path}. Close it (antivirus and backup programs do this) and try again."
        return TryAgain(says, detail=words)
    if "malformed" in words:
        says = (
            f"{path} is damaged. It was not changed; run 'clinician-console store check' and restore a backup with "
            "'clinician-console store restore FILE'."
        )
    elif "not a database" in words:
        says = (
            f"{path} cannot be read with this desk's key: the key is another one, or the file is cut off or damaged. "
            "It was not changed; restore the key or a backup."
        )
    elif "readonly" in words or "unable to open" in words:
        says = f"{path} cannot be opened for writing. Check the permissions of its folder."
    else:
        says = f"The store at {path} could not be used: {words}."
    return KnownError(says, detail=words)
