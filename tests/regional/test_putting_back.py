"""A server that was put back to a backup is healed by desks that hold copies, whoever made them, and by nobody else."""

from collections.abc import Callable
from uuid import UUID

import pytest
from msgspec.structs import replace

from tests.regional.conftest import Call, MakeCode, Start, again, founded
from tests.regional.desk import Caller
from tests.regional.servers import Server
from wire.administration import DESK, DeskRetired, DeskState, UserDisabled
from wire.envelope import Entry, derived_entry, from_micros, uuid7
from wire.journals import REGION_DIRECTORY, Audience
from wire.messages import Point, Result
from wire.permissions import Role

BOTH = (Audience.OPERATIONS, Audience.CLINICAL)
Backup = Callable[[], Callable[[], str]]


def _verdicts(results: list[Result]) -> list[str]:
    return [result.refusal.value if result.refusal else result.verdict.value for result in results]


def _ids(entries: list[Entry]) -> list[UUID]:
    return [entry.id for entry in entries]


def _service(desk: Caller, by: str = "boss", **more: object) -> Entry:
    return desk.entry("service.described", journal=REGION_DIRECTORY, by=by, **more)


class Put:
    """A server of two centers, put back to what it was when only these had been founded."""

    def __init__(self, start: Start, call: Call, address: str, backup: Backup) -> None:
        self._start, self._call, self._address = start, call, address
        self.server = start(address)
        self.here = founded(call(self.server, "northside", "clinical"))
        self.there = founded(call(self.server, "southside", "clinical"))
        assert self.server.stop() == 0
        self._put_back = backup()
        self.server = start(address)
        self.desks = [self.here, self.there]
        for desk in self.desks:
            again(desk, self.server.url)

    def desk(self, center: str, audience: str = "clinical") -> Caller:
        """One that joins after the backup was taken."""
        self.desks.append(self._call(self.server, center, audience))
        return self.desks[-1]

    def back(self) -> Server:
        """Put it back, and have a desk show that something is lost."""
        (audited,) = self.here.push([self.here.entry("audit.recorded", journal="northside/audit")])
        assert self.server.stop() == 0
        self.server = self._start(self._put_back())
        for desk in self.desks:
            again(desk, self.server.url)
        assert self.here.hello(1, audit=Point(audited.seq or 0, audited.link or b"")).epoch > 1
        return self.server


@pytest.fixture
def put(start: Start, call: Call, address: str, backup: Backup) -> Put:
    return Put(start, call, address, backup)


@pytest.mark.parametrize("joined", ["before", "after"])
def test_what_a_dead_desk_of_another_center_wrote_in_the_directory_is_put_back(put: Put, joined: str) -> None:
    dead = put.here if joined == "before" else put.desk("northside")
    dead.push([dead.adding("ann", Role.CLINICIAN), _service(dead), _service(dead)])
    held = put.there.all_of(REGION_DIRECTORY)
    put.back()
    assert _verdicts(put.there.push(held)) == ["accepted"] * 2
    assert _ids(put.there.all_of(REGION_DIRECTORY)) == _ids(held)


def test_an_entry_that_had_a_place_is_put_back_by_what_its_writer_might_do_then(put: Put) -> None:
    """Epochs: … a server that was set back then asks what the actor might do at any time, not now …"""
    desk, ann = put.here, put.here.user("ann")
    gone = [desk.adding("ann", Role.CLINICIAN), desk.speaking(ann, UserDisabled(from_micros(0)))]
    desk.push(gone)
    claimed, acknowledged = desk.entry("call.claimed", by="ann"), desk.entry("call.advice-acknowledged", by="ann")
    had = [replace(claimed, seq=7), replace(acknowledged, seq=8)]
    assert _verdicts(desk.push(had)) == ["person"] * 2, "no server was set back: nothing can have had a place"
    put.back()
    desk.push(gone)
    assert _verdicts(desk.push([claimed])) == ["person"]
    assert _verdicts(desk.push(had)) == ["accepted", "right"]


def test_nobody_enters_anything_for_people_of_another_center(put: Put) -> None:
    """28. A desk MUST NOT send what desks of another center made, and the server MUST NOT take it: but for what a …

    Neither before the server was set back, nor as something new after it, nor in a journal of one center.
    """
    theirs = _service(put.here)
    forged = replace(_service(put.here), seq=9)
    put.here.push([theirs])
    assert _verdicts(put.there.push([forged])) == ["person"]
    lost = put.there.all_of(REGION_DIRECTORY)
    put.back()
    put.there.push(lost)
    assert _verdicts(put.there.push([replace(forged, seq=None)])) == ["person"]
    operations = "southside/operations"
    assert _verdicts(put.there.push([replace(put.here.entry(journal=operations), seq=9)])) == ["person"]
    nobody = replace(put.desk("northside").entry(journal=operations), seq=9)
    assert _verdicts(put.there.push([nobody])) == ["person"]


def test_what_needs_a_person_that_nobody_knows_yet_is_kept_and_leaves_its_count_free(put: Put) -> None:
    dead, other = put.desk("northside"), put.desk("northside")
    dead.push([dead.adding("ann", Role.SUPERVISOR), _service(dead, "ann"), _service(dead, "ann")])
    held = put.there.all_of(REGION_DIRECTORY)
    administration = other.all_of("northside/administration")
    server = put.back()
    assert _verdicts(put.there.push(held)) == ["person", "waits"]
    assert server.command("status")[0]["refused"] == 0  # it is kept where it is held
    # Her own center says who she is; what was refused is then taken from any desk, under its own count.
    assert set(_verdicts(put.here.push(administration))) == {"had", "accepted"}
    assert _verdicts(put.there.push(held)) == ["accepted"] * 2
    assert _verdicts(put.here.push(held)) == ["had"] * 2


def test_what_a_dead_desk_that_joined_after_the_backup_wrote_is_put_back(put: Put) -> None:
    dead = put.desk("northside", "operations")
    dead.push([dead.entry(), dead.entry()])
    held, administration = put.here.all_of(), put.here.all_of("northside/administration")
    put.back()
    assert _verdicts(put.here.push([replace(held[0], seq=None)])) == ["person"]
    assert set(_verdicts(put.here.push([*administration, *held]))) == {"had", "accepted"}
    assert _ids(put.here.all_of()) == _ids(held)
    (entered,) = [entry for entry in put.here.all_of("northside/administration") if entry.subject == dead.desk]
    assert DESK.fold([entered]).state == DeskState("B", (Audience.OPERATIONS,))


def test_how_a_desk_joined_since_the_backup_is_as_the_server_knows_it(put: Put, make_code: MakeCode) -> None:
    again_here = put.desk("northside", "operations")
    again_here.join(make_code(put.server, "northside", "clinical"))
    lost = put.here.all_of("northside/administration")
    put.back()
    again_here.enrolled(make_code(put.server, "northside", "operations"))
    assert _verdicts(put.here.push(lost)) == ["had"] * 3 + ["settled"] * 2
    assert _verdicts(put.here.push([put.here.entry()])) == ["accepted"]
    administration = put.here.all_of("northside/administration")
    entered = [entry for entry in administration if entry.subject == again_here.desk]
    assert DESK.fold(entered).state == DeskState("B", (Audience.OPERATIONS,))


@pytest.mark.parametrize("case", ["a code since", "a code from before", "no code"])
def test_a_desk_that_the_operator_revoked_since_the_backup_needs_one_code(put: Put, case: str) -> None:
    stolen, clerk = put.there, put.desk("southside", "operations")
    put.server.command("revoke", "--center", "southside", "--desk", "A")
    lost = clerk.all_of("southside/administration")
    assert [entry.kind for entry in lost][-1] == "desk.retired"
    put.back()
    if case != "no code":
        stolen.enrolled(put.server.code("Southside", "clinical"))
    if case == "a code from before":  # the code's, that is: the desk was revoked an hour later
        said, at = lost[-1], lost[-1].made_at + 3_600_000_000
        later = derived_entry(
            uuid7(), said.journal, said.kind, said.version, said.subject, said.device, at,
            DeskRetired(from_micros(at)).as_json(),
        )  # fmt: skip
        lost[-1] = replace(later, seq=said.seq)
    clerk.enrolled(put.server.code("Southside", "operations"))
    assert _verdicts(clerk.push(lost[-1:])) == ["accepted"]
    entered = [entry for entry in clerk.all_of("southside/administration") if entry.subject == stolen.desk]
    state = DESK.fold(entered).state
    assert state is not None
    if case == "a code since":
        stolen.open()
        assert not state.retired
        assert _verdicts(stolen.push([stolen.entry()])) == ["accepted"]
    else:
        with pytest.raises(AssertionError, match="operator has revoked this desk"):
            stolen.open()
        assert state.retired
        stolen.enrolled(put.server.code("Southside", "clinical"))


def test_a_desk_that_was_retired_since_the_backup_is_out_again(put: Put) -> None:
    stolen = put.there
    clerk = put.desk("southside", "operations")
    clerk.push([clerk.speaking(stolen.desk, DeskRetired(from_micros(0)))])
    lost = clerk.all_of("southside/administration")
    put.back()
    stolen.hello()
    clerk.enrolled(put.server.code("Southside", "operations"))
    assert "accepted" in _verdicts(clerk.push(lost))
    with pytest.raises(AssertionError, match="administrator of the center has retired this desk"):
        stolen.open()
