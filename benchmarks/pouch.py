"""The peer of sharing: PouchDB on both desks, express-pouchdb between them; installed with npm on first use."""

import json
import shutil
import subprocess
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import msgspec

from benchmarks.processes import Running
from wire.envelope import Entry

_PEERS = Path(__file__).parent / "peers"
_INSTALLING_SECONDS = 300


def absent() -> str:
    """Why there is no peer on this machine; "" once it is ready."""
    missing = [program for program in ("node", "npm") if shutil.which(program) is None]
    if missing:
        return f"no peer: {' and '.join(missing)} not found (Node.js 20 is wanted)"
    if not (_PEERS / "node_modules" / "pouchdb").exists():
        words = ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"]
        try:
            subprocess.run(words, cwd=_PEERS, check=True, capture_output=True, text=True, timeout=_INSTALLING_SECONDS)
        except subprocess.CalledProcessError as failed:
            return f"no peer: npm ci failed: {failed.stderr.strip().splitlines()[-1:]}"
        except subprocess.TimeoutExpired:
            return f"no peer: npm ci took more than {_INSTALLING_SECONDS} s"
    return ""


def document(entry: Entry) -> dict[str, Any]:
    """An entry as a document of the peer's: the same members, the body as an object."""
    members: dict[str, Any] = msgspec.to_builtins(entry)
    return {"_id": members.pop("id"), **members, "body": json.loads(entry.body or "null")}


def peer(part: str, folder: Path, *words: str) -> Running:
    """One part of the peer at work in ``folder``; see ``peers/peer.mjs``."""
    folder.mkdir(parents=True, exist_ok=True)
    return Running("node", str(_PEERS / "peer.mjs"), part, str(folder), *words)


@contextmanager
def serving(folder: Path) -> Iterator[str]:
    """The peer's server with its database in ``folder``; where a desk's database is reached there."""
    with peer("serve", folder) as server:
        yield f"{server.said()['url']}/bench"


def carried(folder: Path, entries: Iterable[Entry], batch: int) -> dict[str, Any]:
    """Seconds for pushing and for pulling these entries as documents."""
    file = folder / "documents"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text("".join(json.dumps(document(entry)) + "\n" for entry in entries), encoding="utf-8")
    with serving(folder / "server") as url, peer("bulk", folder / "desks", url, str(file), str(batch)) as desks:
        found: dict[str, Any] = desks.said()
        return found
