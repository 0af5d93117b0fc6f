"""FHIRPath N1 (http://hl7.org/fhirpath/N1) behind one small seam: nothing else in the program knows the engine.

An expression is compiled once and evaluated often. Whatever goes wrong, in the expression or in the engine, is one
:class:`Unevaluable` with a reason that holds no answer of a person. Numbers are decimals, never binary fractions; the
time is handed in; ``trace()`` is silent; what would run away stops. See ``docs/decisions/0016-…``.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from functools import lru_cache, partial
from typing import Any, NoReturn

from antlr4 import CommonTokenStream, InputStream
from antlr4.error.ErrorListener import ErrorListener
from antlr4.tree.Tree import ParseTreeWalker
from fhirpathpy.engine import do_eval, make_param, nodes, type_specifier, util
from fhirpathpy.engine.evaluators import evaluators
from fhirpathpy.engine.invocations import invocation_registry
from fhirpathpy.parser.ASTPathListener import ASTPathListener
from fhirpathpy.parser.generated.FHIRPathLexer import FHIRPathLexer
from fhirpathpy.parser.generated.FHIRPathParser import FHIRPathParser
from msgspec import Struct

from console.errors import KnownError
from console.forms.fhirpath.functions import FUNCTIONS, picking
from console.forms.fhirpath.moments import Moment, moment
from console.forms.fhirpath.operands import (
    MAX_SIZE,
    MODEL,
    Part,
    Seen,
    Unfit,
    children,
    is_only_extension,
    marked,
    operand,
    value,
)
from console.forms.fhirpath.operators import OPERATORS
from console.forms.fhirpath.trees import called, may_be, tests_links_only

__all__ = ["Expression", "Moment", "Seen", "Unevaluable", "compiled", "evaluate", "marked", "node", "plain"]

MAX_LENGTH = 20_000
MAX_DEPTH = 250
MAX_STEPS = 100_000
_WRAPPERS = ("TermExpression", "InvocationTerm", "ParenthesizedTerm", "LiteralTerm")
_ESCAPE = re.compile(r"\\(u[0-9A-Fa-f]{4}|.)", re.DOTALL)
_OURS = {**OPERATORS, **FUNCTIONS}
_TABLE = {**invocation_registry, **_OURS}
del _TABLE["replaceMatches"]  # Python's regular expressions can run for ever
_KNOWN = {"ucum": "http://unitsofmeasure.org", "sct": "http://snomed.info/sct", "loinc": "http://loinc.org"}


class Unevaluable(KnownError):
    """An expression that cannot be evaluated; the message completes "its formula cannot be evaluated: …"."""


class Expression(Struct, frozen=True, eq=False):
    """A compiled expression. ``tree`` is the syntax tree: nodes ``{"type", "children", "terminalNodeText", "text"}``
    named after the rules of the official grammar, less those that only wrap another."""

    text: str
    tree: dict[str, Any]


class _Strict(ErrorListener):  # type: ignore[misc]
    def syntaxError(self, recognizer: Any, symbol: Any, line: int, column: int, message: str, error: Any) -> NoReturn:
        raise Unevaluable(f"it is not valid FHIRPath (line {line}, column {column + 1})")


@lru_cache(maxsize=4096)
def compiled(text: str) -> Expression:
    """The expression, ready to be evaluated. Raises :class:`Unevaluable` when it is none or is beyond all measure."""
    if len(text) > MAX_LENGTH:
        raise Unevaluable("it is too long")
    lexer = FHIRPathLexer(InputStream(text))
    parser = FHIRPathParser(CommonTokenStream(lexer))
    for part in (lexer, parser):
        part.removeErrorListeners()
        part.addErrorListener(_Strict())
    listener = ASTPathListener()
    try:
        ParseTreeWalker().walk(listener, parser.entireExpression())
        tree = _simple(listener.parentStack[0]["children"][0]["children"][0], 0)
    except RecursionError:
        raise Unevaluable("it is nested too deeply") from None
    return Expression(text, tree)


def _simple(tree: dict[str, Any], depth: int) -> dict[str, Any]:
    """The tree without the rules that only wrap one other; a literal text gets its ``value``."""
    if depth > MAX_DEPTH:
        raise Unevaluable("it is nested too deeply")
    while tree["type"] in _WRAPPERS:
        tree = {"text": tree.get("text"), **tree["children"][0]}  # the name of a type is read from its text
    if tree["type"] == "StringLiteral":
        return {**tree, "value": _ESCAPE.sub(_unescaped, tree["text"][1:-1])}
    name = str(tree["children"][0].get("text")).strip("`") if tree["type"] == "Functn" else ""
    if name and name not in _TABLE:
        raise Unevaluable(f"it uses the function {name[:40]}(), which is not known here")
    simple = {**tree, "children": [_simple(child, depth + 1) for child in tree.get("children", ())]}
    called_name, arguments = called(simple)
    if called_name == "where" and len(arguments) == 1 and tests_links_only(arguments[0]):
        simple["links"] = {}
    return simple


def _unescaped(match: re.Match[str]) -> str:
    mark = match[1]
    return chr(int(mark[1:], 16)) if len(mark) > 1 else {"r": "\r", "n": "\n", "t": "\t", "f": "\f"}.get(mark, mark)


def node(data: Any, path: str) -> Any:
    """An element as the engine wants it: ``path`` is its type or place, e.g. ``QuestionnaireResponse.item``."""
    return nodes.ResourceNode(data, path)


def evaluate(
    expression: Expression,
    context: Any,
    variables: Mapping[str, Any],
    *,
    now: datetime | None = None,
    seen: Seen | None = None,
) -> list[Any]:
    """The nodes the expression finds; pass them on as variables or read them with :func:`plain`.

    ``context`` is the element a path without a start begins at (a resource, or a :func:`node`); ``variables`` are
    elements or lists of nodes by name. ``now`` is aware; without it an expression that asks for the time fails.
    ``seen`` is told what is looked at.
    Raises :class:`Unevaluable`.
    """
    root = [_typed(context)]
    ctx = {
        "dataRoot": root,
        "vars": {**_KNOWN, "context": root, **{name: _typed(held) for name, held in variables.items()}},
        "model": MODEL,
        "userInvocationTable": _OURS,
        "now": now,
        "steps": 0,
        "seen": seen or Seen(),
    }
    nodes.TypeInfo.model = MODEL
    try:
        return list(do_eval(ctx, root, expression.tree))
    except Unevaluable:
        raise
    except Unfit as error:
        raise Unevaluable(str(error)) from None
    except RecursionError:
        raise Unevaluable("it is nested too deeply") from None
    except Exception:  # noqa: BLE001 -- the engine raises bare exceptions with answers in their text
        raise Unevaluable("its parts do not fit together") from None


def _typed(held: Any) -> Any:
    return nodes.ResourceNode(held, None) if isinstance(held, dict) else held


def plain(found: Sequence[Any]) -> tuple[Any, ...]:
    """What was found as bool, int, Decimal, str, :class:`Moment` or JSON object."""
    return tuple(_plain(one) for one in found if not is_only_extension(one))


def _plain(found: Any) -> Any:
    held = value(found)
    if isinstance(held, nodes.FP_Quantity):
        data = util.get_data(found)
        unit = held.unit.strip("'")
        return data if isinstance(data, dict) else {"value": held.value, "unit": unit, "code": unit}
    return held


# --- what the engine does with single nodes of the tree: its registry, with what is missing put in its place --------


def _member(ctx: Any, given: list[Any], tree: dict[str, Any]) -> list[Any]:
    name = tree["children"][0]["text"].strip('`"')
    _step(ctx, len(given))
    if name[:1].isupper():
        typed = [one for one in given if isinstance(one, nodes.ResourceNode) and one.path == name]
        if typed:
            return typed
    found = []
    for one in given:
        held = children(one, name)
        ctx["seen"].member(one, name, held)
        found += held
    return found


def _function(ctx: Any, given: list[Any], tree: dict[str, Any]) -> list[Any]:
    written = tree["children"][0]["children"]
    name = written[0]["text"].strip("`")
    arguments = written[1]["children"] if len(written) > 1 else []
    if name == "where" and "links" in tree:
        return _with_links(ctx, given, tree)
    entry = _TABLE[name]
    kinds = (
        [entry["variadic"]] * len(arguments) if "variadic" in entry else entry.get("arity", {0: []}).get(len(arguments))
    )
    if kinds is None:
        raise Unevaluable(f"it does not give {name}() as many arguments as it takes")
    _step(ctx, 1)
    around = {key: ctx[key] for key in _SCOPE if key in ctx}
    found = _applied(ctx, entry, given, around.get("$this", ctx["dataRoot"]), kinds, arguments)
    for key in _SCOPE:
        ctx.pop(key, None)
    ctx.update(around)
    if len(found) > MAX_SIZE:
        raise Unevaluable("it finds too much")
    return found


def _with_links(ctx: Any, given: list[Any], tree: dict[str, Any]) -> list[Any]:
    """``where(linkId = …)``, which every formula of a form has, without evaluating it for each item anew."""
    _step(ctx, len(given))
    known: dict[str, bool | None] = tree["links"]
    (test,) = called(tree)[1]
    found = []
    for one in given:
        data = util.get_data(one)
        link_id = data.get("linkId") if isinstance(data, dict) else None
        if isinstance(link_id, str):
            if isinstance(data, Part):
                ctx["seen"].reached.add(link_id)
            if link_id not in known:
                known[link_id] = may_be(test, link_id)
            if known[link_id]:
                found.append(one)
    return found


def _applied(
    ctx: Any, entry: dict[str, Any], given: list[Any], this: Any, kinds: list[str], arguments: list[Any]
) -> list[Any]:
    if "nullable_input" in entry and not given:
        return []
    values = [make_param(ctx, this, kind, argument) for kind, argument in zip(kinds, arguments, strict=False)]
    if "nullable" in entry and (not given or any(value == [] for value in values)):
        return []
    return list(util.arraify(entry["fn"](ctx, given, *values)))


def _operator(ctx: Any, given: list[Any], tree: dict[str, Any]) -> list[Any]:
    _step(ctx, 1)
    name = tree["terminalNodeText"][0]
    entry = _TABLE[_NAMES.get(name, name)]
    left, right = tree["children"]
    one = do_eval(ctx, given, left)
    other = type_specifier(ctx, given, right) if right["type"] == "TypeSpecifier" else do_eval(ctx, given, right)
    if "nullable" in entry and (not one or other == []):
        return []
    if entry["arity"][2][0] in ("Number", "String"):
        one, other = operand(one), operand(other)
    return list(util.arraify(entry["fn"](ctx, one, other)))


def _step(ctx: Any, count: int) -> None:
    ctx["steps"] += count
    if ctx["steps"] > MAX_STEPS:
        raise Unevaluable("it takes too much work")


def _indexed(ctx: Any, given: list[Any], tree: dict[str, Any]) -> list[Any]:
    found, place = (do_eval(ctx, given, child) for child in tree["children"])
    index = operand(place)
    if not isinstance(index, int) or isinstance(index, bool):
        raise Unfit("a place in a list is no whole number")
    return list(picking(lambda ctx, held: held[index : index + 1] if index >= 0 else [])(ctx, found))


def _constant(ctx: Any, given: list[Any], tree: dict[str, Any]) -> list[Any]:
    term = tree["children"][0]
    name = term["children"][0]["text"].strip("`") if term.get("children") else term["terminalNodeText"][-1].strip("'")
    if name in ctx["vars"]:
        held = ctx["vars"][name]
        return [] if held is None else list(held) if isinstance(held, list | tuple) else [held]
    if name.startswith("vs-"):
        return [f"http://hl7.org/fhir/ValueSet/{name[3:]}"]
    if name.startswith("ext-"):
        return [f"http://hl7.org/fhir/StructureDefinition/{name[4:]}"]
    raise Unevaluable(f"it names %{name[:40]}, which is not known here")


def _string(ctx: Any, given: list[Any], tree: dict[str, Any]) -> list[Any]:
    return [tree["value"]]


def _number(ctx: Any, given: list[Any], tree: dict[str, Any]) -> list[Any]:
    return [Decimal(tree["text"]) if "." in tree["text"] else int(tree["text"])]


def _moment(kind: str, ctx: Any, given: list[Any], tree: dict[str, Any]) -> list[Any]:
    made = moment(tree["text"].removeprefix("@"), kind)
    if made is None:
        raise Unevaluable("a date or time in it does not exist")
    return [made]


_SCOPE = ("$this", "$index", "$total")
_NAMES = {"is": "isOp", "as": "asOp", "in": "inOp", "contains": "containsOp", "|": "|"}
_OPERATIONS = "Multiplicative Additive Union Inequality Type Equality Membership And Or Xor Implies"
evaluators.update(
    {f"{name}Expression": _operator for name in _OPERATIONS.split()},
    IndexerExpression=_indexed,
    MemberInvocation=_member,
    FunctionInvocation=_function,
    ExternalConstantTerm=_constant,
    StringLiteral=_string,
    NumberLiteral=_number,
    DateTimeLiteral=partial(_moment, ""),
    TimeLiteral=partial(_moment, "Time"),
)
