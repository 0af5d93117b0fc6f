"""What the server answers to what no desk should send."""

import time

import msgspec
import pytest
import zstandard

from regional.database import Work
from regional.homes import open_database
from regional.http import OPEN_LIMIT
from tests.regional.conftest import Call
from tests.regional.desk import Caller
from tests.regional.servers import Server
from wire.frames import plain
from wire.journals import REGION_DIRECTORY
from wire.messages import FRAME_LIMIT, MOST_BYTES, Beat, Fault, Hello, Page, Point, Probe, Pull, Push
from wire.order import START


def refused(caller: Caller, path: str, data: bytes, **headers: str) -> tuple[int, str]:
    got = caller.http.post(
        f"/sync/v1/{path}", content=data, headers={"Authorization": f"Bearer {caller.token}"} | headers
    )
    fault = msgspec.json.decode(got.content, type=Fault)
    assert fault.error
    return got.status_code, fault.error


@pytest.mark.parametrize("path", ["push", "pull", "probe", "hello", "beat", "join", "session", "challenge", "sign-in"])
@pytest.mark.parametrize(
    "data", [b"", b"{", b"null", b"[]", b'{"type":"bye"}', b"\xff\xfe", b"[" * 100_000, b'{"batch":-1,"entries":{}}']
)
def test_what_cannot_be_read_is_refused_with_a_reason(first: Caller, path: str, data: bytes) -> None:
    assert refused(first, path, data)[0] == 400


def test_what_is_too_large_is_refused_before_it_is_read(first: Caller) -> None:
    assert refused(first, "push", bytes(FRAME_LIMIT + 1))[0] == 413
    bomb = zstandard.ZstdCompressor(level=19).compress(bytes(64 * FRAME_LIMIT))
    assert refused(first, "push", bomb, **{"Content-Encoding": "zstd"})[0] == 413
    assert refused(first, "push", b"no zstd", **{"Content-Encoding": "zstd"})[0] == 400
    assert refused(first, "push", b"{}", **{"Content-Encoding": "gzip"})[0] == 400
    half = [first.entry(body="x" * (MOST_BYTES // 2 + 1)) for _ in range(2)]
    assert refused(first, "push", plain(Push(1, tuple(half))))[0] == 413
    assert [result.verdict for result in first.push(half[:1])] == ["accepted"]
    many = [first.derived(str(number)) for number in range(501)]
    assert refused(first, "push", plain(Push(1, tuple(many))))[0] == 413


def test_who_has_no_session_may_send_little(first: Caller) -> None:
    people = tuple(f"somebody {number}" for number in range(30_000))
    large = plain(first.join_request(f"{first.center}/AAAA", people=people))
    assert OPEN_LIMIT < len(large) < FRAME_LIMIT
    assert refused(first, "join", large)[0] == 413  # it goes packed, and is small on its way
    assert first.http.post("/sync/v1/challenge", content=bytes(OPEN_LIMIT + 1)).status_code == 413
    assert refused(first, "join", plain(first.join_request(f"{first.center}/AAAA", people=people[:5_000])))[0] == 403


def test_a_desk_reads_no_journal_that_it_is_not_enrolled_for(server: Server, first: Caller, call: Call) -> None:
    second = call(server, first.center, "operations")
    other = call(server, f"{first.center}-b", "clinical")
    journals = [f"{first.center}/{audience}" for audience in ("operations", "administration", "clinical", "audit")]
    for caller, readable in ((first, 3), (second, 2), (other, 0)):
        for place, journal in enumerate(journals):
            for path, frame in (("pull", Pull(journal)), ("probe", Probe(journal, (1,)))):
                got = caller.request(path, plain(frame))
                assert got.status_code == (200 if place < readable else 403)
        assert REGION_DIRECTORY in caller.hello().reads
    assert set(second.hello().reads) == {*journals[:2], REGION_DIRECTORY}
    assert set(second.hello().writes) == {journals[0], journals[1], journals[3], REGION_DIRECTORY}
    assert set(first.hello().reads) == {*journals[:3], REGION_DIRECTORY}
    assert set(other.hello().reads) == {
        f"{other.center}/administration",
        f"{other.center}/operations",
        REGION_DIRECTORY,
    }


def test_pages_go_forward_from_a_place_and_backward_to_it(first: Caller) -> None:
    entries = [first.entry() for _ in range(25)]
    results = first.push(entries)
    links = [START, *(result.link or b"" for result in results)]
    page = first.pull(after=20, limit=3)
    assert (page.start, page.end, page.head) == (Point(20, links[20]), Point(23, links[23]), 25)
    assert page.asked
    page = first.pull(before=6, limit=3)
    assert (page.start, page.end) == (Point(2, links[2]), Point(5, links[5]))
    assert [entry.seq for entry in page.entries] == [3, 4, 5]
    assert [entry.seq for entry in first.pull(before=4, limit=10).entries] == [1, 2, 3]
    assert [entry.seq for entry in first.pull(before=10**20, limit=2).entries] == [24, 25]
    for nothing in (first.pull(before=0), first.pull(before=1), first.pull(after=25), first.pull(after=10**20)):
        assert nothing.entries == ()
        assert nothing.start == nothing.end
    assert first.probe(f"{first.center}/operations", 0, 1, 25, 26, 10**20) == {0: START, 1: links[1], 25: links[25]}


def test_a_page_of_large_entries_fits_a_frame(first: Caller) -> None:
    for _ in range(12):
        first.push([first.entry(body='"' * 500_000)])
    assert len(first.all_of()) == 12
    got = first.request("pull", plain(Pull(f"{first.center}/operations")))
    assert len(got.content) <= FRAME_LIMIT
    assert 1 < len(msgspec.json.decode(got.content, type=Page).entries) < 12
    back = first.pull(before=13)
    assert back.end.seq == 12
    assert len(back.entries) < 12
    assert first.push([first.entry(body="x" * (MOST_BYTES + 1))])[0].refusal == "bytes"


def test_answers_are_packed_for_whom_unpacks_them(first: Caller) -> None:
    first.push([first.entry() for _ in range(50)])
    asked = plain(Pull(f"{first.center}/operations"))
    packed = first.request("pull", asked, **{"Accept-Encoding": "zstd"})
    plain_ = first.request("pull", asked, **{"Accept-Encoding": "identity"})
    assert packed.headers["content-encoding"] == "zstd"
    assert "content-encoding" not in plain_.headers
    assert packed.content == plain_.content
    assert int(packed.headers["content-length"]) < len(plain_.content) / 2


def test_versions_of_the_protocol_are_settled_or_refused_with_both_ranges(first: Caller) -> None:
    assert first.hello().protocol == 1
    newer = first.request("hello", plain(Hello((1, 9), "newer", 0, {})))
    assert newer.status_code == 200
    status, words = refused(first, "hello", plain(Hello((2, 9), "too new", 0, {})))
    assert status == 400
    assert "2 to 9" in words
    member = plain(Hello((1, 1), "newer", 0, {}))[:-1] + b',"a_new_member":[1]}'
    assert first.request("hello", member).status_code == 200


def test_health_readiness_and_metrics(server: Server, first: Caller) -> None:
    first.push([first.entry(), first.entry(by="stranger")])
    assert first.http.get("/health").json() == {"status": "ok"}
    assert first.http.get("/ready").json() == {"status": "ready"}
    text = first.http.get("/metrics").text
    assert 'regional_refusals_total{reason="person"}' in text
    assert "regional_epoch 1.0" in text
    assert first.center not in text
    assert first.http.get("/nothing").status_code == 404
    assert first.http.get("/sync/v1/push").status_code == 405
    assert set(first.http.get("/openapi.json").json()["paths"]) >= {"/sync/v1/push", "/health"}


def test_whoever_asks_whether_it_is_ready_has_it_write_once_a_second_at_most(server: Server, first: Caller) -> None:
    database, looks = open_database(server.database, server.home), set[str]()
    began = time.monotonic()
    try:
        for _ in range(50):
            assert first.http.get("/ready").status_code == 200
            looks |= {value for (value,) in database.read(_looks)}
    finally:
        database.close()
    assert 1 <= len(looks) <= 2 + (time.monotonic() - began)


def _looks(work: Work) -> list[tuple[str]]:
    return work.rows("SELECT value FROM server WHERE name = 'looked_at'")


def test_logs_hold_no_word_that_was_entered(server: Server, first: Caller) -> None:
    words = '{"words":"canary-of-a-caller"}'
    first.push([first.entry(body=words), first.entry(by="x", body=words)])
    first.request("push", b'{"type":"push","batch":1,"entries":"canary-of-a-caller"}')
    assert "canary" not in server.log.read_text()
    refusals = [event for event in server.events() if event["event"] == "entry-refused"]
    assert refusals[-1]["refusal"] == "person"


def test_a_desk_that_asks_over_http_is_told_where_its_journals_end(server: Server, first: Caller, call: Call) -> None:
    second = call(server, first.center, "operations")
    (placed,) = first.push([first.entry()])
    told = second.ask("beat", Beat(7), Beat)
    assert (told.sent_at, told.epoch, set(told.reads)) == (7, 1, set(second.hello().reads))
    assert told.reads[f"{first.center}/operations"] == Point(placed.seq or 0, placed.link or b"")
