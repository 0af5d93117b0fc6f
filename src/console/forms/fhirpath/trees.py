"""Reading the syntax tree of an expression: its paths, and the tests on link ids that real forms are full of."""

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

Tree = dict[str, Any]
TEXT_TESTS: Mapping[str, Callable[[str, str], bool]] = {
    "startsWith": str.startswith,
    "endsWith": str.endswith,
    "contains": lambda text, part: part in text,
}


def path(tree: Tree) -> tuple[Any, list[Tree]]:
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


def called(step: Tree) -> tuple[str, list[Tree]]:
    """The name and the arguments of one step."""
    if step["type"] == "MemberInvocation":
        return str(step["children"][0]["text"]).strip("`"), []
    if step["type"] != "FunctionInvocation":
        return "", []
    written = step["children"][0]["children"]
    return str(written[0]["text"]).strip("`"), written[1]["children"] if len(written) > 1 else []


def tests_links_only(test: Tree) -> bool:
    """Whether a test is about link ids and nothing else, and so never holds where there is none."""
    if may_be(test, "") is None or test["type"] == "BooleanLiteral" or _is_negated(test):
        return False
    return test["type"] not in ("AndExpression", "OrExpression") or all(map(tests_links_only, test["children"]))


def _is_negated(test: Tree) -> bool:
    return test["type"] == "InvocationExpression" and called(test["children"][1])[0] == "not"


def may_be(test: Tree, link_id: str) -> bool | None:
    """Whether an item with this link id passes a test; ``None`` when that depends on more."""
    children = test.get("children", [])
    match test["type"], (test.get("terminalNodeText") or [""])[0]:
        case "BooleanLiteral", word:
            return bool(word == "true")
        case "AndExpression", _:
            return _both(*(may_be(child, link_id) for child in children))
        case "OrExpression", "or":
            return _not(_both(*(_not(may_be(child, link_id)) for child in children)))
        case "EqualityExpression", "=" | "!=" as sign:
            text = _against(children)
            return None if text is None else (link_id in text) is (sign == "=")
        case "MembershipExpression", "in":
            named = list(texts(children[1])) if is_link_id(children[0]) else [None]
            return None if None in named else link_id in named
        case "InvocationExpression", _:
            return _tested(children, link_id)
    return None


def _tested(children: list[Tree], link_id: str) -> bool | None:
    name, arguments = called(children[1])
    if name == "not":
        return _not(may_be(children[0], link_id))
    if not is_link_id(children[0]) or len(arguments) != 1 or arguments[0]["type"] != "StringLiteral":
        return None
    if name == "matches":
        try:
            return re.search(arguments[0]["value"], link_id, re.DOTALL) is not None
        except re.error:
            return None
    return TEXT_TESTS[name](link_id, arguments[0]["value"]) if name in TEXT_TESTS else None


def _against(children: list[Tree]) -> list[str] | None:
    for one, other in (children, children[::-1]):
        if is_link_id(one) and other["type"] == "StringLiteral":
            return [other["value"]]
    return None


def is_link_id(tree: Tree) -> bool:
    start, steps = path(tree)
    return start == "context" and [called(step)[0] for step in steps] == ["linkId"]


def texts(tree: Tree) -> Iterator[str | None]:
    if tree["type"] == "UnionExpression":
        for child in tree["children"]:
            yield from texts(child)
    else:
        yield tree["value"] if tree["type"] == "StringLiteral" else None


def _both(one: bool | None, other: bool | None) -> bool | None:
    return False if one is False or other is False else None if one is None or other is None else True


def _not(one: bool | None) -> bool | None:
    return None if one is None else not one
