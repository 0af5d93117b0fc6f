"""Founding a center, its people and their passwords, its desk and its settings."""

import dataclasses
from pathlib import Path
from uuid import UUID

import pytest

from console.actions import people
from console.errors import KnownError, NotAllowed, NotFound
from console.models.sign_in import SignIn
from console.models.store.desk import Desk, shipped_defaults
from console.models.store.store import Store
from console.queries.center import desk_state, read_center
from console.queries.desks import desks
from console.queries.people import everyone
from console.security import passwords
from console.settings import resources
from tests.support.clock import FixedClock
from tests.support.desk import KEY, another_desk, empty_home, entry_count, open_desk, person, record_of
from tests.support.entries import named
from tests.support.passwords import CHEAP
from wire.journals import user_id
from wire.permissions import Role

PASSWORD = "lantern over the harbor"
OTHER = "a quiet evening in may"


@pytest.fixture(autouse=True)
def _cheap(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passwords, "COST", CHEAP)


@pytest.fixture
def unfounded(home: Path, clock: FixedClock) -> Desk:
    store = Store.open(empty_home(home), KEY)
    return Desk(
        store, clock, "northside", "Northside 911", "lakeside", "America/Chicago", shipped_defaults(resources())
    )


def test_the_first_person_makes_the_center(unfounded: Desk) -> None:
    assert not people.is_founded(unfounded.store)
    first = people.found(unfounded, " ann ", PASSWORD, display_name="Ann B.")
    assert people.is_founded(unfounded.store)
    assert first.roles == {Role.ADMINISTRATOR, Role.SUPERVISOR}
    assert first.may("call.flagged")
    assert people.sign_in(unfounded, "ANN", PASSWORD) == first
    record = record_of(unfounded.store)
    assert [len(record[name]) for name in ("organization", "user", "desk")] == [1, 1, 1]
    with pytest.raises(KnownError, match="set up already"):
        people.found(unfounded, "eve", PASSWORD)
    unfounded.store.close()


@pytest.mark.parametrize(
    ("name", "password", "says"),
    [
        ("", PASSWORD, "The sign-in name is missing"),
        ("x" * 41, PASSWORD, "at most 40 fit"),
        ("a\tb", PASSWORD, "cannot be shown"),
        ("ann", "short", "at least 8"),
        ("ann", "password", "commonly used"),
        ("lantern-harbor", "lantern-harbor", "is the sign-in name"),
    ],
)
def test_a_founding_that_cannot_be_leaves_nothing(unfounded: Desk, name: str, password: str, says: str) -> None:
    with pytest.raises(KnownError, match=says):
        people.found(unfounded, name, password)
    assert entry_count(unfounded.store) == 0
    unfounded.store.close()


# -- people ------------------------------------------------------------------------------------------------------------


def test_a_person_is_added_and_signs_in(desk: Desk, administrator: SignIn) -> None:
    user, changes = people.add_person(desk, administrator, "may", PASSWORD, (Role.CLINICIAN, Role.CLINICIAN), "May C.")
    assert changes.of("user") == {user}
    signed_in = people.sign_in(desk, " May ", PASSWORD)
    assert (signed_in.user, signed_in.display_name, signed_in.roles) == (user, "May C.", {Role.CLINICIAN})


def test_a_name_is_given_once_and_with_a_role(desk: Desk, administrator: SignIn) -> None:
    with pytest.raises(KnownError, match="already a person with the sign-in name"):
        people.add_person(desk, administrator, "Clinician", PASSWORD, (Role.CLINICIAN,))
    with pytest.raises(KnownError, match="at least one role"):
        people.add_person(desk, administrator, "may", PASSWORD, ())
    with pytest.raises(KnownError, match="commonly used"):
        people.add_person(desk, administrator, "may", "password", (Role.CLINICIAN,))


def test_no_password_is_ever_an_entry(desk: Desk, administrator: SignIn) -> None:
    people.add_person(desk, administrator, "may", PASSWORD, (Role.CLINICIAN,))
    with desk.store.read() as connection:
        texts = " ".join(connection.exec_driver_sql("SELECT body FROM entry").scalars())
        verifiers = connection.exec_driver_sql("SELECT verifier FROM credential").scalars().all()
    assert PASSWORD not in texts
    assert "argon2" not in texts
    assert all(PASSWORD not in verifier for verifier in verifiers)


@pytest.mark.parametrize("what", ["wrong password", "no such person", "disabled", "no password yet", "empty"])
def test_a_sign_in_that_fails_says_the_same_whatever_was_wrong(desk: Desk, administrator: SignIn, what: str) -> None:
    user, _ = people.add_person(desk, administrator, "may", PASSWORD, (Role.CLINICIAN,))
    name, password = "may", PASSWORD
    if what == "wrong password":
        password = OTHER
    elif what == "no such person":
        name = "june"
    elif what == "disabled":
        people.set_enabled(desk, administrator, user, False)
    elif what == "no password yet":
        name = "clinician"
    else:
        password = ""
    with pytest.raises(NotAllowed) as caught:
        people.sign_in(desk, name, password)
    assert caught.value.message == "This name and password do not go together here."


def test_a_person_is_disabled_and_enabled_again(desk: Desk, administrator: SignIn) -> None:
    user, _ = people.add_person(desk, administrator, "may", PASSWORD, (Role.CLINICIAN,))
    assert people.set_enabled(desk, administrator, user, False)
    assert not people.set_enabled(desk, administrator, user, False)
    people.set_enabled(desk, administrator, user, True)
    people.sign_in(desk, "may", PASSWORD)
    with pytest.raises(NotFound):
        people.set_enabled(desk, administrator, named("nobody"), False)


def test_roles_are_replaced(desk: Desk, administrator: SignIn) -> None:
    user = person("clinician").user
    people.set_roles(desk, administrator, user, (Role.AUDITOR,))
    assert {each.user: each.roles for each in everyone(desk, administrator)}[user] == (Role.AUDITOR,)
    with pytest.raises(KnownError, match="at least one role"):
        people.set_roles(desk, administrator, user, ())
    with pytest.raises(NotFound):
        people.set_roles(desk, administrator, named("nobody"), (Role.AUDITOR,))


def test_the_last_administrator_stays(desk: Desk, administrator: SignIn) -> None:
    other = person("only administrator").user
    people.set_enabled(desk, administrator, other, False)
    for attempt in (
        lambda: people.set_roles(desk, administrator, administrator.user, (Role.DISPATCHER,)),
        lambda: people.set_enabled(desk, administrator, administrator.user, False),
    ):
        with pytest.raises(KnownError, match="last administrator"):
            attempt()
    people.set_enabled(desk, administrator, other, True)
    people.set_roles(desk, administrator, administrator.user, (Role.DISPATCHER,))


def test_a_password_is_changed_by_its_owner_or_an_administrator_and_it_is_audited(
    desk: Desk, administrator: SignIn
) -> None:
    user, _ = people.add_person(desk, administrator, "may", PASSWORD, (Role.CLINICIAN,))
    may = people.sign_in(desk, "may", PASSWORD)
    people.set_password(desk, may, user, OTHER)
    people.sign_in(desk, "may", OTHER)
    with pytest.raises(NotAllowed):
        people.sign_in(desk, "may", PASSWORD)
    people.set_password(desk, administrator, user, PASSWORD)
    people.sign_in(desk, "may", PASSWORD)
    assert len(record_of(desk.store)["audit"]) == 2
    with pytest.raises(NotAllowed):
        people.set_password(desk, may, administrator.user, OTHER)
    with pytest.raises(NotFound):
        people.set_password(desk, administrator, named("nobody"), OTHER)
    with pytest.raises(KnownError, match="commonly used"):
        people.set_password(desk, may, user, "password")


def test_roles_and_a_password_are_set_together_or_not_at_all(desk: Desk, administrator: SignIn) -> None:
    user, _ = people.add_person(desk, administrator, "may", PASSWORD, (Role.CLINICIAN,))
    asked: list[UUID] = []

    def away(who: UUID, verifier: str, at: int) -> None:
        asked.append(who)
        raise KnownError("the server is away")

    with pytest.raises(KnownError, match="at least one role"):
        people.set_password(desk, administrator, user, OTHER, away, ())
    assert not asked, "the server is told of nothing that this desk refuses"
    with pytest.raises(KnownError, match="the server is away"):
        people.set_password(desk, administrator, user, OTHER, away, (Role.DISPATCHER,))
    assert people.sign_in(desk, "may", PASSWORD).roles == {Role.CLINICIAN}
    changes = people.set_password(desk, administrator, user, OTHER, None, (Role.DISPATCHER,))
    assert people.sign_in(desk, "may", OTHER).roles == {Role.DISPATCHER}
    assert len(changes.entries) == 2, "one act"


def test_ones_own_password_is_changed_by_who_knows_it(desk: Desk, administrator: SignIn) -> None:
    people.add_person(desk, administrator, "may", PASSWORD, (Role.CLINICIAN,))
    may = people.sign_in(desk, "may", PASSWORD)
    before = entry_count(desk.store)
    with pytest.raises(NotAllowed, match="not your password as it is now"):
        people.change_own_password(desk, may, OTHER, OTHER)
    assert entry_count(desk.store) == before
    with pytest.raises(KnownError, match="commonly used"):
        people.change_own_password(desk, may, PASSWORD, "password")
    people.change_own_password(desk, may, PASSWORD, OTHER)
    assert people.sign_in(desk, "may", OTHER) == may
    with pytest.raises(NotAllowed):
        people.sign_in(desk, "may", PASSWORD)


def test_a_verifier_of_another_cost_is_renewed_when_it_is_used(
    desk: Desk, administrator: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    user, _ = people.add_person(desk, administrator, "may", PASSWORD, (Role.CLINICIAN,))

    def verifier() -> str:
        with desk.store.read() as connection:
            return str(
                connection.exec_driver_sql('SELECT verifier FROM credential WHERE "user" = ?', (user.bytes,)).scalar()
            )

    before = verifier()
    people.sign_in(desk, "may", PASSWORD)
    assert verifier() == before
    monkeypatch.setattr(passwords, "COST", dataclasses.replace(CHEAP, time_cost=2))
    people.sign_in(desk, "may", PASSWORD)
    assert verifier() != before
    people.sign_in(desk, "may", PASSWORD)


@pytest.mark.parametrize("name", ["dispatcher", "clinician", "supervisor", "clinical supervisor", "auditor"])
def test_only_administrators_administer(desk: Desk, name: str) -> None:
    who, user = person(name), person("second clinician").user
    before = entry_count(desk.store)
    for attempt in (
        lambda: people.add_person(desk, who, "may", PASSWORD, (Role.CLINICIAN,)),
        lambda: people.set_roles(desk, who, user, (Role.AUDITOR,)),
        lambda: people.set_enabled(desk, who, user, False),
        lambda: people.describe_desk(desk, who, "Position 4", ""),
        lambda: people.retire_desk(desk, who, named("nothing")),
        lambda: people.set_settings(desk, who, {"fallback": "x"}),
    ):
        with pytest.raises(NotAllowed):
            attempt()
    assert entry_count(desk.store) == before


# -- desk and settings -------------------------------------------------------------------------------------------------


def test_the_desk_says_where_it_is(desk: Desk, administrator: SignIn) -> None:
    people.describe_desk(desk, administrator, " Position 4 ", " 555-0100 ")
    with desk.store.read() as connection:
        state = desk_state(desk, connection)
    assert (state.code, state.label, state.callback) == ("A", "Position 4", "555-0100")


@pytest.mark.parametrize(
    ("label", "callback", "why"),
    [
        ("x" * 41, "555-0100", "Where this desk is .*41"),
        ("Position 4", "5" * 41, "The call-back number .*41"),
        ("Position\n4", "", "Where this desk is holds a character"),
        ("", "555\t0100\x07", "The call-back number holds a character"),
    ],
)
def test_where_a_desk_is_and_its_number_are_one_short_line_each(
    desk: Desk, administrator: SignIn, label: str, callback: str, why: str
) -> None:
    before = entry_count(desk.store)
    with pytest.raises(KnownError, match=why):
        people.describe_desk(desk, administrator, label, callback)
    assert entry_count(desk.store) == before
    people.describe_desk(desk, administrator, "x" * 40, "5" * 40)


def test_a_desk_is_retired_at_another_one_and_listed_last(desk: Desk, administrator: SignIn) -> None:
    lost, kept = another_desk(desk), another_desk(desk, "C")
    for which, kind, why in ((named("nothing"), NotFound, "desk"), (desk.enrolment, KnownError, "you sit at")):
        with pytest.raises(kind, match=why):
            people.retire_desk(desk, administrator, which)
    people.retire_desk(desk, administrator, lost)
    assert [each.says for each in desks(desk, administrator)] == [
        "A: clinical, this desk",
        "C: operations",
        "B: retired",
    ]
    before = entry_count(desk.store)
    people.retire_desk(desk, administrator, lost)
    assert entry_count(desk.store) == before
    assert not next(each for each in desks(desk, None) if each.desk == kept).retired


def test_a_setting_is_read_as_it_stands_each_time(desk: Desk, administrator: SignIn) -> None:
    for fallback in ("Mobile team", "Night desk", "Mobile team", "CIT officer"):
        people.set_settings(desk, administrator, {"fallback": fallback})
        with desk.store.write() as transaction, desk.store.read() as connection:
            assert desk.lists.center(transaction.connection) == desk.lists.center(connection)
        assert read_center(desk).fallback == fallback


def test_a_setting_is_replaced_whole_and_survives_a_restart(desk: Desk, administrator: SignIn) -> None:
    assert read_center(desk).fallback == "CIT officer"
    people.set_settings(desk, administrator, {"fallback": "Mobile team"})
    people.set_settings(desk, administrator, {"send": [{"code": "phone", "label": "Phone only"}]})
    desk.store.close()
    again = open_desk(desk.store.home)
    center = read_center(again)
    assert center.fallback == "Mobile team"
    assert [choice.code for choice in center.send] == ["phone"]
    again.store.close()


@pytest.mark.parametrize(
    ("name", "value"),
    [("fallback", 5), ("send", [{"code": "phone"}]), ("limits", {}), ("no such setting", "x"), ("levels", None)],
)
def test_a_setting_that_could_not_be_read_again_is_refused(
    desk: Desk, administrator: SignIn, name: str, value: object
) -> None:
    before = entry_count(desk.store)
    with pytest.raises(
        KnownError, match=r"takes words in quotes|missing\. A setting is replaced|no setting of a center|takes critical"
    ):
        people.set_settings(desk, administrator, {name: value})
    assert entry_count(desk.store) == before
    read_center(desk)


def test_everyone_is_listed_by_name(desk: Desk, auditor: SignIn) -> None:
    names = [each.name for each in everyone(desk, auditor)]
    assert names == sorted(names, key=str.casefold)
    assert UUID(str(user_id("northside", "clinician"))) in {each.user for each in everyone(desk, None)}
