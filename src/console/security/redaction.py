"""What may stand in a log: ids, numbers and codes, never words anyone spoke or typed.

The log helps whoever supports the program; it is read by people who may not read the journal. So the formatter lets
through what a programmer wrote (the message's template, places in the code) and values that cannot be words. A text
argument is replaced by its length unless it was marked with :func:`safe_id`; an error shows its kind, its place in the
program and, for our own errors, the ``detail`` that is meant for the log. Whatever comes in, a record stays one line of
harmless characters.
"""

import logging
import re
import traceback
import unicodedata
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, time, timedelta
from enum import Enum
from pathlib import PurePath
from types import FrameType, TracebackType
from typing import Final
from uuid import UUID

from console.errors import BugError, KnownError

OURS: Final = ("console", "wire", "__main__")
"""Roots of the loggers whose templates are written under this policy. Others show no more than their template."""

_ID: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:/+-]{0,79}")
_UNSAFE: Final = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})  # controls, direction marks, lone surrogates, line ends
_MOST_FRAMES: Final = 40


class SafeId(str):
    """Text that was marked as an id and looks like one."""

    __slots__ = ()


def safe_id(value: object) -> SafeId:
    """Mark an id (a UUID, a call number, a code, a file's kind) for the log.

    Anything that does not look like an id, such as text with spaces, is replaced by its length.
    """
    text = str(value.value if isinstance(value, Enum) else value)
    return SafeId(text if _ID.fullmatch(text) else f"‹not an id, {len(text)} characters›")


class CodePlace(str):
    """A place in the program's own code, which holds nobody's words. Made by :func:`where` from frames alone."""

    __slots__ = ()


def where(frame: FrameType, most: int = 6) -> CodePlace:
    """Where a thread is: the ``most`` innermost frames as ``module.py:line function``, the innermost last."""
    frames = traceback.StackSummary.extract(traceback.walk_stack(frame), limit=most, lookup_lines=False)
    return CodePlace(_listed(reversed(frames)))


def one_line(text: str) -> str:
    """``text`` with every control, line end and direction mark written out, so it cannot forge or hide a record."""
    return "".join(
        character.encode("unicode_escape").decode("ascii") if unicodedata.category(character) in _UNSAFE else character
        for character in text
    )


def error_line(error: BaseException) -> str:
    """An error and its causes on one line: kind, detail of our own errors, and where; no message and no local value."""
    lines = []
    seen: set[int] = set()
    current: BaseException | None = error
    while current is not None and id(current) not in seen:
        seen.add(id(current))
        lines.append(f"{_kind(current)} at {_places(current.__traceback__)}")
        current = current.__cause__ or (None if current.__suppress_context__ else current.__context__)
    return one_line(" | from ".join(lines))


class LogFormatter(logging.Formatter):
    """One record, one line: time in UTC, level, logger, thread, message, error."""

    def format(self, record: logging.LogRecord) -> str:
        made = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        line = f"{made} {record.levelname} {record.name} [{record.threadName}] {_message(record)}"
        if record.exc_info and record.exc_info[1] is not None:
            line += f" | {error_line(record.exc_info[1])}"
        return one_line(line)


class _Withheld:
    """Stands in for a value that may hold words, whatever conversion the template asks for."""

    def __init__(self, value: object) -> None:
        size = f", {len(value)} characters" if isinstance(value, str) else ""
        self._text = f"‹{type(value).__name__} withheld{size}›"

    def __str__(self) -> str:
        return self._text

    __repr__ = __str__


def _message(record: logging.LogRecord) -> str:
    ours = record.name.split(".", 1)[0] in OURS
    if not isinstance(record.msg, str):
        return str(_shown(record.msg))
    if not ours:
        # Without arguments it may be a sentence that was put together, values and all.
        return record.msg if record.args else str(_Withheld(record.msg))
    if not record.args:
        return record.msg
    arguments: object
    if isinstance(record.args, Mapping):
        arguments = {name: _shown(value) for name, value in record.args.items()}
    else:
        arguments = tuple(_shown(value) for value in record.args)
    try:
        return record.msg % arguments
    except (TypeError, ValueError, KeyError):
        return f"{record.msg} (its arguments do not fit)"


def _shown(value: object) -> object:
    if value is None or isinstance(value, SafeId | CodePlace | int | float | UUID | datetime | date | time | timedelta):
        return value
    if isinstance(value, Enum):
        return safe_id(value)
    if isinstance(value, type):
        return value.__qualname__
    if isinstance(value, BaseException):
        return _kind(value)
    return _Withheld(value)


def _kind(error: BaseException) -> str:
    name = type(error).__qualname__
    if isinstance(error, KnownError):
        return f"{name}({error.detail})" if error.detail else name
    if isinstance(error, BugError):
        return f"{name}({error})"
    if isinstance(error, OSError) and error.errno is not None:
        return f"{name}(errno {error.errno})"
    if isinstance(error, BaseExceptionGroup):
        return f"{name}({', '.join(_kind(inner) for inner in error.exceptions)})"
    return name


def _places(trace: TracebackType | None) -> str:
    frames = traceback.StackSummary.extract(traceback.walk_tb(trace), limit=-_MOST_FRAMES, lookup_lines=False)
    return _listed(frames) or "no frame"


def _listed(frames: Iterable[traceback.FrameSummary]) -> str:
    return " > ".join(
        f"{'/'.join(PurePath(frame.filename).parts[-2:])}:{frame.lineno} {frame.name}" for frame in frames
    )
