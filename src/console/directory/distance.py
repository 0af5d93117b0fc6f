"""How far apart two places are, and how that is said in a country that drives in miles."""

import math
from collections.abc import Sequence

from console.errors import KnownError

EARTH_RADIUS_KM = 6371.0088
"""Mean radius of the earth (IUGG), for a sphere: off by at most 0.6 % from the ellipsoid, which no driver notices."""

KM_PER_MILE = 1.609344

Place = tuple[float, float]
"""Latitude and longitude in degrees (WGS 84)."""


def kilometers(here: Place, there: Place) -> float:
    """The great-circle distance (haversine) between two places."""
    latitude, longitude = math.radians(here[0]), math.radians(here[1])
    to_latitude, to_longitude = math.radians(there[0]), math.radians(there[1])
    half_chord = (
        math.sin((to_latitude - latitude) / 2) ** 2
        + math.cos(latitude) * math.cos(to_latitude) * math.sin((to_longitude - longitude) / 2) ** 2
    )
    return 2 * EARTH_RADIUS_KM * math.asin(math.sqrt(min(1.0, half_chord)))


def distance_text(distance_km: float) -> str:
    """The distance in miles as people say it: "under 0.1 mi", "1.2 mi", "14 mi"."""
    miles = distance_km / KM_PER_MILE
    if miles < 0.1:
        return "under 0.1 mi"
    return f"{miles:.1f} mi" if miles < 9.95 else f"{miles:,.0f} mi"


def place_of(latitude: float | None, longitude: float | None) -> Place | None:
    """Both coordinates as a place, or None when either is missing or off the globe."""
    if latitude is None or longitude is None:
        return None
    return (latitude, longitude) if _on_the_globe((latitude, longitude)) else None


def read_place(words: str) -> Place:
    """A place written "LAT,LON" in decimal degrees; raises :class:`KnownError` for anything else."""
    try:
        place = tuple(float(part) for part in words.split(","))
    except ValueError:
        place = ()
    if len(place) != 2 or not _on_the_globe(place):
        raise KnownError(f"“{words}” is not a place. Write latitude and longitude in degrees, such as 41.60,-93.61.")
    return place[0], place[1]


def _on_the_globe(place: Sequence[float]) -> bool:
    return abs(place[0]) <= 90 and abs(place[1]) <= 180  # false for NaN as well
