"""A desk that shares in a process of its own and does as asked: ``python -m tests.support.desk_in_its_process HOME``.

Each line it reads is a word and a call; each is answered with one line of JSON, once it is done.
"""

import json
import sys
from collections.abc import Callable
from pathlib import Path
from uuid import UUID

from console.actions import encounters
from console.actions.calls import Disposal
from console.errors import KnownError
from console.models.call import RollUp
from console.models.call_fold import CALL
from console.models.changes import Changes
from console.models.store import subjects
from console.queries.alarms import alarms
from console.queries.board import NO_SOURCE
from tests.support.desk import person
from tests.support.sharing import SharingDesk, until

DISPOSAL = Disposal("phone-resolved", RollUp.DIVERTED, no_contact_reason="he rang off")


def answer(desk: SharingDesk, word: str, call: UUID) -> dict[str, object]:
    """Do it; ``saved`` with the ids of entries, ``refused`` with the sentence, or what the screen ``says``."""
    who = person("clinician")
    try:
        match word:
            case "claim":
                until(lambda: _knows(desk, call), "the call")
                return _saved(encounters.claim_and_begin(desk.desk, who, call))
            case "dispose":
                return _saved(encounters.dispose_and_end(desk.desk, who, call, DISPOSAL))
            case "hears":
                lost: Callable[[], list[str]] = lambda: [  # noqa: E731
                    alarm.detail for alarm in alarms(desk.desk, who, NO_SOURCE) if alarm.key.startswith("lost:")
                ]
                until(lost, "the alarm of a lost claim")
                return {"says": lost()}
            case _:
                raise ValueError(word)
    except KnownError as error:
        return {"refused": error.message}


def _knows(desk: SharingDesk, call: UUID) -> bool:
    with desk.store.read() as connection:
        return subjects.state(connection, CALL, call) is not None


def _saved(changes: Changes) -> dict[str, object]:
    return {"saved": [str(entry) for entry in changes.entries]}


def main(home: Path) -> None:
    """Share, and answer until nobody asks any more."""
    desk = SharingDesk(home, again=True).start()
    for line in sys.stdin:
        word, _, call = line.strip().partition(" ")
        sys.stdout.write(json.dumps(answer(desk, word, UUID(call))) + "\n")
        sys.stdout.flush()
    desk.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
