"""The official FHIRPath tests for R4 (``tests-fhir-r4.xml`` of FHIR/fhir-test-cases), as cases to run."""

import json
import xml.etree.ElementTree as ElementTree
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from functools import cache
from typing import Any

from console.forms import fhirpath
from tests.support.shared import shared

NOW = datetime(2026, 3, 1, 12, 30, tzinfo=UTC)


@dataclass(frozen=True)
class Case:
    """One official test. ``invalid``: an error is what passes. ``outputs``: (type or nothing, text) of each value."""

    name: str
    expression: str
    resource: str
    invalid: bool
    strict: bool
    as_truth: bool
    outputs: tuple[tuple[str, str], ...]


def cases() -> Iterator[Case]:
    """All that can be run here: a strict test asks for types to be checked before anything is evaluated."""
    for test in ElementTree.parse(shared("fhirpath-tests") / "tests-fhir-r4.xml").getroot().iter("test"):
        expression = test.find("expression")
        assert expression is not None
        case = Case(
            name=str(test.get("name")),
            expression=expression.text or "",
            resource=(test.get("inputfile") or "").rsplit(".", 1)[0],
            invalid=expression.get("invalid") is not None,
            strict=test.get("mode") == "strict",
            as_truth=test.get("predicate") == "true",
            outputs=tuple((str(out.get("type") or ""), out.text or "") for out in test.findall("output")),
        )
        if not case.strict and resource(case.resource) is not None:
            yield case


@cache
def resource(name: str) -> dict[str, Any] | None:
    """The example a test looks at; ``None`` when it did not come with the tests as JSON."""
    if not name:
        return {}
    folders = [shared("fhirpath-tests") / folder for folder in ("fhirpath-js-resources-r4", "input")]
    found = [folder / f"{name}.json" for folder in folders if (folder / f"{name}.json").exists()]
    return json.loads(found[0].read_text(encoding="utf-8")) if found else None


def ours(expression: str, document: dict[str, Any]) -> list[Any]:
    """The seam, as an engine to run the cases on."""
    found = fhirpath.evaluate(fhirpath.compiled(expression), document, {"resource": document}, now=NOW)
    return list(fhirpath.plain(found))


def passes(case: Case, engine: Callable[[str, dict[str, Any]], list[Any]]) -> bool:
    """Whether an engine gives what the case wants."""
    try:
        found = engine(case.expression, resource(case.resource) or {})
    except Exception:  # noqa: BLE001 -- an engine may fail in any way
        return case.invalid
    if case.as_truth:
        found = [bool(found) and found != [False]]
    if case.invalid or len(found) != len(case.outputs):
        return False
    return all(_same(kind, text, one) for (kind, text), one in zip(case.outputs, found, strict=True))


def _same(kind: str, text: str, found: Any) -> bool:
    if kind == "boolean":
        return found is (text == "true")
    if kind in ("integer", "decimal"):
        try:
            return not isinstance(found, bool) and Decimal(str(found)) == Decimal(text)
        except InvalidOperation:
            return False
    if kind in ("date", "dateTime", "time"):
        return str(found).lstrip("@T") == text.lstrip("@T")
    if kind == "Quantity":
        return bool(f"{found['value']}'{found.get('code')}'" == text.replace(" ", ""))
    return str(found) == text
