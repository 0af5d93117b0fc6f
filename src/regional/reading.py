"""Reading journals back: pages by cursor or before a place, links for a probe, where journals end."""

from collections.abc import Iterable, Sequence

from regional import rows
from regional.database import Work
from wire.frames import plain
from wire.messages import FRAME_LIMIT, Page, Point
from wire.order import START, Link

PAGE_BYTES = FRAME_LIMIT // 4
"""Bytes of bodies in one page, unless one entry alone is larger."""


def heads(work: Work, journals: Iterable[str]) -> dict[str, Point]:
    """Where each journal ends; one that holds nothing yet ends at its start."""
    found = {name: Point(0, START) for name in journals}
    if found:
        condition, values = work.within("journal", sorted(found))
        for name, head, link in work.rows(f"SELECT journal, head, link FROM journal WHERE {condition}", values):
            found[name] = Point(head, link)
    return found


def point(work: Work, journal: str, seq: int) -> Point | None:
    """The place ``seq`` with its link, None when the journal does not reach it."""
    if seq == 0:
        return Point(0, START)
    if seq >= 2**63:
        return None
    row = work.row("SELECT link FROM entry WHERE journal = ? AND seq = ?", (journal, seq))
    return Point(seq, row[0]) if row else None


def page_after(work: Work, journal: str, epoch: int, after: int, limit: int, *, asked: bool = True) -> Page:
    """The entries behind ``after``. Behind the journal's end, an empty page that starts and ends there."""
    head = heads(work, [journal])[journal]
    start = point(work, journal, after)
    if start is None or after >= head.seq:
        return Page(journal, epoch, head, (), head, head.seq, asked)
    return _fitting(journal, epoch, start, rows.after(work, journal, after, limit), head, asked)


def page_before(work: Work, journal: str, epoch: int, before: int, limit: int) -> Page:
    """The last entries in front of ``before``, in order."""
    head = heads(work, [journal])[journal]
    before = min(before, head.seq + 1)
    first = max(0, before - 1 - limit)
    found = [each for each in rows.after(work, journal, first, limit) if (each.entry.seq or 0) < before]
    return _fitting(journal, epoch, point(work, journal, first) or head, found, head, True, newest=True)


def _fitting(
    journal: str, epoch: int, start: Point, found: list[rows.Placed], head: Point, asked: bool, *, newest: bool = False
) -> Page:
    """A page of as many of ``found`` as may travel in one frame: the first ones, or with ``newest`` the last."""
    while True:
        end = Point(found[-1].entry.seq or 0, found[-1].link) if found else start
        page = Page(journal, epoch, start, tuple(each.entry for each in found), end, head.seq, asked)
        size = sum(len(each.entry.body or "") + 400 for each in found)
        if len(found) < 2 or (size <= PAGE_BYTES and (size < FRAME_LIMIT // 8 or len(plain(page)) <= FRAME_LIMIT)):
            return page
        half = len(found) // 2
        if newest:
            start = Point(found[half - 1].entry.seq or 0, found[half - 1].link)
            found = found[half:]
        else:
            found = found[:half]


def links(work: Work, journal: str, seqs: Sequence[int]) -> dict[int, Link]:
    """The links at those of ``seqs`` that the journal reaches."""
    wanted = sorted({seq for seq in seqs if 0 < seq < 2**63})
    found = {0: START} if 0 in seqs else {}
    if wanted:
        condition, values = work.within("seq", wanted)
        found.update(work.rows(f"SELECT seq, link FROM entry WHERE journal = ? AND {condition}", [journal, *values]))
    return found
