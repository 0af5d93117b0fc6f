"""Who may do what in a center: the fold of its administration journal, kept by the place it was folded to.

Nothing else is folded here. The fold goes on from where it was when the journal has only grown, and starts anew when
the link shows that the journal is another one.
"""

import threading
from typing import TypeVar
from uuid import UUID

from regional import rows
from regional.database import Work
from wire.administration import DESK, ORGANIZATION, USER, DeskState, OrganizationState, UserState
from wire.envelope import Entry
from wire.fold import Aggregate
from wire.journals import Audience, journal_name
from wire.messages import Point
from wire.order import START
from wire.permissions import Role

_AT_ONCE = 2_000
State = TypeVar("State")


class Rights:
    """What one center's administration journal says, up to ``point``."""

    def __init__(self, center: str) -> None:
        self.center = center
        self.journal = journal_name(center, Audience.ADMINISTRATION)
        self.point = Point(0, START)
        self.organization: OrganizationState | None = None
        self.founder: UUID | None = None
        """The device that founded the center."""
        self.users: dict[UUID, UserState] = {}
        self.entered: dict[UUID, UUID] = {}
        """The device that entered each person."""
        self.desks: dict[UUID, DeskState] = {}
        self._once: dict[UUID, frozenset[Role]] = {}
        self._entries: dict[tuple[str, UUID], tuple[Entry, ...]] = {}

    def copy(self) -> "Rights":
        """Another one that can go on without changing this one."""
        other = Rights(self.center)
        other.point, other.organization, other.founder = self.point, self.organization, self.founder
        other.users, other.entered, other.desks = dict(self.users), dict(self.entered), dict(self.desks)
        other._once, other._entries = dict(self._once), dict(self._entries)
        return other

    def add(self, entry: Entry, point: Point) -> None:
        """Take in the next entry of the journal, which stands at ``point``."""
        self.point = point
        kind = entry.kind.partition(".")[0]
        if kind == "user":
            if (user := self._fold(USER, entry)) is not None:
                self.users[entry.subject] = user
                self.entered.setdefault(entry.subject, entry.device)
                self._once[entry.subject] = self._once.get(entry.subject, frozenset()) | set(user.roles)
        elif kind == "desk":
            if (desk := self._fold(DESK, entry)) is not None:
                self.desks[entry.subject] = desk
        elif kind == "organization":
            state = self._fold(ORGANIZATION, entry)
            if self.organization is None and state is not None:
                self.organization, self.founder = state, entry.device

    def _fold(self, aggregate: Aggregate[State], entry: Entry) -> State | None:
        key = (aggregate.name, entry.subject)
        its_entries = self._entries[key] = (*self._entries.get(key, ()), entry)
        return aggregate.fold(its_entries).state

    @property
    def provider(self) -> str:
        """Whose clinical record this center's clinicians keep; "" before the center is founded."""
        return self.organization.provider if self.organization else ""

    def roles(self, person: UUID, *, once: bool = False) -> frozenset[Role]:
        """The roles of a person who is not disabled; with ``once`` every role they ever had, disabled or not."""
        if once:
            return self._once.get(person, frozenset())
        state = self.users.get(person)
        return frozenset() if state is None or state.disabled else frozenset(state.roles)

    def active(self, person: UUID, *, once: bool = False) -> bool:
        """Whether the person is known and not disabled; with ``once`` whether they are known."""
        state = self.users.get(person)
        return state is not None and (once or not state.disabled)


class RightsCache:
    """The rights of the centers this process has to do with. Any thread may ask."""

    def __init__(self) -> None:
        self._turn = threading.Lock()
        self._known: dict[str, Rights] = {}

    def of(self, work: Work, center: str) -> Rights:
        """The rights as they stand in ``work``. Not to be changed: see :meth:`Rights.copy`."""
        journal = journal_name(center, Audience.ADMINISTRATION)
        row = work.row("SELECT head, link FROM journal WHERE journal = ?", (journal,))
        return self.at(work, center, Point(*row) if row else Point(0, START))

    def at(self, work: Work, center: str, point: Point) -> Rights:
        """The rights at ``point``, the end of the administration journal in ``work``."""
        with self._turn:
            known = self._known.get(center)
        if known is not None and known.point == point:
            return known
        rights = known.copy() if known is not None and self._grew(work, known) else Rights(center)
        while rights.point.seq < point.seq:
            read = rows.after(work, rights.journal, rights.point.seq, _AT_ONCE)
            if not read:
                break
            for entry, link in read:
                rights.add(entry, Point(entry.seq or 0, link))
        self.keep(rights)
        return rights

    def keep(self, rights: Rights) -> None:
        """Remember what was folded; only what is committed may be."""
        with self._turn:
            self._known[rights.center] = rights

    def _grew(self, work: Work, known: Rights) -> bool:
        if not known.point.seq:
            return True
        row = work.row("SELECT link FROM entry WHERE journal = ? AND seq = ?", (known.journal, known.point.seq))
        return row is not None and row[0] == known.point.link
