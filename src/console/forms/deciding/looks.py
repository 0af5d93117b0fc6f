"""What an expression can look at, read from its text alone: which items of the form, which names, and the time.

With that only what depends on an answer is evaluated again, on a response that holds nothing else, and it is known
which questions a score rests on. What cannot be told is taken to be everything.
"""

from collections.abc import Iterable, Mapping

from msgspec import Struct

from console.forms.fhirpath.trees import Tree, called, may_be, path

_CLOCK = ("now", "today", "timeOfDay")
_PER_ELEMENT = ("where", "select", "all", "exists", "repeat", "aggregate", "sort", "iif", "trace", "coalesce")
_ANYWHERE = ("iif", *_CLOCK)
"""Functions that do not look at what they are called on."""
_DOWN = ("item", "answer")
_FIXED = ("qitem", "ucum", "sct", "loinc")


class Looks(Struct, frozen=True):
    """What an expression looks at. ``links`` is ``None`` when that may be any item."""

    links: frozenset[str] | None = frozenset()
    names: frozenset[str] = frozenset()
    """The variables it names, those that every expression has aside."""
    time: bool = False
    defined: frozenset[str] | None = frozenset()
    """The items whose definition in the form it looks at, whatever was answered to them."""

    def with_(self, other: "Looks") -> "Looks":
        """What two expressions look at together."""
        links, defined = _both(self.links, other.links), _both(self.defined, other.defined)
        return Looks(links, self.names | other.names, self.time or other.time, defined)


def _both(one: frozenset[str] | None, other: frozenset[str] | None) -> frozenset[str] | None:
    return None if one is None or other is None else one | other


def looked_at(tree: Tree, here: str, subtrees: Mapping[str, tuple[str, ...]]) -> Looks:
    """What the expression looks at when it stands at the item ``here`` (empty: at the form).

    ``subtrees`` has the link ids of an item and of everything in it; the empty one is the form.
    """
    return _Reader(here, subtrees).read(tree)


class _Reader:
    def __init__(self, here: str, subtrees: Mapping[str, tuple[str, ...]]) -> None:
        self.here = here
        self.subtrees = subtrees
        self.links: frozenset[str] | None = frozenset()
        self.defined: frozenset[str] | None = frozenset()
        self.names: set[str] = set()
        self.time = False

    def read(self, tree: Tree) -> Looks:
        self._visit(tree, at_start=True)
        return Looks(self.links, frozenset(self.names), self.time, self.defined)

    def _visit(self, tree: Tree, at_start: bool) -> None:
        """``at_start``: whether a path without a start begins where the expression stands, not at some element."""
        start, steps = path(tree)
        if start is None:
            for child in tree.get("children", ()):
                self._visit(child, at_start)
            return
        for number, step in enumerate(steps):
            name, arguments = called(step)
            self.time = self.time or name in _CLOCK
            inner = name in _PER_ELEMENT and not (number == 0 and name == "iif" and start == "context")
            for argument in arguments:
                self._visit(argument, at_start and not inner)
            if step["type"] == "IndexerExpression":
                self._visit(step["children"][1], at_start)
        if start == "context" and (not at_start or (steps and called(steps[0])[0] in _ANYWHERE)):
            return  # inside elements that have been counted already, or at none
        if start in ("resource", "rootResource"):
            self.links = _both(self.links, self._reached(steps, self.subtrees[""], inside=False))
        elif start == "questionnaire":
            self.defined = _both(self.defined, self._reached(steps, self.subtrees[""], inside=False))
        elif start == "context":
            self.links = _both(self.links, self._reached(steps, self.subtrees[self.here], inside=bool(self.here)))
        elif isinstance(start, dict):
            self._visit(start, at_start)
        elif start not in _FIXED and not start.startswith(("vs-", "ext-")):
            self.names.add(start)

    def _reached(self, steps: Iterable[Tree], among: tuple[str, ...], inside: bool) -> frozenset[str] | None:
        """The items that a path reaches which starts at an element that holds the items ``among``; ``None``: any."""
        reached: list[str] | None = list(among) if inside else None
        filtered = False
        for step in steps:
            name, arguments = called(step)
            if step["type"] == "MemberInvocation" and name == "QuestionnaireResponse":
                continue
            if (step["type"] == "MemberInvocation" and name in _DOWN) or name in ("descendants", "children", "repeat"):
                if filtered and reached is not None and name == "item":
                    among = tuple(dict.fromkeys(one for link in reached for one in self.subtrees[link] if one != link))
                    reached, filtered = list(among), False
                reached = list(among) if reached is None else reached
                continue
            if name in ("where", "exists") and arguments and reached is not None and not filtered:
                kept = [link for link in reached if may_be(arguments[0], link) is not False]
                filtered = len(kept) < len(reached)
                reached = kept
                if filtered:
                    continue
            if reached is None and step["type"] == "MemberInvocation":
                return frozenset()  # something else of the document
            break
        reached = list(among) if reached is None else reached
        if not filtered and not (inside and reached and self.here == reached[0]):
            return None if set(reached) == set(self.subtrees[""]) else frozenset(reached)
        return frozenset(one for link in reached for one in self.subtrees[link])
