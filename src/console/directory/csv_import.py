"""The one-file CSV of a center's own services: one row a service, columns found by their names.

Every row becomes a service or is refused by its line; every value that is doubtful is named by line and column; a
column that nobody knows is named too. Nothing is dropped without a word.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Literal
from uuid import UUID

import msgspec

from console.directory import csv_values as values
from console.directory.csv_table import DELIMITERS, Row, read_table
from console.directory.distance import place_of
from console.directory.hours_text import read_hours
from console.errors import KnownError
from console.models.service import ServiceDescribed
from wire.journals import derived_id

OWN = "own"
"""The source of a center's own services. One file is one source whole: what a newer file leaves out is gone."""

COLUMNS: Mapping[str, tuple[str, ...]] = {
    "id": ("service id", "key", "record id", "number"),
    "name": ("service name", "service", "program", "program name"),
    "organization": ("organisation", "agency", "agency name", "organization name", "provider"),
    "description": ("about", "services", "what it does"),
    "phone": ("telephone", "phone number", "phones", "tel"),
    "address": ("street address", "location", "full address"),
    "latitude": ("lat",),
    "longitude": ("lon", "long", "lng"),
    "needs": ("need", "categories", "category", "tags", "taxonomy"),
    "hours": ("opening hours", "hours of operation", "schedule", "open"),
    "time zone": ("timezone", "tz"),
    "eligibility": ("who", "who can use it", "eligible", "population"),
    "minimum age": ("min age", "age from"),
    "maximum age": ("max age", "age to"),
    "languages": ("language",),
    "cost": ("fee", "fees", "price", "payment"),
    "intake": ("how to get in", "intake procedure", "application process", "referral process"),
    "url": ("website", "web site", "web", "link"),
    "verified on": ("verified", "last verified", "assured date", "verified date"),
}
"""Every column by its name, with the other names it is known by. Case, spaces, hyphens and underscores do not count."""


class Message(msgspec.Struct, frozen=True):
    """One thing to tell the person who imports. ``column`` is "" when the whole row is meant."""

    line: int
    column: str
    severity: Literal["refused", "doubtful"]
    text: str

    @property
    def said(self) -> str:
        """The whole message in one line: "line 12: phone “12” has 2 digits; kept as written"."""
        return f"line {self.line}: {self.column} {self.text}" if self.column else f"line {self.line}: {self.text}"


class Counts(msgspec.Struct, frozen=True):
    """What became of the file's rows. ``rows`` = ``services`` + ``refused``; blank rows are no rows."""

    rows: int
    services: int
    refused: int
    doubtful: int
    blank: int


class Imported(msgspec.Struct, frozen=True):
    """The services of one file, what was refused or doubtful by line, and the counts.

    ``refused_keys`` are the keys of refused rows that name one: those services are in the file, so they have not
    vanished. ``all_keys_known`` is false when some refused row hides which service it is.
    """

    services: tuple[ServiceDescribed, ...]
    messages: tuple[Message, ...]
    counts: Counts
    refused_keys: frozenset[str]
    all_keys_known: bool


def service_id(source: str, key: str) -> UUID:
    """The id of a service, the same on every desk that imports ``key`` from ``source``."""
    return derived_id("service", source, key)


def _one_line(text: str) -> str:
    """A message that quotes a cell stays a line, however much the cell holds."""
    text = " ".join(text.split())
    return text if len(text) <= 300 else f"{text[:299]}…"


def _plain(header: str) -> str:
    return " ".join(header.casefold().replace("_", " ").replace("-", " ").split())


_KNOWN = {other: name for name, others in COLUMNS.items() for other in (name, *others)}


def _fits(header: Sequence[str]) -> int:
    known = [_KNOWN.get(_plain(cell)) for cell in header]
    return sum(name is not None for name in known) if "name" in known else 0


def read_services(
    data: bytes, at: datetime, *, file: str = "The file", source: str = OWN, time_zone: str = ""
) -> Imported:
    """The services in the CSV file ``data``, described ``at`` that moment.

    ``time_zone`` (a name such as "America/Chicago") is that of rows that state none: the center's own. Raises
    :class:`KnownError` for a file that is no such CSV as a whole: see :func:`~console.directory.csv_table.read_table`.
    """
    table = read_table(data, file, _fits)
    reader = _Reader(table.header, at, source, time_zone, file, table.delimiter)
    for bad in table.bad:
        reader.refuse_unread(bad.line, bad.to_line, bad.why)
    for row in table.rows:
        reader.read(row)
    return reader.imported(table.blank)


class _Reader:
    """Reads row after row and remembers what was said about each."""

    def __init__(self, header: Row, at: datetime, source: str, time_zone: str, file: str, delimiter: str) -> None:
        self._at, self._source, self._time_zone, self._file = at, source, time_zone, file
        self._delimiter = DELIMITERS[delimiter]
        self._width = len(header.cells)
        self._services: dict[str, tuple[int, ServiceDescribed]] = {}
        self._messages: list[Message] = []
        self._refused = 0
        self._refused_keys: set[str] = set()
        self._all_keys_known = True
        self._places = self._find_columns(header)

    def _find_columns(self, header: Row) -> dict[str, int]:
        """Where each column stands. Raises :class:`KnownError` where two are the same one."""
        places: dict[str, int] = {}
        for place, cell in enumerate(header.cells):
            name = _KNOWN.get(_plain(cell))
            if name is None:
                if cell:
                    self._doubt(header.line, f"“{cell}”", "is not a column of this file format; it was not read")
            elif name in places:
                raise KnownError(
                    f"{self._file}, line {header.line}: the columns “{header.cells[places[name]]}” and “{cell}” are "
                    f"both the {name}. Keep one."
                )
            else:
                places[name] = place
        return places

    def _doubt(self, line: int, column: str, text: str) -> None:
        if text:
            self._messages.append(Message(line, _one_line(column), "doubtful", _one_line(text)))

    def _refuse(self, line: int, column: str, text: str, key: str) -> None:
        self._messages.append(Message(line, column, "refused", _one_line(text)))
        self._refused += 1
        if key:
            self._refused_keys.add(key)
        else:
            self._all_keys_known = False

    def refuse_unread(self, line: int, to_line: int, why: str) -> None:
        """Refuse lines whose cells cannot be told apart."""
        lines = "" if to_line <= line else f"; lines {line} to {to_line} were not read"
        self._refuse(line, "", f"{why}{lines}", "")

    def read(self, row: Row) -> None:
        """Make one row a service, or refuse it."""
        line = row.line
        cells = {name: row.cells[place] for name, place in self._places.items() if place < len(row.cells)}
        named = " ".join(cells.get("name", "").split())
        if any(row.cells[self._width :]):
            why = f"{len(row.cells)} cells for {self._width} columns; put quotation marks around a cell that holds a"
            self._refuse(line, "", f"{why} {self._delimiter}", "")
            return
        key = cells.get("id", "") or "|".join(
            " ".join(part.casefold().split()) for part in (named, cells.get("address", ""))
        )
        if not named:
            self._refuse(line, "name", "is empty; a service has to have one", cells.get("id", ""))
            return
        if key in self._services:
            first = self._services[key][0]
            if cells.get("id"):
                self._refuse(line, "id", f"“{key}” is that of line {first} already; give each service its own", key)
            else:
                self._refuse(line, "", f"same name and address as line {first}; give each service an id", key)
            return
        if len(row.cells) < self._width:
            self._doubt(line, "", f"{len(row.cells)} cells for {self._width} columns; the rest are taken as empty")
        if "id" in self._places and not cells.get("id"):
            self._doubt(line, "id", "is empty; the service is known by name and address, and is another if they change")
        self._services[key] = (line, self._service(line, key, named, cells))

    def _service(self, line: int, key: str, name: str, cells: Mapping[str, str]) -> ServiceDescribed:
        def cell(column: str) -> str:
            return cells.get(column, "")

        def value(column: str, read: Callable[[str], tuple[values.Value, str]]) -> values.Value:
            kept, doubt = read(cell(column))
            self._doubt(line, column, doubt)
            return kept

        hours = read_hours(cell("hours"))
        self._doubt(line, "hours", hours.doubt)
        latitude, longitude = self._coordinates(line, cell("latitude"), cell("longitude"))
        minimum, maximum = value("minimum age", values.age), value("maximum age", values.age)
        if minimum is not None and maximum is not None and minimum > maximum:
            self._doubt(line, "minimum age", f"{minimum} is above the maximum age {maximum}; both left empty")
            minimum = maximum = None
        return ServiceDescribed(
            at=self._at,
            source=self._source,
            source_key=key,
            name=name,
            organization=" ".join(cell("organization").split()),
            description=cell("description"),
            phone=value("phone", values.phone),
            address=cell("address"),
            latitude=latitude,
            longitude=longitude,
            needs=values.needs(cell("needs")),
            hours=hours.hours,
            hours_text=cell("hours"),
            time_zone=value("time zone", lambda words: values.time_zone(words, self._time_zone)),
            eligibility=cell("eligibility"),
            minimum_age=minimum,
            maximum_age=maximum,
            languages=values.words_list(cell("languages")),
            cost=cell("cost"),
            intake=cell("intake"),
            url=value("url", values.url),
            verified_on=value("verified on", lambda words: values.verified_on(words, self._at)),
        )

    def _coordinates(self, line: int, north: str, east: str) -> tuple[float | None, float | None]:
        latitude, doubt = values.coordinate(north, 90)
        longitude, other_doubt = values.coordinate(east, 180)
        self._doubt(line, "latitude", doubt)
        self._doubt(line, "longitude", other_doubt)
        if doubt or other_doubt:
            return None, None
        if (latitude is None) != (longitude is None):
            missing = "latitude" if latitude is None else "longitude"
            self._doubt(line, missing, "is missing while the other one is there; the place is not known")
            return None, None
        if (latitude, longitude) == (0.0, 0.0):
            self._doubt(line, "latitude", "0, 0 is in the sea off Africa; the place is not known")
            return None, None
        return place_of(latitude, longitude) or (None, None)

    def imported(self, blank: int) -> Imported:
        """Everything read, once the last row is."""
        messages = tuple(sorted(self._messages, key=lambda message: message.line))
        services = tuple(described for _, described in self._services.values())
        doubtful = sum(message.severity == "doubtful" for message in messages)
        return Imported(
            services,
            messages,
            Counts(len(services) + self._refused, len(services), self._refused, doubtful, blank),
            frozenset(self._refused_keys - self._services.keys()),
            self._all_keys_known,
        )
