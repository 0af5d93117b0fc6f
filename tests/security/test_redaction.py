"""Logs carry ids and never words, one record a line, whatever is thrown at them."""

import logging
import sys
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.errors import BugError, KnownError
from console.security.redaction import LogFormatter, SafeId, error_line, one_line, safe_id, where

CALL = UUID("01932b5e-0000-7000-8000-000000000001")


class Level(StrEnum):
    CRITICAL = "critical"


class Kept(logging.Handler):
    """Keeps formatted lines."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.lines: list[str] = []
        self.setFormatter(LogFormatter())

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(self.format(record))


@pytest.fixture
def kept(caplog: pytest.LogCaptureFixture) -> Iterator[Kept]:
    caplog.set_level(logging.WARNING)
    handler = Kept()
    logging.getLogger().addHandler(handler)
    logging.getLogger().setLevel(logging.DEBUG)
    yield handler
    logging.getLogger().removeHandler(handler)
    logging.getLogger().setLevel(logging.WARNING)


ours = logging.getLogger("console.somewhere")
theirs = logging.getLogger("library.part")


def test_ids_numbers_times_and_codes_stand_as_they_are(kept: Kept) -> None:
    at = datetime(2026, 11, 21, 22, 0, tzinfo=UTC)
    ours.info("call %s level %s at %s, %d rows in %.2f s, %s", CALL, Level.CRITICAL, at, 3, 0.5, safe_id("F-26-0142"))
    (line,) = kept.lines
    assert line.endswith(f"call {CALL} level critical at {at}, 3 rows in 0.50 s, F-26-0142")
    assert " INFO console.somewhere [MainThread] " in line


def test_a_place_in_the_code_stands_as_it_is_and_holds_no_value(kept: Kept) -> None:
    words = "wants to die"
    frame = sys._current_frames()[threading.get_ident()]
    ours.info("stood still at: %s", where(frame, 2))
    (line,) = kept.lines
    assert line.endswith(" test_a_place_in_the_code_stands_as_it_is_and_holds_no_value")
    assert "security/test_redaction.py:" in line
    assert line.count(" > ") == 1
    assert words not in line


def test_words_are_replaced_by_their_length(kept: Kept) -> None:
    words: list[object] = ["sentinel", ["sentinel"], {"who": "sentinel"}, Path("/tmp/sentinel"), b"sentinel"]
    for value in words:
        ours.warning("saw %s and %r", value, value)
    ours.warning("saw %(name)s", {"name": "sentinel"})
    assert len(kept.lines) == 6
    assert not [line for line in kept.lines if "sentinel" in line]
    assert "saw ‹str withheld, 8 characters› and ‹str withheld, 8 characters›" in kept.lines[0]


@pytest.mark.parametrize("arguments", [("sentinel",), (1, 2, 3), ("sentinel", 1), ({"a": 1},)])
def test_arguments_that_do_not_fit_leave_the_template(arguments: tuple[object, ...]) -> None:
    record = logging.LogRecord("console.x", logging.INFO, "f", 1, "%d rows of %s", arguments, None)
    assert LogFormatter().format(record).endswith("%d rows of %s (its arguments do not fit)")


def test_libraries_show_their_template_at_most(kept: Kept) -> None:
    theirs.warning("could not parse %s", CALL)
    theirs.warning("could not parse sentinel")
    theirs.warning(ValueError("sentinel"))
    assert kept.lines[0].endswith("could not parse %s")
    assert "sentinel" not in "".join(kept.lines)


def test_errors_show_kind_detail_and_place_but_no_message(kept: Kept) -> None:
    try:
        try:
            raise ValueError("sentinel: the caller said so")
        except ValueError as error:
            raise KnownError("sentinel in row 3", detail="errno 28") from error
    except KnownError:
        ours.exception("reading of %s ended", CALL)
    (line,) = kept.lines
    assert "sentinel" not in line
    assert "KnownError(errno 28) at security/test_redaction.py:" in line
    assert " | from ValueError at security/test_redaction.py:" in line
    assert "test_errors_show_kind_detail_and_place_but_no_message" in line


def test_kinds_of_errors() -> None:
    assert error_line(BugError("store work was started on the GUI thread")).startswith("BugError(store work")
    assert error_line(OSError(28, "No space", "/home/sentinel")) == "OSError(errno 28) at no frame"
    group = ExceptionGroup("sentinel", [ValueError("sentinel"), KnownError("sentinel", detail="x")])
    assert error_line(group) == "ExceptionGroup(ValueError, KnownError(x)) at no frame"
    loop = ValueError("a")
    loop.__cause__ = TypeError("b")
    loop.__cause__.__cause__ = loop
    assert error_line(loop) == "ValueError at no frame | from TypeError at no frame"


def test_a_deep_recursion_stays_a_line_of_bounded_length() -> None:
    def deeper(n: int) -> None:
        deeper(n + 1)

    with pytest.raises(RecursionError) as caught:
        deeper(0)
    assert len(error_line(caught.value)) < 4000


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a\r\nb", r"a\r\nb"),
        ("\x1b[31mred\x1b[0m", r"\x1b[31mred\x1b[0m"),
        ("bidi \u202e flip", r"bidi \u202e flip"),
        ("line\u2028end\u0085", r"line\u2028end\x85"),
        ("nul\0 tab\t", r"nul\x00 tab\t"),
        ("lone \udcff", r"lone \udcff"),
        ("Größe 密 🦆", "Größe 密 🦆"),
    ],
)
def test_one_line(text: str, shown: str) -> None:
    assert one_line(text) == shown


@given(st.text())
def test_a_record_is_one_printable_line(text: str) -> None:
    record = logging.LogRecord("console.x\n" + text, logging.INFO, "f", 1, "t " + text + " %s", (text,), None)
    record.threadName = text
    line = LogFormatter().format(record)
    assert len(line.splitlines()) == 1
    assert "\x1b" not in line
    line.encode()


@pytest.mark.parametrize("forged", ["amy\r\n2026-01-01T00:00:00.000Z INFO console.x all well", "\x1b[2Jamy", "amy b"])
def test_a_forged_user_name_stays_in_its_record(forged: str, kept: Kept) -> None:
    ours.info("sign-in of %s", safe_id(forged))
    ours.info("sign-in of " + forged)  # what must hold even where the rule was broken
    assert len(kept.lines) == 2
    assert all(len(line.splitlines()) == 1 and "\x1b" not in line for line in kept.lines)
    assert kept.lines[0].endswith(f"sign-in of ‹not an id, {len(forged)} characters›")


@pytest.mark.parametrize("good", [CALL, "dallas-ia/operations", "2026-11-21T22:00:00+00:00", 42, "a.b-c_d", "errno"])
def test_safe_id_keeps_ids(good: object) -> None:
    assert safe_id(good) == str(good)
    assert isinstance(safe_id(good), SafeId)
    assert safe_id(safe_id(good)) == str(good)


@pytest.mark.parametrize("bad", ["", "two words", "x" * 81, "a\n", "naïve", "-x", "a;b"])
def test_safe_id_replaces_the_rest(bad: str) -> None:
    assert safe_id(bad) == f"‹not an id, {len(bad)} characters›"


def test_nothing_of_locals_reaches_an_error_line() -> None:
    passphrase = "sentinel words of a caller"
    try:
        int(passphrase)
    except ValueError:
        error = sys.exc_info()[1]
    assert error is not None
    assert "sentinel" not in error_line(error)
