"""Entries that a desk keeps for another one, whose counts that other one gave to something else in the meantime."""

from collections.abc import Iterator
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from msgspec.structs import replace

from console.actions.acting import acting
from console.models.audit import AuditRecorded
from console.models.call import CallEntered
from console.models.store import attention, exchange, outbox
from console.sync.events import Entered
from tests.support.desk import person
from tests.support.entries import named
from tests.support.simulation import Simulation
from tests.support.truths import AUDIT, ON_CLINICAL, SimDesk
from wire.envelope import GENESIS, Entry, chain_value
from wire.messages import Result, Verdict
from wire.order import START, link_after


@pytest.fixture
def calm(tmp_path: Path) -> Iterator[Simulation]:
    """Three desks, in fine weather."""
    simulation = Simulation(tmp_path, 7)
    simulation.calm = True
    simulation.run(5)
    yield simulation
    simulation.close()


def take_call(simulation: Simulation, desk: SimDesk, number: str) -> Entry:
    """A dispatcher enters a call at the desk."""
    with acting(desk.desk, person("dispatcher")) as act:
        act.add(named("call", number), CallEntered(number, "WELFARE CHECK", "100 Main St", desk.desk.clock.now()))
    (entry,) = (each for each in Simulation.entries(desk) if each.subject == named("call", number))
    simulation.oracle[entry.id] = entry
    simulation.step(desk, Entered())
    return entry


def at_desk(desk: SimDesk, identity: UUID) -> Entry:
    """The entry as the desk has it."""
    return next(each for each in Simulation.entries(desk) if each.id == identity)


@pytest.mark.parametrize("other_history", ["ordered", "refused"])
def test_what_others_kept_of_a_desk_that_made_another_history_is_counted_anew(
    calm: Simulation, other_history: str
) -> None:
    """18. Whose counts they are makes no difference.

    18. … MUST count all of that author's entries that have no place under its new device, too …
    """
    author, keeper = calm.desks[1], calm.desks[0]
    take_call(calm, author, "before")
    calm.run(5)
    calm.back_up(author)
    backup = calm.server.backup()
    kept = [take_call(calm, author, f"kept {number}") for number in range(3)]
    calm.run(5)
    assert all(at_desk(keeper, entry.id).seq for entry in kept)

    calm.away = {desk.name for desk in calm.desks if desk is not author}
    calm.set_back(backup)
    calm.put_back(author)
    if other_history == "refused":
        calm.change_rights()  # the server keeps the count, and has no page that shows it
    other = take_call(calm, author, "other")
    assert (other.device, other.n) == (kept[0].device, kept[0].n)
    calm.run(10)

    calm.away = set()
    calm.run(30)
    assert calm.server.kept.places.keys() >= {entry.id for entry in kept} or other_history == "refused"
    calm.heal()
    calm.check_always()
    calm.check_end()
    placed = [at_desk(keeper, entry.id) for entry in kept]
    assert [(entry.body, entry.actor, entry.made_at) for entry in placed] == [
        (entry.body, entry.actor, entry.made_at) for entry in kept
    ]
    assert author.desk.store.device not in {entry.device for entry in placed}
    assert at_desk(author, other.id).device == other.device


@pytest.mark.parametrize("verdict", [Verdict.ACCEPTED, Verdict.REFUSED])
def test_an_answer_that_comes_when_a_page_has_made_the_desk_another_device_is_about_what_was_sent(
    calm: Simulation, verdict: Verdict
) -> None:
    """18. … what the server ordered stands, what a person did is kept."""
    store = calm.desks[0].desk.store
    with acting(calm.desks[0].desk, person("clinician")) as act:
        for _ in range(2):
            act.add(uuid4(), AuditRecorded(act.now, "record.opened", about=named("call", "x")))
    sent = [entry for entry in Simulation.entries(calm.desks[0]) if entry.journal == AUDIT]
    with store.write() as transaction:
        exchange.become_new_device(transaction)
    link = link_after(START, replace(sent[0], seq=1))
    answer = Result(sent[0].id, verdict, *((1, 1, link) if verdict is Verdict.ACCEPTED else ()), reason="no")
    with store.write() as transaction:
        exchange.settle(transaction, sent, [answer], ON_CLINICAL)
    here = [at_desk(calm.desks[0], entry.id) for entry in sent]
    with store.read() as connection:
        assert attention.counts(connection)[0] == 0
        waiting = [entry.id for entry in outbox.read(connection, 0, 9, 10_000).entries]
    if verdict is Verdict.ACCEPTED:
        assert here[0] == replace(sent[0], seq=1, received_at=1)
        assert (here[1].n, here[1].device, waiting) == (1, store.device, [sent[1].id])
    else:
        assert [entry.n for entry in here] == [1, 2]
        assert waiting == [entry.id for entry in sent], "under the new device nobody was refused anything"
    assert here[1].chain == chain_value(GENESIS if verdict is Verdict.ACCEPTED else here[0].chain or b"", here[1])
