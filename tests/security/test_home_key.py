"""The key of a home: kept in one place, recognized, never replaced, and every way of losing it has its own line."""

import json
import logging
import os
import stat
from pathlib import Path
from uuid import UUID

import pytest

from console.errors import KnownError
from console.security import home_key
from console.security.home_key import (
    KeyKeptElsewhere,
    KeyMissing,
    KeyRecordDamaged,
    NoKeyRecord,
    PassphraseNeeded,
    PassphraseNotAllowed,
    WrongKey,
    check_value,
    create_key,
    key_record,
    needs_passphrase,
    new_key,
    open_key,
    opens_unasked,
    passphrase_from,
)
from console.security.keyring_store import KeyStore, KeyStoreAbsent, KeyStoreFailed, KeyStoreTimedOut
from console.security.sealed_key import ScryptCost, SealedKeyDamaged, WrongPassphrase
from tests.support.keyring import FakeKeyring, fake_key_store

CHEAP = ScryptCost(n=2**14)
PASSPHRASE = "sentinel passphrase"


@pytest.fixture
def database(tmp_path: Path) -> Path:
    return tmp_path / "journal.db"


def sealed(home: Path) -> bytes:
    return create_key(home, database=home / "journal.db", passphrase=PASSPHRASE, cost=CHEAP)


class NoKeyStore(KeyStore):
    """A computer without a key store."""

    def __init__(self) -> None:
        def backend() -> FakeKeyring:
            from keyring.errors import NoKeyringError

            raise NoKeyringError("none")

        super().__init__("secret-service", "The key store of this computer", backend)


def test_key_in_the_key_store(tmp_path: Path, database: Path) -> None:
    fake = FakeKeyring()
    key = create_key(tmp_path, database=database, key_store=fake_key_store(fake))
    assert len(key) == 32
    assert open_key(tmp_path, key_store=fake_key_store(fake)) == key
    record = key_record(tmp_path)
    assert record is not None
    assert record.sealed_by == "fake"
    assert list(fake.entries) == [(record.entry(), "database key")]
    assert os.listdir(tmp_path) == ["key.json"]
    assert stat.S_IMODE((tmp_path / "key.json").stat().st_mode) == 0o600


def test_key_under_a_passphrase_needs_no_key_store(tmp_path: Path) -> None:
    key = sealed(tmp_path)
    assert open_key(tmp_path, passphrase=PASSPHRASE, key_store=NoKeyStore()) == key
    record = key_record(tmp_path)
    assert record is not None
    assert record.sealed_by == "passphrase"
    assert sorted(os.listdir(tmp_path)) == ["key.json", f"sealed-key-{record.home}.json"]


def test_keys_of_two_homes_differ_and_do_not_meet(tmp_path: Path) -> None:
    fake = FakeKeyring()
    homes = [tmp_path / "a", tmp_path / "b"]
    keys = []
    for home in homes:
        home.mkdir()
        keys.append(create_key(home, database=home / "journal.db", key_store=fake_key_store(fake)))
    assert keys[0] != keys[1]
    assert [open_key(home, key_store=fake_key_store(fake)) for home in homes] == keys


def test_no_file_holds_the_key_or_the_passphrase(tmp_path: Path) -> None:
    key = sealed(tmp_path)
    for path in tmp_path.iterdir():
        content = path.read_bytes()
        for secret in (key, key.hex().encode(), PASSPHRASE.encode()):
            assert secret not in content


def test_nothing_secret_is_logged_or_shown(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    key = sealed(tmp_path)
    open_key(tmp_path, passphrase=PASSPHRASE)
    with pytest.raises(WrongPassphrase) as caught:
        open_key(tmp_path, passphrase="sentinel wrong one")
    shown = caplog.text + repr(key_record(tmp_path)) + repr(caught.value) + caught.value.detail
    assert "sentinel" not in shown
    assert key.hex() not in shown


def test_an_existing_database_never_gets_a_new_key(tmp_path: Path, database: Path) -> None:
    database.write_bytes(b"the journal of a year")
    for passphrase in (None, PASSPHRASE):
        with pytest.raises(KnownError, match=r"journal\.db exists already"):
            create_key(tmp_path, database=database, passphrase=passphrase, key_store=fake_key_store())
    assert os.listdir(tmp_path) == ["journal.db"]


def test_an_interrupted_set_up_goes_on_with_the_key_it_made(tmp_path: Path, database: Path) -> None:
    fake = FakeKeyring()
    key = create_key(tmp_path, database=database, key_store=fake_key_store(fake))
    assert create_key(tmp_path, database=database, key_store=fake_key_store(fake)) == key
    with pytest.raises(KeyMissing):
        create_key(tmp_path, database=database, key_store=fake_key_store(FakeKeyring()))
    assert len(fake.entries) == 1


def test_a_set_up_after_the_record_was_moved_away_keeps_the_old_sealed_key(tmp_path: Path) -> None:
    sealed(tmp_path)
    old_record = key_record(tmp_path)
    assert old_record is not None
    old = old_record.sealed_file(tmp_path).read_bytes()
    (tmp_path / "key.json").rename(tmp_path / "key.json.aside")
    sealed(tmp_path)
    assert old_record.sealed_file(tmp_path).read_bytes() == old


def test_a_write_that_fails_leaves_no_record_and_a_late_one_harms_nothing(tmp_path: Path, database: Path) -> None:
    fake = FakeKeyring()
    fake.answers.clear()
    with pytest.raises(KeyStoreTimedOut):
        create_key(tmp_path, database=database, key_store=fake_key_store(fake, time_limit=0.01))
    assert not list(tmp_path.iterdir())
    second = FakeKeyring()
    key = create_key(tmp_path, database=database, key_store=fake_key_store(second))
    second.entries.update(fake.entries)
    fake.answers.set()
    assert open_key(tmp_path, key_store=fake_key_store(second)) == key


def test_a_store_that_forgets_leaves_no_record(tmp_path: Path, database: Path) -> None:
    fake = FakeKeyring()
    fake.forgets = True
    with pytest.raises(KeyStoreFailed):
        create_key(tmp_path, database=database, key_store=fake_key_store(fake))
    assert not list(tmp_path.iterdir())


def test_missing_entry_says_what_to_restore_and_changes_nothing(tmp_path: Path, database: Path) -> None:
    fake = FakeKeyring()
    create_key(tmp_path, database=database, key_store=fake_key_store(fake))
    before = (tmp_path / "key.json").read_bytes()
    fake.entries.clear()
    with pytest.raises(KeyMissing, match="restore that entry from a backup") as caught:
        open_key(tmp_path, key_store=fake_key_store(fake))
    record = key_record(tmp_path)
    assert record is not None
    assert record.entry() in str(caught.value)
    assert fake.entries == {}
    assert (tmp_path / "key.json").read_bytes() == before


def test_missing_sealed_file_says_what_to_restore(tmp_path: Path) -> None:
    sealed(tmp_path)
    record = key_record(tmp_path)
    assert record is not None
    record.sealed_file(tmp_path).unlink()
    with pytest.raises(KeyMissing, match="Restore it from a backup"):
        open_key(tmp_path, passphrase=PASSPHRASE)
    assert os.listdir(tmp_path) == ["key.json"]


def test_another_key_store_is_refused_even_when_it_has_the_entry(tmp_path: Path, database: Path) -> None:
    fake = FakeKeyring()
    create_key(tmp_path, database=database, key_store=fake_key_store(fake, name="secret-service"))
    with pytest.raises(KeyKeptElsewhere, match=r"“secret-service”.*“macos-keychain”"):
        open_key(tmp_path, key_store=fake_key_store(fake, name="macos-keychain"))


def test_a_passphrase_does_not_flip_a_key_store_home(tmp_path: Path, database: Path) -> None:
    fake = FakeKeyring()
    key = create_key(tmp_path, database=database, key_store=fake_key_store(fake))
    assert open_key(tmp_path, passphrase=PASSPHRASE, key_store=fake_key_store(fake)) == key
    with pytest.raises(KeyKeptElsewhere):
        open_key(tmp_path, passphrase=PASSPHRASE, key_store=NoKeyStore())
    assert os.listdir(tmp_path) == ["key.json"]


def test_sealed_home_without_a_passphrase_asks_for_it(tmp_path: Path) -> None:
    sealed(tmp_path)
    with pytest.raises(PassphraseNeeded, match="CLINICIAN_CONSOLE_PASSPHRASE"):
        open_key(tmp_path, key_store=fake_key_store())


def test_only_a_home_that_was_set_up_and_needs_no_passphrase_opens_unasked(tmp_path: Path) -> None:
    kept, under_a_passphrase, damaged, new = (tmp_path / name for name in ("kept", "sealed", "damaged", "new"))
    for home in (kept, under_a_passphrase, damaged):
        home.mkdir()
    create_key(kept, database=kept / "journal.db", key_store=fake_key_store())
    sealed(under_a_passphrase)
    (damaged / "key.json").write_bytes(b"{}")
    assert opens_unasked(kept)
    assert not opens_unasked(under_a_passphrase)
    assert opens_unasked(under_a_passphrase, PASSPHRASE)
    assert not opens_unasked(damaged), "opening it says what is wrong"
    assert not opens_unasked(new)


def test_no_key_store_and_no_passphrase_says_both_ways_out(tmp_path: Path, database: Path) -> None:
    with pytest.raises(KeyStoreAbsent, match="CLINICIAN_CONSOLE_PASSPHRASE"):
        create_key(tmp_path, database=database, key_store=NoKeyStore())
    with pytest.raises(KeyStoreAbsent) as caught:
        create_key(tmp_path, database=database, key_store=NoKeyStore(), passphrase_allowed=False)
    assert "PASSPHRASE" not in str(caught.value)
    assert not list(tmp_path.iterdir())


def test_policy_without_passphrases(tmp_path: Path, database: Path) -> None:
    with pytest.raises(PassphraseNotAllowed, match="ask the administrator"):
        create_key(tmp_path, database=database, passphrase=PASSPHRASE, passphrase_allowed=False)
    assert not list(tmp_path.iterdir())


def test_wrong_key_is_told_from_a_damaged_file(tmp_path: Path, database: Path) -> None:
    fake = FakeKeyring()
    create_key(tmp_path, database=database, key_store=fake_key_store(fake))
    fake.entries = dict.fromkeys(fake.entries, ("00" * 32))
    with pytest.raises(WrongKey, match="key of another database"):
        open_key(tmp_path, key_store=fake_key_store(fake))


def test_check_value_depends_on_key_and_home_and_is_short() -> None:
    one, two = new_key(), new_key()
    home, other = UUID(int=1), UUID(int=2)
    assert check_value(one, home) == check_value(one, home)
    assert len({check_value(one, home), check_value(two, home), check_value(one, other)}) == 3
    assert len(check_value(one, home)) == 16


def test_no_record(tmp_path: Path) -> None:
    assert key_record(tmp_path) is None
    with pytest.raises(NoKeyRecord, match="never set up, or the file was removed"):
        open_key(tmp_path, key_store=fake_key_store())


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "truncated or was changed"),
        (b"\xff\xfe\x00", "truncated or was changed"),
        (b"{}", "truncated or was changed"),
        (b'{"format":"clinician-console-key","version":1,"home":"x","sealed_by":"a","check":"b"}', "truncated"),
        (b'{"format":"clinician-console-key","version":2}', "newer version"),
    ],
)
def test_damaged_records(content: bytes, says: str, tmp_path: Path) -> None:
    (tmp_path / "key.json").write_bytes(content)
    with pytest.raises(KeyRecordDamaged, match=says):
        open_key(tmp_path, key_store=fake_key_store())
    assert (tmp_path / "key.json").read_bytes() == content


def test_every_changed_byte_of_the_record_is_refused(tmp_path: Path, database: Path) -> None:
    fake = FakeKeyring()
    create_key(tmp_path, database=database, key_store=fake_key_store(fake))
    path = tmp_path / "key.json"
    whole = path.read_bytes()
    for at in range(len(whole)):
        changed = bytearray(whole)
        changed[at] ^= 1
        path.write_bytes(changed)
        with pytest.raises((KeyRecordDamaged, KeyKeptElsewhere, KeyMissing, WrongKey)):
            open_key(tmp_path, key_store=fake_key_store(fake))


def test_sealed_file_of_another_home(tmp_path: Path) -> None:
    homes = [tmp_path / "a", tmp_path / "b"]
    records = []
    for home in homes:
        home.mkdir()
        sealed(home)
        records.append(key_record(home))
    assert records[0] is not None
    assert records[1] is not None
    records[1].sealed_file(homes[1]).replace(records[0].sealed_file(homes[0]))
    with pytest.raises(SealedKeyDamaged, match="another home"):
        open_key(homes[0], passphrase=PASSPHRASE)


def test_record_text_is_plain_json_for_support(tmp_path: Path) -> None:
    sealed(tmp_path)
    stored = json.loads((tmp_path / "key.json").read_text())
    assert list(stored) == ["format", "version", "home", "sealed_by", "check"]


def test_passphrase_from_the_environment() -> None:
    assert passphrase_from({}) is None
    assert passphrase_from({home_key.PASSPHRASE_VARIABLE: ""}) is None
    assert passphrase_from({home_key.PASSPHRASE_VARIABLE: " as typed "}) == " as typed "


def test_only_a_key_store_that_is_absent_asks_for_a_passphrase(tmp_path: Path) -> None:
    assert needs_passphrase(tmp_path, NoKeyStore())
    assert not needs_passphrase(tmp_path, fake_key_store(FakeKeyring()))

    class Locked(KeyStore):
        def probe(self) -> None:
            raise KeyStoreTimedOut("It did not answer.")

    assert not needs_passphrase(tmp_path, Locked("locked", "The key store", FakeKeyring))
    assert list(tmp_path.iterdir()) == [], "asking makes nothing"


def test_a_set_up_that_was_cut_off_goes_on_with_the_key_it_made(tmp_path: Path) -> None:
    sealed(tmp_path)
    assert needs_passphrase(tmp_path, fake_key_store(FakeKeyring()))
