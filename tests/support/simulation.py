"""Desks, a server and everything that can go wrong between them, in one thread and in an order that a seed decides.

The desks' stores are real encrypted files and their sync core is the product's; the server is the model. Time, network
and scheduling are simulated: the same seed is the same run.
"""

import heapq
import random
import shutil
from collections.abc import Callable
from pathlib import Path
from uuid import UUID, uuid4

from console.actions.acting import acting
from console.errors import KnownError
from console.models.audit import AuditRecorded
from console.models.call import CallClaimed, CallEntered, CallFlagged, CallMessaged, CallPictured
from console.models.encounter import EncounterNoted, EncounterStarted
from console.models.store import exchange
from console.models.store.engine import DATABASE
from console.models.store.files import companions
from console.models.store.outbox import Unsent
from console.models.store.store import set_fact
from console.sync.core import Core
from console.sync.events import (
    Connect,
    Connected,
    Effect,
    Entered,
    Event,
    Hang,
    Lost,
    ReadOutbox,
    Ready,
    Received,
    Report,
    Send,
    StoreEffect,
    Tick,
)
from console.sync.keeper import carry_out
from tests.support.clock import FixedClock
from tests.support.desk import founded_home, open_desk, person
from tests.support.entries import CENTER, Author, at, named
from tests.support.model_server import Journals, ModelServer, Planted
from tests.support.truths import CLINICAL, CLINICIANS, ON_CLINICAL, ON_OPERATIONS, SimDesk, Truths
from wire.fold import Body
from wire.messages import Frame, Page

CALLS = [named("call", number) for number in range(4)]
TICK = 0.25


class Simulation(Truths):
    """One run. ``oracle`` holds the id of every entry that somebody saw saved."""

    def __init__(
        self, folder: Path, seed: int, *, desks: int = 3, planted: Planted = Planted.NOTHING, early: bool = False
    ) -> None:
        self.chance = random.Random(seed)
        self.now = 0.0
        self.early = early  # a desk that forgets what it sent before the server answered
        self.calm = False
        self.oracle = {}
        self.backups: list[Journals] = []
        self.away: set[str] = set()
        """Desks that reach no server."""
        self.only_at_server: set[UUID] = set()
        """What the server alone still held when the last desk that had it was put back."""
        self.lines = 0
        self._agenda: list[tuple[float, int, Callable[[], None]]] = []
        self._count = 0
        reads = {f"desk{index}": ON_CLINICAL if index % 2 == 0 else ON_OPERATIONS for index in range(desks)}
        self.server = ModelServer(reads, planted)
        self.desks = [self._found(folder, name, first=index == 0) for index, name in enumerate(reads)]
        for desk in self.desks:
            self.later(0.0, self._ticker(desk))

    def _found(self, folder: Path, name: str, *, first: bool, alone: int = 0) -> SimDesk:
        desk = open_desk(founded_home(folder / name), FixedClock())
        with desk.store.write() as transaction:
            if not first:  # as a desk that joins with an empty home: the administration comes from the server
                connection = transaction.connection
                connection.exec_driver_sql("DELETE FROM entry")
                for table in ("organization", "user", "desk"):
                    connection.exec_driver_sql(f'DELETE FROM "{table}"')
                transaction.device = named("device", name)
                set_fact(connection, "device", str(transaction.device))
                transaction.forget_recent()
            author = Author(name, CENTER)
            for number in range(alone):
                entered = CallEntered(f"{name}-{number}", "WELFARE CHECK", "", at(number))
                transaction.append([author.write(named("call", name, number), entered)])
            exchange.begin(transaction, "http://model")
        found = SimDesk(name, desk, Core("simulation", random.Random(self.chance.random())))
        self.oracle |= {entry.id: entry for entry in self.entries(found)}
        return found

    def join(self, folder: Path, name: str, *, entries: int) -> SimDesk:
        """A desk joins late, and brings what it entered while it was alone."""
        self.server.reads[name] = ON_CLINICAL if len(self.desks) % 2 == 0 else ON_OPERATIONS
        desk = self._found(folder, name, first=False, alone=entries)
        self.desks.append(desk)
        self.later(0.0, self._ticker(desk))
        return desk

    def copy(self, desk: SimDesk, folder: Path) -> SimDesk:
        """Somebody copies a desk's whole home while it is at work, and the copy works beside it from then on."""
        name = f"copy of {desk.name}"
        self.server.reads[name] = self.server.reads[desk.name]
        (folder / name).mkdir()
        desk.desk.store.copy_into(folder / name / DATABASE)
        copy = SimDesk(name, open_desk(folder / name, FixedClock()), Core("simulation", random.Random(self.lines)))
        self.desks.append(copy)
        self.later(0.0, self._ticker(copy))
        return copy

    def jump(self, desk: SimDesk) -> None:
        """The desk's clock jumps, up to a year forward or back."""
        desk.desk.clock.advance(self.chance.uniform(-1, 1) * 365 * 86_400)  # type: ignore[attr-defined]

    def close(self) -> None:
        """Close every store."""
        for each in self.desks:
            each.desk.store.close()

    # -- time ----------------------------------------------------------------------------------------------------------

    def later(self, delay: float, what: Callable[[], None]) -> None:
        """Put something on the agenda."""
        self._count += 1
        heapq.heappush(self._agenda, (self.now + delay, self._count, what))

    def run(self, seconds: float) -> None:
        """Let so much time pass."""
        until = self.now + seconds
        while self._agenda and self._agenda[0][0] <= until:
            self.now, _, what = heapq.heappop(self._agenda)
            what()
        self.now = until

    def _delay(self) -> float:
        return self.chance.uniform(0.001, 0.02) if self.calm else self.chance.choice((0.001, 0.01, 0.05, 0.5))

    def _ticker(self, desk: SimDesk) -> Callable[[], None]:
        def tick() -> None:
            self.step(desk, Tick())
            self.later(TICK, tick)

        return tick

    # -- a desk --------------------------------------------------------------------------------------------------------

    def step(self, desk: SimDesk, event: Event) -> None:
        """Something happens to a desk's core; its effects are carried out."""
        wall = int((self.now + 1_000_000) * 1_000_000)
        for effect in desk.core.step(event, self.now, wall):
            self._carry_out(desk, effect)

    def _carry_out(self, desk: SimDesk, effect: Effect) -> None:
        match effect:
            case Connect():
                self._connect(desk)
            case Hang():
                desk.line = None
            case Send(frame):
                self._to_server(desk, frame)
            case Report(standing):
                desk.standing = standing
            case ReadOutbox():
                desk.looking.append(effect)
                if len(desk.looking) == 1:
                    self._work(desk, desk.looking)
            case _:
                desk.writing.append(effect)
                if len(desk.writing) == 1:
                    self._work(desk, desk.writing)

    def _work(self, desk: SimDesk, lane: list[StoreEffect]) -> None:
        life = desk.life

        def work() -> None:
            if desk.life != life:
                return
            event = carry_out(desk.desk.store, lane[0])
            if self.early and isinstance(event, Ready) and event.entries:
                with desk.desk.store.write() as transaction:
                    transaction.connection.exec_driver_sql("DELETE FROM outbox WHERE place <= ?", (event.last,))

            def tell() -> None:
                if desk.life == life:
                    del lane[0]
                    if lane:
                        self._work(desk, lane)
                    self.step(desk, event)

            self.later(self.chance.uniform(0.0001, 0.005), tell)

        self.later(self.chance.uniform(0.0001, 0.005), work)

    def kill(self, desk: SimDesk) -> None:
        """The desk's program dies and is started again; what the store committed is all that is left."""
        desk.life += 1
        desk.line, desk.writing, desk.looking = None, [], []
        desk.core = Core("simulation", random.Random(self.chance.random()))

    # -- the network ---------------------------------------------------------------------------------------------------

    def _connect(self, desk: SimDesk) -> None:
        life = desk.life

        def made() -> None:
            if desk.life != life:
                return
            if desk.name in self.away or (not self.calm and self.chance.random() < 0.3):
                self.step(desk, Lost("refused"))
                return
            self.lines += 1
            desk.line = self.lines
            self.step(desk, Connected())

        self.later(self._delay(), made)

    def cut(self, desk: SimDesk) -> None:
        """The connection breaks, whatever is on its way."""
        if desk.line is not None:
            desk.line = None
            self.step(desk, Lost("cut"))

    def _to_server(self, desk: SimDesk, frame: Frame) -> None:
        line = desk.line

        def arrive() -> None:
            if desk.line != line or line is None:
                return
            answers, pages = self.server.answer(desk.name, frame)  # type: ignore[arg-type]
            if not self.calm and self.chance.random() < 0.05:
                self.cut(desk)  # after the server did it, before its answer
            for page in pages.values():
                for other in self.desks:
                    if other.line is not None and page.journal in self.server.reads[other.name]:
                        self._to_desk(other, page)
            for answer in answers:
                if desk.line == line:
                    self._to_desk(desk, answer)

        self.later(self._in_turn(desk, "up"), arrive)

    def _in_turn(self, desk: SimDesk, way: str) -> float:
        """A delay that keeps what is said on one connection in order."""
        key = f"_{way}"
        before = getattr(desk, key, 0.0)
        arrival = max(before, self.now + self._delay()) + 1e-6
        object.__setattr__(desk, key, arrival)
        return arrival - self.now

    def _to_desk(self, desk: SimDesk, frame: Frame) -> None:
        line, life = desk.line, desk.life

        def arrive() -> None:
            if desk.line == line and desk.life == life:
                self.step(desk, Received(frame))  # type: ignore[arg-type]

        delay = self._in_turn(desk, "down")
        if isinstance(frame, Page) and not frame.asked and not self.calm:
            fate = self.chance.random()
            if fate < 0.05:
                return  # lost
            if fate < 0.10:
                self.later(delay + self.chance.uniform(0, 1), arrive)  # twice
            elif fate < 0.15:
                delay += self.chance.uniform(0, 1)  # late, behind others
        self.later(delay, arrive)

    # -- people --------------------------------------------------------------------------------------------------------

    def enter(self, desk: SimDesk) -> None:
        """Somebody does something at a desk."""
        clinical = desk.name in self.server.reads and CLINICAL in self.server.reads[desk.name]
        who = person(CLINICIANS[self.desks.index(desk) // 2 % 2] if clinical else "dispatcher")
        call = self.chance.choice(CALLS)
        desk.desk.store.sender = lambda unsent: self._entered(desk, unsent)
        if self.chance.random() < 0.2:
            picture = CallPictured("cad", at(self.chance.randrange(5)), "26-1", "WELFARE CHECK", at())
            desk.desk.store.append([Author(center=CENTER).derive(call, picture)])
        else:
            now = desk.desk.clock.now()
            acts: list[list[tuple[UUID, Body]]] = [
                [(call, CallMessaged(now, f"line {self.chance.random()}"))],
                [(call, CallFlagged("risk", now))],
            ]
            if clinical:
                encounter = named("encounter", desk.name, call)
                noted = EncounterNoted(now, f"CLINICAL {self.chance.random()}")
                acts += [[(call, CallClaimed(now)), (encounter, EncounterStarted(now, "flag", call))]]
                acts += [[(encounter, noted)], [(call, CallMessaged(now, "both")), (encounter, noted)]]
                read = AuditRecorded(now, "record.opened", about=call)
                acts += [[(uuid4(), read)], [(call, CallMessaged(now, "read")), (uuid4(), read), (encounter, noted)]]
            try:
                with acting(desk.desk, who) as act:
                    for subject, body in self.chance.choice(acts):
                        act.add(subject, body)
            except KnownError:
                return  # the person was told no, and nothing was saved
        self.oracle |= {entry.id: entry for entry in self.entries(desk) if entry.id not in self.oracle}

    def _entered(self, desk: SimDesk, unsent: Unsent) -> None:
        """The core hears of it at once, or late: behind what the store was asked for, or what was entered next."""
        life = desk.life

        def tell() -> None:
            if desk.life == life:
                self.step(desk, Entered(unsent=None if self.early else unsent))

        self.later(0.0 if self.calm else self.chance.choice((0.0, 0.0, 0.001, 0.01, 0.5)), tell)

    # -- the whole story -----------------------------------------------------------------------------------------------

    def trouble(self, steps: int) -> None:
        """Work and faults, one after the other, at moments that chance picks."""
        for _ in range(steps):
            self.run(self.chance.uniform(0.0, 0.4))
            desk = self.chance.choice(self.desks)
            fate = self.chance.random()
            if fate < 0.70:
                self.enter(desk)
            elif fate < 0.80:
                self.cut(desk)
            elif fate < 0.86:
                self.kill(desk)
            elif fate < 0.91:
                for each in self.desks:
                    self.cut(each)  # the server's process dies
            elif fate < 0.95:
                self.backups.append(self.server.backup())
            elif fate < 0.97 and self.backups:
                self.set_back(self.chance.choice(self.backups))
            elif fate < 0.98:
                self.back_up(desk)
            elif fate < 0.985:
                self.put_back(desk)
            else:
                self.change_rights()

    def back_up(self, desk: SimDesk) -> None:
        """Somebody copies the desk's file."""
        self.lines += 1
        copy = desk.desk.store.home / f"copy-{self.lines}"
        desk.desk.store.copy_into(copy)
        desk.copies.append(copy)

    def put_back(self, desk: SimDesk) -> None:
        """The desk's file is put back to an older copy; what it had not sent since is gone, and nobody promised it."""
        if not desk.copies:
            return
        before = {entry.id for entry in self.entries(desk)}
        self.kill(desk)
        home = desk.desk.store.home
        desk.desk.store.close()
        for file in (home / DATABASE, *companions(home / DATABASE)):
            file.unlink(missing_ok=True)
        shutil.copy(self.chance.choice(desk.copies), home / DATABASE)
        desk.desk = open_desk(home, FixedClock())
        gone = before - self._held()
        self.only_at_server |= gone & self.server.kept.places.keys()
        self._nobody_promised(gone - self.server.kept.places.keys())

    def set_back(self, backup: Journals) -> None:
        """The server is put back to a backup. What no desk holds any more, having been put back as well, is gone."""
        for each in self.desks:
            self.cut(each)
        before = set(self.server.kept.places)
        self.server.restore(backup)
        lost = before - self.server.kept.places.keys()
        self._nobody_promised((lost & self.only_at_server) - self._held())

    def _held(self) -> set[UUID]:
        return {entry.id for each in self.desks for entry in self.entries(each)}

    def _nobody_promised(self, gone: set[UUID]) -> None:
        for identity in gone:
            self.oracle.pop(identity, None)

    def change_rights(self) -> None:
        """A person loses the right to write, or gets it back."""
        who = person("dispatcher").user
        if who in self.server.forbidden:
            self.server.forbidden.discard(who)
        else:
            self.server.forbidden.add(who)

    def heal(self, seconds: float = 120.0) -> None:
        """Everything works from now on, and nobody enters anything."""
        self.calm = True
        self.server.forbidden.clear()
        self.run(seconds)
        for each in self.desks:  # what was refused is offered again, as a person would
            with each.desk.store.write() as transaction:
                exchange.offer_again(transaction)
            self.step(each, Entered(again=True))
        self.run(60.0)
