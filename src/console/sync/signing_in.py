"""Passwords at more than one desk: the server keeps verifiers, outside all journals, and hands them over at sign-in.

A desk brings the verifiers of people the server has none of. At somebody's first sign-in at another desk the server
checks the password and hands over its verifier, which that desk keeps: from then on they sign in there without it.
"""

import logging

from console.clock import Clock
from console.models.store import people
from console.models.store.store import Store, set_fact
from console.sync.membership import Membership, membership
from wire.envelope import micros
from wire.messages import Verifier

BROUGHT = "verifiers brought"
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


def bring_verifiers(store: Store, member: Membership) -> None:
    """Let the server keep what was changed here since this desk brought it last. Raises :class:`KnownError`."""
    from console.sync.requests import Requests, ServerRefused

    with store.read() as connection:
        told = int(store.fact(connection, BROUGHT) or 0)
        fresh = [each for each in people.verifiers(connection) if each[2] > told]
    if not fresh:
        return
    with Requests(member) as requests:
        token = requests.session(store.enrolment, store.device).token
        for user, verifier, changed_at in fresh:
            try:
                requests.keep_verifier(token, Verifier(user, verifier, changed_at))
            except ServerRefused as refused:
                _log.info("a verifier stays at this desk: answer %d", refused.status)
    with store.write() as transaction:
        set_fact(transaction.connection, BROUGHT, str(max(changed_at for _, _, changed_at in fresh)))
