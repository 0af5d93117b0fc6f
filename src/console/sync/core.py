"""The course of sharing with a server: connect, greet, follow, push, and find out when any of it stands still.

Pure: :meth:`Core.step` takes what happened and returns what is to be done; time comes in, chance is handed in, and
nothing is ever waited for. So it runs under a simulator as it runs under :mod:`console.sync.link`.
"""

import random
from collections.abc import Iterator

from console.sync.events import (
    BeginEpoch,
    Connect,
    Connected,
    Doubted,
    Effect,
    Entered,
    Event,
    Hang,
    Lost,
    Noted,
    OwnLinks,
    Ready,
    Recall,
    Recalled,
    Received,
    Report,
    Send,
    SetCursor,
    Standing,
    Stands,
    State,
    Tick,
)
from console.sync.follower import Follower
from console.sync.pace import Pace
from console.sync.phase import Phase
from console.sync.pusher import Pusher
from console.sync.retry import FINAL_DELAY, Retry
from wire.journals import Audience, audience_of
from wire.messages import (
    BEAT_EVERY,
    SILENT_AFTER,
    SPOKEN,
    Beat,
    Bye,
    FromServer,
    Hello,
    Links,
    Page,
    Results,
    Welcome,
)

NO_PROGRESS = 15.0
"""Seconds without progress, with something to do, after which the connection is made anew."""
NO_CONNECTION = 60.0
"""Seconds after which a connection that neither comes about nor fails is given up."""


class Core:
    """One desk's sharing. ``now`` is in seconds of a clock that never jumps, ``wall`` in microseconds since 1970."""

    def __init__(self, program: str, chance: random.Random) -> None:
        self._program = program
        self._phase = Phase.RESTING
        self._retry = Retry(chance)
        self._known = Recalled(0, {}, 0)
        self._waiting = self._refused = self._welcomes = 0
        self._welcome: Welcome | None = None
        self._followers: dict[str, Follower] = {}
        self._pusher: Pusher | None = None
        self._to_compare: set[str] = set()
        self._looking: set[str] = set()  # journals searched for links by the store, for however long
        self._doubts: dict[str, int] = {}
        self._doubtful_at = 0.0
        self._heard_at = self._beat_at = 0.0
        self._pace = Pace()
        self._offset: int | None = None
        self._offline_since: float | None = None
        self._says = ""
        self._final = self._greeting_again = False
        self._told: Standing | None = None
        self._now, self._wall = 0.0, 0

    @property
    def phase(self) -> Phase:
        """Where the connection stands."""
        return self._phase

    def last_beat(self, wall: int) -> Beat | None:
        """What is to be said to the server before the desk leaves; None where nothing was settled with it."""
        self._wall = wall
        return self._beat(last=True) if self._phase in (Phase.COMPARING, Phase.RUNNING) else None

    def step(self, event: Event, now: float, wall: int) -> list[Effect]:
        """What is to be done because of ``event``."""
        self._now, self._wall = now, wall
        if self._offline_since is None and self._phase is Phase.RESTING:
            self._offline_since = now
        effects = list(self._handle(event))
        standing = self._standing()
        if standing != self._told:
            self._told = standing
            effects.append(Report(standing))
        return effects

    def _handle(self, event: Event) -> Iterator[Effect]:
        match event:
            case Tick():
                yield from self._tick()
            case Connected():
                if self._phase is Phase.CONNECTING:
                    self._phase = Phase.RECALLING
                    self._heard_at = self._now
                    self._moved()
                    yield Recall()
            case Lost():
                if self._phase is not Phase.RESTING or event.final:
                    self._rest(event.why, event.retry_after, event.final)
            case Received(frame):
                if self._phase in (Phase.GREETING, Phase.COMPARING, Phase.RUNNING):
                    self._heard_at = self._now
                    yield from self._received(frame)
            case Recalled():
                self._known, self._waiting, self._refused = event, event.waiting, event.refused
                if self._phase is Phase.RECALLING:
                    yield from self._greet()
            case Entered():
                if self._phase is Phase.RUNNING and self._pusher is not None:
                    if event.unsent is not None:
                        self._waiting = max(self._waiting, len(event.unsent.entries))
                        yield from self._pusher.entered(event.unsent, self._now)
                    else:
                        go_on = self._pusher.offer_all if event.again else self._pusher.go_on
                        yield from go_on(self._now)
                elif self._phase is Phase.RESTING:
                    yield Recall()  # only to say how much waits; what is asked for a connection comes after it
            case _:
                # What the store says of an earlier connection does not count: this one asked it anew, and behind it.
                if self._phase in (Phase.COMPARING, Phase.RUNNING):
                    yield from self._stored(event)

    # -- time ----------------------------------------------------------------------------------------------------------

    def _tick(self) -> Iterator[Effect]:
        if self._phase is Phase.RESTING:
            if self._retry.is_due(self._now):
                self._phase, self._heard_at = Phase.CONNECTING, self._now
                yield Connect()
            return
        if self._phase in (Phase.CONNECTING, Phase.RECALLING):
            if self._now - self._heard_at > NO_CONNECTION:
                yield from self._hang("no connection comes about")
            return
        if self._now - self._heard_at > SILENT_AFTER:
            yield from self._hang("the server says nothing")
        elif self._has_work() and not self._looking and self._now - self._pace.moved_at > NO_PROGRESS:
            yield from self._hang("nothing moves on")
        else:
            if self._phase is not Phase.GREETING and self._now - self._beat_at >= BEAT_EVERY:
                self._beat_at = self._now
                yield Send(self._beat())
            if self._phase is Phase.RUNNING:
                yield from self._tick_running()

    def _beat(self, *, last: bool = False) -> Beat:
        come = {name: follower.cursor.point for name, follower in self._followers.items()}
        return Beat(self._wall, reads=come, unsent=self._waiting, last=last)

    def _tick_running(self) -> Iterator[Effect]:
        self._retry.tick(self._now)
        if self._pusher is not None:
            yield from self._pusher.tick(self._now)
        if self._doubtful and self._now - self._doubtful_at >= FINAL_DELAY:
            self._says = ""
            for follower in self._doubtful:
                follower.stopped = False
                yield from follower.go_on()
        if not self._has_work():  # is every entry stored that the cursors stand for?
            for follower in self._followers.values():
                yield from follower.check(self._now)

    def _has_work(self) -> bool:
        if self._doubtful:
            return self._pusher is not None and self._pusher.busy
        older = any(follower.older for follower in self._followers.values())
        return self._waiting > 0 or self._phase is Phase.COMPARING or older or self._any_behind()

    @property
    def _doubtful(self) -> list[Follower]:
        return [follower for follower in self._followers.values() if follower.stopped]

    def _moved(self, *, carried: bool = False) -> None:
        self._pace.moved(self._now, carried=carried)
        if carried:
            self._retry.carried()

    # -- the connection ------------------------------------------------------------------------------------------------

    def _greet(self) -> Iterator[Effect]:
        self._phase = Phase.GREETING
        points = {name: cursor.point for name, cursor in self._known.cursors.items()}
        yield Send(Hello(SPOKEN, self._program, self._known.epoch, points, self._known.waiting))

    def _hang(self, why: str, *, at_once: bool = False) -> Iterator[Effect]:
        since = self._offline_since
        self._rest(why, 0.0, False)
        if at_once and self._retry.at_once(self._now):  # to greet again: nobody is away
            self._greeting_again = True
            self._says, self._offline_since = "", since
        yield Hang(why)

    def _rest(self, why: str, retry_after: float, final: bool) -> None:
        if self._phase is Phase.RUNNING:
            self._pace.broke(self._now, busy=self._has_work())
        self._phase = Phase.RESTING
        self._says, self._final, self._greeting_again = why, final, False
        if self._offline_since is None:
            self._offline_since = self._now
        self._retry.lost(self._now, after=retry_after, final=final)
        self._followers, self._pusher, self._welcome, self._looking = {}, None, None, set()

    def _received(self, frame: FromServer) -> Iterator[Effect]:
        match frame:
            case Welcome():
                if self._phase is Phase.GREETING:
                    yield from self._welcomed(frame)
            case Page():
                if follower := self._same_epoch(frame.epoch, frame.journal):
                    if self._phase is Phase.RUNNING:
                        yield from follower.page(frame)
                elif self._phase is Phase.RUNNING and self._other_epoch(frame.epoch):
                    yield from self._hang("the server was set back", at_once=True)
            case Results():
                if self._phase is Phase.RUNNING and self._pusher is not None:
                    self._moved(carried=True)
                    yield from self._pusher.results(frame, self._now)
                    if not self._any_behind():
                        yield from self._pusher.new_device()
            case Links():
                if self._phase is Phase.COMPARING and (follower := self._followers.get(frame.journal)):
                    self._moved()
                    self._looking.add(frame.journal)
                    yield from follower.theirs(frame.links)
            case Beat():
                yield from self._beaten(frame)
            case Bye():
                self._rest(frame.reason, frame.retry_after, frame.final)
                yield Hang(frame.reason)

    def _same_epoch(self, epoch: int, journal: str) -> Follower | None:
        return None if self._other_epoch(epoch) else self._followers.get(journal)

    def _other_epoch(self, epoch: int) -> bool:
        return self._welcome is not None and epoch != self._welcome.epoch

    def _beaten(self, beat: Beat) -> Iterator[Effect]:
        if beat.time and beat.sent_at:
            there_and_back = max(0, self._wall - beat.sent_at)
            self._offset = beat.time + there_and_back // 2 - self._wall
        if self._phase is not Phase.RUNNING:
            return
        if beat.reads.keys() != self._followers.keys():
            yield from self._hang("what this desk may read has changed", at_once=True)
            return
        sane = [self._followers[name].at(head) for name, head in beat.reads.items() if name in self._followers]
        if self._other_epoch(beat.epoch) or not all(sane):
            # Greeting again shows the server what this desk holds; it answers with a new epoch if that is so.
            yield from self._hang("the server was set back", at_once=True)
            return
        for follower in self._followers.values():
            yield from follower.go_on()

    # -- from the greeting to the first page ---------------------------------------------------------------------------

    def _welcomed(self, welcome: Welcome) -> Iterator[Effect]:
        self._welcome = welcome
        self._says, self._final, self._beat_at = "", False, self._now
        self._moved()
        self._welcomes += 1
        self._pusher = Pusher(welcome, self._pace, self._welcomes)
        cursors = self._known.cursors
        heads, pace = welcome.reads, self._pace
        self._followers = {name: Follower(name, cursors.get(name), head, pace) for name, head in heads.items()}
        self._to_compare = set()
        if self._known.epoch not in (0, welcome.epoch):
            self._to_compare = {name for name in self._followers if name in cursors and cursors[name].point.seq}
        self._to_compare |= self._doubts.keys() & self._followers.keys() & cursors.keys()
        self._phase = Phase.COMPARING
        for name in sorted(self._to_compare):
            yield from self._followers[name].compare()
        if not self._to_compare:
            yield from self._compared()

    def _compared(self) -> Iterator[Effect]:
        assert self._welcome is not None
        if self._known.epoch != self._welcome.epoch:
            written_only = tuple(name for name in self._welcome.writes if name not in self._followers)
            yield BeginEpoch(self._welcome.epoch, written_only)
        else:
            yield from self._run()

    def _run(self) -> Iterator[Effect]:
        assert self._welcome is not None
        assert self._pusher is not None
        self._phase = Phase.RUNNING
        self._retry.welcomed(self._now)
        self._offline_since, self._greeting_again = None, False
        self._moved()
        for name, head in self._welcome.reads.items():
            # Work begins at once at a desk that is new to a long journal: it starts at the end, what is older follows.
            # Administration is read whole first of all, and so is what a fold may need from its very beginning.
            if name not in self._known.cursors and head.seq and audience_of(name) is Audience.OPERATIONS:
                yield SetCursor(name, head)
            else:
                yield from self._followers[name].go_on()
        yield from self._pusher.go_on(self._now)

    # -- what the store says -------------------------------------------------------------------------------------------

    def _stored(self, event: Event) -> Iterator[Effect]:
        pusher = self._pusher
        assert pusher is not None
        match event:
            case Stands(copied=True) | Noted(copied=True):
                # The session is the old device's. With a new one the server knows whose the new counts are.
                yield from self._hang("counts of this home are taken: it goes on as a new device", at_once=True)
            case Ready(connection=asks) if asks == self._welcomes:  # else it would be sent ahead of its turn
                self._waiting = max(self._waiting, len(event.entries) + event.left)
                yield from pusher.ready(event, self._now)
            case Stands():
                yield from self._stands(event)
            case Doubted():
                yield from self._doubt(event.journal, event.says)
            case OwnLinks():
                if follower := self._followers.get(event.journal):
                    if self._phase is Phase.COMPARING:
                        self._moved()
                        self._looking.discard(event.journal)
                        yield from follower.ours(event.links)
                    elif not follower.checked(event.links):
                        yield from self._doubt(event.journal, f"{event.journal} is not whole at this desk")
            case Noted():
                self._waiting, self._refused = event.waiting, event.refused
                if self._phase is Phase.COMPARING:
                    assert self._welcome is not None
                    self._known = Recalled(self._welcome.epoch, self._known.cursors, event.waiting)
                    yield from self._run()
                elif event.again:
                    yield from pusher.offer_all(self._now)
                else:
                    yield from pusher.go_on(self._now)

    def _doubt(self, journal: str, says: str) -> Iterator[Effect]:
        """What this desk holds of a journal and what the server shows do not agree: compare them, place by place.

        At once the first time; where that did not help, the server's own order is in doubt, and a person is told. This
        journal is tried again later, and everything else goes on.
        """
        self._doubts[journal] = self._doubts.get(journal, 0) + 1
        if self._doubts[journal] == 1:
            yield from self._hang(says, at_once=True)
        elif follower := self._followers.get(journal):
            follower.stop()
            self._says, self._doubtful_at = says, self._now

    def _stands(self, event: Stands) -> Iterator[Effect]:
        self._waiting = event.waiting
        follower = self._followers.get(event.journal)
        if follower is None:
            return
        moved = follower.cursor != event.cursor
        if moved:
            self._moved(carried=True)
            if self._phase is Phase.RUNNING:
                self._doubts.pop(event.journal, None)
        if self._phase is Phase.COMPARING:
            self._known = Recalled(
                self._known.epoch, {**self._known.cursors, event.journal: event.cursor}, event.waiting
            )
            follower.cursor = event.cursor
            self._to_compare.discard(event.journal)
            if not self._to_compare:
                yield from self._compared()
            return
        yield from follower.stands(event.cursor)
        assert self._pusher is not None
        if event.offered:
            self._refused = max(0, self._refused - event.offered)
            yield from self._pusher.offer_all(self._now)
        if not self._any_behind():
            yield from self._pusher.new_device()

    def _any_behind(self) -> bool:
        return any(follower.behind and not follower.stopped for follower in self._followers.values())

    # -- for people ----------------------------------------------------------------------------------------------------

    def _standing(self) -> Standing:
        behind = sum(follower.behind for follower in self._followers.values())
        older = sum(follower.older for follower in self._followers.values())
        cursors = {name: follower.cursor for name, follower in self._followers.items()} or self._known.cursors
        connected = self._phase in (Phase.COMPARING, Phase.RUNNING) or self._greeting_again
        if connected:
            state = State.CATCHING_UP if behind or self._phase is not Phase.RUNNING else State.LIVE
        else:
            state = State.OFFLINE
        if any(count > 1 for count in self._doubts.values()):
            state = State.ATTENTION
        says = self._says or (self._pusher.says(self._now) if self._pusher is not None else "")
        if self._retry.is_open:
            says = self._retry.says
        if self._final or self._retry.is_open or (state is State.LIVE and (self._refused or says)):
            state = State.ATTENTION
        since = None if connected else self._offline_since
        return Standing(state, self._waiting, behind, older, self._refused, since, says, self._offset, dict(cursors))
