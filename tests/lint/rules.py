"""The project's own rules, as checks of the syntax tree, for what ruff and import-linter cannot see.

Each rule is a function that takes a parsed :class:`Source` and yields what it finds; ``RULES`` lists them. A rule that
has exceptions names them here, each with its reason.
"""

import ast
from collections.abc import Callable, Iterator
from pathlib import Path, PurePosixPath
from typing import NamedTuple

from tests.lint.quotes import PROTOCOL, check_quotes

LONGEST_MODULE = 420

# Where a list may be reset whole instead of changed row by row (which keeps selection and scroll).
MAY_RESET: frozenset[str] = frozenset()

# Who reads the time besides the clock that is passed around.
MAY_READ_CLOCK = {
    "src/console/clock.py": "the clock itself",
    "src/regional/clock.py": "the server's clock itself",
    "src/console/bridge/watchdog.py": "measures real stalls of the real thread, whatever time tests pretend",
    "src/wire/envelope.py": "a version 7 UUID starts with the time; nothing reads it back",
}

# What may be imported of Qt: modules under the LGPL that PySide6_Essentials has and the console needs.
QT_MODULES = frozenset({"QtCore", "QtDBus", "QtGui", "QtPrintSupport", "QtSvg", "QtSvgWidgets", "QtTest", "QtWidgets"})

# Those under the GPL only, by https://doc.qt.io/qt-6/qtmodules.html, that PySide6 wraps.
QT_UNDER_GPL_ONLY = frozenset(
    {
        *("QtCharts", "QtDataVisualization", "QtGraphs", "QtGraphsWidgets", "QtHttpServer", "QtNetworkAuth"),
        *("QtQuick3D", "QtVirtualKeyboard"),
    }
)


class Finding(NamedTuple):
    """One place that breaks a rule."""

    path: str
    line: int
    message: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.message}"


class Source(NamedTuple):
    """A module: its path from the root of the repository, its text, and its syntax tree."""

    path: str
    text: str
    tree: ast.Module

    @property
    def shipped(self) -> bool:
        return self.path.startswith("src/")

    def within(self, *folders: str) -> bool:
        return any(PurePosixPath(self.path).is_relative_to(folder) for folder in folders)

    def calls(self) -> Iterator[tuple[ast.Call, str, str]]:
        """Every call, with the dotted name called and its last part (``""`` where it has no plain name)."""
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Call):
                dotted = _dotted(node.func)
                yield node, dotted, dotted.rpartition(".")[2]


Rule = Callable[[Source], Iterator[tuple[int, str]]]


def _dotted(node: ast.expr) -> str:
    """``a.b.c`` for a chain of names, ``.c`` for an attribute of anything else."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        return f"{_dotted(node.value)}.{node.attr}"
    return ""


def _is_built(node: ast.expr) -> bool:
    """Whether a string is put together on the spot: an f-string, ``+``, ``%`` or ``.format()``."""
    if isinstance(node, ast.JoinedStr):
        return True
    if isinstance(node, ast.BinOp):
        return isinstance(node.op, ast.Add | ast.Mod) and any(
            _is_built(side) or (isinstance(side, ast.Constant) and isinstance(side.value, str))
            for side in (node.left, node.right)
        )
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "format"


def commit_in_the_store(source: Source) -> Iterator[tuple[int, str]]:
    """An append and its fold are one transaction, and the store alone ends it.

    In a view, to commit is what an editor does with what was typed: no connection can be named there.
    """
    if source.shipped and not source.within("src/console/models/store", "src/console/views", "src/regional"):
        for call, dotted, name in source.calls():
            if name == "commit" and dotted != "commit":
                yield call.lineno, "commit() outside console.models.store"


def sql_in_the_store(source: Source) -> Iterator[tuple[int, str]]:
    """A table is known to the store alone: a query elsewhere asks one of its readers."""
    if source.shipped and not source.within("src/console/models/store", "src/regional"):
        for call, _, name in source.calls():
            if name == "exec_driver_sql":
                yield call.lineno, "SQL outside console.models.store"


def no_reset(source: Source) -> Iterator[tuple[int, str]]:
    """A reset can put the selection on another caller."""
    if source.shipped and source.path not in MAY_RESET:
        for call, _, name in source.calls():
            if name in {"beginResetModel", "endResetModel"}:
                yield call.lineno, f"{name}(): change rows by difference"


def log_has_arguments(source: Source) -> Iterator[tuple[int, str]]:
    """The message of a log call is a constant, so what a caller said cannot slip into it unseen."""
    levels = {"debug", "info", "warning", "error", "critical", "exception"}
    for call, dotted, name in source.calls():
        receiver = dotted.rpartition(".")[0].rpartition(".")[2].lower()
        if "log" not in receiver:
            continue
        message = call.args[:1] if name in levels else call.args[1:2] if name == "log" else []
        if message and _is_built(message[0]):
            yield call.lineno, "log message built on the spot: pass the values as arguments"


def one_clock(source: Source) -> Iterator[tuple[int, str]]:
    """Time comes from the Clock that is passed in, else tests cannot set it and two readings can disagree."""
    reads = {
        *("datetime.now", "datetime.utcnow", "datetime.today", "date.today"),
        *("time.time", "time.time_ns", "time.monotonic", "time.monotonic_ns", "time.perf_counter"),
        *("time.perf_counter_ns", "time.localtime", "time.gmtime"),
        *("QDateTime.currentDateTime", "QDateTime.currentDateTimeUtc", "QDateTime.currentMSecsSinceEpoch"),
        *("QDate.currentDate", "QTime.currentTime"),
    }
    if source.shipped and source.path not in MAY_READ_CLOCK:
        for call, dotted, _ in source.calls():
            if ".".join(dotted.split(".")[-2:]) in reads:
                yield call.lineno, f"{dotted}(): take a Clock"
        for node in ast.walk(source.tree):
            if isinstance(node, ast.ImportFrom) and node.module == "time":
                for alias in node.names:
                    if f"time.{alias.name}" in reads:
                        yield node.lineno, f"from time import {alias.name}: take a Clock"


def no_naive_time(source: Source) -> Iterator[tuple[int, str]]:
    """Every moment knows its zone, in tests too."""
    for call, dotted, _ in source.calls():
        last_two = ".".join(dotted.split(".")[-2:])
        if last_two in {"datetime.utcnow", "datetime.utcfromtimestamp", "datetime.today"}:
            yield call.lineno, f"{last_two}() has no time zone"
        if last_two == "datetime.now" and not call.args and not call.keywords:
            yield call.lineno, "datetime.now() has no time zone"


def no_waiting(source: Source) -> Iterator[tuple[int, str]]:
    """A test waits for something to happen, never for time to pass."""
    if source.within("tests"):
        for call, dotted, name in source.calls():
            if dotted in {"time.sleep", "sleep"} or name in {"qWait", "qSleep"} or dotted == "qtbot.wait":
                yield call.lineno, f"{dotted}(): wait for a condition or a signal"


def tr_is_constant(source: Source) -> Iterator[tuple[int, str]]:
    """Only constants can be collected for translators; fill them in afterwards."""
    for call, _, name in source.calls():
        if name in {"tr", "translate"} and any(_is_built(argument) for argument in call.args):
            yield call.lineno, f"{name}() of a text built on the spot"


def timers_have_parents(source: Source) -> Iterator[tuple[int, str]]:
    """What has a parent ends with it; a timer without one fires into windows that are gone."""
    if source.shipped:
        for call, _, name in source.calls():
            if name in {"QTimer", "QThread"} and not _parent(call):
                yield call.lineno, f"{name}() without a parent"


def _parent(call: ast.Call) -> bool:
    given = [*call.args, *(keyword.value for keyword in call.keywords if keyword.arg == "parent")]
    return bool(given) and not (isinstance(given[0], ast.Constant) and given[0].value is None)


def nothing_swallowed(source: Source) -> Iterator[tuple[int, str]]:
    """An error of every kind that is caught and dropped is one that nobody hears of."""
    for node in ast.walk(source.tree):
        if isinstance(node, ast.ExceptHandler) and _is_broad(node.type) and all(_does_nothing(s) for s in node.body):
            yield node.lineno, "every exception caught, and nothing done"
        if isinstance(node, ast.Call) and _dotted(node.func).endswith("suppress") and any(map(_is_broad, node.args)):
            yield node.lineno, "every exception suppressed"


def _is_broad(kind: ast.expr | None) -> bool:
    kinds = kind.elts if isinstance(kind, ast.Tuple) else [kind]
    return any(one is None or _dotted(one) in {"Exception", "BaseException"} for one in kinds)


def _does_nothing(statement: ast.stmt) -> bool:
    return isinstance(statement, ast.Pass | ast.Continue) or (
        isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)
    )


def tips_are_plain(source: Source) -> Iterator[tuple[int, str]]:
    """Qt reads tags in a tool tip, and what stands in one may come from CAD, an imported form or a file."""
    if source.within("src/console/views") and source.path != "src/console/views/widgets/access.py":
        for call, _, name in source.calls():
            if name == "setToolTip":
                yield call.lineno, "setToolTip(): use tip()"


def known_qt_modules(source: Source) -> Iterator[tuple[int, str]]:
    """A Qt module not used before is looked at first: its license, and that PySide6_Essentials has it."""
    for node in ast.walk(source.tree):
        if not isinstance(node, ast.Import | ast.ImportFrom):
            continue
        names = [alias.name for alias in node.names]
        if isinstance(node, ast.ImportFrom):
            names = [f"PySide6.{name}" for name in names] if node.module == "PySide6" else [node.module or ""]
        for name in names:
            package, _, module = name.partition(".")
            if package == "PySide6" and module.startswith("Qt") and module not in QT_MODULES:
                yield node.lineno, f"{name} is not among the Qt modules in use"


def short_enough(source: Source) -> Iterator[tuple[int, str]]:
    """One idea a module; past this length there are two."""
    lines = source.text.count("\n")
    if lines > LONGEST_MODULE:
        yield LONGEST_MODULE, f"{lines} lines, at most {LONGEST_MODULE}"


RULES: tuple[Rule, ...] = (
    commit_in_the_store,
    sql_in_the_store,
    no_reset,
    log_has_arguments,
    one_clock,
    no_naive_time,
    no_waiting,
    tr_is_constant,
    timers_have_parents,
    nothing_swallowed,
    tips_are_plain,
    known_qt_modules,
    short_enough,
)


def check_module(path: str, text: str) -> list[Finding]:
    """What the rules find in one module; ``path`` is from the root of the repository, with ``/``."""
    source = Source(path, text, ast.parse(text, path))
    return [Finding(path, line, message) for rule in RULES for line, message in rule(source)]


def check_words(path: str, text: str) -> list[Finding]:
    """Places in a shipped text that speak of the folder of workshop material, which no user has."""
    return [
        Finding(path, number, "speaks of a folder that is not part of the product")
        for number, line in enumerate(text.splitlines(), 1)
        if "shared" + "/" in line
    ]


def check_tree(root: Path) -> list[Finding]:
    """What the rules find in a checkout."""
    findings = []
    for folder in ("src", "tests", "benchmarks", "packaging"):
        for path in sorted((root / folder).rglob("*.py")):
            findings += check_module(path.relative_to(root).as_posix(), path.read_text(encoding="utf-8"))
    texts = [path for folder in ("src", "docs", "resources") for path in sorted((root / folder).rglob("*"))]
    for path in [*texts, *sorted(root.glob("*.md"))]:
        if path.suffix in {".csv", ".html", ".json", ".md", ".py", ".svg", ".toml", ".txt"}:
            findings += check_words(path.relative_to(root).as_posix(), path.read_text(encoding="utf-8"))
    tests = {
        path.relative_to(root).as_posix(): path.read_text(encoding="utf-8")
        for path in sorted((root / "tests").rglob("test_*.py"))
    }
    protocol = (root / PROTOCOL).read_text(encoding="utf-8")
    findings += [Finding(*each) for each in check_quotes(protocol, tests)]
    return findings
