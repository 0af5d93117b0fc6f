"""The key store: one allowed backend, a time limit, read-back, and a clear line for each way it fails."""

import importlib.util
import os
import subprocess
import sys
import threading
import traceback
from collections.abc import Callable
from pathlib import Path

import keyring.backends.null
import pytest
from keyring.errors import InitError, KeyringError, KeyringLocked, NoKeyringError

from console import off_gui
from console.errors import BugError
from console.security import keyring_store
from console.security.keyring_store import (
    KeyStore,
    KeyStoreAbsent,
    KeyStoreFailed,
    KeyStoreLocked,
    KeyStoreTimedOut,
    system_key_store,
)
from tests.support.keyring import FakeKeyring, fake_key_store

SECRET = bytes.fromhex("5ec2e7" * 10 + "abcd")


def test_put_and_get() -> None:
    store = fake_key_store()
    assert store.get("an entry") is None
    store.put("an entry", SECRET)
    assert store.get("an entry") == SECRET
    assert store.get("another") is None
    store.probe()


@pytest.mark.parametrize(
    ("failure", "expected", "says"),
    [
        (KeyringLocked("Failed to unlock"), KeyStoreLocked, "Unlock it, then try again"),
        (InitError("Prompt dismissed"), KeyStoreLocked, "Unlock it, then try again"),
        (NoKeyringError("no backend"), KeyStoreAbsent, "not available here"),
        (KeyringError("odd"), KeyStoreFailed, "Repair the key store"),
        (ConnectionResetError("gone"), KeyStoreFailed, "ConnectionResetError"),
    ],
)
def test_each_failure_has_its_line(failure: Exception, expected: type[Exception], says: str) -> None:
    fake = FakeKeyring()
    fake.failure = failure
    store = fake_key_store(fake)
    calls: list[Callable[[], object]] = [lambda: store.get("e"), lambda: store.put("e", SECRET), store.probe]
    for call in calls:
        with pytest.raises(expected, match=says):
            call()


@pytest.mark.skipif(sys.platform != "linux", reason="Secret Service is the key store of Linux")
@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("LockedException", KeyStoreLocked),
        ("PromptDismissedException", KeyStoreLocked),
        ("SecretServiceNotAvailableException", KeyStoreAbsent),
        ("SecretStorageException", KeyStoreFailed),
    ],
)
def test_errors_of_the_secret_service_that_keyring_lets_through(name: str, expected: type[Exception]) -> None:
    from secretstorage import exceptions

    fake = FakeKeyring()
    fake.failure = getattr(exceptions, name)("words of the daemon")
    with pytest.raises(expected):
        fake_key_store(fake).get("e")


def test_a_prompt_nobody_answers_ends_in_a_line_not_in_a_hang() -> None:
    fake = FakeKeyring()
    fake.answers.clear()
    try:
        with pytest.raises(KeyStoreTimedOut, match=r"did not answer within 0\.01 seconds"):
            fake_key_store(fake, time_limit=0.01).get("e")
        waiting = [thread for thread in threading.enumerate() if thread.name == "key store"]
        assert waiting
        assert all(thread.daemon for thread in waiting)
    finally:
        fake.answers.set()
    for thread in waiting:
        thread.join()


def test_a_store_that_forgets_is_found_out_at_once() -> None:
    fake = FakeKeyring()
    fake.forgets = True
    with pytest.raises(KeyStoreFailed, match="does not give it back"):
        fake_key_store(fake).put("e", SECRET)
    null = KeyStore("null", "The null store", keyring.backends.null.Keyring)
    with pytest.raises(KeyStoreFailed, match="does not give it back"):
        null.put("e", SECRET)


def test_an_entry_that_was_changed_is_not_quoted() -> None:
    fake = FakeKeyring()
    store = fake_key_store(fake)
    store.put("e", SECRET)
    fake.entries = dict.fromkeys(fake.entries, "sentinel words, no key")
    with pytest.raises(KeyStoreFailed, match="was changed") as caught:
        store.get("e")
    assert "sentinel" not in "".join(traceback.format_exception(caught.value))


def test_the_secret_is_in_no_repr_and_no_error() -> None:
    fake = FakeKeyring()
    store = fake_key_store(fake)
    store.put("e", SECRET)
    fake.failure = KeyringError(f"cannot store {SECRET.hex()}")
    with pytest.raises(KeyStoreFailed) as caught:
        store.put("e", SECRET)
    for text in (repr(store), str(vars(store)), str(caught.value), caught.value.detail, repr(caught.value)):
        assert SECRET.hex() not in text


def test_refuses_the_gui_thread() -> None:
    off_gui.mark_gui_thread(threading.get_ident())
    try:
        with pytest.raises(BugError, match="key store work was started on the GUI thread"):
            fake_key_store().get("e")
        with pytest.raises(BugError):
            fake_key_store().put("e", SECRET)
    finally:
        off_gui.mark_gui_thread(None)


def test_one_backend_for_each_system_and_none_elsewhere() -> None:
    names = {platform: system_key_store(platform=platform).name for platform in ("linux", "win32", "darwin")}
    assert names == {"linux": "secret-service", "win32": "windows-credential-manager", "darwin": "macos-keychain"}
    with pytest.raises(KeyStoreAbsent, match="sunos5"):
        system_key_store(platform="sunos5")


def test_properties_from_the_environment_do_not_reach_the_backend(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KEYRING_PROPERTY_PREFERRED_COLLECTION", "/org/freedesktop/secrets/collection/session")
    assert "preferred_collection" in vars(FakeKeyring())
    assert vars(keyring_store._plain(FakeKeyring)) == {}


def test_no_plaintext_backend_is_installed() -> None:
    assert importlib.util.find_spec("keyrings") is None


@pytest.mark.skipif(sys.platform != "linux", reason="D-Bus is the way to the key store of Linux")
@pytest.mark.parametrize("override", ["none", "environment", "file"])
def test_without_dbus_there_is_no_key_store_whatever_is_configured(override: str, tmp_path: Path) -> None:
    config = tmp_path / "config" / "python_keyring"
    config.mkdir(parents=True)
    environment = {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": os.pathsep.join(sys.path),
        "HOME": str(tmp_path),
        "XDG_CONFIG_HOME": str(tmp_path / "config"),
        "XDG_RUNTIME_DIR": str(tmp_path / "no-bus-here"),
        "DBUS_SESSION_BUS_ADDRESS": f"unix:path={tmp_path}/no-bus-here",
    }
    if override == "environment":
        environment["PYTHON_KEYRING_BACKEND"] = "keyring.backends.null.Keyring"
    if override == "file":
        (config / "keyringrc.cfg").write_text("[backend]\ndefault-keyring=keyring.backends.null.Keyring\n")
    script = (
        "import keyring, sys\n"
        "from console.security.keyring_store import KeyStoreAbsent, system_key_store\n"
        "print(type(keyring.get_keyring()).__module__)\n"
        "try:\n    system_key_store().put('entry', b'k' * 32)\n"
        "except KeyStoreAbsent as error:\n    print(error)\n"
    )
    run = subprocess.run(
        [sys.executable, "-c", script], env=environment, capture_output=True, text=True, check=True, timeout=60
    )
    libraries_choice, line = run.stdout.splitlines()
    # the override is real: the library itself would have obeyed it
    assert libraries_choice == ("keyring.backends.fail" if override == "none" else "keyring.backends.null")
    assert line == "The key store of this computer (Secret Service) is not available here."
