"""Reading one item of a Questionnaire, field by field, refusing what cannot be asked rightly."""

import re
from decimal import Decimal
from typing import Any

from console.forms.document import SDC, Json, child, decimal, extension_value, extensions, flag, objects, text, whole
from console.forms.look import BESIDE_A_QUESTION, HELPING, control_code, control_of, read_look
from console.forms.model import Coding, Condition, Date, DateTime, Finding, Item, Kind, Option, Time, Value
from console.forms.reading import expressions
from console.forms.reading.dialects import passed_over, refuse_modifiers, unknown_fields
from console.forms.reading.languages import helps_in, translations
from console.forms.reading.limits import read_limits
from console.forms.reading.plain import filled, loses_an_image
from console.forms.reading.shown import shown_otherwise
from console.forms.reading.valuesets import Terminology, UnknownList, optional_label, scored_option
from console.forms.refusals import RefusedForm, refuse
from console.forms.values import (
    FHIR,
    clean,
    fits,
    is_too_large,
    numbers_in,
    option_of,
    parse,
    parse_coding,
    score_in,
    scores_in,
    value_of,
)

MAX_DEPTH = 40
_OPERATORS = ("exists", "=", "!=", ">", "<", ">=", "<=")
_CHOICES = (Kind.CHOICE, Kind.OPEN_CHOICE)
_MAY_HAVE_OPTIONS = (*_CHOICES, Kind.STRING, Kind.TEXT, Kind.INTEGER, Kind.DATE, Kind.TIME, Kind.REFERENCE)
_BOUNDED = (Kind.INTEGER, Kind.DECIMAL, Kind.DATE, Kind.DATE_TIME, Kind.TIME)
_NUMBERED_KEY = re.compile(r".*#\d+(\.\d+)*", re.DOTALL)


class ItemReader:
    """Reads items and keeps what it passes over in :attr:`findings`.

    A form that is not ``asked``, but read to check responses against it, is not refused for what only stands in the
    way of asking or scoring it.
    """

    def __init__(self, terminology: Terminology, asked: bool = True) -> None:
        self.terminology = terminology
        self.asked = asked
        self.findings: list[Finding] = []
        self.raw: dict[str, Json] = {}
        """Every item's own JSON by link id, for what is decided over the whole form."""

    def read_all(self, holder: Json, link_id: str = "", depth: int = 0) -> tuple[Item, ...]:
        """The items directly in a form or an item, with everything in them."""
        if depth > MAX_DEPTH:
            refuse(f"items are nested more than {MAX_DEPTH} deep", link_id)
        return tuple(
            self._read(entry, f"item {place} of {link_id or 'the form'}", depth)
            for place, entry in enumerate(objects(holder, "item", link_id), start=1)
        )

    def _read(self, raw: Json, where: str, depth: int) -> Item:
        link_id = raw.get("linkId")
        if not isinstance(link_id, str) or not link_id.strip():
            refuse(f"{where} has no linkId")
        if link_id in self.raw:
            refuse("two items have this linkId", link_id)
        if clean(link_id) != link_id:
            self.unfit("its linkId has a space that FHIR does not allow, such as one that does not break", link_id)
        self.raw[link_id] = raw
        raw = filled(raw, "text", "prefix")
        if loses_an_image(raw, "text", "prefix"):
            self.findings.append(Finding(link_id, "an image in its formatted words is not shown"))
        refuse_modifiers(raw, link_id)
        kind = _kind(raw, link_id)
        self.findings += unknown_fields(raw, link_id, self.asked)
        self.findings += passed_over(raw, link_id, self.asked)
        options, unlisted = self._known_options(raw, kind, link_id)
        unit, units = self._units(raw, link_id)
        limits, unread = read_limits(raw, link_id)
        self.findings += unread
        children = self.read_all(raw, link_id, depth + 1)
        beside = tuple(item for item in children if _stands_beside(item, kind))
        shown = tuple(item for item in children if item not in beside)
        if kind is Kind.DISPLAY and any(item.is_question for item in children):
            refuse("a display item holds questions", link_id)
        if _scored_twice(options):
            self.unfit("two of its options are the same and carry different scores", link_id)
        if kind is Kind.ATTACHMENT and flag(raw, "required", link_id):
            self.unfit("it requires a file to be attached, and this program takes in no files", link_id)
        repeats = flag(raw, "repeats", link_id)
        if (control := control_code(raw)) and control_of(control) is None:
            self.findings.append(Finding(link_id, f"its control '{control[:40]}' is not known; it is asked plainly"))
        item = Item(
            link_id=link_id,
            kind=kind,
            text=text(raw, "text", link_id),
            texts=translations(raw, "text"),
            prefix=text(raw, "prefix", link_id),
            required=flag(raw, "required", link_id),
            repeats=repeats,
            read_only=flag(raw, "readOnly", link_id),
            hidden=extension_value(raw, FHIR + "questionnaire-hidden") is True,
            codes=tuple(filter(None, map(parse_coding, objects(raw, "code", link_id)))),
            options=options,
            enable_when=tuple(_condition(entry, link_id) for entry in objects(raw, "enableWhen", link_id)),
            enable_any=self._any(raw, link_id),
            initial=self._initial(raw, kind, options, repeats, link_id),
            max_length=whole(raw, "maxLength", link_id),
            min_length=_whole_extension(raw, FHIR + "minLength"),
            minimum=self._bound(raw, kind, "minValue", link_id),
            maximum=self._bound(raw, kind, "maxValue", link_id),
            min_occurs=_whole_extension(raw, FHIR + "questionnaire-minOccurs"),
            max_occurs=_whole_extension(raw, FHIR + "questionnaire-maxOccurs"),
            limits=limits,
            unlisted=unlisted,
            unit=unit,
            units=units,
            open_units=extension_value(raw, SDC + "unitOpen") in ("optionsOrString", "optionsOrType"),
            look=read_look(raw, repeats=repeats, beside=((each.look.control, each.text) for each in beside)),
            helps=helps_in(tuple(each for each in beside if each.look.control in HELPING and each.text)),
            expressions=expressions.of_item(raw, link_id),
            items=shown,
        )
        self.findings += shown_otherwise(item)
        return item

    def _initial(
        self, raw: Json, kind: Kind, options: tuple[Option, ...], repeats: bool, link_id: str
    ) -> tuple[Value, ...]:
        try:
            found = _initial(raw, kind, options, link_id) if self.asked else ()
        except RefusedForm as refusal:
            if extension_value(raw, FHIR + "questionnaire-hidden") is True or flag(raw, "readOnly", link_id):
                raise  # nobody could give the answer in its place
            self.findings.append(Finding(link_id, f"{refusal.reason}; it starts blank"))
            return ()
        if len(found) > 1 and not repeats:
            self.findings.append(Finding(link_id, "it takes one answer and starts with several; it starts blank"))
            return ()
        if any(option.score is not None and option.value in found for option in options):
            self.findings.append(
                Finding(link_id, "it starts with an answer that counts: it is scored although nobody was asked")
            )
        return found

    def unfit(self, reason: str, link_id: str) -> None:
        """Refuse a form that is to be asked; note it of one that is not."""
        if self.asked:
            refuse(reason, link_id)
        self.findings.append(Finding(link_id, reason))

    def _known_options(self, raw: Json, kind: Kind, link_id: str) -> tuple[tuple[Option, ...], str]:
        """The options, and why they cannot be known: in an open choice, and in a form that is not asked."""
        try:
            return self._options(raw, kind, link_id), ""
        except UnknownList as unknown:
            if kind is not Kind.OPEN_CHOICE:
                self.unfit(unknown.reason, link_id)
            else:
                self.findings.append(Finding(link_id, f"{unknown.reason}; it is answered in words"))
            return (), unknown.reason
        except RefusedForm as refusal:
            self.unfit(refusal.reason, link_id)
            return (), refusal.reason if raw.get("answerOption") or raw.get("answerValueSet") else ""

    def _options(self, raw: Json, kind: Kind, link_id: str) -> tuple[Option, ...]:
        listed = objects(raw, "answerOption", link_id)
        reference = text(raw, "answerValueSet", link_id)
        if listed and reference:
            refuse("it has both answerOption and answerValueSet", link_id)
        if reference and kind not in _CHOICES and self.asked:
            refuse(f"an item of type {kind} has an answerValueSet", link_id)
        if listed and kind not in _MAY_HAVE_OPTIONS:
            refuse(f"an item of type {kind} has answer options", link_id)
        if kind is Kind.CHOICE and not listed and not reference and expressions.of_item(raw, link_id).options is None:
            refuse("a choice without any options", link_id)
        if reference:
            return self.terminology.options(reference, link_id)
        return tuple(self._option(entry, kind, link_id) for entry in listed)

    def _option(self, raw: Json, kind: Kind, link_id: str) -> Option:
        refuse_modifiers(raw, link_id)
        self.findings += passed_over(raw, link_id, self.asked)
        raw = filled(raw, "valueString")
        if coding := child(raw, "valueCoding"):
            raw = {**raw, "valueCoding": filled(coding, "display")}
        found = value_of(raw)
        value = parse(*found) if found else None
        if found is None or value is None or is_too_large(value):
            refuse("an answer option holds no value this program can read", link_id)
        if kind not in _CHOICES and not fits(kind, value):
            refuse(f"an item of type {kind} offers an option of type {found[0]}", link_id)
        coding = child(raw, "valueCoding")
        if len(scores_in(raw, coding)) > 1:
            refuse("an answer option carries two different scores", link_id)
        score, url = score_in(raw, coding)
        if score is None and isinstance(value, Coding):
            in_system = list(self.terminology._in_code_system(value))
            if len(scores_in(*in_system)) > 1:
                refuse("an answer option carries two different scores", link_id)
            score, url = score_in(*in_system)
        return scored_option(
            value,
            score,
            url,
            optional_label([raw, coding]),
            numbers=numbers_in(raw, coding),
            exclusive=extension_value(raw, FHIR + "questionnaire-optionExclusive") is True,
            initially=flag(raw, "initialSelected", link_id),
            labels=translations(coding, "display") or translations(raw, f"value{found[0]}"),
        )

    def _any(self, raw: Json, link_id: str) -> bool:
        behavior = raw.get("enableBehavior")
        if behavior not in (None, "any", "all"):
            refuse(f"enableBehavior is {behavior!r}, not 'any' or 'all'", link_id)
        if behavior is None and len(objects(raw, "enableWhen", link_id)) > 1:
            self.findings.append(
                Finding(link_id, "enableBehavior is missing; 'any' is assumed, which asks rather more")
            )
        return behavior != "all"

    def _bound(self, raw: Json, kind: Kind, name: str, link_id: str) -> Decimal | Date | DateTime | Time | None:
        for entry in extensions(raw, FHIR + name) if kind is not Kind.QUANTITY else ():
            found = value_of(entry)
            if found is None and _is_calculated(entry):
                return None  # a formula gives it
            value = parse(*found) if found else None
            number = decimal(value)
            bound = number if number is not None else value
            if kind not in _BOUNDED or not isinstance(bound, Decimal | Date | DateTime | Time):
                self.findings.append(Finding(link_id, f"its {name} cannot be read and is not checked"))
                return None
            return bound
        return None

    def _units(self, raw: Json, link_id: str) -> tuple[Coding | None, tuple[Coding, ...]]:
        fixed = parse_coding(extension_value(raw, FHIR + "questionnaire-unit"))
        offered = (
            parse_coding(entry.get("valueCoding")) for entry in extensions(raw, FHIR + "questionnaire-unitOption")
        )
        if raw.get("type") == "quantity" and fixed is None:
            for entry in objects(raw, "initial", link_id):
                quantity = child(entry, "valueQuantity")
                fixed = fixed or parse_coding({**quantity, "display": quantity.get("unit"), "extension": None})
        listed = extension_value(raw, FHIR + "questionnaire-unitValueSet")
        return fixed, (*filter(None, offered), *(self._listed_units(listed, link_id) if listed else ()))

    def _listed_units(self, reference: Any, link_id: str) -> tuple[Coding, ...]:
        try:
            options = self.terminology.options(str(reference), link_id)
        except RefusedForm:
            self.findings.append(
                Finding(link_id, "the units its answer may have cannot be looked up and are not checked")
            )
            return ()
        return tuple(option.value for option in options if isinstance(option.value, Coding))


def _kind(raw: Json, link_id: str) -> Kind:
    name = raw.get("type")
    if name is None:
        refuse("it has no type", link_id)
    found = next((kind for kind in Kind if kind.value == name), None)
    return found or refuse(f"items of type {str(name)[:40]!r} are not supported", link_id)


def _condition(raw: Json, link_id: str) -> Condition:
    refuse_modifiers(raw, link_id)
    question = text(raw, "question", link_id)
    if not question:
        refuse("an enableWhen names no question", link_id)
    operator = raw.get("operator")
    if not isinstance(operator, str) or operator not in _OPERATORS:
        refuse(f"an enableWhen has no operator that FHIR R4 knows ({operator!r})", link_id)
    found = value_of(raw, "answer")
    value = parse(*found) if found else None
    if value is None:
        refuse(f"an enableWhen on '{question}' has no answer to compare with", link_id)
    if operator == "exists" and not isinstance(value, bool):
        refuse(f"an enableWhen on '{question}' asks 'exists' of something other than true or false", link_id)
    return Condition(question, operator, value)


def _initial(raw: Json, kind: Kind, options: tuple[Option, ...], link_id: str) -> tuple[Value, ...]:
    found: list[Value] = []
    bare = Item(link_id=link_id, kind=kind, options=options)
    for entry in objects(raw, "initial", link_id):
        typed = value_of(entry)
        value = parse(*typed) if typed else None
        if kind is Kind.DECIMAL and isinstance(value, int) and not isinstance(value, bool):
            value = Decimal(value)
        if typed and value is None and kind is Kind.QUANTITY:
            continue  # a quantity without a number only names the unit
        if value is None or not (fits(kind, value) or (options and option_of(bare, value))):
            refuse("its initial value is not one it can hold", link_id)
        option = option_of(bare, value)
        found.append(option.value if option else value)
    return tuple(found or [option.value for option in options if option.initially])


def _scored_twice(options: tuple[Option, ...]) -> bool:
    """Whether an answer could be two options that are worth different things: which was meant, nobody could tell."""
    worth: dict[Any, Decimal | None] = {}
    for option in options:
        held = option.value
        key = (held.system, held.code or held.display) if isinstance(held, Coding) else (type(held), held)
        if worth.setdefault(key, option.score) != option.score:
            return True
    return False


def _is_calculated(bound: Json) -> bool:
    """Whether a formula gives this bound instead of a value."""
    return any(extensions(holder, *expressions.CQF) for holder in (bound, *(child(bound, key) for key in bound)))


def _whole_extension(raw: Json, url: str) -> int | None:
    value: Any = extension_value(raw, url)
    return value if isinstance(value, int) and not isinstance(value, bool) and value >= 0 else None


def _stands_beside(item: Item, holder: Kind) -> bool:
    """Whether a line of words is a label or the help of what holds it, and no line of its own."""
    if item.kind is not Kind.DISPLAY or item.enable_when or item.items:
        return False
    on_question = holder not in (Kind.GROUP, Kind.DISPLAY)
    return item.look.control in HELPING or (on_question and item.look.control in BESIDE_A_QUESTION)


def looks_numbered(link_id: str) -> bool:
    """Whether a link id looks like the key of a repeated item ("meds#2"), which would make keys ambiguous."""
    return bool(_NUMBERED_KEY.fullmatch(link_id))
