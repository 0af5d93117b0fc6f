"""How every act is done: check the right, look at the record, append entries, all in one transaction.

An act's entries share one ``act`` id, carry this desk's next counts and extend its chains. If anything is refused,
nothing of the act is stored.
"""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from functools import cached_property
from typing import Any
from uuid import UUID

from msgspec.structs import replace

from console.errors import BugError, KnownError, NotAllowed, NotFound
from console.models.aggregates import aggregate_of
from console.models.center import Center, Choice, DispositionChoice
from console.models.changes import Changes
from console.models.sign_in import SignIn
from console.models.store import horizon, journal, people
from console.models.store.desk import Desk
from console.models.store.transaction import Transaction
from wire.administration import USER
from wire.envelope import Entry, body_digest, chain_value, micros, new_salt, uuid7
from wire.fold import Aggregate, Body
from wire.journals import Audience
from wire.messages import FRAME_LIMIT

NO_CLINICAL = (
    "This desk is enrolled for operations: whoever sits at it, nothing of a clinical record is kept here. "
    "Go on at a clinical desk."
)

MOST_BYTES = FRAME_LIMIT // 8
"""Bytes of the bodies of one act, which a server takes whole or not at all: escaped six-fold they fit a frame."""


class Act:
    """One thing a person does, inside one transaction. Made by :func:`acting`.

    ``sign_in`` holds the roles that the record gives the person now, whatever they were when the person signed in.
    """

    def __init__(self, desk: Desk, sign_in: SignIn, transaction: Transaction) -> None:
        self.desk = desk
        self.sign_in = people.recorded(transaction.connection, transaction.state(USER, sign_in.user), sign_in)
        self._signed_in_as = sign_in
        self.now: datetime = desk.clock.now()
        self.changes = Changes()
        self._transaction = transaction
        self._id = uuid7()
        self._bytes = 0
        self._heads: dict[str, tuple[int, bytes]] = {}

    def state(self, aggregate: Aggregate[Any], subject: UUID, what: str) -> Any:
        """The state of a subject as it stands in this transaction.

        Raises NotAllowed without the right to read it, :class:`NotFound` when there is none, :class:`KnownError` when
        only a newer version understands it.
        """
        people.require_read(self.sign_in, aggregate.audience, signed_in_as=self._signed_in_as)
        folded = self._transaction.state(aggregate, subject)
        if folded is None:
            raise NotFound(horizon.missing(self.connection, subject, what))
        if folded.unread:
            raise KnownError(
                f"This {what} holds {folded.unread} entries that only a newer version of Clinician Console "
                "understands. It can be read here, and changed on an updated desk."
            )
        return folded.state

    def exists(self, aggregate: Aggregate[Any], subject: UUID) -> bool:
        """Whether the subject has a state."""
        return self._transaction.state(aggregate, subject) is not None

    def begin_another(self) -> None:
        """What is added from here on is an act of its own, for a server to take by itself; stored together still."""
        self._id, self._bytes = uuid7(), 0

    def require_write(self, kind: str) -> None:
        """Raise NotAllowed unless the person may write entries of ``kind`` now."""
        if not self.sign_in.may(kind) and self._signed_in_as.may(kind):
            raise NotAllowed(people.ROLES_CHANGED)
        self.sign_in.require_write(kind)

    @cached_property
    def center(self) -> Center:
        """The center's lists as they stand in this transaction."""
        return self.desk.lists.center(self.connection)

    def add(self, subject: UUID, body: Body) -> UUID:
        """Append one entry about ``subject``; returns its id.

        Raises NotAllowed without the right to write it, :class:`KnownError` when it makes no sense as things stand.
        """
        self.require_write(body.KIND)
        aggregate = aggregate_of(body.KIND)
        if aggregate is None:
            raise BugError(f"no aggregate folds {body.KIND}")
        if aggregate.audience is Audience.CLINICAL and not self.desk.clinical:
            raise NotAllowed(NO_CLINICAL)
        name = self.desk.journal(aggregate.audience)
        count, previous = self._heads.get(name) or journal.last_of_device(
            self._transaction.connection, name, self.desk.device
        )
        try:
            text, salt = body.as_json(), new_salt()
        except UnicodeEncodeError:
            raise KnownError("These words hold a character that cannot be stored. Type them again.") from None
        self._bytes += len(text.encode())
        if self._bytes > MOST_BYTES:
            raise KnownError("This is more than can be kept at once. Nothing was saved; keep it in smaller parts.")
        entry = Entry(
            id=uuid7(),
            journal=name,
            kind=body.KIND,
            version=body.VERSION,
            subject=subject,
            act=self._id,
            actor=self.sign_in.user,
            device=self.desk.device,
            n=count + 1,
            made_at=micros(self.now),
            offset=self.desk.store.offset,
            body=text,
            salt=salt,
            digest=body_digest(salt, text),
            chain=None,
        )
        chain = chain_value(previous, entry)
        entry = replace(entry, chain=chain)
        self._heads[name] = (count + 1, chain)
        self.changes |= self._transaction.enter(entry)
        if senseless := self._transaction.senseless.get(entry.id):
            raise KnownError(f"This cannot be done: {senseless}.")
        return entry.id

    @property
    def connection(self) -> Any:
        """The transaction's connection, for the few things that are kept outside the journal."""
        return self._transaction.connection


@contextmanager
def acting(desk: Desk, sign_in: SignIn) -> Iterator[Act]:
    """One act of ``sign_in`` at ``desk``. What it appended is in ``act.changes`` after the block."""
    with desk.store.write() as transaction:
        yield Act(desk, sign_in, transaction)


def words(text: str, what: str, *, most: int) -> str:
    """What a person typed, trimmed; raises :class:`KnownError` when empty or longer than ``most`` characters."""
    text = optional(text, what, most=most)
    if not text:
        raise KnownError(f"{what} is missing. Type it and try again.")
    return text


def optional(text: str, what: str, *, most: int) -> str:
    """What a person typed or left empty, trimmed; raises :class:`KnownError` when longer than ``most`` characters."""
    text = text.strip()
    if len(text) > most:
        raise KnownError(f"{what} has {len(text):,} characters; at most {most:,} fit. Make it shorter.")
    return text


def codes(choices: Iterable[Choice | DispositionChoice]) -> tuple[str, ...]:
    """The codes of one of the center's lists."""
    return tuple(choice.code for choice in choices)


def one_of(code: str, choices: Mapping[str, str] | tuple[str, ...], what: str) -> str:
    """``code`` if it is one of ``choices``; else :class:`KnownError` that lists them."""
    if code not in choices:
        article = "an" if what[0] in "aeiou" else "a"
        raise KnownError(f"{code!r} is not {article} {what}. Known: {', '.join(choices)}.")
    return code
