"""Who a desk is: one-time codes made by the operator, joining with one, and being revoked.

A code names its center, so that a person sees what it is for; its secret part is kept as a hash only, and is good once,
for one desk and one key. Using it again for the same desk is the same joining: its answer may have been lost.
"""

import hashlib
import json
import secrets
from typing import Any, Final, NamedTuple
from uuid import UUID

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from regional import sessions
from regional.access import audiences
from regional.clock import Clock
from regional.database import Work
from regional.enrolments import free_code
from regional.errors import Rejected, ServerError
from regional.rights import Rights, RightsCache
from regional.schema import is_drill
from wire.envelope import Entry
from wire.journals import Audience, short_name, user_id
from wire.messages import Joined, JoinRequest, join_proof

CODE_HOURS: Final = 72
LONGEST_NAME: Final = 80
FIRST_CODE: Final = "A"
"""What the desk that founds a center calls itself, as a rule."""
_LETTERS: Final = "ABCDEFGHJKMNPQRSTVWXYZ23456789"
"""What nobody confuses when reading it out."""


class Code(NamedTuple):
    """A code as the operator hands it to a desk, once. ``new_center``: the server knew no center of this name."""

    code: str
    center: str
    audience: Audience
    expires_at: int
    new_center: bool


def make_code(work: Work, clock: Clock, center_name: str, audience: Audience, *, share_provider: bool = False) -> Code:
    """A new code for a desk of the center of this name. Raises :class:`ServerError` for a name that is none."""
    center = short_name(center_name)
    if not center or len(center_name) > LONGEST_NAME or not center_name.isprintable():
        raise ServerError(f"--center: {center_name!r} is no name of a center. Use letters and digits, at most 80.")
    if center == "region":
        raise ServerError("--center: the region is no center. Name the center.")
    if audience not in (Audience.OPERATIONS, Audience.CLINICAL):
        raise ServerError("--audience: a desk is enrolled for operations or clinical.")
    now = clock.now()
    made = work.run(
        "INSERT INTO center (center, name, shares_provider, made_at) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING",
        (center, center_name.strip(), share_provider, now),
    )
    if share_provider:
        work.run("UPDATE center SET shares_provider = ? WHERE center = ?", (True, center))
    secret = "-".join("".join(secrets.choice(_LETTERS) for _ in range(4)) for _ in range(4))
    expires_at = now + CODE_HOURS * 3_600 * 1_000_000
    work.run("DELETE FROM code WHERE center = ? AND expires_at < ?", (center, now - CODE_HOURS * 3_600 * 1_000_000))
    work.run(
        "INSERT INTO code (center, hash, audience, expires_at) VALUES (?, ?, ?, ?)",
        (center, _hash(secret), audience.value, expires_at),
    )
    return Code(f"{center}/{secret}", center, audience, expires_at, made > 0)


def _hash(secret: str) -> bytes:
    plain = "".join(letter for letter in secret.upper() if letter.isalnum())
    return hashlib.sha256(b"regional-server code v1\0" + plain.encode(errors="replace")).digest()


def join(work: Work, cache: RightsCache, clock: Clock, request: JoinRequest) -> Joined:
    """What the code leads to, and, unless the desk only looks, its joining. Raises :class:`Rejected`."""
    _prove(request)
    center, _, secret = request.code.strip().partition("/")
    center = short_name(center)
    row = _code(work, clock, center, secret, request)
    drill = is_drill(work)
    if request.drill and not drill:
        raise Rejected(409, "A drill shares with nobody but a drill's server: what is invented stays apart.")
    if drill and not request.drill:
        raise Rejected(409, "This is a drill's server, thrown away with the drill. Join the center's own server.")
    if request.center and request.center != center:
        raise Rejected(
            409,
            f"This code is for {center}; this desk was set up as {request.center}. Ask for a code for "
            f"{request.center}, or join with an empty home.",
        )
    _refuse_strangers(work, center, request)
    (name,) = work.row("SELECT name FROM center WHERE center = ?", (center,))
    rights = cache.of(work, center)
    clinical = row[0] == Audience.CLINICAL.value
    kept = work.row(
        "SELECT key, code FROM desk WHERE center = ? AND desk = ?" + work.for_update, (center, request.desk.bytes)
    )
    taken = _codes(work, rights, request.desk)
    if rights.organization is None and not request.center:
        taken.add(FIRST_CODE)  # of whoever founds the center
    desk_code = kept[1] if kept else free_code(_shown_code(request), taken)
    joined = Joined(
        center,
        rights.organization.name if rights.organization else name,
        audiences(clinical),
        rights.point.seq == 0,
        _shared(rights, request),
        desk_code,
        drill,
        rights.provider,
    )
    if not request.look:
        _enter(work, clock, center, request, desk_code, clinical, anew=row[2] is None)
        work.run("UPDATE code SET desk = ? WHERE center = ? AND hash = ?", (request.desk.bytes, center, _hash(secret)))
    return joined


def _prove(request: JoinRequest) -> None:
    try:
        key = Ed25519PublicKey.from_public_bytes(request.key)
    except ValueError:
        raise Rejected(400, "The desk's key is no Ed25519 public key.") from None
    try:
        key.verify(request.proof, join_proof(request.code, request.desk, request.key))
    except (InvalidSignature, ValueError):
        raise Rejected(403, "The desk did not prove that it holds its key.") from None


def _code(work: Work, clock: Clock, center: str, secret: str, request: JoinRequest) -> Any:
    row = None
    if center and len(center) <= LONGEST_NAME and "\0" not in center:
        row = work.row(
            "SELECT audience, expires_at, desk FROM code WHERE center = ? AND hash = ?" + work.for_update,
            (center, _hash(secret)),
        )
    if row is not None and row[2] is not None:
        # Used: the ids of desks are no secret, so only whoever holds the key it was used with may ask again.
        kept = work.row("SELECT key FROM desk WHERE center = ? AND desk = ?", (center, request.desk.bytes))
        good = row[2] == request.desk.bytes and kept is not None and kept[0] == request.key
    else:
        good = row is not None and row[1] >= clock.now()
    if not good:
        raise Rejected(403, "This code is not valid, or not any more. Ask the server's operator for another.")
    return row


def _refuse_strangers(work: Work, center: str, request: JoinRequest) -> None:
    """A desk and its device belong to one center, and to one key."""
    for other, key in work.rows("SELECT center, key FROM desk WHERE desk = ?", (request.desk.bytes,)):
        if other != center:
            raise Rejected(409, f"This desk is enrolled for {other}. A desk belongs to one center.")
        if key != request.key and not request.look:
            # The desk lost its key, and the operator vouches for it again with a new code. Whoever has the old one is
            # nobody from now on.
            sessions.end_all(work, center, request.desk)
            work.run("UPDATE desk SET key = ? WHERE center = ? AND desk = ?", (request.key, center, request.desk.bytes))
    for other, desk in work.rows("SELECT center, desk FROM device WHERE device = ?", (request.device.bytes,)):
        if other != center or desk != request.desk.bytes:
            raise Rejected(409, "Another desk writes under this device: the home was copied. Set this desk up anew.")


def _shown_code(request: JoinRequest) -> str:
    return request.desk_code if request.desk_code.isalnum() and len(request.desk_code) <= 4 else ""


def _codes(work: Work, rights: Rights, desk: UUID) -> set[str]:
    """The codes that desks of the center have, but for this one."""
    taken = {state.code for other, state in rights.desks.items() if other != desk}
    listed = work.rows("SELECT desk, code FROM desk WHERE center = ?" + work.for_update, (rights.center,))
    return taken | {code for other, code in listed if other != desk.bytes}


def _shared(rights: Rights, request: JoinRequest) -> tuple[str, ...]:
    return tuple(
        name
        for name in request.people
        if len(name) <= LONGEST_NAME and user_id(rights.center, name.strip()) in rights.users
    )


def _enter(
    work: Work, clock: Clock, center: str, request: JoinRequest, desk_code: str, clinical: bool, *, anew: bool
) -> None:
    now = clock.now()
    sessions.changed(work)
    work.run(
        "INSERT INTO desk (center, desk, key, code, clinical, joined_at, seen_at, program, unsent, shown) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, '', 0, ?) ON CONFLICT (center, desk) DO UPDATE SET clinical = excluded.clinical, "
        "joined_at = CASE WHEN ? THEN excluded.joined_at ELSE desk.joined_at END, revoked_at = NULL",
        (center, request.desk.bytes, request.key, desk_code, clinical, now, now, json.dumps({}), anew),
    )
    work.run(
        "INSERT INTO device (center, device, desk, beginnings) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING",
        (center, request.device.bytes, request.desk.bytes, min(request.administration, 2**63 - 1)),
    )


class Revoked(NamedTuple):
    """A desk that is none of its center's any more. ``sessions`` is how many of it were ended."""

    center: str
    desk: UUID
    code: str
    sessions: int


def revoke(work: Work, clock: Clock, center_name: str, named: str) -> Revoked:
    """End everything a desk, ``named`` by its code or its id, may do here until it joins with a new code.

    What it wrote stays, and other desks may still put it back. Raises :class:`ServerError` when there is no such desk.
    """
    center = short_name(center_name)
    desks = work.rows("SELECT desk, code FROM desk WHERE center = ? ORDER BY code" + work.for_update, (center,))
    if not desks:
        raise ServerError(f"--center: no desk is enrolled for {center_name!r}.")
    found = [
        (UUID(bytes=desk), code) for desk, code in desks if named.casefold() in (code.casefold(), str(UUID(bytes=desk)))
    ]
    if len(found) != 1:
        listed = ", ".join(f"{code} ({UUID(bytes=desk)})" for desk, code in desks)
        raise ServerError(f"--desk: {named!r} names {len(found) or 'none'} of {center}'s desks: {listed}.")
    desk, code = found[0]
    return Revoked(center, desk, code, retire(work, center, desk, clock.now()))


def vouched_since(work: Work, center: str, retired: Entry) -> bool:
    """Whether the desk joined with a code that the operator made after the server itself said that it was revoked.

    Both times are the server's own. A code from before may be in the hands of whoever has the desk.
    """
    (last,) = work.row(
        "SELECT max(expires_at) FROM code WHERE center = ? AND desk = ?", (center, retired.subject.bytes)
    )
    return last is not None and last - CODE_HOURS * 3_600 * 1_000_000 > retired.made_at


def retire(work: Work, center: str, desk: UUID, at: int) -> int:
    """The desk is the center's no more, since ``at``; returns how many sessions were ended."""
    work.run("UPDATE desk SET revoked_at = ? WHERE center = ? AND desk = ?", (at, center, desk.bytes))
    # It could ask again with the code that it used; and one that nobody used yet may be in the same hands.
    work.run("DELETE FROM code WHERE center = ? AND (desk = ? OR desk IS NULL)", (center, desk.bytes))
    return sessions.end_all(work, center, desk)
