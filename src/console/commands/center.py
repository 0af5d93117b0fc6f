"""``center``: the lists and limits that are the center's own, as a file to read, change and give back."""

import argparse
import json
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import msgspec

from console.actions import people
from console.commands.context import Context, named
from console.errors import KnownError, NotAllowed
from console.models.center import Center
from console.queries.center import read_center, unreadable_settings

_LARGEST = 256 * 1024


def add(subcommands: Any, everywhere: argparse.ArgumentParser) -> None:
    """Add the words of this group."""
    center = subcommands.add_parser("center", help="the center's own lists and limits", parents=[everywhere])
    kinds = center.add_subparsers(dest="what", required=True, metavar="show|set")
    show = kinds.add_parser("show", help="as a file that can be changed and given back", parents=[everywhere])
    show.set_defaults(run=_show)
    change = kinds.add_parser("set", help="take the lists that a file holds; others stay", parents=[everywhere])
    change.add_argument("file", type=named, metavar="FILE")
    change.set_defaults(run=_set)


def _show(context: Context) -> int:
    with context.desk(alone=False) as desk:
        context.reader(desk)
        center = read_center(desk)
        broken = unreadable_settings(desk)
    for each in broken:
        context.output.note(f"{each.says}.")
    values = msgspec.to_builtins(center)
    if context.words.json:
        context.output.json(values)
        return 0
    for line in _toml(values):
        context.output.line(line)
    return 0


def _set(context: Context) -> int:
    path = Path(context.words.file).expanduser()
    given = _read(path)
    with context.desk(alone=True) as desk:
        sign_in = context.sign_in(desk)
        before = msgspec.to_builtins(read_center(desk))
        try:
            people.set_settings(desk, sign_in, given)
        except NotAllowed:
            raise
        except KnownError as error:
            raise KnownError(f"{path}: {error.message}") from error
        after = msgspec.to_builtins(read_center(desk))
    changed = [name for name in Center.__struct_fields__ if before[name] != after[name]]
    context.output.row({"changed": changed}, f"Changed: {', '.join(changed)}." if changed else "Nothing changed.")
    return 0


def _read(path: Path) -> dict[str, Any]:
    try:
        with path.open("rb") as file:
            data = file.read(_LARGEST + 1)
        if len(data) > _LARGEST:
            raise KnownError(f"{path} is larger than {_LARGEST:,} bytes, so it is no file of a center's lists.")
        given = tomllib.loads(data.decode())
    except OSError as error:
        raise KnownError(f"{path} cannot be read: {error.strerror or error}.") from error
    except UnicodeDecodeError as error:
        raise KnownError(f"{path} is not UTF-8 text. Save it as UTF-8.") from error
    except tomllib.TOMLDecodeError as error:
        raise KnownError(f"{path} is not TOML: {error}.") from error
    if not given:
        raise KnownError(f"{path} holds none of {', '.join(Center.__struct_fields__)}.")
    return given


def _toml(values: Mapping[str, Any]) -> Iterator[str]:
    """The lines of the file: single values first, then tables, then lists of tables."""
    for name, value in values.items():
        if isinstance(value, str | int):
            yield f"{name} = {_plain(value)}"
    for name, value in values.items():
        if isinstance(value, Mapping):
            yield ""
            yield f"[{name}]"
            yield from (f"{key} = {_plain(each)}" for key, each in value.items())
    for name, value in values.items():
        for item in value if isinstance(value, list | tuple) else ():
            yield ""
            yield f"[[{name}]]"
            yield from (f"{key} = {_plain(each)}" for key, each in item.items())


def _plain(value: Any) -> str:
    # A JSON string or whole number is also a TOML one, as long as text beyond ASCII is not escaped.
    return json.dumps(value, ensure_ascii=False)
