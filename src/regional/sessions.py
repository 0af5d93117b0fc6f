"""Sessions: a desk signs a challenge with its key and gets a bearer token, known by its hash to every process.

A challenge is a time and a random number under the server's seal, so nothing is stored for somebody who only asks; one
that was used is remembered with the session it opened, and opens no other.

Who may connect changes when an operator revokes a desk or vouches for it anew. A mark that changes with it tells every
process to look at its connections again.
"""

import hashlib
import hmac
import os
import secrets
from typing import Final, NamedTuple
from uuid import UUID

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from regional import enrolments, schema
from regional.access import Member
from regional.clock import Clock
from regional.database import Work
from regional.errors import Rejected
from wire.messages import Challenge, Session, SessionRequest, session_proof

SESSION_SECONDS: Final = 12 * 3_600
CHALLENGE_SECONDS: Final = 60
MOST_SESSIONS: Final = 200
"""Sessions of one desk at a time: it opens one with each connection, and its network may come and go all day."""
_MARK: Final = "enrolments"
_SEAL: Final = 32


def challenge(work: Work, clock: Clock, desk: UUID) -> Challenge:
    """Something to sign. Any desk may ask: only an enrolled one can use it."""
    stamp = clock.now().to_bytes(8, "big") + os.urandom(16)
    return Challenge(stamp + _seal(schema.secret(work), desk, stamp))


def _seal(secret: bytes, desk: UUID, stamp: bytes) -> bytes:
    return hmac.digest(secret, b"challenge\0" + desk.bytes + stamp, "sha256")


def open_session(work: Work, clock: Clock, request: SessionRequest) -> tuple[Session, str]:
    """A session for the desk that signed its challenge, and the center it belongs to. Raises :class:`Rejected`."""
    now = clock.now()
    stamp, seal = request.nonce[:-_SEAL], request.nonce[-_SEAL:]
    if len(stamp) != 24 or not hmac.compare_digest(seal, _seal(schema.secret(work), request.desk, stamp)):
        raise Rejected(403, "This challenge is not this server's. Ask for one first.")
    if not 0 <= now - int.from_bytes(stamp[:8], "big") <= CHALLENGE_SECONDS * 1_000_000:
        raise Rejected(403, "This challenge is too old. Ask for a new one.")
    # Held, so that no session is opened beside a revocation.
    row = work.row("SELECT center, key, revoked_at FROM desk WHERE desk = ?" + work.for_update, (request.desk.bytes,))
    if row is None:
        raise Rejected(403, "This desk is not enrolled here. Join with a code first.")
    center, key, revoked_at = row
    if revoked_at is not None:
        administrator = enrolments.retired_by_administrator(work, center, request.desk)
        who = "An administrator of the center has retired" if administrator else "The server's operator has revoked"
        raise Rejected(403, f"{who} this desk. It may join again with a new code.")
    try:
        Ed25519PublicKey.from_public_bytes(key).verify(
            request.signature, session_proof(request.desk, request.device, request.nonce)
        )
    except (InvalidSignature, ValueError):
        raise Rejected(
            403,
            "The server knows this desk by another key: it joined anew since the server's backup was made, or its home "
            "is an old one. It may join again with a new code.",
        ) from None
    owner = work.row("SELECT center, desk FROM device WHERE device = ?", (request.device.bytes,))
    if owner is not None and (owner[0] != center or owner[1] != request.desk.bytes):
        raise Rejected(403, "Another desk writes under this device: the home was copied. Go on as a new device.")
    work.run(
        "INSERT INTO device (center, device, desk, beginnings) VALUES (?, ?, ?, 0) ON CONFLICT DO NOTHING",
        (center, request.device.bytes, request.desk.bytes),
    )
    work.run("UPDATE desk SET seen_at = ? WHERE center = ? AND desk = ?", (now, center, request.desk.bytes))
    token = new_token(work, now, center, request.desk, request.device, nonce=stamp)
    _end_oldest(work, now, center, request.desk)
    return Session(token, SESSION_SECONDS), center


def new_token(
    work: Work,
    now: int,
    center: str,
    desk: UUID,
    device: UUID,
    *,
    person: UUID | None = None,
    nonce: bytes | None = None,
) -> str:
    """A token of a desk, or of a person at it. Raises :class:`Rejected` when ``nonce`` was used before."""
    secret = secrets.token_urlsafe(32)
    added = work.run(
        "INSERT INTO session (center, hash, desk, device, person, nonce, expires_at) VALUES (?, ?, ?, ?, ?, ?, ?) "
        "ON CONFLICT DO NOTHING",
        (
            center,
            _hash(secret),
            desk.bytes,
            device.bytes,
            person.bytes if person else None,
            nonce,
            now + SESSION_SECONDS * 1_000_000,
        ),
    )
    if not added:
        raise Rejected(403, "This challenge was used already. Ask for a new one.")
    return f"{center.encode().hex()}.{secret}"


def _end_oldest(work: Work, now: int, center: str, desk: UUID) -> None:
    """End the desk's sessions before its newest ones, but for those whose challenge could be used again."""
    used = now + (SESSION_SECONDS - CHALLENGE_SECONDS) * 1_000_000
    ended = work.run(
        "DELETE FROM session WHERE center = ? AND desk = ? AND person IS NULL AND expires_at < ? AND expires_at < "
        "(SELECT min(newest.expires_at) FROM (SELECT expires_at FROM session WHERE center = ? AND desk = ? "
        "AND person IS NULL ORDER BY expires_at DESC LIMIT ?) AS newest)",
        (center, desk.bytes, used, center, desk.bytes, MOST_SESSIONS),
    )
    if ended:
        changed(work)


def forget(work: Work, now: int) -> None:
    """Forget sessions that have ended."""
    work.run("DELETE FROM session WHERE expires_at <= ?", (now,))


def _hash(secret: str) -> bytes:
    return hashlib.sha256(b"regional-server session v1\0" + secret.encode(errors="replace")).digest()


def _split(token: str) -> tuple[str, str]:
    center, _, secret = token.partition(".")
    try:
        return bytes.fromhex(center).decode().replace("\0", ""), secret
    except ValueError:
        return "", secret


class Running(NamedTuple):
    """A session that has not ended: whose it is, and until when it lasts."""

    member: Member
    until: int


def running(work: Work, clock: Clock, token: str) -> Running:
    """The session of a desk with this token. Raises :class:`Rejected`."""
    center, secret = _split(token)
    row = work.row(
        "SELECT s.desk, s.device, d.clinical, v.beginnings, s.expires_at FROM session s "
        "JOIN desk d ON d.center = s.center AND d.desk = s.desk "
        "JOIN device v ON v.center = s.center AND v.device = s.device "
        "WHERE s.center = ? AND s.hash = ? AND s.person IS NULL AND s.expires_at > ?",
        (center, _hash(secret), clock.now()),
    )
    if row is None:
        raise Rejected(401, "There is no session with this token, or it has ended. Open one.")
    return Running(Member(center, UUID(bytes=row[0]), UUID(bytes=row[1]), bool(row[2]), row[3]), row[4])


def mark(work: Work) -> str:
    """What changes whenever sessions were ended, or a desk may read something else."""
    row = work.row("SELECT value FROM server WHERE name = ?", (_MARK,))
    return str(row[0]) if row else ""


def changed(work: Work) -> None:
    """Have every process look again at who is connected to it."""
    work.run(
        "INSERT INTO server (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
        (_MARK, secrets.token_hex(8)),
    )


def end_all(work: Work, center: str, desk: UUID) -> int:
    """End every session of a desk, and of the people who signed in there; returns how many there were."""
    changed(work)
    return work.run("DELETE FROM session WHERE center = ? AND desk = ?", (center, desk.bytes))


def person(work: Work, clock: Clock, desk: Member, token: str) -> UUID | None:
    """Who signed in at this desk with this token, None for nobody."""
    center, secret = _split(token)
    row = work.row(
        "SELECT person FROM session WHERE center = ? AND hash = ? AND desk = ? AND person IS NOT NULL "
        "AND expires_at > ?",
        (center, _hash(secret), desk.desk.bytes, clock.now()),
    )
    return UUID(bytes=row[0]) if row is not None and center == desk.center else None
