"""What a screen needs to show a form: the lines that are asked, in order, with their options and number keys.

Keys do not move: the first six options are 1 to 6 and refused, not asked and unable are always 7, 8 and 9, so that a
hand learns them once for every form. Options from the seventh on have no number.
"""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Literal

from msgspec import Struct
from msgspec.structs import replace

from console.forms.asking.units import unit_words
from console.forms.deciding.enablement import Settled, not_in, settle
from console.forms.deciding.layout import Line, lines, numbered
from console.forms.look import Category, Collapsible, Control, Orientation, Table
from console.forms.model import (
    Answer,
    Answers,
    Attachment,
    Coding,
    Date,
    DateTime,
    Item,
    Kind,
    NonAnswer,
    Option,
    Quantity,
    Questionnaire,
    Reference,
    Time,
)
from console.forms.reading.languages import in_language
from console.forms.tables import NUMBERED_OPTIONS, table_of
from console.forms.values import option_of, values

State = Literal["blank", "answered", "refused", "not-asked", "unable"]
NON_ANSWERS = (
    (NonAnswer.REFUSED, "7", "Refused"),
    (NonAnswer.NOT_ASKED, "8", "Not asked"),
    (NonAnswer.UNABLE, "9", "Unable"),
)
_NO_FILES = "It asks for a file, and no files are taken in here. Say why there is none."
_YES_NO = (Option(True, "Yes", labels={"es": "Sí"}), Option(False, "No", labels={"es": "No"}))


class Choice(Struct, frozen=True):
    """One answer that a key or a click gives. ``number`` is its key, empty when it has none."""

    number: str
    label: str
    answer: Answer
    chosen: bool = False
    exclusive: bool = False


class Row(Struct, frozen=True, kw_only=True):
    """One line on the screen. Rows that are no questions (groups, words to read) have no choices and no state."""

    key: str
    link_id: str
    prefix: str
    text: str
    kind: Kind
    control: Control
    depth: int
    section: str
    """Key of the group at the top that it stands in, empty when it stands in none."""
    about: str
    """The answer it belongs to, in words, when the question it stands in takes several; else empty."""
    is_question: bool
    required: bool
    editable: bool
    """False for what the program fills in and what the form locks."""
    repeats: bool
    number: int
    """Which occurrence of a repeating group this is, counted from one; 0 for everything else."""
    min_occurs: int | None
    max_occurs: int | None
    """How many answers, or occurrences of a repeating group, the form wants at least and allows."""
    open: bool
    """Whether an answer that is none of the choices may be typed."""
    choices: tuple[Choice, ...] = ()
    non_answers: tuple[Choice, ...] = ()
    state: State = "blank"
    answers: tuple[Answer, ...] = ()
    answer_text: str = ""
    help: str = ""
    placeholder: str = ""
    unit: str = ""
    units: tuple[Coding, ...] = ()
    max_length: int | None = None
    minimum: Decimal | Date | DateTime | Time | None = None
    maximum: Decimal | Date | DateTime | Time | None = None
    step: Decimal | None = None
    """How far a slider or spinner goes at once."""
    open_units: bool = False
    """Whether a unit that is none of ``units`` may be typed."""
    open_label: str = ""
    """What the field for an answer that is none of the choices is called."""
    prompt: str = ""
    lower: str = ""
    upper: str = ""
    """Words at the field, and at the lower and the upper end of a slider."""
    orientation: Orientation = ""
    category: Category = ""
    collapsible: Collapsible = ""
    short_text: str = ""
    """A heading for narrow places."""
    table: Table | None = None
    """How this group can be drawn as a table; ``None`` when it cannot. The rows in it follow all the same."""


class Page(Struct, frozen=True, kw_only=True):
    """A whole form as it stands."""

    title: str
    copyright: str
    rows: tuple[Row, ...]
    answered: int
    """Questions asked that have an answer; refused, not asked and unable count, since they were dealt with."""
    total: int
    """Questions asked, hidden and calculated ones aside."""
    open_required: tuple[str, ...]
    """Keys of required questions that are still blank."""
    withdrawn: tuple[str, ...]
    """Keys of questions that were answered and are no longer asked."""


Rows = dict[str, tuple[tuple[object, ...], Row]]
"""Rows by key, with what they were made of."""


def present(
    q: Questionnaire,
    answers: Answers,
    occurrences: Mapping[str, int] | None = None,
    language: str = "",
    *,
    now: datetime | None = None,
    settled: Settled | None = None,
    known: Rows | None = None,
) -> Page:
    """The form as it stands. ``occurrences`` as in :func:`console.forms.deciding.layout.lines`; ``now`` is the time for
    formulas that ask for it; ``settled`` is what these answers decide, where that is known already.
    ``known`` keeps the rows for the next call with it, which makes only those anew of which something else is said.

    ``language`` is one of :attr:`~console.forms.model.Questionnaire.languages`. It changes what is read on the screen
    and nothing else: words that the form does not have in it come in the form's own language, and the answers of the
    choices are the same ones in every language.
    """
    settled = settled or settle(q, lines(q, answers, occurrences), answers, now)
    standing, on = settled.lines, settled.on
    given = {**answers, **settled.calculated}
    known = {} if known is None else known
    rows = []
    hidden: set[str] = set()
    section_and_about: dict[str, tuple[str, str]] = {"": ("", "")}
    for line in standing:
        key, item = line.key, line.item
        section, about = section_and_about[line.parent]
        if not line.parent and item.kind is Kind.GROUP:
            section = key
        elif line.occurrence:
            about = _about(settled.situation.lines.get(line.parent), line, answers, language) or about
        section_and_about[key] = section, about
        if item.hidden or line.parent in hidden:
            hidden.add(key)
        elif key in on:
            held, answer = known.get(key), given.get(key, ())
            said = (item, answer, section, about, language)
            if held is None or held[0][0] is not item or held[0][1:] != said[1:]:
                held = known[key] = said, _row(line, answer, section, about, language)
            rows.append(held[1])
    asked = [row for row in rows if row.is_question and row.editable]
    return Page(
        title=in_language(q.titles, language, q.title),
        copyright=q.copyright,
        rows=tuple(rows),
        answered=sum(row.state != "blank" for row in asked),
        total=len(asked),
        open_required=tuple(row.key for row in asked if row.required and row.state == "blank"),
        withdrawn=not_in(q, answers, on),
    )


def _about(parent: Line | None, line: Line, answers: Answers, language: str) -> str:
    if parent is None or not parent.item.nests:
        return ""
    number = line.occurrence[len(parent.occurrence)]
    held = numbered(parent.item, answers.get(parent.key, ()))
    return next(answer_text(parent.item, value, language) for place, value in held if place == number)


def _unworded(item: Item) -> str:
    """What stands for the words of an item that has none: its code's, and for a question at the worst its link id."""
    return next((code.display for code in item.codes if code.display), "") or (item.link_id if item.is_question else "")


def _row(line: Line, given: tuple[Answer, ...], section: str, about: str, language: str) -> Row:
    item = line.item
    look = item.look
    unit = item.unit or (item.units[0] if len(item.units) == 1 else None)
    return Row(
        key=line.key,
        link_id=item.link_id,
        prefix=item.prefix,
        text=in_language(item.texts, language, item.text) or _unworded(item),
        kind=item.kind,
        control=look.control,
        depth=line.depth,
        section=section,
        about=about,
        is_question=item.is_question,
        required=item.required,
        editable=item.is_question and not item.read_only and not item.calculated,
        repeats=item.repeats,
        number=line.occurrence[-1] if item.repeats and item.kind is Kind.GROUP else 0,
        min_occurs=item.min_occurs,
        max_occurs=item.max_occurs,
        open=item.is_question and item.is_open and item.kind not in (Kind.BOOLEAN, Kind.ATTACHMENT),
        choices=_choices(item, given, language),
        non_answers=_non_answers(given) if item.is_question else (),
        state=_state(given),
        answers=given,
        answer_text=", ".join(answer_text(item, answer, language) for answer in given),
        help=_NO_FILES if item.kind is Kind.ATTACHMENT else in_language(item.helps, language, look.help),
        placeholder=look.placeholder or look.open_label,
        unit=unit_words(unit) or look.unit,
        units=item.units,
        max_length=item.max_length,
        minimum=item.minimum,
        maximum=item.maximum,
        step=look.step,
        open_units=item.open_units,
        open_label=look.open_label,
        prompt=look.prompt,
        lower=look.lower,
        upper=look.upper,
        orientation=look.orientation,
        category=look.category,
        collapsible=look.collapsible,
        short_text=look.short_text,
        table=table_of(item),
    )


def _choices(item: Item, given: tuple[Answer, ...], language: str) -> tuple[Choice, ...]:
    options = _YES_NO if item.kind is Kind.BOOLEAN else item.options
    bare = Item(link_id=item.link_id, kind=item.kind, options=options)
    chosen = [option_of(bare, value) for value in values(given)]
    return tuple(
        Choice(
            str(place) if place <= NUMBERED_OPTIONS else "",
            f"{option.prefix} {in_language(option.labels, language, option.label)}".strip(),
            option.value,
            any(option is one for one in chosen),
            option.exclusive,
        )
        for place, option in enumerate(options, start=1)
    )


def _non_answers(given: tuple[Answer, ...]) -> tuple[Choice, ...]:
    return tuple(Choice(number, label, answer, answer in given) for answer, number, label in NON_ANSWERS)


def _state(given: tuple[Answer, ...]) -> State:
    for answer in given:
        if isinstance(answer, NonAnswer):
            return answer.value
    return "answered" if values(given) else "blank"


def answer_text(item: Item, answer: Answer, language: str = "") -> str:
    """One answer in words, as a note or a sheet would write it: those are in the form's own language."""
    if language and not isinstance(answer, NonAnswer):
        option = option_of(replace(item, options=_YES_NO) if item.kind is Kind.BOOLEAN else item, answer)
        if option and (label := in_language(option.labels, language, "")):
            return label
    match answer:
        case NonAnswer():
            return next(label for one, _, label in NON_ANSWERS if one is answer)
        case bool():
            return "Yes" if answer else "No"
        case Coding():
            return answer.display or answer.code
        case Quantity():
            return (
                f"{answer.value:f} {unit_words(Coding(code=answer.code or answer.unit, display=answer.unit))}".strip()
            )
        case Reference():
            return answer.display or answer.reference or answer.value
        case Attachment():
            return answer.title or answer.url or answer.contentType or "a file"
        case Date() | DateTime() | Time():
            return answer.text
        case Decimal():
            return f"{answer:f} {unit_words(item.unit)}".strip()
        case _:
            unit = unit_words(item.unit) if isinstance(answer, int) else ""
            return f"{answer} {unit}".strip()
