"""The police sheet's words in their order, each with its weight: what is said, before it is known how it fits."""

from datetime import datetime
from functools import cached_property

from console.handoff.content import (
    UNKNOWN,
    Lines,
    PoliceSheet,
    Statement,
    clean,
    clean_lines,
    clock_time,
    day,
    time_zone,
)
from console.handoff.fields import SOURCE
from console.handoff.flow import Run

ASK = "ask the clinician"
HEADLINE_LONGEST = 100
"""A reason of more characters than this is repeated whole in the assessment: the headline may have cut it."""
_TOGETHER = 32
"""Characters of who told something and when that are kept together on a line."""
Told = tuple[Run, ...]
UNKNOWN_RUN = Run(UNKNOWN, bold=True, framed=True)


class Words:
    """One sheet's words. Rows and sections come in the order in which they print; a fact without words is UNKNOWN."""

    def __init__(self, sheet: PoliceSheet) -> None:
        self._sheet = sheet
        self._zone = time_zone(sheet.zone)
        self._day = day(sheet.as_of, self._zone)
        self._zone_name = sheet.as_of.astimezone(self._zone).tzname()

    @cached_property
    def headline(self) -> tuple[str, Told]:
        """The level's word and the first line of its reason: the largest line of the page."""
        risk = self._sheet.risk
        if not risk.level:
            return f"LEVEL {UNKNOWN}", (Run(f"Not assessed yet: {ASK}.", bold=True),)
        reason = clean_lines(risk.reason)
        return risk.level.upper(), (Run(reason[0] if reason else f"Reason {UNKNOWN}: {ASK}.", bold=True),)

    @cached_property
    def urgent(self) -> tuple[tuple[str, tuple[tuple[str, Told], ...]], ...]:
        """The rows of the act-first box, weapons first, and each row's lines with their labels."""
        rows = self._urgent_facts()
        return tuple((row, tuple((label, self._fact(fact, bold=True)) for label, fact in cells)) for row, cells in rows)

    def _urgent_facts(self) -> tuple[tuple[str, tuple[tuple[str, Statement], ...]], ...]:
        first = self._sheet.act_first
        return (
            (
                "Weapons",
                (
                    ("Reported", first.weapons.reported),
                    ("Seen", first.weapons.seen),
                    ("Access", first.weapons.access),
                    ("Secured", first.weapons.secured),
                ),
            ),
            ("Violence now", (("", first.violence),)),
            (
                "Medical",
                (("Overdose/injury", first.medical.overdose), ("Alcohol/drugs", first.medical.substances)),
            ),
            (
                "Others there",
                (
                    ("People", first.others.present),
                    ("Children", first.others.children),
                    ("Animals", first.others.animals),
                ),
            ),
            ("Scene", (("Access", first.scene.access), ("Stage at", first.scene.staging))),
            ("On the line", (("", first.line),)),
        )

    @cached_property
    def sections(self) -> tuple[tuple[str, tuple[Told, ...]], ...]:
        """The sections under the box with their paragraphs; "Do" marks the place of :meth:`advice`."""
        sheet, situation = self._sheet, self._sheet.situation
        lead = (("Person:", situation.person), ("Now:", situation.happening), ("Asked for:", situation.request))
        return (
            ("Situation", tuple((Run(label, bold=True), *self._fact(fact)) for label, fact in lead)),
            ("Background", (self._fact(sheet.approach.background),)),
            ("Assessment", self._assessment()),
            ("Do", ()),
            ("Recommended", (self._fact(sheet.recommended),)),
            ("Already asked", (self._asked(sheet.asked),)),
            ("Not known", (self._not_known(sheet.not_known),)),
        )

    @cached_property
    def advice(self) -> tuple[tuple[str, tuple[Told, ...]], ...]:
        """What to do and what not to do, item by item; no items where no advice was given."""
        approach = self._sheet.approach
        columns = (("Do", approach.do), ("Do not", approach.do_not))
        return tuple((heading, tuple((Run(item),) for item in _items(lines))) for heading, lines in columns)

    @cached_property
    def caution(self) -> Told:
        """What the advice was given without, if anything: it must not be read as if the weapons were known."""
        weapons = self._sheet.act_first.weapons
        questions = (("reported", weapons.reported), ("access", weapons.access), ("secured", weapons.secured))
        missing = [name for name, statement in questions if not statement.known]
        given = any(items for _, items in self.advice)
        words = f"Advice given with weapons {UNKNOWN}: {', '.join(missing)}."
        return (Run(words, bold=True),) if given and missing else ()

    @cached_property
    def more(self) -> str:
        """How a shortened section ends."""
        call_back = clean(self._sheet.clinician.call_back)[:40]
        return f"continues: {ASK} at {call_back}" if call_back else f"continues: {ASK}"

    def time(self, at: datetime) -> str:
        """A clock time; with its day when that is not the sheet's, with its zone when that is not the sheet's."""
        same_zone = at.astimezone(self._zone).tzname() == self._zone_name
        shown = clock_time(at, self._zone, with_zone=not same_zone)
        on = day(at, self._zone)
        return shown if on == self._day else f"{on} {shown}"

    def _fact(self, fact: Statement, *, bold: bool = False) -> Told:
        words = Run(fact.words, bold=bold) if fact.known else UNKNOWN_RUN
        source = SOURCE.get(fact.source)
        tags = ([source.tag] if source else []) + ([self.time(fact.at)] if fact.at else [])
        # Who and when stay together on a line: a no-break space, where the whole of it is short.
        told = f"({' '.join(tags)})"
        return (words, Run(told.replace(" ", "\u00a0") if len(told) <= _TOGETHER else told)) if tags else (words,)

    def _assessment(self) -> tuple[Told, ...]:
        """The level, since when, on whose word. The reason only where the headline does not give all of it."""
        risk = self._sheet.risk
        reason = clean_lines(risk.reason)
        source = SOURCE.get(risk.source)
        tag = f" ({source.tag})" if source else ""
        if not risk.level:
            level = [UNKNOWN_RUN, Run("No clinician has set a level.")]
        else:
            since = f"since {self.time(risk.since)}" if risk.since else "since a time that is not known"
            repeated = " ".join(reason) if len(reason) != 1 or len(reason[0]) > HEADLINE_LONGEST else None
            whole = f"{since}{tag}." if repeated is None else f"{since}. {repeated or f'Reason {UNKNOWN}.'}{tag}"
            level = [Run(risk.level.upper(), bold=True), Run(whole)]
        return (tuple(level),)

    def _asked(self, asked: Lines) -> Told:
        listed = _listed(asked)
        return (*listed, Run("Ask the clinician, not the person.")) if listed else (UNKNOWN_RUN, Run(ASK))

    def _not_known(self, not_known: Lines) -> Told:
        """What the clinician lists, and the frames above as one more item, so that nobody takes the list for all."""
        listed = _items(not_known)
        framed = any(not fact.known for _, cells in self._urgent_facts() for _, fact in cells)
        marked = (f"what is marked {UNKNOWN} above",) if framed else ()
        words = "; ".join(item.rstrip(".;") for item in (*listed, *marked))
        return (Run(f"{words[0].upper()}{words[1:]}."),) if words else (Run("No open question is recorded."),)


def _items(lines: Lines) -> tuple[str, ...]:
    return tuple(item for item in map(clean, lines.items) if item)


def _listed(lines: Lines) -> Told:
    words = "; ".join(item.rstrip(".;") for item in _items(lines))
    return (Run(f"{words}."),) if words else ()
