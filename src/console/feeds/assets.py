"""What the feeds read from ``resources/``: TOML files, checked against a type as they are read."""

import tomllib
from pathlib import Path
from typing import TypeVar

import msgspec

from console.errors import BugError, KnownError
from console.settings import resources

T = TypeVar("T")


def resource(relative: str) -> Path:
    """The path of one shipped asset; raises :class:`BugError` where the installation lacks it."""
    path = resources() / relative
    if not path.exists():
        raise BugError(f"this installation lacks the asset {relative}")
    return path


def read_toml(path: Path, kind: type[T], what: str) -> T:
    """The TOML file at ``path`` as a ``kind``; ``what`` says in a message what the file is meant to be.

    Raises :class:`KnownError` naming the file and the place in it: not there, not TOML, a name that means nothing, a
    value of another type.
    """
    try:
        text = path.read_bytes().decode()
    except UnicodeDecodeError:
        raise KnownError(f"{path} is not UTF-8 text, so it is no {what}.") from None
    except OSError as error:
        raise KnownError(f"The {what} {path} cannot be read: {error.strerror or error}.") from error
    try:
        return msgspec.convert(tomllib.loads(text), kind)
    except tomllib.TOMLDecodeError as error:
        raise KnownError(f"The {what} {path} is not TOML: {error}.") from error
    except msgspec.ValidationError as error:
        says, _, place = str(error).replace("Object", "The table").replace("`", "'").partition(" - at ")
        where = place.strip("'").removeprefix("$").removeprefix(".")
        raise KnownError(f"The {what} {path}{', at ' + where if where else ''}: {says}.") from error
