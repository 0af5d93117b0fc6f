"""Formulas that are plain sums are read; anything else is not guessed at."""

import pytest

from console.forms import load
from console.forms.reading.formulas import summed_items
from console.forms.values import FHIR
from tests.forms.building import calculated, form, group, item, scored, variable
from tests.support.shared import shared

URL = FHIR + "ordinalValue"
FORM = form(
    scored("q1", 0, 1),
    scored("q2", 0, 1),
    group("g", scored("q3", 0, 1), item("note", item=[scored("deep", 0, 1)])),
    item("words"),
)
WEIGHT = (
    "%questionnaire.item.where(linkId = '{0}').answerOption.where(valueCoding.code=%resource.item"
    ".where(linkId = '{0}').answer.valueCoding.code).extension.where(url='" + URL + "').valueDecimal"
)


def summed(expression: str, **variables: str) -> tuple[str, ...] | None:
    return summed_items(expression, variables, FORM.by_id, FORM.parents)


@pytest.mark.parametrize(
    ("expression", "items"),
    [
        ("%resource.item.answer.weight().sum()", ("q1", "q2")),
        ("%resource.item.answer.value.ordinal().sum()", ("q1", "q2")),
        (" %resource . item.where( linkId.startsWith( 'q' ) ).answer.weight() .sum() ", ("q1", "q2")),
        ("%resource.item.where(linkId != 'q1').answer.weight().sum()", ("q2",)),
        ("%resource.item.where(linkId='q1').answer.ordinal().sum()", ("q1",)),
        ("%resource.item.descendants().where(linkId in ('q1' | 'q3')).answer.weight().sum()", ("q3",)),
        ("%resource.descendants().answer.weight().sum()", ("q1", "q2", "q3", "deep")),
        ("%resource.repeat(item).answer.weight().sum()", ("q1", "q2", "q3")),
        (f"%resource.item.answer.valueCoding.extension.where(url='{URL}').valueDecimal.sum()", ("q1", "q2")),
        (f"%resource.item.answer.value.extension('{URL}').value.sum()", ("q1", "q2")),
        (f"%resource.item.answer.valueCoding.extension('{FHIR}itemWeight').valueDecimal.sum()", ("q1", "q2")),
    ],
)
def test_plain_sums(expression: str, items: tuple[str, ...]) -> None:
    assert summed(expression) == items


@pytest.mark.parametrize(
    "expression",
    [
        "",
        "%resource.item.answer.weight().sum() * 2",
        "%resource.item.answer.weight().sum() + 1",
        "%resource.item.answer.weight().avg()",
        "%resource.item.where(linkId.startsWith('q') and answer.exists()).answer.weight().sum()",
        "%resource.item.where(linkId.startsWith('nothing')).answer.weight().sum()",
        "%resource.item.where(text = 'q1').answer.weight().sum()",
        "%resource.item.where(linkId = 'q\\'1').answer.weight().sum()",
        "%resource.item.answer.valueInteger.sum()",
        "%unknown",
        "%self",
    ],
)
def test_anything_else_is_not_a_plain_sum(expression: str) -> None:
    assert summed(expression, self="%self") is None


def test_variables_are_followed() -> None:
    assert summed("%total", total="%sum", sum="%resource.item.answer.weight().sum()") == ("q1", "q2")


def test_weights_added_one_by_one() -> None:
    weights = {"a": WEIGHT.format("q1"), "b": WEIGHT.format("q2")}
    assert summed("%a + %b", **weights) == ("q1", "q2")
    assert summed("iif(%a.exists() and %b.exists(), %a + %b, {})", **weights) == ("q1", "q2")
    guarded = "iif(%any, iif(%a.exists(), %a, 0) + iif(%b.exists(), %b, 0), {})"
    assert summed(guarded, any="%a.exists() or %b.exists()", **weights) == ("q1", "q2")
    assert summed(guarded, any="%a > 1", **weights) is None, "a condition on the values is no plain sum"
    assert summed("%a + %a", **weights) is None, "one item counted twice is no plain sum"
    assert summed("%a + %b + %c", **weights) is None
    assert summed("iif(%a.exists(), %b, 0) + %b", **weights) is None
    assert summed("%a", a=WEIGHT.format("words")) is None


def test_formulas_of_a_form_see_the_variables_around_them() -> None:
    q = form(
        scored("q1", 0, 1),
        group("g", calculated("t", "%sum"), extension=[variable("sum", "%resource.item.answer.weight().sum()")]),
        extension=[variable("sum", "1")],
    )
    assert [(formula.link_id, formula.items) for formula in q.formulas] == [("t", ("q1",))]


@pytest.mark.parametrize(
    ("path", "totals"),
    [
        ("spier/phq9-questionnaire.json", {"total-score": 9}),
        ("lhncbc-lforms/R4/phq9.json", {"/44261-6": 9}),
        ("lhncbc-lforms/R4/calc-weight__phq9-with-the-weight-function.json", {"/44261-6": 9}),
        ("lhncbc-lforms/R4/apgar-with-itemWeight-variable.json", {"9272-6": 5}),
        ("lhncbc-lforms/R4/calc-weight__q-with-contained-valueset-with-itemWeight.json", {"link-2": 2}),
        ("jmandel-web/asrs-v1-1.json", {"asrs.inattentionScore": 10, "asrs.hyperactivityScore": 8}),
        ("jmandel-web/audit.json", {"audit.totalScore": 10}),
        ("jmandel-web/dast-10.json", {"dast10.totalScore": 10}),
        ("jmandel-web/aafp-social-needs.json", {"sn.safetyScore": 4}),
    ],
)
def test_formulas_of_real_forms(path: str, totals: dict[str, int]) -> None:
    q = load(shared(f"fhir-questionnaires/{path}").read_bytes())
    assert {formula.link_id: len(formula.items) for formula in q.formulas} == totals
