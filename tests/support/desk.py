"""A desk on a real encrypted file: a center with people of every role, copied from one that is founded once a run."""

import shutil
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from console.actions.acting import acting
from console.models.aggregates import AGGREGATES
from console.models.call import CallPictured
from console.models.sign_in import SignIn
from console.models.store import subjects
from console.models.store.desk import Desk, shipped_defaults
from console.models.store.engine import DATABASE
from console.models.store.record import columns_of
from console.models.store.store import Store
from console.models.store.tables import SERVICE_SEARCH
from console.settings import resources
from tests.support.clock import FixedClock
from tests.support.entries import CENTER, Author, at, named
from wire.administration import DeskEnrolled, OrganizationFounded, UserAdded
from wire.fold import Aggregate, State
from wire.journals import Audience, derived_id, user_id
from wire.permissions import Role

KEY = bytes(range(32))
"""The key of every store that tests make."""
PROVIDER = "lakeside"

ROLES: Mapping[str, tuple[Role, ...]] = {
    "dispatcher": (Role.DISPATCHER,),
    "second dispatcher": (Role.DISPATCHER,),
    "clinician": (Role.CLINICIAN,),
    "second clinician": (Role.CLINICIAN,),
    "supervisor": (Role.SUPERVISOR,),
    "clinical supervisor": (Role.CLINICAL_SUPERVISOR,),
    "administrator": (Role.ADMINISTRATOR, Role.SUPERVISOR),
    "only administrator": (Role.ADMINISTRATOR,),
    "auditor": (Role.AUDITOR,),
}
"""The people of the test's center, by what they are."""


def person(name: str) -> SignIn:
    """The sign-in of one of :data:`ROLES`."""
    return SignIn(user_id(CENTER, name), name, name.title(), frozenset(ROLES[name]))


def open_desk(home: Path, clock: FixedClock | None = None) -> Desk:
    """The desk of a home made by :func:`found`."""
    return Desk(
        Store.open(home, KEY),
        clock or FixedClock(),
        CENTER,
        "Northside 911",
        PROVIDER,
        "America/Chicago",
        shipped_defaults(resources()),
    )


@cache
def _empty() -> Path:
    home = Path.home() / "empty-store"  # a test run has a home of its own, which goes with it
    Store.create(home, KEY).close()
    return home / DATABASE


@cache
def _founded() -> Path:
    home = empty_home(Path.home() / "founded-store")
    desk = open_desk(home)
    first = person("administrator")
    with acting(desk, first) as act:
        act.add(
            derived_id("organization", CENTER),
            OrganizationFounded(act.now, desk.center_name, CENTER, PROVIDER, desk.zone_name),
        )
        act.add(desk.enrolment, DeskEnrolled(act.now, "A", (Audience.OPERATIONS, Audience.CLINICAL)))
        for name, roles in ROLES.items():
            act.add(person(name).user, UserAdded(act.now, name, name.title(), roles))
    desk.store.close()
    return home / DATABASE


def empty_home(home: Path) -> Path:
    """Put an empty store into ``home``: the same device in each."""
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    shutil.copy(_empty(), home)
    return home


def founded_home(home: Path) -> Path:
    """Put the store of the founded center into ``home``."""
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    shutil.copy(_founded(), home)
    return home


Record = dict[str, list[tuple[Any, ...]]]
"""Every row of a record, by table."""


def found_home_files(home: Path) -> list[Path]:
    """Every file of a home."""
    return sorted(path for path in home.rglob("*") if path.is_file())


@dataclass(frozen=True)
class Cad:
    """A CAD beside the desk, for calls that nobody typed in."""

    desk: Desk

    def call(self, number: str = "26-0001", **facts: Any) -> UUID:
        """A new call; ``facts`` are fields of its picture."""
        call = derived_id("test-call", number)
        self.pictures(call, number=number, **facts)
        return call

    def pictures(self, call: UUID, **facts: Any) -> None:
        """A picture of a call."""
        now = self.desk.clock.now()
        picture: dict[str, Any] = {
            "source": "cad",
            "source_time": now,
            "number": "",
            "type_text": "WELFARE CHECK",
            "reported_at": now,
        }
        self.desk.store.append([Author(center=self.desk.center).derive(call, CallPictured(**(picture | facts)))])


def another_desk(desk: Desk, code: str = "B") -> UUID:
    """A second desk of the center, as a server enters it; its id."""
    other = named("another desk", code)
    entry = Author("server", center=desk.center).derive(other, DeskEnrolled(at(), code, (Audience.OPERATIONS,)))
    desk.store.append([entry])
    return other


def record_of(store: Store) -> Record:
    """The whole record as rows without their handles, list of senseless entries and search words included."""
    found: Record = {}
    with store.read() as connection:
        for name in AGGREGATES:
            columns = ", ".join(f'"{column}"' for column in columns_of(name))
            rows = connection.exec_driver_sql(f'SELECT {columns} FROM "{name}" ORDER BY subject')
            found[name] = [tuple(row) for row in rows]
        listed = connection.exec_driver_sql("SELECT entry, subject, reason FROM senseless ORDER BY entry")
        found["senseless"] = [tuple(row) for row in listed]
        words = connection.exec_driver_sql(
            f"SELECT service.subject, words.name, words.needs, words.words FROM {SERVICE_SEARCH} AS words "
            "LEFT JOIN service ON service.row = words.rowid ORDER BY service.subject"
        )
        found["search"] = [tuple(row) for row in words]
    return found


def entry_count(store: Store) -> int:
    """How many entries the journal holds."""
    with store.read() as connection:
        return int(connection.exec_driver_sql("SELECT count(*) FROM entry").scalar_one())


def folded(store: Store, aggregate: Aggregate[State], subject: UUID) -> State:
    """The state of a subject that the record holds."""
    with store.read() as connection:
        found = subjects.state(connection, aggregate, subject)
    assert found is not None
    assert found.state is not None
    return found.state


# -- fixtures ----------------------------------------------------------------------------------------------------------


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock()


@pytest.fixture
def home(tmp_path: Path) -> Path:
    folder = tmp_path / "home"
    folder.mkdir(mode=0o700)
    return folder


@pytest.fixture
def store(home: Path) -> Iterator[Store]:
    """An empty store."""
    with Store.open(empty_home(home), KEY) as opened:
        yield opened


@pytest.fixture
def desk(home: Path, clock: FixedClock) -> Iterator[Desk]:
    """A desk of the founded center."""
    opened = open_desk(founded_home(home), clock)
    yield opened
    opened.store.close()


@pytest.fixture
def cad(desk: Desk) -> Cad:
    return Cad(desk)


@pytest.fixture
def dispatcher() -> SignIn:
    return person("dispatcher")


@pytest.fixture
def clinician() -> SignIn:
    return person("clinician")


@pytest.fixture
def second_clinician() -> SignIn:
    return person("second clinician")


@pytest.fixture
def supervisor() -> SignIn:
    return person("supervisor")


@pytest.fixture
def administrator() -> SignIn:
    return person("administrator")


@pytest.fixture
def auditor() -> SignIn:
    return person("auditor")


@pytest.fixture
def fresh_home(tmp_path: Path) -> Callable[[], Path]:
    """Makes a new folder with an empty store, as often as it is called."""
    made: list[Path] = []

    def make() -> Path:
        made.append(tmp_path / f"home-{len(made)}")
        return empty_home(made[-1])

    return make
