"""Each of the project's own rules catches what it is for, lets the right form pass, and holds in this checkout."""

from pathlib import Path

import pytest

from tests.lint.rules import LONGEST_MODULE, MAY_READ_CLOCK, RULES, check_module, check_tree, check_words

ROOT = Path(__file__).resolve().parents[2]
VIEW = "src/console/views/board/board.py"
TEST = "tests/views/test_board.py"

# rule, path, what breaks it, what does not
CASES = [
    ("commit_in_the_store", "src/console/actions/flags.py", "connection.commit()", "connection.execute(select)"),
    ("commit_in_the_store", "src/console/queries/board.py", "self._engine.begin().commit()", "commit(body)"),
    (
        "sql_in_the_store",
        "src/console/queries/directory.py",
        "connection.exec_driver_sql('SELECT 1')",
        "services.count(connection)",
    ),
    ("no_reset", VIEW, "self.beginResetModel()", "self.beginInsertRows(parent, 0, 1)"),
    ("no_reset", VIEW, "model.endResetModel()", "model.endMoveRows()"),
    ("tips_are_plain", VIEW, "self.setToolTip(words)", "tip(self, words)"),
    ("log_has_arguments", VIEW, "_log.warning(f'no {name}')", "_log.warning('no %s', name)"),
    ("log_has_arguments", VIEW, "self.logger.log(10, 'no %s' % name)", "self.logger.log(10, 'no %s', name)"),
    ("log_has_arguments", VIEW, "logging.error('no ' + name)", "logging.error('no name')"),
    ("log_has_arguments", TEST, "log.info('no {}'.format(name))", "self.dialog.show(f'no {name}')"),
    ("one_clock", VIEW, "now = datetime.now(UTC)", "now = clock.now()"),
    ("one_clock", VIEW, "now = datetime.datetime.now(tz=UTC)", "then = datetime.fromisoformat(text)"),
    ("one_clock", VIEW, "start = time.monotonic()", "start = clock.monotonic()"),
    ("one_clock", VIEW, "from time import perf_counter", "from time import struct_time"),
    ("one_clock", VIEW, "QDateTime.currentDateTimeUtc()", "QDateTime.fromSecsSinceEpoch(n)"),
    ("no_naive_time", TEST, "datetime.now()", "datetime.now(UTC)"),
    ("no_naive_time", TEST, "datetime.utcnow()", "datetime.now(tz=UTC)"),
    ("no_waiting", TEST, "time.sleep(1)", "ready.wait(5)"),
    ("no_waiting", TEST, "qtbot.wait(100)", "qtbot.waitUntil(shown)"),
    ("no_waiting", TEST, "QTest.qWait(100)", "QTest.keyClick(window, key)"),
    ("tr_is_constant", VIEW, "self.tr(f'{count} calls')", "self.tr('%n calls', '', count)"),
    ("tr_is_constant", VIEW, "translate('Board', 'New ' + kind)", "translate('Board', 'New %1').replace('%1', kind)"),
    ("timers_have_parents", VIEW, "QTimer()", "QTimer(self)"),
    ("timers_have_parents", VIEW, "QtCore.QTimer(None)", "QtCore.QTimer(parent=self)"),
    ("timers_have_parents", VIEW, "QThread()", "QThread(self)"),
    ("nothing_swallowed", VIEW, "try: go()\nexcept Exception: pass", "try: go()\nexcept OSError: pass"),
    ("nothing_swallowed", VIEW, "try: go()\nexcept: ...", "try: go()\nexcept Exception: raise"),
    ("nothing_swallowed", VIEW, "try: go()\nexcept (ValueError, Exception):\n 'why'", "try: go()\nfinally: pass"),
    ("nothing_swallowed", VIEW, "with suppress(Exception): go()", "with suppress(OSError): go()"),
    ("known_qt_modules", VIEW, "from PySide6.QtCharts import QChart", "from PySide6.QtWidgets import QLabel"),
    ("known_qt_modules", VIEW, "from PySide6 import QtQml", "from PySide6 import QtCore, __version__"),
    ("known_qt_modules", TEST, "import PySide6.QtGraphs", "import PySide6.QtTest"),
    ("short_enough", VIEW, "x = 1\n" * (LONGEST_MODULE + 1), "x = 1\n" * LONGEST_MODULE),
]


@pytest.mark.parametrize(("rule", "path", "wrong", "right"), CASES, ids=lambda value: value[:40] if value else "")
def test_a_rule_catches_the_wrong_form_and_lets_the_right_one_pass(
    rule: str, path: str, wrong: str, right: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tests.lint.rules.RULES", [one for one in RULES if one.__name__ == rule])
    assert check_module(path, wrong), "the wrong form passed"
    assert check_module(path, right) == [], "the right form was refused"


def test_every_rule_has_a_case() -> None:
    assert {case[0] for case in CASES} == {rule.__name__ for rule in RULES}


def test_the_store_may_commit_and_the_clock_may_read_the_time() -> None:
    assert check_module("src/console/models/store/writer.py", "connection.commit()") == []
    assert check_module(VIEW, "self.editor.commit()") == []
    assert check_module("src/console/clock.py", "datetime.now(UTC)") == []
    assert all((ROOT / path).is_file() for path in MAY_READ_CLOCK), "an exception for a module that is gone"


def test_a_finding_says_where_and_what() -> None:
    (finding,) = check_module(VIEW, "\n\nself.beginResetModel()\n")
    assert str(finding) == f"{VIEW}:3: beginResetModel(): change rows by difference"


def test_words_about_workshop_material_are_found() -> None:
    found = check_words("README.md", "Good.\nSee ../shared" + "/data for more.\nShared/private is fine: shared state.")
    assert [finding.line for finding in found] == [2]


def test_this_checkout_follows_the_rules() -> None:
    assert [str(finding) for finding in check_tree(ROOT)] == []
