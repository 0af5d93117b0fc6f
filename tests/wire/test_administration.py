"""Organizations, people, desks and settings, step by step."""

from tests.support.entries import Author, at, named
from wire.administration import (
    DESK,
    ORGANIZATION,
    SETTING,
    USER,
    DeskDescribed,
    DeskEnrolled,
    DeskRetired,
    DeskState,
    OrganizationFounded,
    OrganizationState,
    SettingSet,
    SettingState,
    UserAdded,
    UserDisabled,
    UserEnabled,
    UserRolesSet,
    UserState,
)
from wire.fold import Aggregate, Body, Folded
from wire.journals import Audience
from wire.permissions import Role

ADDED = UserAdded(at(), "ann", "Ann B.", (Role.CLINICIAN,))


def fold(aggregate: "Aggregate[object]", *bodies: Body) -> "Folded[object]":
    author = Author()
    return aggregate.fold([author.write(named("subject"), body) for body in bodies])


def reasons(folded: "Folded[object]") -> list[str]:
    return [listed.reason for listed in folded.senseless]


def test_a_center_is_founded_once() -> None:
    founded = OrganizationFounded(at(), "Northside 911", "northside", "lakeside", "America/Chicago")
    folded = fold(ORGANIZATION, founded, OrganizationFounded(at(1), "Other", "other", "other", "UTC"))
    assert folded.state == OrganizationState("Northside 911", "northside", "lakeside", "America/Chicago")
    assert reasons(folded) == ["the center exists already"]


def test_a_person_is_added_once() -> None:
    folded = fold(USER, ADDED, UserAdded(at(1), "eve", "Eve", (Role.ADMINISTRATOR,)))
    assert folded.state == UserState("ann", "Ann B.", (Role.CLINICIAN,))
    assert reasons(folded) == ["the person was added already"]


def test_roles_are_replaced_whole() -> None:
    folded = fold(USER, ADDED, UserRolesSet(at(1), (Role.SUPERVISOR, Role.AUDITOR)))
    assert folded.state == UserState("ann", "Ann B.", (Role.SUPERVISOR, Role.AUDITOR))


def test_a_person_is_disabled_and_enabled_again() -> None:
    assert fold(USER, ADDED, UserDisabled(at(1))).state == UserState("ann", "Ann B.", (Role.CLINICIAN,), disabled=True)
    assert fold(USER, ADDED, UserDisabled(at(1)), UserEnabled(at(2))).state == UserState(
        "ann", "Ann B.", (Role.CLINICIAN,)
    )


def test_nothing_is_said_of_a_person_who_was_never_added() -> None:
    folded = fold(USER, UserRolesSet(at(), (Role.ADMINISTRATOR,)), UserDisabled(at()), UserEnabled(at()))
    assert folded.state is None
    assert reasons(folded) == ["the person was never added"] * 3


def test_a_desk_keeps_the_code_it_was_enrolled_with() -> None:
    folded = fold(
        DESK,
        DeskEnrolled(at(), "A", (Audience.OPERATIONS,)),
        DeskEnrolled(at(1), "B", ()),
        DeskDescribed(at(2), "Position 4", "555-0100"),
        DeskDescribed(at(3), "Position 5", "555-0101"),
    )
    assert folded.state == DeskState("A", (Audience.OPERATIONS,), "Position 5", "555-0101")
    assert reasons(folded) == ["the desk was enrolled already"]


def test_the_server_says_for_what_a_desk_that_set_itself_up_joined() -> None:
    own = Author("A").write(named("subject"), DeskEnrolled(at(), "A", (Audience.OPERATIONS, Audience.CLINICAL)))
    theirs = Author("server").derive(named("subject"), DeskEnrolled(at(1), "Z", (Audience.OPERATIONS,)))
    assert DESK.fold([own, theirs]).state == DeskState("A", (Audience.OPERATIONS,))


def test_a_desk_is_retired_until_the_server_says_that_it_joined_again() -> None:
    own = Author("A").write(named("subject"), DeskEnrolled(at(), "A", (Audience.OPERATIONS,)))
    retired = Author("B").write(named("subject"), DeskRetired(at(1)))
    theirs = Author("server").derive(named("subject"), DeskEnrolled(at(2), "A", (Audience.OPERATIONS,)))
    assert DESK.fold([own, retired]).state == DeskState("A", (Audience.OPERATIONS,), retired=True)
    assert DESK.fold([own, retired, theirs]).state == DeskState("A", (Audience.OPERATIONS,))


def test_nothing_is_said_of_a_desk_that_was_never_enrolled() -> None:
    folded = fold(DESK, DeskDescribed(at(), "Position 4", ""), DeskRetired(at(1)))
    assert folded.state is None
    assert reasons(folded) == ["the desk was never enrolled"] * 2


def test_the_last_word_on_a_setting_counts_whole() -> None:
    folded = fold(SETTING, SettingSet(at(), "send", ["a", {"b": 1}]), SettingSet(at(1), "send", []))
    assert folded.state == SettingState("send", [])
