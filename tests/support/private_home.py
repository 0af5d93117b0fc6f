"""A home of its own for a test run, so that no test reads or changes anything of the person who runs it."""

import os
import tempfile
from pathlib import Path

_GONE = (
    "DBUS_SESSION_BUS_ADDRESS",  # the way to the person's key store
    "WAYLAND_DISPLAY",
    "CLINICIAN_CONSOLE_HOME",
    "CLINICIAN_CONSOLE_PASSPHRASE",
    "CLINICIAN_CONSOLE_PASSWORD",
    "QT_SCALE_FACTOR",
    "QT_STYLE_OVERRIDE",
    "QT_FONT_DPI",
)


def enter() -> tempfile.TemporaryDirectory[str]:
    """Point home, configuration, data, cache and key store at a new empty folder; the caller cleans it up."""
    folder = tempfile.TemporaryDirectory(prefix="console-tests-", ignore_cleanup_errors=True)
    home = Path(folder.name)
    for variable in ("HOME", "USERPROFILE"):
        os.environ[variable] = str(home)
    for variable, below in (
        ("XDG_CONFIG_HOME", ".config"),
        ("XDG_DATA_HOME", ".local/share"),
        ("XDG_STATE_HOME", ".local/state"),
        ("XDG_CACHE_HOME", ".cache"),
        ("XDG_RUNTIME_DIR", ".run"),
        ("APPDATA", "AppData/Roaming"),
        ("LOCALAPPDATA", "AppData/Local"),
    ):
        (home / below).mkdir(mode=0o700, parents=True)
        os.environ[variable] = str(home / below)
    for variable in _GONE:
        os.environ.pop(variable, None)
    # A test that wants a key store brings one; the default is the machine that has none.
    os.environ["PYTHON_KEYRING_BACKEND"] = "keyring.backends.fail.Keyring"
    # CONSOLE_TEST_PLATFORM=xcb runs the window tests on the X server of DISPLAY instead of on none.
    os.environ["QT_QPA_PLATFORM"] = platform = os.environ.get("CONSOLE_TEST_PLATFORM", "offscreen")
    if platform != "xcb":
        os.environ.pop("DISPLAY", None)
    return folder
