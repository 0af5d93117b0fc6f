"""The center's settings as this program can work with them.

A setting that it cannot read, or that nobody could work with, stops no screen: the newest value that is fit stands in
for it, else the one that the program ships with. What stands in for what is listed, for an administrator to mend.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import Connection

from console.errors import KnownError
from console.models.center import Center, center_settings, refuse_unfit
from console.models.center_shape import unclear
from console.models.store import journal, subjects
from wire.administration import SETTING, SettingSet
from wire.envelope import Entry
from wire.journals import derived_id

NAMES = tuple(Center.__struct_fields__)


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A setting whose newest value this program cannot work with: why, and what counts instead."""

    name: str
    why: str
    instead: str

    @property
    def says(self) -> str:
        """In one line, without a last full stop."""
        return f"the setting {self.name} cannot be read: {self.why.rstrip('.')}; {self.instead}"


class Lists:
    """Makes the center's lists from its settings, once for each state of them: every act and every screen asks."""

    def __init__(self, defaults: Mapping[str, Any]) -> None:
        self._defaults = defaults
        self._made = lru_cache(maxsize=2)(self._make)

    def center(self, connection: Connection) -> Center:
        """The center's lists, its own settings over the shipped defaults, as far as they can be worked with."""
        made = self._made(subjects.texts(connection, SETTING))
        return made or center_settings(self._defaults, fit_values(connection, self._defaults))

    def _make(self, texts: tuple[str, ...]) -> Center | None:
        settings = (subjects.decode(SETTING, text) for text in texts)
        return _fit(self._defaults, {setting.name: setting.value for setting in settings})


def fit_values(connection: Connection, defaults: Mapping[str, Any]) -> dict[str, Any]:
    """The center's own settings by name, each the newest value that can be worked with."""
    states = subjects.every(connection, SETTING)
    values = {state.name: state.value for state in states.values()}
    if _fit(defaults, values):
        return values
    found = _walk(connection, defaults, states)
    return {each.name: each.value for each in found if each.has_value}


def _fit(defaults: Mapping[str, Any], values: Mapping[str, Any]) -> Center | None:
    """The lists with these settings; None when one of them cannot be worked with."""
    try:
        center = center_settings(defaults, values)
        refuse_unfit(center)
    except KnownError:
        return None
    return center


def unreadable(
    connection: Connection, defaults: Mapping[str, Any], setting_subjects: Iterable[UUID]
) -> tuple[Unreadable, ...]:
    """Those of these settings whose newest value cannot be worked with."""
    return tuple(
        Unreadable(each.name or "of an unknown name", each.why, _instead(each))
        for each in _walk(connection, defaults, setting_subjects)
        if each.why
    )


def subjects_here(connection: Connection, center: str) -> set[UUID]:
    """The settings a center may have: those in the record, and those only a newer program could read."""
    known = {derived_id("setting", center, name) for name in NAMES}
    return known | set(subjects.every(connection, SETTING))


def subjects_anywhere(connection: Connection) -> set[UUID]:
    """Every setting in the journal, read from end to end: for checks that do not rest on the record."""
    rows = connection.exec_driver_sql("SELECT DISTINCT subject FROM entry WHERE kind = ?", (SettingSet.KIND,))
    return {UUID(bytes=row[0]) for row in rows}


@dataclass(frozen=True, slots=True)
class _Walked:
    """One setting: its name, the newest fit value if it has one, and why that is not the newest of all."""

    name: str
    why: str = ""
    has_value: bool = False
    value: Any = None


def _instead(walked: _Walked) -> str:
    if walked.has_value:
        return "what it said before counts"
    return "what the program ships with counts" if walked.name in NAMES else "it is left alone"


def _walk(connection: Connection, defaults: Mapping[str, Any], wanted: Iterable[UUID]) -> list[_Walked]:
    held = journal.of_subjects(connection, wanted)
    return [_newest_fit(defaults, entries) for _, entries in sorted(held.items())]


def _newest_fit(defaults: Mapping[str, Any], entries: Sequence[Entry]) -> _Walked:
    name, why = _name(entries[0]), ""
    for entry in reversed(entries):
        body = _body(entry)
        if isinstance(body, str):
            why = why or body
            continue
        name = name or body.name
        problem = _unfit(defaults, body.name, body.value)
        if not problem:
            return _Walked(body.name, why, has_value=True, value=body.value)
        why = why or problem
    return _Walked(name, why)


def _name(entry: Entry) -> str:
    """The setting that an entry is about, whether or not its body can be read; "" for one that is not known here."""
    owner = entry.journal.rpartition("/")[0]
    return next((name for name in NAMES if derived_id("setting", owner, name) == entry.subject), "")


def _body(entry: Entry) -> SettingSet | str:
    """What the entry says, or why that cannot be told."""
    if entry.kind != SettingSet.KIND or entry.version > SettingSet.VERSION:
        return "a newer version of Clinician Console wrote it"
    if entry.body is None:
        return "it was erased"
    try:
        return msgspec.json.decode(entry.body, type=SettingSet)
    except (msgspec.DecodeError, RecursionError, UnicodeEncodeError) as error:
        return f"its body is broken ({error})"


def _unfit(defaults: Mapping[str, Any], name: str, value: Any) -> str:
    try:
        refuse_unfit(center_settings(defaults, {name: value}))
    except KnownError as error:
        return unclear(name, value) or error.message
    return ""
