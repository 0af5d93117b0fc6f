"""The key store of the operating system: where the database key is kept.

Which library backend is used is decided here and nowhere else. Left to itself, ``keyring`` obeys
``PYTHON_KEYRING_BACKEND``, ``keyringrc.cfg`` and whatever plug-in is installed, and so may keep a key in a plain file
or throw it away while saying it was stored. This module never asks ``keyring`` for its choice.

Every call runs in a thread of its own under a time limit: an unlock prompt that nobody sees would otherwise hold the
program forever. ``keyring`` is imported on first use, because few starts of the program need to pay for it early.
"""

import hmac
import sys
import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import TYPE_CHECKING

from console.errors import KnownError
from console.off_gui import refuse_on_gui_thread

if TYPE_CHECKING:
    from keyring.backend import KeyringBackend

TIME_LIMIT = 20.0
"""Seconds a person has to answer the unlock prompt of the key store."""

_USER = "database key"


class KeyStoreLocked(KnownError):
    """The key store is there but was not unlocked."""


class KeyStoreAbsent(KnownError):
    """There is no key store this program may use."""


class KeyStoreTimedOut(KnownError):
    """The key store did not answer in time."""


class KeyStoreFailed(KnownError):
    """The key store answered with an error, or with something that is not what was stored."""


class KeyStore:
    """Reads and writes secrets in one key store.

    ``name`` is what the home remembers about where its key is; ``title`` begins a sentence. ``backend`` makes the
    library object; it is called in the worker thread and raises ``NoKeyringError`` where this key store cannot work.
    """

    def __init__(
        self, name: str, title: str, backend: "Callable[[], KeyringBackend]", *, time_limit: float = TIME_LIMIT
    ) -> None:
        self.name = name
        self.title = title
        self._backend = backend
        self._time_limit = time_limit

    def put(self, entry: str, secret: bytes) -> None:
        """Store ``secret`` under ``entry`` and read it back.

        Raises :class:`KeyStoreLocked`, :class:`KeyStoreAbsent`, :class:`KeyStoreTimedOut` or :class:`KeyStoreFailed`.
        After a time-out the secret may still be stored later, so use a fresh ``entry`` for the next attempt.
        """
        text = secret.hex()

        def store(backend: "KeyringBackend") -> str | None:
            backend.set_password(entry, _USER, text)
            return backend.get_password(entry, _USER)

        read_back = self._ask(store)
        if read_back is None or not hmac.compare_digest(read_back, text):
            raise KeyStoreFailed(
                f"{self.title} said it stored the key but does not give it back. Nothing was set up. "
                "Repair the key store of this computer, then try again."
            )

    def get(self, entry: str) -> bytes | None:
        """The secret under ``entry``, or ``None`` when there is none.

        Raises :class:`KeyStoreLocked`, :class:`KeyStoreAbsent`, :class:`KeyStoreTimedOut` or :class:`KeyStoreFailed`.
        """
        text = self._ask(lambda backend: backend.get_password(entry, _USER))
        if text is None:
            return None
        try:
            return bytes.fromhex(text)
        except ValueError:
            # not chained: the error and its cause would carry the stored text into a report
            raise KeyStoreFailed(
                f"The entry “{entry}” in {self.title} was changed and is no key any more. "
                "Restore that entry from a backup of this computer."
            ) from None

    def probe(self) -> None:
        """Return when the key store can be read now; raise as :meth:`get` does when not."""
        self.get("Clinician Console probe")

    def _ask(self, question: "Callable[[KeyringBackend], str | None]") -> str | None:
        refuse_on_gui_thread("key store")
        answer: Future[str | None] = Future()

        def work() -> None:
            try:
                answer.set_result(question(self._backend()))
            except BaseException as error:  # noqa: BLE001 - carried to the caller, who raises it
                answer.set_exception(error)

        # A daemon: a prompt that is never answered must not keep the program from ending.
        threading.Thread(target=work, name="key store", daemon=True).start()
        try:
            problem = answer.exception(self._time_limit)
        except TimeoutError:
            raise KeyStoreTimedOut(
                f"{self.title} did not answer within {self._time_limit:g} seconds. "
                "Look for its unlock window, unlock it, then try again."
            ) from None
        if problem is None:
            return answer.result()
        if not isinstance(problem, Exception):
            raise problem
        raise self._explained(problem) from problem

    def _explained(self, problem: Exception) -> KnownError:
        from keyring.errors import InitError, KeyringLocked, NoKeyringError

        locked: tuple[type[Exception], ...] = (KeyringLocked, InitError)
        absent: tuple[type[Exception], ...] = (NoKeyringError,)
        if sys.platform == "linux":
            from secretstorage import exceptions

            locked += (exceptions.LockedException, exceptions.PromptDismissedException)
            absent += (exceptions.SecretServiceNotAvailableException,)
        kind = type(problem).__name__  # never its text: a library may quote the secret
        if isinstance(problem, locked):
            return KeyStoreLocked(
                f"{self.title} is locked, or its unlock window was closed. Unlock it, then try again.", detail=kind
            )
        if isinstance(problem, absent):
            return KeyStoreAbsent(f"{self.title} is not available here.", detail=kind)
        return KeyStoreFailed(
            f"{self.title} failed ({kind}). Repair the key store of this computer, then try again.", detail=kind
        )


def system_key_store(*, platform: str = sys.platform, time_limit: float = TIME_LIMIT) -> KeyStore:
    """The one key store allowed on this kind of computer. Nothing is contacted yet.

    Raises :class:`KeyStoreAbsent` on a system for which none is allowed.
    """
    allowed: dict[str, tuple[str, str, Callable[[], KeyringBackend]]] = {
        "linux": ("secret-service", "The key store of this computer (Secret Service)", _secret_service),
        "win32": ("windows-credential-manager", "The Windows Credential Manager", _credential_manager),
        "darwin": ("macos-keychain", "The macOS keychain", _keychain),
    }
    if platform not in allowed:
        raise KeyStoreAbsent(f"There is no supported key store on this system ({platform}).")
    name, title, backend = allowed[platform]
    return KeyStore(name, title, backend, time_limit=time_limit)


def _plain(backend: "type[KeyringBackend]") -> "KeyringBackend":
    """The backend as its authors ship it.

    Its constructor obeys ``KEYRING_PROPERTY_*`` variables, which could point it at a collection that is kept in
    memory only; what they set is removed.
    """
    from keyring.errors import NoKeyringError

    try:
        _ = backend.priority  # raises where this backend cannot work
    except (RuntimeError, OSError) as error:  # OSError: the address of a bus that is gone
        raise NoKeyringError(str(error)) from error
    made = backend()
    vars(made).clear()
    return made


def _secret_service() -> "KeyringBackend":
    from keyring.backends.SecretService import Keyring

    return _plain(Keyring)


def _credential_manager() -> "KeyringBackend":
    from keyring.backends.Windows import WinVaultKeyring

    made = _plain(WinVaultKeyring)
    # The database stays on this computer, so its key must not roam to others with the person's profile.
    made.persist = "local machine"  # type: ignore[attr-defined]
    return made


def _keychain() -> "KeyringBackend":
    from keyring.backends.macOS import Keyring

    made = _plain(Keyring)
    made.keychain = None  # type: ignore[attr-defined] # the class takes KEYCHAIN_PATH from the environment
    return made
