"""Desks that the server itself enters in their center's administration journal.

The desk that founds a center enrols itself. For each desk that joins later, and for one that joined for another
audience than its entry says, the server derives a ``desk.enrolled`` from what it noted at the joining: always the same
bytes, so that any desk can put it back.
"""

from uuid import UUID

from regional.access import audiences
from regional.database import Work
from regional.judging import SOURCE
from regional.rights import Rights
from wire.administration import DeskEnrolled
from wire.envelope import Entry, derived_entry, from_micros
from wire.journals import derived_id, source_id


def missing(work: Work, rights: Rights) -> list[Entry]:
    """The entries for the desks of a founded center that its administration journal does not name as they joined."""
    found = []
    for desk, code, clinical, joined_at in work.rows(
        "SELECT d.desk, d.code, d.clinical, d.joined_at FROM desk d WHERE d.center = ? ORDER BY d.joined_at, d.desk",
        (rights.center,),
    ):
        subject = UUID(bytes=desk)
        known = rights.desks.get(subject)
        stands = _founded(work, rights, desk) if known is None else known.audiences == audiences(bool(clinical))
        if not stands:
            found.append(_enrolled(rights, subject, code, bool(clinical), joined_at))
    return found


def _founded(work: Work, rights: Rights, desk: bytes) -> bool:
    """Whether the desk is the one that founded the center, which enrols itself."""
    if rights.founder is None:
        return False
    row = work.row("SELECT desk FROM device WHERE center = ? AND device = ?", (rights.center, rights.founder.bytes))
    return row is not None and row[0] == desk


def _enrolled(rights: Rights, subject: UUID, code: str, clinical: bool, joined_at: int) -> Entry:
    source = source_id(rights.center, SOURCE)
    text = DeskEnrolled(from_micros(joined_at), code, audiences(clinical)).as_json()
    identity = derived_id(DeskEnrolled.KIND, rights.center, str(subject), text)
    kind, version = DeskEnrolled.KIND, DeskEnrolled.VERSION
    return derived_entry(identity, rights.journal, kind, version, subject, source, joined_at, text)


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
