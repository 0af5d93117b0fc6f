"""What is slow refuses to run on the thread that paints: each of them is called from it."""

import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from console.errors import BugError
from console.handoff.police_pdf import render
from console.handoff.preview import pages
from console.handoff.printing import CupsPrinters, Job, JobState
from console.models.store.backup import restore
from console.models.store.desk import Desk
from console.models.store.health import check
from console.models.store.store import Store
from console.off_gui import mark_gui_thread
from console.security.home_key import create_key
from console.security.keyring_store import KeyStore
from console.security.passwords import hash_password, verify_password
from console.security.preferences import save_preferences
from console.security.sealed_key import open_sealed_key, seal_key
from tests.handoff.sheets import sheet
from tests.support.desk import KEY, clock, desk, home
from tests.support.keyring import FakeKeyring, fake_key_store
from tests.support.sitting import off_gui

__all__ = ["clock", "desk", "home"]


@pytest.fixture(autouse=True)
def gui_thread(desk: Desk) -> Iterator[None]:
    """From here on this is the thread that paints; the desk was opened before."""
    mark_gui_thread(threading.get_ident())
    yield
    mark_gui_thread(None)


def read(desk: Desk) -> None:
    with desk.store.read():
        raise AssertionError("the store was read")


def write(desk: Desk) -> None:
    with desk.store.write():
        raise AssertionError("the store was written")


def key_store() -> KeyStore:
    return fake_key_store(FakeKeyring())


SLOW: dict[str, Callable[[Desk, Path], object]] = {
    "store: read": lambda desk, folder: read(desk),
    "store: write": lambda desk, folder: write(desk),
    "store: append": lambda desk, folder: desk.store.append([]),
    "store: open": lambda desk, folder: Store.open(folder, KEY),
    "store: create": lambda desk, folder: Store.create(folder, KEY),
    "store: check": lambda desk, folder: check(folder, KEY),
    "store: restore": lambda desk, folder: restore(folder / "home", KEY, folder / "backup"),
    "key store: get": lambda desk, folder: key_store().get("entry"),
    "key store: put": lambda desk, folder: key_store().put("entry", KEY),
    "key: seal": lambda desk, folder: seal_key(folder / "sealed", KEY, "four words of a test", desk.device),
    "key: unseal": lambda desk, folder: open_sealed_key(folder / "sealed", "four words of a test", desk.device),
    "key: make": lambda desk, folder: create_key(folder, database=folder / "none", passphrase="four words of a test"),
    "password: hash": lambda desk, folder: hash_password("lantern-orchard-71"),
    "password: verify": lambda desk, folder: verify_password(None, "lantern-orchard-71"),
    "PDF: render": lambda desk, folder: render(sheet()),
    "PDF: preview": lambda desk, folder: pages(b"%PDF", 100),
    "printing: look": lambda desk, folder: CupsPrinters().available(),
    "printing: default": lambda desk, folder: CupsPrinters().default(),
    "printing: print": lambda desk, folder: CupsPrinters().print(b"%PDF", "Front", "Sheet"),
    "printing: state": lambda desk, folder: CupsPrinters().state(Job("Front-1", JobState.QUEUED)),
    "settings: save": lambda desk, folder: save_preferences(folder, {"theme": "dark"}),
}


@pytest.mark.parametrize("what", SLOW)
def test_it_refuses_the_gui_thread(desk: Desk, tmp_path: Path, what: str) -> None:
    with pytest.raises(BugError, match="on the GUI thread"):
        SLOW[what](desk, tmp_path)


def test_any_other_thread_may(desk: Desk) -> None:
    def work() -> int:
        with desk.store.read() as connection:
            return int(connection.exec_driver_sql("SELECT count(*) FROM entry").scalar_one())

    assert off_gui(work) > 0
    assert off_gui(lambda: hash_password("lantern-orchard-71"))
    assert off_gui(lambda: render(sheet())).startswith(b"%PDF")
