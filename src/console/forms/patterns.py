"""Regular expressions from documents, matched in bounded time.

A form brings the pattern that an answer must have (extension ``regex``). Python's own engine backtracks: one pattern
such as ``(a+)+b`` would hold the program up for years. Here a pattern is turned into functions from *all* positions a
match may have reached to all it may reach next, so nothing is tried twice, and the steps are counted: a pattern that
would still take too many is not decided.

Understood are alternatives, groups, classes with ranges, ``. \\d \\w \\s \\p{L}`` and their opposites, ``* + ? {n,m}``,
``^ $ \\b`` and looking ahead. Looking behind, back references and inline flags are not. ``\\d \\w \\s`` are ASCII, as
in Java and JavaScript. The whole text has to match, as FHIR has it for its own patterns
(https://hl7.org/fhir/R4/datatypes.html).
"""

import unicodedata
from collections.abc import Callable, Iterable, Set
from functools import lru_cache

MAX_STEPS = 100_000
"""Positions looked at before a match is given up: some tens of milliseconds."""
_MAX_PATTERN = 2_000
_MAX_DEPTH = 40
_MAX_COUNT = 10_000
_KINDS = "C Cc Cf Co L Ll Lm Lo Lt Lu M Mc Me Mn N Nd Nl No P Pc Pd Pe Pf Pi Po Ps S Sc Sk Sm So Z Zs"
_CATEGORIES = frozenset(_KINDS.split())
_CONTROLS = {"n": "\n", "r": "\r", "t": "\t", "f": "\f", "v": "\v", "0": "\0"}

Test = Callable[[str], bool]


class _Steps:
    def __init__(self) -> None:
        self.left = MAX_STEPS

    def take(self, count: int) -> None:
        self.left -= count + 1
        if self.left < 0:
            raise _TooManyStepsError


class _TooManyStepsError(Exception):
    pass


Node = Callable[[str, Set[int], _Steps], Set[int]]


class UnreadablePatternError(ValueError):
    """The pattern is not one this module understands; says why."""


def matches(pattern: str, text: str) -> bool | None:
    """Whether the whole text has this pattern; ``None`` when that would take more than :data:`MAX_STEPS`.

    Raises :class:`UnreadablePatternError` for a pattern that cannot be read.
    """
    try:
        return len(text) in _read(pattern)(text, {0}, _Steps())
    except _TooManyStepsError:
        return None


def check_pattern(pattern: str) -> None:
    """Raise :class:`UnreadablePatternError` unless the pattern can be read."""
    _read(pattern)


@lru_cache(maxsize=256)
def _read(pattern: str) -> Node:
    if len(pattern) > _MAX_PATTERN:
        raise UnreadablePatternError(f"it is longer than {_MAX_PATTERN} characters")
    reader = _Reader(pattern)
    node = reader.alternatives(0)
    if not reader.at_end:
        raise UnreadablePatternError("a parenthesis is closed that was not opened")
    return node


class _Reader:
    """Recursive descent, one method for each level of the grammar."""

    def __init__(self, pattern: str) -> None:
        self.pattern = pattern
        self.here = 0

    @property
    def at_end(self) -> bool:
        return self.here >= len(self.pattern)

    def take(self, *words: str) -> str:
        """The first of these words that stands here, passed over; else nothing."""
        found = next((word for word in words if self.pattern.startswith(word, self.here)), "")
        self.here += len(found)
        return found

    def next(self) -> str:
        if self.at_end:
            raise UnreadablePatternError("it ends too early")
        self.here += 1
        return self.pattern[self.here - 1]

    def until(self, end: str) -> str:
        close = self.pattern.find(end, self.here)
        if close < 0:
            raise UnreadablePatternError(f"'{end}' is missing")
        found, self.here = self.pattern[self.here : close], close + len(end)
        return found

    def alternatives(self, depth: int) -> Node:
        if depth > _MAX_DEPTH:
            raise UnreadablePatternError("it is nested too deeply")
        branches = [self.sequence(depth)]
        while self.take("|"):
            branches.append(self.sequence(depth))
        return branches[0] if len(branches) == 1 else _either(branches)

    def sequence(self, depth: int) -> Node:
        parts = []
        while not self.at_end and self.pattern[self.here] not in "|)":
            parts.append(self.counted(depth))
        return _one_after_another(parts)

    def counted(self, depth: int) -> Node:
        node = self.atom(depth)
        while sign := self.take("*", "+", "?", "{"):
            least, most = {"*": (0, None), "+": (1, None), "?": (0, 1)}.get(sign) or self.counts()
            self.take("?", "+")  # how eager it is changes what a group holds, not what matches
            node = _repeated(node, least, most)
        return node

    def counts(self) -> tuple[int, int | None]:
        least, comma, most = self.until("}").partition(",")
        if not all(each.isascii() and each.isdecimal() for each in (least, most or "0")):
            raise UnreadablePatternError("a number of repetitions cannot be read")
        found = int(least), (int(most) if most else None) if comma else int(least)
        if max(found[0], found[1] or 0) > _MAX_COUNT or (found[1] is not None and found[1] < found[0]):
            raise UnreadablePatternError("a number of repetitions is out of range")
        return found

    def atom(self, depth: int) -> Node:
        letter = self.next()
        match letter:
            case "(":
                return self.group(depth)
            case "[":
                return _letter(self.letters())
            case ".":
                return _letter(lambda each: each != "\n")
            case "^":
                return _where(lambda text, at: at == 0)
            case "$":
                return _where(lambda text, at: at == len(text))
            case "\\":
                if edge := self.take("b", "B"):
                    return _where(lambda text, at: _at_word_edge(text, at) is (edge == "b"))
                return _letter(self.escape())
            case "*" | "+" | "?" | "{":
                raise UnreadablePatternError(f"'{letter}' has nothing to repeat")
            case _:
                return _letter(lambda each: each == letter)

    def group(self, depth: int) -> Node:
        kind = self.take("?:", "?=", "?!", "?<=", "?<!", "?P<", "?<", "?")
        if kind in ("?<=", "?<!", "?"):
            raise UnreadablePatternError("it looks behind or sets flags, which is not supported")
        if kind in ("?P<", "?<"):
            self.until(">")
        node = self.alternatives(depth + 1)
        if not self.take(")"):
            raise UnreadablePatternError("a parenthesis is not closed")
        return _ahead(node, kind == "?=") if kind in ("?=", "?!") else node

    def escape(self) -> Test:
        letter = self.next()
        if letter in "dws":
            return _SHORT[letter]
        if letter in "DWS":
            return _not(_SHORT[letter.lower()])
        if letter in "pP":
            name = self.until("}") if self.take("{") else self.next()
            if name not in _CATEGORIES:
                raise UnreadablePatternError("it names a kind of letters that is not supported")
            return _in_category(name) if letter == "p" else _not(_in_category(name))
        return _equals(self.escaped(letter))

    def escaped(self, letter: str) -> str:
        """The character an escape stands for."""
        if letter in "xu":
            digits = "".join(self.next() for _ in range(2 if letter == "x" else 4))
            try:
                return chr(int(digits, 16))
            except ValueError as error:
                raise UnreadablePatternError("a character given by its number cannot be read") from error
        if letter in _CONTROLS:
            return _CONTROLS[letter]
        if letter.isascii() and letter.isalnum():
            raise UnreadablePatternError(f"'\\{letter}' is not supported")
        return letter

    def letters(self) -> Test:
        """The inside of ``[…]``."""
        negated = bool(self.take("^"))
        tests: list[Test] = []
        while not self.take("]") or not tests:
            first = self.one_of_class()
            if isinstance(first, str) and self.pattern[self.here : self.here + 2] not in ("-]", "-") and self.take("-"):
                last = self.one_of_class()
                if not isinstance(last, str) or last < first:
                    raise UnreadablePatternError("a range of letters cannot be read")
                tests.append(_between(first, last))
            else:
                tests.append(_equals(first) if isinstance(first, str) else first)
        found = _any(tests)
        return _not(found) if negated else found

    def one_of_class(self) -> str | Test:
        if self.here and self.pattern[self.here - 1 : self.here + 1] == "[]":
            self.here += 1
            return "]"
        letter = self.next()
        if letter != "\\":
            return letter
        if self.pattern[self.here : self.here + 1] in set("dwsDWSpP"):
            return self.escape()
        return "\b" if self.take("b") else self.escaped(self.next())


def _word(letter: str) -> bool:
    return letter.isascii() and (letter.isalnum() or letter == "_")


_SHORT: dict[str, Test] = {
    "d": lambda letter: letter in "0123456789",
    "w": _word,
    "s": lambda letter: letter in " \t\n\r\f\v",
}


def _equals(wanted: str) -> Test:
    return lambda letter: letter == wanted


def _between(first: str, last: str) -> Test:
    return lambda letter: first <= letter <= last


def _in_category(name: str) -> Test:
    return lambda letter: unicodedata.category(letter).startswith(name)


def _any(tests: Iterable[Test]) -> Test:
    kept = tuple(tests)
    return lambda letter: any(test(letter) for test in kept)


def _not(test: Test) -> Test:
    return lambda letter: not test(letter)


def _at_word_edge(text: str, at: int) -> bool:
    before, after = at > 0 and _word(text[at - 1]), at < len(text) and _word(text[at])
    return before is not after


def _letter(test: Test) -> Node:
    def run(text: str, reached: Set[int], steps: _Steps) -> Set[int]:
        steps.take(len(reached))
        return {at + 1 for at in reached if at < len(text) and test(text[at])}

    return run


def _where(holds: Callable[[str, int], bool]) -> Node:
    def run(text: str, reached: Set[int], steps: _Steps) -> Set[int]:
        steps.take(len(reached))
        return {at for at in reached if holds(text, at)}

    return run


def _ahead(node: Node, wanted: bool) -> Node:
    def run(text: str, reached: Set[int], steps: _Steps) -> Set[int]:
        return {at for at in reached if bool(node(text, {at}, steps)) is wanted}

    return run


def _one_after_another(parts: list[Node]) -> Node:
    def run(text: str, reached: Set[int], steps: _Steps) -> Set[int]:
        for part in parts:
            if not reached:
                break
            reached = part(text, reached, steps)
        return reached

    return run


def _either(branches: list[Node]) -> Node:
    def run(text: str, reached: Set[int], steps: _Steps) -> Set[int]:
        return {at for branch in branches for at in branch(text, reached, steps)}

    return run


def _repeated(node: Node, least: int, most: int | None) -> Node:
    def run(text: str, reached: Set[int], steps: _Steps) -> Set[int]:
        count = 0
        while reached and count < least:
            after = node(text, reached, steps)
            steps.take(0)
            count = least if after == reached else count + 1
            reached = after
        found, fresh = set(reached), reached
        while fresh and (most is None or count < most):
            steps.take(0)
            fresh = node(text, fresh, steps) - found
            found |= fresh
            count += 1
        return found

    return run
