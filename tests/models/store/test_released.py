"""Stores that released versions wrote still open, verify, and fold to the record they had."""

import shutil
from pathlib import Path

import pytest

from console.models.store import attention, backup, rebuild, schema, verify
from console.models.store import drafts as kept_drafts
from console.models.store.engine import DATABASE
from console.models.store.store import Store
from tests.models.store.released import FOLDER, KEY
from tests.support.desk import record_of
from tests.support.entries import Author, named

RELEASED = sorted(path.stem for path in FOLDER.glob("*.db"))
# What each file held when it was made: entries, kinds, rows of the record, refused, senseless.
HELD = {
    "0001": (61, 59, 13, 1, 8),
    "0002": (61, 59, 13, 1, 9),
    "0003": (70, 68, 15, 1, 11),
    "0004": (72, 70, 15, 1, 11),
}


def test_every_released_revision_is_here() -> None:
    assert schema.HEAD in RELEASED
    assert set(RELEASED) == schema.known_revisions() == set(HELD)


@pytest.fixture
def old_home(home: Path, revision: str) -> Path:
    shutil.copy(FOLDER / f"{revision}.db", home / DATABASE)
    (home / DATABASE).chmod(0o600)
    return home


@pytest.mark.parametrize("revision", RELEASED)
def test_a_released_store_opens_verifies_and_is_the_fold_of_its_journal(old_home: Path, revision: str) -> None:
    with Store.open(old_home, KEY) as store:
        assert verify.verify(store).whole
        rebuild.refold_outdated(store)
        before = record_of(store)
        report = rebuild.rebuild(store)
        if revision == schema.HEAD:
            assert report.differences == ()
            assert record_of(store) == before
        with store.read() as connection:
            entries, kinds = connection.exec_driver_sql("SELECT count(*), count(DISTINCT kind) FROM entry").one()
            refused, senseless = attention.counts(connection)
            (draft,) = kept_drafts.of_author(connection, Author("released").actor)
            verifiers = connection.exec_driver_sql("SELECT verifier FROM credential").scalars().all()
        assert (entries, kinds, report.rows, refused, senseless) == HELD[revision]
        assert (draft.text, verifiers) == ("typed", ["a verifier"])
        assert not store.append([])


@pytest.mark.parametrize("revision", RELEASED)
def test_a_released_backup_can_be_restored(home: Path, revision: str) -> None:
    report = backup.restore(home, KEY, FOLDER / f"{revision}.db")
    assert report.contents.entries == HELD[revision][0]
    assert report.contents.revision == revision


@pytest.mark.parametrize("revision", RELEASED)
def test_what_only_a_later_version_understands_is_still_there(old_home: Path, revision: str) -> None:
    with Store.open(old_home, KEY) as store, store.read() as connection:
        body = connection.exec_driver_sql(
            "SELECT body FROM entry WHERE subject = ?", (named("released", "team").bytes,)
        ).scalar_one()
    assert body == '{"from":"a later version"}'
