"""``journal``: checking the chain, folding the record again, writing every entry out."""

import argparse
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from console.actions import audits
from console.commands.context import Context, named
from console.commands.output import written_to_stdout
from console.errors import KnownError
from console.models.store import rebuild as rebuilding
from console.models.store import settled
from console.models.store import verify as verifying
from console.models.store.desk import shipped_defaults
from console.settings import resources
from wire.journals import audience_of


def add(subcommands: Any, everywhere: argparse.ArgumentParser) -> None:
    """Add the words of this group."""
    journal = subcommands.add_parser("journal", help="the entries this desk holds", parents=[everywhere])
    kinds = journal.add_subparsers(dest="what", required=True, metavar="verify|rebuild|export")
    verify = kinds.add_parser("verify", help="whether anything was changed, removed or moved", parents=[everywhere])
    verify.set_defaults(run=_verify)
    rebuild = kinds.add_parser("rebuild", help="fold the record again and compare", parents=[everywhere])
    rebuild.set_defaults(run=_rebuild)
    export = kinds.add_parser("export", help="all entries as JSON lines", parents=[everywhere])
    export.add_argument("file", type=named, metavar="FILE", help="- for standard output")
    export.set_defaults(run=_export)


def _verify(context: Context) -> int:
    with context.store(alone=False) as store:
        report = verifying.verify(store)
        with store.read() as connection:
            broken = settled.unreadable(
                connection, shipped_defaults(resources()), settled.subjects_anywhere(connection)
            )
    for fault in report.faults:
        place = f"entry {fault.n} of desk {fault.device}" if fault.n else "a derived entry"
        context.output.note(f"{fault.journal}, {place}: {fault.says} ({fault.entry})")
    for name in report.disordered:
        context.output.note(f"{name}: what is here is not what the server ordered; something was changed or removed.")
    for each in broken:
        context.output.note(f"{each.says}.")
    context.output.row(
        {
            "whole": report.whole,
            "entries": report.entries,
            "derived": report.derived,
            "faults": report.faulty,
            "disordered": report.disordered,
            "unreadable_settings": [each.name for each in broken],
            "chains": [
                {
                    "journal": each.journal,
                    "device": each.device,
                    "entries": each.entries,
                    "last": each.last,
                    "head": each.head,
                }
                for each in report.chains
            ],
        },
        f"{_counted(report.entries, 'entry', 'entries')} in {_counted(len(report.chains), 'chain', 'chains')}, "
        f"{report.derived:,} derived: "
        + ("whole." if report.whole else f"{_counted(report.faulty + len(report.disordered), 'fault', 'faults')}."),
    )
    return 0 if report.whole else 1


def _counted(number: int, one: str, many: str) -> str:
    return f"{number:,} {one if number == 1 else many}"


def _rebuild(context: Context) -> int:
    with context.store(alone=True) as store:
        report = rebuilding.rebuild(store)
    for difference in report.differences:
        context.output.note(f"{difference.aggregate} {difference.subject}: {difference.says}")
    context.output.row(
        {"same": report.same, "subjects": report.subjects, "rows": report.rows, "differences": report.differing},
        f"{report.subjects:,} subjects folded again: "
        + ("the record was the same." if report.same else f"{report.differing:,} differed and were put right."),
    )
    return 0 if report.same else 1


def _export(context: Context) -> int:
    name = context.words.file
    with context.desk(alone=True) as desk:
        sign_in = context.sign_in(desk)

        def reads(journal: str) -> bool:
            return sign_in.reads(audience_of(journal))

        def write(file: IO[bytes]) -> tuple[int, int]:
            audits.record(desk, sign_in, "journal.exported")
            try:
                return verifying.export(desk.store, _Sink(file), reads=reads)
            except _Unwritten as failed:
                raise failed.error from None

        if name == "-":
            with written_to_stdout():
                _, left_out = write(context.output.binary())
        else:
            path = Path(name).expanduser().absolute()
            with _new_private(path) as sink:
                count, left_out = write(sink)
            values = {"file": str(path), "entries": count, "left_out": left_out}
            context.output.row(values, f"{count:,} entries in {path}.")
    if left_out:
        context.output.note(
            f"Left out, because {sign_in.display_name} may not read their journals: {left_out:,} "
            + ("entry." if left_out == 1 else "entries.")
        )
    return 0


class _Unwritten(Exception):
    """What a full disk or a closed pipe said, past the store: it would take the error for one of its own disk."""

    def __init__(self, error: OSError) -> None:
        super().__init__()
        self.error = error


class _Sink:
    """Where the entries go."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file

    def write(self, data: bytes, /) -> object:
        try:
            return self._file.write(data)
        except OSError as error:
            raise _Unwritten(error) from error


@contextmanager
def _new_private(path: Path) -> Iterator[IO[bytes]]:
    """A new file that only its owner may read, whole or not there; raises :class:`KnownError` when it cannot be."""
    try:
        with os.fdopen(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as file:
            try:
                yield file
                file.flush()
                os.fsync(file.fileno())
            except BaseException:
                path.unlink()
                raise
    except FileExistsError:
        raise KnownError(f"{path} exists already. Name a new file.") from None
    except OSError as error:
        raise KnownError(f"{path} cannot be written: {error.strerror or error}. Nothing is left of it.") from error
