"""The server process dies, the database goes away, a backup is put back: nothing that was answered is lost."""

import resource
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import httpx
import psycopg
import pytest
from msgspec.structs import replace
from websockets.exceptions import ConnectionClosed

from regional.clock import Clock
from regional.errors import Away
from regional.failing import Failing
from tests.regional.conftest import Call, Start, again, founded
from tests.regional.desk import Caller
from tests.regional.servers import end_sessions
from tests.support.sharing import until
from wire.frames import plain
from wire.messages import (
    Beat,
    Bye,
    Challenge,
    ChallengeRequest,
    Hello,
    Point,
    Push,
    SessionRequest,
    Verdict,
    session_proof,
)

CENTER = "northside"
OPERATIONS = f"{CENTER}/operations"
Backup = Callable[[], Callable[[], str]]


@pytest.mark.parametrize("live", [True, False], ids=["websocket", "http"])
@pytest.mark.parametrize(
    ("place", "stored"), [("before-commit", False), ("after-commit-before-reply", True)], ids=["before", "after"]
)
def test_a_server_that_dies_around_a_commit_loses_and_doubles_nothing(
    start: Start, call: Call, address: str, place: str, stored: bool, live: bool
) -> None:
    # Founding is one commit, one good push the second, so it dies at the third.
    server = start(address, REGIONAL_SERVER_FAILPOINT=f"{place}:3")
    desk = founded(call(server, CENTER, "clinical"))
    good, lost = [desk.entry()], [desk.entry(), desk.entry()]
    desk.push(good)
    if live:
        connection = desk.live()
        with pytest.raises(ConnectionClosed):
            connection.push(lost)
    else:
        with pytest.raises(httpx.TransportError):
            desk.push(lost)
    assert server.ended() == 86
    again(desk, start(address).url)
    assert [entry.n for entry in desk.all_of()] == ([1, 2, 3] if stored else [1])
    results = desk.push([*good, *lost, desk.entry()])
    assert [result.verdict for result in results] == ["had", *(["had"] * 2 if stored else ["accepted"] * 2), "accepted"]
    assert [result.seq for result in results] == [1, 2, 3, 4]


def test_a_server_killed_over_and_over_keeps_every_answered_entry_once(start: Start, call: Call, address: str) -> None:
    server = start(address)
    desk = founded(call(server, CENTER, "clinical"))
    answered = []
    waiting = [desk.entry() for _ in range(40)]
    for round_ in range(4):
        taken = waiting[round_ * 8 : round_ * 8 + 8]
        answered += [result.id for result in desk.push(taken)]
        connection = desk.live()
        connection.say(Push(7, tuple(waiting[round_ * 8 + 8 : round_ * 8 + 10])))
        server.kill()
        server = start(address)
        again(desk, server.url)
    desk.push(waiting)
    entries = desk.all_of()
    assert [entry.n for entry in entries] == list(range(1, 41))
    assert set(answered) <= {entry.id for entry in entries}


def test_a_server_that_was_set_back_gets_back_what_it_lost(
    start: Start, call: Call, address: str, backup: Backup
) -> None:
    """Epochs. … the server was set back: it MUST begin a new epoch … raise an alarm for its operator and tell every
    connection.
    """
    server = start(address)
    desk, other = founded(call(server, CENTER, "clinical")), call(server, CENTER, "operations")
    desk.push([desk.entry(), desk.entry()])
    assert server.stop() == 0
    put_back = backup()
    server = start(address)
    again(desk, server.url).push([desk.entry(), desk.adding("ann", "clinician")])
    lost = [*again(other, server.url).push([other.entry()]), *desk.push([desk.entry(by="ann")])]
    held = desk.all_of()
    epoch, head = desk.hello().epoch, Point(lost[-1].seq or 0, lost[-1].link or b"")
    administration = desk.all_of(f"{CENTER}/administration")
    assert (epoch, head.seq) == (1, 5)
    assert server.stop() == 0
    server = start(put_back())
    watching = again(other, server.url).live(1)
    assert watching.welcome.epoch == 1
    # The desk shows a place that the journal does not have.
    welcome = again(desk, server.url).hello(epoch, operations=head)
    began = welcome.epoch
    assert began > 1
    assert welcome.reads[OPERATIONS].seq == 2
    told = watching.next(Beat)
    assert (told.epoch, told.sent_at) == (began, 0)
    assert desk.hello(1, operations=head).epoch == began  # shown again, of the epoch before: nothing new
    assert [event["epoch"] for event in server.events() if event["event"] == "server-set-back"] == [began]
    assert "regional_epochs_begun_total 1.0" in desk.http.get("/metrics").text
    # It looks for the last place where both agree, and puts back the rest, whoever made it.
    links = desk.probe(OPERATIONS, *range(6))
    assert sorted(links) == [0, 1, 2]
    assert {result.verdict for result in desk.push(administration)} <= {Verdict.HAD, Verdict.ACCEPTED}
    assert [result.seq for result in desk.push(held)] == [1, 2, 3, 4, 5]
    assert [entry.id for entry in desk.all_of()] == [entry.id for entry in held]
    assert server.command("status")[0]["epoch"] == began


def test_a_server_that_lost_nothing_but_audit_is_found_out_as_well(
    start: Start, call: Call, address: str, backup: Backup
) -> None:
    server = start(address)
    desk = founded(call(server, CENTER, "operations"))
    assert server.stop() == 0
    put_back = backup()
    server = start(address)
    audit = f"{CENTER}/audit"
    (read,) = again(desk, server.url).push([desk.entry("audit.recorded", journal=audit)])
    shown = Point(read.seq or 0, read.link or b"")
    assert desk.hello(1, audit=shown).epoch == 1
    assert server.stop() == 0
    server = start(put_back())
    assert again(desk, server.url).hello(1, audit=shown).epoch > 1
    assert [event["journal"] for event in server.events() if event["event"] == "server-set-back"] == [audit]


def test_the_database_ends_every_session_and_the_server_goes_on(
    start: Start, call: Call, postgres: Callable[[], str]
) -> None:
    address = postgres()
    server = start(address)
    desk = founded(call(server, CENTER, "clinical"))
    live = desk.live()
    for _ in range(3):
        with psycopg.connect(address, autocommit=True) as connection:
            end_sessions(connection)
        results = live.push([desk.entry(), desk.entry()])
        assert [result.verdict for result in results] == ["accepted"] * 2
    assert [entry.n for entry in desk.all_of()] == [1, 2, 3, 4, 5, 6]


def test_a_database_that_is_away_is_503_and_nothing_is_lost(
    start: Start, call: Call, postgres: Callable[[], str]
) -> None:
    address = postgres()
    name = address.partition("?")[0].rpartition("/")[2]
    server = start(address)
    desk = founded(call(server, CENTER, "clinical"))
    live = desk.live()
    elsewhere = postgres()

    def let(connect: bool) -> None:
        with psycopg.connect(elsewhere, autocommit=True) as connection:
            connection.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS {str(connect).lower()}".encode())
            if not connect:
                connection.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", (name,))

    entries = [desk.entry()]
    let(False)
    got = desk.request("push", plain(Push(1, tuple(entries))))
    assert (got.status_code, int(got.headers["retry-after"])) == (503, 2)
    assert desk.http.get("/ready").status_code == 503
    assert desk.http.get("/health").status_code == 200
    live.say(Push(1, tuple(entries)))
    while not isinstance(bye := live.hear(), Bye):
        pass
    assert (bye.final, bye.retry_after) == (False, 2)
    let(True)
    assert [result.verdict for result in desk.push(entries)] == ["accepted"]
    assert desk.live().push(entries)[0].verdict == "had"


def test_one_center_waits_for_no_other_whose_transaction_hangs(
    start: Start, call: Call, postgres: Callable[[], str]
) -> None:
    address = postgres()
    server = start(address)
    one, two = founded(call(server, "one", "clinical")), founded(call(server, "two", "clinical"))
    one.push([one.entry()])
    with psycopg.connect(address) as hanging:
        hanging.execute("SELECT * FROM journal WHERE journal = 'one/operations' FOR UPDATE")
        other = start(address, "other")
        assert [result.verdict for result in again(two, other.url).push([two.entry()])] == ["accepted"]
        got = one.request("push", plain(Push(1, (stuck := one.entry(),))))
        assert got.status_code == 503
    assert [result.verdict for result in one.push([stuck])] == ["accepted"]


def test_two_processes_serve_one_database_and_a_desk_moves_between_them(
    start: Start, call: Call, postgres: Callable[[], str]
) -> None:
    address = postgres()
    here, there = start(address), start(address, "there")
    first = founded(call(here, CENTER, "clinical"))
    second = call(there, CENTER, "operations")  # its code and its session are known to both
    writer, reader = first.live(), second.live()
    point = reader.welcome.reads[OPERATIONS]
    for number in range(30):
        writer.push([first.entry(), first.entry()])
        if number == 10:
            reader.socket.close()
            reader = again(second, here.url).live(1, {OPERATIONS: point})
        if number == 20:
            reader.socket.close()
            reader = again(second, there.url).live(1, {OPERATIONS: point})
            reader.push([second.entry(), second.entry()])
        if number in (10, 20):
            page = second.pull(after=point.seq)
            assert page.start == point
            point = page.end
    while point.seq < 62:
        page = reader.page_of(OPERATIONS)
        if page.end.seq > point.seq:
            assert page.start.seq <= point.seq
            assert page.start == point or page.start.seq < point.seq
            point = page.end
    assert [entry.seq for entry in second.all_of()] == list(range(1, 63))
    assert writer.push([first.entry()])[0].link != point.link


def test_the_same_entries_pushed_to_two_processes_at_once_have_one_place(
    start: Start, call: Call, postgres: Callable[[], str]
) -> None:

    address = postgres()
    here, there = start(address), start(address, "there")
    desk = founded(call(here, CENTER, "clinical"))
    twin = call(there, CENTER)
    twin.token = desk.token
    batches = [[desk.entry() for _ in range(5)] for _ in range(12)]
    with ThreadPoolExecutor(2) as pool:
        both = [pool.submit(lambda who: [who.push(batch) for batch in batches], who) for who in (desk, twin)]
        answers = [[result for batch in each.result() for result in batch] for each in both]
    assert [entry.n for entry in desk.all_of()] == list(range(1, 61))
    for one, other in zip(*answers, strict=True):
        waited = "waits" in (one.verdict, other.verdict)
        assert waited or (one.seq, one.link) == (other.seq, other.link)
        assert {one.verdict, other.verdict} <= {"accepted", "had", "waits"}
    assert replace(desk.all_of()[0], seq=None, received_at=None) == batches[0][0]


def test_a_database_that_may_only_be_read_is_503_and_not_a_refusal(
    start: Start, call: Call, postgres: Callable[[], str]
) -> None:
    address = postgres()
    name = address.partition("?")[0].rpartition("/")[2]
    server = start(address)
    desk = founded(call(server, CENTER, "clinical"))

    def only_read(state: str) -> None:
        # As after a failover to a standby; sessions that are open keep what they were given.
        with psycopg.connect(address, autocommit=True, options="-c default_transaction_read_only=off") as connection:
            connection.execute(f"ALTER DATABASE {name} SET default_transaction_read_only = {state}".encode())
            end_sessions(connection)

    entries = [desk.entry()]
    only_read("on")
    assert desk.request("push", plain(Push(1, tuple(entries)))).status_code == 503
    assert desk.http.get("/ready").status_code == 503
    only_read("off")
    assert [result.verdict for result in desk.push(entries)] == ["accepted"]
    assert desk.http.get("/ready").status_code == 200


def test_a_full_disk_is_503_and_nothing_is_lost(start: Start, call: Call) -> None:
    server = start()
    desk = founded(call(server, CENTER, "clinical"))
    desk.push([desk.entry()])
    entries = [desk.entry(body="x" * 500_000)]
    unlimited = resource.prlimit(server.process.pid, resource.RLIMIT_FSIZE)
    full = max(path.stat().st_size for path in server.home.iterdir())
    resource.prlimit(server.process.pid, resource.RLIMIT_FSIZE, (full, unlimited[1]))
    assert desk.request("push", plain(Push(1, tuple(entries)))).status_code == 503
    assert len(desk.all_of()) == 1
    assert desk.http.get("/ready").status_code == 503
    resource.prlimit(server.process.pid, resource.RLIMIT_FSIZE, unlimited)
    assert [result.verdict for result in desk.push(entries)] == ["accepted"]
    assert desk.http.get("/ready").status_code == 200
    assert [entry.n for entry in desk.all_of()] == [1, 2]


def _open_session(desk: Caller) -> int:
    nonce = desk.ask("challenge", ChallengeRequest(desk.desk), Challenge).nonce
    signature = desk.key.sign(session_proof(desk.desk, desk.device, nonce))
    return desk.request("session", plain(SessionRequest(desk.desk, desk.device, nonce, signature))).status_code


def _say_hello(desk: Caller) -> int:
    return desk.request("hello", plain(Hello((1, 1), "test", 0, {}))).status_code


@pytest.mark.parametrize("ask", [_open_session, _say_hello], ids=["session", "note"])
def test_a_server_that_stored_no_session_or_note_is_not_ready_until_it_does(
    start: Start, call: Call, ask: Callable[[Caller], int]
) -> None:
    server = start()
    desk = founded(call(server, CENTER, "clinical"))
    unlimited = resource.prlimit(server.process.pid, resource.RLIMIT_FSIZE)
    full = max(path.stat().st_size for path in server.home.iterdir())
    resource.prlimit(server.process.pid, resource.RLIMIT_FSIZE, (full, unlimited[1]))
    until(lambda: desk.http.get("/ready").status_code == 503, "its look, a write of its own, once a second")
    assert ask(desk) == 503
    resource.prlimit(server.process.pid, resource.RLIMIT_FSIZE, unlimited)
    assert desk.http.get("/ready").status_code == 503  # there is room for a look; the desk has not tried again
    assert ask(desk) == 200
    assert desk.http.get("/ready").status_code == 200


def test_what_failed_long_ago_says_nothing_of_now() -> None:
    now = [0.0]

    class Still(Clock):
        def monotonic(self) -> float:
            return now[0]

    failing = Failing(Still())
    failing.failed(Away("held", held=True))
    assert failing.now is None
    failing.failed(full := Away("full"))
    now[0] = 59.0
    assert failing.now is full
    now[0] = 60.0
    assert failing.now is None
