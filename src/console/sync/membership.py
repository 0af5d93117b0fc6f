"""What a desk keeps of the server it shares with: its address, the authority that signs for it, and this desk's key.

All of it stands in the encrypted store. The address decides what is allowed: plain http only to this very machine.
"""

import ssl
from functools import lru_cache
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import msgspec

from console.errors import KnownError
from console.models.store.exchange import JOINING, SHARES
from console.models.store.store import Reading, Store
from wire.hosts import is_this_machine

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey


class Membership(msgspec.Struct, frozen=True):
    """Where and as whom this desk shares. ``authority`` is the center's own CA as PEM, "" for the system's."""

    url: str
    key: bytes
    authority: str = ""

    def public_key(self) -> bytes:
        """The half of the desk's key that the server knows."""
        return _ed25519().from_private_bytes(self.key).public_key().public_bytes_raw()

    def sign(self, data: bytes) -> bytes:
        """The desk's Ed25519 signature."""
        return _ed25519().from_private_bytes(self.key).sign(data)

    def trust(self) -> ssl.SSLContext | bool:
        """Whom to believe that it is the server; False for plain http. Raises :class:`KnownError`."""
        return False if self.url.startswith("http://") else _trusting(self.authority)


@lru_cache(maxsize=8)  # reading what the system trusts takes longer than connecting, and every connection asks
def _trusting(authority: str) -> ssl.SSLContext:
    try:
        return ssl.create_default_context(cadata=authority or None)
    except ssl.SSLError:
        raise KnownError("The authority's certificate is no PEM certificate. Name the right file.") from None


def new_key() -> bytes:
    """A new private key for a desk."""
    return _ed25519().generate().private_bytes_raw()


def _ed25519() -> "type[Ed25519PrivateKey]":
    # Late: a desk that works alone asks only whether it does.
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    return Ed25519PrivateKey


def membership(connection: Reading) -> Membership | None:
    """The server this desk shares with, None for a desk that works alone."""
    return _kept(connection, SHARES)


def joining_as(connection: Reading) -> Membership | None:
    """As whom this desk asked to join and has not heard that it did; None when it did not ask."""
    return _kept(connection, JOINING)


def _kept(connection: Reading, name: str) -> Membership | None:
    kept = Store.fact(connection, name)
    return msgspec.json.decode(kept, type=Membership) if kept else None


def as_text(kept: Membership) -> str:
    """What the store keeps of it."""
    return msgspec.json.encode(kept).decode()


def checked_url(url: str) -> str:
    """The address of a server as it is used from then on; raises :class:`KnownError` for one that may not be used."""
    try:
        parts = urlsplit(url.strip())
        host, _ = parts.hostname, parts.port
    except ValueError:
        host, parts = None, urlsplit("")
    if parts.scheme not in ("http", "https") or not host or parts.path.strip("/") or parts.query or parts.username:
        raise KnownError(f"{url!r} is no server address. It looks like https://sync.example.org:8811")
    if parts.scheme == "http" and not is_this_machine(host):
        raise KnownError(
            f"{url} would go over the network unprotected. Use https://, with the certificate file of your own "
            "authority where the center has one."
        )
    return f"{parts.scheme}://{parts.netloc}"
