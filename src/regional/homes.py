"""Where a server's things lie: its home, the embedded database and the key of that."""

import os
import secrets
from collections.abc import Callable
from pathlib import Path
from typing import Final

import platformdirs
from filelock import FileLock

from regional.database import Database, open_embedded, open_postgres
from regional.errors import ServerError

DATABASE: Final = "regional.db"
KEY_FILE: Final = "regional.key"
KEY: Final = "REGIONAL_SERVER_KEY"
_KEY_FILE: Final = "REGIONAL_SERVER_KEY_FILE"


def default_home() -> Path:
    """The home when none is named."""
    return Path(platformdirs.user_data_dir("regional-server", appauthor=False))


def open_database(url: str, home: Path) -> Database:
    """The database of this address, or the embedded one of ``home``. Raises :class:`ServerError`."""
    if url:
        if url.partition(":")[0] not in ("postgresql", "postgres", "postgresql+psycopg"):
            raise ServerError("--database: an address such as postgresql://user@host/name is needed.")
        return open_postgres(url)
    prepare(home)
    key, path = _key(home), home / DATABASE
    if path.exists() and not path.stat().st_size:  # it is put there whole
        raise ServerError(
            f"{path} is empty: what this server held is not in it any more. Nothing was changed; put a backup of it "
            "back. If nobody ever used this server, remove the file, and a new one is made."
        )
    _keep_private(path)
    return open_embedded(path, key)


def begin(home: Path, make_tables: Callable[[Database], object]) -> bool:
    """Make the embedded database of a home that has none, there whole or not at all; returns whether it was made."""
    prepare(home)
    path = home / DATABASE
    if path.exists():
        return False
    with FileLock(home / "begin.lock"):
        if path.exists():
            return False
        key = _key(home)
        partial = path.with_suffix(".new.db")
        for left in home.glob(f"{partial.name}*"):  # of a start that came to no end
            left.unlink()
        _keep_private(partial)
        database = open_embedded(partial, key)
        try:
            make_tables(database)
        finally:
            database.close()
        partial.rename(path)
    return True


def prepare(home: Path) -> None:
    """Make the home, for its owner alone. Raises :class:`ServerError` for one that nothing can be written in."""
    try:
        home.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as error:
        raise ServerError(f"--home: {home} cannot be made: {error.strerror}.") from error
    for path in (home, home / DATABASE):
        if path.exists() and not os.access(path, os.W_OK):
            raise ServerError(
                f"{path} cannot be written, and the server has to. Make it writable for whoever runs the server, and "
                "its disk too; or name another --home."
            )


def _keep_private(database: Path) -> None:
    """The file is its owner's alone, from before there is anything in it; what SQLite puts beside it goes by that."""
    database.touch(mode=0o600)
    for path in (database, *database.parent.glob(f"{database.name}-*")):
        if path.stat().st_mode & 0o077:
            path.chmod(0o600)


def _key(home: Path) -> bytes:
    if given := os.environ.get(KEY, ""):
        return _read(given, KEY)
    named = os.environ.get(_KEY_FILE, "")
    path = Path(named) if named else home / KEY_FILE
    try:
        if not named and not path.exists():
            if (home / DATABASE).exists():
                raise ServerError(
                    f"{path} is missing, and without it {home / DATABASE} cannot be read. Put it back from where it "
                    f"is kept, or name it with {_KEY_FILE}."
                )
            _make(path)
        return _read(path.read_text(encoding="ascii"), str(path))
    except (OSError, UnicodeDecodeError) as error:
        raise ServerError(f"The key in {path} cannot be read: {getattr(error, 'strerror', error)}.") from error


def _read(text: str, where: str) -> bytes:
    try:
        key = bytes.fromhex(text.strip())
    except ValueError:
        key = b""
    if len(key) != 32:
        raise ServerError(f"{where} holds no key: 64 hexadecimal digits are needed.")
    return key


def _make(path: Path) -> None:
    """A new key, there whole or not at all."""
    partial = path.with_suffix(".new")
    partial.unlink(missing_ok=True)
    file = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(file, "w", encoding="ascii") as writing:
        writing.write(secrets.token_hex(32) + "\n")
        writing.flush()
        os.fsync(writing.fileno())
    partial.rename(path)
