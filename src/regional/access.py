"""Which journals an enrolled desk may read and write: by its audience, never by who sits at it."""

from uuid import UUID

import msgspec

from regional.rights import Rights
from wire.journals import REGION_DIRECTORY, Audience, journal_name


class Member(msgspec.Struct, frozen=True):
    """An enrolled desk, as a session knows it. ``beginnings`` are the administration entries it came with."""

    center: str
    desk: UUID
    device: UUID
    clinical: bool
    beginnings: int

    @property
    def audiences(self) -> tuple[Audience, ...]:
        """What the desk is enrolled for."""
        return audiences(self.clinical)


def audiences(clinical: bool) -> tuple[Audience, ...]:
    """The audiences of an operations desk, or of a clinical one."""
    return (Audience.OPERATIONS, Audience.CLINICAL) if clinical else (Audience.OPERATIONS,)


def reads(member: Member, rights: Rights) -> tuple[str, ...]:
    """The journals that the desk may pull, by name."""
    names = [
        journal_name(member.center, Audience.ADMINISTRATION),
        journal_name(member.center, Audience.OPERATIONS),
        REGION_DIRECTORY,
    ]
    if member.clinical and rights.provider:
        names.append(journal_name(rights.provider, Audience.CLINICAL))
    return tuple(names)


def writes(member: Member, rights: Rights) -> tuple[str, ...]:
    """The journals that the desk may push to."""
    return (*reads(member, rights), journal_name(member.center, Audience.AUDIT))
