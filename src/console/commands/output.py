"""What a command prints: JSON lines or plain lines on stdout for the answer, stderr for people."""

import sys
from collections.abc import Mapping
from datetime import datetime
from enum import Enum
from typing import Any, TextIO
from uuid import UUID

import msgspec


class Output:
    """``row`` prints one line of the answer, ``note`` tells a person something beside it."""

    def __init__(self, *, as_json: bool, out: TextIO | None = None, err: TextIO | None = None) -> None:
        self._json = as_json
        self._out = out or sys.stdout
        self._err = err or sys.stderr

    def row(self, values: Mapping[str, Any], plain: str | None = None) -> None:
        """One line: the values as JSON, or ``plain`` (by default the values one after another)."""
        if self._json:
            self._out.write(msgspec.json.encode(values, enc_hook=_plain_value).decode() + "\n")
        else:
            shown = "  ".join(f"{name}={value}" for name, value in values.items() if value not in (None, "", ()))
            self._out.write(_one_line(plain if plain is not None else shown) + "\n")

    def json(self, values: Mapping[str, Any]) -> None:
        """One line that is JSON whether or not it was asked for (documents: outcomes, scores)."""
        self._out.write(msgspec.json.encode(values, enc_hook=_plain_value).decode() + "\n")

    def text(self, words: str) -> None:
        """Lines as they are."""
        self._out.write(words)

    def note(self, words: str) -> None:
        """A line for a person."""
        self._err.write(_one_line(words) + "\n")


def _plain_value(value: Any) -> Any:
    if isinstance(value, UUID | datetime):
        return str(value)
    if isinstance(value, Enum):
        return value.value
    raise TypeError(f"no JSON for {type(value).__name__}")


def _one_line(words: str) -> str:
    """Without control characters: what CAD or a file wrote must not steer a terminal."""
    return "".join(letter if letter.isprintable() else " " for letter in words)
