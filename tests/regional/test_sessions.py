"""Sessions do not pile up."""

import asyncio

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from regional import sessions, sign_ins
from regional.access import Member
from regional.clock import Clock
from regional.database import Database, Work
from regional.errors import Rejected
from regional.rights import RightsCache
from regional.service import Service
from regional.sessions import CHALLENGE_SECONDS, MOST_SESSIONS, SESSION_SECONDS, new_token, open_session, running
from tests.regional.desk import NOON
from wire.envelope import uuid7
from wire.messages import SessionRequest, SignInRequest, session_proof

SECOND = 1_000_000


class Opening(Clock):
    """A desk that opens sessions, at a time that is moved by hand."""

    def __init__(self, database: Database, center: str) -> None:
        self.database = database
        self.center = center
        self.at = NOON
        self.desk = uuid7()
        self.key = Ed25519PrivateKey.generate()
        database.write(
            lambda work: work.run(
                "INSERT INTO desk (center, desk, key, code, clinical, joined_at, seen_at, program, unsent, shown) "
                "VALUES (?, ?, ?, 'A', ?, 0, 0, '', 0, '{}')",
                (center, self.desk.bytes, self.key.public_key().public_bytes_raw(), True),
            )
        )

    def now(self) -> int:
        return self.at

    def open(self) -> str:
        nonce = self.database.read(lambda work: sessions.challenge(work, self, self.desk)).nonce
        signed = SessionRequest(self.desk, self.desk, nonce, self.key.sign(session_proof(self.desk, self.desk, nonce)))
        return self.database.write(lambda work: open_session(work, self, signed))[0].token

    def kept(self) -> int:
        count: int = self.database.read(
            lambda work: work.row("SELECT count(*) FROM session WHERE center = ?", (self.center,))
        )[0]
        return count

    def runs(self, token: str) -> bool:
        try:
            self.database.read(lambda work: running(work, self, token))
        except Rejected:
            return False
        return True


@pytest.fixture
def opening(database: Database, center: str) -> Opening:
    return Opening(database, center)


def test_a_desk_whose_network_comes_and_goes_keeps_its_newest_sessions(opening: Opening) -> None:
    def person(work: Work) -> str:
        return new_token(work, opening.now(), opening.center, opening.desk, opening.desk, person=uuid7())

    opening.database.write(person)
    mark = opening.database.read(sessions.mark)
    tokens = []
    for number in range(MOST_SESSIONS + 20):
        opening.at += SECOND
        tokens.append(opening.open())
        assert opening.runs(tokens[-1])
        if number < MOST_SESSIONS:
            assert opening.database.read(sessions.mark) == mark
    opening.at += CHALLENGE_SECONDS * SECOND
    tokens.append(opening.open())
    assert opening.kept() == MOST_SESSIONS + 1  # and the person's
    assert [opening.runs(token) for token in tokens] == [False] * 21 + [True] * MOST_SESSIONS
    assert opening.database.read(sessions.mark) != mark  # their connections are to end


def test_what_has_ended_is_forgotten(opening: Opening) -> None:
    opening.open()
    desk = Member(opening.center, opening.desk, opening.desk, True, 0)
    asked = SignInRequest("ann", "wrong")
    opening.database.write(lambda work: sign_ins.begin(work, RightsCache(), opening, desk, asked))

    def tries() -> int:
        count: int = opening.database.read(
            lambda work: work.row("SELECT count(*) FROM attempt WHERE center = ?", (opening.center,))
        )[0]
        return count

    async def forget() -> None:
        service = Service(opening.database, opening)
        try:
            await service.forget()
        finally:
            service.readers.close()

    opening.at += SESSION_SECONDS * SECOND - 1
    asyncio.run(forget())
    assert (opening.kept(), tries()) == (1, 1)
    opening.at += 1
    asyncio.run(forget())
    assert (opening.kept(), tries()) == (0, 1)
    opening.at += sign_ins.FORGOTTEN
    asyncio.run(forget())
    assert tries() == 0
