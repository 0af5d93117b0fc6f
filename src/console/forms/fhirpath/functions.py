"""The functions that the engine lacks or does differently from the standard, as entries of its own table.

FHIRPath N1, section 5 (http://hl7.org/fhirpath/N1), and SDC 4.0 (``weight``, ``ordinal``). An entry is
``{"fn": f(ctx, input, *arguments), "arity": {number of arguments: their kinds}}``. Nothing here
prints, reads a clock or repeats a value in what it raises: the values are answers of a person.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable
from decimal import Decimal
from typing import Any

import msgspec
from fhirpathpy.engine import nodes, util
from fhirpathpy.engine.invocations import invocation_registry

from console.forms.fhirpath.moments import Moment, moment
from console.forms.fhirpath.operands import (
    MAX_SIZE,
    Part,
    Unfit,
    children,
    is_number,
    number,
    origin,
    rounded,
    short,
    single,
    text_of,
    value,
)
from console.forms.fhirpath.operators import order, truth
from console.forms.patterns import UnreadablePatternError, matches
from console.forms.values import SCORE_URLS

_Call = Callable[..., Any]


def _iif(ctx: Any, given: list[Any], criterion: _Call, then: _Call, otherwise: _Call | None = None) -> Any:
    if len(given) > 1:
        raise Unfit("iif is for one value at a time")
    met = criterion(given)
    if met and not isinstance(single(met), bool):
        raise Unfit("what iif asks is not true or false")
    taken, other = (then, otherwise) if truth(met) else (otherwise, then)
    if other:
        _goes(other, given)  # so that is seen what it looks at as well
    return taken(given) if taken else []


def _goes(branch: _Call, given: list[Any]) -> bool:
    """Whether a branch that is not taken could be evaluated. It need not be."""
    try:
        branch(given)
    except Exception:  # noqa: BLE001 -- the engine raises bare exceptions
        return False
    return True


def _not(ctx: Any, given: list[Any]) -> Any:
    held = truth(given)
    return [] if held is None else not held


def _repeat(ctx: Any, given: list[Any], step: _Call) -> list[Any]:
    seen: set[bytes] = set()
    found: list[Any] = []
    waiting = list(given)
    for node in waiting:
        for new in step(node):
            mark = _mark(new)
            if mark not in seen:
                seen.add(mark)
                found.append(new)
                waiting.append(new)
        if len(waiting) > MAX_SIZE:
            raise Unfit("it goes on without an end")
    return found


def _mark(node: Any) -> bytes:
    return msgspec.json.encode(util.get_data(node), enc_hook=str)


def _numbers(given: list[Any]) -> list[Decimal | int]:
    return [number(value(node)) for node in given]


def _sum(ctx: Any, given: list[Any]) -> Any:
    return sum(_numbers(given)) if given else []


def _extreme(choose: Callable[[Iterable[Any]], Any]) -> _Call:
    def apply(ctx: Any, given: list[Any]) -> Any:
        held = [value(node) for node in given]
        if not held:
            return []
        if not (all(map(is_number, held)) or all(isinstance(one, str) for one in held)):
            raise Unfit("these values have no order")
        return choose(held)

    return apply


def _average(ctx: Any, given: list[Any]) -> Any:
    return Decimal(sum(_numbers(given))) / len(given) if given else []


def _round(ctx: Any, given: list[Any], places: Any = 0) -> Any:
    if not given or places == []:
        return []
    if not 0 <= int(places) <= 28:
        raise Unfit("it rounds to places that no number has")
    return rounded(number(single(given)), int(places))


def _power(ctx: Any, given: list[Any], degree: Any) -> Any:
    base = Decimal(number(single(given)))
    if base < 0 and Decimal(degree) % 1:
        return []
    return base ** Decimal(degree)


def written(held: Any) -> str:
    """A value as ``toString()`` writes it."""
    if isinstance(held, bool):
        return "true" if held else "false"
    if isinstance(held, nodes.FP_Quantity | Moment):
        return str(held)
    return f"{held:f}" if isinstance(held, Decimal) else str(held)


def _to_string(ctx: Any, given: list[Any]) -> Any:
    if not given:
        return []
    held = single(given)
    return [] if isinstance(held, dict) else written(held)


def _to_integer(ctx: Any, given: list[Any]) -> Any:
    if not given:
        return []
    held = single(given)
    if isinstance(held, int):
        return int(held)
    if isinstance(held, str) and re.fullmatch(r"[+-]?\d{1,18}", held):
        return int(held)
    return []


def _to_moment(kind: str) -> _Call:
    def apply(ctx: Any, given: list[Any]) -> Any:
        if not given:
            return []
        held = single(given)
        text = held.text if isinstance(held, Moment) else held
        if not isinstance(text, str):
            return []
        made = moment(text, "Time") if kind == "Time" else moment(text)
        if made is None or kind == "Time":
            return made or []
        if kind == "Date":
            return moment(text.partition("T")[0], "Date") or []
        return Moment("DateTime", made.fields, made.offset, made.text)

    return apply


def _converts(function: _Call) -> _Call:
    return lambda ctx, given: function(ctx, given) != [] if given else []


def _starts(ctx: Any, given: list[Any], part: Any) -> Any:
    return [] if not given or part == [] else text_of(given).startswith(part)


def _ends(ctx: Any, given: list[Any], part: Any) -> Any:
    return [] if not given or part == [] else text_of(given).endswith(part)


def _index_of(ctx: Any, given: list[Any], part: Any) -> Any:
    return [] if not given or part == [] else text_of(given).find(part)


def _replace(ctx: Any, given: list[Any], pattern: Any, by: Any) -> Any:
    return [] if not given or pattern == [] or by == [] else short(text_of(given).replace(pattern, by))


def _matches(whole: bool) -> _Call:
    def apply(ctx: Any, given: list[Any], pattern: Any) -> Any:
        if not given or pattern == []:
            return []
        text = text_of(given)
        if "\\n" not in pattern:
            text = text.replace("\n", " ")  # a dot stands for the end of a line, too
        try:
            found = matches(pattern if whole else f"[\\s\\S]*(?:{pattern})[\\s\\S]*", text)
        except UnreadablePatternError:
            raise Unfit("a regular expression in it cannot be read") from None
        if found is None:
            raise Unfit("a regular expression in it takes too much work")
        return found

    return apply


def _extension(ctx: Any, given: list[Any], url: Any) -> list[Any]:
    held = [util.get_data(node) for node in given]
    ctx["seen"].weighed.update(data.link_id for data in held if isinstance(data, Part) and "linkId" not in data)
    found = [entry for data in held if isinstance(data, dict) for entry in data.get("extension") or ()]
    return [nodes.ResourceNode.create_node(entry, "Extension") for entry in found if entry.get("url") == url]


def _weight(ctx: Any, given: list[Any]) -> list[Any]:
    """SDC: what answers, options or codings are worth, by the score extension on them."""
    found = []
    for node in given:
        data = util.get_data(node)
        data = data if isinstance(data, dict) else getattr(node, "holder", None)  # of a bare value: its answer
        if isinstance(data, Part):
            ctx["seen"].weighed.add(data.link_id)
        for holder in (data, data.get("valueCoding")) if isinstance(data, dict) else ():
            entries = holder.get("extension") or () if isinstance(holder, dict) else ()
            scores = [e.get("valueDecimal", e.get("valueInteger")) for e in entries if e.get("url") in SCORE_URLS]
            if scores and scores[0] is not None:
                worth = util.get_data(scores[0])
                found.append(worth)
                if isinstance(data, Part):
                    ctx["seen"].scored.add(data.link_id)
                    found[-1] = nodes.ResourceNode(
                        worth, f"System.{'Integer' if isinstance(worth, int) else 'Decimal'}"
                    )
                    found[-1].holder = data
                break
    return found


def _once(function: _Call) -> _Call:
    """A function of the engine that keeps one of those alike, and notes of which numbers it did."""

    def apply(ctx: Any, given: list[Any], *others: list[Any]) -> Any:
        held = [value(node) for nodes_of in (given, *others) for node in nodes_of]
        counted = Counter(one for one in held if is_number(one) and one)
        ctx["seen"].merged.update(str(one) for one, times in counted.items() if times > 1)
        return function(ctx, given, *others)

    return apply


def picking(function: _Call) -> _Call:
    """A function of the engine that picks some of several, and notes whose answers it leaves aside."""

    def apply(ctx: Any, given: list[Any], *others: Any) -> Any:
        found = util.arraify(function(ctx, given, *others))
        kept = {id(node) for node in found}
        ctx["seen"].picked.update(filter(None, map(origin, found)))
        ctx["seen"].dropped.update(filter(None, (origin(node) for node in given if id(node) not in kept)))
        return found

    return apply


def _has_value(ctx: Any, given: list[Any]) -> bool:
    return len(given) == 1 and not isinstance(util.get_data(given[0]), dict | list)


def _single_only(ctx: Any, given: list[Any]) -> list[Any]:
    if len(given) > 1:
        raise Unfit("one value is needed where there are several")
    return given


def _children(ctx: Any, given: list[Any]) -> list[Any]:
    found: list[Any] = []
    for node in given:
        data = util.get_data(node)
        for name in data if isinstance(data, dict) else ():
            if name != "resourceType" and not name.startswith("_"):
                found += children(node, name)
    return found


def _descendants(ctx: Any, given: list[Any]) -> list[Any]:
    found: list[Any] = []
    level = given
    while level := _children(ctx, level):
        found += level
        if len(found) > MAX_SIZE:
            raise Unfit("it goes on without an end")
    return found


def _trace(ctx: Any, given: list[Any], *told: Any) -> list[Any]:
    """Passes on what it is given and tells nobody: what a form traces are a person's answers."""
    return given


def _to_boolean(ctx: Any, given: list[Any]) -> Any:
    held = written(single(given)).lower() if given else ""
    if held in ("true", "t", "yes", "y", "1", "1.0"):
        return True
    return False if held in ("false", "f", "no", "n", "0", "0.0") else []


def _sort(ctx: Any, given: list[Any], *by: _Call) -> list[Any]:
    found = list(given)
    for criterion in reversed(by or (lambda node: [node],)):
        found = [
            node for _, node in sorted(((_Rank(criterion(node)), node) for node in found), key=lambda pair: pair[0])
        ]
    return found


class _Rank:
    """A place in an order: what is empty comes first."""

    def __init__(self, found: list[Any]) -> None:
        self.found = found

    def __lt__(self, other: "_Rank") -> bool:
        if not self.found or not other.found:
            return bool(other.found) and not self.found
        return order(self.found, other.found) == -1


def _type(node: Any) -> Any:
    if isinstance(node, Moment):
        return nodes.TypeInfo(node.kind, nodes.TypeInfo.System)
    return nodes.TypeInfo.from_value(node)


def _is(ctx: Any, given: list[Any], kind: Any) -> Any:
    return _type(_single_only(ctx, given)[0]).is_(kind) if given else []


def _as(ctx: Any, given: list[Any], kind: Any) -> Any:
    return _of_type(ctx, _single_only(ctx, given), kind)


def _of_type(ctx: Any, given: list[Any], kind: Any) -> Any:
    found = [node for node in given if _type(node).is_(kind)]
    ctx["seen"].held.update(filter(None, map(origin, found)))
    if str(kind.name).casefold() in ("integer", "decimal", "quantity"):
        kept = {id(node) for node in found}
        ctx["seen"].missed.update(filter(None, (origin(node) for node in given if id(node) not in kept)))
    return found


def _at(ctx: Any, kind: str) -> Moment:
    now = ctx["now"]
    if now is None:
        raise Unfit("it asks for the time, which is not given here")
    text = now.isoformat(timespec="milliseconds")
    made = moment({"Date": text[:10], "Time": text[11:23]}.get(kind, text), kind)
    assert made is not None
    return made


_PART = {1: ["String"]}
_PARTS = {2: ["String", "String"]}
_KIND = {1: ["TypeSpecifier"]}

FUNCTIONS: dict[str, dict[str, Any]] = {
    "not": {"fn": _not},
    "sum": {"fn": _sum},
    "avg": {"fn": _average},
    **{
        name: {**invocation_registry[name], "fn": _once(invocation_registry[name]["fn"])}
        for name in ("|", "union", "distinct")
    },
    **{
        name: {**invocation_registry[name], "fn": picking(invocation_registry[name]["fn"])}
        for name in ("first", "last", "tail", "take", "skip")
    },
    "min": {"fn": _extreme(min)},
    "max": {"fn": _extreme(max)},
    "single": {"fn": _single_only},
    "children": {"fn": _children},
    "descendants": {"fn": _descendants},
    "weight": {"fn": _weight},
    "ordinal": {"fn": _weight},
    "hasValue": {"fn": _has_value},
    "toString": {"fn": _to_string},
    "toInteger": {"fn": _to_integer},
    "toBoolean": {"fn": _to_boolean},
    "toDate": {"fn": _to_moment("Date")},
    "toDateTime": {"fn": _to_moment("DateTime")},
    "toTime": {"fn": _to_moment("Time")},
    "convertsToString": {"fn": _converts(_to_string)},
    "convertsToInteger": {"fn": _converts(_to_integer)},
    "convertsToBoolean": {"fn": _converts(_to_boolean)},
    "convertsToDate": {"fn": _converts(_to_moment("Date"))},
    "convertsToDateTime": {"fn": _converts(_to_moment("DateTime"))},
    "convertsToTime": {"fn": _converts(_to_moment("Time"))},
    "now": {"fn": lambda ctx, _: _at(ctx, "DateTime")},
    "today": {"fn": lambda ctx, _: _at(ctx, "Date")},
    "timeOfDay": {"fn": lambda ctx, _: _at(ctx, "Time")},
    "is": {"fn": _is, "arity": _KIND},
    "as": {"fn": _as, "arity": _KIND},
    "isOp": {"fn": _is, "arity": {2: ["Any", "TypeSpecifier"]}},
    "asOp": {"fn": _as, "arity": {2: ["Any", "TypeSpecifier"]}},
    "ofType": {"fn": _of_type, "arity": _KIND},
    "iif": {"fn": _iif, "arity": {2: ["Expr"] * 2, 3: ["Expr"] * 3}},
    "repeat": {"fn": _repeat, "arity": {1: ["Expr"]}},
    "sort": {"fn": _sort, "variadic": "Expr"},
    "trace": {"fn": _trace, "arity": {1: ["String"], 2: ["String", "Expr"]}},
    "round": {"fn": _round, "arity": {0: [], 1: ["Integer"]}},
    "power": {"fn": _power, "arity": {1: ["Number"]}, "nullable": True},
    "extension": {"fn": _extension, "arity": _PART},
    "startsWith": {"fn": _starts, "arity": _PART},
    "endsWith": {"fn": _ends, "arity": _PART},
    "indexOf": {"fn": _index_of, "arity": _PART},
    "matches": {"fn": _matches(whole=False), "arity": _PART},
    "matchesFull": {"fn": _matches(whole=True), "arity": _PART},
    "replace": {"fn": _replace, "arity": _PARTS},
}
"""What is put over the engine's own table."""
