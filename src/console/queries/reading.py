"""Who reads, as the record has them now: somebody who was disabled meanwhile, or is nobody here, reads nothing."""

from console.models.sign_in import SignIn
from console.models.store import people
from console.models.store.store import Reading
from wire.journals import Audience


def reader(connection: Reading, sign_in: SignIn, audience: Audience) -> SignIn:
    """``sign_in`` with the roles that the record gives the person now.

    Raises NotAllowed for somebody who was disabled or is nobody here, and without the right to read ``audience``.
    """
    now = people.as_recorded(connection, sign_in)
    people.require_read(now, audience, signed_in_as=sign_in)
    return now
