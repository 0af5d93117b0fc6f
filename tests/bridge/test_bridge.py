"""The bridge: what may hang holds up nothing else, and what a person did is written before the end."""

import threading

import pytest
from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from console.bridge import bridge as bridges
from console.bridge.bridge import Bridge
from console.errors import KnownError


@pytest.fixture
def owner() -> QObject:
    return QObject()


def fail(error: KnownError) -> None:
    raise AssertionError(error.message)


def test_a_printer_that_hangs_and_a_long_refold_hold_up_no_sign_in(qtbot: QtBot, owner: QObject) -> None:
    bridge, over = Bridge(owner), threading.Event()
    bridge.slow(owner, lambda: over.wait(60), lambda _: None, fail)
    bridge.aside(owner, lambda: over.wait(60), lambda _: None, fail)
    signed_in: list[object] = []

    bridge.entrance(owner, lambda: "who", signed_in.append, fail)

    try:
        qtbot.waitUntil(lambda: signed_in == ["who"], timeout=10_000)
    finally:
        over.set()
        assert bridge.close()


def test_a_print_system_that_hangs_holds_up_no_preview_no_file_and_no_act(qtbot: QtBot, owner: QObject) -> None:
    bridge, over = Bridge(owner), threading.Event()
    bridge.printing(owner, lambda: over.wait(60), lambda _: None, fail)
    came: set[str] = set()

    for name, lane in (("preview", bridge.slow), ("file", bridge.saving), ("act", bridge.write), ("row", bridge.read)):
        lane(owner, lambda name=name: name, came.add, fail)

    try:
        qtbot.waitUntil(lambda: came == {"preview", "file", "act", "row"}, timeout=10_000)
    finally:
        over.set()
        assert bridge.close()


def test_the_end_waits_for_every_act_however_long_it_takes(owner: QObject, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bridges, "SHUTDOWN_SECONDS", 0.0)
    bridge, closing, written = Bridge(owner), threading.Event(), []
    closing_later = threading.Timer(0.2, closing.set)
    bridge.write(owner, closing.wait, lambda _: None, fail)
    bridge.write(owner, lambda: written.append("the last act"), lambda _: None, fail)
    closing_later.start()

    bridge.close()

    assert written == ["the last act"]


def test_a_printer_that_hangs_does_not_hold_up_the_end(owner: QObject, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bridges, "SHUTDOWN_SECONDS", 0.01)
    bridge, over = Bridge(owner), threading.Event()
    bridge.slow(owner, lambda: over.wait(60), lambda _: None, fail)

    assert not bridge.close()

    over.set()
