"""The sign-in: a person at a desk, from password to sign-out, as a value that is handed on."""

from dataclasses import dataclass, field
from uuid import UUID

from console.errors import NotAllowed
from console.models.doings import may_not_read, may_not_write
from wire.journals import Audience
from wire.permissions import Role, may_read, may_write


@dataclass(frozen=True, slots=True)
class SignIn:
    """A person at this desk, from password to sign-out. A value that is handed on; nothing keeps it globally."""

    user: UUID
    name: str
    display_name: str
    roles: frozenset[Role]
    token: str = field(default="", repr=False, compare=False)
    """The server's word for who this is, "" where it was not asked or did not answer. In memory only."""

    def require_write(self, kind: str) -> None:
        """Raise :class:`NotAllowed` unless this person may write entries of ``kind``."""
        if not may_write(self.roles, kind):
            raise NotAllowed(may_not_write(self.display_name, kind))

    def require_read(self, audience: Audience) -> None:
        """Raise :class:`NotAllowed` unless this person may read journals of ``audience``."""
        if not may_read(self.roles, audience):
            raise NotAllowed(may_not_read(self.display_name, audience))

    def may(self, kind: str) -> bool:
        """Whether this person may write entries of ``kind``: what a screen asks before it offers a key."""
        return may_write(self.roles, kind)

    def reads(self, audience: Audience) -> bool:
        """Whether this person may read journals of ``audience``."""
        return may_read(self.roles, audience)
