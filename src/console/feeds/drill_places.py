"""Places and people of a drill: where in the invented city, and who, by a seed."""

from random import Random

import msgspec

from console.feeds.scenario import City

_BLOCK_NORTH = 0.0019
_BLOCK_EAST = 0.0025
_NUMBERS = (40, 100)
"""The last two digits of callers' numbers; the city's services have those below."""


class Place(msgspec.Struct, frozen=True):
    """Somewhere in the city, as its CAD would write it."""

    address: str
    street: str
    latitude: float
    longitude: float


class Somebody(msgspec.Struct, frozen=True):
    """An invented person with an invented number (555-0100 to 555-0199 belong to fiction)."""

    first: str
    last: str
    number: str


class Townsfolk:
    """Draws places and people. The same random gives the same ones."""

    def __init__(self, city: City, random: Random) -> None:
        self._city = city
        self._random = random

    def place(self, kind: str) -> Place:
        """A place of a kind: house, apartment, corner, road or landmark:NAME."""
        city, random = self._city, self._random
        form, _, landmark = kind.partition(":")
        if form == "landmark":
            north, east = city.landmarks[landmark]
            return Place(landmark, landmark, north, east)
        row = random.randrange(len(city.streets))
        column = random.randrange(len(city.avenues))
        street = city.streets[row]
        if form == "corner":
            address = f"{street} / {city.avenues[column]}"
            return self._at(address, street, row, float(column))
        number = random.randrange(2, 98)
        address = f"{(column + 1) * 100 + number} {street}"
        if form == "apartment":
            address += f", apt {random.randrange(1, 5)}{random.choice('ABCD')}"
        elif form == "road":
            address = f"{(column + 1) * 100} block {street}"
        return self._at(address, street, row, column + number / 100)

    def _at(self, address: str, street: str, row: int, column: float) -> Place:
        north = self._city.latitude + row * _BLOCK_NORTH
        east = self._city.longitude + column * _BLOCK_EAST
        return Place(address, street, round(north, 5), round(east, 5))

    def somebody(self, names: str = "mf") -> Somebody:
        """A person; ``names`` says whose first names to draw from, "m", "f" or both."""
        city, random = self._city, self._random
        firsts = (city.men if "m" in names else ()) + (city.women if "f" in names else ())
        number = f"{city.area_code}-555-01{random.randrange(*_NUMBERS):02d}"
        return Somebody(random.choice(firsts), random.choice(city.surnames), number)
