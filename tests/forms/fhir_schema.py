"""The part of JSON Schema draft 6 that HL7's FHIR R4 schema uses, to check what the program exports."""

import json
import re
from collections.abc import Iterator
from functools import cache
from typing import Any

from tests.support.shared import shared

_TYPES = {"object": dict, "array": list, "string": str, "boolean": bool, "number": int | float, "integer": int}


@cache
def _definitions(path: str) -> dict[str, Any]:
    with open(path, encoding="utf-8") as file:
        return json.load(file)["definitions"]  # type: ignore[no-any-return]


def violations(resource: dict[str, Any], name: str) -> list[str]:
    """Where a resource does not satisfy the schema of ``name``; skips the test when the schema is absent."""
    definitions = _definitions(str(shared("fhir-schema/fhir.schema.r4.4.0.1.json")))
    return list(_check(resource, definitions[name], definitions, name))


def _check(value: Any, schema: Any, definitions: dict[str, Any], where: str) -> Iterator[str]:
    if "$ref" in schema:
        yield from _check(value, definitions[schema["$ref"].rsplit("/", 1)[-1]], definitions, where)
        return
    if "oneOf" in schema:
        if sum(not list(_check(value, each, definitions, where)) for each in schema["oneOf"]) != 1:
            yield f"{where}: matches none or several"
        return
    kind = schema.get("type")
    if kind and (not isinstance(value, _TYPES[kind]) or (isinstance(value, bool) and kind != "boolean")):
        yield f"{where}: not a {kind}"
        return
    if "const" in schema and value != schema["const"]:
        yield f"{where}: not {schema['const']}"
    if "enum" in schema and value not in schema["enum"]:
        yield f"{where}: not one of {schema['enum']}"
    if "pattern" in schema and isinstance(value, str) and not re.search(schema["pattern"], value):
        yield f"{where}: does not match {schema['pattern']}"
    if isinstance(value, list) and "items" in schema:
        for place, entry in enumerate(value):
            yield from _check(entry, schema["items"], definitions, f"{where}[{place}]")
    properties = schema.get("properties", {}) if isinstance(value, dict) else {}
    for key in properties and schema.get("required", ()):
        if key not in value:
            yield f"{where}: lacks {key}"
    for key, entry in value.items() if properties else ():
        if key in properties:
            yield from _check(entry, properties[key], definitions, f"{where}.{key}")
        elif schema.get("additionalProperties") is False:
            yield f"{where}: unknown field {key}"
