"""What the operator sees: the epoch, where the journals end, what is missing in them, how far behind each desk is."""

import json
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from regional.access import audiences
from regional.database import Work
from regional.gaps import WAITS

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
    lines += _gaps(work)
    begun = {desk: told for desk, *told in work.rows("SELECT desk, count(*), max(began_at) FROM epoch GROUP BY desk")}
    for center, desk, code, clinical, seen_at, program, unsent, shown, revoked_at in work.rows(
        "SELECT center, desk, code, clinical, seen_at, program, unsent, shown, revoked_at FROM desk "
        "ORDER BY center, code"
    ):
        places: dict[str, int] = json.loads(shown)
        lag = sum(max(0, heads.get(name, 0) - seq) for name, seq in places.items())
        epochs, last_epoch = begun.get(desk, (0, None))
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
            "epochs": epochs,
            "last_epoch": last_epoch and _time(last_epoch),
            "revoked_at": revoked_at and _time(revoked_at),
        }
        sentence = (
            f"{center} desk {code} ({', '.join(listed)}): seen {_time(seen_at)}, {lag} behind and {unsent} unsent then"
        )
        if epochs:
            sentence += f"; began {epochs} epochs, the last {_time(last_epoch)}"
        lines.append((answer, sentence + (f"; revoked {_time(revoked_at)}" if revoked_at else "")))
    return lines


def _gaps(work: Work) -> list[Line]:
    lines: list[Line] = []
    for journal, device, code, missing, since, behind, passed_at in work.rows(
        "SELECT g.journal, g.device, d.code, g.missing, g.since, g.behind, g.passed_at FROM gap g "
        "LEFT JOIN device v ON v.device = g.device LEFT JOIN desk d ON d.center = v.center AND d.desk = v.desk "
        "ORDER BY g.journal, g.since, g.missing"
    ):
        answer = {
            "is": "gap",
            "journal": journal,
            "device": str(UUID(bytes=device)),
            "code": code,
            "missing": missing,
            "since": _time(since),
            "behind": behind,
            "passed_at": passed_at and _time(passed_at),
        }
        sentence = f"{journal}: entry {missing} of desk {code or 'unknown'} is missing since {_time(since)}"
        if passed_at is None:
            sentence += f"; unless a desk brings it, it is passed over from {_time(since + WAITS)} on"
        else:
            sentence += f"; passed over {_time(passed_at)}, its entry {behind} came next"
        lines.append((answer, sentence))
    return lines


def _time(micros: int) -> str:
    return datetime.fromtimestamp(micros / 1_000_000, UTC).isoformat(timespec="seconds")
