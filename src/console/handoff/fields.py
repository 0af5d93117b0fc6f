"""The facts a sheet is drawn from: one list for entry on screen, for the sheet, and for what is withheld.

A fact is entered once under its field's id, with its source. The list is in the order to ask: what can hurt somebody
first. A field that is not in the list, or whose audience is not the reader's, does not print; nor does a fact whose
source may not reach that reader, however harmless its words.
"""

from dataclasses import dataclass
from enum import StrEnum

from console.handoff.content import SheetAudience

_ALL = frozenset(SheetAudience)
_SHORT = 70
_LONG = 600


class Section(StrEnum):
    """Where on the sheet a fact prints; the words are the sheet's own headings."""

    ACT_FIRST = "Act first"
    SITUATION = "Situation"
    BACKGROUND = "Background that changes the approach"
    DO = "Do"
    DO_NOT = "Do not"
    RECOMMENDED = "Recommended"
    ASKED = "Already asked"
    NOT_KNOWN = "Not known"


@dataclass(frozen=True)
class Field:
    """One fact that can be stated about a call.

    ``row`` is the sheet's row and ``label`` the line in it; ``prompt`` is the question to ask and ``placeholder`` an
    example answer. ``suggestions`` are answers offered in one key. ``lines`` says that each line of the value is an
    item of its own. ``longest`` is the most characters that entry takes: in :attr:`Section.ACT_FIRST` that much prints
    whole, however full the rest of the sheet is.
    """

    id: str
    row: str
    label: str
    section: Section
    prompt: str
    placeholder: str = ""
    suggestions: tuple[str, ...] = ()
    lines: bool = False
    longest: int = _LONG
    audiences: frozenset[SheetAudience] = _ALL

    @property
    def name(self) -> str:
        """The field in a list by itself: "Weapons: access"."""
        return f"{self.row}: {self.label.lower()}" if self.label else self.row


class Telling(StrEnum):
    """What police may be told of a fact from a source."""

    WHOLE = "whole"
    """The fact and who told it."""
    FACT_ONLY = "fact only"
    """What keeps people safe prints, without saying who told it; anything else is held back."""
    NOTHING = "nothing"
    """Not printed; where police would look for it the sheet says to ask the clinician."""


@dataclass(frozen=True)
class Source:
    """Who told a fact. ``tag`` is how the sheet prints it; ``why`` is the sentence for what police are not told."""

    id: str
    label: str
    tag: str
    police: Telling = Telling.WHOLE
    why: str = ""


@dataclass(frozen=True)
class Ruling:
    """Whether one fact prints, whether its source prints with it, and what is held back why ("" when nothing is)."""

    prints: bool
    with_source: bool
    why: str = ""


def _urgent(
    field: str, row: str, label: str, prompt: str, placeholder: str = "", suggestions: tuple[str, ...] = ()
) -> Field:
    return Field(field, row, label, Section.ACT_FIRST, prompt, placeholder, suggestions, longest=_SHORT)


FIELDS: tuple[Field, ...] = (
    _urgent(
        "weapons.reported",
        "Weapons",
        "Reported",
        "Is any weapon reported, and what?",
        "Handgun",
        ("None reported", "Firearm", "Knife"),
    ),
    _urgent(
        "weapons.seen",
        "Weapons",
        "Seen",
        "Has anyone seen it today, in hand or where?",
        "In his hand at 22:05",
        ("Not seen", "In hand"),
    ),
    _urgent(
        "weapons.access",
        "Weapons",
        "Access",
        "Can the person reach it now?",
        "Within reach, kitchen drawer",
        ("Within reach", "Not within reach"),
    ),
    _urgent(
        "weapons.secured",
        "Weapons",
        "Secured",
        "Is it locked or taken away, by whom?",
        "Brother has it in his car",
        ("Not secured", "Locked away", "Removed"),
    ),
    _urgent(
        "violence.now",
        "Violence now",
        "",
        "Is anyone being hurt or threatened now?",
        "Threw a chair, shouting",
        ("None reported", "Threats", "Assault in progress"),
    ),
    _urgent(
        "medical.overdose",
        "Medical",
        "Overdose/injury",
        "Has the person taken or done anything, is anyone hurt?",
        "Cut on left arm, bleeding controlled",
        ("None reported",),
    ),
    _urgent(
        "medical.substances",
        "Medical",
        "Alcohol/drugs",
        "Has the person been drinking or using, as far as anyone says?",
        "Drinking since noon",
        ("None reported",),
    ),
    _urgent(
        "others.present", "Others there", "People", "Who else is there, and where?", "Mother in front room", ("None",)
    ),
    _urgent("children", "Others there", "Children", "Are there children, where?", "Two, upstairs", ("None",)),
    _urgent("animals", "Others there", "Animals", "Are there animals?", "Large dog, loose in yard", ("None",)),
    _urgent("scene.access", "Scene", "Access", "How do responders get in?", "Side door, code 2241 at gate"),
    _urgent("scene.staging", "Scene", "Stage at", "Where should responders wait?", "Oak St, no sirens on approach"),
    _urgent(
        "line.who", "On the line", "", "Who is on the line with the person now?", "Clinician by phone", ("Nobody",)
    ),
    Field("person.description", "Situation", "Person", Section.SITUATION, "Who is it about: age, looks, clothes?"),
    Field("situation", "Situation", "Now", Section.SITUATION, "What is happening?"),
    Field("request", "Situation", "Asked for", Section.SITUATION, "What does the person, or the caller, ask for?"),
    Field(
        "approach.background",
        "Background",
        "",
        Section.BACKGROUND,
        "What changes the approach: hearing, language, triggers, what worked before?",
    ),
    Field("approach.do", "Do", "", Section.DO, "What helps? One thing a line.", "One voice, slowly", lines=True),
    Field("approach.do_not", "Do not", "", Section.DO_NOT, "What makes it worse? One thing a line.", lines=True),
    Field("recommended", "Recommended", "", Section.RECOMMENDED, "Who should go, and where to, with hours?"),
    Field(
        "asked",
        "Already asked",
        "",
        Section.ASKED,
        "Which topics has the person been asked about already? One a line.",
        "Means at hand",
        lines=True,
    ),
    Field("not_known", "Not known", "", Section.NOT_KNOWN, "What is still not known? One thing a line.", lines=True),
)
FIELD: dict[str, Field] = {field.id: field for field in FIELDS}

SOURCES: tuple[Source, ...] = (
    Source("caller", "Told by the caller", "caller"),
    Source("person", "Said by the person", "the person"),
    Source("observed", "Seen or heard by the clinician or a call-taker", "observed"),
    Source("clinician", "The clinician's own judgment", "clinician"),
    Source("responder", "Reported by a responder on scene", "responder"),
    Source("cad", "From CAD", "CAD"),
    Source("record", "From the clinician's own records", "own record"),
    Source("partner", "From another agency", "other agency"),
    Source(
        "part2",
        "From a substance use program's record (42 CFR Part 2)",
        "program record",
        Telling.NOTHING,
        "Record of a substance use program (42 CFR Part 2): not to police without consent.",
    ),
    Source(
        "cji",
        "From a criminal justice record (warrant, history, NCIC, RMS)",
        "criminal justice record",
        Telling.NOTHING,
        "Criminal justice record: police have it from CAD, not from this sheet.",
    ),
    Source(
        "confidential",
        "Told in confidence (a caller who must not be named, a protected address)",
        "in confidence",
        Telling.FACT_ONLY,
        "Told in confidence: held back so that the source stays safe.",
    ),
)
SOURCE: dict[str, Source] = {source.id: source for source in SOURCES}


def police_ruling(field_id: str, source_id: str) -> Ruling:
    """What a police sheet prints of a fact in this field from this source.

    A field that is not listed, or not for police, is held back. A source that is not listed is never named, since the
    program cannot know what may be told of it; what keeps people safe still prints.
    """
    field = FIELD.get(field_id)
    if field is None:
        return Ruling(False, False, "Not one of the facts that a police sheet carries.")
    if SheetAudience.POLICE not in field.audiences:
        return Ruling(False, False, "Not for police: this field goes to other readers.")
    unlisted = Source(source_id, "", "", Telling.FACT_ONLY, "Its source is not one that a sheet may name.")
    source = SOURCE.get(source_id, unlisted) if source_id else Source("", "", "")
    if source.police is Telling.WHOLE:
        return Ruling(True, True)
    if source.police is Telling.FACT_ONLY and field.section is Section.ACT_FIRST:
        return Ruling(True, False, f"Only who told it: {source.why[0].lower()}{source.why[1:]}")
    return Ruling(False, False, source.why)
