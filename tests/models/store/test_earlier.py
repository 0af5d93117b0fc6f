"""The columns that earlier contacts are found by: a fold of the journal like the rest of the record."""

import shutil
from datetime import timedelta
from pathlib import Path

from console.models.call import CallPictured
from console.models.sign_in import SignIn
from console.models.store import earlier, rebuild
from console.models.store.desk import Desk
from console.models.store.engine import DATABASE
from console.models.store.store import Store
from console.queries.workspace import workspace
from tests.models.store.released import FOLDER
from tests.models.store.released import KEY as RELEASED_KEY
from tests.support.clock import FixedClock
from tests.support.desk import Cad, record_of
from tests.support.entries import Author, at, named
from tests.support.old_calls import sweep
from tests.support.past_contacts import contact


def test_a_rebuild_finds_and_mends_keys_that_are_not_what_was_said(desk: Desk, cad: Cad, clinician: SignIn) -> None:
    call, encounter = contact(cad, clinician, "26-1", callback="206-555-0142", name="Teo Brandt", born="1987-03-02")
    before = record_of(desk.store)
    assert rebuild.rebuild(desk.store).same
    with desk.store.write() as transaction:
        transaction.connection.exec_driver_sql("UPDATE call SET callback = '5550100'")
        transaction.connection.exec_driver_sql("UPDATE encounter SET name = NULL, born = '1990-01-01'")
    report = rebuild.rebuild(desk.store)
    assert {(each.subject, each.says) for each in report.differences} == {
        (call, "it differed in callback"),
        (encounter, "it differed in name, born"),
    }
    assert record_of(desk.store) == before


def test_calls_of_an_older_program_are_found_once_they_were_folded_anew(home: Path) -> None:
    shutil.copy(FOLDER / "0003.db", home / DATABASE)
    (home / DATABASE).chmod(0o600)
    with Store.open(home, RELEASED_KEY) as store:
        author, call = Author("older"), named("a call of the older program")
        rows = store.append([author.derive(call, CallPictured("cad", at(), "26-1", "X", at(), callback="2065550142"))])
        assert rows
        with store.write() as transaction:
            transaction.connection.exec_driver_sql("UPDATE call SET callback = NULL, fold = fold - 1")
        assert found(store) == []
        rebuild.refold_outdated(store)
        assert found(store) == [call]


def test_a_call_past_the_horizon_is_not_found_and_one_that_was_worked_on_is(
    desk: Desk, cad: Cad, clinician: SignIn, clock: FixedClock
) -> None:
    cad.call("26-1", callback="206-555-0142", closed=True)
    clock.advance(60)
    worked, _ = contact(cad, clinician, "26-2", callback="206-555-0142")
    clock.advance(timedelta(days=150).total_seconds())
    call, _ = contact(cad, clinician, "26-3", callback="206-555-0142")
    page = workspace(desk, clinician, call)
    assert page.earlier is not None
    assert page.earlier.count == 2
    assert sweep(desk) == 1
    page = workspace(desk, clinician, call)
    assert page.earlier is not None
    assert [each.contact for each in page.earlier.contacts] == [worked]


def found(store: Store) -> list[object]:
    with store.read() as connection:
        return list(earlier.by_callback(connection, "2065550142", at(10), 10)[0])
