"""Founding a center, adding people, signing in."""

from collections.abc import Callable, Mapping
from uuid import UUID

from console.actions import lengths
from console.actions.acting import Act, acting, optional, words
from console.errors import KnownError, NotAllowed, NotFound
from console.models.audit import AuditRecorded
from console.models.center import center_settings, refuse_unfit, refuse_unknown_ladder
from console.models.center_shape import refuse_unclear
from console.models.changes import Changes
from console.models.sign_in import SignIn
from console.models.store import people, subjects
from console.models.store.desk import Desk
from console.models.store.settled import fit_values
from console.models.store.store import Store
from console.security import passwords
from wire.administration import (
    DESK,
    SETTING,
    USER,
    DeskDescribed,
    DeskEnrolled,
    DeskRetired,
    DeskState,
    OrganizationFounded,
    SettingSet,
    UserAdded,
    UserDisabled,
    UserEnabled,
    UserRolesSet,
    UserState,
)
from wire.envelope import micros, uuid7
from wire.journals import Audience, derived_id, user_id
from wire.permissions import Role

FIRST_ROLES = (Role.ADMINISTRATOR, Role.SUPERVISOR)
"""What the first person holds: they can add the others, and flag."""
LONGEST_NAME = 40
LONGEST_DISPLAY_NAME = 80


def new_person(name: str, password: str, display_name: str = "") -> tuple[str, str]:
    """The sign-in name and the display name as they are kept.

    Raises :class:`KnownError` when one of them or the password may not be used. Nothing is changed.
    """
    name = _shown(words(name, "The sign-in name", most=LONGEST_NAME), "The sign-in name")
    shown = display_name.strip() or name
    shown = _shown(words(shown, "The display name", most=LONGEST_DISPLAY_NAME), "The display name")
    if problem := passwords.password_problem(password, name=name):
        raise KnownError(problem)
    return name, shown


def _shown(name: str, what: str) -> str:
    if not name.isprintable():
        raise KnownError(f"{what} holds a character that cannot be shown. Use letters, digits, spaces and marks.")
    return name


def found(desk: Desk, name: str, password: str, *, display_name: str = "", desk_code: str = "A") -> SignIn:
    """Make the center and its first administrator in a store that has neither; returns their sign-in.

    The first person's right to do so is that there is nobody yet. Raises :class:`KnownError` for a store in use.
    """
    name, shown = new_person(name, password, display_name)
    in_use = f"{desk.store.home} is set up already. Sign in as an administrator to add people."
    if is_founded(desk.store):
        raise KnownError(in_use)
    verifier = passwords.hash_password(password, name=name)
    first = SignIn(user_id(desk.center, name), name, shown, frozenset(FIRST_ROLES))
    with acting(desk, first) as act:
        if people.every(act.connection):
            raise KnownError(in_use)
        now = act.now
        act.add(
            derived_id("organization", desk.center),
            OrganizationFounded(now, desk.center_name, desk.center, desk.provider, desk.zone_name),
        )
        act.add(first.user, UserAdded(now, name, first.display_name, FIRST_ROLES))
        act.add(desk.enrolment, DeskEnrolled(now, desk_code, (Audience.OPERATIONS, Audience.CLINICAL)))
        people.keep_verifier(act.connection, first.user, verifier, micros(now))
    return first


def add_person(
    desk: Desk, sign_in: SignIn, name: str, password: str, roles: tuple[Role, ...], display_name: str = ""
) -> tuple[UUID, Changes]:
    """Add a person with their first password. Returns their id."""
    sign_in.require_write(UserAdded.KIND)
    name, shown = new_person(name, password, display_name)
    if not roles:
        raise KnownError("Choose at least one role.")
    verifier = passwords.hash_password(password, name=name)
    user = user_id(desk.center, name)
    with acting(desk, sign_in) as act:
        if act.exists(USER, user):
            raise KnownError(f"There is already a person with the sign-in name {name}.")
        act.add(user, UserAdded(act.now, name, shown, tuple(sorted(set(roles)))))
        people.keep_verifier(act.connection, user, verifier, micros(act.now))
    return user, act.changes


def set_roles(desk: Desk, sign_in: SignIn, user: UUID, roles: tuple[Role, ...]) -> Changes:
    """Say which roles a person holds from now on; the last administrator stays one."""
    with acting(desk, sign_in) as act:
        _set_roles_within(act, user, roles)
    return act.changes


def _set_roles_within(act: Act, user: UUID, roles: tuple[Role, ...]) -> None:
    act.state(USER, user, "person")
    _refuse_roles(people.every(act.connection), user, roles)
    act.add(user, UserRolesSet(act.now, tuple(sorted(set(roles)))))


def _refuse_roles(everyone: Mapping[UUID, UserState], user: UUID, roles: tuple[Role, ...]) -> None:
    if not roles:
        raise KnownError("Choose at least one role.")
    if Role.ADMINISTRATOR not in roles:
        _refuse_last_administrator(everyone, user)


def set_enabled(desk: Desk, sign_in: SignIn, user: UUID, enabled: bool) -> Changes:
    """Let a person sign in, or no longer; the last administrator stays."""
    with acting(desk, sign_in) as act:
        state: UserState = act.state(USER, user, "person")
        if state.disabled == (not enabled):
            return act.changes
        if not enabled:
            _refuse_last_administrator(people.every(act.connection), user)
        act.add(user, UserEnabled(act.now) if enabled else UserDisabled(act.now))
    return act.changes


Tell = Callable[[UUID, str, int], None]
"""Has a server keep a person's new verifier, of that time in microseconds, for all desks; raises where it did not."""


def set_password(
    desk: Desk,
    sign_in: SignIn,
    user: UUID,
    password: str,
    tell: Tell | None = None,
    roles: tuple[Role, ...] | None = None,
) -> Changes:
    """Change a password: a person their own, an administrator anyone's. That it was changed is audited.

    With ``roles`` these are set in the same act. ``tell`` comes first: what it raises leaves everything here as it was,
    and it is not called where something else stands in the way.
    """
    if user != sign_in.user:
        sign_in.require_write(UserAdded.KIND)
    with desk.store.read() as connection:
        everyone = people.every(connection)
    known = everyone.get(user)
    if known is None:
        raise NotFound("This person is not known here.")
    if roles is not None:
        sign_in.require_write(UserRolesSet.KIND)
        _refuse_roles(everyone, user, roles)
    verifier = passwords.hash_password(password, name=known.name)
    if tell is not None:
        with desk.store.read() as connection:
            now = people.as_recorded(connection, sign_in)
        if user != now.user:
            now.require_write(UserAdded.KIND)
        tell(user, verifier, micros(desk.clock.now()))
    with acting(desk, sign_in) as act:
        if user != act.sign_in.user:
            act.require_write(UserAdded.KIND)
        if roles is not None:
            _set_roles_within(act, user, roles)
        act.add(uuid7(), AuditRecorded(act.now, "password.set", "done", user))
        people.keep_verifier(act.connection, user, verifier, micros(act.now))
    return act.changes


def change_own_password(desk: Desk, sign_in: SignIn, old: str, new: str, tell: Tell | None = None) -> Changes:
    """Change one's own password. Raises :class:`NotAllowed` when ``old`` is not the one that is valid now."""
    with desk.store.read() as connection:
        verifier = people.verifier(connection, sign_in.user)
    if not passwords.verify_password(verifier or None, old).ok:
        raise NotAllowed("This is not your password as it is now. Nothing was changed.")
    return set_password(desk, sign_in, sign_in.user, new, tell)


def sign_in(desk: Desk, name: str, password: str, verifier: str = "") -> SignIn:
    """Who this is. Raises :class:`NotAllowed` with the same words whatever was wrong.

    ``verifier`` is the one a server gave for this person just now; by default the one kept here counts.
    """
    user = user_id(desk.center, name.strip())
    with desk.store.read() as connection:
        known = people.every(connection).get(user)
        verifier = verifier or people.verifier(connection, user)
    checked = passwords.verify_password(verifier or None, password)
    if known is None or known.disabled or not checked.ok:
        raise NotAllowed("This name and password do not go together here.")
    if checked.rehash:
        with desk.store.write() as transaction:
            people.keep_verifier(transaction.connection, user, checked.rehash, micros(desk.clock.now()))
    return SignIn(user, known.name, known.display_name, frozenset(known.roles))


def describe_desk(desk: Desk, sign_in: SignIn, label: str, callback: str) -> Changes:
    """Say where this desk is and the number responders can call back. Each is one short line."""
    label = _shown(optional(label, "Where this desk is", most=lengths.DESK), "Where this desk is")
    callback = _shown(optional(callback, "The call-back number", most=lengths.CALLBACK), "The call-back number")
    with acting(desk, sign_in) as act:
        act.add(desk.enrolment, DeskDescribed(act.now, label, callback))
    return act.changes


def retire_desk(desk: Desk, sign_in: SignIn, which: UUID) -> Changes:
    """Say that a desk is the center's no more: a server ends what it may do there. What was entered at it stays.

    Raises :class:`KnownError` for the desk this is done at.
    """
    with acting(desk, sign_in) as act:
        act.require_write(DeskRetired.KIND)
        state: DeskState = act.state(DESK, which, "desk")
        if which == desk.enrolment:
            raise KnownError("This is the desk you sit at. Retire it at another one.")
        if not state.retired:
            act.add(which, DeskRetired(act.now))
    return act.changes


def set_settings(desk: Desk, sign_in: SignIn, values: Mapping[str, object]) -> Changes:
    """Replace several of the center's settings, each whole, all or none; those that say what they said make no entry.

    Raises :class:`KnownError` for what could not be read again or worked with.
    """
    sign_in.require_write(SettingSet.KIND)
    with acting(desk, sign_in) as act:
        for name, value in values.items():
            refuse_unclear(desk.defaults, name, value)
        fit = fit_values(act.connection, desk.defaults)
        center = center_settings(desk.defaults, {**fit, **values})
        refuse_unfit(center)
        refuse_unknown_ladder(center)
        kept = {each.name: each.value for each in subjects.every(act.connection, SETTING).values()}
        now = {**desk.defaults, **kept}
        for name, value in values.items():
            if now.get(name) != value:
                act.add(derived_id("setting", desk.center, name), SettingSet(act.now, name, value))
    return act.changes


def _refuse_last_administrator(everyone: Mapping[UUID, UserState], leaving: UUID) -> None:
    others = [
        user
        for user, state in everyone.items()
        if user != leaving and Role.ADMINISTRATOR in state.roles and not state.disabled
    ]
    if not others:
        raise KnownError("This is the last administrator. Make somebody else administrator first.")


def is_founded(store: Store) -> bool:
    """Whether anybody can sign in here yet."""
    with store.read() as connection:
        return bool(people.every(connection))
