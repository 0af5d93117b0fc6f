"""Reading the formulas that are only a sum.

Most scored forms carry their total as a FHIRPath ``calculatedExpression``. FHIRPath is not evaluated here, but nearly
all of these formulas say one thing: add up the scores of the options chosen in these items. That much is recognized,
word for word, and then summed natively, where a missing answer means "not scored" and not zero. Anything that is not
exactly one of the shapes below is not guessed at.
"""

import re
from collections.abc import Iterator, Mapping

from console.forms.model import Item, Kind

_TOKEN = re.compile(r"\s+|'(?:[^'\\]|\\.)*'|%\w+|[A-Za-z_]\w*|\d+(?:\.\d+)?|!=|[^\s\w]")
_STRING = r"'([^'\\]*)'"
_URL = r"(?:'[^'\\]*'|%\w+)"
_SUM = re.compile(
    r"%resource\.(?P<scope>item\.descendants\(\)|descendants\(\)|repeat\(item\)|item)"
    r"(?:\.where\((?P<filter>linkId(?:[^()]|\([^()]*\))*)\))?"
    r"\.answer(?:\.value|\.valueCoding)?"
    rf"(?:\.(?:weight|ordinal)\(\)|\.extension(?:\.where\(url=|\(){_URL}\)\.value(?:Decimal)?)"
    r"\.sum\(\)"
)
_SCOPES = r"(?:item|item\.descendants\(\)|descendants\(\)|repeat\(item\))"
_WEIGHT = re.compile(
    rf"%questionnaire\.{_SCOPES}\.where\(linkId=(?P<option>'[^'\\]*')\)\.answerOption"
    rf"\.where\(valueCoding\.code=%resource\.{_SCOPES}\.where\(linkId=(?P<answer>'[^'\\]*')\)\.answer\.valueCoding\.code\)"
    rf"\.extension(?:\.where\(url=|\(){_URL}\)\.value(?:Decimal)?"
)
_GUARDED = re.compile(r"iif\((?P<condition>[^,]+),(?P<sum>.+),\{\}\)")
_TERM = re.compile(r"%(\w+)|iif\(%(\w+)\.exists\(\),%(\w+),0\)")


def summed_items(
    expression: str, variables: Mapping[str, str], by_id: Mapping[str, Item], parents: Mapping[str, str]
) -> tuple[str, ...] | None:
    """The scored items whose option scores the expression adds up, or ``None`` when it is not a plain sum of any.

    ``variables`` holds the named expressions in scope where the formula stands.
    """
    named = {name: _normal(text) for name, text in variables.items()}
    tight = _normal(expression)
    seen: set[str] = set()
    while tight.startswith("%") and tight[1:] in named and tight[1:] not in seen:
        seen.add(tight[1:])
        tight = named[tight[1:]]
    found = _filtered(tight, by_id, parents)
    return (found if found is not None else _added(tight, named, by_id)) or None


def _normal(expression: str) -> str:
    """The expression with all optional white space taken out; empty when it holds something that is no token."""
    tokens = [match[0] for match in _TOKEN.finditer(expression) if not match[0].isspace()]
    return "".join(f" {token} " if token in ("and", "or", "in") else token for token in tokens)


def _filtered(tight: str, by_id: Mapping[str, Item], parents: Mapping[str, str]) -> tuple[str, ...] | None:
    """The shape ``%resource.item.where(linkId…).answer.weight().sum()`` and its kin."""
    match = _SUM.fullmatch(tight)
    if not match:
        return None
    wanted = _link_filter(match["filter"] or "")
    if wanted is None:
        return None
    return tuple(
        link_id for link_id in _in_scope(match["scope"], by_id, parents) if by_id[link_id].is_scored and wanted(link_id)
    )


class _LinkFilter:
    """Which link ids a ``where`` lets through."""

    def __init__(self, operator: str, names: tuple[str, ...]) -> None:
        self.operator = operator
        self.names = names

    def __call__(self, link_id: str) -> bool:
        match self.operator:
            case "startsWith":
                return link_id.startswith(self.names[0])
            case "!=":
                return link_id != self.names[0]
            case "":
                return True
            case _:
                return link_id in self.names


def _link_filter(text: str) -> _LinkFilter | None:
    if not text:
        return _LinkFilter("", ())
    if match := re.fullmatch(rf"linkId\.(startsWith)\({_STRING}\)|linkId(!?=){_STRING}", text):
        return _LinkFilter(match[1] or match[3], (match[2] if match[1] else match[4],))
    if re.fullmatch(rf"linkId in \({_STRING}(?:\|{_STRING})*\)", text):
        return _LinkFilter("in", tuple(re.findall(_STRING, text)))
    return None


def _in_scope(scope: str, by_id: Mapping[str, Item], parents: Mapping[str, str]) -> Iterator[str]:
    for link_id in by_id:
        around = []
        parent = parents[link_id]
        while parent:
            around.append(by_id[parent].kind)
            parent = parents[parent]
        match scope:
            case "item":
                reached = not around
            case "item.descendants()":
                reached = bool(around)
            case "repeat(item)":
                reached = all(kind is Kind.GROUP for kind in around)
            case _:
                reached = True
        if reached:
            yield link_id


def _added(tight: str, named: Mapping[str, str], by_id: Mapping[str, Item]) -> tuple[str, ...] | None:
    """The shape ``iif(<all exist>, %a + %b + …, {})``, where each variable is the weight of one item's answer."""
    guarded = _GUARDED.fullmatch(tight)
    if guarded and not _only_existence(guarded["condition"], named, 0):
        return None
    chosen = []
    for term in (guarded["sum"] if guarded else tight).split("+"):
        match = _TERM.fullmatch(term)
        if not match or match[2] != match[3]:
            return None
        weight = _WEIGHT.fullmatch(named.get(match[1] or match[2], ""))
        if not weight or weight["option"] != weight["answer"]:
            return None
        item = by_id.get(weight["option"][1:-1])
        if item is None or not item.is_scored:
            return None
        chosen.append(item.link_id)
    return tuple(chosen) if len(set(chosen)) == len(chosen) else None


def _only_existence(condition: str, named: Mapping[str, str], depth: int) -> bool:
    """Whether a condition asks nothing but whether the weights exist."""
    for part in re.split(r" and | or ", condition):
        match = re.fullmatch(r"%(\w+)(\.exists\(\))?", part)
        if not match or match[1] not in named or depth > len(named):
            return False
        if not match[2] and not _only_existence(named[match[1]], named, depth + 1):
            return False
    return True
