"""Patterns from documents: the same answers as Python's own engine, in bounded time."""

import contextlib
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.forms.patterns import UnreadablePatternError, matches

LETTERS = st.sampled_from("ab1_ -.\n\u00e9")
ATOMS = st.sampled_from([
    "a", "b", "1", ".", r"\d", r"\w", r"\s", r"\D", r"\W", r"\S", "[ab]", "[^a]", r"[a-z\d]", r"[-.]", r"\.", "[]a]",
    r"\b", r"\B", "^", r"\x61", r"[\W_]", "(?=a)", "(?!b)",
])  # fmt: skip
COUNTS = st.sampled_from(["", "", "*", "+", "?", "{2}", "{1,}", "{0,2}", "*?", "+?"])


def _grow(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.one_of(
        st.builds(lambda one, count: f"(?:{one}){count}", inner, COUNTS),
        st.builds(lambda one, other: one + other, inner, inner),
        st.builds(lambda one, other: f"(?:{one}|{other})", inner, inner),
        st.builds(lambda one: f"(?={one})", inner),
        st.builds(lambda one: f"({one})", inner),
    )


@given(st.recursive(ATOMS, _grow, max_leaves=6), st.text(LETTERS, max_size=7))
def test_the_same_as_pythons_engine(pattern: str, text: str) -> None:
    assert matches(pattern, text) is bool(re.fullmatch(pattern, text, re.ASCII))


@pytest.mark.parametrize(
    ("pattern", "text", "expected"),
    [
        (r"^[^@\s]+@[^@\s]+\.[^@\s]+$", "somebody@test.com.au", True),
        (r"^[^@\s]+@[^@\s]+\.[^@\s]+$", "somebody@@test.com.au", False),
        (r"(?=.*\d)(?=.*[a-z]).{4,8}", "abc1", True),
        (r"(?=.*\d)(?=.*[a-z]).{4,8}", "abcd", False),
        (r"\d{3}-\d{2}-\d{4}", "123-45-6789", True),
        (r"\p{Lu}\p{Ll}+", "\u00c9mile", True),
        (r"\P{L}+", "12", True),
        (r"[\p{L} ]+", "\u00c9mile Zola", True),
        (r"(?<year>\d{4})|(?P<word>\w+)", "2020", True),
        (r"a{2,3}", "aaaa", False),
        (r"(?:a{0,2}){2}", "aaaa", True),
        (r"\u00e9", "\u00e9", True),
        (r"", "", True),
        (r"$a", "a", False),
        (r"a{0}", "a", False),
    ],
)
def test_patterns_that_forms_use(pattern: str, text: str, expected: bool) -> None:
    assert matches(pattern, text) is expected


@pytest.mark.parametrize("pattern", ["(a+)+b", "(a|a)*b", "(a|aa)+b", "(.*)*b", "(?:a?){30}a{30}b"])
def test_patterns_that_would_hold_up_another_engine_are_decided(pattern: str) -> None:
    assert matches(pattern, "a" * 60) is False
    assert matches(pattern, "a" * 60 + "b") is True


def test_a_pattern_that_takes_too_much_is_not_decided() -> None:
    assert matches("(?:(?=.*b).)*", "a" * 5000 + "b") is None


@pytest.mark.parametrize(
    "pattern",
    [
        "(", ")", "(a", "a)", "[a", "*", "a|*", "a{x}", "a{3,2}", "a{99999}", "a{2", "\\", r"\1", r"(a)\1", "(?<=a)b",
        "(?i)a", r"\p{Greek}", r"\p{L", r"\xZZ", r"\u12", "[b-a]", "(?<name", "(" * 60 + ")" * 60, "a" * 3000, r"\q",
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_said(pattern: str) -> None:
    with pytest.raises(UnreadablePatternError):
        matches(pattern, "a")


@given(st.text(st.sampled_from("ab()[]{}|*+?.^$\\\\dwpux0,-:=!<> \u00e9"), max_size=12), st.text(max_size=12))
def test_any_text_is_a_pattern_or_is_refused(pattern: str, text: str) -> None:
    with contextlib.suppress(UnreadablePatternError):
        assert matches(pattern, text) in (True, False, None)
