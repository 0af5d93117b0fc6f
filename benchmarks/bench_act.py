"""One durable act: append and fold, through the same function a screen calls, until it is on the disk.

The floor is the bare driver committing the same journal row and the same record row. It is handed both: it reads
nothing of the call, checks nobody's rights, and neither chains nor folds. The product does, for each act; of a call
that this desk did not touch lately it also reads the state anew.
"""

import statistics
import time
from collections.abc import Callable, Iterator
from uuid import UUID

from benchmarks.measure import Measured, on_disk, percentile
from benchmarks.stores import BareDriver, Written, new_desk, sign_in, written_by
from console.actions import calls, encounters, flags
from console.models.call import Level
from console.models.changes import Changes
from console.models.store.desk import Desk
from wire.permissions import Role

GOAL = 2.0
AT_WORK = 8
"""Calls that people at one desk work on at the same time."""
DISPATCHER, CLINICIAN = sign_in(Role.DISPATCHER), sign_in(Role.CLINICIAN)

Subjects = Callable[[int], list[UUID]]
"""The calls to act on, one for each act of the round with this number."""


def measure(quick: bool) -> Iterator[Measured]:
    """Messages in calls of some thirty entries, at work and not touched for a while; flags on fresh calls."""
    rounds, acts = (3, 40) if quick else (11, 120)
    with on_disk() as folder:
        desk = new_desk(folder / "product")
        bare = BareDriver(folder / "floor")
        rested = [busy_call(desk, f"15-{number}") for number in range(2 * acts)]

        def at_work(number: int) -> list[UUID]:
            calls_at_work = [busy_call(desk, f"16-{number}-{each}") for each in range(AT_WORK)]
            return [calls_at_work[each % AT_WORK] for each in range(acts)]

        def not_lately(number: int) -> list[UUID]:
            return [rested[(number * acts + each) % len(rested)] for each in range(acts)]

        def fresh(number: int) -> list[UUID]:
            return [
                flags.enter_call(desk, DISPATCHER, f"17-{number}-{each}", "WELFARE CHECK", "1 ELM ST")[0]
                for each in range(acts)
            ]

        yield _compare("act: message in a call at work", desk, bare, rounds, at_work, _message)
        yield _compare("act: message in a call not touched lately", desk, bare, rounds, not_lately, _message)
        yield _compare("act: flag on a fresh call", desk, bare, rounds, fresh, _flag)
        bare.close()
        desk.store.close()


def busy_call(desk: Desk, number: str) -> UUID:
    """A call as it looks in the middle of the work: some thirty entries."""
    call, _ = flags.enter_call(desk, DISPATCHER, number, "WELFARE CHECK", "1200 BLOCK OF E PIKE ST", "alone")
    flags.flag(desk, DISPATCHER, call, "suicidal", "caller says he has said goodbye to his family")
    encounters.claim_and_begin(desk, CLINICIAN, call)
    calls.screen(desk, CLINICIAN, call, {"weapon": "no", "violence": "no", "minor": "unknown"}, "eligible")
    calls.contact(desk, CLINICIAN, call, "live", "the caller")
    for field in ("weapons.reported", "others.present", "violence.now", "scene.access", "situation", "approach.do"):
        calls.state_fact(desk, CLINICIAN, call, field, f"what is known of {field} at this moment", "caller")
    calls.level(desk, CLINICIAN, call, Level.HIGH, "plan and means, alone at home")
    calls.advise(desk, CLINICIAN, call, ("cit",), "no lights, no sirens; he agreed to meet at the door")
    for line in range(16):
        calls.message(desk, DISPATCHER, call, f"line {line}: unit is two minutes out, asks for the best door to use")
    return call


def _message(desk: Desk, call: UUID, number: int) -> Changes:
    return calls.message(desk, DISPATCHER, call, f"{number}: unit is on scene and asks what he looks like")


def _flag(desk: Desk, call: UUID, number: int) -> Changes:
    return flags.flag(desk, DISPATCHER, call, "suicidal", "caller says he has said goodbye")


def _compare(
    name: str,
    desk: Desk,
    bare: BareDriver,
    rounds: int,
    subjects: Subjects,
    act: Callable[[Desk, UUID, int], Changes],
) -> Measured:
    product, floor, every = [], [], []
    for number in range(rounds):
        commits: list[Written] = []
        ours = []
        for each, call in enumerate(subjects(number)):
            started = time.perf_counter()
            changes = act(desk, call, each)
            ours.append(time.perf_counter() - started)
            commits.append(written_by(desk.store, changes))
        theirs = []
        for written in commits:
            started = time.perf_counter()
            bare.write(written)
            theirs.append(time.perf_counter() - started)
        every += ours
        product.append(statistics.median(ours) * 1000)
        floor.append(statistics.median(theirs) * 1000)
    return Measured(
        name,
        "ms",
        product,
        floor,
        GOAL,
        note="median of each round; the floor commits the same rows with sqlcipher3 alone, reads and folds nothing",
        more={"p95_ms": percentile(every, 0.95) * 1000, "acts": len(every)},
    )
