"""Passwords: what may be one, and verifiers that tell only whether it is right."""

import re
import threading

import pytest
from argon2 import Parameters, PasswordHasher, extract_parameters
from argon2.profiles import RFC_9106_LOW_MEMORY
from hypothesis import given
from hypothesis import strategies as st

from console import off_gui
from console.errors import BugError, KnownError
from console.security import passwords
from console.security.passwords import Verified, hash_password, password_problem, verify_password
from console.settings import resources
from tests.support.passwords import CHEAP

GOOD = "sentinel quiet harbor 7"


@pytest.fixture(autouse=True)
def cheap(monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> None:
    if "at_full_cost" not in request.node.name:
        monkeypatch.setattr(passwords, "COST", CHEAP)


def test_verifier_at_full_cost_is_argon2id_of_the_low_memory_profile() -> None:
    verifier = hash_password(GOOD)
    assert verifier.startswith("$argon2id$v=19$m=65536,t=3,p=4$")
    assert extract_parameters(verifier) == RFC_9106_LOW_MEMORY
    assert verify_password(verifier, GOOD) == Verified(True, None)


def test_right_wrong_and_nobody() -> None:
    verifier = hash_password(GOOD)
    assert verify_password(verifier, GOOD).ok
    for wrong in (GOOD + " ", GOOD.upper(), "", "x"):
        assert verify_password(verifier, wrong) == Verified(False)
    assert verify_password(None, GOOD) == Verified(False)


def test_two_verifiers_of_one_password_differ() -> None:
    assert hash_password(GOOD) != hash_password(GOOD)


def test_nobody_costs_as_much_as_somebody(monkeypatch: pytest.MonkeyPatch) -> None:
    """One full hash of the present cost is made for a person who does not exist, none beside it for one who does."""
    made: list[Parameters] = []

    class Counted(PasswordHasher):
        def hash(self, password: str | bytes, *, salt: bytes | None = None) -> str:
            made.append(extract_parameters(super().hash(password, salt=salt)))
            return super().hash(password, salt=salt)

    verifier = hash_password(GOOD)
    monkeypatch.setattr(passwords, "PasswordHasher", Counted)
    assert not verify_password(verifier, "wrong").ok
    assert made == []
    assert not verify_password(None, GOOD).ok
    assert not verify_password(verifier, "not text \udcff").ok
    assert made == [CHEAP, CHEAP]


def test_an_older_cost_is_renewed_on_success_only(monkeypatch: pytest.MonkeyPatch) -> None:
    old = hash_password(GOOD)
    stronger = Parameters(
        type=CHEAP.type, version=CHEAP.version, salt_len=16, hash_len=32, time_cost=2, memory_cost=16, parallelism=1
    )
    monkeypatch.setattr(passwords, "COST", stronger)
    assert verify_password(old, "wrong one entirely") == Verified(False)
    renewed = verify_password(old, GOOD)
    assert renewed.ok
    assert renewed.rehash is not None
    assert extract_parameters(renewed.rehash) == stronger
    assert verify_password(renewed.rehash, GOOD) == Verified(True, None)


@pytest.mark.parametrize(
    "verifier", ["", "plain words", "$2b$12$abcdefghijklmnopqrstuv", "$argon2id$v=19$m=8,t=1,p=1$"]
)
def test_a_verifier_that_is_none_is_said(verifier: str) -> None:
    with pytest.raises(KnownError, match="An administrator has to set a new one"):
        verify_password(verifier, GOOD)


@pytest.mark.parametrize(
    "password",
    [
        "8 chars!",
        "abcdefgz",
        "alllowercaseletters",
        "        x",
        "x" * 63 + "y",
        "long words " * 30,
        "pässwörter ohne ende",
        "密码很长的一句话吧",
        "🦆🦆🦆🦆🐎🐎🐎🐎",
        "tab\tand\nnewline",
        "ends with nul\0",
    ],
)
def test_accepted_and_kept_as_typed(password: str) -> None:
    assert password_problem(password) is None
    verifier = hash_password(password)
    assert verify_password(verifier, password).ok
    assert not verify_password(verifier, password[:-1]).ok
    assert not verify_password(verifier, password.strip() + "?").ok


def test_nothing_is_cut_off() -> None:
    long = "a quiet harbor " * 60
    verifier = hash_password(long)
    assert not verify_password(verifier, long[:-1]).ok
    assert not verify_password(verifier, long[:-1] + "x").ok
    with pytest.raises(KnownError, match="longer than 1000"):
        hash_password("ab" * 501)


@pytest.mark.parametrize(
    ("password", "reason"),
    [
        ("", "0 characters"),
        ("1234567", "7 characters"),
        ("password", "commonly used"),
        ("PassWord1", "commonly used"),
        ("12345678", "commonly used"),
        ("dispatch911", "commonly used"),
        (" qwerty123 ", "commonly used"),
        ("ｐａｓｓｗｏｒｄ", "commonly used"),
        ("aaaaaaaaaa", "one character repeated"),
        ("undecodable \udcff", "not text"),
        ("Desk.Nine", "the sign-in name"),
    ],
)
def test_refused_with_the_reason(password: str, reason: str) -> None:
    name = "desk.nine"
    problem = password_problem(password, name=name)
    assert problem is not None
    assert reason in problem
    with pytest.raises(KnownError, match=re.escape(problem)):
        hash_password(password, name=name)


@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=100))
def test_length_is_the_only_rule_for_what_is_not_listed(password: str) -> None:
    problem = password_problem(password)
    if len(password) < 8:
        assert problem is not None
    elif len(set(password)) > 1 and problem is not None:
        assert "commonly used" in problem


def test_the_list_is_clean() -> None:
    lines = (resources() / "passwords" / "common.txt").read_text(encoding="utf-8").splitlines()
    entries = [line for line in lines if not line.startswith("# ")]
    assert len(entries) > 500
    assert len(set(entries)) == len(entries)
    assert all(len(entry) >= passwords.SHORTEST and entry == entry.casefold().strip() for entry in entries)


def test_a_refusal_does_not_quote_the_password() -> None:
    for password in ("sheriff2024", "zzzzzzzzzzzz", "sentinel \udcff", "s3nt1n"):
        problem = password_problem(password, name="sheriff")
        assert problem is not None
        assert password not in problem


def test_no_repr_shows_a_verifier() -> None:
    assert "argon2" not in repr(Verified(True, hash_password(GOOD)))


def test_refuses_the_gui_thread() -> None:
    off_gui.mark_gui_thread(threading.get_ident())
    try:
        with pytest.raises(BugError, match="password hashing"):
            hash_password(GOOD)
        with pytest.raises(BugError, match="password hashing"):
            verify_password(None, GOOD)
    finally:
        off_gui.mark_gui_thread(None)
