"""Password verifiers, kept outside all journals, and the first sign-in of a person at a desk.

Each wrong password for a person at a desk makes the next try there wait longer; the try is counted before the password
is looked at, so that many at once do not slip through. Other desks are held back for a little, and only when several
go wrong for that person: whoever has one desk keeps nobody from signing in at another.
"""

import math
from collections.abc import Collection
from typing import Final
from uuid import UUID

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from argon2.profiles import RFC_9106_LOW_MEMORY

from regional import sessions
from regional.access import Member
from regional.clock import Clock
from regional.database import Work
from regional.errors import Rejected
from regional.rights import Rights, RightsCache
from wire.journals import user_id
from wire.messages import SignedIn, SignInRequest, Verifier
from wire.permissions import Role

FREE_TRIES: Final = 5
LONGEST_WAIT: Final = 300
"""Seconds for which a desk has to wait at most, after many wrong passwords there."""
FREE_DESKS: Final = 4
SHORT_WAIT: Final = 10
"""Seconds between two tries anywhere, once passwords were wrong that often at so many desks."""
FORGOTTEN: Final = 24 * 3_600_000_000
"""Microseconds after which a wrong password does not count any more."""
_LONGEST: Final = 1_000
_WRONG: Final = "This name and password do not go together here."
_hasher = PasswordHasher.from_parameters(RFC_9106_LOW_MEMORY)


def keep_verifier(work: Work, cache: RightsCache, clock: Clock, member: Member, given: Verifier) -> None:
    """Keep a person's verifier. Raises :class:`Rejected`.

    The first is taken from the desk that entered the person, another in its place by the person's own word, either by
    an administrator's. The later word counts, whatever the time is at the desk that gives it.
    """
    try:
        if len(given.verifier) > 500 or not given.verifier.startswith("$argon2id$"):
            raise InvalidHashError
        _hasher.check_needs_rehash(given.verifier)
    except InvalidHashError:
        raise Rejected(400, "This is no verifier of a password.") from None
    rights = cache.of(work, member.center)
    if given.user not in rights.users:
        raise Rejected(404, "This person is not one of the center's people. Send the administration journal first.")
    kept = work.row(
        "SELECT changed_at, verifier FROM verifier WHERE center = ? AND person = ?" + work.for_update,
        (member.center, given.user.bytes),
    )
    if kept is not None and kept[1] == given.verifier:
        return
    who = sessions.person(work, clock, member, given.token)
    by_administrator = who is not None and Role.ADMINISTRATOR in rights.roles(who)
    changed_at = given.changed_at
    if kept is not None:
        if who != given.user and not by_administrator:
            raise Rejected(403, "Only this person, or an administrator, signed in here, may change their password.")
        changed_at = max(changed_at, kept[0] + 1)
    elif not by_administrator and not _entered_here(work, rights, member, given.user):
        raise Rejected(
            403, "The first password of a person comes from the desk that added them, or from an administrator."
        )
    work.run(
        "INSERT INTO verifier (center, person, verifier, changed_at) VALUES (?, ?, ?, ?) ON CONFLICT (center, person) "
        "DO UPDATE SET verifier = excluded.verifier, changed_at = excluded.changed_at",
        (member.center, given.user.bytes, given.verifier, max(-(2**63), min(changed_at, 2**63 - 1))),
    )


def _entered_here(work: Work, rights: Rights, member: Member, person: UUID) -> bool:
    """Whether this desk entered the person, under whichever device it counted then."""
    desk = work.row(
        "SELECT desk FROM device WHERE center = ? AND device = ?", (member.center, rights.entered[person].bytes)
    )
    return desk is not None and desk[0] == member.desk.bytes


def begin(
    work: Work, cache: RightsCache, clock: Clock, member: Member, request: SignInRequest
) -> tuple[UUID, str | None]:
    """Count the try; returns the person and the verifier to compare with, None when there is nobody by this name.

    Raises :class:`Rejected` when this name has to wait at this desk.
    """
    if len(request.name) > _LONGEST or len(request.password) > _LONGEST:
        raise Rejected(403, _WRONG)
    now = clock.now()
    user = user_id(member.center, request.name.strip())
    tries = {
        desk: (failures, min(tried_at, now))  # a clock that was set back holds nobody for longer
        for desk, failures, tried_at in work.rows(
            "SELECT desk, failures, tried_at FROM attempt WHERE center = ? AND person = ? AND tried_at > ? "
            "ORDER BY desk" + work.for_update,
            (member.center, user.bytes, now - FORGOTTEN),
        )
    }
    failures, tried_at = tries.get(member.desk.bytes, (0, 0))
    wait = (max(tried_at + _held(failures), _held_anywhere(tries.values())) - now) / 1_000_000
    if wait > 0:
        raise Rejected(429, f"Too many wrong passwords for this name. Try again in {math.ceil(wait)} s.", wait)
    work.run(
        "INSERT INTO attempt (center, person, desk, failures, tried_at) VALUES (?, ?, ?, ?, ?) "
        "ON CONFLICT (center, person, desk) DO UPDATE SET failures = excluded.failures, tried_at = excluded.tried_at",
        (member.center, user.bytes, member.desk.bytes, min(failures + 1, 1_000), now),
    )
    known = cache.of(work, member.center).active(user)
    kept = work.row("SELECT verifier FROM verifier WHERE center = ? AND person = ?", (member.center, user.bytes))
    return user, kept[0] if known and kept else None


def _held(failures: int) -> int:
    """For how many microseconds a desk is held after so many wrong passwords there."""
    if failures < FREE_TRIES:
        return 0
    return min(LONGEST_WAIT, 1 << min(failures - FREE_TRIES, 10)) * 1_000_000


def _held_anywhere(tries: Collection[tuple[int, int]]) -> int:
    """Until when every desk is held. Many wrong passwords at one desk count no more than the first of them."""
    if sum(min(failures, FREE_TRIES) for failures, _ in tries) < FREE_TRIES * FREE_DESKS:
        return 0
    return max(tried_at for _, tried_at in tries) + SHORT_WAIT * 1_000_000


def forget(work: Work, now: int) -> None:
    """Forget wrong passwords that do not count any more."""
    work.run("DELETE FROM attempt WHERE tried_at <= ?", (now - FORGOTTEN,))


def verify(verifier: str | None, password: str) -> bool:
    """Whether the password is the one the verifier was made from; takes as long when there is none."""
    typed = password.encode(errors="replace")
    if verifier is None:
        _hasher.hash(typed)
        return False
    try:
        return _hasher.verify(verifier, typed)
    except VerificationError:
        return False


def finish(work: Work, clock: Clock, member: Member, user: UUID, verifier: str | None, right: bool) -> SignedIn:
    """The sign-in, when the password was right; raises :class:`Rejected` else."""
    if not right or verifier is None:
        raise Rejected(403, _WRONG)
    work.run(
        "DELETE FROM attempt WHERE center = ? AND person = ? AND desk = ?",
        (member.center, user.bytes, member.desk.bytes),
    )
    token = sessions.new_token(work, clock.now(), member.center, member.desk, member.device, person=user)
    return SignedIn(user, verifier, token, sessions.SESSION_SECONDS)
