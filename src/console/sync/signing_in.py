"""Passwords at more than one desk: the server keeps verifiers, outside all journals, and hands them over at sign-in.

A desk brings the verifiers of people the server has none of. At somebody's first sign-in at another desk the server
checks the password and hands over its verifier, which that desk keeps: from then on they sign in there without it.
"""

import logging
from uuid import UUID

from console.clock import Clock
from console.errors import KnownError
from console.models.store import people
from console.models.store.store import Store, set_fact
from console.sync.membership import Membership, membership
from wire.envelope import micros
from wire.messages import Verifier

BROUGHT = "verifiers brought"
_NOT_KNOWN = 404
"""What the server answers about somebody who is none of the center's people, as far as it knows."""
_log = logging.getLogger(__name__)


def fetch_verifier(store: Store, clock: Clock, name: str, password: str) -> str:
    """The verifier of somebody whose password the server knows, kept from now on where the home is open for writing.

    "" for a desk that works alone, a server that is away, and a name and password that do not go together.
    """
    with store.read() as connection:
        member = membership(connection)
    if member is None:
        return ""
    from console.sync.requests import Requests, ServerAway, ServerRefused  # late: a desk that works alone needs none

    try:
        with Requests(member) as requests:
            token = requests.session(store.enrolment, store.device).token
            found = requests.sign_in(token, name, password)
    except (ServerAway, ServerRefused):
        return ""
    if store.alone:
        with store.write() as transaction:
            people.keep_verifier(transaction.connection, found.user, found.verifier, micros(clock.now()))
    return found.verifier


def own_token(store: Store, name: str, password: str) -> str:
    """The server's word that this is the person, to be shown with their new password; "" for a desk that works alone.

    "" also where the server knows no such password. Raises :class:`KnownError` while the server is away.
    """
    with store.read() as connection:
        member = membership(connection)
    if member is None:
        return ""
    from console.sync.requests import Requests, ServerAway, ServerRefused

    try:
        with Requests(member) as requests:
            return requests.sign_in(requests.session(store.enrolment, store.device).token, name, password).token
    except ServerRefused:
        return ""
    except ServerAway as away:
        raise KnownError(
            "The server keeps your password for all desks, and it cannot be reached now. Nothing was changed: do it "
            "when this desk is live again.",
            detail=away.message,
        ) from None


def tell_own(store: Store, user: UUID, token: str) -> None:
    """Let the server keep the password that a person just gave themselves. Raises :class:`KnownError`."""
    with store.read() as connection:
        member = membership(connection)
        kept = next((each for each in people.verifiers(connection) if each[0] == user), None)
    if member is None or kept is None:
        return
    from console.sync.requests import Requests, ServerAway, ServerRefused

    try:
        with Requests(member) as requests:
            session = requests.session(store.enrolment, store.device).token
            requests.keep_verifier(session, Verifier(user, kept[1], kept[2], token))
    except (ServerAway, ServerRefused) as error:
        raise KnownError(
            "Your password was changed at this desk, and at no other: the server did not take it. Sign out and in, "
            "then change it once more.",
            detail=error.message,
        ) from None


def bring_verifiers(store: Store, member: Membership) -> bool:
    """Let the server keep what was changed here since this desk brought it last. Raises :class:`KnownError`.

    False when the server does not know somebody yet: to be done again once their entry is there.
    """
    from console.sync.requests import Requests, ServerRefused

    with store.read() as connection:
        told = int(store.fact(connection, BROUGHT) or 0)
        fresh = sorted((each for each in people.verifiers(connection) if each[2] > told), key=lambda each: each[2])
    if not fresh:
        return True
    whole = True
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
            told = changed_at
    with store.write() as transaction:
        set_fact(transaction.connection, BROUGHT, str(told))
    return whole
