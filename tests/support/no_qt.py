"""A pytest plugin for a machine without Qt: ``python -m pytest -p tests.support.no_qt``.

PySide6 cannot be imported by any means, ``importlib`` included. ``make test`` runs everything this way but the tests
of windows, and those of the regional server and of sharing, which have a run with Qt: whatever passes here works on a
server or in a script without Qt.
"""

import sys
from collections.abc import Sequence
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec
from types import ModuleType

import pytest

QT = frozenset({"PySide6", "shiboken6", "pytestqt"})


class RefuseQt(MetaPathFinder):
    """Answers for Qt's packages before anyone else, with a refusal."""

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if fullname.partition(".")[0] in QT:
            raise ModuleNotFoundError(f"{fullname} is not importable in this run", name=fullname)
        return None


sys.meta_path.insert(0, RefuseQt())


def pytest_addoption(parser: pytest.Parser, pluginmanager: pytest.PytestPluginManager) -> None:
    pluginmanager.set_blocked("pytest-qt")
    for option in ("qt_api", "qt_log_level_fail", "qt_log_ignore"):
        parser.addini(option, "pytest-qt's, which is absent here", type="args")
