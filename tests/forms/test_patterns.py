"""Patterns from documents: the same answers as Python's own engine, in bounded time."""

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.forms.patterns import UnreadablePatternError, matches


@pytest.mark.parametrize(
    ("pattern", "text", "expected"),
    [
        (r"^[^@\s]+@[^@\s]+\.[^@\s]+$", "somebody@test.com.au", True),
        (r"^[^@\s]+@[^@\s]+\.[^@\s]+$", "somebody@@test.com.au", False),
        (r"(?=.*\d)(?=.*[a-z]).{4,8}", "abc1", True),
        (r"(?=.*\d)(?=.*[a-z]).{4,8}", "abcd", False),
        (r"\d{3}-\d{2}-\d{4}", "123-45-6789", True),
        (r"\d{3}-\d{2}-\d{4}", "x123-45-6789", False),
        (r"\d", "\u0661", False),
        (r"\p{Lu}\p{Ll}+", "\u00c9mile", True),
        (r"\P{L}+", "12", True),
        (r"[\p{L} ]+", "\u00c9mile Zola", True),
        (r"(?<year>\d{4})|(?P<word>\w+)", "2020", True),
        (r"(?<=a)b|ab", "ab", True),
        (r"a{2,3}", "aaaa", False),
        (r"\u00e9", "\u00e9", True),
        (r"", "", True),
        (r"a{0}", "a", False),
    ],
)
def test_patterns_that_forms_use(pattern: str, text: str, expected: bool) -> None:
    assert matches(pattern, text) is expected


@pytest.mark.parametrize("pattern", ["(a|aa)+b", "((a{1,1000}){1,1000}){1,1000}b"])
def test_a_pattern_that_takes_too_much_is_not_decided(pattern: str) -> None:
    assert matches(pattern, "a" * 3000) is None


@pytest.mark.parametrize("pattern", ["(", ")", "[a", "*", "a{3,2}", "\\", r"(a)\2", "a" * 3000, r"\p{Nothing}"])
def test_what_cannot_be_read_is_said(pattern: str) -> None:
    with pytest.raises(UnreadablePatternError):
        matches(pattern, "a")


@given(st.text(st.sampled_from("ab()[]{}|*+?.^$\\\\dwpux0,-:=!<> \u00e9"), max_size=12), st.text(max_size=12))
def test_any_text_is_a_pattern_or_is_refused(pattern: str, text: str) -> None:
    with contextlib.suppress(UnreadablePatternError):
        assert matches(pattern, text) in (True, False, None)
