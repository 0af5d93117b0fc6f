"""What a command prints: JSON lines or plain lines on stdout for the answer, stderr for people."""

import contextlib
import json
import os
import re
import sys
from collections.abc import Iterator, Mapping
from enum import Enum
from typing import IO, Any, TextIO

import msgspec

from console.errors import KnownError

_CLOSED = "Standard output is closed: the answer cannot be printed."


class Output:
    """``row`` prints one line of the answer, ``note`` tells a person something beside it.

    Every method but ``note`` raises :class:`KnownError` when standard output cannot be written, and BrokenPipeError
    when whoever read it has gone.
    """

    def __init__(self, *, as_json: bool, out: TextIO | None = None, err: TextIO | None = None) -> None:
        self._json = as_json
        # Python has no standard output or error at all where the shell closed it.
        self._out = out or sys.stdout
        self._err = err or sys.stderr

    def row(self, values: Mapping[str, Any], plain: str | None = None) -> None:
        """One line: the values as JSON, or ``plain`` (by default the values one after another)."""
        if self._json:
            self.json(values)
        else:
            shown = "  ".join(f"{name}={value}" for name, value in values.items() if value not in (None, "", ()))
            self.line(plain if plain is not None else shown)

    def json(self, values: Mapping[str, Any]) -> None:
        """One line that is JSON whether or not it was asked for (documents: outcomes, scores)."""
        plain = msgspec.to_builtins(values, enc_hook=_plain_value, str_keys=True)
        self._write(_harmless(json.dumps(plain, ensure_ascii=not self._unicode(), separators=(",", ":"))) + "\n")

    def line(self, words: str) -> None:
        """One line for a person that is part of the answer."""
        self._write(one_line(words) + "\n")

    def binary(self) -> IO[bytes]:
        """Standard output for bytes that are written as they are."""
        if self._out is None:
            raise KnownError(_CLOSED)
        return self._out.buffer

    def note(self, words: str) -> None:
        """A line for a person. Where nobody can be told, nobody is."""
        if self._err is not None:
            with contextlib.suppress(OSError):
                self._err.write(one_line(words) + "\n")

    def finish(self) -> None:
        """Hand over what is still held back; raises like the others."""
        if self._out is not None:
            with written_to_stdout():
                self._out.flush()

    def give_up(self) -> None:
        """Whoever read standard output has gone, or it is full: keep the interpreter from trying again at its end."""
        if self._out is not None:
            os.dup2(os.open(os.devnull, os.O_WRONLY), self._out.fileno())

    def _write(self, text: str) -> None:
        if self._out is None:
            raise KnownError(_CLOSED)
        encoding = self._out.encoding or "utf-8"
        with written_to_stdout():
            self._out.write(text.encode(encoding, "backslashreplace").decode(encoding))

    def _unicode(self) -> bool:
        return self._out is not None and (self._out.encoding or "").replace("-", "").casefold() == "utf8"


def one_line(words: str) -> str:
    """Without control characters: what CAD or a file wrote must not steer a terminal."""
    return "".join(letter if letter.isprintable() else " " for letter in words)


@contextlib.contextmanager
def written_to_stdout() -> Iterator[None]:
    """Turn what a full disk says into what a person can read; a pipe whose reader has gone is told as it is."""
    try:
        yield
    except BrokenPipeError:
        raise
    except OSError as error:
        raise KnownError(f"Standard output cannot be written ({error.strerror}): the answer is not whole.") from error


def _harmless(text: str) -> str:
    """JSON that says the same with what a terminal would obey, and what no encoding can hold, written as escapes."""
    return _UNPRINTABLE.sub(lambda found: json.dumps(found[0])[1:-1] if not found[0].isprintable() else found[0], text)


_UNPRINTABLE = re.compile(r"[^\x20-\x7e]")


def _plain_value(value: Any) -> Any:
    if isinstance(value, Enum):
        return value.value
    raise TypeError(f"no JSON for {type(value).__name__}")
