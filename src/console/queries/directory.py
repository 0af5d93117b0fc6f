"""The directory of community services: what it holds, and what fits a person now."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from console.directory.distance import Place, place_of
from console.directory.rank import Candidate, Hit, Wanted, query_words, rank
from console.errors import NotFound
from console.models.call_fold import CALL
from console.models.sign_in import SignIn
from console.models.store import people, services, subjects
from console.models.store.desk import Desk
from console.models.store.store import Reading
from console.queries.reading import reader
from wire.journals import Audience

MOST_CANDIDATES = 1000
"""How many services are ranked at most. Words that fit more are too few words."""


@dataclass(frozen=True, slots=True)
class NeedOffered:
    """One need that services help with, and how many do."""

    need: str
    services: int


@dataclass(frozen=True, slots=True)
class DirectoryContents:
    """How many services the directory holds that are not closed for good, and what they help with, most offered
    first."""

    services: int
    needs: tuple[NeedOffered, ...]


@dataclass(frozen=True, slots=True)
class Found:
    """What one search found, best first.

    ``closed_hidden`` fit but are closed at ``at`` and were asked not to show. ``more_fit`` is true when more services
    fit than are ranked. ``names`` are those of the people who left local notes.
    """

    wanted: Wanted
    at: datetime
    hits: tuple[Hit, ...]
    closed_hidden: int
    more_fit: bool
    services: int
    names: Mapping[UUID, str]


@dataclass(frozen=True, slots=True)
class CallPlace:
    """The call that a service is looked for: what it is called and where it is; ``at`` is None when nobody knows."""

    call: UUID
    title: str
    place: str
    at: Place | None


def call_place(desk: Desk, sign_in: SignIn, call: UUID) -> CallPlace:
    """Where a call is, for "near". Raises NotFound for a call that is not here, NotAllowed without the right."""
    with desk.store.read() as connection:
        reader(connection, sign_in, Audience.OPERATIONS)
        folded = subjects.state(connection, CALL, call)
    if folded is None or folded.state is None:
        raise NotFound("This call is not known here.")
    picture = folded.state.picture
    if picture is None:
        return CallPlace(call, "", "", None)
    title = " · ".join(filter(None, (picture.number, picture.type_text)))
    return CallPlace(call, title, picture.place, place_of(picture.latitude, picture.longitude))


def contents(desk: Desk, sign_in: SignIn | None) -> DirectoryContents:
    """What the directory holds. Without a sign-in (a command) it is read as operations."""
    with desk.store.read() as connection:
        _require_read(connection, sign_in)
        needs = tuple(NeedOffered(need, offered) for need, offered in services.needs(connection))
        return DirectoryContents(services.count(connection), needs)


def search(desk: Desk, sign_in: SignIn | None, wanted: Wanted, *, at: datetime | None = None, most: int = 200) -> Found:
    """At most ``most`` services that fit, best first; open or closed is told for ``at`` (aware), by default now.

    Every word has to begin a word of the service's own. Without a sign-in (a command) it is read as operations.
    """
    at = at or desk.clock.now()
    with desk.store.read() as connection:
        _require_read(connection, sign_in)
        candidates = list(_candidates(connection, wanted))
        ranked = rank(candidates[:MOST_CANDIDATES], wanted, at, desk_zone=desk.zone_name)
        hits = ranked.hits[:most]
        writers = {note.by for hit in hits for note in hit.notes}
        return Found(
            wanted,
            at,
            hits,
            ranked.closed_hidden,
            len(candidates) > MOST_CANDIDATES or len(ranked.hits) > most,
            services.count(connection),
            {user: people.display_name(connection, user) for user in writers},
        )


def _require_read(connection: Reading, sign_in: SignIn | None) -> None:
    if sign_in is not None:
        reader(connection, sign_in, Audience.DIRECTORY)


def _candidates(connection: Reading, wanted: Wanted) -> Iterator[Candidate]:
    """The services whose words and needs fit, the best by words (or the nearest, or by name) first."""
    words = query_words(wanted.words)
    for service, state, score in services.fitting(connection, words, wanted.needs, wanted.near, MOST_CANDIDATES + 1):
        yield Candidate(service, state.described, score, state.notes)
