"""What screens ask again and again must find its rows by an index, however large the journal has grown."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import event

from console.models.sign_in import SignIn
from console.models.store import attention
from console.models.store.desk import Desk
from console.queries.advice import waiting_advice
from console.queries.alarms import alarms
from console.queries.board import NO_SOURCE, View, board
from console.queries.center import read_center
from console.sync.status import status
from tests.support.confirming import share
from tests.support.desk import person
from wire.journals import Audience

GROWS = ("entry", "call", "encounter", "assessment", "referral", "sheet", "audit")
"""Tables that hold more every day. All others hold what a center is: people, desks, settings."""
WHOLE_INDEXES = ("ix_call_open", "ix_entry_refused", "ix_encounter_open")
"""Partial indexes that hold the few rows which still ask for somebody: these may be read from end to end."""

ASKED: dict[str, Callable[[Desk, SignIn], Any]] = {
    "flagged": lambda desk, sign_in: board(desk, sign_in, View.FLAGGED),
    "open": lambda desk, sign_in: board(desk, sign_in, View.OPEN, "elm"),
    "recent": lambda desk, sign_in: board(desk, sign_in, View.RECENT),
    "alarms": lambda desk, sign_in: alarms(desk, sign_in, NO_SOURCE),
    "advice": waiting_advice,
    "center": lambda desk, sign_in: read_center(desk),
    "server": lambda desk, sign_in: status(desk),
    "attention": lambda desk, sign_in: _attention(desk),
}


def _attention(desk: Desk) -> None:
    with desk.store.read() as connection:
        attention.newest(connection, 100, tuple(Audience))
        attention.count(connection, tuple(Audience))


@contextmanager
def statements(desk: Desk) -> Iterator[list[str]]:
    """What is asked of the store meanwhile, as the driver runs it, values and all."""
    asked: list[str] = []

    def note(connection: Any, *_: Any) -> None:
        connection.set_trace_callback(asked.append)

    with desk.store.read() as connection:
        engine = connection.engine
    event.listen(engine, "checkout", note)
    try:
        yield asked
    finally:
        event.remove(engine, "checkout", note)


@pytest.mark.parametrize("name", ASKED)
def test_no_table_that_grows_is_read_from_end_to_end(desk: Desk, name: str) -> None:
    share(desk)
    with statements(desk) as asked:
        ASKED[name](desk, person("clinician"))
    selects = [statement for statement in asked if statement.lstrip().startswith("SELECT")]
    assert selects
    with desk.store.read() as connection:
        for statement in selects:
            plan = [row[3] for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}")]
            for step in plan:
                scanned = re.match(r"SCAN (\w+)(?: USING (?:COVERING )?INDEX (\w+))?", step)
                if scanned and scanned[1] in GROWS:
                    ordered_and_limited = "LIMIT" in statement and scanned[2] == "ix_call_touched_at"
                    assert scanned[2] in WHOLE_INDEXES or ordered_and_limited, (statement, plan)
