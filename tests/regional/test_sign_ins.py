"""Wrong passwords hold back the desk they were typed at, and hardly any other."""

import pytest

from regional import sign_ins
from regional.access import Member
from regional.clock import Clock
from regional.database import Database
from regional.errors import Rejected
from regional.rights import RightsCache
from regional.sign_ins import FORGOTTEN, FREE_DESKS, FREE_TRIES, LONGEST_WAIT, SHORT_WAIT, begin, finish
from tests.regional.desk import NOON
from wire.envelope import uuid7
from wire.messages import SignInRequest

SECOND = 1_000_000


class Trying(Clock):
    """People of one center who try passwords, at a time that is moved by hand."""

    def __init__(self, database: Database, center: str) -> None:
        self.database = database
        self.center = center
        self.cache = RightsCache()
        self.at = NOON

    def now(self) -> int:
        return self.at

    def desk(self) -> Member:
        desk = uuid7()
        return Member(self.center, desk, desk, False, 0)

    def wrong(self, desk: Member, times: int = 1, name: str = "ann") -> None:
        for _ in range(times):
            self.database.write(lambda work: begin(work, self.cache, self, desk, SignInRequest(name, "wrong")))

    def waits(self, desk: Member, name: str = "ann") -> float:
        """For how many seconds the next try at this desk has to wait."""
        with pytest.raises(Rejected) as rejected:
            self.wrong(desk, name=name)
        assert rejected.value.status == 429
        assert "in 0 s" not in rejected.value.reason
        return rejected.value.retry_after

    def wrong_for_good(self, desk: Member) -> None:
        """As many wrong ones as somebody can try in a quarter of an hour."""
        self.wrong(desk, FREE_TRIES)
        for _ in range(10):
            self.at += round(self.waits(desk) * SECOND)
            self.wrong(desk)


@pytest.fixture
def trying(database: Database, center: str) -> Trying:
    return Trying(database, center)


def test_nobody_is_told_to_wait_no_time(trying: Trying) -> None:
    desk = trying.desk()
    trying.wrong(desk, FREE_TRIES)
    trying.at += round(trying.waits(desk) * SECOND) - 1
    assert 0 < trying.waits(desk) < 0.5


def test_wrong_passwords_make_the_next_try_at_the_desk_wait_longer_and_longer(trying: Trying) -> None:
    desk, waits = trying.desk(), []
    trying.wrong(desk, FREE_TRIES - 1)
    for _ in range(12):
        trying.wrong(desk)
        waits.append(trying.waits(desk))
        trying.at += round(waits[-1] * SECOND) - 1
        assert trying.waits(desk) > 0
        trying.at += 1
    assert waits == [1, 2, 4, 8, 16, 32, 64, 128, 256, LONGEST_WAIT, LONGEST_WAIT, LONGEST_WAIT]


def test_nobody_is_kept_from_signing_in_by_what_happens_at_another_desk(trying: Trying) -> None:
    stolen, own = trying.desk(), trying.desk()
    trying.wrong_for_good(stolen)
    assert trying.waits(stolen) > 100
    trying.wrong(own, FREE_TRIES)
    assert trying.waits(own) == 1
    trying.wrong(stolen, name="bob")


def test_wrong_passwords_at_several_desks_hold_all_of_them_a_little(trying: Trying) -> None:
    desks, own = [trying.desk() for _ in range(FREE_DESKS)], trying.desk()
    for desk in desks[:-1]:
        trying.wrong(desk, FREE_TRIES)
    trying.wrong(desks[-1], FREE_TRIES - 1)
    trying.wrong(own)
    assert trying.waits(own) == SHORT_WAIT
    trying.at += SHORT_WAIT * SECOND
    trying.wrong(own)
    trying.wrong(own, name="bob")


def test_the_right_password_ends_the_wait_of_its_desk_alone(trying: Trying) -> None:
    stolen, own = trying.desk(), trying.desk()
    trying.wrong(stolen, FREE_TRIES)
    trying.wrong(own, FREE_TRIES)

    def right(work: sign_ins.Work) -> None:
        user = sign_ins.user_id(trying.center, "ann")
        finish(work, trying, own, user, "a verifier", right=True)

    trying.database.write(right)
    trying.wrong(own, FREE_TRIES)
    assert trying.waits(stolen) == 1


def test_after_a_day_a_wrong_password_counts_no_more(trying: Trying) -> None:
    desk = trying.desk()
    trying.wrong_for_good(desk)
    trying.at += FORGOTTEN
    trying.wrong(desk, FREE_TRIES)
    assert trying.waits(desk) == 1


def test_a_clock_that_was_set_back_holds_nobody_for_longer(trying: Trying) -> None:
    desk = trying.desk()
    trying.wrong(desk, FREE_TRIES)
    trying.at -= 9 * FORGOTTEN
    assert trying.waits(desk) == 1
