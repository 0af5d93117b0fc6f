"""What the store takes from a server and gives back: pages, refusals, and what a server lost.

Every function here is a whole step inside one write transaction: the entries, what is folded from them, the outbox and
the cursor move together or not at all, so that a cursor never stands behind what is stored.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from msgspec.structs import replace
from sqlalchemy import Connection

from console.models.store import outbox
from console.models.store.engine import execute, in_parts
from console.models.store.journal import COLUMNS, from_row
from console.models.store.store import Store, set_fact
from console.models.store.transaction import Transaction
from wire.envelope import GENESIS, Entry, body_digest, chain_value, envelope_bytes, from_micros, uuid7
from wire.journals import Audience, audience_of
from wire.messages import Page, Point, Refusal, Result, Verdict
from wire.order import START, link_after, link_at_end

SHARES, EPOCH, JOINING, AUDIENCE, PROVIDER, SAID = "shares", "epoch", "joining", "audience", "provider", "said"
BEGINNING = Point(0, START)


class Cursor(NamedTuple):
    """What this desk holds of a journal's order: every entry behind ``floor`` up to ``point``."""

    point: Point
    floor: Point


class Diverged(Exception):
    """A page shows other entries than this desk holds, or is not what its own links say. The text says where."""

    def __init__(self, page: Page, seq: int) -> None:
        super().__init__(
            f"{page.journal}: what the server shows as entry {seq:,} is not what was ordered there, or not what this "
            "desk holds. Nothing of it was taken. Tell the server's operator."
        )


def clinical_owners(connection: Connection) -> set[str]:
    """Whose clinical record some of is here, by short name."""
    rows = connection.exec_driver_sql("SELECT DISTINCT journal FROM entry").scalars()
    return {name.rpartition("/")[0] for name in rows if audience_of(name) is Audience.CLINICAL}


def keep_joining(transaction: Transaction, server: str) -> None:
    """Note as whom this desk is about to join: when the answer is lost, it asks again with the same key."""
    set_fact(transaction.connection, JOINING, server)


def begin(transaction: Transaction, server: str, *, clinical: bool = True, provider: str = "") -> None:
    """This desk shares with ``server`` from now on, enrolled for this audience: everything it made goes up.

    ``provider`` is whose clinical record is kept in the center, "" where no desk has founded it at the server yet. A
    desk that joins again goes on in the epoch it knows: what it holds of an order is compared with the server's.
    """
    if not transaction.shares:
        set_fact(transaction.connection, EPOCH, "0")
    set_fact(transaction.connection, SHARES, server)
    set_fact(transaction.connection, JOINING, "")
    set_fact(transaction.connection, SAID, "")
    set_fact(transaction.connection, AUDIENCE, (Audience.CLINICAL if clinical else Audience.OPERATIONS).value)
    set_fact(transaction.connection, PROVIDER, provider)
    transaction.clinical, transaction.provider = clinical, provider
    transaction.shares = True
    outbox.fill(transaction.connection)


def epoch(connection: Connection) -> int:
    """The epoch of the server's history that the cursors are about; 0 before the first."""
    return int(Store.fact(connection, EPOCH) or 0)


def cursors(connection: Connection) -> Mapping[str, Cursor]:
    """The cursor of every journal of which this desk holds an order."""
    rows = execute(connection, "SELECT journal, seq, link, floor, floor_link FROM cursor")
    return {row[0]: Cursor(Point(row[1], row[2]), Point(row[3], row[4])) for row in rows}


def whole_from(connection: Connection) -> datetime | None:
    """The moment from which this desk holds all of every journal it follows; None where it holds all from the start.

    By the server's clock: when it took the oldest entry that is here without the one before it.
    """
    found = None
    for name, cursor in cursors(connection).items():
        if not cursor.floor.seq or cursor.floor == cursor.point:
            continue  # whole, or nothing of it was sent yet, or it is only written here
        row = connection.exec_driver_sql(
            "SELECT received_at FROM entry WHERE journal = ? AND seq = ?", (name, cursor.floor.seq + 1)
        ).first()
        if row is not None and row[0] is not None and (found is None or row[0] > found):
            found = int(row[0])
    return None if found is None else from_micros(found)


def set_cursor(transaction: Transaction, name: str, point: Point, floor: Point) -> None:
    """Where this desk stands in a journal."""
    execute(
        transaction.connection,
        "INSERT INTO cursor (journal, seq, link, floor, floor_link) VALUES (?, ?, ?, ?, ?) "
        "ON CONFLICT (journal) DO UPDATE SET seq = excluded.seq, link = excluded.link, floor = excluded.floor, "
        "floor_link = excluded.floor_link",
        (name, point.seq, point.link, floor.seq, floor.link),
    )


def take(transaction: Transaction, page: Page) -> Cursor:
    """Take the entries of a page that follow what is held; returns where this desk stands then.

    A page that lies behind, or leaves a gap, changes nothing. Raises :class:`Diverged`.
    """
    held = cursors(transaction.connection).get(page.journal, Cursor(BEGINNING, BEGINNING))
    if page.start.seq > held.point.seq or page.end.seq <= held.point.seq:
        return held
    point, fresh = page.start, []
    for entry in page.entries:
        if point.seq == held.point.seq and point.link != held.point.link:
            raise Diverged(page, point.seq)
        if entry.seq != point.seq + 1 or entry.journal != page.journal or not _is_written(entry):
            raise Diverged(page, point.seq + 1)
        if point.seq >= held.point.seq:
            fresh.append(entry)
        point = Point(entry.seq, link_after(point.link, entry))
    if point != page.end:
        raise Diverged(page, page.end.seq)
    _store(transaction, fresh, page)
    set_cursor(transaction, page.journal, point, held.floor)
    return Cursor(point, held.floor)


def take_older(transaction: Transaction, page: Page) -> Cursor:
    """Take entries that come right before what is held; one that does not fit changes nothing."""
    held = cursors(transaction.connection)[page.journal]
    if page.end != held.floor:
        return held
    if link_at_end(page.start.link, page.entries) != held.floor.link or not all(map(_is_written, page.entries)):
        raise Diverged(page, page.end.seq)
    _store(transaction, page.entries, page)
    set_cursor(transaction, page.journal, held.point, page.start)
    return Cursor(held.point, page.start)


def settle(transaction: Transaction, entries: Sequence[Entry], results: Sequence[Result], reads: Iterable[str]) -> None:
    """Note what became of what was pushed: refusals, and places that no page will tell.

    Those are the places in journals that this desk does not read, and behind where it holds one. Everything else gets
    its place from a page. A page that was taken since may have made this desk another device: what the server ordered
    stands as it was sent then, and what it refused is sent anew.
    """
    read = frozenset(reads)
    by_id = {entry.id: entry for entry in entries}
    refused = {each.id for each in results if each.verdict is Verdict.REFUSED and each.refusal is not Refusal.FORK}
    copies = _copies(transaction.connection, [entry for entry in entries if entry.id in refused])
    held = dict(cursors(transaction.connection))
    # What a server does not know yet counts here meanwhile, and so does all of its act.
    unknown = {by_id[each.id].act for each in results if each.refusal is Refusal.KIND and each.id in by_id}
    ordered: list[Entry] = []
    for result in results:
        entry = by_id.get(result.id)
        if entry is None:
            continue
        if result.refusal is Refusal.SETTLED and None not in (entry.seq, entry.n) and entry.journal in read:
            continue  # it was put back, and stays part of the record until a page brings it as it was counted anew
        if entry.id in copies and copies[entry.id].is_of(entry):
            code = Refusal.KIND if entry.act in unknown else result.refusal or Refusal.RIGHT
            transaction.refuse(entry.id, result.reason, code=code.value)
        elif result.seq is not None and result.link is not None:
            cursor = held.get(entry.journal)
            if entry.journal not in read:
                if cursor is None or cursor.point.seq < result.seq:
                    point = Point(result.seq, result.link)
                    held[entry.journal] = Cursor(point, point)
                    set_cursor(transaction, entry.journal, point, point)
            elif cursor is None or result.seq > cursor.floor.seq:
                continue  # a page brings it, or brought it
            ordered.append(replace(entry, seq=result.seq, received_at=result.received_at))
    _store(transaction, ordered)


class _Copy(NamedTuple):
    """What is here under the id of an entry that a server speaks of."""

    place: int
    device: bytes
    n: int | None
    digest: bytes
    chain: bytes | None
    envelope: bytes = b""
    """Where no chain covers it: two versions of the program may say otherwise what a source wrote."""

    def is_of(self, entry: Entry) -> bool:
        """Whether it is that entry, byte for byte."""
        if (self.digest, self.chain) != (entry.digest, entry.chain):
            return False
        return self.chain is not None or self.envelope == envelope_bytes(entry)


def _copies(connection: Connection, entries: Sequence[Entry]) -> dict[UUID, _Copy]:
    """What is here under the ids of ``entries``."""
    held: dict[UUID, _Copy] = {}
    for part, marks in in_parts(entry.id for entry in entries):
        columns = "id, place, device, n, digest, chain"
        for identity, *copy in execute(connection, f"SELECT {columns} FROM entry WHERE id IN ({marks})", part):
            held[UUID(bytes=identity)] = _Copy(*copy)
    for part, marks in in_parts(identity for identity, copy in held.items() if copy.chain is None):
        for row in execute(connection, f"SELECT {COLUMNS} FROM entry WHERE id IN ({marks})", part):
            here = from_row(row)
            held[here.id] = held[here.id]._replace(envelope=envelope_bytes(here))
    return held


def offer_again(transaction: Transaction, codes: Iterable[Refusal] | None = None) -> int:
    """Offer what was refused for one of these reasons again, or all of it; returns how many entries."""
    wanted = None if codes is None else {code.value for code in codes}
    rows = transaction.connection.exec_driver_sql("SELECT id, refusal FROM entry WHERE refused IS NOT NULL").all()
    again = [UUID(bytes=row[0]) for row in rows if wanted is None or row[1] in wanted]
    for identity in again:
        transaction.offer_again(identity)
    return len(again)


def links(connection: Connection, name: str, wanted: Iterable[int], known: Point | None = None) -> dict[int, bytes]:
    """The links at these places, worked out from what is stored; places this desk does not hold are left out.

    Everything from the first place on is read, or, where the link of a place before them is ``known``, from there on.
    """
    held = cursors(connection).get(name)
    if held is None:
        return {}
    start = known if known is not None and known.seq >= held.floor.seq else held.floor
    places = {seq for seq in wanted if start.seq <= seq <= held.point.seq}
    found = {start.seq: start.link} if start.seq in places else {}
    if not places:
        return {}
    link = start.link
    rows = connection.exec_driver_sql(
        f"SELECT {COLUMNS} FROM entry WHERE journal = ? AND seq > ? AND seq <= ? ORDER BY seq",
        (name, start.seq, max(places)),
    )
    for row in rows:
        entry = from_row(row)
        link = link_after(link, entry)
        if entry.seq in places:
            found[entry.seq] = link
    return found


def put_back(transaction: Transaction, name: str, last: Point) -> int:
    """The server has lost what stands behind ``last``: all of it is to be sent, and keeps its rank until then."""
    connection = transaction.connection
    waited = outbox.subjects(connection, name)
    connection.exec_driver_sql(
        "UPDATE entry SET former = seq, seq = NULL, received_at = NULL WHERE journal = ? AND seq > ?", (name, last.seq)
    )
    changed = int(connection.exec_driver_sql("SELECT changes()").scalar_one())
    held = cursors(connection).get(name)
    floor = held.floor if held is not None and held.floor.seq < last.seq else last
    set_cursor(transaction, name, last, floor)
    outbox.fill(connection)
    transaction.refold(waited)  # what waited already and is put back stands by its former place among the rest
    return changed


def new_epoch(transaction: Transaction, number: int, written_only: Iterable[str]) -> None:
    """Go on in a new epoch of the server: offer again what was refused, and all of journals that are only written."""
    for name in written_only:
        put_back(transaction, name, BEGINNING)
    offer_again(transaction)
    set_fact(transaction.connection, EPOCH, str(number))


def become_new_device(transaction: Transaction, others: Iterable[UUID] = ()) -> None:
    """Counts of this store are taken: what has no place yet is counted and chained under a new device, and offered.

    That is all of this store's own device, and all of ``others``: devices of its former days, or of other desks whose
    entries a server lost, that made another history since. The entries keep their ids, so that one which somebody else
    sent already is the same act of the same person, and keep the rank they had.
    """
    connection = transaction.connection
    devices, new = {transaction.device, *others}, uuid7()
    offer_again(transaction)
    marks = ", ".join("?" * len(devices))
    rows = connection.exec_driver_sql(
        f"SELECT {COLUMNS} FROM entry WHERE device IN ({marks}) AND n IS NOT NULL AND seq IS NULL ORDER BY place",
        tuple(device.bytes for device in devices),
    ).all()
    heads: dict[str, tuple[int, bytes]] = {}
    for row in rows:
        entry = from_row(row)
        count, previous = heads.get(entry.journal, (0, GENESIS))
        moved = replace(entry, device=new, n=count + 1, chain=None)
        chain = chain_value(previous, moved)
        heads[entry.journal] = (count + 1, chain)
        connection.exec_driver_sql(
            "UPDATE entry SET device = ?, n = ?, chain = ? WHERE id = ?", (new.bytes, count + 1, chain, entry.id.bytes)
        )
    set_fact(connection, "device", str(new))
    transaction.device = new
    transaction.forget_recent()
    transaction.refold({from_row(row).subject for row in rows})


def _is_written(entry: Entry) -> bool:
    """Whether the body is the one whose digest the link covers; an erased one has none to compare."""
    return entry.body is None or body_digest(entry.salt, entry.body) == entry.digest


def _store(transaction: Transaction, entries: Sequence[Entry], page: Page | None = None) -> None:
    """Append ordered entries. What a server ordered stands, byte for byte, in place of another copy of the same id.

    Raises :class:`Diverged` for a page that has somebody say something else under an id than they did here.
    """
    connection = transaction.connection
    held = _copies(connection, entries)
    same: list[Entry] = []
    other: list[Entry] = []
    for entry in entries:
        (same if entry.id in held and held[entry.id].is_of(entry) else other).append(entry)
    forked = _whose_counts_are_taken(connection, [entry for entry in other if entry.id not in held])
    replaced: set[UUID] = set()
    for entry in other:
        if (copy := held.get(entry.id)) is not None:
            replaced.add(entry.subject)
            if copy.n is not None:  # a count that nothing has any more would hold up those behind it
                if page is not None and not _says_the_same(connection, entry):
                    raise Diverged(page, entry.seq or 0)
                forked.add(UUID(bytes=copy.device))
            outbox.take_out(connection, [copy.place])
            connection.exec_driver_sql("DELETE FROM entry WHERE id = ?", (entry.id.bytes,))
            transaction.forget_recent()
    transaction.append(same)
    if forked and (transaction.device in forked or forked & _unplaced(connection)):
        become_new_device(transaction, forked)
    transaction.append(other)
    transaction.refold(replaced)  # the record still knew what was there before


def _says_the_same(connection: Connection, entry: Entry) -> bool:
    """Whether an entry says what the copy here says, however it is counted; one that rotted here says nothing."""
    row = execute(connection, f"SELECT {COLUMNS} FROM entry WHERE id = ?", (entry.id.bytes,)).fetchone()
    here = from_row(row)
    as_here = replace(entry, device=here.device, n=here.n)
    return not _is_written(here) or (envelope_bytes(as_here), as_here.digest) == (envelope_bytes(here), here.digest)


def _whose_counts_are_taken(connection: Connection, entries: Sequence[Entry]) -> set[UUID]:
    """The devices of those entries, none of which is here, whose count another one has here that has no place."""
    found: set[UUID] = set()
    if outbox.all_have_places(connection):
        return found
    counted = [entry for entry in entries if entry.n is not None]
    for start in range(0, len(counted), 250):
        part = [(entry.journal, entry.device.bytes, entry.n) for entry in counted[start : start + 250]]
        marks = ", ".join(["(?, ?, ?)"] * len(part))
        rows = execute(
            connection,
            f"WITH count (j, d, k) AS (VALUES {marks}) SELECT DISTINCT d FROM count "
            "CROSS JOIN entry ON journal = j AND device = d AND n = k WHERE n IS NOT NULL AND seq IS NULL",
            tuple(value for each in part for value in each),
        )
        found |= {UUID(bytes=row[0]) for row in rows}
    return found


def _unplaced(connection: Connection) -> set[UUID]:
    """The devices that made what has no place here."""
    rows = connection.exec_driver_sql("SELECT DISTINCT device FROM entry WHERE seq IS NULL AND n IS NOT NULL")
    return {UUID(bytes=row[0]) for row in rows}
