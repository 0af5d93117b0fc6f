"""The database of a server, whichever it is: what stands in the way of a job is said, and said as what it is."""

import asyncio
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest
from msgspec.structs import replace

from regional import rows, schema
from regional.clock import Clock
from regional.database import Database, Work, open_postgres
from regional.errors import Away
from regional.service import Service
from tests.regional.desk import Writing
from tests.support.sharing import until
from wire.messages import Point


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


def test_what_a_full_disk_says_shows_no_row(postgres: Callable[[], str]) -> None:
    address = postgres()
    database = open_postgres(address)
    schema.prepare(database, Clock().now())
    with psycopg.connect(address) as connection:  # nothing else can fill the disk of a shared machine
        full = "BEGIN RAISE 'no space left' USING ERRCODE = 'disk_full'; END"
        connection.execute(f"CREATE FUNCTION fails() RETURNS trigger LANGUAGE plpgsql AS $${full}$$".encode())
        connection.execute("CREATE TRIGGER fails BEFORE INSERT ON entry FOR EACH ROW EXECUTE FUNCTION fails()")
    author = Writing()
    new = [rows.to_row(replace(author.entry(), seq=n, received_at=1), bytes(32)) for n in range(1, 41)]
    with pytest.raises(Away) as away:
        database.write(lambda work: work.insert("entry", rows.COLUMNS, new))
    database.close()
    assert away.value.detail == "DiskFull: no space left"


def test_who_writes_at_every_turn_keeps_its_connection_until_something_fails(database: Database) -> None:
    seen: list[object] = []

    def job(work: Work) -> None:
        seen.append(work.connection)

    def fails(work: Work) -> None:
        job(work)
        raise KeyError

    database.write(job, again=True)
    database.write(job)
    with pytest.raises(KeyError):
        database.write(fails, again=True)
    database.write(job, again=True)
    first, others, same, fresh = seen
    assert first is same
    assert fresh is not first
    assert others is not first


def test_what_has_doubled_is_counted_anew_so_that_no_plan_for_a_few_entries_outlasts_them(
    postgres: Callable[[], str],
) -> None:
    address, author, many = postgres(), Writing(), 3_000
    database = open_postgres(address)
    schema.prepare(database, Clock().now())
    journal = author.entry().journal
    new = [rows.to_row(replace(author.entry(), seq=n, received_at=1), bytes(32)) for n in range(1, many + 1)]

    def fill(work: Work) -> None:
        work.insert("entry", rows.COLUMNS, new)
        work.run("INSERT INTO journal (journal, head, link) VALUES (?, ?, ?)", (journal, many, bytes(32)))

    async def look() -> None:
        service = Service(database, Clock())
        service.start()
        service.hub.points[journal] = Point(many, bytes(32))
        await service.look_around()
        await service.stop()

    database.write(fill)
    asyncio.run(look())
    with psycopg.connect(address) as connection:
        (counted,) = connection.execute("SELECT reltuples FROM pg_class WHERE relname = 'entry'").fetchone() or (0,)
    assert counted == many
