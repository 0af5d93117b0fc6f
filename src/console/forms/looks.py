"""What an expression can look at, read from its text alone: which items of the form, which names, and the time.

With that only what depends on an answer is evaluated again, on a response that holds nothing else, and it is known
which questions a score rests on. What cannot be told is taken to be everything.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from msgspec import Struct

Tree = dict[str, Any]
_CLOCK = ("now", "today", "timeOfDay")
_PER_ELEMENT = ("where", "select", "all", "exists", "repeat", "aggregate", "sort", "iif", "trace", "coalesce")
_ANYWHERE = ("iif", *_CLOCK)
"""Functions that do not look at what they are called on."""
_DOWN = ("item", "answer")
_FIXED = ("qitem", "ucum", "sct", "loinc")
_TEXT_TESTS: Mapping[str, Callable[[str, str], bool]] = {
    "startsWith": str.startswith,
    "endsWith": str.endswith,
    "contains": lambda text, part: part in text,
}


class Looks(Struct, frozen=True):
    """What an expression looks at. ``links`` is ``None`` when that may be any item."""

    links: frozenset[str] | None = frozenset()
    names: frozenset[str] = frozenset()
    """The variables it names, those that every expression has aside."""
    time: bool = False

    def with_(self, other: "Looks") -> "Looks":
        """What two expressions look at together."""
        links = None if self.links is None or other.links is None else self.links | other.links
        return Looks(links, self.names | other.names, self.time or other.time)


def looked_at(tree: Tree, here: str, subtrees: Mapping[str, tuple[str, ...]]) -> Looks:
    """What the expression looks at when it stands at the item ``here`` (empty: at the form).

    ``subtrees`` has the link ids of an item and of everything in it; the empty one is the form.
    """
    return _Reader(here, subtrees).read(tree)


class _Reader:
    def __init__(self, here: str, subtrees: Mapping[str, tuple[str, ...]]) -> None:
        self.here = here
        self.subtrees = subtrees
        self.links: set[str] | None = set()
        self.names: set[str] = set()
        self.time = False

    def read(self, tree: Tree) -> Looks:
        self._visit(tree, at_start=True)
        return Looks(None if self.links is None else frozenset(self.links), frozenset(self.names), self.time)

    def _visit(self, tree: Tree, at_start: bool) -> None:
        """``at_start``: whether a path without a start begins where the expression stands, not at some element."""
        start, steps = _path(tree)
        if start is None:
            for child in tree.get("children", ()):
                self._visit(child, at_start)
            return
        for number, step in enumerate(steps):
            name, arguments = _called(step)
            self.time = self.time or name in _CLOCK
            inner = name in _PER_ELEMENT and not (number == 0 and name == "iif" and start == "context")
            for argument in arguments:
                self._visit(argument, at_start and not inner)
            if step["type"] == "IndexerExpression":
                self._visit(step["children"][1], at_start)
        if start == "context" and (not at_start or (steps and _called(steps[0])[0] in _ANYWHERE)):
            return  # inside elements that have been counted already, or at none
        if start in ("resource", "rootResource", "questionnaire"):
            self._follow(steps, self.subtrees[""], inside=False)
        elif start == "context":
            self._follow(steps, self.subtrees[self.here], inside=bool(self.here))
        elif isinstance(start, dict):
            self._visit(start, at_start)
        elif start not in _FIXED and not start.startswith(("vs-", "ext-")):
            self.names.add(start)

    def _follow(self, steps: Iterable[Tree], among: tuple[str, ...], inside: bool) -> None:
        """Counts the items that a path reaches which starts at an element that holds the items ``among``."""
        reached: list[str] | None = list(among) if inside else None
        filtered = False
        for step in steps:
            name, arguments = _called(step)
            if step["type"] == "MemberInvocation" and name == "QuestionnaireResponse":
                continue
            if (step["type"] == "MemberInvocation" and name in _DOWN) or name in ("descendants", "children", "repeat"):
                if filtered and reached is not None and name == "item":
                    among = tuple(dict.fromkeys(one for link in reached for one in self.subtrees[link] if one != link))
                    reached, filtered = list(among), False
                reached = list(among) if reached is None else reached
                continue
            if name in ("where", "exists") and arguments and reached is not None and not filtered:
                kept = [link for link in reached if _may_be(arguments[0], link) is not False]
                filtered = len(kept) < len(reached)
                reached = kept
                if filtered:
                    continue
            if reached is None and step["type"] == "MemberInvocation":
                return  # something else of the document
            break
        reached = list(among) if reached is None else reached
        if not filtered and not (inside and reached and self.here == reached[0]):
            wide = set(reached) == set(self.subtrees[""])
            self.links = None if wide or self.links is None else self.links | set(reached)
        elif self.links is not None:
            self.links |= {one for link in reached for one in self.subtrees[link]}


def _path(tree: Tree) -> tuple[Any, list[Tree]]:
    """A path as (start, steps): the start is a name, ``"context"``, another expression, or ``None`` for no path."""
    steps: list[Tree] = []
    while tree["type"] in ("InvocationExpression", "IndexerExpression"):
        steps.append(tree if tree["type"] == "IndexerExpression" else tree["children"][1])
        tree = tree["children"][0]
    match tree["type"]:
        case "MemberInvocation" | "FunctionInvocation":
            return "context", [tree, *steps[::-1]]
        case "ThisInvocation":
            return "context", steps[::-1]
        case "ExternalConstantTerm":
            return _name(tree), steps[::-1]
    return (tree if steps else None), steps[::-1]


def _name(tree: Tree) -> str:
    constant = tree["children"][0]
    if constant.get("children"):
        return str(constant["children"][0]["text"]).strip("`")
    return str(constant["terminalNodeText"][-1]).strip("'")


def _called(step: Tree) -> tuple[str, list[Tree]]:
    """The name and the arguments of one step."""
    if step["type"] == "MemberInvocation":
        return str(step["children"][0]["text"]).strip("`"), []
    if step["type"] != "FunctionInvocation":
        return "", []
    written = step["children"][0]["children"]
    return str(written[0]["text"]).strip("`"), written[1]["children"] if len(written) > 1 else []


def _may_be(test: Tree, link_id: str) -> bool | None:
    """Whether an item with this link id passes a test; ``None`` when that depends on more."""
    children = test.get("children", [])
    match test["type"], (test.get("terminalNodeText") or [""])[0]:
        case "BooleanLiteral", word:
            return bool(word == "true")
        case "AndExpression", _:
            return _both(*(_may_be(child, link_id) for child in children))
        case "OrExpression", "or":
            return _not(_both(*(_not(_may_be(child, link_id)) for child in children)))
        case "EqualityExpression", "=" | "!=" as sign:
            text = _against(children)
            return None if text is None else (link_id in text) is (sign == "=")
        case "MembershipExpression", "in":
            texts = list(_texts(children[1])) if _is_link_id(children[0]) else [None]
            return None if None in texts else link_id in texts
        case "InvocationExpression", _:
            return _tested(children, link_id)
    return None


def _tested(children: list[Tree], link_id: str) -> bool | None:
    name, arguments = _called(children[1])
    if name == "not":
        return _not(_may_be(children[0], link_id))
    if not _is_link_id(children[0]) or len(arguments) != 1 or arguments[0]["type"] != "StringLiteral":
        return None
    if name == "matches":
        try:
            return re.search(arguments[0]["value"], link_id, re.DOTALL) is not None
        except re.error:
            return None
    return _TEXT_TESTS[name](link_id, arguments[0]["value"]) if name in _TEXT_TESTS else None


def _against(children: list[Tree]) -> list[str] | None:
    for one, other in (children, children[::-1]):
        if _is_link_id(one) and other["type"] == "StringLiteral":
            return [other["value"]]
    return None


def _is_link_id(tree: Tree) -> bool:
    start, steps = _path(tree)
    return start == "context" and [_called(step)[0] for step in steps] == ["linkId"]


def _texts(tree: Tree) -> Iterator[str | None]:
    if tree["type"] == "UnionExpression":
        for child in tree["children"]:
            yield from _texts(child)
    else:
        yield tree["value"] if tree["type"] == "StringLiteral" else None


def _both(one: bool | None, other: bool | None) -> bool | None:
    return False if one is False or other is False else None if one is None or other is None else True


def _not(one: bool | None) -> bool | None:
    return None if one is None else not one
