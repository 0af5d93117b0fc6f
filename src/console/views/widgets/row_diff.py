"""The fewest steps from one list of rows to another, so that a view can follow them without losing its place."""

from bisect import bisect_left
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from typing import TypeVar

K = TypeVar("K", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Remove:
    """Take away the rows ``first`` to ``last``, both included."""

    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Insert:
    """Put the new list's rows ``first`` to ``last`` at position ``first``."""

    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Move:
    """Take the row at ``origin`` and put it so that it stands at ``target`` afterwards."""

    origin: int
    target: int


Step = Remove | Insert | Move


def steps(old: Sequence[K], new: Sequence[K]) -> list[Step]:
    """The steps from ``old`` to ``new``, to be done in order. Keys are unique within each list.

    Removals and insertions are joined where they touch. As few rows move as can: all that already stand in the right
    order among themselves stay (the longest increasing run of their new positions).
    """
    wanted = {key: at for at, key in enumerate(new)}
    made: list[Step] = []
    kept: list[K] = []
    last: int | None = None
    for at in range(len(old) - 1, -1, -1):
        if old[at] in wanted:
            kept.append(old[at])
            if last is not None:
                made.append(Remove(at + 1, last))
                last = None
        elif last is None:
            last = at
    if last is not None:
        made.append(Remove(0, last))
    kept.reverse()

    still = _longest_run([wanted[key] for key in kept])
    present = set(kept)
    # Moves come before insertions: positions among the kept rows are those of the new list without its new rows.
    order = [key for key in new if key in present]
    work = list(kept)
    for target, key in enumerate(order):
        if wanted[key] not in still:
            origin = work.index(key)
            # Rows that have still to move may stand between; the place is after the one that goes before.
            place = work.index(order[target - 1]) + 1 if target else 0
            place -= origin < place
            if origin != place:
                work.insert(place, work.pop(origin))
                made.append(Move(origin, place))

    first: int | None = None
    for at, key in enumerate(new):
        if key not in present:
            first = at if first is None else first
        elif first is not None:
            made.append(Insert(first, at - 1))
            first = None
    if first is not None:
        made.append(Insert(first, len(new) - 1))
    return made


def _longest_run(positions: Sequence[int]) -> set[int]:
    """The members of a longest strictly increasing subsequence."""
    tails: list[int] = []
    tail_at: list[int] = []
    before: list[int] = []
    for at, position in enumerate(positions):
        length = bisect_left(tails, position)
        before.append(tail_at[length - 1] if length else -1)
        if length == len(tails):
            tails.append(position)
            tail_at.append(at)
        else:
            tails[length] = position
            tail_at[length] = at
    run: set[int] = set()
    at = tail_at[-1] if tail_at else -1
    while at >= 0:
        run.add(positions[at])
        at = before[at]
    return run
