"""Connections: what desks and the real server say to each other over a websocket."""

import base64
import os
import threading

import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus

from tests.regional.conftest import Call, Start, founded
from tests.regional.desk import Caller
from tests.regional.servers import Server
from wire.messages import Beat, Bye, Hello, Page, Point, Pull, Push, Refusal, Results, Verdict
from wire.order import link_at_end


def test_what_the_embedded_database_keeps_is_its_owner_s_alone(start: Start, call: Call) -> None:
    server = start()
    founded(call(server, "northside", "clinical"))
    modes = {path.name: path.stat().st_mode & 0o777 for path in server.home.glob("regional.*")}
    assert modes == dict.fromkeys(("regional.db", "regional.db-wal", "regional.db-shm", "regional.key"), 0o600)


def test_a_beat_is_answered_with_the_time_and_where_journals_end(first: Caller) -> None:
    live = first.live()
    results = live.push([first.entry()])
    live.page_of(f"{first.center}/operations")
    beat = live.beat()
    assert beat.sent_at
    assert beat.time > 1_700_000_000_000_000
    assert beat.reads[f"{first.center}/operations"] == Point(1, results[0].link or b"")


def test_pulls_are_answered_while_a_push_is_under_way(first: Caller) -> None:
    """13. … The server MUST order the pushes of one connection as they came."""
    live = first.live()
    for batch in range(10):
        live.say(Push(batch, tuple(first.entry() for _ in range(20))))
        live.say(Pull(f"{first.center}/administration"))
    assert [live.next(Results).batch for _ in range(10)] == list(range(10))
    asked, entries = 0, []
    while asked < 10 or len(entries) < 200:  # pushes that came together are one commit, and one page
        page = live.next(Page)
        if page.asked:
            asked += 1
        else:
            entries += page.entries
    assert [entry.n for entry in entries] == list(range(1, 201))


def test_what_is_on_its_way_behind_the_entries_of_a_copy_is_of_a_copy_too(first: Caller) -> None:
    """18. … for what follows it in this push and in those on their way behind it …"""
    live, heads = first.live(), dict(first.heads)
    live.push([first.entry()])
    first.heads = heads  # as a home that was put back, and made another history since
    for batch in (8, 9):
        live.say(Push(batch, (first.entry(),)))
    answers = [live.next(Results).results[0] for _ in range(2)]
    assert [(each.verdict, each.refusal) for each in answers] == [(Verdict.REFUSED, Refusal.FORK)] * 2


def test_live_pages_follow_each_other_for_every_desk(server: Server, first: Caller, call: Call) -> None:
    desks = [first, *(call(server, first.center, "operations") for _ in range(3))]
    lives = [desk.live() for desk in desks]
    journal = f"{first.center}/operations"

    def push(place: int) -> None:
        for _ in range(10):
            lives[place].push([desks[place].entry(), desks[place].entry()])

    threads = [threading.Thread(target=push, args=(place,)) for place in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for live in lives:
        point = live.welcome.reads[journal]
        while point.seq < 80:
            page = live.page_of(journal)
            assert page.start == point
            assert page.end.link == link_at_end(point.link, page.entries)
            point = page.end
    assert [entry.seq for entry in first.all_of()] == list(range(1, 81))


@pytest.mark.parametrize("nonsense", ["{", "null", '{"type":"welcome"}', b"\x00\x01"])
def test_what_is_no_frame_ends_the_connection_with_a_reason(first: Caller, nonsense: str | bytes) -> None:
    live = first.live()
    live.socket.send(nonsense)
    bye = live.hear()
    assert isinstance(bye, Bye)
    assert bye.final
    with pytest.raises(ConnectionClosed):
        live.hear()


def test_a_second_hello_and_a_forbidden_pull_end_the_connection(server: Server, first: Caller, call: Call) -> None:
    live = first.live()
    live.say(Hello((1, 1), "test", 0, {}))
    assert isinstance(live.hear(), Bye)
    second = call(server, first.center, "operations").live()
    second.say(Pull(f"{first.center}/clinical"))
    bye = second.hear()
    assert isinstance(bye, Bye)
    assert "enrolled" in bye.reason


def test_no_connection_without_a_session(server: Server, first: Caller) -> None:
    first.token = "6e.nothing"
    with pytest.raises(InvalidStatus) as refused:
        first.live()
    assert refused.value.response.status_code == 401


def test_the_connections_of_one_desk_are_few_and_the_newest_stay(first: Caller) -> None:
    lives = [first.live() for _ in range(6)]
    for old in lives[:2]:
        assert isinstance(old.hear(), Bye)
    for kept in lives[2:]:
        assert kept.beat().time


def test_a_clinical_desk_learns_of_its_clinical_journal_when_the_center_is_founded(
    server: Server, call: Call, center: str
) -> None:
    desk = call(server, center, "clinical")
    live = desk.live()
    clinical = f"{center}/clinical"
    assert clinical not in live.welcome.reads
    live.push(desk.founding())
    told = live.next(Beat)
    assert (told.sent_at, clinical in told.reads) == (0, True)
    live.push([desk.adding("ann", "clinician"), desk.entry("encounter.noted", journal=clinical, by="ann")])
    assert live.page_of(clinical).end.seq == 1


def test_an_operations_desk_is_sent_no_clinical_entry(server: Server, first: Caller, call: Call) -> None:
    second = call(server, first.center, "operations").live()
    live = first.live()
    live.push([first.adding("ann", "clinician")])
    canary = first.entry("encounter.noted", journal=f"{first.center}/clinical", by="ann", body='"canary"')
    live.push([canary, first.entry()])
    page = second.page_of(f"{first.center}/operations")
    assert len(page.entries) == 1
    assert {frame.journal for frame in second.aside if isinstance(frame, Page)} == {f"{first.center}/administration"}


def test_a_desk_that_does_not_take_its_pages_is_let_go_and_others_are_not(start: Start, call: Call) -> None:
    server = start()
    first = founded(call(server, "northside", "clinical"))
    slow, quick = call(server, "northside", "operations").live(), call(server, "northside", "operations").live()
    journal = "northside/operations"
    for number in range(1, 200):
        # What cannot be packed small, so that it has to wait.
        first.push([first.entry(body=base64.b64encode(os.urandom(600_000)).decode())])
        assert quick.page_of(journal).end.seq == number
        if "slow-desk" in {event["event"] for event in server.events()}:
            break
    assert number < 199
    assert quick.beat().reads[journal].seq == number
    with pytest.raises((ConnectionClosed, AssertionError)):
        slow.next(Results)


def test_the_server_says_good_bye_and_ends_in_order(start: Start, call: Call) -> None:
    server = start()
    first = founded(call(server, "northside", "clinical"))
    live = first.live()
    assert server.stop() == 0
    bye = live.next(Bye)
    assert not bye.final
    assert bye.retry_after
