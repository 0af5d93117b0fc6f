"""The first sign-in of a person at a desk: the server checks the password and hands over its verifier."""

from console.clock import Clock
from console.models.store import people
from console.models.store.store import Store
from console.sync.membership import membership
from console.sync.requests import Requests, ServerAway, ServerRefused
from wire.envelope import micros
from wire.messages import SignedIn


def fetch_verifier(store: Store, clock: Clock, name: str, password: str) -> bool:
    """Keep the verifier of somebody whose password the server knows; whether it did.

    False for a desk that works alone, a server that is away, and a name and password that do not go together.
    """
    with store.read() as connection:
        member = membership(connection)
    if member is None:
        return False
    found: SignedIn
    try:
        with Requests(member) as requests:
            token = requests.session(store.enrolment, store.device).token
            found = requests.sign_in(token, name, password)
    except (ServerAway, ServerRefused):
        return False
    with store.write() as transaction:
        people.keep_verifier(transaction.connection, found.user, found.verifier, micros(clock.now()))
    return True
