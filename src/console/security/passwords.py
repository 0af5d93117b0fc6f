"""Passwords of people: what may be one, and the verifier that is kept instead of it.

The verifier is Argon2id (RFC 9106) with that document's second recommended option, for machines with little memory:
64 MiB, three passes, four lanes. What may be a password follows NIST SP 800-63B section 5.1.1: length and a list of
commonly used ones, no rules of composition, no expiry.

A password is used exactly as typed: nothing is trimmed, truncated or normalized. A person who types an accented letter
in a way another keyboard does not will have to type it the same way again.
"""

import unicodedata
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final

from argon2 import Parameters, PasswordHasher
from argon2.exceptions import HashingError, InvalidHashError, VerificationError, VerifyMismatchError
from argon2.profiles import RFC_9106_LOW_MEMORY

from console.errors import KnownError
from console.off_gui import refuse_on_gui_thread
from console.settings import resources

SHORTEST: Final = 8
LONGEST: Final = 1000
"""Characters. Far beyond what anyone types; it bounds the work one attempt can cause."""

COST: Parameters = RFC_9106_LOW_MEMORY
"""The work of one attempt. A verifier made with another cost is renewed at its next successful use."""


@dataclass(frozen=True)
class Verified:
    """Whether the password is right, and a new verifier to keep when the stored one is of another cost."""

    ok: bool
    rehash: str | None = field(default=None, repr=False)


def password_problem(password: str, *, name: str = "") -> str | None:
    """Why ``password`` may not be used, as a sentence for a person, or ``None``. ``name`` is the sign-in name."""
    if len(password) < SHORTEST:
        return f"The password has {len(password)} characters; at least {SHORTEST} are needed. Several words are best."
    if len(password) > LONGEST:
        return f"The password is longer than {LONGEST} characters."
    if _as_bytes(password) is None:
        return "The password holds bytes that are not text. Set it again, in UTF-8."
    if len(set(password)) == 1:
        return "The password is one character repeated, which is among the first things tried. Choose another."
    # Compared without regard to case and to how letters are composed; what is kept stays as typed.
    plain = _compared(password)
    if plain in _common():
        return "This password is on the list of commonly used ones, which are the first tried. Choose another."
    if name and plain == _compared(name):
        return "The password is the sign-in name. Choose another."
    return None


def hash_password(password: str, *, name: str = "") -> str:
    """The verifier to keep for ``password``. Raises :class:`KnownError` when it may not be one."""
    refuse_on_gui_thread("password hashing")
    problem = password_problem(password, name=name)
    if problem is not None:
        raise KnownError(problem)
    return _hash(password.encode())


def verify_password(verifier: str | None, password: str) -> Verified:
    """Whether ``password`` is the one ``verifier`` was made from.

    ``None`` stands for a person there is no verifier for; it takes as long and says no, so that the time taken does
    not tell who exists. Raises :class:`KnownError` when the verifier is not one.
    """
    refuse_on_gui_thread("password hashing")
    typed = _as_bytes(password)
    if verifier is None or typed is None:
        _hash(b"a person who does not exist" if typed is None else typed)
        return Verified(False)
    hasher = PasswordHasher.from_parameters(COST)
    try:
        hasher.verify(verifier, typed)
    except VerifyMismatchError:
        return Verified(False)
    except (InvalidHashError, VerificationError) as error:
        raise KnownError(
            "The stored password of this person cannot be read. An administrator has to set a new one.",
            detail=type(error).__name__,
        ) from error
    return Verified(True, _hash(typed) if hasher.check_needs_rehash(verifier) else None)


def _hash(typed: bytes) -> str:
    try:
        return PasswordHasher.from_parameters(COST).hash(typed)
    except HashingError as error:
        raise KnownError(
            f"Not enough memory to check a password ({COST.memory_cost // 1024} MiB needed). Close other programs."
        ) from error


def _as_bytes(password: str) -> bytes | None:
    try:
        return password.encode()
    except UnicodeEncodeError:  # lone surrogates: bytes of the environment that are not UTF-8
        return None


def _compared(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold().strip()


@lru_cache(maxsize=1)
def _common() -> frozenset[str]:
    lines = (resources() / "passwords" / "common.txt").read_text(encoding="utf-8").splitlines()
    return frozenset(line for line in lines if line and not line.startswith("# "))
