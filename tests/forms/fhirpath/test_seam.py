"""The seam to the FHIRPath engine: what it adds, what it bounds, and what it keeps quiet about."""

from contextlib import suppress
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.forms import fhirpath
from console.forms.fhirpath import Unevaluable
from console.forms.values import SCORE_URLS

SECRET = "what the person said"
RESPONSE = {
    "resourceType": "QuestionnaireResponse",
    "item": [
        {"linkId": "a", "answer": [{"valueCoding": {"code": "x", "extension": [{"url": url, "valueDecimal": score}]}}]}
        for url, score in zip(SCORE_URLS, (1, 2, 0.1, 0.2, 3, 4), strict=True)
    ]
    + [{"linkId": "words", "answer": [{"valueString": SECRET}]}, {"linkId": "n", "answer": [{"valueInteger": 3}]}],
}


def run(text: str, now: datetime | None = None, **variables: Any) -> tuple[Any, ...]:
    found = fhirpath.evaluate(fhirpath.compiled(text), RESPONSE, {"resource": RESPONSE, **variables}, now=now)
    return fhirpath.plain(found)


@pytest.mark.parametrize("name", ["weight", "ordinal"])
def test_weights_are_read_from_answers_and_codings_whatever_the_extension_is_called(name: str) -> None:
    assert run(f"%resource.item.answer.{name}()") == (1, 2, Decimal("0.1"), Decimal("0.2"), 3, 4)
    assert run(f"%resource.item.answer.value.{name}().sum()") == (Decimal("10.3"),)


def test_numbers_are_decimals_and_not_binary_fractions() -> None:
    assert run("0.1 + 0.2") == (Decimal("0.3"),)
    assert run("%resource.item.answer.weight().where($this < 1).sum()") == (Decimal("0.3"),)
    assert run("(70 / (1.75 * 1.75)).round(1)") == (Decimal("22.9"),)


def test_nothing_sums_to_nothing_and_not_to_zero() -> None:
    assert run("%resource.item.where(linkId = 'none').answer.weight().sum()") == ()


def test_the_time_is_the_one_handed_in() -> None:
    now = datetime(2026, 3, 1, 23, 30, tzinfo=UTC)
    assert [str(*run(text, now)) for text in ("today()", "now()", "timeOfDay()")] == [
        "2026-03-01",
        "2026-03-01T23:30:00.000+00:00",
        "23:30:00.000",
    ]
    assert run("today() - 18 years >= @2008-03-01", now) == (True,)
    with pytest.raises(Unevaluable, match="asks for the time"):
        run("today()")


def test_trace_says_nothing_to_anybody(capfd: pytest.CaptureFixture[str]) -> None:
    assert run("%resource.item.where(linkId = 'words').answer.value.trace('said')") == (SECRET,)
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("1 +", "not valid FHIRPath"),
        ("a b", "not valid FHIRPath"),
        ("2 /* never ends", "not valid FHIRPath"),
        ("", "not valid FHIRPath"),
        ("(" * 400 + "1" + ")" * 400, "nested too deeply"),
        ("a" * 30_000, "too long"),
        ("unheardOf()", r"the function unheardOf\(\)"),
        ("where()", "as many arguments"),
        ("%patient.name", "%patient"),
        ("'a' + 1", "a number is needed"),
        ("item.answer.value + 1", "one value is needed"),
        ("'a'.repeat($this & 'a')", "too long"),
        ("1.repeat($this + 1)", "without an end|too much work"),
        ("1.repeat($this * 2)", "too large"),
        ("@2020-13-01", "does not exist"),
        ("10.power(99999999)", "do not fit together"),
        ("'x'.matches('(')", "cannot be read"),
        ("'x'.replaceMatches('(x+)+y', 'z')", r"the function replaceMatches\(\)"),
    ],
)
def test_whatever_fails_is_one_error_with_a_reason(text: str, reason: str) -> None:
    with pytest.raises(Unevaluable, match=reason):
        run(text)


@pytest.mark.parametrize(
    "text",
    ["'a' - %resource.item.answer.value", "item.where(linkId='words').answer.value + 1", "item.answer.value.join()"],
)
def test_no_reason_repeats_an_answer(text: str) -> None:
    with pytest.raises(Unevaluable) as caught:
        run(text)
    assert SECRET not in f"{caught.value.message}{caught.value.detail}"
    assert caught.value.__cause__ is None
    assert caught.value.__suppress_context__


def test_work_is_bounded() -> None:
    items = [{"linkId": str(number)} for number in range(300)]
    big = {"resourceType": "QuestionnaireResponse", "item": items}
    runaway = fhirpath.compiled(
        "item.where(%resource.item.where(%resource.item.where(linkId = 'no').exists()).exists())"
    )
    with pytest.raises(Unevaluable, match="too much work"):
        fhirpath.evaluate(runaway, big, {"resource": big})


def test_an_inner_this_does_not_change_the_outer_one() -> None:
    assert run("(1 | 2).where((3 | 4).where($this = 4).exists() and $this = 2)") == (2,)


def test_what_was_found_can_be_passed_on_as_a_variable() -> None:
    found = fhirpath.evaluate(fhirpath.compiled("item.where(linkId = 'n')"), RESPONSE, {})
    assert run("%given.answer.value + 1", given=found) == (4,)


@given(st.text(max_size=40) | st.lists(st.sampled_from([*"()'.%$+-=12 ", "item", "where", "answer"])).map("".join))
def test_no_text_crashes_it(text: str) -> None:
    with suppress(Unevaluable):
        run(text)
