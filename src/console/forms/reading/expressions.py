"""Reading the formulas a form carries, and saying which cannot be evaluated.

Extensions of SDC 4.0 (http://hl7.org/fhir/uv/sdc) and of FHIR R4. A formula that only fills in a first value or checks
one is passed over and reported when it cannot be evaluated; one that decides what is asked, what can be answered or
what a score is makes the form one that cannot be taken.
"""

from collections.abc import Iterator
from typing import Any

from console.forms.deciding.logic import Logic
from console.forms.document import FHIR, SDC, Json, child, extension_value, extensions
from console.forms.model import Constraint, Expression, Expressions, Item
from console.forms.reading.gaps import strays

CALCULATED = (SDC + "calculatedExpression", FHIR + "questionnaire-calculatedExpression")
VARIABLE = FHIR + "variable"
_INITIAL = (SDC + "initialExpression", FHIR + "questionnaire-initialExpression")
_ENABLED = (SDC + "enableWhenExpression", FHIR + "questionnaire-enableWhenExpression")
_OPTIONS = (SDC + "answerExpression", FHIR + "questionnaire-answerExpression")
_CONSTRAINTS = (FHIR + "questionnaire-constraint", FHIR + "targetConstraint", SDC + "constraint")
CQF = (FHIR + "cqf-expression", FHIR + "cqf-calculatedValue")
FIELDS = {"_required": "required", "_readOnly": "read_only", "_text": "text"}
_BOUNDS = {"minValue": "minimum", "maxValue": "maximum"}
ASKING = (*_ENABLED, *_OPTIONS, *CALCULATED)
"""The extensions whose formula decides what is asked, what can be answered, or what is filled in."""
_READ = (*ASKING, VARIABLE, *_INITIAL, *_CONSTRAINTS)


def is_read(entry: Json) -> bool:
    """Whether an extension is one whose formula is read here, and has it where it belongs."""
    return entry["url"] in _CONSTRAINTS or (entry["url"] in _READ and isinstance(entry.get("valueExpression"), dict))


def of_item(raw: Json, link_id: str) -> Expressions:
    """The formulas at an item."""
    return Expressions(
        calculated=_one(raw, CALCULATED, link_id),
        initial=_one(raw, _INITIAL, link_id),
        enabled=_one(raw, _ENABLED, link_id),
        options=_one(raw, _OPTIONS, link_id),
        constraints=constraints(raw, link_id),
        fields=tuple(_fields(raw, link_id)),
    )


def variables(raw: Json, link_id: str) -> tuple[Expression, ...]:
    """The variables of a form or an item, in their order: SDC lets any formula that has a name be one."""
    found = (_written(entry, link_id) for entry in extensions(raw))
    named = [one for one in found if one is not None and one.name]
    return tuple(
        Expression(one.text, link_id, one.language, one.name, place) for place, one in enumerate(named, start=1)
    )


def constraints(raw: Json, link_id: str) -> tuple[Constraint, ...]:
    """What a form or an item says must hold."""
    found = []
    for entry in extensions(raw, *_CONSTRAINTS):
        written = next((one for one in extensions(entry, "expression")), {})
        text = written.get("valueString")
        expression = Expression(text, link_id) if isinstance(text, str) else _written(written, link_id)
        if expression is not None:
            human = extension_value(entry, "human")
            said = human if isinstance(human, str) and human.strip() else "a rule of the form does not hold"
            found.append(Constraint(expression, said, extension_value(entry, "severity") == "warning"))
    return tuple(found)


def _fields(raw: Json, link_id: str) -> Iterator[tuple[str, Expression]]:
    for name, field in FIELDS.items():
        found = _one(child(raw, name), CQF, link_id)
        if found is not None:
            yield field, found
    for name, field in _BOUNDS.items():
        for entry in extensions(raw, FHIR + name):
            holders = [held for key, held in entry.items() if key.startswith("_value") and isinstance(held, dict)]
            found = next(filter(None, (_one(holder, CQF, link_id) for holder in [entry, *holders])), None)
            if found is not None:
                yield field, found


def _one(raw: Json, urls: tuple[str, ...], link_id: str) -> Expression | None:
    return next(filter(None, (_written(entry, link_id) for entry in extensions(raw, *urls))), None)


def _written(entry: Json, link_id: str) -> Expression | None:
    return _expression(entry.get("valueExpression"), link_id)


def _expression(value: Any, link_id: str) -> Expression | None:
    if not isinstance(value, dict):
        return None
    text, name, language = (value.get(key) for key in ("expression", "name", "language"))
    return Expression(
        text if isinstance(text, str) else "",
        link_id,
        language if isinstance(language, str) else "text/fhirpath",
        name if isinstance(name, str) else "",
    )


def check(logic: Logic, item: Item) -> Iterator[tuple[str, bool]]:
    """What is wrong with an item's formulas, and whether that would change what is asked or what can be answered."""
    own = item.expressions
    for expression, deed in ((own.enabled, "whether it is asked"), (own.options, "which answers it offers")):
        if expression is not None:
            problem = logic.problem(expression)
            if not problem and logic.looks(expression).time:
                problem = "it depends on the time, and would change what was asked by and by"
            if problem:
                yield f"{deed} is decided by a formula that cannot be evaluated here: {problem}", True
    if own.initial is not None and (problem := logic.problem(own.initial)):
        yield f"its initial answer comes from a formula; it starts blank: {problem}", False
    for field, expression in own.fields:
        if problem := logic.problem(expression):
            matters = field in ("required", "read_only")
            yield f"its '{field}' is decided by a formula that cannot be evaluated here: {problem}", matters
    for text in unchecked(logic, own.constraints):
        yield text, False
    if not item.is_question and (own.calculated or own.initial):
        yield "it takes no answer, and the formula for one is not evaluated", False
    formulas = [own.enabled, own.options, own.calculated, own.initial, *(each.expression for each in own.constraints)]
    sound = (each for each in formulas if each and not logic.problem(each))
    for name in dict.fromkeys(name for each in sound for name in strays(each, logic)):
        yield f"its formula looks at '{name}', which is not in the form", False


def unchecked(logic: Logic, found: tuple[Constraint, ...]) -> Iterator[str]:
    """The constraints that cannot be checked."""
    for constraint in found:
        if problem := logic.problem(constraint.expression):
            yield f"a constraint given as a formula is not checked: {problem}"
