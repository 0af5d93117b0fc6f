"""``store check``: one line for each thing that must be right."""

import os
from pathlib import Path

import pytest

from console.models.call import CallMessaged
from console.models.store import engine as engines
from console.models.store import health
from console.models.store.health import Finding
from console.models.store.store import Store
from tests.support.desk import KEY, ROLES, found_home_files, founded_home
from tests.support.entries import Author, at, named


def check(home: Path, key: bytes = KEY) -> dict[str, Finding]:
    return {finding.thing: finding for finding in health.check(home, key)}


def test_a_sound_store_is_all_right(home: Path) -> None:
    found = check(founded_home(home))
    assert all(finding.ok for finding in found.values())
    assert list(found) == ["library", "space", "file", "permissions", "pages", "tables", "journal"]
    assert found["journal"].says == f"{2 + len(ROLES)} entries"


def test_a_store_in_use_can_be_checked(store: Store) -> None:
    store.append([Author().write(named("call"), CallMessaged(at(), "to nobody"))])
    found = check(store.home)
    assert all(finding.ok for finding in found.values())
    assert found["attention"].says.startswith("0 entries were refused and 1 make no sense")


def test_looking_changes_nothing(home: Path) -> None:
    founded_home(home)
    before = {path.name: path.read_bytes() for path in found_home_files(home)}
    check(home)
    check(home, bytes(32))
    assert {path.name: path.read_bytes() for path in found_home_files(home)} == before


def test_a_missing_store_is_said(home: Path) -> None:
    found = check(home)
    assert not found["file"].ok
    assert "no store" in found["file"].says


def test_a_missing_home_is_said(tmp_path: Path) -> None:
    found = check(tmp_path / "nowhere")
    assert not found["space"].ok
    assert not found["file"].ok


def test_another_key_is_said(home: Path) -> None:
    found = check(founded_home(home), bytes(32))
    assert "cannot be read with this desk's key" in found["opening"].says
    assert not found["opening"].ok


def test_a_damaged_page_is_found_with_what_to_do(home: Path) -> None:
    path = founded_home(home) / engines.DATABASE
    with path.open("r+b") as opened:
        opened.seek(path.stat().st_size - 2000)
        opened.write(b"\0\0\0\0")
    found = check(home)
    assert not found["pages"].ok
    assert "store restore FILE" in found["pages"].says


def test_a_cut_file_is_found(home: Path) -> None:
    path = founded_home(home) / engines.DATABASE
    os.truncate(path, path.stat().st_size - 4096)
    assert not all(finding.ok for finding in check(home).values())


@pytest.mark.parametrize("what", ["home", "file"])
def test_what_others_may_read_is_said_with_the_mode_to_set(home: Path, what: str) -> None:
    path = founded_home(home) / engines.DATABASE
    (home if what == "home" else path).chmod(0o755 if what == "home" else 0o644)
    found = check(home)["permissions"]
    assert not found.ok
    assert ("0700" if what == "home" else "0600") in found.says


def test_a_disk_that_is_nearly_full_is_said(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "LOW_SPACE", 10**18)
    found = check(founded_home(home))["space"]
    assert not found.ok
    assert "MB are free" in found.says
    assert health.free_space(home) > 0


def test_an_unfit_library_is_said(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sqlcipher3.dbapi2.sqlite_version_info", (3, 51, 2))
    assert not check(founded_home(home))["library"].ok
