"""The running desk: what every action and query is handed, beside the sign-in of whoever asks."""

import threading
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import tzinfo
from functools import cached_property
from pathlib import Path
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from console.clock import Clock
from console.models.sign_in import SignIn
from console.models.store import subjects
from console.models.store.settled import Lists
from console.models.store.store import Store
from wire.administration import ORGANIZATION
from wire.journals import Audience, journal_name


class Presence:
    """Who is signed in at this desk now. In memory only: nobody is present after a restart."""

    def __init__(self) -> None:
        self._turn = threading.Lock()
        self._here: dict[UUID, SignIn] = {}

    def arrive(self, sign_in: SignIn) -> None:
        """The person signed in."""
        with self._turn:
            self._here[sign_in.user] = sign_in

    def leave(self, sign_in: SignIn) -> None:
        """The person signed out."""
        with self._turn:
            self._here.pop(sign_in.user, None)

    def clinicians(self) -> frozenset[UUID]:
        """The clinicians who are signed in."""
        with self._turn:
            return frozenset(user for user, who in self._here.items() if who.may("call.claimed"))


@dataclass(eq=False)
class Desk:
    """One workstation at work: its store and clock, the center it belongs to, the lists the center shipped with.

    ``center`` and ``provider`` are the short names that stand in the names of their journals; a server that the desk
    has joined may know another provider, which is the one that counts. So may it another name and time zone of the
    center: see :meth:`follow`.
    """

    store: Store
    clock: Clock
    center: str
    center_name: str
    provider: str
    zone_name: str
    defaults: Mapping[str, Any]
    drill: bool = False
    presence: Presence = field(default_factory=Presence)

    @property
    def device(self) -> UUID:
        """The id this desk's entries carry."""
        return self.store.device

    @property
    def clinical(self) -> bool:
        """Whether this desk may hold a clinical record: all may but those enrolled for operations."""
        return self.store.clinical

    @property
    def enrolment(self) -> UUID:
        """The subject that describes this desk: its code on paper, its label, its call-back number."""
        return self.store.enrolment

    @property
    def zone(self) -> tzinfo:
        """The center's time zone: what every time on a screen or on paper is shown in."""
        return ZoneInfo(self.zone_name)

    def today(self) -> str:
        """The day at the center, in ISO's form."""
        return self.clock.now().astimezone(self.zone).date().isoformat()

    def follow(self) -> None:
        """Go by the center's name and time zone as the store knows them now."""
        with self.store.read() as connection:
            for found in subjects.every(connection, ORGANIZATION).values():
                self.center_name, self.zone_name = found.name, found.time_zone

    @cached_property
    def lists(self) -> Lists:
        """What the center's lists are read by."""
        return Lists(self.defaults)

    def journal(self, audience: Audience) -> str:
        """The journal of this desk's center (or provider) for ``audience``."""
        owner = self.store.provider or self.provider if audience is Audience.CLINICAL else self.center
        return journal_name(owner, audience)


def shipped_defaults(resources: Path) -> Mapping[str, Any]:
    """The lists a new center starts with."""
    with (resources / "center" / "defaults.toml").open("rb") as file:
        return tomllib.load(file)
