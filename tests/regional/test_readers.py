"""Whoever has to wait for a lock keeps nobody waiting who only reads."""

import asyncio
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from regional import database as databases
from regional import epochs, schema
from regional.clock import Clock
from regional.database import Database, Work
from regional.errors import Away
from regional.homes import open_database
from regional.readers import Readers


@pytest.fixture
def held(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Database]:
    """An embedded database whose write lock another process holds."""
    other = open_database("", tmp_path)
    schema.prepare(other, Clock().now())
    monkeypatch.setattr(databases, "BUSY_SECONDS", 2)
    opened = open_database("", tmp_path)
    has_it, done = threading.Event(), threading.Event()

    def hold(work: Work) -> None:
        work.run("UPDATE server SET value = value")
        has_it.set()
        done.wait()

    holding = threading.Thread(target=other.write, args=(hold,))
    holding.start()
    has_it.wait()
    yield opened
    done.set()
    holding.join()
    opened.close()
    other.close()


def test_a_held_write_lock_stops_nobody_who_reads_and_who_waits_for_it_in_line_fails_together(
    held: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    tried: list[object] = []
    write = held.write

    def counted(job: Callable[[Work], int]) -> int:
        tried.append(job)
        return write(job)

    monkeypatch.setattr(held, "write", counted)

    async def run() -> None:
        readers = Readers(held)
        writing = [
            asyncio.ensure_future(readers.write(lambda work: work.run("DELETE FROM attempt"))) for _ in range(12)
        ]
        await asyncio.sleep(0)
        assert await readers.read(epochs.current) == 1
        assert not [each for each in writing if each.done()], "it was read while all of them waited"
        outcomes = await asyncio.gather(*writing, return_exceptions=True)
        assert {type(each) for each in outcomes} == {Away}
        assert len(tried) < len(writing) / 2, "whoever stood in line did not wait anew"
        readers.close()

    asyncio.run(run())
