"""``directory``: bringing in the center's own services, searching them, and noting what is known of one."""

import argparse
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from console.actions.directory import import_services, note_service
from console.commands.context import Context, named
from console.directory.distance import read_place
from console.directory.rank import Wanted
from console.errors import KnownError
from console.queries import directory as reading

_YEARS = range(1970, 2200)


def add(subcommands: Any, everywhere: argparse.ArgumentParser) -> None:
    """Add the words of this group."""
    directory = subcommands.add_parser("directory", help="community services", parents=[everywhere])
    kinds = directory.add_subparsers(dest="what", required=True, metavar="import|search|note")
    bring = kinds.add_parser("import", help="the center's own services from a CSV file", parents=[everywhere])
    bring.add_argument("path", type=named, metavar="PATH")
    bring.set_defaults(run=_import)
    search = kinds.add_parser("search", help="what fits, best first", parents=[everywhere])
    search.add_argument("words", nargs="*", metavar="WORDS")
    search.add_argument("--need", action="append", default=[], metavar="NEED")
    search.add_argument("--near", default="", metavar="LAT,LON")
    search.add_argument("--open-at", default="", metavar="ISO", help="only what is open, or may be, at this time")
    search.add_argument("--open-now", action="store_true", help="only what is open, or may be, now")
    search.add_argument("--most", type=int, default=50, metavar="N")
    search.set_defaults(run=_search)
    note = kinds.add_parser("note", help="what the center knows of a service", parents=[everywhere])
    note.add_argument("service", type=named, metavar="SERVICE", help="the id that search --json gives")
    note.add_argument("words", metavar="TEXT")
    note.set_defaults(run=_note)


def _import(context: Context) -> int:
    with context.desk(alone=True) as desk:
        done = import_services(desk, context.sign_in(desk), Path(context.words.path))
    for message in done.imported.messages:
        context.output.note(f"{message.severity}: {Path(context.words.path).name}, {message.said}")
    if done.not_closed:
        context.output.note(
            f"{done.not_closed:,} services that the file does not name stay open: {done.not_closed_because}."
        )
    counts = {
        "added": done.added,
        "updated": done.updated,
        "reopened": done.reopened,
        "unchanged": done.unchanged,
        "closed": done.closed,
        "not_closed": done.not_closed,
        "refused": sum(each.severity == "refused" for each in done.imported.messages),
        "doubtful": sum(each.severity == "doubtful" for each in done.imported.messages),
    }
    context.output.row(
        {
            **counts,
            "messages": [
                {"line": m.line, "column": m.column, "severity": m.severity, "text": m.text}
                for m in done.imported.messages
            ],
        },
        ", ".join(f"{count} {name.replace('_', ' ')}" for name, count in counts.items()),
    )
    return 0


def _note(context: Context) -> int:
    try:
        service = UUID(context.words.service)
    except ValueError:
        raise KnownError(
            f"'{context.words.service}' is no id of a service. 'directory search WORDS --json' gives it as \"service\"."
        ) from None
    with context.desk(alone=True) as desk:
        note_service(desk, context.sign_in(desk), service, context.words.words)
    context.output.row({"service": service, "noted": True}, "Noted. Imports never take it away.")
    return 0


def _search(context: Context) -> int:
    words = context.words
    if words.most < 1:
        raise KnownError("--most takes a whole number from 1.")
    at = _time(words.open_at)
    wanted = Wanted(
        " ".join(words.words),
        tuple(words.need),
        read_place(words.near) if words.near else None,
        bool(words.open_now or at),
    )
    with context.desk(alone=False) as desk:
        found = reading.search(desk, context.reader(desk), wanted, at=at, most=words.most)
    for hit in found.hits:
        described = hit.described
        context.output.row(
            {
                "service": hit.service,
                "name": described.name,
                "organization": described.organization,
                "phone": described.phone,
                "address": described.address,
                "open": hit.open.state,
                "hours": hit.open.text,
                "distance_km": hit.distance_km,
                "verified": hit.verified.text,
                "why": hit.why,
            },
            f"{described.name} · {described.phone or 'no phone'} · {hit.why}",
        )
    if not found.services:
        context.output.note(
            "The directory is empty. Bring the center's services in: "
            "clinician-console directory import FILE.csv --as NAME (docs/directory.md describes the file)."
        )
    elif found.closed_hidden:
        context.output.note(f"{found.closed_hidden:,} more fit and are closed then.")
    elif not found.hits:
        context.output.note("No service fits.")
    if found.more_fit:
        context.output.note("More fit than are shown: add words or a need, or raise --most.")
    return 0 if found.hits else 1


def _time(text: str) -> datetime | None:
    if not text:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise KnownError(f"'{text}' is no time. Write it like 2026-11-21T22:00-06:00.") from None
    if moment.tzinfo is None:
        raise KnownError(f"'{text}' has no time zone. Write it like 2026-11-21T22:00-06:00.")
    if moment.year not in _YEARS:
        raise KnownError(f"'{text}' is too far away: opening hours are told from {_YEARS[0]} to {_YEARS[-1]}.")
    return moment
