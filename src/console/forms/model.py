"""What a form is once it has been read: frozen structs that nothing in the program can change by accident.

Names follow FHIR R4 (https://hl7.org/fhir/R4/questionnaire.html) where it has a word for the thing. Only what this
program acts on has a field; everything else stays in :attr:`Questionnaire.raw` and survives export.
"""

from collections.abc import Mapping
from decimal import Decimal
from enum import Enum, StrEnum
from typing import TYPE_CHECKING, Any, TypeAlias

from msgspec import Struct

from console.forms.document import as_uri
from console.forms.look import Look

if TYPE_CHECKING:
    from console.forms.deciding.logic import Logic


class Kind(StrEnum):
    """``Questionnaire.item.type``, as far as this program asks it."""

    GROUP = "group"
    DISPLAY = "display"
    BOOLEAN = "boolean"
    DECIMAL = "decimal"
    INTEGER = "integer"
    DATE = "date"
    DATE_TIME = "dateTime"
    TIME = "time"
    STRING = "string"
    TEXT = "text"
    URL = "url"
    CHOICE = "choice"
    OPEN_CHOICE = "open-choice"
    QUANTITY = "quantity"
    REFERENCE = "reference"
    """Somebody or something else, named in words."""
    ATTACHMENT = "attachment"
    """A file. A desk takes none in: only a reason for having none can be given."""


class NonAnswer(Enum):
    """Why there is no value, when a person has said why. Distinct from blank, and never worth zero."""

    REFUSED = "refused"
    """The question was put and the person would not answer it."""
    NOT_ASKED = "not-asked"
    """Nobody put the question."""
    UNABLE = "unable"
    """The question was put, or would have been, and the person could not answer it or does not know."""


class Coding(Struct, frozen=True):
    """A code from a code system. ``score`` is what the form says this option is worth, if it says so.

    The score travels with the stored answer (as the extension ``score_url``), because formulas written elsewhere read
    it from there and add up to a silent zero when it is missing.
    """

    system: str = ""
    code: str = ""
    display: str = ""
    version: str = ""
    score: Decimal | None = None
    score_url: str = ""


class Quantity(Struct, frozen=True):
    """A number with its unit."""

    value: Decimal
    unit: str = ""
    system: str = ""
    code: str = ""


class Reference(Struct, frozen=True):
    """Somebody or something else. What is typed here is ``display``; the rest comes from responses of elsewhere."""

    display: str = ""
    reference: str = ""
    type: str = ""
    system: str = ""
    """System of the identifier, and with ``value`` the identifier itself."""
    value: str = ""


class Attachment(Struct, frozen=True):
    """A file in a response of elsewhere, with FHIR's names; ``data`` is base64. Kept, never opened."""

    contentType: str = ""
    language: str = ""
    data: str = ""
    url: str = ""
    size: int | None = None
    hash: str = ""
    title: str = ""
    creation: str = ""


class Date(Struct, frozen=True):
    """A FHIR ``date``: ``YYYY``, ``YYYY-MM`` or ``YYYY-MM-DD``. A birth year alone is a date."""

    text: str


class DateTime(Struct, frozen=True):
    """A FHIR ``dateTime``: a date, or a date with a time and its offset from UTC."""

    text: str


class Time(Struct, frozen=True):
    """A FHIR ``time``: ``hh:mm:ss``, of no particular day or zone."""

    text: str


Value: TypeAlias = bool | int | Decimal | str | Date | DateTime | Time | Coding | Quantity | Reference | Attachment
Answer: TypeAlias = Value | NonAnswer
Answers: TypeAlias = Mapping[str, tuple[Answer, ...]]
"""All answers given so far: item key → answers. See :mod:`console.forms.deciding.layout` for what a key is."""


class Option(Struct, frozen=True):
    """One answer a choice offers."""

    value: Value
    label: str
    score: Decimal | None = None
    prefix: str = ""
    exclusive: bool = False
    """Chosen, it excludes every other option ("none of these")."""
    initially: bool = False
    labels: dict[str, str] = {}
    """Language → its label there. What is stored is ``value``, in the form's own language."""
    numbers: tuple[tuple[str, Decimal], ...] = ()
    """Numbers that the form keeps with it under addresses of its own. They travel with the stored answer as well."""


def option_key(value: object) -> str:
    """How an instrument names an option: ``system|code``, or its words when it has no code."""
    return f"{value.system}|{value.code}" if isinstance(value, Coding) else str(getattr(value, "text", value))


class Condition(Struct, frozen=True):
    """One ``enableWhen``: the item is asked when ``question`` stands so to ``value``."""

    question: str
    operator: str
    value: Value


class Limits(Struct, frozen=True, kw_only=True):
    """What an answer must keep to beside its length and range. Read by :mod:`console.forms.reading.limits`."""

    pattern: str = ""
    """Regular expression that the whole text must match, see :mod:`console.forms.patterns`."""
    decimal_places: int | None = None
    least: Quantity | None = None
    most: Quantity | None = None
    media_types: tuple[str, ...] = ()
    """Content types an attachment may have; any when empty."""
    megabytes: Decimal | None = None
    """How large an attachment may be."""
    resources: tuple[str, ...] = ()
    """Types of resource a reference may lead to; any when empty."""


class Expression(Struct, frozen=True):
    """A formula as the form carries it. ``link_id`` is the item it stands at, empty for the form."""

    text: str
    link_id: str = ""
    language: str = "text/fhirpath"
    name: str = ""
    """What others call it, as a variable."""
    place: int = 0
    """Of a variable its place among those there, from 1 on: it sees those before it."""


class Constraint(Struct, frozen=True):
    """What must hold of the answers. ``text`` is the form's own wording of what is wrong when it does not."""

    expression: Expression
    text: str
    warning: bool = False


class Expressions(Struct, frozen=True):
    """The formulas at one item (SDC and FHIR's extensions of the same names)."""

    calculated: Expression | None = None
    initial: Expression | None = None
    enabled: Expression | None = None
    options: Expression | None = None
    constraints: tuple[Constraint, ...] = ()
    fields: tuple[tuple[str, Expression], ...] = ()
    """Fields of :class:`Item` that a formula decides: required, read_only, text, minimum, maximum."""


class Item(Struct, frozen=True, kw_only=True):
    """One line of the form: a question, a group of lines, or words to read."""

    link_id: str
    kind: Kind
    text: str = ""
    prefix: str = ""
    required: bool = False
    repeats: bool = False
    read_only: bool = False
    hidden: bool = False
    codes: tuple[Coding, ...] = ()
    options: tuple[Option, ...] = ()
    enable_when: tuple[Condition, ...] = ()
    enable_any: bool = False
    initial: tuple[Value, ...] = ()
    max_length: int | None = None
    min_length: int | None = None
    minimum: Decimal | Date | DateTime | Time | None = None
    maximum: Decimal | Date | DateTime | Time | None = None
    min_occurs: int | None = None
    max_occurs: int | None = None
    limits: Limits = Limits()
    unlisted: str = ""
    """Why its options cannot be known here, in a form that is only read to check responses against it."""
    unit: Coding | None = None
    units: tuple[Coding, ...] = ()
    open_units: bool = False
    """Whether a unit that is none of ``units`` may be typed."""
    look: Look = Look()
    texts: dict[str, str] = {}
    """Language → its text there."""
    helps: dict[str, str] = {}
    """Language → its help there."""
    expressions: Expressions = Expressions()
    items: tuple["Item", ...] = ()

    @property
    def is_question(self) -> bool:
        """Whether it takes an answer."""
        return self.kind not in (Kind.GROUP, Kind.DISPLAY)

    @property
    def calculated(self) -> bool:
        """Whether a formula fills it: by that or not at all, never by hand."""
        return self.expressions.calculated is not None

    @property
    def nests(self) -> bool:
        """Whether each of its answers has lines of its own, so that they stand as often as it is answered."""
        return self.is_question and self.repeats and any(item.kind is not Kind.DISPLAY for item in self.items)

    @property
    def is_open(self) -> bool:
        """Whether an answer outside the options is allowed."""
        return self.kind is Kind.OPEN_CHOICE or not (self.options or self.expressions.options)

    @property
    def is_scored(self) -> bool:
        """Whether any of its options is worth something."""
        return any(option.score is not None for option in self.options)

    @property
    def is_weighed(self) -> bool:
        """Whether a formula finds a number with any of its options."""
        return any(option.score is not None or option.numbers for option in self.options)

    @property
    def label(self) -> str:
        """How a sentence names this item: its printed number, else its link id."""
        return self.prefix.strip().rstrip(".):").strip() or self.link_id


class Formula(Struct, frozen=True):
    """A ``calculatedExpression`` that gives a score, or what would pass for one. ``items`` are the questions it rests
    on."""

    link_id: str
    name: str
    items: tuple[str, ...]
    plain: bool
    """Whether it is nothing but the sum of the scores of these items, which is then summed natively as well."""
    weighs: bool = False
    """Whether it reads scores, and not other formulas or answers only."""
    decides: bool = False
    """Whether it hangs on it what is asked: then it is evaluated with gaps, too, and no score while it has any."""
    problem: str = ""
    """Why it never is a score, whatever is answered."""


class Finding(Struct, frozen=True):
    """Something in the document that is passed over without harm, and that its importer should know."""

    link_id: str
    text: str


class Questionnaire(Struct, frozen=True, kw_only=True):
    """A form, ready to be asked."""

    url: str
    version: str
    name: str
    title: str
    titles: dict[str, str]
    """Language → its title there."""
    language: str
    """The language it is written in (BCP 47); empty when it does not say."""
    languages: tuple[str, ...]
    """All languages it can be shown in, its own first."""
    status: str
    copyright: str
    codes: tuple[Coding, ...]
    items: tuple[Item, ...]
    formulas: tuple[Formula, ...]
    findings: tuple[Finding, ...]
    needs: dict[Expression, tuple[str, ...]]
    """What has to have a value before a formula is evaluated that gives or uses a score: questions and other scores."""
    logic: "Logic"
    """Evaluates the formulas of the form."""
    constraints: tuple[Constraint, ...]
    """What must hold of the response as a whole."""
    by_id: dict[str, Item]
    """Every item by link id, in document order."""
    parents: dict[str, str]
    """Link id → link id of the item it stands in (empty: at the top)."""
    loops: dict[str, tuple[str, ...]]
    """Link id → what it stands several times by, outermost first: the repeating groups around it (itself included) and
    the questions around it that have lines in each of their answers."""
    order: tuple[str, ...]
    """Link ids in the order in which enablement is decided: what a condition looks at comes first."""
    watchers: dict[str, frozenset[str]]
    """Link id → the items to decide anew when its answer changes, or whether it is asked; empty: with the time."""
    sha256: str
    """SHA-256 of the document in canonical JSON: which wording exactly was asked."""
    raw: dict[str, Any]
    """The document as it came. Read it, never change it."""

    def __repr__(self) -> str:
        return f"<Questionnaire {self.canonical or self.title!r}, {len(self.by_id)} items>"

    @property
    def canonical(self) -> str:
        """``url|version``, as a QuestionnaireResponse names its form; empty when the form has no url."""
        return f"{self.url}|{as_uri(self.version)}" if self.url and self.version.strip() else self.url
