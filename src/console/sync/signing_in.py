"""Passwords at more than one desk: the server keeps verifiers, outside all journals, and hands them over at sign-in.

A desk brings the verifiers of people it added and the server has none of. At each sign-in the server is asked first: it
checks the password and hands over its verifier, which the desk keeps for when the server cannot be reached. A password
that is changed goes to the server first, by its word for who changes it.
"""

import logging
from collections.abc import Callable
from dataclasses import replace
from uuid import UUID

from console.clock import Clock
from console.errors import KnownError, NotAllowed
from console.models.sign_in import SignIn
from console.models.store import people
from console.models.store.store import Store, set_fact
from console.sync.membership import Membership, membership
from wire.envelope import micros
from wire.messages import SignedIn, Verifier

BROUGHT = "verifiers brought"
_NOT_KNOWN = 404
"""What the server answers about somebody who is none of the center's people, as far as it knows."""
_NO = 403
_AWAY = (
    "The server keeps the passwords for all desks, and it cannot be reached now. Nothing was changed: do it when this "
    "desk is live again."
)
_NOT_TAKEN = (
    "The server keeps the passwords for all desks, and did not take this change. Nothing was changed: sign out and in "
    "while this desk is live, then do it again."
)
_UNASKED = (
    "The server could not be asked: {why}. By itself this desk does not know this name with this password. Nobody can "
    "be signed in here for the first time, or with a password changed elsewhere, until the server can be asked."
)
"""The same words whatever was wrong: who signed in here before is nobody's business."""
_log = logging.getLogger(__name__)


def ask(store: Store, clock: Clock, name: str, password: str) -> SignedIn | None:
    """The server's word that this is the person; its verifier is kept where the home is open for writing.

    None where it has none: for a desk that works alone, and for somebody who is not known there yet. Raises
    :class:`NotAllowed` when they do not go together there, whatever was right at this desk before,
    :class:`ServerAway` when it cannot be asked, and :class:`ServerRefused` when it does not know this desk.
    """
    with store.read() as connection:
        member = membership(connection)
        kept = {user: (verifier, changed_at) for user, verifier, changed_at in people.verifiers(connection)}
        typed = name.strip().casefold()
        known = next((user for user, each in people.every(connection).items() if each.name.casefold() == typed), None)
    if member is None:
        return None
    from console.sync.requests import ASK_LIMIT, MustWait, Requests, ServerRefused  # late: a desk alone needs none

    with Requests(member, ASK_LIMIT) as requests:
        session = requests.session(store.enrolment, store.device).token
        try:
            if known is not None and known in kept:
                try:  # whose password it has not: of somebody added here, or lost with an older backup
                    requests.keep_verifier(session, Verifier(known, *kept[known]))
                except ServerRefused as refused:
                    if refused.status == _NOT_KNOWN:
                        return None
            found = requests.sign_in(session, name, password)
        except MustWait as wait:
            raise NotAllowed(wait.message) from None
        except ServerRefused as refused:
            if refused.status != _NO:
                raise
            raise NotAllowed("This name and password do not go together here.") from None
    if store.alone and kept.get(found.user, ("",))[0] != found.verifier:
        with store.write() as transaction:
            people.keep_verifier(transaction.connection, found.user, found.verifier, micros(clock.now()))
    return found


def sign_in(store: Store, clock: Clock, name: str, password: str, here: Callable[[str], SignIn]) -> SignIn:
    """Who this is: by the server's word, or by this desk's own where the server has none or cannot be asked.

    ``here`` is the desk's own check by the verifier it is given, "" for the one that is kept here. Raises
    :class:`NotAllowed`, which says so where the server could not be asked.
    """
    if not store.shares:
        return here("")
    from console.sync.requests import ServerAway, ServerRefused

    try:
        found = ask(store, clock, name, password)
    except (ServerAway, ServerRefused) as error:
        _log.info("signing in without the server: %s", type(error).__name__)
        try:
            return here("")
        except NotAllowed:
            raise NotAllowed(_UNASKED.format(why=error.message.rstrip("."))) from None
    return replace(here(found.verifier), token=found.token) if found else here("")


def own_token(store: Store, clock: Clock, name: str, password: str) -> str:
    """The server's word that this is the person, to be shown with their new password; "" where it has none.

    Raises :class:`KnownError` while the server is away, and for a password that is not theirs.
    """
    from console.sync.requests import ServerAway, ServerRefused

    try:
        found = ask(store, clock, name, password)
    except NotAllowed as error:
        raise NotAllowed("This is not your password as it is now. Nothing was changed.", detail=error.message) from None
    except (ServerAway, ServerRefused) as error:
        raise KnownError(_AWAY, detail=error.message) from None
    return found.token if found else ""


def teller(store: Store, token: str) -> Callable[[UUID, str, int], None]:
    """What has the server keep a new password before this desk does, by the word it gave for who changes it.

    Raises :class:`KnownError` when called, for a server that is away or refuses; then nothing is to be changed here.
    A password the server never had is brought later, with its person.
    """

    def tell(user: UUID, verifier: str, changed_at: int) -> None:
        with store.read() as connection:
            member = membership(connection)
        if member is None:
            return
        from console.sync.requests import Requests, ServerAway, ServerRefused

        try:
            with Requests(member) as requests:
                session = requests.session(store.enrolment, store.device).token
                requests.keep_verifier(session, Verifier(user, verifier, changed_at, token))
        except ServerAway as away:
            raise KnownError(_AWAY, detail=away.message) from None
        except ServerRefused as refused:
            if refused.status != _NOT_KNOWN:
                raise KnownError(_NOT_TAKEN, detail=refused.message) from None

    return tell


def bring_verifiers(store: Store, member: Membership) -> bool:
    """Let the server keep what was changed here since this desk brought it last. Raises :class:`KnownError`.

    False when the server does not know somebody yet: to be done again once their entry is there. What it refuses
    because it keeps another password, or because another desk added that person, is not counted as told; it is settled
    when that person signs in here.
    """
    from console.sync.requests import Requests, ServerRefused

    with store.read() as connection:
        told = int(store.fact(connection, BROUGHT) or 0)
        fresh = sorted((each for each in people.verifiers(connection) if each[2] > told), key=lambda each: each[2])
    if not fresh:
        return True
    whole, moving = True, True
    with Requests(member) as requests:
        token = requests.session(store.enrolment, store.device).token
        for user, verifier, changed_at in fresh:
            try:
                requests.keep_verifier(token, Verifier(user, verifier, changed_at))
            except ServerRefused as refused:
                if refused.status == _NOT_KNOWN:
                    whole = False
                    break
                _log.info("a verifier stays at this desk: answer %d", refused.status)
                moving = moving and refused.status != _NO
            if moving:
                told = changed_at
    with store.write() as transaction:
        set_fact(transaction.connection, BROUGHT, str(told))
    return whole
