"""What the OpenAPI description promises, asked of the running server with what fits it and much that does not."""

from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from regional.http import ROUTES
from regional.openapi import describe
from tests.regional.conftest import Call, founded
from tests.regional.servers import Server

CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]

EXAMPLES = max(12, settings.default.max_examples // 10)


def test_every_route_is_described_with_its_faults() -> None:
    paths = describe()["paths"]
    assert set(paths) == {route.path for route in ROUTES} | {"/health", "/ready", "/metrics"}
    for route in ROUTES:
        responses = paths[route.path][route.method.lower()]["responses"]
        assert {"400", "413", "500", "503"} <= set(responses)
        assert ("401" in responses) is (route.run is not None)


@pytest.mark.hypothesis
@pytest.mark.parametrize("with_session", [True, False], ids=["session", "stranger"])
@pytest.mark.parametrize("path", [route.path for route in ROUTES])
def test_no_request_is_answered_by_a_fault_of_the_server_or_by_what_is_not_described(
    server: Server, call: Call, center: str, path: str, with_session: bool
) -> None:
    desk = founded(call(server, center, "clinical"))
    schema = schemathesis.openapi.from_dict(describe())
    schema.config.update(base_url=server.url)
    headers = {"Authorization": f"Bearer {desk.token}"} if with_session else {}
    method = next(route.method for route in ROUTES if route.path == path)
    operation = schema[path][method]
    modes = list(schemathesis.GenerationMode)

    @settings(max_examples=EXAMPLES, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(case=operation.as_strategy(generation_mode=modes[0]) | operation.as_strategy(generation_mode=modes[1]))
    def ask(case: Any) -> None:
        case.call_and_validate(base_url=server.url, headers=headers, checks=CHECKS)

    ask()
