"""What the operator sees: the epoch, the journals with where they end, the desks with how far behind each is."""

import json
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from regional.access import audiences
from regional.database import Work

Line = tuple[dict[str, Any], str]


def look(work: Work, epoch: int) -> list[Line]:
    """One line for the server, each journal and each desk: as JSON, and as a sentence."""
    (began_at, journal) = work.row("SELECT began_at, journal FROM epoch WHERE number = ?", (epoch,))
    (refused,) = work.row("SELECT count(*) FROM refusal")
    lines: list[Line] = [
        (
            {"is": "server", "epoch": epoch, "since": _time(began_at), "set_back": journal or None, "refused": refused},
            f"Epoch {epoch} since {_time(began_at)}; {refused} refused entries are kept",
        )
    ]
    heads = dict(work.rows("SELECT journal, head FROM journal WHERE head > 0 ORDER BY journal"))
    for name, head in heads.items():
        lines.append(({"is": "journal", "journal": name, "head": head}, f"{name}: {head} entries"))
    for center, desk, code, clinical, seen_at, program, unsent, shown in work.rows(
        "SELECT center, desk, code, clinical, seen_at, program, unsent, shown FROM desk ORDER BY center, code"
    ):
        places: dict[str, int] = json.loads(shown)
        lag = sum(max(0, heads.get(name, 0) - seq) for name, seq in places.items())
        listed = [audience.value for audience in audiences(bool(clinical))]
        answer = {
            "is": "desk",
            "center": center,
            "desk": str(UUID(bytes=desk)),
            "code": code,
            "audiences": listed,
            "seen_at": _time(seen_at),
            "program": program,
            "unsent": unsent,
            "lag": lag,
        }
        sentence = (
            f"{center} desk {code} ({', '.join(listed)}): seen {_time(seen_at)}, {lag} behind and {unsent} unsent then"
        )
        lines.append((answer, sentence))
    return lines


def _time(micros: int) -> str:
    return datetime.fromtimestamp(micros / 1_000_000, UTC).isoformat(timespec="seconds")
