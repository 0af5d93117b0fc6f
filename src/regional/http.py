"""The frames over HTTP, and what stands beside them: joining, sessions, sign-in, health.

Each request's body is one frame or message as JSON, packed with zstd or not; each answer of 400 and above is a
:class:`wire.messages.Fault`. Nothing a desk sends may make an answer of 500 and above: 500 is a fault of this program,
and says under which id it stands in the log; 503 says that the database is away, and when to ask again.
"""

import logging
from collections.abc import Awaitable, Callable
from typing import Any, NamedTuple, TypeVar

import msgspec
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response

from regional.access import Member
from regional.database import Work
from regional.errors import Away, Rejected
from regional.faults import answered
from regional.metrics import CONTENT_TYPE
from regional.service import Service
from wire.frames import Unreadable, pack, unpack
from wire.messages import (
    FRAME_LIMIT,
    Beat,
    Challenge,
    ChallengeRequest,
    Fault,
    Hello,
    Joined,
    JoinRequest,
    Links,
    Page,
    Probe,
    Pull,
    Push,
    Results,
    Session,
    SessionRequest,
    SignedIn,
    SignInRequest,
    Verifier,
    Welcome,
)

log = logging.getLogger("regional.http")

JSON = "application/json"
OPEN_LIMIT = 256 * 1_024
"""Bytes of a request that needs no session: anyone may make it, and the largest names the people of a desk."""
READY_EVERY = 1.0
"""Seconds for which one look whether the database can be written is enough: anyone may ask."""
Answer = Awaitable[Any]
Asked = TypeVar("Asked")


class Route(NamedTuple):
    """One request: what it takes, what it answers, and what can be wrong with it."""

    method: str
    path: str
    does: str
    takes: type[Any]
    answers: type[Any] | None
    faults: tuple[int, ...]
    run: Callable[[Service, Member, Any], Answer] | None = None
    """For a desk with a session."""
    open_run: Callable[[Service, Any], Answer] | None = None
    """For anyone."""


_ANY = (400, 413, 500, 503)
_DESK = (400, 401, 413, 500, 503)

ROUTES: tuple[Route, ...] = (
    Route(
        "POST", "/sync/v1/join", "Join a center with a one-time code", JoinRequest, Joined, (*_ANY, 403, 409),
        open_run=lambda service, asked: service.join(asked),
    ),
    Route(
        "POST", "/sync/v1/challenge", "Ask for something to sign", ChallengeRequest, Challenge, _ANY,
        open_run=lambda service, asked: service.challenge(asked.desk),
    ),
    Route(
        "POST", "/sync/v1/session", "Open a session with a signed challenge", SessionRequest, Session, (*_ANY, 403),
        open_run=lambda service, asked: service.session(asked),
    ),
    Route(
        "POST", "/sync/v1/sign-in", "Check a person's password, hand its verifier to this desk", SignInRequest,
        SignedIn, (*_DESK, 403, 429), lambda service, member, asked: service.sign_in(member, asked),
    ),
    Route(
        "PUT", "/sync/v1/verifier", "Keep a person's password verifier", Verifier, None, (*_DESK, 403, 404),
        lambda service, member, asked: service.keep_verifier(member, asked),
    ),
    Route(
        "POST", "/sync/v1/hello", "Settle on a protocol; learn where every journal ends", Hello, Welcome, (*_DESK, 429),
        lambda service, member, asked: service.hello(member, asked),
    ),
    Route(
        "POST", "/sync/v1/push", "Have entries ordered", Push, Results, _DESK,
        lambda service, member, asked: service.push(member, asked),
    ),
    Route(
        "POST", "/sync/v1/pull", "Read a page of a journal", Pull, Page, (*_DESK, 403),
        lambda service, member, asked: service.pull(member, asked),
    ),
    Route(
        "POST", "/sync/v1/probe", "Read links of a journal", Probe, Links, (*_DESK, 403),
        lambda service, member, asked: service.probe(member, asked),
    ),
    Route(
        "POST", "/sync/v1/beat", "Ask where the journals end now", Beat, Beat, _DESK,
        lambda service, member, asked: service.news(member, asked),
    ),
)  # fmt: skip

_DECODERS = {route.path: msgspec.json.Decoder(route.takes) for route in ROUTES}
_encode = msgspec.json.Encoder().encode


def fault(rejected: Rejected) -> Response:
    """The answer that says what is wrong."""
    headers = {"Retry-After": str(max(1, round(rejected.retry_after)))} if rejected.retry_after else {}
    if rejected.status == 401:
        headers["WWW-Authenticate"] = "Bearer"
    body = _encode(Fault(rejected.reason, rejected.retry_after))
    return Response(body, rejected.status, headers, JSON)


def endpoint(service: Service, route: Route) -> Callable[[Request], Awaitable[Response]]:
    """What answers ``route``."""

    async def answer(request: Request) -> Response:
        try:
            response = await answered(_answer(service, route, request))
        except Rejected as rejected:
            if isinstance(rejected, Away):
                log.error("database-away", extra={"detail": rejected.detail})
            response = fault(rejected)
        except ClientDisconnect:
            response = fault(Rejected(400, "The request ended before its body did."))
        service.metrics.requests.labels(str(response.status_code)).inc()
        return response

    return answer


async def _answer(service: Service, route: Route, request: Request) -> Response:
    member = None
    if route.run is not None:
        member, _ = await service.running(bearer(request.headers.get("authorization", "")))
    try:
        most = OPEN_LIMIT if member is None else FRAME_LIMIT
        asked = _DECODERS[route.path].decode(await _body(request, most))
    except (msgspec.DecodeError, UnicodeError, RecursionError) as problem:
        raise Rejected(400, f"This is no {route.takes.__name__}: {problem}"[:300]) from None
    if member is not None and route.run is not None:
        found = await route.run(service, member, asked)
    elif route.open_run is not None:
        found = await route.open_run(service, asked)
    if route.answers is None:
        return Response(status_code=204)
    data = _encode(found)
    packed = pack(data) if "zstd" in request.headers.get("accept-encoding", "") else None
    return Response(packed or data, 200, {"Content-Encoding": "zstd"} if packed else None, JSON)


def bearer(authorization: str) -> str:
    """The token in the header of this value."""
    kind, _, token = authorization.partition(" ")
    if kind.lower() != "bearer" or not token.strip():
        raise Rejected(401, "This needs a session: send its token as 'Authorization: Bearer …'.")
    return token.strip()


async def _body(request: Request, most: int) -> bytes:
    """The whole body, unpacked; never more than ``most`` bytes are read."""
    encoding = request.headers.get("content-encoding", "identity").strip().lower()
    if encoding not in ("identity", "zstd", ""):
        raise Rejected(400, f"Content-Encoding {encoding[:40]!r} is not understood; zstd is.")
    parts: list[bytes] = []
    size = 0
    async for part in request.stream():
        size += len(part)
        if size > most:
            raise Rejected(413, f"More than {most} bytes.")
        parts.append(part)
    data = b"".join(parts)
    if encoding == "zstd":
        try:
            return unpack(data, most)
        except Unreadable as problem:
            raise Rejected(413 if "more than" in str(problem) else 400, str(problem)) from None
    return data


async def health(_: Request) -> Response:
    """The process answers."""
    return Response(b'{"status":"ok"}', media_type=JSON)


def readiness(service: Service) -> Callable[[Request], Awaitable[Response]]:
    """Whether the database can be written: reached, not full, no standby, and what desks sent last was stored."""

    def write(work: Work) -> int:
        # Something else each time: SQLite writes nothing for a value that stays as it was.
        return work.run(
            "INSERT INTO server (name, value) VALUES ('looked_at', ?) "
            "ON CONFLICT (name) DO UPDATE SET value = excluded.value",
            (str(service.clock.now()),),
        )

    looked_at = float("-inf")

    async def ready(_: Request) -> Response:
        nonlocal looked_at
        try:
            now = service.clock.monotonic()
            if now - looked_at >= READY_EVERY:
                looked_at = float("-inf")
                await answered(service.readers.change(lambda: service.database.try_write(write)))
                looked_at = now
            if failing := service.writer.failing.now or service.database.failing.now:
                raise failing
        except Rejected as rejected:
            return fault(rejected)
        return Response(b'{"status":"ready"}', media_type=JSON)

    return ready


def metrics(service: Service) -> Callable[[Request], Awaitable[Response]]:
    """The counters."""

    async def text(_: Request) -> Response:
        return Response(service.metrics.text(), headers={"Content-Type": CONTENT_TYPE})

    return text
