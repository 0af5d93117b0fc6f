"""How a form wants its lines to look, in one vocabulary: controls, orientation, labels beside a question, tables.

None of it changes what is asked or what an answer means. A screen that cannot draw a control asks the line plainly.
Sources: the code system ``questionnaire-item-control`` of FHIR R4 and R5 and of SDC, with the spellings found in forms.
"""

from collections.abc import Iterable
from decimal import Decimal
from enum import StrEnum
from typing import Any, Literal

from msgspec import Struct

from console.forms.document import FHIR, SDC, Json, decimal, extension_value


class Control(StrEnum):
    """``itemControl``: how a line is drawn. ``NONE`` leaves it to the screen."""

    NONE = ""
    # questions
    RADIO = "radio-button"
    CHECK_BOX = "check-box"
    DROP_DOWN = "drop-down"
    AUTOCOMPLETE = "autocomplete"
    SLIDER = "slider"
    SPINNER = "spinner"
    TEXT_BOX = "text-box"
    TEXT_AREA = "text-area"
    # groups
    LIST = "list"
    TABLE = "table"
    """Questions are rows, their options columns."""
    HTABLE = "htable"
    """Questions are columns, their options rows."""
    GTABLE = "gtable"
    """Questions are columns, occurrences of the group rows."""
    GRID = "grid"
    """Groups inside are rows, their questions columns."""
    HEADER = "header"
    FOOTER = "footer"
    PAGE = "page"
    TAB = "tab-container"
    # words
    INLINE = "inline"
    PROMPT = "prompt"
    UNIT = "unit"
    LOWER = "lower"
    UPPER = "upper"
    HELP = "help"
    FLYOVER = "flyover"
    LEGAL = "legal"


_SPELLINGS = {
    "lookup": Control.AUTOCOMPLETE,
    "search": Control.AUTOCOMPLETE,
    "combo-box": Control.AUTOCOMPLETE,
    "radio": Control.RADIO,
    "checkbox": Control.CHECK_BOX,
    "dropdown": Control.DROP_DOWN,
    "textbox": Control.TEXT_BOX,
    "textarea": Control.TEXT_AREA,
    "atable": Control.TABLE,
    "matrix": Control.TABLE,
    "tab": Control.TAB,
    "tabs": Control.TAB,
}
BESIDE_A_QUESTION = (Control.PROMPT, Control.UNIT, Control.LOWER, Control.UPPER)
HELPING = (Control.HELP, Control.FLYOVER)
_OF_ONE_OR_MANY = {
    (Control.RADIO, True): Control.CHECK_BOX,
    (Control.CHECK_BOX, False): Control.RADIO,
}
Orientation = Literal["", "horizontal", "vertical"]
Collapsible = Literal["", "open", "closed"]
Category = Literal["", "instructions", "security", "help"]


_MOST_POSITIONS = 200


class Look(Struct, frozen=True, kw_only=True):
    """What a form says about how one line looks. Empty where it says nothing."""

    control: Control = Control.NONE
    orientation: Orientation = ""
    """Of the options of a choice."""
    category: Category = ""
    """What the words of a display item are for (``displayCategory``)."""
    collapsible: Collapsible = ""
    """Whether a group can be folded, and how it starts."""
    step: Decimal | None = None
    """``sliderStepValue``."""
    short_text: str = ""
    """A heading for narrow places: a tab, a column."""
    open_label: str = ""
    """What to call "something else" in an open choice."""
    placeholder: str = ""
    """``entryFormat``: what an answer looks like."""
    help: str = ""
    prompt: str = ""
    """Words that label the field itself."""
    lower: str = ""
    upper: str = ""
    """What the ends of a slider mean."""
    unit: str = ""
    """A unit that is only words beside the field."""


class Table(Struct, frozen=True):
    """A group that can be drawn as a table. Its lines stay lines and are answered one by one.

    ``rows`` says what its rows are: the questions (columns are their options, see ``turned``), the occurrences of the
    group (columns are its questions), or the groups inside it (columns are their questions).
    """

    rows: Literal["questions", "occurrences", "groups"]
    columns: tuple[str, ...]
    turned: bool = False
    """Rows and columns change places."""


def control_code(raw: Json) -> str:
    """The code of the item's ``itemControl`` as written; empty when there is none."""
    concept = extension_value(raw, FHIR + "questionnaire-itemControl")
    return next((code for code in _codes(concept) if code), "")


def control_of(code: str, *, repeats: bool = False) -> Control | None:
    """The control a code names, ``None`` for one not known. One answer has no check boxes, several no radio buttons."""
    word = code.strip().lower().replace("_", "-")
    found = _SPELLINGS.get(word) or next((each for each in Control if each.value == word), None)
    return _OF_ONE_OR_MANY.get((found, repeats), found) if found else found


def read_look(raw: Json, *, repeats: bool, beside: Iterable[tuple[Control, str]]) -> Look:
    """The look of one raw item. ``beside`` are the words that stand in the item for one of its labels."""
    words: dict[Control, list[str]] = {}
    for control, text in beside:
        words.setdefault(Control.HELP if control in HELPING else control, []).append(text)
    said = {control: "\n".join(filter(None, texts)) for control, texts in words.items()}
    return Look(
        control=control_of(control_code(raw), repeats=repeats) or Control.NONE,
        orientation=_one_of(extension_value(raw, FHIR + "questionnaire-choiceOrientation"), "horizontal", "vertical"),
        category=_one_of(
            next(iter(_codes(extension_value(raw, FHIR + "questionnaire-displayCategory"))), ""),
            "instructions",
            "security",
            "help",
        ),
        collapsible=_one_of(
            _string(extension_value(raw, SDC + "collapsible")).removeprefix("default-"), "open", "closed"
        ),
        step=decimal(extension_value(raw, FHIR + "questionnaire-sliderStepValue")),
        short_text=_string(extension_value(raw, SDC + "shortText")),
        open_label=_string(extension_value(raw, SDC + "openLabel")),
        placeholder=_string(extension_value(raw, FHIR + "entryFormat")),
        help=said.get(Control.HELP, ""),
        prompt=said.get(Control.PROMPT, ""),
        lower=said.get(Control.LOWER, ""),
        upper=said.get(Control.UPPER, ""),
        unit=said.get(Control.UNIT, ""),
    )


def slider_steps(low: object, high: object, step: Decimal | None) -> tuple[Decimal, Decimal, int] | None:
    """Least, step and number of steps of a slider between two numbers; ``None`` where it makes no slider."""
    step = Decimal(1) if step is None else step
    if not isinstance(low, Decimal) or not isinstance(high, Decimal) or step <= 0:
        return None
    count = (high - low) / step
    return (low, step, int(count)) if count == int(count) and 0 < count <= _MOST_POSITIONS else None


def _codes(concept: Any) -> list[str]:
    codings = concept.get("coding") if isinstance(concept, dict) else None
    listed = codings if isinstance(codings, list) else []
    return [_string(coding.get("code")) for coding in listed if isinstance(coding, dict)]


def _string(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _one_of(value: Any, *known: Any) -> Any:
    return value if value in known else ""
