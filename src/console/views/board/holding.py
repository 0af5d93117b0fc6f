"""Holding rows back while somebody aims at one. No Qt.

While a row is selected or under the pointer, or keys were pressed a moment ago, no row may move: what is new waits
behind a bar, what has left stays where it was and says so. What a row says is always brought up to date.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from console.queries.board import BoardRow


@dataclass(frozen=True, slots=True)
class Held:
    """What stands on the board and what waits."""

    rows: tuple[BoardRow, ...]
    new: tuple[BoardRow, ...] = ()
    gone: frozenset[UUID] = frozenset()
    moved: bool = False

    @property
    def waits(self) -> bool:
        """Whether showing the latest picture would move anything."""
        return bool(self.new or self.gone or self.moved)


def held(shown: Sequence[BoardRow], latest: Sequence[BoardRow]) -> Held:
    """The rows of ``shown``, each where it stands, with what ``latest`` says of them."""
    now = {row.call: row for row in latest}
    before = {row.call for row in shown}
    kept = [row.call for row in shown if row.call in now]
    return Held(
        rows=tuple(now.get(row.call, row) for row in shown),
        new=tuple(row for row in latest if row.call not in before),
        gone=frozenset(before - now.keys()),
        moved=kept != [row.call for row in latest if row.call in before],
    )
