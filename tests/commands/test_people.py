"""People and roles on the command line."""

import pytest

from console.actions import people
from tests.commands.program import PASSWORD, Program, at_desk
from tests.support.desk import another_desk

ADD = ("users", "add")


def test_a_person_is_added_with_a_password_of_their_own_and_can_use_it(program: Program) -> None:
    words = (*ADD, "newcomer", "--role", "clinician", "--role", "dispatcher", "--role", "clinician")
    ran = program(
        *words,
        "--display-name",
        "N. Ewcomer",
        "--json",
        by="administrator",
        CLINICIAN_CONSOLE_NEW_PASSWORD="apricot-ladder-9",
    )
    assert (ran.status, ran.err) == (0, "")
    assert {name: ran.row[name] for name in ("name", "roles")} == {
        "name": "newcomer",
        "roles": ["clinician", "dispatcher"],
    }
    program.refuses("calls", "list", by="newcomer", says="do not go together")
    assert program("calls", "list", by="newcomer", CLINICIAN_CONSOLE_PASSWORD="apricot-ladder-9").status == 0


@pytest.mark.parametrize(
    "words",
    [
        ("dispatch", "--role", "clinician", "supervisor"),
        ("--role", "clinician", "supervisor", "dispatch"),
        ("--role", "clinician", "--role", "supervisor", "dispatch"),
        ("--role", "clinician", "dispatch", "--role", "supervisor", "clinician"),
    ],
)
def test_roles_stand_behind_one_option_or_several_before_the_name_or_after(
    program: Program, words: tuple[str, ...]
) -> None:
    row = program(*ADD, *words, "--json", by="administrator").row
    assert (row["name"], row["roles"]) == ("dispatch", ["clinician", "supervisor"])


def test_without_a_password_for_them_they_get_the_administrators_and_it_is_said(program: Program) -> None:
    ran = program(*ADD, "newcomer", "--role", "auditor", by="administrator")
    assert ran.out == "newcomer added: auditor\n"
    assert "CLINICIAN_CONSOLE_NEW_PASSWORD is not set" in ran.line


def test_the_list_is_by_name_with_stable_fields(program: Program) -> None:
    rows = program("users", "list", "--json").rows
    assert [row["name"] for row in rows] == sorted(row["name"] for row in rows)
    assert {tuple(row) for row in rows} == {("user", "name", "display_name", "roles", "disabled")}
    first = next(row for row in rows if row["name"] == "administrator")
    assert (first["display_name"], first["roles"], first["disabled"]) == (
        "A. Ames",
        ["administrator", "supervisor"],
        False,
    )
    assert "dispatcher  Dispatcher  dispatcher\n" in program("users", "list").out


@pytest.mark.parametrize("who", ["dispatcher", "clinician", "clinical-supervisor", "supervisor", "auditor"])
def test_only_an_administrator_adds_people(program: Program, who: str) -> None:
    before = program.entries()
    program.refuses(*ADD, "newcomer", "--role", "dispatcher", by=who, says="may not add people. Administrators may.")
    assert program.entries() == before


def test_an_administrator_without_a_role_on_the_floor_adds_people_too(program: Program) -> None:
    assert program(*ADD, "newcomer", "--role", "dispatcher", by="technician").status == 0


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("dispatcher", "--role", "auditor"), "There is already a person with the sign-in name dispatcher"),
        (("DISPATCHER", "--role", "auditor"), "There is already a person with the sign-in name DISPATCHER"),
        (("newcomer",), "the following arguments are required: --role"),
        (("newcomer", "--role", "chief"), "'chief' is no role. The roles are dispatcher,"),
        (("newcomer", "--role", "auditor", "chief"), "'chief' is no role. The roles are dispatcher,"),
        (("--role", "auditor"), "The person's name is missing"),
        (("--role", "chief"), "chief needs a role. The roles are dispatcher,"),
        (("newcomer", "--role"), "expected at least one argument"),
        ((" ", "--role", "auditor"), "The sign-in name is missing"),
        (("new\ncomer", "--role", "auditor"), "a character that cannot be shown"),
        (("n" * 41, "--role", "auditor"), "at most 40 fit"),
        (("newcomer", "--role", "auditor", "--display-name", "N" * 81), "at most 80 fit"),
    ],
)
def test_a_person_that_cannot_be_is_refused_and_nothing_is_kept(
    program: Program, words: tuple[str, ...], says: str
) -> None:
    before = program.entries()
    program.refuses(*ADD, *words, by="administrator", says=says, CLINICIAN_CONSOLE_NEW_PASSWORD="apricot-ladder-9")
    assert program.entries() == before


@pytest.mark.parametrize("password", ["short", "password1", "aaaaaaaaaaaa"])
def test_a_weak_first_password_is_refused(program: Program, password: str) -> None:
    before = program.entries()
    ran = program(*ADD, "newcomer", "--role", "auditor", by="administrator", CLINICIAN_CONSOLE_NEW_PASSWORD=password)
    assert (ran.status, ran.out) == (2, "")
    assert "The password" in ran.line or "This password" in ran.line
    assert password not in ran.err
    assert program.entries() == before


def test_acting_needs_a_person_and_their_password(program: Program) -> None:
    words = (*ADD, "newcomer", "--role", "auditor")
    program.refuses(*words, says="This command acts for a person: name them with --as USER.")
    program.refuses(*words, by="administrator", says="CLINICIAN_CONSOLE_PASSWORD", CLINICIAN_CONSOLE_PASSWORD=None)
    program.refuses(
        *words, by="administrator", says="do not go together", CLINICIAN_CONSOLE_PASSWORD="wrong-" + PASSWORD
    )


def test_a_wrong_name_and_a_wrong_password_are_told_alike(program: Program) -> None:
    """Who asks cannot find out who exists here."""
    said = {
        program.refuses("users", "list", by="nobody", says="do not go together").line,
        program.refuses("users", "list", by="clinician", says="", CLINICIAN_CONSOLE_PASSWORD="not-" + PASSWORD).line,
    }
    assert len(said) == 1


def test_a_name_is_the_same_in_capital_letters(program: Program) -> None:
    assert program("calls", "list", by="Dispatcher").status == 0


NEW = "gravel-teapot-33"


@pytest.mark.parametrize("by", ["clinician", "administrator"])
def test_a_password_is_changed_by_its_owner_or_an_administrator(program: Program, by: str) -> None:
    ran = program("users", "password", "clinician", by=by, CLINICIAN_CONSOLE_NEW_PASSWORD=NEW)
    assert (ran.status, ran.out) == (0, "clinician has a new password.\n")
    program.refuses("calls", "list", by="clinician", says="do not go together")
    assert program("calls", "list", by="clinician", CLINICIAN_CONSOLE_PASSWORD=NEW).status == 0


def test_nobody_else_changes_it_and_nothing_but_a_password_becomes_one(program: Program) -> None:
    words = ("users", "password", "clinician")
    program.refuses(*words, by="colleague", says="may not", CLINICIAN_CONSOLE_NEW_PASSWORD=NEW)
    program.refuses(*words, by="clinician", says="CLINICIAN_CONSOLE_NEW_PASSWORD")
    program.refuses(*words, by="clinician", says="at least 8 are needed", CLINICIAN_CONSOLE_NEW_PASSWORD="short")
    program.refuses(
        "users",
        "password",
        "nobody",
        by="administrator",
        status=1,
        says="not known",
        CLINICIAN_CONSOLE_NEW_PASSWORD=NEW,
    )
    assert program("calls", "list", by="clinician").status == 0


def test_who_may_no_longer_sign_in_is_shown_so_and_refused(program: Program, disabled: str) -> None:
    row = next(row for row in program("users", "list", "--json").rows if row["name"] == disabled)
    assert row["disabled"] is True
    assert f"{disabled}  Colleague  clinician  disabled\n" in program("users", "list").out
    program.refuses("calls", "claim", "26-0001", by=disabled, says="do not go together")


@pytest.fixture
def disabled(program: Program) -> str:
    """Somebody of the home who was disabled on the administrator's screen."""
    with at_desk(program) as desk:
        first = people.sign_in(desk, "administrator", PASSWORD)
        colleague = people.sign_in(desk, "colleague", PASSWORD)
        people.set_enabled(desk, first, colleague.user, enabled=False)
    return "colleague"


def test_an_administrator_retires_a_desk_and_it_is_listed_so(program: Program) -> None:
    with at_desk(program) as desk:
        another_desk(desk)
    program.refuses("desks", "retire", "B", by="clinician", says="may not")
    program.refuses("desks", "retire", "Z", by="administrator", status=1, says="no desk Z")
    assert program("desks", "retire", "b", by="administrator").out == "Desk B is retired.\n"
    entries = program.entries()
    assert program("desks", "retire", "b", by="administrator").out == "Desk B was retired already.\n"
    assert program.entries() == entries
    rows = program("desks", "list", "--json").rows
    assert [(row["code"], row["retired"], row["here"]) for row in rows] == [("A", False, True), ("B", True, False)]
