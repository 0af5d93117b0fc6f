"""A desk at work until somebody kills it: ``python -m tests.support.acts_until_killed HOME SEED``.

Every line it prints names what was acknowledged: ``entries`` with their ids, or ``draft`` with its text.
"""

import random
import sys
from pathlib import Path

from console.actions import calls, drafts, encounters, flags
from console.models.call import CallNarrated, CallPictured, Level
from console.models.changes import Changes
from tests.support.desk import open_desk, person
from tests.support.entries import Author, at
from wire.journals import derived_id


def main(home: Path, seed: str) -> None:
    """Act at random, for ever."""
    chance = random.Random(seed)
    desk = open_desk(home)
    dispatcher, clinician = person("dispatcher"), person("clinician")
    count = 0

    def say(changes: Changes) -> None:
        sys.stdout.write(" ".join(("entries", *map(str, changes.entries))) + "\n")
        sys.stdout.flush()

    while True:
        count += 1
        call, changes = flags.enter_call(desk, dispatcher, f"{seed}-{count}", "WELFARE CHECK", "1 Elm St", "words")
        say(changes)
        if chance.random() < 0.5:
            say(flags.flag(desk, dispatcher, call, "officer-asks", "says goodbye"))
        changes = encounters.claim_and_begin(desk, clinician, call)
        say(changes)
        (encounter,) = changes.of("encounter")
        for number in range(chance.randrange(5)):
            say(calls.message(desk, dispatcher, call, f"message {number} " + "x" * chance.randrange(500)))
        say(calls.level(desk, clinician, call, chance.choice([Level.LOW, Level.HIGH]), "reason"))
        text = f"{seed}-{count} " + "typed " * chance.randrange(200)
        drafts.keep(desk, clinician, "note", text, encounter)
        sys.stdout.write(f"draft {text}\n")
        sys.stdout.flush()
        say(encounters.note(desk, clinician, encounter, "a line"))
        source = Author()
        say(
            desk.store.append(
                [
                    source.derive(derived_id(seed, str(count), str(number)), body)
                    for number in range(chance.randrange(60))
                    for body in (
                        CallPictured("cad", at(), f"{seed}-{count}-{number}", "WELFARE CHECK", at()),
                        CallNarrated("cad", at(1), "a line of narrative"),
                    )
                ]
            )
        )


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])
