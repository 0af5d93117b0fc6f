"""The key of one home's database: where it is, and the rule that it is never silently replaced.

A home is the folder where one workstation's data lives. Beside the database it holds ``key.json``, which says where
the key is kept and how to recognize it, but nothing of the key itself. A home whose key cannot be found is refused with
the reason; a new key is made only for a new database.
"""

import hashlib
import hmac
import os
import secrets
from collections.abc import Mapping
from pathlib import Path
from typing import Final
from uuid import UUID, uuid4

import msgspec

from console.errors import KnownError
from console.security.keyring_store import KeyStore, KeyStoreAbsent, system_key_store
from console.security.private_files import read_private, write_private
from console.security.sealed_key import ScryptCost, check_new_passphrase, open_sealed_key, seal_key

KEY_BYTES: Final = 32
RECORD: Final = "key.json"
PASSPHRASE: Final = "passphrase"
PASSPHRASE_VARIABLE: Final = "CLINICIAN_CONSOLE_PASSPHRASE"
_FORMAT: Final = "clinician-console-key"
_VERSION: Final = 1


class NoKeyRecord(KnownError):
    """The home has no ``key.json``: never set up, or the file was removed."""


class KeyRecordDamaged(KnownError):
    """``key.json`` is not what this program wrote."""


class KeyKeptElsewhere(KnownError):
    """The key was put into another kind of key store than the one at hand."""


class KeyMissing(KnownError):
    """The key is not where it was put."""


class WrongKey(KnownError):
    """What is kept as the key is not the key of this home."""


class PassphraseNeeded(KnownError):
    """The key is sealed under a passphrase and none was given."""


class PassphraseNotAllowed(KnownError):
    """The settings of this workstation do not allow a passphrase-sealed key."""


class _Kind(msgspec.Struct, frozen=True):
    """Enough of any version of ``key.json`` to say what it is."""

    format: str
    version: int


class KeyRecord(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What ``key.json`` holds: the home's own id, where its key is, and eight bytes by which to recognize it."""

    format: str
    version: int
    home: UUID
    sealed_by: str
    check: str

    def entry(self) -> str:
        """The name of the key's entry in the key store."""
        return _entry(self.home)

    def sealed_file(self, folder: Path) -> Path:
        """Where the key is when it is sealed under a passphrase."""
        return _sealed_file(folder, self.home)

    def text(self) -> bytes:
        return msgspec.json.format(msgspec.json.encode(self), indent=2) + b"\n"


def new_key() -> bytes:
    """A random 256-bit database key, kept nowhere: for a drill, whose store is thrown away."""
    return secrets.token_bytes(KEY_BYTES)


def check_value(key: bytes, home: UUID) -> str:
    """Sixteen hex digits that tell one key from another and reveal nothing of it: HMAC-SHA-256, shortened."""
    return hmac.new(key, b"clinician-console key check\0" + home.bytes, hashlib.sha256).digest()[:8].hex()


def passphrase_from(environment: Mapping[str, str] = os.environ) -> str | None:
    """The passphrase that automation set in the environment, or ``None``."""
    return environment.get(PASSPHRASE_VARIABLE) or None


def key_record(home: Path) -> KeyRecord | None:
    """What ``key.json`` in ``home`` says, or ``None`` where there is none.

    Raises :class:`KeyRecordDamaged` when it is truncated, changed in form, or foreign.
    """
    path = home / RECORD
    data = read_private(path)
    if data is None:
        return None
    try:
        kind = msgspec.json.decode(data, type=_Kind)
        if kind.format == _FORMAT and kind.version > _VERSION:
            raise KeyRecordDamaged(f"{path} was written by a newer version of this program. Install that version.")
        record = msgspec.json.decode(data, type=KeyRecord)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise _damaged(path) from error
    if (record.format, record.version) != (_FORMAT, _VERSION) or record.text() != data:
        raise _damaged(path)
    return record


def create_key(
    home: Path,
    *,
    database: Path,
    passphrase: str | None = None,
    key_store: KeyStore | None = None,
    passphrase_allowed: bool = True,
    cost: ScryptCost | None = None,
) -> bytes:
    """Make the key of a new home and put it away; the one place where a kept key comes into being.

    With a ``passphrase`` the key is sealed in a file of the home, without one it goes into ``key_store`` (the system's
    own by default). ``database`` is the file the key is for: where it exists already, no key is made. Where an
    interrupted set-up made the key but not the database, that key is opened, as by :func:`open_key`, and returned.

    Raises :class:`KnownError` when the database exists, :class:`PassphraseNotAllowed`, and what the key store raises.
    """
    if database.exists():
        raise KnownError(f"{database} exists already: this home is set up, and its key is never replaced.")
    if key_record(home) is not None:
        return open_key(home, passphrase=passphrase, key_store=key_store)
    key = new_key()
    # A fresh id for each attempt names the entry or file, so no attempt overwrites the key of another: neither a write
    # that a slow key store completes late, nor a set-up in a folder whose key.json and database were moved away.
    home_id = uuid4()
    if passphrase is None:
        kept_in = key_store or system_key_store()
        _put(kept_in, home_id, key, passphrase_allowed)
        sealed_by = kept_in.name
    else:
        if not passphrase_allowed:
            raise PassphraseNotAllowed(
                "The settings of this workstation do not allow a key sealed under a passphrase. "
                "Use the key store of the computer, or ask the administrator."
            )
        check_new_passphrase(passphrase)
        seal_key(_sealed_file(home, home_id), key, passphrase, home_id, cost=cost)
        sealed_by = PASSPHRASE
    record = KeyRecord(_FORMAT, _VERSION, home_id, sealed_by, check_value(key, home_id))
    write_private(home / RECORD, record.text(), replace=False)
    return key


def open_key(home: Path, *, passphrase: str | None = None, key_store: KeyStore | None = None) -> bytes:
    """The key of the home's database, from where it was put and from nowhere else.

    Raises :class:`NoKeyRecord`, :class:`KeyRecordDamaged`, :class:`KeyKeptElsewhere`, :class:`KeyMissing`,
    :class:`WrongKey`, :class:`PassphraseNeeded`, and what the key store or the sealed file raises. Nothing is changed.
    """
    record = key_record(home)
    if record is None:
        raise NoKeyRecord(
            f"{home / RECORD} is not there: this home was never set up, or the file was removed. "
            "Set the console up for a new home; for an old one restore the file from a backup."
        )
    if record.sealed_by == PASSPHRASE:
        key = _unsealed(home, record, passphrase)
    else:
        key = _fetched(record, key_store or system_key_store())
    if not hmac.compare_digest(check_value(key, record.home), record.check):
        raise WrongKey(
            f"What is kept as the key of {home} is the key of another database. The database is untouched. "
            f"Restore {RECORD} and the key from the same backup."
        )
    return key


def opens_unasked(home: Path, passphrase: str | None = None) -> bool:
    """Whether ``home`` was set up and its key needs no passphrase, or this one. Opening it may still fail."""
    try:
        record = key_record(home)
    except KnownError:
        return False
    return record is not None and (record.sealed_by != PASSPHRASE or passphrase is not None)


def needs_passphrase(home: Path, key_store: KeyStore | None = None) -> bool:
    """Whether setting up ``home`` needs a passphrase: nothing else on this computer could keep the key.

    Only a key store that is absent says so. One that is locked, slow or broken is no reason: whoever sets up hears of
    that then, and a key is never kept in a lesser place because the better one did not answer.
    """
    record = key_record(home)
    if record is not None:  # a set-up that was cut off half-way goes on with the key that it made
        return record.sealed_by == PASSPHRASE
    try:
        (key_store or system_key_store()).probe()
    except KeyStoreAbsent:
        return True
    except KnownError:
        return False
    return False


def _put(key_store: KeyStore, home: UUID, key: bytes, passphrase_allowed: bool) -> None:
    try:
        key_store.put(_entry(home), key)
    except KeyStoreAbsent as error:
        if not passphrase_allowed:
            raise
        raise KeyStoreAbsent(
            f"{error.message} Start one, or give a passphrase (in {PASSPHRASE_VARIABLE}) under which the key is sealed "
            "in a file.",
            detail=error.detail,
        ) from error


def _unsealed(home: Path, record: KeyRecord, passphrase: str | None) -> bytes:
    if passphrase is None:
        raise PassphraseNeeded(
            f"The key of {home} is sealed under a passphrase. Put it into the environment variable "
            f"{PASSPHRASE_VARIABLE}, or start the desktop, which asks for it."
        )
    path = record.sealed_file(home)
    key = open_sealed_key(path, passphrase, record.home)
    if key is None:
        raise KeyMissing(
            f"{path} is missing: it holds the key of the database. Restore it from a backup. "
            "The database is untouched, and no new key was made."
        )
    return key


def _fetched(record: KeyRecord, key_store: KeyStore) -> bytes:
    if record.sealed_by != key_store.name:
        raise KeyKeptElsewhere(
            f"The key of this home was put into “{record.sealed_by}”, but the key store here is “{key_store.name}”. "
            "Open the home where it was set up, or restore that key store; the key is not looked for elsewhere."
        )
    key = key_store.get(record.entry())
    if key is None:
        raise KeyMissing(
            f"The key of the database is missing: {key_store.title} has no entry “{record.entry()}”. "
            "Sign in to the computer as the person who set the console up, or restore that entry from a backup. "
            "The database is untouched, and no new key was made."
        )
    return key


def _entry(home: UUID) -> str:
    return f"Clinician Console {home}"


def _sealed_file(folder: Path, home: UUID) -> Path:
    return folder / f"sealed-key-{home}.json"


def _damaged(path: Path) -> KeyRecordDamaged:
    return KeyRecordDamaged(f"{path} is truncated or was changed. Restore it from a backup; the database is untouched.")
