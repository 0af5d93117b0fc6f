"""The guards of every test: each one fails the test it should, and leaves the others alone."""

import os
from pathlib import Path

import pytest

from tests.support.runs import blamed, run_tests

NOISE = """
import logging

def test_warns():
    logging.getLogger("store").warning("disk nearly full")

def test_warns_and_says_so(caplog):
    with caplog.at_level(logging.WARNING):
        logging.getLogger("store").error("disk full")

def test_declares_errors_and_warns(caplog):
    with caplog.at_level(logging.ERROR):
        logging.getLogger().setLevel(logging.WARNING)
        logging.getLogger("store").warning("disk nearly full")

def test_listens_to_everything_and_warns(caplog):
    with caplog.at_level(logging.DEBUG):
        logging.getLogger("store").warning("disk nearly full")

def test_informs():
    logging.getLogger("store").info("opened")
"""

THREADS = """
import threading, pytest

stop = threading.Event()

def test_leaves_a_thread():
    threading.Thread(target=stop.wait, name="store").start()

def test_leaves_a_named_daemon():
    threading.Thread(target=stop.wait, name="sync", daemon=True).start()

def test_joins_its_thread():
    thread = threading.Thread(target=lambda: None, name="store")
    thread.start()
    thread.join()

@pytest.fixture(scope="session", autouse=True)
def end():
    yield
    stop.set()
"""

SOCKETS = """
import socket

def test_calls_out():
    socket.create_connection(("192.0.2.1", 80), timeout=1)

def test_stays_on_this_machine():
    with socket.create_server(("127.0.0.1", 0)) as server:
        socket.create_connection(server.getsockname()).close()
"""

WARNINGS = """
import warnings, pytest

def test_warns():
    warnings.warn("old", DeprecationWarning)

@pytest.mark.never_declared
def test_marked():
    pass
"""

HOME = """
import os, pathlib, platformdirs, keyring

def test_home_is_private():
    for path in (pathlib.Path.home(), platformdirs.user_data_path("x"), platformdirs.user_config_path("x")):
        assert path.is_relative_to(os.environ["HOME"])
    assert "console-tests-" in os.environ["HOME"]

def test_no_key_store_is_reached():
    assert type(keyring.get_keyring()).__module__ == "keyring.backends.fail"
"""


def test_a_log_record_nobody_declared_fails_the_test(tmp_path: Path) -> None:
    printed = run_tests(tmp_path, NOISE)
    assert "5 passed, 3 errors" in printed, printed
    assert blamed(printed, "ERROR") == {
        "test_warns",
        "test_declares_errors_and_warns",
        "test_listens_to_everything_and_warns",
    }
    assert printed.count("logged, and not declared with caplog.at_level:\nWARNING store: disk nearly full") == 3


def test_a_thread_left_running_fails_the_test(tmp_path: Path) -> None:
    printed = run_tests(tmp_path, THREADS)
    assert "3 passed, 2 errors" in printed, printed
    assert "threads left running: store" in printed
    assert "threads left running: sync" in printed


def test_a_connection_that_leaves_the_machine_fails_the_test(tmp_path: Path) -> None:
    printed = run_tests(tmp_path, SOCKETS)
    assert "1 failed, 1 passed" in printed, printed
    assert blamed(printed, "FAILED") == {"test_calls_out"}


def test_warnings_and_unknown_marks_are_errors(tmp_path: Path) -> None:
    printed = run_tests(tmp_path, WARNINGS)
    assert "'never_declared' not found in `markers`" in printed, printed
    printed = run_tests(tmp_path, WARNINGS.replace("@pytest.mark.never_declared", ""))
    assert "1 failed, 1 passed" in printed, printed
    assert "DeprecationWarning: old" in printed


def test_home_and_key_store_are_not_the_persons_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home = tmp_path / "someone"
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("XDG_DATA_HOME", str(home / "data"))
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.null.Keyring")
    printed = run_tests(tmp_path, HOME)
    assert "2 passed" in printed, printed
    assert not home.exists()
    assert not [name for name in os.listdir(tmp_path) if name.startswith("console-tests-")]


QT_BY_ANY_MEANS = """
import importlib, pytest

@pytest.mark.parametrize("name", ["PySide6", "PySide6.QtCore", "shiboken6", "pytestqt"])
def test_qt_is_not_there(name):
    with pytest.raises(ModuleNotFoundError):
        importlib.import_module(name)

def test_the_rest_is():
    import sqlcipher3, sqlalchemy
"""


def test_a_run_without_qt_cannot_import_it_by_any_means(tmp_path: Path) -> None:
    printed = run_tests(tmp_path, QT_BY_ANY_MEANS, "-p", "tests.support.no_qt")
    assert "5 passed" in printed, printed


BELOW_THE_BRIDGE = """
import importlib, pkgutil
import console, wire

ABOVE = ("console.app", "console.bridge", "console.views")

def test_every_module_below_the_bridge_imports():
    names = [
        found.name
        for package in (console, wire)
        for found in pkgutil.walk_packages(package.__path__, package.__name__ + ".", onerror=lambda name: None)
        if not found.name.startswith(ABOVE) and ".migrations" not in found.name
    ]
    assert len(names) > 50
    for name in names:
        importlib.import_module(name)
"""


def test_everything_below_the_bridge_imports_without_qt(tmp_path: Path) -> None:
    printed = run_tests(tmp_path, BELOW_THE_BRIDGE, "-p", "tests.support.no_qt")
    assert "1 passed" in printed, printed
