"""Programs of different versions at the two ends: what one does not know it keeps, passes on, and leaves alone."""

import json
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from msgspec.structs import replace

from console.models.call import CallMessaged
from console.models.store import journal
from console.sync.events import State
from tests.support.desk import person
from tests.support.entries import at
from tests.support.region import OPERATIONS, Region
from tests.support.sharing import SharingDesk, until
from wire import frames
from wire.envelope import Entry, body_digest, chain_value, new_salt, uuid7

GOLDEN = Path(__file__).parent / "golden"
READERS = {"desk": frames.from_desk, "server": frames.from_server}
RECORDED = sorted(GOLDEN.glob("*.jsonl"))


def lines() -> list[tuple[str, str]]:
    """Every recorded frame, with the side that said it."""
    return [(file.name.split(".")[0], line) for file in RECORDED for line in file.read_text().splitlines()]


class NewerMessage(CallMessaged, frozen=True):
    """What a later program might write."""

    VERSION = 99
    mood: str = "calm"


@pytest.mark.parametrize(("side", "line"), lines())
def test_a_frame_as_it_was_once_said_is_still_read_and_said_so(side: str, line: str) -> None:
    """16. A program … MUST NOT give a member it knows another meaning within a protocol version."""
    assert json.loads(frames.plain(READERS[side].read(line))) == json.loads(line)  # type: ignore[arg-type]


@pytest.mark.parametrize(("side", "line"), lines())
def test_a_member_that_a_program_does_not_know_is_ignored(side: str, line: str) -> None:
    """16. A program MUST ignore members of a frame that it does not know."""
    more = json.loads(line) | {"mood": {"of": ["the", "server"]}}
    assert READERS[side].read(json.dumps(more)) == READERS[side].read(line)


def test_entries_of_an_unknown_kind_and_of_a_newer_version_are_kept_with_their_places(region: Region) -> None:
    """17. A desk MUST keep entries of a kind or a body version that it does not know, with their places."""
    first, second = region.desk(), region.desk("operations")
    (call, *_) = region.work(first)
    with first.store.read() as connection:
        subject = UUID(
            bytes=connection.exec_driver_sql("SELECT subject FROM entry WHERE id = ?", (call.bytes,)).scalar_one()
        )
    unknown = _unknown(first)
    region.saved[unknown] = "a program to come"
    newer = region.enter(first, "clinician", (subject, NewerMessage(at(), "words of tomorrow")))
    until(lambda: second.holds(unknown, *newer), "both")
    region.comes_to_rest()
    assert not first.refused()
    with second.store.read() as connection:
        unread = connection.exec_driver_sql('SELECT unread FROM "call" WHERE subject = ?', (subject.bytes,))
        assert unread.scalar_one() == 1


def _unknown(desk: SharingDesk) -> UUID:
    """An entry of a kind that nobody knows here, as its program would have made it."""
    with desk.store.write() as transaction:
        n, before = journal.last_of_device(transaction.connection, OPERATIONS, desk.store.device)
        salt, text, identity = new_salt(), '{"phase":"full"}', uuid7()
        entry = Entry(
            id=identity, journal=OPERATIONS, kind="moon.phased", version=3, subject=uuid4(), act=identity,
            actor=person("clinician").user, device=desk.store.device, n=n + 1, made_at=1, offset=None, body=text,
            salt=salt, digest=body_digest(salt, text), chain=None,
        )  # fmt: skip
        transaction.append([_chained(before, entry)])
    if desk.link is not None:
        desk.link.offered_again()
    return identity


def _chained(before: bytes, entry: Entry) -> Entry:
    return replace(entry, chain=chain_value(before, entry))


def test_a_desk_that_speaks_more_than_the_server_speaks_what_both_do(
    region: Region, monkeypatch: pytest.MonkeyPatch
) -> None:
    """16. … the server answers with the highest that both do."""
    monkeypatch.setattr("console.sync.core.SPOKEN", (1, 9))
    desk = region.desk()
    region.work(desk)
    region.comes_to_rest()


@pytest.mark.parametrize("spoken", [(2, 3), (0, 0)])
def test_a_desk_and_a_server_with_no_version_in_common_say_which_is_older(
    region: Region, monkeypatch: pytest.MonkeyPatch, spoken: tuple[int, int]
) -> None:
    """16. … or ends with `bye`, final, and says which side is older."""
    desk = region.desk()
    region.comes_to_rest()
    desk.stop()
    monkeypatch.setattr("console.sync.core.SPOKEN", spoken)
    region.work(desk)
    desk.start()
    until(lambda: desk.standing and desk.standing.state is State.ATTENTION, "a person to be told")
    assert desk.standing is not None
    assert "Update the older one." in desk.standing.says
    assert desk.waiting(), "it keeps what it has"
