"""Plain requests to the server: joining, opening a session, signing in, keeping a verifier.

Blocking; called by commands and by the sync thread's helpers, never on the GUI thread.
"""

import logging
import socket
import ssl
from typing import TypeVar
from uuid import UUID

import httpx
import msgspec

from console.errors import KnownError
from console.off_gui import refuse_on_gui_thread
from console.security.redaction import safe_id
from console.sync.membership import Membership
from wire.messages import (
    Challenge,
    ChallengeRequest,
    Fault,
    Joined,
    JoinRequest,
    Session,
    SessionRequest,
    SignedIn,
    SignInRequest,
    Verifier,
    session_proof,
)

TIME_LIMIT = httpx.Timeout(5.0)
"""Seconds for any one step of a request."""
ASK_LIMIT = httpx.Timeout(3.0, connect=1.5)
"""The same while somebody waits to be signed in, and the desk could do it by itself."""
TLS_LIMIT = 2.0
"""Seconds to look whether a server that said nothing to plain http speaks TLS."""
Answer = TypeVar("Answer")
_log = logging.getLogger(__name__)


class ServerAway(KnownError):
    """The server cannot be reached, or is not able to answer now: everything on this desk goes on without it."""

    def __init__(self, message: str, retry_after: float = 0.0, *, detail: str = "") -> None:
        super().__init__(message, detail=detail)
        self.retry_after = retry_after


class MustWait(ServerAway):
    """The server answers, and that this was asked too often: after ``retry_after`` seconds it will be heard."""


class Untrusted(ServerAway):
    """What answers shows a certificate that this desk does not trust."""


class ServerRefused(KnownError):
    """The server says no, and will until a person does something. ``status`` is that of HTTP."""

    def __init__(self, message: str, status: int) -> None:
        super().__init__(message)
        self.status = status


class Requests:
    """Requests to one server. A context manager: it holds a connection."""

    def __init__(self, member: Membership, limit: httpx.Timeout = TIME_LIMIT) -> None:
        refuse_on_gui_thread("network")
        self._member = member
        self._client = httpx.Client(base_url=member.url, timeout=limit, trust_env=False, verify=member.trust())

    def __enter__(self) -> "Requests":
        return self

    def __exit__(self, *_: object) -> None:
        self._client.close()

    def join(self, request: JoinRequest) -> Joined:
        """Use a one-time code, or look what it leads to."""
        return self._post("/sync/v1/join", request, Joined)

    def session(self, desk: UUID, device: UUID) -> Session:
        """A session for this desk, counting under ``device``."""
        nonce = self._post("/sync/v1/challenge", ChallengeRequest(desk), Challenge).nonce
        signature = self._member.sign(session_proof(desk, device, nonce))
        return self._post("/sync/v1/session", SessionRequest(desk, device, nonce, signature), Session)

    def sign_in(self, token: str, name: str, password: str) -> SignedIn:
        """The server's verifier of a person, and its word for who this is.

        Raises :class:`ServerRefused` (403) for a wrong password, :class:`MustWait` after several.
        """
        return self._post("/sync/v1/sign-in", SignInRequest(name, password), SignedIn, token=token)

    def keep_verifier(self, token: str, verifier: Verifier) -> None:
        """Have the server keep a person's password verifier."""
        self._send("PUT", "/sync/v1/verifier", verifier, token)

    def exchange(self, path: str, token: str, frame: bytes) -> bytes:
        """Send one frame, read the one that answers it."""
        return self._send("POST", path, frame, token)

    def _post(self, path: str, body: msgspec.Struct, answer: type[Answer], *, token: str = "") -> Answer:
        found = self._send("POST", path, body, token)
        try:
            return msgspec.json.decode(found, type=answer)
        except msgspec.DecodeError as fault:
            says = f"{self._member.url} does not answer like a regional server. Is the address right?"
            raise ServerAway(says, detail=str(fault)) from None

    def _send(self, method: str, path: str, body: msgspec.Struct | bytes, token: str) -> bytes:
        headers = {"Content-Type": "application/json"} | ({"Authorization": f"Bearer {token}"} if token else {})
        content = body if isinstance(body, bytes) else msgspec.json.encode(body)
        try:
            answer = self._client.request(method, path, content=content, headers=headers)
        except httpx.HTTPError as fault:
            if "CERTIFICATE_VERIFY_FAILED" in str(fault):
                raise Untrusted(_untrusted(self._member)) from None
            kind = type(fault).__name__
            _log.info("a request came to nothing: %s", safe_id(kind))
            says = "does not answer" if isinstance(fault, httpx.TimeoutException) else "cannot be reached"
            if isinstance(fault, (httpx.RemoteProtocolError, httpx.ReadError)) and _speaks_tls(self._client.base_url):
                secure = self._member.url.replace("http", "https", 1)
                says = f"speaks https, and not http. Join at {secure}, with the file of its authority (--ca)"
            raise ServerAway(f"{self._member.url} {says}.", detail=f"{kind}: {fault}") from None
        if answer.status_code < 400:
            return answer.content
        says, retry_after = _fault(answer)
        if answer.status_code == 429:
            raise MustWait(says, retry_after)
        if answer.status_code >= 500:
            raise ServerAway(says, retry_after)
        raise ServerRefused(says, answer.status_code)


def _speaks_tls(url: httpx.URL) -> bool:
    """Whether it was asked in plain http for what has to be asked over TLS. Nothing is said to it but that."""
    if url.scheme != "http":
        return False
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    try:
        with socket.create_connection((url.host, url.port or 80), TLS_LIMIT) as connection:
            context.wrap_socket(connection).close()
    except OSError:
        return False
    return True


def _untrusted(member: Membership) -> str:
    """What is wrong with the server's certificate, and what to do."""
    if member.authority:
        return (
            f"{member.url} shows a certificate that is not of the authority that was named, is for another name, or is "
            "out of date. Ask the server's operator for the authority's certificate file."
        )
    return (
        f"{member.url} shows a certificate that this computer does not trust. Where the center has an authority of its "
        "own, name the authority's certificate file (--ca)."
    )


def _fault(answer: httpx.Response) -> tuple[str, float]:
    try:
        fault = msgspec.json.decode(answer.content, type=Fault)
    except msgspec.DecodeError:
        return f"{answer.url.host} answered {answer.status_code} {answer.reason_phrase}. Is the address right?", 0.0
    return fault.error, fault.retry_after
