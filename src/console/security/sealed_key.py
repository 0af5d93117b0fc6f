"""The fallback where there is no key store: the database key in a file, sealed under a passphrase.

The file is JSON so that support staff can see what it is, and binary only where it must be. The key is encrypted with
AES-256-GCM (NIST SP 800-38D) under a key derived from the passphrase by scrypt (RFC 7914); everything else in the file
is authenticated with it. A checksum tells a damaged file from a wrong passphrase, which a cipher alone cannot.
"""

import hashlib
import hmac
import secrets
from pathlib import Path
from typing import Final
from uuid import UUID

import msgspec

from console.errors import KnownError
from console.off_gui import refuse_on_gui_thread
from console.security.private_files import read_private, write_private

FORMAT: Final = "clinician-console-sealed-key"
VERSION: Final = 1
SHORTEST: Final = 8
"""Fewest characters of a new passphrase. Whoever copies the file can try passphrases without limit."""


class WrongPassphrase(KnownError):
    """The passphrase does not open the sealed key."""


class SealedKeyDamaged(KnownError):
    """The sealed key file is truncated, changed, foreign or of another home."""


class ScryptCost(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How hard guessing is: memory used is 128 * n * r bytes."""

    n: int = 2**17
    r: int = 8
    p: int = 1

    def sane(self) -> bool:
        """Neither trivially weak nor more than a workstation can do (1 GiB)."""
        power_of_two = self.n > 0 and self.n & (self.n - 1) == 0
        return power_of_two and self.n >= 2**14 and 8 <= self.r <= 32 and 1 <= self.p <= 8 and self.n * self.r <= 2**23


class _Kind(msgspec.Struct, frozen=True):
    """Enough of any version of the file to say what it is."""

    format: str
    version: int


class _SealedKey(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    format: str
    version: int
    home: UUID
    kdf: str
    cost: ScryptCost
    salt: bytes
    cipher: str
    nonce: bytes
    sealed: bytes
    checksum: bytes

    def header(self) -> bytes:
        """What is authenticated together with the key: all that is not the key."""
        return msgspec.json.encode(msgspec.structs.replace(self, sealed=b"", checksum=b""))

    def summed(self) -> bytes:
        return hashlib.sha256(msgspec.json.encode(msgspec.structs.replace(self, checksum=b""))).digest()

    def text(self) -> bytes:
        return msgspec.json.format(msgspec.json.encode(self), indent=2) + b"\n"


def check_new_passphrase(passphrase: str) -> None:
    """Raise :class:`KnownError` when ``passphrase`` may not seal a key."""
    if len(passphrase) < SHORTEST:
        raise KnownError(
            f"The passphrase has {len(passphrase)} characters; at least {SHORTEST} are needed, several words are best."
        )
    _bytes_of(passphrase)


def seal_key(path: Path, key: bytes, passphrase: str, home: UUID, *, cost: ScryptCost | None = None) -> None:
    """Write ``key`` to ``path``, sealed for ``home`` under ``passphrase``. An existing file is not touched.

    The passphrase is used exactly as typed: no trimming, no change of case, no Unicode normalization.
    Raises :class:`KnownError` for an unusable passphrase and when the file exists or cannot be written.
    """
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    refuse_on_gui_thread("key sealing")
    check_new_passphrase(passphrase)
    open_form = _SealedKey(
        format=FORMAT,
        version=VERSION,
        home=home,
        kdf="scrypt",
        cost=cost or ScryptCost(),
        salt=secrets.token_bytes(16),
        cipher="AES-256-GCM",
        nonce=secrets.token_bytes(12),
        sealed=b"",
        checksum=b"",
    )
    wrapping = _wrapping_key(passphrase, open_form)
    sealed = AESGCM(wrapping).encrypt(open_form.nonce, key, open_form.header())
    whole = msgspec.structs.replace(open_form, sealed=sealed)
    write_private(path, msgspec.structs.replace(whole, checksum=whole.summed()).text(), replace=False)


def open_sealed_key(path: Path, passphrase: str, home: UUID) -> bytes | None:
    """The key that :func:`seal_key` put into ``path``, or ``None`` where there is no such file.

    Raises :class:`WrongPassphrase`, or :class:`SealedKeyDamaged` for anything but a whole sealed key of ``home``.
    """
    from cryptography.exceptions import InvalidTag
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    refuse_on_gui_thread("key sealing")
    data = read_private(path)
    if data is None:
        return None
    form = _parsed(path, data)
    if form.home != home:
        raise SealedKeyDamaged(f"{path} belongs to another home ({form.home}). Restore the file of this home.")
    try:
        return AESGCM(_wrapping_key(passphrase, form)).decrypt(form.nonce, form.sealed, form.header())
    except InvalidTag as error:
        raise WrongPassphrase(f"The passphrase is wrong: it does not open {path}. Try again.") from error


def _parsed(path: Path, data: bytes) -> _SealedKey:
    damaged = SealedKeyDamaged(
        f"{path} is truncated or damaged, or is no sealed key. Restore it from a backup; the database is untouched."
    )
    try:
        kind = msgspec.json.decode(data, type=_Kind)
        if kind.format == FORMAT and kind.version > VERSION:
            raise SealedKeyDamaged(f"{path} was written by a newer version of this program. Install that version.")
        form = msgspec.json.decode(data, type=_SealedKey)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise damaged from error
    as_written = (form.format, form.version, form.kdf, form.cipher) == (FORMAT, VERSION, "scrypt", "AES-256-GCM")
    # The same content in other bytes (spacing, another spelling of base64) was not written by this program.
    same_bytes = hmac.compare_digest(form.text(), data) and hmac.compare_digest(form.summed(), form.checksum)
    sizes = (len(form.salt), len(form.nonce), len(form.sealed)) == (16, 12, 32 + 16)
    if not (as_written and same_bytes and sizes and form.cost.sane()):
        raise damaged
    return form


def _wrapping_key(passphrase: str, form: _SealedKey) -> bytes:
    from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

    try:
        scrypt = Scrypt(salt=form.salt, length=32, n=form.cost.n, r=form.cost.r, p=form.cost.p)
        return scrypt.derive(_bytes_of(passphrase))
    except MemoryError as error:
        needed = 128 * form.cost.n * form.cost.r // 2**20
        raise KnownError(f"Not enough memory to check the passphrase ({needed} MiB needed). Close programs.") from error


def _bytes_of(passphrase: str) -> bytes:
    try:
        return passphrase.encode()
    except UnicodeEncodeError:
        # not chained: that error quotes the passphrase
        raise KnownError("The passphrase holds bytes that are not text. Set it again, in UTF-8.") from None
