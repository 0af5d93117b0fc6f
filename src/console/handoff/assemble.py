"""From the facts of a call to what a police sheet says: pure, no clock, no drawing.

Nothing is retyped here: every line of the sheet is a stated fact with its source, or ``UNKNOWN``. What is known and
does not print is listed as withheld, with the reason.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Protocol

from console.handoff.content import (
    ActFirst,
    Approach,
    Clinician,
    Lines,
    Medical,
    Others,
    PoliceSheet,
    RiskLevel,
    Scene,
    Situation,
    Statement,
    Weapons,
    Withheld,
    clean,
    clean_lines,
    says_unknown,
)
from console.handoff.fields import FIELD, FIELDS, police_ruling

HANDLING = "For responders to this call only. Handle under your agency's records rule."
"""The handling line where the site has set none."""
HELD_BACK = "Not on this sheet: ask the clinician"
"""Prints in place of a fact that is known and may not print where police would look for it."""
_ANSWERS_STAY = "Police are told what was asked about, not what was answered."


class SheetFact(Protocol):
    """One fact as the call's record has it. ``source`` is a source id of :data:`console.handoff.fields.SOURCES`."""

    @property
    def value(self) -> str: ...
    @property
    def source(self) -> str: ...
    @property
    def at(self) -> datetime: ...


def assemble(
    facts: Mapping[str, SheetFact],
    *,
    center: str,
    call_number: str,
    place: str,
    zone: str,
    code: str,
    desk: str,
    as_of: datetime,
    clinician: Clinician,
    risk: RiskLevel | None = None,
    version: int = 1,
    replaces: int | None = None,
    handling: str = HANDLING,
    drill: bool = False,
) -> PoliceSheet:
    """The police sheet that these facts make.

    ``facts`` is by field id; a missing field reads ``UNKNOWN``. ``call_number`` and ``place`` are CAD's, "" while no
    CAD call is bound. ``as_of`` is when the record was read. A blank ``handling`` gives :data:`HANDLING`.
    """
    told = _Told(facts)
    weapons = Weapons(
        reported=told.urgent("weapons.reported"),
        seen=told.urgent("weapons.seen"),
        access=told.urgent("weapons.access"),
        secured=told.urgent("weapons.secured"),
    )
    act_first = ActFirst(
        weapons=weapons,
        violence=told.urgent("violence.now"),
        medical=Medical(told.urgent("medical.overdose"), told.urgent("medical.substances")),
        others=Others(told.urgent("others.present"), told.urgent("children"), told.urgent("animals")),
        scene=Scene(told.urgent("scene.access"), told.urgent("scene.staging")),
        line=told.urgent("line.who"),
    )
    asked, answered = _topics(told.lines("asked"))
    withheld = told.withheld() + ((Withheld(FIELD["asked"].name, _ANSWERS_STAY),) if answered else ())
    return PoliceSheet(
        center=center,
        call_number=call_number,
        place=place,
        zone=zone,
        code=code,
        desk=desk,
        as_of=as_of,
        clinician=clinician,
        handling=clean(handling) or HANDLING,
        version=version,
        replaces=replaces,
        act_first=act_first,
        situation=Situation(told.one("person.description"), told.one("situation"), told.one("request")),
        risk=risk or RiskLevel(),
        approach=Approach(
            background=told.one("approach.background"),
            do=told.lines("approach.do"),
            do_not=told.lines("approach.do_not"),
        ),
        recommended=told.one("recommended"),
        asked=asked,
        not_known=told.lines("not_known"),
        withheld=withheld,
        drill=drill,
    )


def risk_level(level: str, reason: str, since: datetime | None, *, source: str = "") -> RiskLevel:
    """The level as a sheet says it; anything but a level that somebody set reads as not set."""
    if level not in {"critical", "high", "medium", "low"}:
        return RiskLevel()
    return RiskLevel(level, reason, source, since)


class _Told:
    """The facts as police may be told them."""

    def __init__(self, facts: Mapping[str, SheetFact]) -> None:
        self._facts = {field: fact for field, fact in facts.items() if clean(fact.value)}
        self._rulings = {field: police_ruling(field, fact.source) for field, fact in self._facts.items()}

    def one(self, field: str) -> Statement:
        fact = self._facts.get(field)
        if fact is None or not self._rulings[field].prints:
            return Statement()
        source = fact.source if self._rulings[field].with_source else ""
        return Statement("" if says_unknown(fact.value) else clean(fact.value), source, fact.at)

    def urgent(self, field: str) -> Statement:
        """As :meth:`one`; what is known and held back says so, since ``UNKNOWN`` would be untrue."""
        if field in self._facts and not self._rulings[field].prints:
            return Statement(HELD_BACK)
        return self.one(field)

    def lines(self, field: str) -> Lines:
        fact = self._facts.get(field)
        if fact is None or not self._rulings[field].prints or says_unknown(fact.value):
            return Lines()
        return Lines(clean_lines(fact.value), fact.source, fact.at)

    def withheld(self) -> tuple[Withheld, ...]:
        """What is known and does not print, the sheet's own fields first and in its order."""
        order = {field.id: place for place, field in enumerate(FIELDS)}
        held = sorted(
            (field for field, ruling in self._rulings.items() if ruling.why),
            key=lambda field: (order.get(field, len(order)), field),
        )
        return tuple(Withheld(FIELD[f].name if f in FIELD else f, self._rulings[f].why) for f in held)


def _topics(asked: Lines) -> tuple[Lines, bool]:
    """The topics without what follows a colon or a question mark, and whether any answer was left out."""
    topics, answered = [], False
    for item in asked.items:
        topic, colon, answer = item.partition(":")
        question, mark, rest = topic.partition("?")
        answered |= bool(colon and answer.strip()) or bool(mark and rest.strip())
        if question.strip():
            topics.append(question.strip())
    return Lines(tuple(topics), asked.source, asked.at), answered
