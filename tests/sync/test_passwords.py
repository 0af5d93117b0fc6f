"""Passwords at desks that share: the server's word counts first, and a change leaves the desk it was made at."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from console.actions import homes, people
from console.app.opening import Opened, look_at
from console.bridge import passwords
from console.clock import SystemClock
from console.errors import KnownError, NotAllowed
from console.models.store.people import verifier, verifiers
from console.sync.membership import membership
from console.sync.signing_in import BROUGHT, bring_verifiers
from tests.commands.program import PASSPHRASE, PASSWORD, Program
from tests.regional.servers import Server
from wire.permissions import Role

NEW, NEWER = "meadow-gravel-58", "harbor-violet-23"


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    """On the embedded database: what is asked here is the same on either."""
    running = Server(tmp_path / "server")
    yield running
    running.close()


@pytest.fixture
def first(tmp_path: Path, server: Server) -> Program:
    """The center's first desk: boss and dora, who have the same password, have gone up."""
    program = Program(tmp_path / "first")
    words = ("setup", "--center", "Northside", "--administrator", "boss", "--time-zone", "America/Chicago")
    assert program(*words).status == 0
    assert program("users", "add", "dora", "--role", "dispatcher", by="boss").status == 0
    assert program("sync", "join", server.url, server.code("Northside", "operations")).status == 0
    assert program("sync", "once").status == 0
    return program


@pytest.fixture
def second(tmp_path: Path, server: Server, first: Program) -> Program:
    program = Program(tmp_path / "second")
    assert program("sync", "join", server.url, server.code("Northside", "operations")).status == 0
    return program


def signs_in(program: Program, name: str, password: str) -> bool:
    """By a command that only reads."""
    return program("users", "list", by=name, CLINICIAN_CONSOLE_PASSWORD=password).status == 0


@pytest.fixture
def opened(first: Program) -> Iterator[Opened]:
    found = look_at(homes.open_desk(first.home, SystemClock(), passphrase=PASSPHRASE))
    yield found
    found.close()


def test_an_empty_home_that_joined_can_be_acted_in_at_once(second: Program) -> None:
    assert signs_in(second, "dora", PASSWORD)


def test_whom_a_desk_made_alone_has_the_password_of_the_desk_that_adds_them_to_the_center(
    tmp_path: Path, server: Server, first: Program
) -> None:
    late = Program(tmp_path / "late")
    words = ("setup", "--center", "Northside", "--administrator", "boss", "--time-zone", "America/Chicago")
    assert late(*words).status == 0
    for name in ("zoe", "yan"):
        assert late("users", "add", name, "--role", "dispatcher", by="boss").status == 0
    assert late("sync", "join", server.url, server.code("Northside", "clinical")).status == 0
    assert late("sync", "once").status == 0
    new = {"CLINICIAN_CONSOLE_NEW_PASSWORD": NEW}
    for desk, name in ((late, "zoe"), (first, "yan")):
        assert desk("users", "add", name, "--role", "dispatcher", by="boss", **new).status == 0
        for each in (desk, late, first):
            assert each("sync", "once").status == 0
    for each in (late, first):
        for name in ("zoe", "yan"):
            assert signs_in(each, name, NEW)
            assert not signs_in(each, name, PASSWORD)
        assert signs_in(each, "boss", PASSWORD)


def test_where_the_center_does_not_come_the_join_and_every_command_say_what_to_do(
    tmp_path: Path, server: Server
) -> None:
    program = Program(tmp_path / "early")
    ran = program("sync", "join", server.url, server.code("Northside", "operations"))
    assert ran.status == 0
    assert "No desk of Northside has joined yet" in ran.err
    assert "run 'clinician-console sync once'" in ran.err
    program.refuses("users", "list", says="Run 'clinician-console sync once' first", by="dora")


@pytest.mark.parametrize("by", ["dora", "boss"])
def test_a_password_changed_by_command_is_the_one_at_every_desk(first: Program, second: Program, by: str) -> None:
    assert second("users", "list", by="dora").status == 0
    with_second_kept(second)  # the old one is kept there
    assert first("users", "password", "dora", by=by, CLINICIAN_CONSOLE_NEW_PASSWORD=NEW).status == 0
    assert signs_in(second, "dora", NEW)
    assert not signs_in(second, "dora", PASSWORD)
    assert not signs_in(first, "dora", PASSWORD)
    assert second("users", "password", "dora", by="dora", **changed(NEW, NEWER)).status == 0
    assert signs_in(first, "dora", NEWER)
    assert not signs_in(first, "dora", NEW)


def changed(old: str, new: str) -> dict[str, str | None]:
    return {"CLINICIAN_CONSOLE_PASSWORD": old, "CLINICIAN_CONSOLE_NEW_PASSWORD": new}


def with_second_kept(program: Program) -> None:
    """Sign in where the home is open for writing, so that the verifier is kept there."""
    desk = look_at(homes.open_desk(program.home, SystemClock(), passphrase=PASSPHRASE))
    who = desk.sign_in("dora", PASSWORD)
    with desk.desk.store.read() as connection:
        assert verifier(connection, who.user)
    desk.close()


def test_without_the_server_a_change_is_refused_and_the_old_password_goes_on(first: Program, server: Server) -> None:
    assert server.stop() == 0
    for by in ("dora", "boss"):
        first.refuses(
            "users", "password", "dora", says="Nothing was changed", by=by, CLINICIAN_CONSOLE_NEW_PASSWORD=NEW
        )
    assert signs_in(first, "dora", PASSWORD)
    assert not signs_in(first, "dora", NEW)


def test_an_administrator_at_the_desk_changes_it_for_every_desk(opened: Opened, second: Program) -> None:
    boss = opened.sign_in("boss", PASSWORD)
    dora = opened.sign_in("dora", PASSWORD)
    assert boss.token
    assert boss.token not in repr(boss)
    passwords.set_password(opened.desk, boss, dora.user, NEW, (Role.DISPATCHER,))
    assert signs_in(second, "dora", NEW)
    assert not signs_in(second, "dora", PASSWORD)
    with pytest.raises(NotAllowed):
        passwords.set_password(opened.desk, dora, boss.user, NEW, (Role.ADMINISTRATOR,))
    with pytest.raises(KnownError, match="last administrator"):
        passwords.set_password(opened.desk, boss, boss.user, NEW, (Role.DISPATCHER,))
    assert signs_in(second, "boss", PASSWORD), "the server was not told of what this desk refuses"


def test_an_administrator_who_signed_in_without_the_server_is_told_to_sign_in_anew(
    opened: Opened, second: Program
) -> None:
    unasked = people.sign_in(opened.desk, "boss", PASSWORD)
    dora = people.sign_in(opened.desk, "dora", PASSWORD)
    with pytest.raises(KnownError, match="sign out and in"):
        passwords.set_password(opened.desk, unasked, dora.user, NEW, (Role.DISPATCHER,))
    people.sign_in(opened.desk, "dora", PASSWORD)
    assert signs_in(second, "dora", PASSWORD)


def test_what_the_server_refuses_is_not_counted_as_told_and_mends_itself_at_the_next_sign_in(opened: Opened) -> None:
    store = opened.desk.store
    boss = people.sign_in(opened.desk, "boss", PASSWORD)
    people.set_password(opened.desk, boss, boss.user, NEW)  # past the server, as an older program did
    with store.read() as connection:
        member, before = membership(connection), store.fact(connection, BROUGHT)
    assert member is not None
    assert bring_verifiers(store, member)
    with store.read() as connection:
        assert store.fact(connection, BROUGHT) == before
    with pytest.raises(NotAllowed):
        opened.sign_in("boss", NEW)
    opened.sign_in("boss", PASSWORD)
    assert bring_verifiers(store, member)
    with store.read() as connection:
        newest = max(changed_at for _, _, changed_at in verifiers(connection))
        assert store.fact(connection, BROUGHT) == str(newest)


def test_somebody_added_since_signs_in_before_the_server_knows_them(opened: Opened) -> None:
    boss = opened.sign_in("boss", PASSWORD)
    people.add_person(opened.desk, boss, "Late Comer", NEW, tuple(boss.roles))
    for _ in range(7):  # more often than a wrong password may be tried
        assert opened.sign_in("late comer", NEW).name == "Late Comer"
    with pytest.raises(NotAllowed):
        opened.sign_in("late comer", PASSWORD)


def test_too_many_wrong_passwords_make_this_desk_wait_too(opened: Opened) -> None:
    for _ in range(6):
        with pytest.raises(NotAllowed):
            opened.sign_in("dora", "wrong")
    with pytest.raises(NotAllowed, match="Too many wrong passwords"):
        opened.sign_in("dora", PASSWORD)


def test_without_the_server_who_never_signed_in_here_is_told_that_it_could_not_be_asked(
    second: Program, server: Server
) -> None:
    with_second_kept(second)  # dora's
    assert server.stop() == 0
    assert signs_in(second, "dora", PASSWORD)
    for name, password in (("boss", PASSWORD), ("dora", NEW), ("nobody", PASSWORD)):  # alike, whatever was wrong
        line = second.refuses(
            "users", "list", says="The server could not be asked", by=name, CLINICIAN_CONSOLE_PASSWORD=password
        ).line
        assert "Nobody can be signed in here for the first time" in line
        assert "do not go together" not in line
