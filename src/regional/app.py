"""The application: routes, the websocket, and what starts and ends with them."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from fastapi import FastAPI
from starlette.requests import Request
from starlette.responses import Response
from starlette.websockets import WebSocket

from regional import live
from regional.errors import Rejected
from regional.http import ROUTES, bearer, endpoint, fault, health, metrics, readiness
from regional.notify import Notices
from regional.openapi import describe
from regional.service import Service

LIVE = "/sync/v1/live"


def make_app(service: Service, address: str) -> FastAPI:
    """The application over ``service``. ``address`` is PostgreSQL's, "" for the embedded database."""

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        service.start()
        notices = Notices(service, address)
        notices.start()
        yield
        await notices.stop()
        await service.stop()

    app = FastAPI(lifespan=lifespan, docs_url=None, redoc_url=None, openapi_url="/openapi.json")
    for route in ROUTES:
        app.router.add_route(route.path, endpoint(service, route), methods=[route.method])
    app.router.add_route("/health", health, methods=["GET"])
    app.router.add_route("/ready", readiness(service), methods=["GET"])
    app.router.add_route("/metrics", metrics(service), methods=["GET"])
    described: dict[str, Any] = describe()
    app.openapi = lambda: described  # type: ignore[method-assign]

    async def serve(websocket: WebSocket) -> None:
        try:
            token = bearer(websocket.headers.get("authorization", ""))
        except Rejected as rejected:
            await websocket.send_denial_response(fault(rejected))
            return
        await live.serve(service, websocket, token)

    app.router.add_websocket_route(LIVE, serve)

    async def unknown(request: Request, problem: Exception) -> Response:
        status = getattr(problem, "status_code", 404)
        none = "There is nothing here." if status == 404 else "This is asked in another way: see /openapi.json."
        response = fault(Rejected(status, none))
        response.headers.update(getattr(problem, "headers", None) or {})
        return response

    app.add_exception_handler(404, unknown)
    app.add_exception_handler(405, unknown)
    return app
