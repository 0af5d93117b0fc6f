"""What no test may leave behind: a warning nobody expected, or a thread that still runs."""

import logging
import re
import threading
from collections.abc import Iterator

import pytest

_LIBRARY_NAME = re.compile(r"(Thread|Dummy)-\d+")
_GRACE_SECONDS = 2.0

CALL_FAILED = pytest.StashKey[bool]()
"""On a test's node: whether its body failed."""


class _Unexpected(logging.Handler):
    """Keeps every record of WARNING or above that the test did not declare."""

    def __init__(self, caplog: pytest.LogCaptureFixture) -> None:
        super().__init__(logging.WARNING)
        self._caplog = caplog
        self.records: list[logging.LogRecord] = []

    def emit(self, record: logging.LogRecord) -> None:
        declared = self._caplog.handler.level
        if not logging.WARNING <= declared <= record.levelno:
            self.records.append(record)


@pytest.fixture(autouse=True)
def no_unexpected_log(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """Fail a test during which anything was logged at WARNING or above.

    A test that expects it says so with ``caplog.at_level(logging.WARNING)`` (or ``set_level``), at the level it
    expects or below, down to WARNING.
    """
    handler = _Unexpected(caplog)
    root = logging.getLogger()
    root.addHandler(handler)
    yield
    root.removeHandler(handler)
    if handler.records:
        lines = "\n".join(f"{r.levelname} {r.name}: {r.getMessage()}" for r in handler.records)
        pytest.fail(f"logged, and not declared with caplog.at_level:\n{lines}", pytrace=False)


def leaked_threads(before: set[threading.Thread], grace: float = _GRACE_SECONDS) -> list[str]:
    """Names of threads that began since ``before`` and do not end within ``grace`` seconds.

    Daemons that go by the default name belong to libraries and to Qt, and are not counted.
    """
    left = []
    for thread in set(threading.enumerate()) - before:
        if thread.daemon and _LIBRARY_NAME.match(thread.name):
            continue
        thread.join(grace)
        if thread.is_alive():
            left.append(thread.name)
    return sorted(left)


@pytest.fixture(autouse=True)
def no_leaked_thread() -> Iterator[None]:
    """Fail a test that leaves a thread running."""
    before = set(threading.enumerate())
    yield
    if left := leaked_threads(before):
        pytest.fail(f"threads left running: {', '.join(left)}", pytrace=False)
