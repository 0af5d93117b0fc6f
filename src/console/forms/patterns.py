"""Regular expressions from documents, matched in bounded time.

A form brings the pattern that an answer must have (extension ``regex``). A pattern such as ``(a|aa)+b`` would hold up
an engine that goes back and tries again for years; here the time is bounded, and a pattern that takes more is not
decided. The whole text has to match, as FHIR has it for its own patterns (https://hl7.org/fhir/R4/datatypes.html).
"""

from functools import lru_cache

import regex

MOST_SECONDS = 0.25
"""What one match may take; patterns that forms use take some microseconds."""
_MAX_PATTERN = 2_000


class UnreadablePatternError(ValueError):
    """The pattern is none; says why."""


def matches(pattern: str, text: str) -> bool | None:
    """Whether the whole text has this pattern; ``None`` when that would take more than :data:`MOST_SECONDS`.

    Raises :class:`UnreadablePatternError` for a pattern that cannot be read.
    """
    try:
        return _read(pattern).fullmatch(text, timeout=MOST_SECONDS) is not None
    except TimeoutError:
        return None


def check_pattern(pattern: str) -> None:
    """Raise :class:`UnreadablePatternError` unless the pattern can be read."""
    _read(pattern)


@lru_cache(maxsize=256)
def _read(pattern: str) -> "regex.Pattern[str]":
    if len(pattern) > _MAX_PATTERN:
        raise UnreadablePatternError(f"it is longer than {_MAX_PATTERN} characters")
    # \d and \w are ASCII, as in Java and JavaScript; where a pattern names Unicode's own classes, letters are theirs.
    flags = regex.UNICODE if r"\p" in pattern.lower() else regex.ASCII
    try:
        return regex.compile(pattern, flags)
    except (regex.error, RecursionError, OverflowError) as error:
        raise UnreadablePatternError(str(error)) from error
