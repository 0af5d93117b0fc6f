"""What can happen to the server: it is set back, its database goes away, is full or is changed behind its back."""

import resource
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from uuid import UUID, uuid4

import psycopg
import pytest

from console.models.call import CallEntered
from console.queries.desks import desks
from console.sync import joining
from console.sync.events import State
from regional.homes import DATABASE
from tests.regional.servers import Server, end_sessions
from tests.support.desk import person
from tests.support.entries import at
from tests.support.proxy import Proxy
from tests.support.region import ADMINISTRATION, OPERATIONS, Region
from tests.support.sharing import SharingDesk, until
from wire.administration import DeskEnrolled, DeskRetired, UserDisabled

Backup = Callable[[], Callable[[], str]]
YEAR = 365 * 86_400


def test_a_server_put_back_to_an_older_backup_is_healed_by_the_desks(region: Region, backup: Backup) -> None:
    """14. A desk that … is ahead of the server, MUST look for the last place where both agree, keep every entry behind
    it, put those back among what is to be pushed, and go on from there.

    Epochs. … On a new epoch a desk MUST probe every journal that it reads, put back what the server lost, whoever made
    it …
    """
    first, second = region.desk(), region.desk()
    region.work(first, 2)
    region.comes_to_rest()
    assert region.server.stop() == 0
    put_back = backup()
    region.begin()
    dead = region.desk("operations")  # joined, and gone for good, after the backup
    theirs = set(region.work(dead, 2, "dispatcher"))
    region.work(first, 2)
    region.comes_to_rest()
    region.gone(dead)
    first.stop()
    assert region.server.stop() == 0
    region.address = put_back()
    region.begin()
    region.work(second, 3)  # others are faster than the one that comes back late
    until(lambda: not second.waiting() and second.settled(), "the first to heal it")
    region.work(first, 1)
    first.start()
    region.comes_to_rest()
    assert theirs <= region.check(), "not only kept, but ordered again"
    assert len({epoch["epoch"] for epoch in region.events("server-set-back")}) >= 1


def test_how_a_desk_joined_again_after_the_backup_holds_up_no_other(region: Region, backup: Backup) -> None:
    """… judged … `settled` | the same, put back, of how a desk joined that the server knows to have joined otherwise"""
    first, other = region.desk(), region.desk("operations")
    region.comes_to_rest()
    assert region.server.stop() == 0
    put_back = backup()
    region.begin()
    region.server.command("revoke", "--center", "Northside", "--desk", "B")
    other.stop()
    joining.join(other.store, region.network.url, region.server.code("Northside", "operations"))
    other.start()
    region.comes_to_rest()
    before = DeskRetired.KIND, DeskEnrolled.KIND
    assert tuple(entry.kind for entry, _ in region.journals()[ADMINISTRATION])[-2:] == before
    assert {desk.retired for desk in desks(first.desk, None)} == {False}
    region.gone(other)
    first.stop()
    assert region.server.stop() == 0
    region.address = put_back()
    region.begin()
    first.start()
    region.comes_to_rest()
    assert region.journals()[ADMINISTRATION][-1][0].kind == DeskRetired.KIND
    assert [code for _, code, _ in first.refused()] == ["settled"]
    assert [desk.code for desk in desks(first.desk, None) if desk.retired] == ["B"], "as the server has it"


def test_what_a_dead_desk_entered_behind_a_refusal_that_nobody_has_any_more_is_put_back(
    region: Region, backup: Backup
) -> None:
    """6. … in the order of its count `n`; one that comes too early is answered `waits`."""
    first, _, dead = region.desk(), region.desk("operations"), region.desk("operations")
    region.comes_to_rest()
    assert region.server.stop() == 0
    put_back = backup()
    region.begin()
    dead.stop()
    region.enter(first, "administrator", (person("clinician").user, UserDisabled(at())))
    until(lambda: not first.waiting() and first.settled(), "the administrator's word at the server")
    before = region.work(dead, 1, "dispatcher")
    (lost,) = region.enter(dead, "clinician", (uuid4(), CallEntered("26-9", "WELFARE CHECK", "", at())))
    behind = region.work(dead, 2, "dispatcher")
    dead.start()
    region.comes_to_rest()
    assert region.refused() == {lost}
    del region.saved[lost]
    region.gone(dead)
    assert region.server.stop() == 0
    region.address = put_back()
    region.begin()
    until(lambda: region.read(lambda work: work.rows("SELECT missing FROM gap")) == [(len(before) + 1,)], "the gap")
    until(lambda: first.waiting() == len(behind), "all but what stands behind it")
    region.write("UPDATE gap SET since = 0")
    region.comes_to_rest()
    assert first.holds(*before, *behind)
    (passed,) = region.events("gap-passed-over")
    assert (passed["missing"], passed["behind"]) == (len(before) + 1, len(before) + 2)


def test_a_row_changed_behind_the_servers_back_is_found_said_and_holds_up_nothing_else(region: Region) -> None:
    """21. A desk MUST check the links and the digests of every page before it takes it."""
    first = region.desk()
    (changed, *_) = region.work(first, 2)
    region.comes_to_rest()
    region.write("UPDATE entry SET body = ? WHERE journal = ? AND id = ?", (b'{"forged":1}', OPERATIONS, changed.bytes))
    second = region.desk()
    until(lambda: second.standing and second.standing.state is State.ATTENTION, "a person to be told")
    assert second.standing is not None
    assert second.standing.says.startswith(f"{OPERATIONS}: what the server shows as entry ")
    assert not second.holds(changed)
    (call,) = region.enter(first, "clinician", (uuid4(), CallEntered("26-8", "WELFARE CHECK", "", at())))
    region.enter(second, "clinician", (uuid4(), CallEntered("26-9", "WELFARE CHECK", "", at())))
    until(lambda: len(first.order(OPERATIONS)) == 6, "what the doubting desk entered to reach the other")
    assert first.holds(call)


def test_a_history_that_is_rewritten_links_and_all_is_said_and_replaces_nothing_that_a_desk_holds(
    region: Region, backup: Backup, monkeypatch: pytest.MonkeyPatch
) -> None:
    """14. A desk that is sent a link other than its own for the same place … MUST look for the last place where both
    agree, keep every entry behind it …

    21. A desk MUST check … that nothing in it says something else under the id of what somebody entered and this desk
    holds.
    """
    monkeypatch.setattr("console.sync.core.FINAL_DELAY", 0.5)
    desks = region.desk(), region.desk("operations")
    ids = region.work(desks[0], 3)
    region.comes_to_rest()
    before = {entry.id: entry.body for entry, _ in region.journals()[OPERATIONS]}
    assert region.server.stop() == 0
    put_back = backup()
    region.rewrite(OPERATIONS, ids[0], '{"forged":1}')
    region.begin()
    for desk in desks:
        until(lambda desk=desk: desk.standing and "what the server shows as entry" in desk.standing.says, "it is said")  # type: ignore[misc]
        assert desk.standing is not None
        assert desk.standing.state is State.ATTENTION
    assert region.events("server-set-back"), "the operator is told as well"
    region.work(desks[0])
    for desk in desks:
        until(
            lambda desk=desk: [(each, code) for each, code, _ in desk.refused()] == [(ids[0], "bytes")], "what it sent"
        )  # type: ignore[misc]
        with desk.store.read() as connection:
            rows = connection.exec_driver_sql("SELECT id, body FROM entry WHERE journal = ?", (OPERATIONS,)).all()
            calls = connection.exec_driver_sql('SELECT count(*) FROM "call"').scalar_one()
        assert before.items() <= {UUID(bytes=row[0]): row[1] for row in rows}.items()
        assert calls >= 2, "the others stay on the board"
    assert region.server.stop() == 0
    region.address = put_back()
    region.begin()
    region.comes_to_rest()
    assert not any(desk.refused() for desk in desks)


def test_a_database_that_ends_every_session_loses_nothing(region: Region, kind: str) -> None:
    """2. The server MUST NOT answer a push before what it says is durable."""
    if kind == "embedded":
        pytest.skip("the embedded database has no sessions")
    first, second = region.desk(), region.desk()
    for _ in range(4):
        region.work(first)
        region.work(second)
        with psycopg.connect(region.address, autocommit=True) as connection:
            end_sessions(connection)
    region.comes_to_rest()


def test_a_server_whose_disk_is_full_takes_nothing_half_and_goes_on_once_there_is_room(
    region: Region, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """2. The server MUST NOT answer a push before what it says is durable."""
    if kind == "postgres":
        pytest.skip("a full PostgreSQL is ended by itself; shown where the database is the server's own file")
    first, second = region.desk(), region.desk()
    region.comes_to_rest()
    wal = (region.server.home / f"{DATABASE}-wal").stat().st_size
    process = region.server.process.pid
    unlimited = resource.prlimit(process, resource.RLIMIT_FSIZE)
    resource.prlimit(process, resource.RLIMIT_FSIZE, (wal + 20_000, unlimited[1]))
    region.work(first, 20, words="long " * 300)
    until(lambda: region.events("database-away"), "the disk to be full")
    region.check()
    resource.prlimit(process, resource.RLIMIT_FSIZE, unlimited)
    region.work(second)
    region.comes_to_rest()


def come_back(region: Region, desks: int, works: int) -> None:
    """So many desks come back at once, each with what was entered there meanwhile, while others are at work."""
    live, reads = region.desk(), region.desk("operations")
    away = [region.desk(connected=False) for _ in range(desks)]
    for desk in away:
        region.work(desk, works)
    for desk in away:
        desk.start()
    while any(desk.waiting() for desk in away):
        ids = region.work(live)
        until(lambda ids=ids: reads.holds(ids[0]), "live work to come across meanwhile")  # type: ignore[misc]
    region.comes_to_rest()


def test_desks_that_all_come_back_at_once_are_all_served(region: Region) -> None:
    """13. A desk … MUST push again after a reconnection whatever has no place yet."""
    come_back(region, desks=4, works=8)


def test_a_postgresql_that_is_restarted_under_the_server_loses_nothing(
    start: Callable[..., Server], own_postgres: tuple[str, Callable[[], None]], tmp_path: Path
) -> None:
    """2. The server MUST NOT answer a push before what it says is durable."""
    address, restart = own_postgres
    with Proxy(0) as network:
        region = Region(start, address, network, tmp_path)
        first, second = region.desk(), region.desk("operations")
        for _ in range(2):
            region.work(first, 2)
            restart()
            region.work(second, 2, "dispatcher")
            region.comes_to_rest()
        assert region.server.process.poll() is None, "the server outlives its database"
        for desk in region.desks:
            desk.close()


def test_a_desk_that_is_moved_between_two_servers_of_one_database_while_others_write_misses_nothing(
    start: Callable[..., Server], postgres: Callable[[], str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """12. A page is taken only when its start is the cursor … Anything else is passed over, and pulled."""
    monkeypatch.setattr("console.sync.retry.LONGEST_DELAY", 0.3)
    address = postgres()
    with Proxy(0) as network, Proxy(0) as way, ThreadPoolExecutor(1) as pool:
        region = Region(start, address, network, tmp_path)
        servers = (region.server, start(address, "other"))
        first, moved = region.desk(), region.desk("operations")
        moved.stop()
        moved.move(way.url)
        for number in range(6):
            way.target = ("127.0.0.1", int(servers[number % 2].url.rpartition(":")[2]))
            way.cut()
            if moved.link is None:
                moved.start()
            writing = pool.submit(region.work, first, 4)
            ids = region.work(moved, 2, "dispatcher")
            until(lambda ids=ids: moved.holds(*ids), "its own words")  # type: ignore[misc]
            writing.result()
        region.comes_to_rest()
        connected = [[each for each in server.events() if each["event"] == "connected"] for server in servers]
        assert {event["desk"] for event in connected[1]} == {str(moved.store.enrolment)}
        assert len(connected[1]) >= 3, "it was at the other server each time"
        assert not [each for server in servers for each in server.events() if each["event"] == "server-set-back"]
        for desk in region.desks:
            desk.close()


@pytest.mark.parametrize("years", [(1, -1), (-1, 1)])
def test_a_server_whose_clock_is_a_year_off_orders_by_no_clock(
    region: Region, years: tuple[int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    """19. No clock alone orders, refuses or drops an entry; how far a desk's is off is shown to it."""
    monkeypatch.setattr("console.sync.core.BEAT_EVERY", 0.5)
    desk = region.desk()
    region.work(desk)
    for number, off in enumerate(years):
        assert region.server.stop() == 0
        region.begin(REGIONAL_SERVER_CLOCK_OFF=str(off * YEAR))
        region.work(region.desk("clinical" if number else "operations", connected=False), 1, "dispatcher")
        region.work(desk)
        for each in region.desks:
            if each.link is None:
                each.start()
        region.comes_to_rest()
        until(lambda off=off: _seconds_off(desk) * off > 0.9 * YEAR, "the offset to be known")  # type: ignore[misc]


def _seconds_off(desk: SharingDesk) -> float:
    return (desk.standing.offset or 0) / 1e6 if desk.standing else 0.0


@pytest.mark.soak
@pytest.mark.timeout(900)
def test_twenty_desks_with_two_hundred_entries_each_come_back_at_once(
    region: Region, monkeypatch: pytest.MonkeyPatch
) -> None:
    """13. A desk … MUST push again after a reconnection whatever has no place yet."""
    monkeypatch.setattr("tests.support.sharing.PATIENCE", 600.0)
    come_back(region, desks=20, works=40)
