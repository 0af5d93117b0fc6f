"""A server's answer without a server: what a desk entered gets its place, behind what others entered."""

from msgspec.structs import replace

from console.models.store import exchange, outbox
from console.models.store.desk import Desk
from wire.envelope import Entry
from wire.messages import Page, Point
from wire.order import link_after


def share(desk: Desk) -> None:
    """The desk shares from now on: all that it entered until now is confirmed at once, all later entries wait."""
    with desk.store.write() as transaction:
        exchange.begin(transaction, '{"url":"http://127.0.0.1:1","key":""}')
    confirm(desk)


def confirm(desk: Desk, *earlier: Entry) -> None:
    """Give everything that waits its place, behind ``earlier``, entries of others."""
    with desk.store.read() as connection:
        waiting = outbox.read(connection, 0, 100_000, 1 << 30).entries
        cursors = exchange.cursors(connection)
    for journal in dict.fromkeys(entry.journal for entry in (*earlier, *waiting)):
        start = cursors[journal].point if journal in cursors else exchange.BEGINNING
        point, ordered = start, []
        for entry in (*earlier, *waiting):
            if entry.journal == journal:
                ordered.append(replace(entry, seq=point.seq + 1, received_at=entry.made_at))
                point = Point(point.seq + 1, link_after(point.link, ordered[-1]))
        with desk.store.write() as transaction:
            exchange.take(transaction, Page(journal, 1, start, tuple(ordered), point, point.seq))
