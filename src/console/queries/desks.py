"""The desks of the center, as its administration journal lists them."""

from dataclasses import dataclass
from uuid import UUID

from console.models.sign_in import SignIn
from console.models.store import subjects
from console.models.store.desk import Desk
from console.queries.reading import reader
from wire.administration import DESK
from wire.journals import Audience


@dataclass(frozen=True, slots=True)
class Workstation:
    """One desk. ``label`` is where it is, "" where nobody said; ``here`` is the one that is asked."""

    desk: UUID
    code: str
    label: str
    audiences: tuple[Audience, ...]
    retired: bool
    here: bool

    @property
    def name(self) -> str:
        """Its code, and where it is."""
        return f"{self.code} ({self.label})" if self.label else self.code

    @property
    def says(self) -> str:
        """The desk in a line."""
        what = "clinical" if Audience.CLINICAL in self.audiences else "operations"
        return f"{self.name}: {'retired' if self.retired else what}" + (", this desk" if self.here else "")


def desks(desk: Desk, sign_in: SignIn | None) -> tuple[Workstation, ...]:
    """All desks by their codes, retired ones last. Without a sign-in (a command) they are read as operations."""
    with desk.store.read() as connection:
        if sign_in is not None:
            reader(connection, sign_in, Audience.ADMINISTRATION)
        found = subjects.every(connection, DESK)
    listed = (
        Workstation(each, state.code, state.label, state.audiences, state.retired, each == desk.enrolment)
        for each, state in found.items()
    )
    return tuple(sorted(listed, key=lambda each: (each.retired, len(each.code), each.code)))
