"""What happens to a PostgreSQL in the middle of a push: a backend ends, somebody else's transaction does not."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest

from tests.regional.conftest import Call, Start, founded
from tests.support.sharing import until
from wire.frames import plain
from wire.messages import Push

CENTER = "northside"


def waiting_for_a_lock(connection: psycopg.Connection) -> list[int]:
    """The backends of this database that do."""
    rows = connection.execute(
        "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
    )
    return [row[0] for row in rows]


@pytest.mark.parametrize("table", ["entry", "journal", "device_head"])
def test_a_backend_that_is_terminated_at_any_step_of_a_push_leaves_nothing_of_it_and_it_is_made_again(
    start: Start, call: Call, postgres: Callable[[], str], table: str
) -> None:
    """2. The server MUST NOT answer a push before what it says is durable."""
    address = postgres()
    desk = founded(call(start(address), CENTER, "clinical"))
    before = desk.push([desk.entry()])
    entries = [desk.entry(), desk.entry()]
    with ThreadPoolExecutor(1) as aside, psycopg.connect(address, autocommit=True) as operator:
        with psycopg.connect(address) as holding:
            holding.execute(f"LOCK TABLE {table} IN SHARE MODE".encode())  # whoever writes to it waits
            answer = aside.submit(desk.request, "push", plain(Push(1, tuple(entries))))
            until(lambda: waiting_for_a_lock(operator), "the push to have come so far")
            (backend,) = waiting_for_a_lock(operator)
            operator.execute("SELECT pg_terminate_backend(%s)", (backend,))
            until(lambda: backend not in waiting_for_a_lock(operator), "the backend to be gone")
            assert [each.id for each in desk.all_of()] == [each.id for each in before]
        assert answer.result().status_code in (200, 503), "made again by the server, or by the desk"
    assert {result.verdict for result in desk.push(entries)} <= {"accepted", "had"}
    assert [each.n for each in desk.all_of()] == [1, 2, 3]


def test_a_center_whose_journal_somebody_holds_stops_no_other_at_the_same_server(
    start: Start, call: Call, postgres: Callable[[], str]
) -> None:
    """Nobody waits for what another center has locked for longer than the server waits for a lock."""
    address = postgres()
    server = start(address)
    one, two = founded(call(server, "one", "clinical")), founded(call(server, "two", "clinical"))
    one.push([one.entry()])
    stuck = one.entry()
    with ThreadPoolExecutor(1) as aside, psycopg.connect(address, autocommit=True) as operator:
        with psycopg.connect(address) as hanging:
            hanging.execute("SELECT * FROM journal WHERE journal = 'one/operations' FOR UPDATE")
            for _ in range(2):
                answer = aside.submit(one.request, "push", plain(Push(1, (stuck,))))
                until(lambda: waiting_for_a_lock(operator), "the push of the one center to wait")
                assert [result.verdict for result in two.push([two.entry()])] == ["accepted"]
                assert answer.result().status_code == 503
            assert len(two.all_of()) == 2
        assert [result.verdict for result in one.push([stuck])] == ["accepted"]
