"""Distances over the earth, and how they are said."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.directory.distance import EARTH_RADIUS_KM, distance_text, kilometers, place_of, read_place
from console.errors import KnownError

places = st.tuples(st.floats(-90, 90), st.floats(-180, 180))


@pytest.mark.parametrize(
    ("here", "there", "expected"),
    [
        ((0.0, 0.0), (0.0, 0.0), 0.0),
        ((0.0, 0.0), (0.0, 180.0), math.pi * EARTH_RADIUS_KM),
        ((90.0, 10.0), (90.0, -170.0), 0.0),
        ((41.0, -93.7), (42.0, -93.7), math.pi * EARTH_RADIUS_KM / 180),
        ((0.0, 179.5), (0.0, -179.5), math.pi * EARTH_RADIUS_KM / 180),
        ((36.12, -86.67), (33.94, -118.40), 2886.45),  # Nashville to Los Angeles airport, a published example
    ],
)
def test_known_distances(here: tuple[float, float], there: tuple[float, float], expected: float) -> None:
    assert kilometers(here, there) == pytest.approx(expected, rel=1e-5, abs=1e-6)


@given(places, places)
def test_there_and_back_is_as_far_and_never_farther_than_half_around(
    here: tuple[float, float], there: tuple[float, float]
) -> None:
    distance = kilometers(here, there)
    assert distance == pytest.approx(kilometers(there, here), abs=1e-6)
    assert 0 <= distance <= math.pi * EARTH_RADIUS_KM + 1e-6


@given(places, places)
def test_it_is_the_angle_between_two_vectors(here: tuple[float, float], there: tuple[float, float]) -> None:
    def vector(place: tuple[float, float]) -> tuple[float, float, float]:
        north, east = map(math.radians, place)
        return math.cos(north) * math.cos(east), math.cos(north) * math.sin(east), math.sin(north)

    dot = sum(a * b for a, b in zip(vector(here), vector(there), strict=True))
    assert kilometers(here, there) == pytest.approx(EARTH_RADIUS_KM * math.acos(max(-1.0, min(1.0, dot))), abs=0.2)


@pytest.mark.parametrize(
    ("km", "text"),
    [(0.0, "under 0.1 mi"), (0.16, "under 0.1 mi"), (0.17, "0.1 mi"), (1.93, "1.2 mi"), (16.0, "9.9 mi"),
     (16.1, "10 mi"), (2253.0, "1,400 mi")],
)  # fmt: skip
def test_distance_in_words(km: float, text: str) -> None:
    assert distance_text(km) == text


def test_a_place_is_two_coordinates_on_the_globe() -> None:
    assert place_of(41.6, -93.7) == (41.6, -93.7)
    assert place_of(None, -93.7) is None
    assert place_of(41.6, None) is None
    assert place_of(float("nan"), -93.7) is None
    assert place_of(91.0, 0.0) is None


def test_a_place_is_read_from_two_numbers() -> None:
    assert read_place("41.60, -93.61") == (41.60, -93.61)
    for words in ("", "41.6", "41.6,-93.6,2", "north,west", "91,0", "0,181", "nan,0"):
        with pytest.raises(KnownError, match="is not a place"):
            read_place(words)
