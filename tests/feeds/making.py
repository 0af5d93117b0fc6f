"""Files for the tests of feeds: small exports and the profiles that read them."""

import textwrap
from collections.abc import Iterable
from pathlib import Path

from console.feeds.derive import derive
from console.feeds.profile import Profile, load_profile
from console.feeds.replay import ReplaySource
from console.feeds.source import SourceEvent
from console.models.call import CallPictured
from console.models.call_fold import CALL
from console.models.call_state import CallState
from wire.envelope import Entry
from wire.fold import Folded

CENTER = "Westside Emergency Communications"

PLAIN = """
    source = "cad"
    identity = ["number"]
    [time]
    zone = "America/Chicago"
    formats = ["%Y-%m-%d %H:%M"]
    [columns]
    number = "number"
    reported = "reported"
    type = "type"
    place = "place"
"""
HEADER = "number,reported,type,place"


def profile(folder: Path, text: str = PLAIN, extra: str = "", name: str = "site.toml") -> Profile:
    """The profile that a file with this text gives; ``extra`` is appended."""
    path = folder / name
    path.write_text(textwrap.dedent(text) + textwrap.dedent(extra), encoding="utf-8")
    return load_profile(str(path))


def export(folder: Path, *rows: str, header: str = HEADER, name: str = "calls.csv") -> Path:
    """A CSV file with this header and these rows."""
    path = folder / name
    path.write_text("\n".join((header, *rows)) + "\n", encoding="utf-8")
    return path


def source(folder: Path, *rows: str, extra: str = "", limit: int | None = None) -> ReplaySource:
    """A replay of a plain export."""
    return ReplaySource(export(folder, *rows), profile(folder, extra=extra), CENTER, limit=limit)


def pictures(events: Iterable[SourceEvent]) -> list[CallPictured]:
    """Every picture in the events, in order."""
    return [body for event in events for body in event.bodies if isinstance(body, CallPictured)]


def folded(events: Iterable[SourceEvent]) -> list[Folded[CallState]]:
    """The calls that the events amount to, in the order they opened."""
    entries: dict[object, list[Entry]] = {}
    for entry in derive(CENTER, events):
        entries.setdefault(entry.subject, []).append(entry)
    return [CALL.fold(each) for each in entries.values()]
