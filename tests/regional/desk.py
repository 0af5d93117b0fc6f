"""A desk as the server sees one: it writes entries, counted and chained, and speaks the frames. It keeps no store."""

import ssl
from collections.abc import Iterable
from contextlib import ExitStack
from typing import Any, Self, TypeVar
from uuid import UUID

import httpx
import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from msgspec.structs import replace
from websockets.sync.client import ClientConnection, connect

from wire.administration import DeskEnrolled, OrganizationFounded, UserAdded
from wire.envelope import GENESIS, Entry, body_digest, chain_value, from_micros, new_salt, uuid7
from wire.fold import Body
from wire.frames import from_server, pack, plain, unpack
from wire.journals import Audience, derived_id, source_id, user_id
from wire.messages import (
    Beat,
    Bye,
    Challenge,
    Hello,
    Joined,
    JoinRequest,
    Links,
    Page,
    Point,
    Probe,
    Pull,
    Push,
    Result,
    Results,
    Session,
    SessionRequest,
    Welcome,
    join_proof,
    session_proof,
)
from wire.order import START, link_after
from wire.permissions import Role

CENTER = "northside"
NOON = 1_795_000_000_000_000
PATIENCE = 20.0
Answer = TypeVar("Answer")


class Writing:
    """Entries as a desk makes them: counted and chained by device and journal."""

    def __init__(self, center: str = CENTER) -> None:
        self.center = center
        self.device = uuid7()
        self.heads: dict[str, tuple[int, bytes]] = {}
        self.made = 0

    def user(self, name: str) -> UUID:
        """The id of a person of the center."""
        return user_id(self.center, name)

    def entry(
        self,
        kind: str = "call.messaged",
        *,
        journal: str = "",
        by: str = "boss",
        act: UUID | None = None,
        body: str = "",
        subject: UUID | None = None,
        **changed: Any,
    ) -> Entry:
        """The next entry. ``changed`` are members of the envelope that are to be otherwise, before it is chained."""
        name = journal or f"{self.center}/operations"
        n, previous = self.heads.get(name, (0, GENESIS))
        self.made += 1
        text, salt = body or f'{{"words":"entry {self.made}"}}', new_salt()
        identity = uuid7()
        entry = Entry(
            id=identity,
            journal=name,
            kind=kind,
            version=1,
            subject=subject or uuid7(),
            act=act or identity,
            actor=self.user(by),
            device=self.device,
            n=n + 1,
            made_at=NOON + self.made,
            offset=None,
            body=text,
            salt=salt,
            digest=body_digest(salt, text),
            chain=None,
        )
        entry = replace(entry, **changed)
        entry = replace(entry, chain=chain_value(previous, entry))
        assert entry.chain is not None
        self.heads[name] = (n + 1, entry.chain)
        return entry

    def speaking(self, subject: UUID, body: Body, **more: Any) -> Entry:
        """An administration entry."""
        journal = f"{self.center}/administration"
        return self.entry(body.KIND, journal=journal, subject=subject, body=body.as_json(), **more)

    def founding(self, boss: str = "boss", *, provider: str = "", desk: UUID | None = None) -> list[Entry]:
        """The act that founds the center: organization, first administrator, desk."""
        act, now = uuid7(), from_micros(NOON)
        return [
            self.speaking(
                derived_id("organization", self.center),
                OrganizationFounded(now, self.center.title(), self.center, provider or self.center, "UTC"),
                act=act,
                by=boss,
            ),
            self.adding(boss, Role.ADMINISTRATOR, Role.SUPERVISOR, by=boss, act=act),
            self.speaking(
                desk or self.device,
                DeskEnrolled(now, "A", (Audience.OPERATIONS, Audience.CLINICAL)),
                act=act,
                by=boss,
            ),
        ]

    def adding(self, name: str, *roles: Role, **more: Any) -> Entry:
        """A person is added."""
        return self.speaking(self.user(name), UserAdded(from_micros(NOON), name, name.title(), tuple(roles)), **more)

    def derived(self, text: str, kind: str = "call.pictured", **changed: Any) -> Entry:
        """An entry as a CAD source makes it."""
        source, identity = source_id(self.center, "cad"), derived_id("test", self.center, text)
        entry = Entry(
            id=identity,
            journal=f"{self.center}/operations",
            kind=kind,
            version=1,
            subject=identity,
            act=identity,
            actor=source,
            device=source,
            n=None,
            made_at=NOON,
            offset=None,
            body=text,
            salt=None,
            digest=body_digest(None, text),
            chain=None,
        )
        return replace(entry, **changed)


class Caller(Writing):
    """A desk that calls a server."""

    def __init__(self, url: str, center: str = CENTER, *, verify: ssl.SSLContext | bool = True) -> None:
        super().__init__(center)
        self.url = url
        self.desk = self.device
        self.key = Ed25519PrivateKey.generate()
        self.token = ""
        self.http = httpx.Client(base_url=url, timeout=PATIENCE, verify=verify)
        self.open_until_closed = ExitStack()

    def ask(self, path: str, asked: msgspec.Struct, answer: type[Answer], method: str = "POST") -> Answer:
        """The answer to a request that is answered."""
        got = self.request(path, plain(asked), method)
        assert got.status_code == 200, (got.status_code, got.text)
        return msgspec.json.decode(got.content, type=answer)

    def request(self, path: str, data: bytes, method: str = "POST", **headers: str) -> httpx.Response:
        """A request, whatever comes of it."""
        packed = pack(data)
        if packed:
            headers["Content-Encoding"] = "zstd"
        if self.token:
            headers["Authorization"] = f"Bearer {self.token}"
        return self.http.request(method, f"/sync/v1/{path}", content=packed or data, headers=headers)

    def join_request(self, code: str, **more: Any) -> JoinRequest:
        """What this desk joins with."""
        key = self.key.public_key().public_bytes_raw()
        proof = self.key.sign(join_proof(code, self.desk, key))
        return JoinRequest(code, self.desk, self.device, key, proof, **more)

    def join(self, code: str, **more: Any) -> Joined:
        """Use a code."""
        return self.ask("join", self.join_request(code, **more), Joined)

    def open(self) -> Self:
        """Open a session."""
        nonce = self.ask("challenge", _Desk(self.desk), Challenge).nonce
        signature = self.key.sign(session_proof(self.desk, self.device, nonce))
        self.token = self.ask("session", SessionRequest(self.desk, self.device, nonce, signature), Session).token
        return self

    def enrolled(self, code: str, **more: Any) -> Self:
        """Join and open a session."""
        self.join(code, **more)
        return self.open()

    def push(self, entries: Iterable[Entry]) -> list[Result]:
        """Push over HTTP."""
        return list(self.ask("push", Push(1, tuple(entries)), Results).results)

    def pull(self, journal: str = "", after: int = 0, **more: Any) -> Page:
        """Pull over HTTP."""
        return self.ask("pull", Pull(journal or f"{self.center}/operations", after, **more), Page)

    def all_of(self, journal: str = "") -> list[Entry]:
        """The whole journal, page by page; its links verify."""
        found: list[Entry] = []
        point = Point(0, START)
        while True:
            page = self.pull(journal, point.seq)
            assert page.start == point
            link = point.link
            for entry in page.entries:
                link = link_after(link, entry)
            assert [entry.seq for entry in page.entries] == list(range(point.seq + 1, page.end.seq + 1))
            assert page.end.link == link
            found += page.entries
            point = page.end
            if point.seq == page.head:
                return found

    def probe(self, journal: str, *seqs: int) -> dict[int, bytes]:
        """Ask for links."""
        return self.ask("probe", Probe(journal, seqs), Links).links

    def hello(self, epoch: int = 0, **journals: Point) -> Welcome:
        """Say hello over HTTP. ``journals`` by audience."""
        shown = {f"{self.center}/{audience}": point for audience, point in journals.items()}
        return self.ask("hello", Hello((1, 1), "test", epoch, shown), Welcome)

    def live(self, epoch: int = 0, shown: dict[str, Point] | None = None) -> "Live":
        """A connection."""
        return Live(self, epoch, shown or {})

    def close(self) -> None:
        """Hang up."""
        self.open_until_closed.close()
        self.http.close()


class _Desk(msgspec.Struct):
    desk: UUID


class Live:
    """A desk's websocket."""

    def __init__(self, caller: Caller, epoch: int, shown: dict[str, Point]) -> None:
        opening = connect(
            f"{caller.url.replace('http', 'ws', 1)}/sync/v1/live",
            additional_headers={"Authorization": f"Bearer {caller.token}"},
            max_size=None,
            compression=None,
            open_timeout=PATIENCE,
            close_timeout=1,
        )
        self.socket: ClientConnection = caller.open_until_closed.enter_context(opening)
        self.aside: list[object] = []
        self.say(Hello((1, 1), "test", epoch, shown))
        self.welcome = self.next(Welcome)

    def say(self, frame: msgspec.Struct) -> None:
        """Send a frame."""
        data = plain(frame)
        self.socket.send(pack(data) or data.decode())

    def hear(self) -> object:
        """The next frame, whatever it is."""
        got = self.socket.recv(PATIENCE)
        return from_server.read(unpack(got) if isinstance(got, bytes) else got)

    def next(self, kind: type[Answer]) -> Answer:
        """The next frame of a kind; those in front of it are laid aside, for who asks for them."""
        for place, frame in enumerate(self.aside):
            if isinstance(frame, kind):
                del self.aside[place]
                return frame
        while True:
            frame = self.hear()
            if isinstance(frame, kind):
                return frame
            if isinstance(frame, Bye):
                raise AssertionError(f"the server ended it: {frame.reason}")
            self.aside.append(frame)

    def push(self, entries: Iterable[Entry], batch: int = 1) -> list[Result]:
        """Push; the results of it."""
        self.say(Push(batch, tuple(entries)))
        results = self.next(Results)
        assert results.batch == batch
        return list(results.results)

    def page_of(self, journal: str) -> Page:
        """The next page of a journal."""
        others = []
        while (page := self.next(Page)).journal != journal:
            others.append(page)
        self.aside += others
        return page

    def beat(self) -> Beat:
        """A beat, and the answer."""
        self.say(Beat(NOON))
        return self.next(Beat)
