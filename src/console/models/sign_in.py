"""The sign-in: a person at a desk, from password to sign-out, as a value that is handed on."""

from dataclasses import dataclass
from uuid import UUID

from console.errors import NotAllowed
from wire.journals import Audience
from wire.permissions import Role, may_read, may_write


@dataclass(frozen=True, slots=True)
class SignIn:
    """A person at this desk, from password to sign-out. A value that is handed on; nothing keeps it globally."""

    user: UUID
    name: str
    display_name: str
    roles: frozenset[Role]

    def require_write(self, kind: str) -> None:
        """Raise :class:`NotAllowed` unless this person may write entries of ``kind``."""
        if not may_write(self.roles, kind):
            held = ", ".join(sorted(self.roles)) or "no role"
            raise NotAllowed(f"{self.display_name} ({held}) may not do this: {kind}.")

    def require_read(self, audience: Audience) -> None:
        """Raise :class:`NotAllowed` unless this person may read journals of ``audience``."""
        if not may_read(self.roles, audience):
            raise NotAllowed(f"{self.display_name} may not read the {audience.value} record.")

    def may(self, kind: str) -> bool:
        """Whether this person may write entries of ``kind``: what a screen asks before it offers a key."""
        return may_write(self.roles, kind)

    def reads(self, audience: Audience) -> bool:
        """Whether this person may read journals of ``audience``."""
        return may_read(self.roles, audience)
