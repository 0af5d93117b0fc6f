"""The real Secret Service: a session bus and a GNOME keyring of our own, with nobody's keys in it."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

NEEDED = ("dbus-run-session", "gnome-keyring-daemon")

SCENARIO = """
from contextlib import closing
from pathlib import Path
import sys
import secretstorage
from console.errors import KnownError
from console.security.hardening import harden_process
from console.security.home_key import create_key, key_record, open_key
from console.security.keyring_store import system_key_store

harden_process()  # a process that may not be traced still reaches its key store
home = Path(sys.argv[1])
store = system_key_store()
store.probe()
key = create_key(home, database=home / "journal.db", key_store=store)
print("created", len(key), key_record(home).sealed_by)
print("opened", open_key(home) == key)
with closing(secretstorage.dbus_init()) as bus:
    collection = secretstorage.get_default_collection(bus)
    items = list(collection.search_items({"service": key_record(home).entry()}))
    print("entries", len(items), items[0].get_secret() == key.hex().encode())
    collection.lock()
try:
    open_key(home)
except KnownError as error:
    print(type(error).__name__, error)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="Secret Service is the key store of Linux")
@pytest.mark.skipif(
    any(shutil.which(program) is None for program in NEEDED),
    reason=f"not installed: {', '.join(p for p in NEEDED if shutil.which(p) is None)} (packages dbus, gnome-keyring)",
)
def test_database_key_in_a_real_gnome_keyring(tmp_path: Path) -> None:
    folders = {name: tmp_path / name for name in ("home", "data", "config", "cache", "run")}
    for folder in folders.values():
        folder.mkdir(mode=0o700)
    scenario = tmp_path / "scenario.py"
    scenario.write_text(SCENARIO)
    environment = {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": os.pathsep.join(sys.path),
        "PYTHONDONTWRITEBYTECODE": "1",
        "HOME": str(folders["home"]),
        "XDG_DATA_HOME": str(folders["data"]),
        "XDG_CONFIG_HOME": str(folders["config"]),
        "XDG_CACHE_HOME": str(folders["cache"]),
        "XDG_RUNTIME_DIR": str(folders["run"]),
        # each of these would lose the key, were it obeyed
        "PYTHON_KEYRING_BACKEND": "keyring.backends.null.Keyring",
        "KEYRING_PROPERTY_PREFERRED_COLLECTION": "/org/freedesktop/secrets/collection/session",
    }
    unlocked = "printf login-password | gnome-keyring-daemon --unlock --components=secrets >/dev/null && exec "
    run = subprocess.run(
        ["dbus-run-session", "--", "sh", "-c", unlocked + '"$0" "$@"', sys.executable, scenario, folders["home"]],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=90,
    )
    assert run.returncode == 0, run.stderr
    assert run.stdout.splitlines() == [
        "created 32 secret-service",
        "opened True",
        "entries 1 True",
        "KeyStoreLocked The key store of this computer (Secret Service) is locked, or its unlock window was closed. "
        "Unlock it, then try again.",
    ]
    assert (folders["data"] / "keyrings" / "login.keyring").is_file()  # on the disk, not in a session's memory
