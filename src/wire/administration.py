"""Organizations, people, desks and settings: what a center decides about itself.

Their entries are read by every desk and by a server that checks rights, so bodies and folds live where both can use
them. They hold no secret: passwords and keys are kept elsewhere.
"""

from typing import Any, ClassVar

import msgspec
from msgspec.structs import replace

from wire.envelope import Entry
from wire.fold import Aggregate, Body, Moment, Senseless
from wire.journals import Audience
from wire.permissions import Role


class OrganizationFounded(Body, frozen=True):
    """A center comes into being: ``name`` is what people call it, ``short_name`` stands in the names of its journals.

    ``provider`` is the short name of the organization that employs its clinicians and owns their record.
    """

    KIND: ClassVar[str] = "organization.founded"
    at: Moment
    name: str
    short_name: str
    provider: str
    time_zone: str


class UserAdded(Body, frozen=True):
    """A person may sign in. ``name`` is the sign-in name, ``display_name`` what others see."""

    KIND: ClassVar[str] = "user.added"
    at: Moment
    name: str
    display_name: str
    roles: tuple[Role, ...]


class UserRolesSet(Body, frozen=True):
    """The roles a person holds from now on."""

    KIND: ClassVar[str] = "user.roles-set"
    at: Moment
    roles: tuple[Role, ...]


class UserDisabled(Body, frozen=True):
    """The person may no longer sign in; what they did stays theirs."""

    KIND: ClassVar[str] = "user.disabled"
    at: Moment


class UserEnabled(Body, frozen=True):
    """The person may sign in again."""

    KIND: ClassVar[str] = "user.enabled"
    at: Moment


class DeskEnrolled(Body, frozen=True):
    """A workstation belongs to the center. ``code`` is short, printed on paper and never given to another desk."""

    KIND: ClassVar[str] = "desk.enrolled"
    at: Moment
    code: str
    audiences: tuple[Audience, ...]


class DeskDescribed(Body, frozen=True):
    """Where the desk is and how to reach the person at it."""

    KIND: ClassVar[str] = "desk.described"
    at: Moment
    label: str
    callback: str


class DeskRetired(Body, frozen=True):
    """The desk is the center's no more: lost, stolen or given away. What was entered at it stays."""

    KIND: ClassVar[str] = "desk.retired"
    at: Moment


class SettingSet(Body, frozen=True):
    """One of the center's settings, whole: reasons for flags, what can be sent, dispositions, limits, fallback."""

    KIND: ClassVar[str] = "setting.set"
    at: Moment
    name: str
    value: Any


class OrganizationState(msgspec.Struct, frozen=True):
    """A center."""

    name: str
    short_name: str
    provider: str
    time_zone: str


class UserState(msgspec.Struct, frozen=True, omit_defaults=True):
    """A person who can be signed in here."""

    name: str
    display_name: str
    roles: tuple[Role, ...]
    disabled: bool = False


class DeskState(msgspec.Struct, frozen=True, omit_defaults=True):
    """A workstation."""

    code: str
    audiences: tuple[Audience, ...]
    label: str = ""
    callback: str = ""
    retired: bool = False


class SettingState(msgspec.Struct, frozen=True):
    """What a setting says now."""

    name: str
    value: Any


ORGANIZATION: Aggregate[OrganizationState] = Aggregate("organization", Audience.ADMINISTRATION, OrganizationState)
USER: Aggregate[UserState] = Aggregate("user", Audience.ADMINISTRATION, UserState)
DESK: Aggregate[DeskState] = Aggregate("desk", Audience.ADMINISTRATION, DeskState, version=3)
SETTING: Aggregate[SettingState] = Aggregate("setting", Audience.ADMINISTRATION, SettingState)


@ORGANIZATION.step(OrganizationFounded)
def _founded(state: OrganizationState | None, entry: Entry, body: OrganizationFounded) -> OrganizationState:
    if state is not None:
        raise Senseless("the center exists already")
    return OrganizationState(body.name, body.short_name, body.provider, body.time_zone)


@USER.step(UserAdded)
def _added(state: UserState | None, entry: Entry, body: UserAdded) -> UserState:
    if state is not None:
        raise Senseless("the person was added already")
    return UserState(body.name, body.display_name, body.roles)


def _person(state: UserState | None) -> UserState:
    if state is None:
        raise Senseless("the person was never added")
    return state


@USER.step(UserRolesSet)
def _roles_set(state: UserState | None, entry: Entry, body: UserRolesSet) -> UserState:
    return replace(_person(state), roles=body.roles)


@USER.step(UserDisabled)
def _disabled(state: UserState | None, entry: Entry, body: UserDisabled) -> UserState:
    return replace(_person(state), disabled=True)


@USER.step(UserEnabled)
def _enabled(state: UserState | None, entry: Entry, body: UserEnabled) -> UserState:
    return replace(_person(state), disabled=False)


@DESK.step(DeskEnrolled)
def _enrolled(state: DeskState | None, entry: Entry, body: DeskEnrolled) -> DeskState:
    if state is None:
        return DeskState(body.code, body.audiences)
    if entry.n is not None:
        raise Senseless("the desk was enrolled already")
    # The server's own word, which knows for what the desk joined; a desk that set itself up took both to be its own.
    return replace(state, audiences=body.audiences, retired=False)


@DESK.step(DeskDescribed)
def _described(state: DeskState | None, entry: Entry, body: DeskDescribed) -> DeskState:
    if state is None:
        raise Senseless("the desk was never enrolled")
    return replace(state, label=body.label, callback=body.callback)


@DESK.step(DeskRetired)
def _retired(state: DeskState | None, entry: Entry, body: DeskRetired) -> DeskState:
    if state is None:
        raise Senseless("the desk was never enrolled")
    return replace(state, retired=True)


@SETTING.step(SettingSet)
def _set(state: SettingState | None, entry: Entry, body: SettingSet) -> SettingState:
    return SettingState(body.name, body.value)
