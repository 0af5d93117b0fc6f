"""The OpenAPI description, made from the same table of routes and the same types that answer them."""

from typing import Any

import msgspec

from regional import __version__
from regional.http import JSON, ROUTES, Route
from wire.messages import Fault

_FAULTS = {
    400: "It cannot be read, or is not what the protocol allows",
    401: "There is no session, or it has ended",
    403: "Not allowed",
    404: "Not known here",
    409: "It contradicts what is known here",
    413: "Too large",
    429: "Too often; see Retry-After",
    500: "A fault in the server's program; its report id stands in the log",
    503: "The database is away, or too much waits; see Retry-After",
}
_REF = "#/components/schemas/{name}"


def describe() -> dict[str, Any]:
    """The description as JSON."""
    types = [Fault, *(each.takes for each in ROUTES), *(each.answers for each in ROUTES if each.answers)]
    schemas, components = msgspec.json.schema_components(types, ref_template=_REF)
    refs = dict(zip(types, schemas, strict=True))
    paths: dict[str, Any] = {}
    for route in ROUTES:
        paths[route.path] = {route.method.lower(): _operation(route, refs)}
    status = {"type": "object", "properties": {"status": {"type": "string"}}, "required": ["status"]}
    paths["/health"] = {"get": _plain("The process answers", JSON, status, {})}
    paths["/ready"] = {"get": _plain("The database can be written", JSON, status, _faults((500, 503), refs))}
    paths["/metrics"] = {"get": _plain("Counters, for Prometheus", "text/plain", {"type": "string"}, {})}
    return {
        "openapi": "3.1.0",
        "info": {"title": "Regional server", "version": __version__},
        "paths": paths,
        "components": {
            "schemas": components,
            "securitySchemes": {"session": {"type": "http", "scheme": "bearer"}},
        },
    }


def _operation(route: Route, refs: dict[Any, Any]) -> dict[str, Any]:
    good = (
        {"204": {"description": "Done"}}
        if route.answers is None
        else {"200": {"description": "Done", "content": {JSON: {"schema": refs[route.answers]}}}}
    )
    operation: dict[str, Any] = {
        "summary": route.does,
        "operationId": route.path.rpartition("/")[2],
        "requestBody": {"required": True, "content": {JSON: {"schema": refs[route.takes]}}},
        "responses": good | _faults(route.faults, refs),
    }
    if route.run is not None:
        operation["security"] = [{"session": []}]
    return operation


def _faults(statuses: tuple[int, ...], refs: dict[Any, Any]) -> dict[str, Any]:
    return {
        str(status): {"description": _FAULTS[status], "content": {JSON: {"schema": refs[Fault]}}}
        for status in sorted(statuses)
    }


def _plain(summary: str, media: str, schema: dict[str, Any], more: dict[str, Any]) -> dict[str, Any]:
    content = {media: {"schema": schema}}
    return {"summary": summary, "responses": {"200": {"description": "Done", "content": content}} | more}
