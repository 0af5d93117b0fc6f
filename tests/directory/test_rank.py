"""What stands first and why."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from console.directory.csv_import import read_services, service_id
from console.directory.hours import ALWAYS, Opening
from console.directory.rank import Candidate, Wanted, query_words, rank, verification
from console.models.service import ServiceDescribed

AT = datetime(2026, 11, 21, 18, 0, tzinfo=UTC)  # Saturday noon in Chicago
DOWNTOWN = (41.600, -93.700)
WESTSIDE = [
    Candidate(service_id(service.source, service.source_key), service)
    for service in read_services(
        (Path(__file__).parents[2] / "resources" / "directory" / "westside.csv").read_bytes(), AT
    ).services
]


def described(name: str, **facts: object) -> ServiceDescribed:
    return ServiceDescribed(
        **{  # type: ignore[arg-type]
            "at": AT, "source": "own", "source_key": name, "name": name, "time_zone": "America/Chicago",
            "hours": ALWAYS, "verified_on": "2026-11-01", "latitude": 41.6, "longitude": -93.7, **facts,
        }
    )  # fmt: skip


def names(candidates: list[Candidate], wanted: Wanted) -> list[str]:
    return [hit.described.name for hit in rank(candidates, wanted, AT).hits]


def candidates(*services: ServiceDescribed, fit: tuple[float, ...] = ()) -> list[Candidate]:
    fits = fit or (0.0,) * len(services)
    return [
        Candidate(UUID(int=number), service, fit)
        for number, (service, fit) in enumerate(zip(services, fits, strict=True))
    ]


def test_a_hit_says_why_it_stands_there() -> None:
    detox = described("Detox", needs=("detox", "alcohol"), latitude=41.617, verified_on="2026-08-02")
    (hit,) = rank(candidates(detox), Wanted("alco", ("detox",), DOWNTOWN), AT).hits
    assert hit.why == "matches: detox, alco; 1.2 mi; open 24/7; verified 2026-08-02 (3 months ago)"


def test_a_place_that_nobody_stated_is_said_to_be_unknown() -> None:
    (hit,) = rank(candidates(described("Detox", latitude=None, address="1 Alder St")), Wanted(near=DOWNTOWN), AT).hits
    assert hit.why == "distance not known; open 24/7; verified 2026-11-01 (2 weeks ago)"
    (hit,) = rank(candidates(described("Detox", latitude=None)), Wanted(), AT).hits
    assert hit.why == "open 24/7; verified 2026-11-01 (2 weeks ago)"


def test_a_line_one_calls_stands_between_the_near_and_the_far() -> None:
    line = described("line", latitude=None, phone="988")
    near, far = described("near", latitude=41.62), described("far", latitude=41.72)
    ranked = rank(candidates(far, line, near), Wanted(near=DOWNTOWN), AT)
    assert [(hit.described.name, hit.distance) for hit in ranked.hits] == [
        ("near", "1.4 mi"),
        ("line", "by phone"),
        ("far", "8.3 mi"),
    ]


@pytest.mark.parametrize(
    ("better", "worse"),
    [
        (described("z", latitude=41.601), described("a", latitude=41.7)),
        (described("z", latitude=41.605), described("a", latitude=None)),
        (described("z"), described("a", hours=())),
        (described("z"), described("a", hours=None)),
        (described("z", hours=None), described("a", hours=())),
        (described("z"), described("a", verified_on="2025-11-01")),
        (described("z", verified_on="2025-11-01"), described("a", verified_on="")),
        (described("z", needs=("food", "shelter")), described("a", needs=("food",))),
        (described("a"), described("b")),
    ],
)
def test_one_thing_better_stands_first(better: ServiceDescribed, worse: ServiceDescribed) -> None:
    wanted = Wanted(needs=("food", "shelter") if better.needs else (), near=DOWNTOWN)
    assert names(candidates(worse, better), wanted) == [better.name, worse.name]


def test_a_better_fit_of_the_words_stands_first_but_not_at_any_distance() -> None:
    near, far = described("near", latitude=41.605), described("far", latitude=42.6)
    assert names(candidates(near, far, fit=(-1.0, -4.0)), Wanted("x")) == ["far", "near"]
    assert names(candidates(near, far, fit=(-1.0, -4.0)), Wanted("x", near=DOWNTOWN)) == ["near", "far"]


def test_what_helps_with_none_of_the_needs_is_left_out() -> None:
    found = names(WESTSIDE, Wanted(needs=("Detox", "domestic violence")))
    assert sorted(found) == ["Detox and Sobering Center", "Domestic Violence Hotline and Safe House"]


def test_open_now_hides_what_is_closed_counts_it_and_keeps_what_is_unknown() -> None:
    services = candidates(described("open"), described("closed", hours=()), described("unknown", hours=None))
    ranked = rank(services, Wanted(open_now=True), AT)
    assert [hit.described.name for hit in ranked.hits] == ["open", "unknown"]
    assert ranked.closed_hidden == 1
    assert rank(services, Wanted(), AT).closed_hidden == 0


@given(
    st.permutations(WESTSIDE),
    st.sets(st.sampled_from(["crisis", "shelter", "food", "detox"])),
    st.booleans(),
    st.none() | st.just(DOWNTOWN),
    st.integers(0, 7 * 24),
)
def test_ranking_is_a_matter_of_the_services_only(
    shuffled: list[Candidate], needs: set[str], open_now: bool, near: tuple[float, float] | None, hour: int
) -> None:
    at = AT + timedelta(hours=hour)
    wanted = Wanted(needs=tuple(sorted(needs)), near=near, open_now=open_now)
    ranked = rank(shuffled, wanted, at)
    assert ranked == rank(WESTSIDE, wanted, at)
    assert all(0 < hit.score <= 1 for hit in ranked.hits)
    states = [hit.open.state for hit in ranked.hits]
    assert not (open_now and Opening.CLOSED in states)
    fitting = [each for each in WESTSIDE if not needs or needs & set(each.described.needs)]
    assert len(ranked.hits) + ranked.closed_hidden == len(fitting)


@given(st.floats(41.6, 43), st.floats(41.6, 43))
def test_what_is_farther_never_stands_before_its_twin(one: float, other: float) -> None:
    twins = candidates(described("one", latitude=one), described("other", latitude=other))
    hits = rank(twins, Wanted(near=DOWNTOWN), AT).hits
    assert (hits[0].distance_km or 0) <= (hits[1].distance_km or 0) + 1e-6


@pytest.mark.parametrize(
    ("days", "ago"),
    [(-1, "today"), (0, "today"), (1, "1 day ago"), (6, "6 days ago"), (7, "1 week ago"), (29, "4 weeks ago"),
     (30, "1 month ago"), (364, "12 months ago"), (729, "24 months ago"), (730, "2 years ago")],
)  # fmt: skip
def test_the_age_of_a_verification(days: int, ago: str) -> None:
    on = AT.date() - timedelta(days=days)
    verified = verification(on.isoformat(), AT)
    assert verified.text == f"verified {on} ({ago})"
    assert verified.on == on


def test_a_verification_goes_stale() -> None:
    assert not verification("2026-05-25", AT).stale  # 180 days
    assert verification("2026-05-24", AT).stale
    assert verification("2026-11-20", AT, stale_after_days=0).stale
    never = verification("", AT)
    assert (never.on, never.text, never.stale) == (None, "never verified", True)
    assert verification("2026-05-25", AT).on == date(2026, 5, 25)


def test_the_text_names_another_zone() -> None:
    there = replace(described("Denver"), time_zone="America/Denver", hours=ALWAYS[:6])
    (hit,) = rank(candidates(there), Wanted(), AT, desk_zone="America/Chicago").hits
    assert "open until 24:00 MST" in hit.why


def test_query_words_are_plain_and_each_once() -> None:
    assert query_words(' Détox "food"* NEAR/2 (detox) ') == ("detox", "food", "near", "2")
    assert query_words("-- !") == ()
