"""Joining a server with a one-time code: looking what it leads to, then belonging to it.

A desk that worked alone brings everything it made. The code names the center: a desk set up under another name is
refused by the server with both names, and an empty home needs no set-up of its own. A desk that has joined joins again
the same way: after it was revoked, for another audience, or where the server has another address.
"""

import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from console.errors import KnownError
from console.models.store import exchange, people, subjects
from console.models.store.journal import last_of_device
from console.models.store.store import Store
from console.sync.membership import Membership, as_text, checked_url, joining_as, membership, new_key
from console.sync.requests import Requests, Untrusted
from wire.administration import DESK, ORGANIZATION
from wire.journals import Audience, journal_name
from wire.messages import Joined, JoinRequest, join_proof


def look(store: Store, url: str, code: str, authority: str = "") -> Joined:
    """What the code leads to; nothing is joined. Raises :class:`KnownError`."""
    found = _ask(store, _candidate(store, url, authority), code, look=True)
    _refuse_clinical(store, found)
    return found


def join(store: Store, url: str, code: str, authority: str = "") -> Joined:
    """Belong to the server from now on: everything this desk made goes up with the next connection.

    Raises :class:`KnownError`; nothing changed then. Joining again with the same code is the same joining.
    """
    member = _candidate(store, url, authority)
    # A server that knows nothing of drills, or a code for less than this desk holds, has let nobody join then.
    _refuse_clinical(store, _ask(store, member, code, look=True))
    with store.write() as transaction:
        exchange.keep_joining(transaction, as_text(member))
    joined = _ask(store, member, code, look=False)
    clinical = Audience.CLINICAL in joined.audiences
    with store.write() as transaction:
        # Once more, of what somebody entered meanwhile: from here on it goes to the other provider, or is refused.
        _refuse_clinical(store, joined)
        exchange.begin(transaction, as_text(member), clinical=clinical, provider=joined.provider)
    return joined


def look_with_file(store: Store, url: str, code: str, authority_file: str) -> Joined:
    """:func:`look`, with the authority's certificate in a file; "" for the system's."""
    with _named(authority_file):
        return look(store, url, code, read_authority(authority_file))


def join_with_file(store: Store, url: str, code: str, authority_file: str) -> Joined:
    """:func:`join`, with the authority's certificate in a file; "" for the system's."""
    with _named(authority_file):
        return join(store, url, code, read_authority(authority_file))


@contextmanager
def _named(authority_file: str) -> Iterator[None]:
    try:
        yield
    except Untrusted as error:
        if not authority_file:
            raise
        raise KnownError(f"{error.message} {authority_file} was named.") from None


def read_authority(file: str) -> str:
    """The certificate in a file, "" for no file. Raises :class:`KnownError`."""
    if not file:
        return ""
    try:
        text = Path(file).expanduser().read_text(encoding="ascii")
        ssl.create_default_context(cadata=text)
    except ssl.SSLError:
        raise KnownError(f"{file} is no certificate in PEM. Name the file of the server's authority.") from None
    except (OSError, UnicodeError) as error:
        why = error.strerror if isinstance(error, OSError) else "it is no PEM file"
        raise KnownError(f"{file} cannot be read as a certificate: {why}.") from None
    return text


def _candidate(store: Store, url: str, authority: str) -> Membership:
    address = checked_url(url)
    with store.read() as connection:
        begun, joined = joining_as(connection), membership(connection)
    if joined and joined.url == address:
        authority = authority or joined.authority  # whom it trusted there before
    member = Membership(address, begun.key if begun else new_key(), authority)
    member.trust()
    return member


def _refuse_clinical(store: Store, found: Joined) -> None:
    """What this desk holds of a clinical record has to have a place at the server."""
    with store.read() as connection:
        owners = exchange.clinical_owners(connection)
    if owners and Audience.CLINICAL not in found.audiences:
        raise KnownError(
            "This code is for an operations desk, and such a desk holds nothing clinical; this one does. Ask for a "
            "code with --audience clinical, or join with an empty home."
        )
    if found.provider and owners - {found.provider}:
        raise KnownError(
            f"The clinicians of {found.center_name} keep their record as {found.provider}; this desk was set up for "
            f"{', '.join(sorted(owners))}, and what it holds would belong to nobody there. Join with an empty home."
        )


def _ask(store: Store, member: Membership, code: str, *, look: bool) -> Joined:
    with store.read() as connection:
        organizations = list(subjects.every(connection, ORGANIZATION).values())
        center = organizations[0].short_name if organizations else ""
        desk = subjects.state(connection, DESK, store.enrolment)
        names: tuple[str, ...] = ()
        beginnings = 0
        if center and not store.shares:  # else its people are the center's already, and it began nothing elsewhere
            names = tuple(sorted(state.name for state in people.every(connection).values()))
            journal = journal_name(center, Audience.ADMINISTRATION)
            beginnings, _ = last_of_device(connection, journal, store.device)
    key = member.public_key()
    request = JoinRequest(
        code=code.strip(),
        desk=store.enrolment,
        device=store.device,
        key=key,
        proof=member.sign(join_proof(code.strip(), store.enrolment, key)),
        center=center,
        desk_code=desk.state.code if desk and desk.state else "",
        people=names,
        administration=beginnings,
        look=look,
        drill=store.drill,
    )
    with Requests(member) as requests:
        joined = requests.join(request)
    if store.drill != joined.drill:
        raise KnownError(
            "A drill shares with a drill's server only: what is invented stays apart."
            if store.drill
            else f"{member.url} is a drill's server, thrown away with the drill. Join the center's own server."
        )
    return joined
