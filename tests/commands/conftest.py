"""Homes for the commands: one that is set up with people of every role and two calls, and one that is not."""

import shutil
from pathlib import Path

import pytest

from console.actions import flags, people
from console.clock import SystemClock
from console.models.store.desk import Desk, shipped_defaults
from console.models.store.engine import DATABASE
from console.models.store.store import Store
from console.security import passwords
from console.security.home_key import create_key
from console.security.sealed_key import ScryptCost
from console.settings import resources
from tests.commands.program import PASSPHRASE, PASSWORD, Program
from tests.support.passwords import CHEAP
from wire.permissions import Role

PEOPLE = {
    "dispatcher": (Role.DISPATCHER,),
    "clinician": (Role.CLINICIAN,),
    "colleague": (Role.CLINICIAN,),
    "clinical-supervisor": (Role.CLINICAL_SUPERVISOR,),
    "supervisor": (Role.SUPERVISOR,),
    "technician": (Role.ADMINISTRATOR,),
    "auditor": (Role.AUDITOR,),
}
"""Beside the first administrator: everyone who can sign in to the home, all with the same password."""


@pytest.fixture(autouse=True)
def _cheap_passwords(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passwords, "COST", CHEAP)


@pytest.fixture(scope="session")
def founded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The home that every test gets a copy of. Sealing and hashing cost little here."""
    home = tmp_path_factory.mktemp("founded")
    home.chmod(0o700)
    key = create_key(home, database=home / DATABASE, passphrase=PASSPHRASE, cost=ScryptCost(n=2**14))
    store = Store.create(home, key)
    desk = Desk(
        store,
        SystemClock(),
        "northside-911",
        "Northside 911",
        "lakeside-health",
        "America/Chicago",
        shipped_defaults(resources()),
    )
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(passwords, "COST", CHEAP)
        first = people.found(desk, "administrator", PASSWORD, display_name="A. Ames")
        for name, roles in PEOPLE.items():
            people.add_person(desk, first, name, PASSWORD, roles, name.title())
        flags.enter_call(desk, first, "26-0001", "WELFARE CHECK", "412 Alder St", "Neighbor has not seen him for days")
        flags.enter_call(desk, first, "26-0002", "SUICIDAL PERSON", "88 Birch Ave")
    store.close()
    return home


@pytest.fixture
def program(founded: Path, tmp_path: Path) -> Program:
    """The program on a home of its own with :data:`PEOPLE` and the calls 26-0001 and 26-0002."""
    home = tmp_path / "home"
    shutil.copytree(founded, home)
    return Program(home)


@pytest.fixture
def fresh(tmp_path: Path) -> Program:
    """The program on a home that nobody has set up."""
    return Program(tmp_path / "home")
