"""The cast of a drill: invented people at an invented center, on a store that is thrown away."""

from dataclasses import dataclass

from console.actions.acting import acting
from console.errors import BugError
from console.models.sign_in import SignIn
from console.models.store.desk import Desk
from wire.administration import DeskDescribed, DeskEnrolled, OrganizationFounded, UserAdded
from wire.journals import Audience, derived_id, user_id
from wire.permissions import Role

CENTER = "Westside Emergency Communications"
ZONE = "America/Chicago"


@dataclass(frozen=True, slots=True)
class Cast:
    """Who can be played. Nobody in a drill has a password: nobody can sign in to it from outside."""

    clinician: SignIn
    colleague: SignIn
    dispatcher: SignIn
    supervisor: SignIn


def cast(desk: Desk) -> Cast:
    """Found the drill's center with its people and its desk. Only ever on a drill's store."""
    if not desk.drill:
        raise BugError("a drill's people were about to be added to a real center")
    people = members(desk)
    with acting(desk, people.supervisor) as act:
        act.add(
            derived_id("organization", desk.center),
            OrganizationFounded(act.now, desk.center_name, desk.center, desk.provider, desk.zone_name),
        )
        act.add(desk.device, DeskEnrolled(act.now, "D", (Audience.OPERATIONS, Audience.CLINICAL)))
        act.add(desk.device, DeskDescribed(act.now, "Desk 4", "(515) 555-0100 ext 4"))
        for person in (people.supervisor, people.clinician, people.colleague, people.dispatcher):
            roles = tuple(sorted(person.roles))
            act.add(person.user, UserAdded(act.now, person.name, person.display_name, roles))
    return people


def members(desk: Desk) -> Cast:
    """The people whom :func:`cast` adds, who are the same at every desk of a drill."""
    return Cast(
        clinician=_person(desk, "rokafor", "R. Okafor", Role.CLINICIAN),
        colleague=_person(desk, "mreyes", "M. Reyes", Role.CLINICIAN, Role.CLINICAL_SUPERVISOR),
        dispatcher=_person(desk, "dlang", "D. Lang", Role.DISPATCHER),
        supervisor=_person(desk, "swhitfield", "S. Whitfield", Role.ADMINISTRATOR, Role.SUPERVISOR),
    )


def _person(desk: Desk, name: str, display_name: str, *roles: Role) -> SignIn:
    return SignIn(user_id(desk.center, name), name, display_name, frozenset(roles))
