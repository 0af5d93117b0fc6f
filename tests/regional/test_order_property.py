"""Whatever order pushes come in, grouped, repeated and cut off as they may be: one order, without a hole."""

import itertools
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from regional.access import Member
from regional.database import Database, Work
from regional.ordering import Outcome, Submission, order
from regional.reading import page_after
from regional.rights import RightsCache
from tests.regional.desk import Writing
from wire.envelope import Entry, uuid7, verify_chain
from wire.messages import Verdict
from wire.order import START, link_after
from wire.permissions import Role

_centers = itertools.count()
_CLINICIAN = (Role.CLINICIAN,)


class Lost(Exception):
    """The transaction does not come to its end."""


@st.composite
def runs(draw: st.DrawFn) -> list[list[tuple[int, int, int, bool]]]:
    """Groups of pushes: which desk, from which of its entries, how many; and whether the commit comes about."""
    push = st.tuples(st.integers(0, 2), st.integers(0, 9), st.integers(1, 6), st.booleans())
    return draw(st.lists(st.lists(push, min_size=1, max_size=4), min_size=1, max_size=8))


def _write(desk: Writing, number: int, kinds: list[int]) -> list[Entry]:
    clinical = f"{desk.center}/clinical"
    made: list[Entry] = []
    for kind in kinds:
        act = uuid7()
        if kind == 0:
            made.append(desk.entry(act=act))
        elif kind == 1:
            made.append(desk.entry(by="stranger", act=act))
        elif kind == 2:
            made += [desk.entry(act=act), desk.entry("moon.phased", journal=clinical, by="ann", act=act)]
        elif kind == 3:
            made += [desk.entry(act=act), desk.entry("encounter.noted", journal=clinical, act=act)]
        else:
            made.append(desk.derived(f'{{"picture":{number % 2}}}'))
    return made


@given(runs=runs(), kinds=st.lists(st.lists(st.integers(0, 4), min_size=4, max_size=4), min_size=3, max_size=3))
def test_any_interleaving_of_pushes_makes_one_order(
    database: Database, runs: list[list[tuple[int, int, int, bool]]], kinds: list[list[int]]
) -> None:
    """1. The server MUST give each accepted entry of a journal the next `seq`: 1, 2, 3 … without a hole …"""
    center = f"center-{next(_centers)}"
    cache = RightsCache()
    desks = [Writing(center) for _ in range(3)]
    members = [Member(center, desk.device, desk.device, True, 0) for desk in desks]

    def ordered(submissions: list[Submission], *, commits: bool = True) -> Outcome:
        def job(work: Work) -> Outcome:
            outcome = order(work, cache, submissions, 1)
            if not commits:
                raise Lost
            return outcome

        outcome = database.write(job)
        for rights in outcome.rights:
            cache.keep(rights)
        return outcome

    founding = [*desks[0].founding(), desks[0].adding("ann", *_CLINICIAN)]
    ordered([Submission(members[0], tuple(founding))])
    entries = [_write(desk, number, kinds[number]) for number, desk in enumerate(desks)]
    had: dict[UUID, tuple[int | None, bytes | None]] = {}
    everything = [[(desk, 0, 99, True)] for desk in range(3)]
    for group in [*runs, *everything]:
        submissions = []
        for desk, begin, count, _ in group:
            acts = [list(act) for _, act in itertools.groupby(entries[desk], key=lambda entry: entry.act)]
            pushed = [entry for act in acts[begin : begin + count] for entry in act]
            submissions.append(Submission(members[desk], tuple(pushed)))
        try:
            outcome = ordered(submissions, commits=all(push[3] for push in group))
        except Lost:
            cache = RightsCache()
            continue
        for submission, results in zip(submissions, outcome.results, strict=True):
            assert [result.id for result in results] == [entry.id for entry in submission.entries]
            for result in results:
                if result.verdict is Verdict.ACCEPTED:
                    assert result.id not in had
                    had[result.id] = (result.seq, result.link)
                elif result.verdict is Verdict.HAD:
                    assert had[result.id] == (result.seq, result.link)
                else:
                    assert result.id not in had
    for audience in ("operations", "clinical", "administration"):
        page = database.read(lambda work, audience=audience: page_after(work, f"{center}/{audience}", 1, 0, 1_000))
        link = START
        for place, entry in enumerate(page.entries, 1):
            assert entry.seq == place
            link = link_after(link, entry)
            if audience != "administration":
                assert had.pop(entry.id) == (place, link)
        assert page.end.link == link
        assert page.head == len(page.entries)
        for desk in desks:
            counts = [entry.n for entry in page.entries if entry.device == desk.device and entry.n]
            assert counts == sorted(counts)
    assert not had
    # At the end everything that any desk may write has its place, and nothing else has.
    acts_refused = sum(kinds[desk].count(3) for desk in range(3))
    places = database.read(lambda work: page_after(work, f"{center}/operations", 1, 0, 1_000)).head
    pictures = len({entry.id for desk in entries for entry in desk if entry.n is None})
    good = sum(kinds[desk].count(0) + kinds[desk].count(2) for desk in range(3))
    assert places == good + pictures
    refused = database.read(lambda work: work.row("SELECT count(*) FROM refusal WHERE center = ?", (center,)))[0]
    assert refused == sum(kinds[desk].count(1) for desk in range(3)) + 2 * acts_refused
    assert not list(verify_chain(founding))
