"""What a benchmark puts in the place of this machine's secrets: a key store in a file, and hashing that costs nothing.

Both sit behind the seams where the real ones would be, and the libraries of the real ones are imported as in the
product. Nobody's real key store is asked.
"""

import json
from pathlib import Path
from typing import Any

NAME, PASSWORD = "avery", "a benchmark signs in"


def keep_key_beside(home: Path) -> None:
    """Let this process keep the key of ``home`` in a file beside it instead of the computer's key store."""
    from console.security import home_key
    from console.security.keyring_store import KeyStore

    file = home.with_name(f"{home.name}.keys.json")

    def backend() -> Any:
        from keyring.backends import SecretService  # noqa: F401  (what asking the real one imports)

        return _FileKeyring(file)

    home_key.system_key_store = lambda: KeyStore("benchmark", "The key store of the benchmark", backend)  # type: ignore[attr-defined]


def hash_for_free() -> None:
    """Let this process hash passwords at a cost that is none: what is measured leaves hashing out."""
    from argon2 import Parameters
    from argon2.low_level import ARGON2_VERSION, Type

    from console.security import passwords

    passwords.COST = Parameters(
        type=Type.ID, version=ARGON2_VERSION, salt_len=16, hash_len=32, time_cost=1, memory_cost=8, parallelism=1
    )


class _FileKeyring:
    def __init__(self, file: Path) -> None:
        self._file = file

    def get_password(self, service: str, username: str) -> str | None:
        kept = json.loads(self._file.read_text(encoding="utf-8")) if self._file.exists() else {}
        found: str | None = kept.get(f"{service}/{username}")
        return found

    def set_password(self, service: str, username: str, password: str) -> None:
        self._file.write_text(json.dumps({f"{service}/{username}": password}), encoding="utf-8")
