"""Rules for every test: a home of its own, no noise, nothing left running, property tests by profile."""

import os
from collections.abc import Generator, Iterator

import pytest
from hypothesis import HealthCheck, settings

from tests.support import private_home
from tests.support.guards import CALL_FAILED, no_leaked_thread, no_unexpected_log

__all__ = ["no_leaked_thread", "no_unexpected_log"]

_home = private_home.enter()  # before anything reads the environment

# No deadline in any profile: how long an example takes depends on the machine, not on whether it is right.
settings.register_profile("dev", deadline=None)
settings.register_profile("ci", deadline=None, derandomize=True, print_blob=True)
settings.register_profile(
    "soak", deadline=None, max_examples=2_000, print_blob=True, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE") or ("ci" if os.environ.get("CI") else "dev"))


def pytest_unconfigure() -> None:
    _home.cleanup()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    if report.when == "call":
        item.stash[CALL_FAILED] = report.failed
    return report


@pytest.fixture(autouse=True)
def no_window_left(request: pytest.FixtureRequest) -> Iterator[None]:
    """Fail a test of windows that leaves one, or a running timer or Qt thread (see tests/support/qt_guards.py)."""
    if "qapp" not in request.fixturenames:
        yield
        return
    from tests.support.qt_guards import nothing_left_behind

    request.getfixturevalue("qapp")
    with nothing_left_behind(request):
        yield
