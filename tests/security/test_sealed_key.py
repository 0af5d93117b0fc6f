"""The passphrase-sealed key file: opens with its passphrase and with nothing else, and any change is refused."""

import hashlib
import json
import stat
import threading
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import UUID, uuid4

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from console import off_gui
from console.errors import BugError, KnownError
from console.security.sealed_key import (
    ScryptCost,
    SealedKeyDamaged,
    WrongPassphrase,
    open_sealed_key,
    seal_key,
)

CHEAP = ScryptCost(n=2**14)
HOME = UUID("01932b5e-0000-7000-8000-000000000001")
KEY = bytes(range(32))
PASSPHRASE = "four plain words here"


@pytest.fixture(scope="module")
def sealed_bytes() -> Iterator[bytes]:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "sealed.json"
        seal_key(path, KEY, PASSPHRASE, HOME, cost=CHEAP)
        yield path.read_bytes()


def test_default_cost_seals_and_opens_a_private_file(tmp_path: Path) -> None:
    path = tmp_path / "sealed.json"
    seal_key(path, KEY, PASSPHRASE, HOME)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert open_sealed_key(path, PASSPHRASE, HOME) == KEY
    stored = json.loads(path.read_text())
    assert (stored["cost"], stored["kdf"], stored["cipher"]) == ({"n": 2**17, "r": 8, "p": 1}, "scrypt", "AES-256-GCM")


@settings(max_examples=15, deadline=None)
@given(
    key=st.binary(min_size=32, max_size=32),
    passphrase=st.text(st.characters(exclude_categories=["Cs"]), min_size=8, max_size=40),
)
def test_round_trip(key: bytes, passphrase: str) -> None:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "sealed.json"
        seal_key(path, key, passphrase, HOME, cost=CHEAP)
        assert open_sealed_key(path, passphrase, HOME) == key
        assert key not in path.read_bytes()
        assert key.hex().encode() not in path.read_bytes()


@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_any_changed_byte_is_refused(data: st.DataObject, sealed_bytes: bytes, tmp_path: Path) -> None:
    at = data.draw(st.integers(0, len(sealed_bytes) - 1))
    other = data.draw(st.integers(1, 255))
    changed = bytearray(sealed_bytes)
    changed[at] ^= other
    path = tmp_path / "changed.json"
    path.write_bytes(changed)
    with pytest.raises(SealedKeyDamaged):
        open_sealed_key(path, PASSPHRASE, HOME)


@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_any_truncation_is_refused(data: st.DataObject, sealed_bytes: bytes, tmp_path: Path) -> None:
    path = tmp_path / "short.json"
    path.write_bytes(sealed_bytes[: data.draw(st.integers(0, len(sealed_bytes) - 1))])
    with pytest.raises(SealedKeyDamaged):
        open_sealed_key(path, PASSPHRASE, HOME)


@pytest.mark.parametrize("field", ["home", "salt", "nonce", "sealed", "cost"])
def test_a_change_with_a_corrected_checksum_does_not_open(field: str, sealed_bytes: bytes, tmp_path: Path) -> None:
    """The checksum is for accidents; against intent stands the cipher, which covers the whole header."""
    stored = json.loads(sealed_bytes)
    home = HOME
    if field == "home":
        home = uuid4()
        stored["home"] = str(home)
    elif field == "cost":
        stored["cost"]["n"] = 2**15
    else:
        stored[field] = ("B" if stored[field][0] == "A" else "A") + stored[field][1:]
    stored["checksum"] = ""
    digest = hashlib.sha256(msgspec.json.encode(stored)).digest()
    stored["checksum"] = msgspec.to_builtins(digest)
    path = tmp_path / "forged.json"
    path.write_bytes(msgspec.json.format(msgspec.json.encode(stored), indent=2) + b"\n")
    with pytest.raises(WrongPassphrase):
        open_sealed_key(path, PASSPHRASE, home)


def test_wrong_passphrase_is_told_from_damage_and_says_so(sealed_bytes: bytes, tmp_path: Path) -> None:
    path = tmp_path / "sealed.json"
    path.write_bytes(sealed_bytes)
    for wrong in ("four plain words Here", PASSPHRASE + " ", "", "ſour"):
        with pytest.raises(WrongPassphrase, match="passphrase is wrong") as caught:
            open_sealed_key(path, wrong, HOME)
        assert PASSPHRASE not in str(caught.value)
    assert path.read_bytes() == sealed_bytes


def test_unicode_is_taken_as_typed(tmp_path: Path) -> None:
    path = tmp_path / "sealed.json"
    seal_key(path, KEY, "cafe\u0301 au lait", HOME, cost=CHEAP)
    with pytest.raises(WrongPassphrase):
        open_sealed_key(path, "caf\u00e9 au lait", HOME)
    assert open_sealed_key(path, "cafe\u0301 au lait", HOME) == KEY


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "no sealed key"),
        (b"SQLite format 3\0" + b"\0" * 100, "no sealed key"),
        (b"{}", "no sealed key"),
        (b"[1, 2]", "no sealed key"),
        (b"\xff\xfe", "no sealed key"),
        (b'{"format": "something-else", "version": 9}', "no sealed key"),
        (b'{"format": "clinician-console-sealed-key", "version": 2, "kdf": "argon2id"}', "newer version"),
    ],
)
def test_foreign_files(content: bytes, says: str, tmp_path: Path) -> None:
    path = tmp_path / "foreign.json"
    path.write_bytes(content)
    with pytest.raises(SealedKeyDamaged, match=says):
        open_sealed_key(path, PASSPHRASE, HOME)
    assert path.read_bytes() == content


def test_another_homes_file_is_named(sealed_bytes: bytes, tmp_path: Path) -> None:
    path = tmp_path / "sealed.json"
    path.write_bytes(sealed_bytes)
    with pytest.raises(SealedKeyDamaged, match=f"another home .{HOME}."):
        open_sealed_key(path, PASSPHRASE, uuid4())


@pytest.mark.parametrize(
    "cost", [ScryptCost(n=2**10), ScryptCost(n=2**14 + 1), ScryptCost(n=2**24), ScryptCost(p=10**6), ScryptCost(r=1)]
)
def test_a_cost_that_is_weak_or_would_stop_the_machine_is_not_computed(cost: ScryptCost) -> None:
    assert not cost.sane()
    assert ScryptCost().sane()
    assert CHEAP.sane()


def test_missing_file_is_none(tmp_path: Path) -> None:
    assert open_sealed_key(tmp_path / "none.json", PASSPHRASE, HOME) is None


def test_an_existing_file_is_never_replaced(tmp_path: Path) -> None:
    path = tmp_path / "sealed.json"
    seal_key(path, KEY, PASSPHRASE, HOME, cost=CHEAP)
    with pytest.raises(KnownError, match="exists already"):
        seal_key(path, b"z" * 32, PASSPHRASE, HOME, cost=CHEAP)
    assert open_sealed_key(path, PASSPHRASE, HOME) == KEY


@pytest.mark.parametrize("passphrase", ["", "short12", "undecodable \udcff bytes"])
def test_unusable_passphrases_write_nothing_and_are_not_quoted(passphrase: str, tmp_path: Path) -> None:
    with pytest.raises(KnownError) as caught:
        seal_key(tmp_path / "sealed.json", KEY, passphrase, HOME, cost=CHEAP)
    assert not list(tmp_path.iterdir())
    assert not passphrase or passphrase not in str(caught.value)
    assert caught.value.__cause__ is None


def test_refuses_the_gui_thread(tmp_path: Path) -> None:
    off_gui.mark_gui_thread(threading.get_ident())
    try:
        with pytest.raises(BugError, match="GUI thread"):
            seal_key(tmp_path / "s", KEY, PASSPHRASE, HOME, cost=CHEAP)
        with pytest.raises(BugError, match="GUI thread"):
            open_sealed_key(tmp_path / "s", PASSPHRASE, HOME)
    finally:
        off_gui.mark_gui_thread(None)
