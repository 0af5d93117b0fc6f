"""A key store that tests hold in their hands, at the seam where the library's backend would be."""

import threading

from keyring.backend import KeyringBackend

from console.security.keyring_store import KeyStore


class FakeKeyring(KeyringBackend):
    """Keeps entries in a dict; can be told to raise, to forget what it is given, or to wait like an open prompt."""

    priority = 1.0

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.entries: dict[tuple[str, str], str] = {}
        self.failure: Exception | None = None
        self.forgets = False
        self.answers = threading.Event()
        self.answers.set()

    def get_password(self, service: str, username: str) -> str | None:
        self._behave()
        return self.entries.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self._behave()
        if not self.forgets:
            self.entries[(service, username)] = password

    def _behave(self) -> None:
        self.answers.wait()
        if self.failure is not None:
            raise self.failure


def fake_key_store(keyring: FakeKeyring | None = None, *, name: str = "fake", time_limit: float = 20.0) -> KeyStore:
    """A key store of the product over ``keyring`` (a fresh one by default)."""
    held = keyring or FakeKeyring()
    return KeyStore(name, "The key store of the test", lambda: held, time_limit=time_limit)
