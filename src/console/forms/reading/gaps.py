"""What is read from the tree of a formula about its gaps: whether one can go unnoticed, and what leads nowhere."""

from collections.abc import Iterator, Mapping

from console.forms import fhirpath
from console.forms.deciding.logic import Logic
from console.forms.deciding.looks import looked_at
from console.forms.fhirpath.trees import TEXT_TESTS, Tree, called, is_link_id, may_be, path, texts
from console.forms.model import Expression, Item

_ARITHMETIC = [f"{name}Expression" for name in ("Multiplicative", "Additive", "Inequality", "Equality", "Polarity")]
_OF_NOTHING = ("&", "~", "!~")
"""Operators among them that make something of nothing."""
_OF_ONE = frozenset(
    [
        "abs",
        "ceiling",
        "exp",
        "floor",
        "ln",
        "log",
        "power",
        "round",
        "sqrt",
        "truncate",
        "toInteger",
        "toDecimal",
        "toString",
        "toQuantity",
        "toBoolean",
        "not",
        "first",
        "last",
        "single",
        "where",
        "repeat",
        "item",
        "descendants",
        "ofType",
        "as",
        "lower",
        "upper",
        "trim",
        "substring",
        "length",
        "indexOf",
        "replace",
        "matches",
        "startsWith",
        "endsWith",
        "contains",
        "value",
        "valueBoolean",
        "valueInteger",
        "valueDecimal",
        "valueString",
        "valueDate",
        "valueDateTime",
        "valueTime",
        "valueCoding",
        "valueQuantity",
        "answer",
        "item",
        "code",
        "display",
        "system",
        "unit",
        "today",
        "now",
        "timeOfDay",
    ]
)
"""Steps that give nothing for nothing, and one thing for one."""


def shows_its_gaps(formula: Expression, by_id: Mapping[str, Item], logic: Logic) -> bool:
    """Whether it gives nothing as soon as any question it looks at has no value, as plain arithmetic does.

    Each of its paths leads to one question at most, and nothing in it makes something of nothing.
    """
    known: dict[Expression, bool] = {}

    def shows(tree: Tree, of: Expression) -> bool:
        start, steps = path(tree)
        if start is None:
            operator = (tree.get("terminalNodeText") or [""])[0]
            joins = tree["type"].endswith("Expression") and tree["type"] not in _ARITHMETIC
            return not joins and operator not in _OF_NOTHING and all(shows(one, of) for one in tree.get("children", ()))
        for step in steps:
            name, arguments = called(step)
            if step["type"] != "IndexerExpression" and name not in _OF_ONE:
                return False
            if name not in ("where", "repeat") and not all(shows(one, of) for one in arguments):
                return False
        if isinstance(start, dict):
            return shows(start, of)
        if (variable := logic.visible(of).get(start)) is not None:
            return whole(variable)
        links = looked_at(tree, of.link_id, logic.subtrees).links
        names = [called(step)[0] for step in steps]
        answered = names.index("answer") if "answer" in names else len(names)
        inside = {"item", "descendants"} & set(names[answered:])
        asked = {one for one in links or () if by_id[one].is_question}
        below = {one for each in asked for one in logic.subtrees[each] if one != each} if not inside else set()
        return links is not None and len(asked - below) <= 1

    def whole(one: Expression) -> bool:
        if one not in known:
            known[one] = shows(fhirpath.compiled(one.text).tree, one)
        return known[one]

    return whole(formula)


def strays(formula: Expression, logic: Logic) -> tuple[str, ...]:
    """The link ids, or parts of them, that a formula looks for and that no item has, in their order."""
    link_ids = logic.subtrees[""]

    def found(tree: Tree, of: Expression) -> Iterator[str]:
        children = tree.get("children", [])
        sign = (tree.get("terminalNodeText") or [""])[0]
        if len(children) == 2 and sign in ("=", "~", "in", "contains") and any(map(is_link_id, children)):
            for child in children:
                yield from (text for text in texts(child) if text is not None and text not in link_ids)
            return
        if tree["type"] == "InvocationExpression" and is_link_id(children[0]):
            name, arguments = called(children[1])
            if name in (*TEXT_TESTS, "matches") and all(may_be(tree, link_id) is False for link_id in link_ids):
                yield from (text for argument in arguments for text in texts(argument) if text is not None)
            return
        start, steps = path(tree)
        if steps and leads_elsewhere(start, steps, of):
            return
        for child in children:
            yield from found(child, of)

    def leads_elsewhere(start: object, steps: list[Tree], of: Expression) -> bool:
        """Whether a path leads into a document of its own, with link ids of its own."""
        variable = logic.visible(of).get(start) if isinstance(start, str) else None
        looks = logic.looks(variable) if variable is not None else None
        within = looks is None or looks.links != frozenset() or looks.defined != frozenset()
        return not within or called(steps[0])[0] == "contained"

    each = (name for one in logic.named(formula) for name in found(fhirpath.compiled(one.text).tree, one))
    return tuple(dict.fromkeys(each))


def codes(formula: Expression, logic: Logic) -> tuple[str, ...]:
    """The codes and displays that a formula looks for, in their order."""

    def found(tree: Tree) -> Iterator[str]:
        children = tree.get("children", [])
        if len(children) == 2 and (tree.get("terminalNodeText") or [""])[0] in ("=", "in"):
            for one, other in (children, children[::-1]):
                steps = path(one)[1]
                if steps and called(steps[-1])[0] in ("code", "display"):
                    yield from filter(None, texts(other))
        for child in children:
            yield from found(child)

    return tuple(
        dict.fromkeys(text for one in logic.named(formula) for text in found(fhirpath.compiled(one.text).tree))
    )


def codes_held(document: object) -> Iterator[str]:
    """The codes and displays that stand anywhere in a document."""
    if isinstance(document, dict):
        yield from (text for name in ("code", "display") if isinstance(text := document.get(name), str))
    parts = document.values() if isinstance(document, dict) else document if isinstance(document, list) else ()
    for part in parts:
        yield from codes_held(part)
