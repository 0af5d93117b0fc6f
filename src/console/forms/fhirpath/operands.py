"""What the engine hands to a function: nodes, read as the values they stand for.

Nothing here repeats a value in what it raises: the values are answers of a person.
"""

from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from typing import Any

from fhirpathpy.engine import nodes, util
from fhirpathpy.models import models

from console.forms.fhirpath.moments import Moment, moment

MAX_SIZE = 50_000
"""Values in a collection and characters in a text, at most."""
MODEL = models["r4"]
_NUMBERS = ("valueInteger", "valueDecimal", "valueQuantity")
_WORDS = ("valueCoding", "valueString")
_LARGEST = 10**28
_KINDS = {"date": "Date", "dateTime": "DateTime", "instant": "DateTime", "time": "Time"}


class Unfit(ValueError):
    """The parts of an expression do not fit together. The message never holds a value."""


class Part(dict[str, Any]):
    """A JSON object of a response, or an option of a form, that knows the item it belongs to (:func:`marked`)."""

    __slots__ = ("link_id",)
    link_id: str


def marked(link_id: str, held: Any) -> Any:
    """A copy of JSON in which every object is a :class:`Part`, down to the items in it, which are left as they are."""
    if isinstance(held, list):
        return [marked(link_id, one) for one in held]
    if not isinstance(held, dict):
        return held
    part = Part({key: one if key == "item" else marked(link_id, one) for key, one in held.items()})
    part.link_id = link_id
    return part


class Seen:
    """Which items an evaluation met, by link id: what shows that a formula reads what it rests on.

    Only what is a :class:`Part` is noticed.
    """

    def __init__(self) -> None:
        self.reached: set[str] = set()
        """Something of the item was looked at, be it only its link id."""
        self.read: set[str] = set()
        """Its answer was."""
        self.weighed: set[str] = set()
        """A score of its answer was looked for."""
        self.scored: set[str] = set()
        """And found."""
        self.missed: set[str] = set()
        """Its answer was looked for as a number of a type that it is not."""
        self.held: set[str] = set()
        """Its answer was found as a value of the type that it is."""
        self.merged: set[str] = set()
        """Numbers of which several alike, and none of them zero, became one, as text."""
        self.picked: set[str] = set()
        """Its answer, or what is made of it, was picked from several, as by ``first()``."""
        self.dropped: set[str] = set()
        """And left aside so."""
        self.compared: set[tuple[str, str | bool | None]] = set()
        """With which text or truth its answer was compared; ``None`` for one that it cannot be like."""

    def add(self, other: "Seen") -> None:
        for mine, theirs in zip(vars(self).values(), vars(other).values(), strict=True):
            mine |= theirs

    def compare(self, one: Any, others: list[Any]) -> None:
        """A node was compared with these."""
        link_id, held = origin(one), util.get_data(one)
        if not link_id or str(one.path).startswith("System.") or "url" in getattr(one, "holder", ()):
            return
        for other in map(util.get_data, others):
            if isinstance(other, str | bool) or isinstance(held, bool):
                alike = isinstance(held, bool) is isinstance(other, bool) and not isinstance(held, dict)
                self.compared.add((link_id, other if alike else None))

    def member(self, node: Any, name: str, found: list[Any]) -> None:
        """``name`` was looked up in a node, and this was there."""
        data = util.get_data(node)
        if isinstance(data, bool) and (link_id := origin(node)):
            self.compared.add((link_id, None))
        if not isinstance(data, Part):
            return
        if "linkId" in data:
            self.reached.add(data.link_id)
            if name == "answer" and found:
                self.read.add(data.link_id)
            return
        if "url" not in data and found and name.startswith("value") and name != "value":
            self.held.add(data.link_id)
        elif "url" not in data and name in _NUMBERS:
            self.missed.add(data.link_id)
        elif name in _WORDS and "valueBoolean" in data:
            self.compared.add((data.link_id, None))
        self.read.add(data.link_id)
        if name == "extension":
            self.weighed.add(data.link_id)
        if "url" in data and any(is_number(util.get_data(one)) for one in found):
            self.scored.add(data.link_id)


def origin(node: Any) -> str:
    """The link id of the item in whose answer a node stands, or of whose answer it is the score; else empty."""
    data = util.get_data(node)
    part = data if isinstance(data, Part) else getattr(node, "holder", None)
    return part.link_id if isinstance(part, Part) and "linkId" not in part else ""


def value(node: Any) -> Any:
    """What stands behind a node of the engine, with its type: a moment, a quantity, a decimal, or as it is."""
    data = util.get_data(node)
    if isinstance(node, nodes.ResourceNode):
        kind = _KINDS.get(str(node.path))
        if kind and isinstance(data, str):
            return moment(data, kind) or data
        if isinstance(data, dict) and "value" in data and {"unit", "code", "system"} & data.keys():
            code, number = data.get("code"), util.get_data(data["value"])
            return nodes.FP_Quantity(number, f"'{code or data.get('unit') or '1'}'")
    if isinstance(data, nodes.FP_TimeBase):
        return moment(data.asStr, "Time" if isinstance(data, nodes.FP_Time) else "") or data.asStr
    return data


def single(found: list[Any]) -> Any:
    """The one value of a collection that may not have more (a primitive and its extensions count as one)."""
    if len(found) > 1 and not is_only_extension(found[1]):
        raise Unfit("one value is needed where there are several")
    return value(found[0])


def is_only_extension(node: Any) -> bool:
    data = util.get_data(node)
    return isinstance(data, dict) and data.keys() <= {"extension", "id"}


def number(found: Any) -> Decimal | int:
    if isinstance(found, bool) or not isinstance(found, int | Decimal):
        raise Unfit("a number is needed")
    if not -_LARGEST <= found <= _LARGEST:
        raise Unfit("a number in it is too large")
    return found


def text_of(found: list[Any]) -> str:
    text = single(found)
    if isinstance(text, Moment):
        return text.text
    if not isinstance(text, str):
        raise Unfit("a text is needed")
    return text


def is_number(found: Any) -> bool:
    return isinstance(found, int | Decimal) and not isinstance(found, bool)


def rounded(number: Any, places: int) -> Decimal:
    return Decimal(number).quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)


def short(text: str) -> str:
    if len(text) > MAX_SIZE:
        raise Unfit("it makes a text that is too long")
    return text


@lru_cache(maxsize=4096)
def _place(path: str | None, name: str) -> tuple[str, tuple[str, ...]]:
    """The type or place of a child, and the types that ``name[x]`` can have there."""
    below = f"{path}.{name}" if path else name
    below = MODEL["pathsDefinedElsewhere"].get(below, below)
    kind = "Extension" if name == "extension" else MODEL["path2Type"].get(below, below)
    return kind, tuple(MODEL["choiceTypePaths"].get(below, ()))


def children(node: Any, name: str) -> list[Any]:
    """What stands in ``name`` of one node, typed by the model of FHIR's paths: ``value`` finds ``valueCoding``."""
    data = util.get_data(node)
    if not isinstance(data, dict):
        return [data.value] if isinstance(data, nodes.FP_Quantity) and name == "value" else []
    path = getattr(node, "path", None)
    below, kinds = _place(path, name)
    if kinds and name not in data:
        name = next((f"{name}{kind}" for kind in kinds if f"{name}{kind}" in data), name)
        below = _place(path, name)[0]
    make = nodes.ResourceNode
    found = []
    for held in (data.get(name), data.get(f"_{name}")):
        if isinstance(held, list):
            found += [make(one, below) for one in held if one is not None]
        elif held is not None:
            found.append(make(held, below))
            if name.startswith("value") or isinstance(data, Part):
                found[-1].holder = data
    return found


def operand(found: list[Any]) -> Any:
    """What an operator of the engine's own that works on single values expects."""
    return value(found[0]) if len(found) == 1 else found
