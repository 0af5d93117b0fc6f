"""What can happen to a desk: its home is copied, put back or full; its clock is wrong; its person loses a right."""

import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from msgspec.structs import replace

from console.clock import SystemClock
from console.errors import KnownError
from console.models.audit import AuditRecorded
from console.models.call import CallEntered
from console.models.encounter import EncounterNoted, EncounterStarted
from console.models.store import backup, exchange
from console.queries.status import desk_status
from console.sync.events import State
from console.sync.membership import membership
from console.sync.once import exchange_once
from tests.support.desk import KEY, person
from tests.support.entries import Author, at
from tests.support.region import ADMINISTRATION, CLINICAL, OPERATIONS, Region
from tests.support.sharing import SharingDesk, until
from wire.administration import UserDisabled, UserEnabled
from wire.journals import source_id
from wire.messages import Refusal


def copy_of(region: Region, desk: SharingDesk) -> tuple[SharingDesk, SharingDesk]:
    """The desk, and another one in a copy of its home; neither is connected."""
    desk.stop()
    desk.store.close()
    region.desks.remove(desk)
    copied = desk.home.with_name(f"{desk.home.name}-copied")
    shutil.copytree(desk.home, copied)
    return region.opened(desk.home), region.opened(copied)


# -- copies ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("order", ["one after the other", "both at once"])
def test_a_store_whose_counts_are_taken_is_a_copy_and_goes_on_as_a_new_device(region: Region, order: str) -> None:
    """18. A store whose counts are taken is a copy: it MUST go on as a new device, with all that has no place yet."""
    first = region.desk()
    region.work(first, 2)
    region.comes_to_rest()
    first, other = copy_of(region, first)
    device = first.store.device
    assert other.store.device == device
    region.work(first, 3)
    region.work(other, 2)
    first.start()
    if order == "one after the other":
        until(lambda: not first.waiting(), "the first copy to be sent")
    other.start()
    region.work(first, 1)
    region.work(other, 1)
    region.comes_to_rest()
    assert not first.refused()
    assert not other.refused()
    assert device != other.store.device or device != first.store.device
    assert not region.refused(), "nothing of it is left among what was refused"
    region.work(first)
    region.work(other)
    region.comes_to_rest()


def test_a_copy_that_only_wrote_to_a_journal_nobody_reads_is_found_out_as_well(region: Region) -> None:
    """18. A store whose counts are taken is a copy: it MUST go on as a new device, with all that has no place yet."""
    first, other = copy_of(region, region.desk())
    for desk in (first, other):
        region.enter(desk, "clinician", (uuid4(), AuditRecorded(at(), "journal.exported")))
        desk.start()
        until(lambda desk=desk: not desk.waiting(), "the audit to be sent")  # type: ignore[misc]
    region.comes_to_rest()
    assert first.store.device != other.store.device


def test_what_a_home_and_its_copy_both_send_is_there_once_and_needs_nobody(region: Region) -> None:
    """20. An entry that cannot be accepted MUST hold up no other: it is listed with the reason."""
    desk = region.desk(connected=False)
    (shared,) = region.enter(desk, "clinician", (uuid4(), AuditRecorded(at(), "journal.exported")))
    first, other = copy_of(region, desk)
    with other.store.write() as transaction:  # a page showed it that it is a copy, before it sent anything
        exchange.become_new_device(transaction)
    for each in (first, other):
        region.enter(each, "clinician", (uuid4(), AuditRecorded(at(), "record.opened")))
        each.start()
        until(lambda each=each: not each.waiting() and each.settled(), "the audit to be sent")  # type: ignore[misc]
    assert not first.refused()
    assert [(entry, code) for entry, code, _ in other.refused()] == [(shared, "settled")]
    found = desk_status(other.desk, person("administrator"))
    assert (found.attention, found.settled) == ((), 1)
    region.enter(other, "clinician", (uuid4(), AuditRecorded(at(), "record.opened")))
    until(lambda: not other.waiting() and other.settled(), "what comes behind it")
    assert len(other.refused()) == 1


def test_a_desk_put_back_to_an_older_state_takes_its_own_entries_back(region: Region) -> None:
    """18. A store whose counts are taken is a copy: it MUST go on as a new device, with all that has no place yet."""
    desk, aside = copy_of(region, region.desk())
    region.gone(aside)
    region.work(desk, 3)
    desk.start()
    until(lambda: not desk.waiting() and desk.settled(), "all of it to go up")
    ids = [identity for _, identity in desk.order(OPERATIONS)]
    region.gone(desk)
    again = region.opened(aside.home)
    region.work(again, 1)  # under counts that are taken
    again.start()
    until(again.settled, "everything to come back")
    region.comes_to_rest()
    assert again.holds(*ids)


def test_a_backup_that_is_restored_shares_on(region: Region, tmp_path: Path) -> None:
    desk = region.desk()
    region.work(desk)
    until(desk.settled, "rest")
    file = tmp_path / "backup.db"
    backup.backup(desk.store, file)
    region.work(desk, 2)
    until(lambda: not desk.waiting() and desk.settled(), "rest")
    region.gone(desk)
    backup.restore(desk.home, KEY, file)
    again = region.opened(desk.home)
    region.work(again)
    again.start()
    region.comes_to_rest()


# -- clocks ------------------------------------------------------------------------------------------------------------


class WrongClock(SystemClock):
    """A clock that goes, and is wrong."""

    def __init__(self, by: timedelta) -> None:
        self.by = by

    def now(self) -> datetime:
        return datetime.now(UTC) + self.by


@pytest.mark.parametrize("days", [365, -365])
def test_a_clock_a_year_off_orders_nothing_and_is_told(
    region: Region, days: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """19. No clock alone orders, refuses or drops an entry; how far a desk's is off is shown to it."""
    monkeypatch.setattr("console.sync.core.BEAT_EVERY", 0.5)
    right = region.desk()
    clock = WrongClock(timedelta(days=days))
    wrong = region.desk(clock=clock)
    for _ in range(3):
        region.work(right)
        region.work(wrong)
        clock.by = -clock.by  # it jumps as well
    region.comes_to_rest()
    until(lambda: wrong.standing and abs(wrong.standing.offset or 0) > 360 * 86_400e6, "the offset to be known")
    assert right.standing is not None
    assert abs(right.standing.offset or 0) < 60e6


# -- rights ------------------------------------------------------------------------------------------------------------


def test_what_was_written_without_the_right_is_kept_and_accepted_once_it_is_given_back(region: Region) -> None:
    """15. Refused entries MUST leave the fold, stay listed with the reason, and be offered again unchanged.

    5. A refused entry MUST be kept by the server with the reason …
    """
    first, away = region.desk(), region.desk(connected=False)
    who = person("clinician").user
    region.enter(first, "administrator", (who, UserDisabled(at())))
    call, encounter = uuid4(), uuid4()
    notes = region.enter(
        away,
        "clinician",
        (call, CallEntered("26-9", "WELFARE CHECK", "1 Main St", at())),
        (encounter, EncounterStarted(at(), "flag", call)),
        (encounter, EncounterNoted(at(), "written while nobody could know")),
    )
    until(lambda: first.settled() and not first.waiting(), "the administrator's word at the server")
    away.start()
    until(lambda: len(away.refused()) == 3, "the refusal")
    until(lambda: away.standing and away.standing.state is State.ATTENTION, "the person to be told")
    assert {code for _, code, _ in away.refused()} == {"person"}
    assert set(notes) == region.refused()
    assert set(region.read(lambda work: work.rows("SELECT refusal FROM refusal"))) == {("person",)}
    with away.store.read() as connection:
        assert connection.exec_driver_sql("SELECT 1 FROM encounter WHERE subject = ?", (encounter.bytes,)).all() == []
    region.enter(first, "administrator", (who, UserEnabled(at())))
    until(lambda: first.holds(*notes) and not away.refused(), "the notes to be accepted")
    region.comes_to_rest()
    assert not region.refused()


def test_a_single_exchange_offers_again_what_only_wanted_the_person(region: Region) -> None:
    """15. Refused entries MUST … be offered again … by the desk itself when the administration journal changes …"""
    first, away = region.desk(), region.desk(connected=False)
    who = person("clinician").user
    region.enter(first, "administrator", (who, UserDisabled(at())))
    (call,) = region.enter(away, "clinician", (uuid4(), CallEntered("26-9", "WELFARE CHECK", "1 Main St", at())))
    until(lambda: first.settled() and not first.waiting(), "the administrator's word at the server")
    with away.store.read() as connection:
        member = membership(connection)
    assert member is not None
    assert exchange_once(away.store, member, away.clock, "test").refused == 1
    region.enter(first, "administrator", (who, UserEnabled(at())))
    until(lambda: first.settled() and not first.waiting(), "the administrator's word at the server")
    assert exchange_once(away.store, member, away.clock, "test").refused == 0
    until(lambda: first.holds(call), "the call")


# -- poison ------------------------------------------------------------------------------------------------------------


def test_a_poison_entry_holds_up_no_other(region: Region) -> None:
    """20. An entry that cannot be accepted MUST hold up no other: it is listed with the reason."""
    desk, other = region.desk(connected=False), None
    good = region.work(desk, 2)
    bad: dict[UUID, str] = {}
    (first,) = region.enter(desk, "clinician", (uuid4(), AuditRecorded(at(), "a body that rots on the disk")))
    bad[first] = Refusal.BYTES
    with desk.store.write() as transaction:
        transaction.connection.exec_driver_sql("UPDATE entry SET body = '{\"rotten\":1}' WHERE id = ?", (first.bytes,))
    source = source_id("northside", "cad")
    stray = Author(center="elsewhere")
    entry = replace(stray.write(uuid4(), CallEntered("1", "WELFARE CHECK", "", at())), actor=person("clinician").user)
    forged = replace(stray.derive(uuid4(), CallEntered("2", "WELFARE CHECK", "", at())), actor=source, device=source)
    desk.store.append([entry, replace(forged, journal=OPERATIONS)])
    bad |= {entry.id: Refusal.JOURNAL, forged.id: Refusal.BYTES}
    good += region.work(desk, 2)
    desk.start()
    other = region.desk()
    until(lambda: other.holds(*[e for e in good if e in region.saved and _is_shared(desk, e)]), "the good entries")
    until(lambda: {each[0] for each in desk.refused()} == set(bad), f"the bad ones to be refused: {desk.refused()}")
    assert {identity: code for identity, code, _ in desk.refused()} == bad
    region.saved = {identity: who for identity, who in region.saved.items() if identity not in bad}
    region.comes_to_rest()


def test_a_chain_that_rots_on_the_disk_holds_up_only_what_it_proves(region: Region) -> None:
    """20. An entry that cannot be accepted MUST hold up no other: it is listed with the reason."""
    desk = region.desk(connected=False)
    calls = [(uuid4(), CallEntered(f"26-{number}", "WELFARE CHECK", "", at())) for number in range(5)]
    ids = [region.enter(desk, "clinician", call)[0] for call in calls]
    with desk.store.write() as transaction:
        transaction.connection.exec_driver_sql("UPDATE entry SET chain = ? WHERE id = ?", (bytes(32), ids[1].bytes))
        transaction.forget_recent()
    desk.start()
    until(lambda: desk.holds(ids[0], ids[3], ids[4]), "the others")
    # Which of the two was changed cannot be told: the entry, or the one whose chain goes on from it.
    until(lambda: {(each, code) for each, code, _ in desk.refused()} == {(ids[1], "bytes"), (ids[2], "bytes")}, "it")
    assert all("Its chain does not follow" in reason for *_, reason in desk.refused())
    region.comes_to_rest()


def _is_shared(desk: SharingDesk, entry: UUID) -> bool:
    with desk.store.read() as connection:
        row = connection.exec_driver_sql("SELECT journal FROM entry WHERE id = ?", (entry.bytes,)).first()
    return row is not None and row[0] in (OPERATIONS, CLINICAL, ADMINISTRATION)


# -- disk --------------------------------------------------------------------------------------------------------------


def test_a_desk_whose_disk_is_full_takes_nothing_half_and_goes_on_once_there_is_room(
    region: Region, monkeypatch: pytest.MonkeyPatch
) -> None:
    """11. … MUST get its `seq` from a page only, in the same transaction that moves the cursor."""
    monkeypatch.setattr("console.sync.link.STORE_RETRY", 0.05)
    first, full = region.desk(), region.desk()
    until(full.settled, "rest")
    raw = full.store._raw_writer()
    pages = raw.execute("PRAGMA page_count").fetchone()[0]
    raw.execute(f"PRAGMA max_page_count = {pages + 2}")
    ids = region.work(first, 40, words="long " * 200)
    until(lambda: full.standing and "full" in full.standing.says, "the disk to be full")
    with pytest.raises(KnownError, match="full"):
        region.work(full, 50, words="long " * 200)
    with full.store.read() as connection:
        for name, cursor in exchange.cursors(connection).items():
            held = list(range(cursor.floor.seq + 1, cursor.point.seq + 1))  # what is older may still be coming in
            assert [seq for seq, _ in full.order(name)] == held, "nothing half"
    raw.execute("PRAGMA max_page_count = 1000000")
    shared = [entry for entry in ids if _is_shared(first, entry)]
    until(lambda: full.holds(*shared), "the rest")
    region.comes_to_rest()
