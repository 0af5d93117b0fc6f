"""``check``: what works on this machine, one line a thing, each with what to do about it when it does not."""

import argparse
import importlib.metadata
import importlib.util
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from console.actions import homes
from console.audio import audible_backends
from console.commands.context import Context
from console.errors import KnownError
from console.feeds.profile import load_profile
from console.handoff.printing import system_printers
from console.models.store import horizon
from console.models.store.calls import counts
from console.models.store.engine import MINIMUM_SQLITE, sqlite_version
from console.security.home_key import PASSPHRASE, key_record
from console.security.keyring_store import system_key_store
from console.settings import Settings, load_settings
from console.sync.status import SyncStatus, clock_words, status

_QT_SECONDS = 20


@dataclass(frozen=True)
class Finding:
    """One thing: ``state`` is "ok", "limited" (works, with something missing) or "fails"."""

    name: str
    state: str
    says: str


def add(subcommands: Any, everywhere: argparse.ArgumentParser) -> None:
    """Add the words of this group."""
    check = subcommands.add_parser("check", help="what works on this machine", parents=[everywhere])
    check.set_defaults(run=_check)


def _check(context: Context) -> int:
    failed = False
    for finding in _findings(context):
        failed = failed or finding.state == "fails"
        context.output.row(
            {"name": finding.name, "state": finding.state, "says": finding.says},
            f"{finding.name:10} {finding.state:8} {finding.says}",
        )
    return 1 if failed else 0


def _findings(context: Context) -> Iterator[Finding]:
    yield _qt()
    yield _sqlite()
    yield _key_store(context)
    yield from _store_and_server(context)
    settings = Settings()
    try:
        settings = load_settings(context.home).settings
        yield Finding("settings", "ok", "read")
    except KnownError as error:
        yield Finding("settings", "fails", error.message)
    yield _printer(settings)
    yield _sound()
    yield _cad(settings)


def _qt() -> Finding:
    """Start Qt in a process of its own: a missing system library ends a process before it can say so itself."""
    try:
        found = importlib.util.find_spec("PySide6") is not None
        version = importlib.metadata.version("PySide6_Essentials") if found else ""
    except ImportError:
        version = ""
    if not version:
        return Finding("screen", "fails", "PySide6 is not installed; the commands work without it")
    probe = "from PySide6.QtGui import QGuiApplication as A; a = A([]); print(a.platformName(), len(a.screens()))"
    try:
        ran = subprocess.run(
            [sys.executable, "-c", probe], capture_output=True, text=True, timeout=_QT_SECONDS, check=False
        )
    except subprocess.TimeoutExpired:
        return Finding("screen", "fails", f"Qt {version} did not start within {_QT_SECONDS} s")
    if ran.returncode != 0:
        reason = (ran.stderr.strip().splitlines() or ["no reason given"])[0].strip()
        return Finding("screen", "limited", f"Qt {version} cannot open a window here: {reason}")
    return Finding("screen", "ok", f"Qt {version} on {ran.stdout.strip().split()[0]}")


def _sqlite() -> Finding:
    version, needed = sqlite_version(), ".".join(map(str, MINIMUM_SQLITE))
    fine = version >= MINIMUM_SQLITE
    says = f"SQLite {'.'.join(map(str, version))} inside SQLCipher" + ("" if fine else f"; {needed} or later is needed")
    return Finding("sqlite", "ok" if fine else "fails", says)


def _key_store(context: Context) -> Finding:
    try:
        system_key_store().probe()
    except KnownError as error:
        try:
            record = key_record(context.home) if context.home.exists() else None
        except KnownError:
            record = None  # said of the store
        if record is not None and record.sealed_by == PASSPHRASE:
            return Finding("key store", "limited", "this desk's key is sealed under a passphrase")
        return Finding("key store", "limited", f"{error.message} A passphrase can be used instead.")
    return Finding("key store", "ok", system_key_store().title)


def _store_and_server(context: Context) -> Iterator[Finding]:
    try:
        if homes.is_new(context.home):
            yield Finding("store", "limited", f"nothing is set up in {context.home} yet")
            yield Finding("server", "limited", "working alone")
            return
        with context.desk(alone=False) as desk:
            with desk.store.read() as connection:
                _, _, calls = counts(connection)
                lacks = horizon.whole(connection, desk.zone)
            says = f"{desk.center_name}, {calls:,} calls, encrypted, in {context.home}. {lacks}".rstrip(". ")
            yield Finding("store", "ok", says)
            yield _server(status(desk))
    except KnownError as error:
        yield Finding("store", "fails", error.message)
        yield Finding("server", "limited", "not known while the store cannot be opened")


def _server(found: SyncStatus) -> Finding:
    clock = "" if found.offset is None else clock_words(found.offset)
    lacks = " ".join(filter(None, (found.more, clock)))
    return Finding("server", "limited", f"{found.says}. {lacks}") if lacks else Finding("server", "ok", found.says)


def _printer(settings: Settings) -> Finding:
    chosen = settings.printer
    try:
        available = system_printers().available()
    except KnownError as error:
        return Finding("printer", "limited", error.message)
    if chosen and chosen not in available:
        return Finding("printer", "limited", f"the chosen printer {chosen} is not there")
    if not available:
        return Finding("printer", "limited", "no printer; sheets can be saved as a file and read out")
    return Finding("printer", "ok", chosen or f"{', '.join(available)} (none chosen yet)")


def _sound() -> Finding:
    import miniaudio  # late: opening the sound system is slow and only this needs it

    try:
        # Opened, not listed: ALSA lists a device that discards what it is given.
        backends = [miniaudio.Backend[name] for name in audible_backends()]
        device = miniaudio.PlaybackDevice(miniaudio.SampleFormat.SIGNED16, 1, 22_050, backends=backends)
    except miniaudio.MiniaudioError:
        return Finding("sound", "limited", "no sound device: alarms show on screen only")
    device.close()
    return Finding("sound", "ok", f"a device that plays, by {device.backend}")


def _cad(settings: Settings) -> Finding:
    profile = settings.cad_profile
    if not profile:
        return Finding("cad", "limited", "no CAD profile is chosen; calls can be replayed or entered by hand")
    try:
        load_profile(profile)
    except KnownError as error:
        return Finding("cad", "fails", error.message)
    return Finding("cad", "ok", f"profile {profile}")
