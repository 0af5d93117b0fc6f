"""What each of a center's settings has to look like, in words for whoever writes one."""

import difflib
import json
from collections.abc import Mapping, Sequence, Set
from typing import Any, get_args

import msgspec

from console.errors import KnownError
from console.models.call import SETTABLE_LEVELS, RollUp
from console.models.center import Center, Limits

_TYPES: Mapping[str, Any] = {field.name: field.type for field in msgspec.structs.fields(Center)}
_TAKES: Mapping[Any, str] = {
    str: "words in quotes",
    int: "a whole number",
    bool: "true or false",
    RollUp: f"one of {', '.join(RollUp)}",
}


def refuse_unclear(defaults: Mapping[str, Any], name: str, value: object) -> None:
    """Raise :class:`KnownError` for a setting that cannot be read: what is missing or wrong, and an example."""
    if problem := unclear(name, value):
        if name not in _TYPES:
            raise KnownError(problem)
        whole = (
            "" if _TYPES[name] in (str, int) else "A setting is replaced whole: 'center show' writes it as it stands. "
        )
        raise KnownError(f"{problem} {whole}For example: {_example(name, defaults[name])}")


def unclear(name: str, value: object) -> str:
    """What is missing in a setting, or wrong with it, in a sentence; "" for one that can be read."""
    kind = _TYPES.get(name)
    if kind is None:
        near = difflib.get_close_matches(name, _TYPES, 1, 0.75)
        meant = f" Did you mean {near[0]}?" if near else ""
        return f"“{name}” is no setting of a center.{meant} Known: {', '.join(_TYPES)}."
    if kind in (str, int):
        return "" if type(value) is kind else f"{name} takes {_TAKES[kind]}, not {_shown(value)}."
    if name == "levels":
        return _of_table(name, value, dict.fromkeys(SETTABLE_LEVELS, str))
    if kind is Limits:
        return _of_table(name, value, _fields(Limits))
    if not isinstance(value, Sequence) or isinstance(value, str):
        return f"{name} takes a list of entries, not {_shown(value)}."
    struct = get_args(kind)[0]
    fields = _fields(struct)
    optional = frozenset(field.name for field in msgspec.structs.fields(struct) if not field.required)
    problems = (_of_table(_item(name, place, each), each, fields, optional) for place, each in enumerate(value, 1))
    return next(filter(None, problems), "")


def _fields(struct: Any) -> dict[str, Any]:
    return {field.name: field.type for field in msgspec.structs.fields(struct)}


def _item(name: str, place: int, item: object) -> str:
    code = item.get("code") if isinstance(item, Mapping) else None
    return f"{name}, entry {place}" + (f" ({code})" if isinstance(code, str) and code else "")


def _of_table(what: str, table: object, fields: Mapping[str, Any], optional: Set[str] = frozenset()) -> str:
    if not isinstance(table, Mapping):
        return f"{what} takes {', '.join(fields)}, each with its value, not {_shown(table)}."
    missing = [field for field in fields if field not in table and field not in optional]
    if missing:
        return f"{what}: {' and '.join(filter(None, (', '.join(missing[:-1]), missing[-1])))} missing."
    foreign = [str(field) for field in table if field not in fields]
    if foreign:
        return f"{what}: {', '.join(foreign)} means nothing here. Known: {', '.join(fields)}."
    for field, kind in fields.items():
        if field not in table:
            continue
        try:
            msgspec.convert(table[field], kind)
        except msgspec.ValidationError:
            return f"{what}: {field} takes {_TAKES[kind]}, not {_shown(table[field])}."
    return ""


def _shown(value: object) -> str:
    text = {True: "true", False: "false"}.get(value) if isinstance(value, bool) else None
    text = text or ("nothing" if value is None else f"“{value}”" if isinstance(value, str) else str(value))
    return text if len(text) <= 60 else f"{text[:59]}…"


def _example(name: str, shipped: Any) -> str:
    """The shipped value on one line as TOML; of a list its first entry."""
    if isinstance(shipped, str | int):
        return f"{name} = {_plain(shipped)}"
    if isinstance(shipped, Mapping):
        return f"{name} = {_inline(shipped)}"
    return f"{name} = [{_inline(shipped[0])}]"


def _inline(table: Mapping[str, Any]) -> str:
    return "{ " + ", ".join(f"{key} = {_plain(value)}" for key, value in table.items()) + " }"


def _plain(value: Any) -> str:
    # A JSON string or whole number is also a TOML one, as long as text beyond ASCII is not escaped.
    return json.dumps(value, ensure_ascii=False)
