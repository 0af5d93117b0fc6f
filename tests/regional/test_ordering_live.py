"""Entries get their places from the real server, over HTTP and over a websocket."""

from tests.regional.conftest import Call
from tests.regional.desk import Caller
from tests.regional.servers import Server
from wire.messages import Verdict


def test_what_one_desk_pushes_reaches_the_other_in_order(server: Server, first: Caller, call: Call) -> None:
    second = call(server).enrolled(server.code(audience="operations"))
    assert second.all_of("northside/administration")[-1].kind == "desk.enrolled"
    pusher, reader = first.live(), second.live()
    results = pusher.push([first.entry(), first.entry(), first.entry()])
    assert [(result.verdict, result.seq) for result in results] == [("accepted", 1), ("accepted", 2), ("accepted", 3)]
    page = reader.page_of("northside/operations")
    assert (page.start.seq, page.end.seq, page.end.link) == (0, 3, results[-1].link)
    assert [entry.id for entry in page.entries] == [result.id for result in results]
    assert pusher.page_of("northside/operations").end == page.end
    assert [result.verdict for result in second.push(page.entries)] == [Verdict.HAD] * 3
    assert len(second.all_of()) == 3
