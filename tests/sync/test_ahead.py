"""While one thing is done the next is fetched: the sync core's pages and pushes do not wait for each other."""

import random
from collections.abc import Iterable
from uuid import uuid4

import pytest
from msgspec.structs import replace

from console.models.call import CallMessaged
from console.models.store.exchange import BEGINNING, Cursor
from console.models.store.outbox import Unsent
from console.sync.core import NO_PROGRESS, Core
from console.sync.events import (
    BecomeNewDevice,
    Connected,
    Effect,
    Event,
    Hang,
    Lost,
    OwnLinks,
    PutBack,
    ReadLinks,
    ReadOutbox,
    Ready,
    Recalled,
    Received,
    Report,
    Send,
    Standing,
    State,
    Take,
    TakeOlder,
    Tick,
)
from console.sync.follower import CHECK_EVERY, MOST_TAKEN, Follower
from console.sync.pace import HARD, Pace
from console.sync.pusher import COME_TOO_EARLY, LONG, LONGEST_RETRY, RETRY, Pusher
from console.sync.retry import FIRST_DELAY
from tests.support.entries import Author, at
from wire.envelope import Entry
from wire.messages import (
    SILENT_AFTER,
    Beat,
    Links,
    Page,
    Point,
    Probe,
    Pull,
    Push,
    Refusal,
    Result,
    Results,
    Verdict,
    Welcome,
)

JOURNAL = "northside/operations"


def place(seq: int) -> Point:
    return Point(seq, bytes([seq % 256]) * 32)


def page(start: int, end: int, head: int) -> Page:
    return Page(JOURNAL, 1, place(start), (), place(end), head, asked=True)


def entries(count: int) -> tuple[Entry, ...]:
    author, subject = Author(), uuid4()
    return tuple(author.write(subject, CallMessaged(at(), "words")) for _ in range(count))


def welcome() -> Welcome:
    return Welcome(1, "test", 1, 0, {JOURNAL: place(0)}, (JOURNAL,))


def accepted(batch: int, sent: tuple[Entry, ...], verdict: Verdict = Verdict.ACCEPTED) -> Results:
    return Results(batch, 1, tuple(Result(entry.id, verdict) for entry in sent))


def test_the_next_page_is_asked_for_while_one_is_taken() -> None:
    follower = Follower(JOURNAL, Cursor(place(10), place(0)), place(40))
    assert list(follower.go_on()) == [Send(Pull(JOURNAL, after=10))]
    first, second = page(10, 20, 40), page(20, 40, 40)
    assert list(follower.page(first)) == [Take(first), Send(Pull(JOURNAL, after=20))]
    assert list(follower.page(second)) == [], "one at a time, and there is nothing behind it to ask for"
    assert list(follower.stands(Cursor(place(20), place(0)))) == [Take(second)]
    assert list(follower.stands(Cursor(place(40), place(0)))) == []


def test_a_page_that_was_not_taken_is_asked_for_again() -> None:
    follower = Follower(JOURNAL, Cursor(place(10), place(0)), place(20))
    list(follower.go_on())
    list(follower.page(page(10, 20, 20)))
    assert list(follower.stands(Cursor(place(10), place(0)))) == [Send(Pull(JOURNAL, after=10))]


def test_no_more_pages_are_asked_for_than_are_wanted_at_hand() -> None:
    follower = Follower(JOURNAL, Cursor(place(0), BEGINNING), place(200))
    list(follower.go_on())
    asked = [sum(isinstance(each, Send) for each in follower.page(page(at, at + 10, 200))) for at in (0, 10, 20)]
    assert asked == [1, 1, 0]


def test_pages_that_came_meanwhile_are_taken_together_as_far_as_one_transaction_goes() -> None:
    follower, sent = Follower(JOURNAL, Cursor(place(0), BEGINNING), place(0)), entries(MOST_TAKEN + 3)
    live = [Page(JOURNAL, 1, place(at), (sent[at],), place(at + 1), at + 1) for at in range(3)]
    large = Page(JOURNAL, 1, place(3), sent[3:], place(MOST_TAKEN + 3), MOST_TAKEN + 3)
    assert list(follower.page(live[0])) == [Take(live[0])]
    for more in (live[1], live[1], live[2], large):
        assert list(follower.page(more)) == []
    (taken,) = follower.stands(Cursor(place(1), BEGINNING))
    assert isinstance(taken, Take)
    assert (taken.page.start, taken.page.end, taken.page.entries) == (place(1), place(3), sent[1:3])
    assert list(follower.stands(Cursor(place(3), BEGINNING))) == [Take(large)]


def test_older_pages_are_asked_for_ahead_as_well_and_taken_from_the_newest_on() -> None:
    follower = Follower(JOURNAL, Cursor(place(40), place(40)), place(40))
    assert list(follower.go_on()) == [Send(Pull(JOURNAL, before=41))]
    newer, older = page(20, 40, 40), page(0, 20, 40)
    assert list(follower.page(newer)) == [TakeOlder(newer), Send(Pull(JOURNAL, before=21))]
    assert list(follower.page(older)) == []
    assert list(follower.stands(Cursor(place(40), place(20)))) == [TakeOlder(older)]
    assert list(follower.stands(Cursor(place(40), place(0)))) == []


def test_what_is_stored_is_checked_in_parts_that_let_pages_in_between() -> None:
    floor, end = place(10), place(2 * MOST_TAKEN + 15)
    follower = Follower(JOURNAL, Cursor(end, floor), end)
    for start in (0.0, CHECK_EVERY):
        known = floor
        for seq in (MOST_TAKEN + 10, 2 * MOST_TAKEN + 10):
            assert list(follower.check(start)) == [ReadLinks(JOURNAL, (seq,), known)]
            assert list(follower.check(start)) == [], "one part at a time"
            known = Point(seq, bytes(32))
            assert follower.checked({seq: known.link})
        assert list(follower.check(start)) == [ReadLinks(JOURNAL, (end.seq,), known)]
        assert follower.checked({end.seq: end.link})
        assert list(follower.check(start + CHECK_EVERY - 1)) == [], "then it rests, and begins anew"


@pytest.mark.parametrize("found", [{}, {20: bytes(32)}])
def test_a_link_that_is_another_one_or_cannot_be_worked_out_is_told(found: dict[int, bytes]) -> None:
    follower = Follower(JOURNAL, Cursor(place(20), place(10)), place(20))
    assert list(follower.check(0.0)) == [ReadLinks(JOURNAL, (20,), place(10))]
    assert not follower.checked(found)


def test_two_pushes_are_under_way_at_most_and_what_comes_behind_is_read_and_waits_for_an_answer() -> None:
    """13. A desk MUST push its entries in the order it made them, with two pushes under way at most."""
    pusher, (one, two, three) = Pusher(welcome()), (entries(2), entries(1), entries(1))
    assert [type(each) for each in pusher.go_on(0.0)] == [ReadOutbox]
    sent, reads = pusher.ready(Ready(one, 2, 2), 0.0)
    assert sent == Send(Push(1, one))
    assert isinstance(reads, ReadOutbox)
    assert reads.behind == 2
    sent, reads = pusher.ready(Ready(two, 3, 1), 0.0)
    assert sent == Send(Push(2, two))
    assert isinstance(reads, ReadOutbox)
    assert reads.behind == 3
    assert list(pusher.ready(Ready(three, 4, 0), 0.0)) == []
    assert list(pusher.results(accepted(1, one), 0.0)) == [Send(Push(3, three))], "nothing more is known to wait"


def test_what_is_entered_goes_out_as_it_was_stored_and_only_once() -> None:
    pusher, (one, two) = Pusher(welcome()), (entries(2), entries(1))
    list(pusher.go_on(0.0))
    list(pusher.ready(Ready((), 0, 0), 0.0))
    assert list(pusher.entered(Unsent(one, 5, 0), 0.0)) == [Send(Push(1, one))], "nobody reads it once more"
    assert list(pusher.entered(Unsent(two, 8, 5), 0.0)) == [Send(Push(2, two))]
    list(pusher.go_on(0.0))
    list(pusher.ready(Ready(entries(1), 9, 0), 0.0))
    assert list(pusher.entered(Unsent(entries(1), 9, 8), 0.0)) == [], "it was read before the word of it came"


@pytest.mark.parametrize("case", ["something waits before it", "the outbox is being read", "it is too much"])
def test_what_is_entered_is_read_with_the_rest_where_it_is_not_what_comes_next(case: str) -> None:
    """13. A desk MUST push its entries in the order it made them …"""
    most = 1 if case == "it is too much" else 500
    pusher, one = Pusher(replace(welcome(), most_entries=most)), entries(2)
    list(pusher.go_on(0.0))
    if case != "the outbox is being read":
        list(pusher.ready(Ready((), 0, 0), 0.0))
    effects = list(pusher.entered(Unsent(one, 5, 3 if case == "something waits before it" else 0), 0.0))
    if case == "the outbox is being read":
        assert effects == []
        effects = list(pusher.ready(Ready((), 0, 0), 0.0))
    (reads,) = effects
    assert isinstance(reads, ReadOutbox)
    assert reads.behind == 0


def test_on_a_link_that_had_to_be_given_smaller_pieces_one_push_is_under_way() -> None:
    pace, (one, two) = Pace(), (entries(2), entries(1))
    pace.moved(0.0, carried=False)
    for _ in range(2):
        pace.broke(HARD + 1, busy=True)
    pusher = Pusher(welcome(), pace)
    list(pusher.go_on(0.0))
    sent, _ = pusher.ready(Ready(one, 2, 1), 0.0)
    assert sent == Send(Push(1, one))
    assert list(pusher.ready(Ready(two, 3, 0), 0.0)) == []
    assert list(pusher.results(accepted(1, one), 0.0)) == [Send(Push(2, two))]


def test_what_has_to_wait_holds_up_nothing_behind_it_and_is_sent_again_from_the_first_on() -> None:
    """20. An entry that cannot be accepted MUST hold up no other: it is listed with the reason."""
    pusher, (one, two) = Pusher(welcome()), (entries(2), entries(1))
    list(pusher.go_on(0.0))
    list(pusher.ready(Ready(one, 2, 1), 0.0))
    list(pusher.ready(Ready(two, 3, 0), 0.0))
    assert list(pusher.results(accepted(1, one, Verdict.WAITS), 0.0)) == []
    assert list(pusher.results(accepted(2, two), 0.0)) == []
    assert list(pusher.tick(RETRY - 0.1)) == []
    (again,) = pusher.tick(RETRY)
    assert isinstance(again, ReadOutbox)
    assert again.behind == 0


def test_what_waits_for_long_is_sent_again_less_and_less_often() -> None:
    pusher, one, sent, now = Pusher(welcome()), entries(1), list[float](), 0.0
    verdict = Verdict.WAITS

    def do(effects: Iterable[Effect]) -> None:
        for effect in effects:
            match effect:
                case ReadOutbox(behind):
                    do(pusher.ready(Ready(() if behind else one, 1, 0), now))
                case Send(Push(batch)):
                    sent.append(now)
                    do(pusher.results(accepted(batch, one, verdict), now))

    do(pusher.go_on(now))
    for now in range(1, 60):
        do(pusher.tick(now))
    assert sent == [0, 1, 3, 7, 15, 23, 31, 39, 47, 55]
    assert LONGEST_RETRY < NO_PROGRESS
    verdict = Verdict.ACCEPTED
    do(pusher.tick(now := 63))
    do(pusher.tick(now := 64))
    verdict = Verdict.WAITS
    do(pusher.offer_all(now))
    do(pusher.tick(now := 65))
    assert sent[-3:] == [63, 64, 65], "what came through in between begins anew"


def test_a_copy_becomes_a_new_device_once_nothing_is_under_way_any_more() -> None:
    """18. A store whose counts are taken is a copy: it MUST go on as a new device, with all that has no place yet."""
    pusher, (one, two) = Pusher(welcome()), (entries(1), entries(1))
    list(pusher.go_on(0.0))
    list(pusher.ready(Ready(one, 1, 1), 0.0))
    list(pusher.ready(Ready(two, 2, 0), 0.0))
    fork = Results(1, 1, (Result(one[0].id, Verdict.REFUSED, refusal=Refusal.FORK),))
    list(pusher.results(fork, 0.0))
    assert list(pusher.new_device()) == [], "what becomes of the second is not known"
    list(pusher.results(accepted(2, two, Verdict.WAITS), 0.0))
    assert list(pusher.tick(RETRY)) == [], "nothing goes out again under counts that are taken"
    (renews,) = pusher.new_device()
    assert isinstance(renews, BecomeNewDevice)
    assert renews.others == {one[0].device}


def test_what_is_offered_again_while_the_outbox_is_read_is_not_passed_by() -> None:
    pusher = Pusher(welcome())
    list(pusher.go_on(0.0))
    assert list(pusher.offer_all(0.0)) == []
    (again,) = pusher.ready(Ready(entries(1), 9, 0), 0.0)
    assert isinstance(again, ReadOutbox)
    assert again.behind == 0


def test_a_desk_that_looks_for_long_where_both_agree_goes_on_beating_and_is_not_torn_down() -> None:
    core, now = Core("test", random.Random(1)), 0.0
    here = Cursor(place(9), BEGINNING)

    def step(event: Event) -> list[Effect]:
        return core.step(event, now, 0)

    step(Tick())
    step(Connected())
    step(Recalled(1, {JOURNAL: here}, 0))
    asked = step(Received(replace(welcome(), epoch=2)))
    assert any(isinstance(each, Send) and isinstance(each.frame, Probe) for each in asked)
    looks = step(Received(Links(JOURNAL, 2, {})))
    assert any(isinstance(each, ReadLinks) for each in looks)
    done: list[Effect] = []
    while now < 60:  # the store reads a journal of years
        now += 1.0
        done += step(Tick())
        if any(isinstance(each, Send) for each in done[-2:]):
            done += step(Received(Beat(0, 1, 2)))
    assert not [each for each in done if isinstance(each, Hang)]
    beats = [each.frame for each in done if isinstance(each, Send) and isinstance(each.frame, Beat)]
    assert len(beats) > 60 / SILENT_AFTER
    assert all(beat.unsent is not None for beat in beats), "the operator sees what waits at a desk"
    found = step(OwnLinks(JOURNAL, {}))
    assert PutBack(JOURNAL, BEGINNING) in found


def test_what_was_read_for_an_earlier_connection_is_not_sent_over_the_next() -> None:
    """13. A desk MUST push its entries in the order it made them."""
    core, now = Core("test", random.Random(1)), 0.0

    def step(event: Event) -> list[Effect]:
        return core.step(event, now, 0)

    def looks_again() -> ReadOutbox:
        step(Tick())
        step(Connected())
        step(Recalled(1, {}, 6))
        (asked,) = (each for each in step(Received(welcome())) if isinstance(each, ReadOutbox))
        return asked

    made = entries(6)
    asked = looks_again()
    (asked,) = (each for each in step(Ready(made[:4], 4, 2, asked.connection)) if isinstance(each, ReadOutbox))
    assert asked.behind == 4
    step(Lost("cut"))
    now += FIRST_DELAY
    anew = looks_again()
    assert anew.behind == 0
    assert step(Ready(made[4:], 6, 0, asked.connection)) == [], "the store was slow to find it"
    sent, *_ = step(Ready(made[:4], 4, 2, anew.connection))
    assert isinstance(sent, Send)
    assert isinstance(sent.frame, Push)
    assert sent.frame.entries == made[:4]


def test_a_person_is_told_when_entries_come_too_early_for_long_until_they_do_not() -> None:
    core, now, sent = Core("test", random.Random(1)), 0.0, entries(1)
    told: list[Standing] = []
    verdict = Verdict.WAITS

    def step(event: Event) -> None:
        """What the store answers at once, and the server after it."""
        for effect in core.step(event, now, 0):
            match effect:
                case Report(standing):
                    told.append(standing)
                case ReadOutbox(behind, connection=asks):
                    step(Ready(() if behind else sent, 1, 0, asks))
                case Send(Push(batch, pushed)):
                    step(Received(accepted(batch, pushed, verdict)))

    step(Tick())
    step(Connected())
    step(Recalled(1, {}, 1))
    step(Received(welcome()))

    def go_on(until: float) -> None:
        nonlocal now
        while now < until:
            now += 1.0
            step(Received(Beat(0, 1, 1, {JOURNAL: place(0)})))
            step(Tick())

    go_on(LONG - 1)
    assert {standing.state for standing in told[-20:]} <= {State.OFFLINE, State.CATCHING_UP, State.LIVE}
    go_on(LONG + 5)
    assert (told[-1].state, told[-1].says) == (State.ATTENTION, COME_TOO_EARLY)
    verdict = Verdict.ACCEPTED
    go_on(LONG + 5 + LONGEST_RETRY + 2)
    assert (told[-1].state, told[-1].says) == (State.LIVE, "")
