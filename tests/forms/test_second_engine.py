"""The formulas of real forms, held against a second engine that shares no line with the first."""

import json
from collections.abc import Iterator
from decimal import Decimal
from functools import cache
from typing import Any

import pytest

from console.forms import Questionnaire, RefusedForm, fhirpath, load, shipped
from console.forms.asking import response
from console.forms.model import Kind
from tests.forms.test_expressions import NOW
from tests.support.shared import shared

fhirpathrs = pytest.importorskip("fhirpathrs", reason="no wheel of the second engine for this system")
OURS_ONLY = ("weight()", "ordinal()", "extension(", "today()", "now()", "%")
"""What the second engine has not, or what needs more than a response."""


@cache
def real_forms() -> tuple[Questionnaire, ...]:
    found = []
    for path in sorted(shared("fhir-questionnaires").rglob("*.json")):
        try:
            found.append(load(path.read_bytes(), value_sets=shipped().value_sets))
        except RefusedForm:
            continue
    return tuple(found)


def formulas(holder: Any) -> Iterator[str]:
    if isinstance(holder, dict):
        if holder.get("language") == "text/fhirpath" and isinstance(holder.get("expression"), str):
            yield holder["expression"]
        for below in holder.values():
            yield from formulas(below)
    elif isinstance(holder, list):
        for below in holder:
            yield from formulas(below)


def answered(q: Questionnaire) -> dict[str, Any]:
    values: dict[Kind, Any] = {
        Kind.BOOLEAN: True,
        Kind.INTEGER: 3,
        Kind.DECIMAL: Decimal("2.5"),
        Kind.STRING: "some words",
        Kind.TEXT: "some words",
    }
    given = {
        link_id: (one.options[-1].value if one.options else values[one.kind],)
        for link_id, one in q.by_id.items()
        if one.is_question and not one.calculated and (one.options or one.kind in values)
    }
    return response.build(q, given, status="in-progress", authored=NOW)


def with_plain_values(holder: Any) -> Any:
    """The second engine does not know that ``value`` may be called ``valueCoding``: it finds both."""
    if isinstance(holder, dict):
        found = {key: with_plain_values(held) for key, held in holder.items()}
        named = [key for key in found if key.startswith("value") and key != "value"]
        return {**found, "value": found[named[0]]} if len(named) == 1 else found
    return [with_plain_values(held) for held in holder] if isinstance(holder, list) else holder


def plain(found: Any) -> str:
    def simple(one: Any) -> Any:
        if isinstance(one, dict):
            return {key: simple(held) for key, held in one.items() if key != "value" or "unit" in one or "code" in one}
        return round(float(one), 9) if isinstance(one, int | float | Decimal) and not isinstance(one, bool) else one

    return json.dumps([simple(one) for one in found], sort_keys=True, default=str)


def test_both_engines_find_the_same() -> None:
    compared = 0
    for q in real_forms():
        document = answered(q)
        theirs = with_plain_values(document)
        for text in dict.fromkeys(formulas(q.raw)):
            bare = text.replace("%resource", "").replace("%context", "")
            if any(word in bare for word in OURS_ONLY):
                continue
            try:
                expression = fhirpath.compiled(text)
                found = fhirpath.plain(fhirpath.evaluate(expression, document, {"resource": document}))
            except fhirpath.Unevaluable:
                with pytest.raises((RuntimeError, ValueError)):
                    fhirpathrs.evaluate(text, theirs, {"resource": theirs, "context": theirs})
                continue
            second = fhirpathrs.evaluate(text, theirs, {"resource": theirs, "context": theirs})
            listed = second if isinstance(second, list) else [] if second is None else [second]
            assert plain(with_plain_values(list(found))) == plain(listed), text
            compared += 1
    assert compared >= 40
