"""Reading what an answer must keep to: the extensions that bound texts, numbers, quantities and attachments."""

from collections.abc import Iterator
from typing import Any

from console.forms.document import SDC, Json, decimal, extension_value, extensions
from console.forms.model import Finding, Limits, Quantity
from console.forms.patterns import UnreadablePatternError, check_pattern
from console.forms.values import FHIR, parse, parse_coding, value_of


def read_limits(raw: Json, link_id: str) -> tuple[Limits, list[Finding]]:
    """The limits an item sets, and which of them cannot be read and are therefore not checked."""
    findings: list[Finding] = []
    places = extension_value(raw, FHIR + "maxDecimalPlaces")
    return Limits(
        pattern=_pattern(raw, link_id, findings),
        decimal_places=places if isinstance(places, int) and not isinstance(places, bool) and places >= 0 else None,
        least=_quantity(raw, "minQuantity", link_id, findings),
        most=_quantity(raw, "maxQuantity", link_id, findings),
        media_types=tuple(_texts(raw, FHIR + "mimeType")),
        megabytes=decimal(extension_value(raw, FHIR + "maxSize")),
        resources=tuple(_texts(raw, FHIR + "questionnaire-referenceResource")),
    ), findings


def _pattern(raw: Json, link_id: str, findings: list[Finding]) -> str:
    written = next(_texts(raw, FHIR + "regex"), "")
    try:
        check_pattern(written)
    except UnreadablePatternError as error:
        findings.append(Finding(link_id, f"the pattern its answer should have is not checked: {error}"))
        return ""
    return written


def _quantity(raw: Json, name: str, link_id: str, findings: list[Finding]) -> Quantity | None:
    """A bound of quantities. Many forms write it as a number, meant in the one unit that is asked for."""
    plain = FHIR + name.replace("Quantity", "Value")
    for entry in extensions(raw, SDC + name, *((plain,) if raw.get("type") == "quantity" else ())):
        found = value_of(entry)
        bound = parse(*found) if found else None
        unit = parse_coding(extension_value(raw, FHIR + "questionnaire-unit"))
        if unit is not None and (number := decimal(bound)) is not None:
            return Quantity(number, unit.display or unit.code, unit.system, unit.code)
        if isinstance(bound, Quantity):
            return bound
        findings.append(Finding(link_id, f"its {name} cannot be read and is not checked"))
    return None


def _texts(raw: Json, url: str) -> Iterator[str]:
    found: list[Any] = [extension_value({"extension": [entry]}, url) for entry in extensions(raw, url)]
    yield from (entry for entry in found if isinstance(entry, str) and entry)
