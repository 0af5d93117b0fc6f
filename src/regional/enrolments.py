"""What the server itself says of desks, in their center's administration journal.

The desk that founds a center enrols itself. For each desk that joins later, and for one that joined for another
audience than its entry says, or again after it was retired, the server derives a ``desk.enrolled`` from what it noted
at the joining; for one that its operator revoked, a ``desk.retired``. It is always the same bytes, so that any desk can
put it back.
"""

from collections.abc import Iterator
from typing import Final
from uuid import UUID

from regional.access import audiences
from regional.database import Work
from regional.judging import SOURCE
from regional.rights import Rights
from wire.administration import DeskEnrolled, DeskRetired
from wire.envelope import Entry, derived_entry, from_micros, micros
from wire.journals import Audience, derived_id, journal_name, source_id

_CODES: Final = "SELECT desk, code FROM desk WHERE center = ? ORDER BY joined_at, desk"


def words(work: Work, center: str) -> list[Entry]:
    """What the server says of each desk that ever joined the center."""
    return [_entry(center, desk, body) for desk, body in _said(work, center)]


def agree_on_codes(work: Work, rights: Rights) -> None:
    """A desk has the code by which the center's administration journal knows it, and no other desk has that one.

    A center is founded by what its own desk brings; desks that joined before that, without one, give way.
    """
    noted = {UUID(bytes=desk): code for desk, code in work.rows(_CODES, (rights.center,))}
    codes = {desk: rights.desks[desk].code if desk in rights.desks else code for desk, code in noted.items()}
    for desk, code in codes.items():
        if desk not in rights.desks:
            others = {codes[other] for other in codes if other != desk}
            codes[desk] = free_code(code, others | {state.code for state in rights.desks.values()})
        if codes[desk] != noted[desk]:
            work.run("UPDATE desk SET code = ? WHERE center = ? AND desk = ?", (codes[desk], rights.center, desk.bytes))


def missing(work: Work, rights: Rights) -> list[Entry]:
    """What the administration journal of a founded center does not say yet of its desks."""
    found = []
    for desk, body in _said(work, rights.center):
        known = rights.desks.get(desk)
        if isinstance(body, DeskRetired):
            stands = known is None or known.retired
        elif known is None:
            stands = _founded(work, rights, desk)
        else:
            stands = known.audiences == body.audiences and not known.retired
        if not stands:
            found.append(_entry(rights.center, desk, body))
    return found


def retired_by_administrator(work: Work, center: str, desk: UUID) -> bool:
    """Whether it was an administrator at another desk, and not the server's operator, who retired a revoked desk."""
    row = work.row(
        "SELECT device FROM entry WHERE journal = ? AND kind = ? AND subject = ? ORDER BY seq DESC LIMIT 1",
        (journal_name(center, Audience.ADMINISTRATION), DeskRetired.KIND, desk.bytes),
    )
    return row is not None and row[0] != source_id(center, SOURCE).bytes


def _said(work: Work, center: str) -> Iterator[tuple[UUID, DeskEnrolled | DeskRetired]]:
    for desk, code, clinical, joined_at, revoked_at in work.rows(
        "SELECT desk, code, clinical, joined_at, revoked_at FROM desk WHERE center = ? ORDER BY joined_at, desk",
        (center,),
    ):
        joined = DeskEnrolled(from_micros(joined_at), code, audiences(bool(clinical)))
        yield UUID(bytes=desk), joined if revoked_at is None else DeskRetired(from_micros(revoked_at))


def _founded(work: Work, rights: Rights, desk: UUID) -> bool:
    """Whether the desk is the one that founded the center, which enrols itself."""
    if rights.founder is None:
        return False
    row = work.row("SELECT desk FROM device WHERE center = ? AND device = ?", (rights.center, rights.founder.bytes))
    return row is not None and row[0] == desk.bytes


def _entry(center: str, desk: UUID, body: DeskEnrolled | DeskRetired) -> Entry:
    text, at = body.as_json(), micros(body.at)
    identity = derived_id(body.KIND, center, str(desk), text)
    journal = journal_name(center, Audience.ADMINISTRATION)
    return derived_entry(identity, journal, body.KIND, body.VERSION, desk, source_id(center, SOURCE), at, text)


def free_code(wanted: str, taken: set[str]) -> str:
    """``wanted``, or the next of A, B, … Z, AA, AB … that no desk of the center has."""
    if wanted and wanted not in taken:
        return wanted
    number = 0
    while True:
        letters, rest = "", number
        while True:
            letters = chr(ord("A") + rest % 26) + letters
            rest = rest // 26 - 1
            if rest < 0:
                break
        if letters not in taken:
            return letters
        number += 1
