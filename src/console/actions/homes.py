"""Opening a home: from a folder on disk to a desk that works. The same way for the desktop and for commands."""

import shutil
import tempfile
from pathlib import Path
from zoneinfo import ZoneInfo

import tzlocal

from console.actions import people
from console.actions.stale_drills import FOLDERS, throw_away_stale
from console.clock import Clock
from console.errors import KnownError
from console.models.sign_in import SignIn
from console.models.store import journal, subjects
from console.models.store.desk import Desk, shipped_defaults
from console.models.store.engine import DATABASE
from console.models.store.files import lock_home
from console.models.store.store import Store
from console.security.hardening import prepare_home
from console.security.home_key import create_key, key_record, new_key, open_key
from console.settings import resources
from wire.administration import ORGANIZATION, OrganizationState
from wire.journals import short_name

LONGEST_NAME = 80
"""Characters of an organization's name."""


class NotFounded(KnownError):
    """Nobody has set this home up yet: the desktop shows its wizard, a command names ``setup``."""


def is_new(home: Path) -> bool:
    """Whether nothing was ever set up in ``home``. Raises :class:`KnownError` where it is no folder."""
    if home.exists() and not home.is_dir():
        raise KnownError(f"{home} is not a folder. Name the right one with --home.")
    return not (home / DATABASE).exists() and key_record(home) is None


def holds_nothing(store: Store) -> bool:
    """Whether nothing was ever entered in this store, nor came from a server: nobody can act at the desk."""
    with store.read() as connection:
        return journal.is_empty(connection)


def open_desk(home: Path, clock: Clock, *, passphrase: str | None = None, alone: bool = True) -> Desk:
    """The desk of a home that was set up. With ``alone`` no other process writes it meanwhile.

    Raises :class:`NotFounded` for a home nobody set up, and every :class:`KnownError` of the key and the store.
    """
    store = open_store(home, passphrase=passphrase, alone=alone)
    try:
        return desk_of(store, clock)
    except BaseException:
        store.close()
        raise


def open_store(home: Path, *, passphrase: str | None = None, alone: bool = True) -> Store:
    """The store alone, for what must work even where the record is lost and has to be folded again."""
    if is_new(home):
        raise NotFounded(f"Nothing is set up in {home} yet. Run 'clinician-console setup', or name the right --home.")
    home = prepare_home(home)
    if alone:
        # Looked at first: nobody is asked for a passphrase of a home that another process has open.
        lock_home(home).release()
    store = Store.open(home, open_key(home, passphrase=passphrase), alone=alone)
    try:
        if holds_nothing(store) and not store.shares:
            raise _unfinished(home)
    except BaseException:
        store.close()
        raise
    return store


def found_home(
    home: Path,
    clock: Clock,
    *,
    center_name: str,
    administrator: str,
    password: str,
    display_name: str = "",
    zone_name: str = "",
    provider_name: str = "",
    passphrase: str | None = None,
    passphrase_allowed: bool = True,
) -> tuple[Desk, SignIn]:
    """Make the home, its key, its store, the center and the first administrator.

    A set-up that was cut off half-way is carried on: the key and the store that exist are used.
    """
    # Everything that was typed is looked at before anything is made.
    center = _short(center_name, "The center")
    provider = _short(provider_name, "The provider") if provider_name.strip() else center
    zone = _known_zone(zone_name or system_zone())
    people.new_person(administrator, password, display_name)
    home = prepare_home(home)
    if (home / DATABASE).exists():
        store = Store.open(home, open_key(home, passphrase=passphrase))
    else:
        key = create_key(home, database=home / DATABASE, passphrase=passphrase, passphrase_allowed=passphrase_allowed)
        store = Store.create(home, key)
    try:
        if store.shares:
            raise KnownError(f"{home} has joined a center already. Go on with joining it, or use another home.")
        desk = Desk(
            store,
            clock,
            center,
            center_name.strip(),
            provider,
            zone,
            shipped_defaults(resources()),
        )
        return desk, people.found(desk, administrator, password, display_name=display_name)
    except BaseException:
        store.close()
        raise


def joining_store(home: Path, *, passphrase: str | None = None, passphrase_allowed: bool = True) -> Store:
    """The store of a home that is about to join a server: the one that is there, or a new and empty one."""
    home = prepare_home(home)
    if (home / DATABASE).exists():
        return Store.open(home, open_key(home, passphrase=passphrase))
    key = create_key(home, database=home / DATABASE, passphrase=passphrase, passphrase_allowed=passphrase_allowed)
    return Store.create(home, key)


def drill_desk(clock: Clock, center_name: str, zone_name: str) -> Desk:
    """A desk on a store of its own that is thrown away: in a new folder, with a key that is kept nowhere."""
    throw_away_stale()
    store = _drill_store()
    center = short_name(center_name)
    return Desk(store, clock, center, center_name, center, zone_name, shipped_defaults(resources()), drill=True)


def joining_drill() -> Store:
    """An empty store that is thrown away, for the second desk of a drill: it joins the first one's server."""
    return _drill_store()


def _drill_store() -> Store:
    return Store.create(Path(tempfile.mkdtemp(prefix=FOLDERS)), new_key(), drill=True)


def throw_away(store: Store) -> None:
    """Close a drill's store and remove its folder. Only ever for a drill."""
    if not store.drill:
        raise KnownError("Only a drill's store is ever thrown away.")
    store.close()
    shutil.rmtree(store.home)


def system_zone() -> str:
    """The IANA name of this machine's time zone; UTC where the system does not say."""
    return tzlocal.get_localzone_name() or "UTC"


def _short(name: str, what: str) -> str:
    short = short_name(name)
    if not short:
        raise KnownError(f"{what} needs a name with letters or digits in it.")
    if not name.strip().isprintable() or len(short) > LONGEST_NAME:
        raise KnownError(f"{what} needs a name of one line with at most {LONGEST_NAME} characters.")
    return short


def _known_zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (LookupError, ValueError, OSError) as error:
        raise KnownError(f"'{name}' is no time zone. Write one such as America/Chicago.") from error
    return name


def _unfinished(home: Path) -> NotFounded:
    return NotFounded(f"The set-up of {home} was not finished. Run 'clinician-console setup', or 'sync join', again.")


def desk_of(store: Store, clock: Clock) -> Desk:
    """The desk of an open store; raises :class:`NotFounded` while it knows of no center."""
    with store.read() as connection:
        organizations = list(subjects.every(connection, ORGANIZATION).values())
        drill = store.fact(connection, "drill") == "yes"
    if not organizations:
        if store.shares:
            raise NotFounded(
                f"{store.home} has joined a server, which has not sent the center yet. "
                "Run 'clinician-console sync once' first."
            )
        raise _unfinished(store.home)
    center: OrganizationState = organizations[0]
    return Desk(
        store,
        clock,
        center.short_name,
        center.name,
        center.provider,
        center.time_zone,
        shipped_defaults(resources()),
        drill=drill,
    )
