"""Setting up a desk: once, whole, and carried on where it was cut off."""

import stat
from pathlib import Path

import pytest

from console.models.store.engine import DATABASE
from console.models.store.store import Store
from console.security.home_key import create_key, key_record
from tests.commands.program import PASSPHRASE, Program, bytes_of

SETUP = ("setup", "--center", "Northside 911", "--administrator", "first")


def test_set_up_makes_a_private_home_in_which_the_first_person_can_work(fresh: Program) -> None:
    ran = fresh.process(*SETUP, "--display-name", "F. Irst", "--time-zone", "America/Chicago", "--json")
    assert ran.status == 0
    assert ran.row == {
        "center": "northside-911",
        "name": "Northside 911",
        "administrator": "first",
        "home": str(fresh.home),
    }
    assert stat.S_IMODE(fresh.home.stat().st_mode) == 0o700
    assert all(stat.S_IMODE(path.stat().st_mode) == 0o600 for path in fresh.home.iterdir())
    assert not (fresh.home / DATABASE).read_bytes().startswith(b"SQLite format 3")
    added = fresh("users", "add", "second", "--role", "dispatcher", by="first")
    assert added.status == 0
    assert [row["name"] for row in fresh("users", "list", "--json").rows] == ["first", "second"]
    assert fresh("users", "list", "--json").rows[0]["roles"] == ["administrator", "supervisor"]


def test_set_up_says_what_it_did(fresh: Program) -> None:
    ran = fresh(*SETUP, "--display-name", "F. Irst")
    assert ran.out == f"Northside 911 is set up in {fresh.home}. F. Irst is administrator and supervisor.\n"
    assert ran.err == ""


def test_a_second_set_up_is_refused_and_changes_nothing(program: Program) -> None:
    before = bytes_of(program.home)
    program.refuses(*SETUP, says="set up already")
    assert bytes_of(program.home) == before


def test_a_set_up_cut_off_before_the_store_uses_the_key_that_was_made(fresh: Program) -> None:
    fresh.home.mkdir(mode=0o700)
    create_key(fresh.home, database=fresh.home / DATABASE, passphrase=PASSPHRASE)
    record = key_record(fresh.home)
    assert fresh(*SETUP).status == 0
    assert key_record(fresh.home) == record
    assert fresh("store", "check").status == 0


def test_a_set_up_cut_off_before_the_first_person_is_named_and_carried_on(fresh: Program) -> None:
    fresh.home.mkdir(mode=0o700)
    key = create_key(fresh.home, database=fresh.home / DATABASE, passphrase=PASSPHRASE)
    with Store.create(fresh.home, key) as store:
        device = store.device
    for words in (("calls", "list"), ("users", "list"), ("journal", "verify")):
        fresh.refuses(*words, says="was not finished. Run 'clinician-console setup', or 'sync join', again.")
    assert fresh(*SETUP).status == 0
    with Store.open(fresh.home, key) as store:
        assert store.device == device
    assert fresh("calls", "list").status == 0


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("--center", "!!!", "--administrator", "first"), "The center needs a name with letters or digits"),
        (("--center", "  ", "--administrator", "first"), "The center needs a name with letters or digits"),
        (("--center", "North\nside", "--administrator", "first"), "The center needs a name of one line"),
        (("--center", "N" * 90, "--administrator", "first"), "at most 80 characters"),
        (("--center", "North", "--administrator", " "), "The sign-in name is missing"),
        (("--center", "North", "--administrator", "f" * 41), "The sign-in name has 41 characters; at most 40 fit"),
        (("--center", "North", "--administrator", "fi\x1b[31mrst"), "a character that cannot be shown"),
        (
            ("--center", "North", "--administrator", "first", "--display-name", "a\nb"),
            "a character that cannot be shown",
        ),
        (("--center", "North", "--administrator", "first", "--provider", "***"), "The provider needs a name"),
        (
            ("--center", "North", "--administrator", "first", "--time-zone", "Mars/Phobos"),
            "'Mars/Phobos' is no time zone",
        ),
        (("--center", "North", "--administrator", "first", "--time-zone", "../../etc"), "is no time zone"),
    ],
)
def test_nothing_is_made_when_something_typed_cannot_be_used(fresh: Program, words: tuple[str, ...], says: str) -> None:
    fresh.refuses("setup", *words, says=says)
    assert not fresh.home.exists()


@pytest.mark.parametrize(
    ("password", "says"),
    [
        (None, "Put the password into the environment variable CLINICIAN_CONSOLE_PASSWORD"),
        ("", "Put the password into the environment variable CLINICIAN_CONSOLE_PASSWORD"),
        ("short", "The password has 5 characters; at least 8 are needed"),
        ("password1", "commonly used"),
        ("FIRST", "The password has 5 characters"),
        ("the-first", "The password is the sign-in name"),
    ],
)
def test_a_password_that_may_not_be_one_makes_nothing(fresh: Program, password: str | None, says: str) -> None:
    words = ("setup", "--center", "Northside 911", "--administrator", "The-First")
    fresh.refuses(*words, says=says, CLINICIAN_CONSOLE_PASSWORD=password)
    assert not fresh.home.exists()


def test_without_a_key_store_and_a_passphrase_nothing_can_be_read_later_so_nothing_is_made(fresh: Program) -> None:
    ran = fresh.refuses(*SETUP, says="CLINICIAN_CONSOLE_PASSPHRASE", CLINICIAN_CONSOLE_PASSPHRASE=None)
    assert "key store" in ran.line
    assert bytes_of(fresh.home) == {}


def test_a_passphrase_anyone_could_guess_is_refused(fresh: Program) -> None:
    fresh.refuses(*SETUP, says="at least 8 are needed", CLINICIAN_CONSOLE_PASSPHRASE="1234")
    assert bytes_of(fresh.home) == {}


def test_a_site_that_forbids_passphrases_gets_none(fresh: Program) -> None:
    fresh.home.mkdir(mode=0o700)
    (fresh.home / "config.toml").write_text("passphrase_allowed = false\n")
    fresh.refuses(*SETUP, says="do not allow a key sealed under a passphrase")
    assert list(bytes_of(fresh.home)) == ["config.toml"]


def test_a_home_others_can_look_into_is_refused(fresh: Program) -> None:
    fresh.home.mkdir()
    fresh.home.chmod(0o755)
    (fresh.home / "something").touch()
    fresh.refuses(*SETUP, says="can be read by other users")
    assert list(bytes_of(fresh.home)) == ["something"]


def test_a_home_that_cannot_be_a_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("words")
    Program(tmp_path / "file").refuses(*SETUP, says=f"{tmp_path / 'file'} is not a folder")
    Program(tmp_path / "file" / "below").refuses(*SETUP, says="cannot be used as the folder")
    assert (tmp_path / "file").read_text() == "words"


def test_set_up_needs_a_center_and_an_administrator(fresh: Program) -> None:
    fresh.refuses("setup", says="the following arguments are required: --center, --administrator")
    fresh.refuses("setup", "--center", "Northside", says="the following arguments are required: --administrator")
