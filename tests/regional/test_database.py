"""The database of a server, whichever it is: what stands in the way of a job is said, and said as what it is."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from regional.database import Database, Work
from regional.errors import Away
from tests.support.sharing import until


def test_who_finds_no_connection_free_is_told_to_try_again(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    pool = database._writer.pool
    monkeypatch.setattr(pool, "_timeout", 0.05)
    done = threading.Event()

    def held(_: Work) -> bool:
        return done.wait(20)

    with ThreadPoolExecutor() as threads:
        try:
            stuck = [threads.submit(database.write, held) for _ in range(pool.size())]  # type: ignore[attr-defined]
            until(lambda: pool.checkedout() == len(stuck), "every connection to be at work")  # type: ignore[attr-defined]
            with pytest.raises(Away) as away:
                database.write(lambda work: work.run("UPDATE server SET value = value"))
        finally:
            done.set()
        assert all(each.result() for each in stuck)
    assert (away.value.status, away.value.retry_after, away.value.held) == (503, 2.0, True)
    assert database.failing.now is None
