"""What a drill is made of: a city that does not exist, crisis calls written by hand, ordinary ones, and a plan.

The files are in ``resources/drills``: ``westside.toml`` the city and its ordinary calls, ``vignettes.toml`` the crisis
calls, and a file for each scenario. They are checked whole when a drill begins.
"""

import string
from pathlib import Path
from typing import Annotated, Any
from zoneinfo import ZoneInfo

import msgspec

from console.errors import KnownError
from console.feeds.assets import read_toml, resource
from console.feeds.site_rules import FlagCode, Rules, SiteRules, SuggestRule, Types

_NOT_SCENARIOS = {"westside", "vignettes"}
_Shares = Annotated[tuple[float, ...], msgspec.Meta(min_length=24, max_length=24)]
_Names = Annotated[tuple[str, ...], msgspec.Meta(min_length=1)]
_Hour = Annotated[float, msgspec.Meta(ge=0, lt=24)]
_Count = Annotated[int, msgspec.Meta(ge=0, le=20_000)]

SPEAKERS = ("ct", "disp", "unit", "unit2", "medic")
"""Who may say a line: call-taker, dispatcher, first and second patrol unit, ambulance."""
FIELDS = ("person", "caller", "address", "old_address", "street", "unit", "unit2", "medic", "callback")
"""What a line may name in braces."""


LINE_STATES = ("on", "dropped")
"""What a step may make of the telephone line."""


class CallType(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A type of Westside's CAD, with its common code and CAD's own priority."""

    name: str
    common: str
    priority: str
    behavioral: bool = False


class Ordinary(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A kind of everyday call: how often, how long in minutes, who is sent, what is told, how it ends.

    One ``by_unit`` is begun by a unit in the field; nobody called.
    """

    type: str
    place: str
    weight: Annotated[float, msgspec.Meta(gt=0)]
    minutes: tuple[float, float]
    tell: Annotated[tuple[tuple[str, ...], ...], msgspec.Meta(min_length=1)]
    ends: _Names
    units: _Count = 0
    medics: _Count = 0
    by_unit: bool = False


class Rhythm(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Shares of a day's calls by local hour; each list sums to one."""

    calls: _Shares
    crises: _Shares


class City(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A city and its CAD. Coordinates in degrees; ``reserved_…`` units go to crisis calls only."""

    name: str
    zone: str
    latitude: float
    longitude: float
    area_code: str
    streets: _Names
    avenues: _Names
    patrol: _Names
    medics: _Names
    reserved_patrol: _Count = 0
    reserved_medics: _Count = 0
    call_takers: _Names
    dispatchers: _Names
    men: _Names
    women: _Names
    surnames: _Names
    landmarks: dict[str, tuple[float, float]]
    rhythm: Rhythm
    types: tuple[CallType, ...]
    suggest: tuple[SuggestRule, ...] = ()
    flag_codes: tuple[FlagCode, ...] = ()
    ordinary: Annotated[tuple[Ordinary, ...], msgspec.Meta(min_length=1)]


class Step(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One thing that happens, ``after`` so many seconds from the one before; see resources/drills/vignettes.toml.

    ``needs_unit`` on the closing step: the disposition is one that only a unit can have come to. ``line_state`` is what
    becomes of the telephone line, one of `LINE_STATES`: CAD does not know it, the drill's dispatcher says it.
    """

    after: Annotated[float, msgspec.Meta(ge=0)]
    line: str = ""
    by: str = ""
    type: str = ""
    place: str = ""
    units: int | None = None
    medics: int | None = None
    closed: bool = False
    disposition: str = ""
    needs_unit: bool = False
    line_state: str = ""


class Vignette(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One crisis call, written by hand. ``person`` is "m" or "f": whose names the subject may have."""

    id: str
    about: str
    type: str
    place: str
    person: str
    caller: str
    closes_after_minutes: float = 30.0
    steps: Annotated[tuple[Step, ...], msgspec.Meta(min_length=1)]


class Already(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The ordinary calls that are open when a drill begins; the oldest came in ``minutes`` ago."""

    ordinary: _Count = 0
    minutes: float = 60.0


class Crisis(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A vignette at a fixed time: so many seconds before the drill begins, or, negative, after."""

    vignette: str
    seconds_ago: float


class Burst(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Many calls at once. ``crisis_share`` of them are vignettes."""

    calls: _Count
    seconds: Annotated[float, msgspec.Meta(gt=0)]
    after_seconds: float = 0.0
    crisis_share: Annotated[float, msgspec.Meta(ge=0, le=1)] = 0.0


class ScenarioFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A scenario as its file gives it."""

    about: str
    hour: _Hour
    calls_per_day: Annotated[float, msgspec.Meta(ge=0, le=100_000)]
    crises_per_day: Annotated[float, msgspec.Meta(ge=0, le=100_000)]
    first_number: _Count = 1
    already: Already = Already()
    burst: Burst | None = None
    crisis: tuple[Crisis, ...] = ()


class Scenario:
    """A scenario with its city and vignettes, checked."""

    def __init__(self, name: str, plan: ScenarioFile, city: City, vignettes: tuple[Vignette, ...], where: str) -> None:
        self.name = name
        self.plan = plan
        self.city = city
        self.zone = ZoneInfo(city.zone)
        self.types = {each.name: each for each in city.types}
        self.vignettes = {each.id: each for each in vignettes}
        types = Types(
            behavioral=tuple(each.name for each in city.types if each.behavioral),
            common={each.name: each.common for each in city.types},
        )
        self.rules = SiteRules(Rules(types, city.suggest, city.flag_codes), f"Drill city {city.name}")
        for vignette in vignettes:
            self._check_vignette(vignette)
        for ordinary in city.ordinary:
            self._check_ordinary(ordinary)
        for crisis in plan.crisis:
            if crisis.vignette not in self.vignettes:
                raise KnownError(f"{where}: there is no vignette '{crisis.vignette}'.")

    def _check_vignette(self, vignette: Vignette) -> None:
        where = f"Vignette {vignette.id}"
        if vignette.person not in ("m", "f"):
            raise KnownError(f"{where}: person is 'm' or 'f', not '{vignette.person}'.")
        self._check_type(vignette.type, where)
        self._check_place(vignette.place, where)
        for step in vignette.steps:
            if step.type:
                self._check_type(step.type, where)
            if step.place not in ("", "corrected"):
                raise KnownError(f"{where}: the place of a step is 'corrected' or left out, not '{step.place}'.")
            if step.line_state not in ("", *LINE_STATES):
                raise KnownError(f"{where}: a line_state is {' or '.join(LINE_STATES)}, not '{step.line_state}'.")
            if bool(step.line) != bool(step.by):
                raise KnownError(f"{where}: '{step.line or step.by}' needs both line and by.")
            if step.line:
                self._check_line(step.by, step.line, where)

    def _check_ordinary(self, ordinary: Ordinary) -> None:
        where = f"Ordinary call {ordinary.type}"
        self._check_type(ordinary.type, where)
        self._check_place(ordinary.place, where)
        shortest, longest = ordinary.minutes
        if not 0 < shortest <= longest:
            raise KnownError(f"{where}: minutes are the shortest and the longest time to clear.")
        for telling in ordinary.tell:
            for told in telling:
                by, bar, line = told.partition("|")
                if not bar:
                    raise KnownError(f"{where}: '{told}' does not say who tells it (ct|, disp|, unit|, medic|).")
                self._check_line(by, line, where)

    def _check_type(self, name: str, where: str) -> None:
        if name not in self.types:
            raise KnownError(f"{where}: {self.city.name} has no call type '{name}'.")

    def _check_place(self, place: str, where: str) -> None:
        kind, _, landmark = place.partition(":")
        if kind not in ("house", "apartment", "corner", "road", "landmark"):
            raise KnownError(f"{where}: a place is house, apartment, corner, road or landmark:NAME, not '{place}'.")
        if kind == "landmark" and landmark not in self.city.landmarks:
            raise KnownError(f"{where}: {self.city.name} has no landmark '{landmark}'.")

    def _check_line(self, by: str, line: str, where: str) -> None:
        if by not in SPEAKERS:
            raise KnownError(f"{where}: '{by}' says a line; known are {', '.join(SPEAKERS)}.")
        try:
            named = {field for _, field, _, _ in string.Formatter().parse(line) if field is not None}
        except ValueError as error:
            raise KnownError(f"{where}: '{line}' cannot be read ({error}).") from error
        if unknown := named - set(FIELDS):
            raise KnownError(f"{where}: a line names {{{unknown.pop()}}}; known are {', '.join(FIELDS)}.")


class _Vignettes(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    vignette: Annotated[tuple[Vignette, ...], msgspec.Meta(min_length=1)]


def scenarios() -> dict[str, str]:
    """The shipped scenarios: name, and what each is about."""
    paths = sorted(resource("drills").glob("*.toml"))
    return {path.stem: _read(path, ScenarioFile).about for path in paths if path.stem not in _NOT_SCENARIOS}


def load_scenario(name: str) -> Scenario:
    """The scenario of this name, or in the .toml file of this path. Raises :class:`KnownError` for any other."""
    if name.endswith(".toml") or "/" in name or "\\" in name:
        path = Path(name)
    else:
        known = scenarios()
        if name not in known:
            raise KnownError(f"There is no drill '{name}'. Known: {', '.join(known)}.")
        path = resource(f"drills/{name}.toml")
    city = _read(resource("drills/westside.toml"), City)
    vignettes = _read(resource("drills/vignettes.toml"), _Vignettes).vignette
    return Scenario(path.stem, _read(path, ScenarioFile), city, vignettes, f"Drill {path}")


def _read(path: Path, kind: Any) -> Any:
    return read_toml(path, kind, "drill file")
