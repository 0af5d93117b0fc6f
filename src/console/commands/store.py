"""``store``: an encrypted copy, putting one back, and whether everything about the file is right."""

import argparse
from pathlib import Path
from typing import Any

from console.actions import homes
from console.commands.context import Context, named
from console.models.store import backup as copies
from console.models.store import health
from console.security.home_key import open_key, passphrase_from


def add(subcommands: Any, everywhere: argparse.ArgumentParser) -> None:
    """Add the words of this group."""
    store = subcommands.add_parser("store", help="the encrypted file", parents=[everywhere])
    kinds = store.add_subparsers(dest="what", required=True, metavar="backup|restore|check|compact")
    backup = kinds.add_parser("backup", help="an encrypted copy, verified by opening it", parents=[everywhere])
    backup.add_argument("file", type=named, metavar="FILE")
    backup.set_defaults(run=_backup)
    restore = kinds.add_parser("restore", help="put a copy in the store's place; that is kept", parents=[everywhere])
    restore.add_argument("file", type=named, metavar="FILE")
    restore.set_defaults(run=_restore)
    check = kinds.add_parser("check", help="pages, permissions, versions, counts", parents=[everywhere])
    check.set_defaults(run=_check)
    compact = kinds.add_parser("compact", help="write the file anew, without what was erased", parents=[everywhere])
    compact.set_defaults(run=_compact)


def _backup(context: Context) -> int:
    with context.desk(alone=False) as desk:
        report = copies.backup(desk.store, _path(context))
    entries = report.contents.entries
    context.output.row(
        {"file": str(report.file), "bytes": report.size, "entries": entries},
        f"{report.file}: {entries:,} entries, {report.size:,} bytes, encrypted with this desk's key, read back.",
    )
    return 0


def _restore(context: Context) -> int:
    key = open_key(context.home, passphrase=passphrase_from())
    report = copies.restore(context.home, key, _path(context))
    context.output.row(
        {"entries": report.contents.entries, "kept": str(report.kept_aside) if report.kept_aside else None},
        f"{report.contents.entries:,} entries restored."
        + (f" The store that was there is kept in {report.kept_aside}." if report.kept_aside else ""),
    )
    return 0


def _check(context: Context) -> int:
    if homes.is_new(context.home):
        raise homes.NotFounded(f"Nothing is set up in {context.home} yet. Run 'clinician-console setup' first.")
    findings = health.check(context.home, open_key(context.home, passphrase=passphrase_from()))
    for finding in findings:
        context.output.row(
            {"thing": finding.thing, "ok": finding.ok, "says": finding.says},
            f"{finding.thing:12} {'ok' if finding.ok else 'NOT OK':6} {finding.says}",
        )
    return 0 if all(finding.ok for finding in findings) else 1


def _compact(context: Context) -> int:
    with context.store(alone=True) as store:
        before = store.path.stat().st_size
        store.empty_log(compact=True)
        after = store.path.stat().st_size
    context.output.row({"before": before, "after": after}, f"{before:,} bytes before, {after:,} bytes now.")
    return 0


def _path(context: Context) -> Path:
    return Path(context.words.file).expanduser().absolute()
