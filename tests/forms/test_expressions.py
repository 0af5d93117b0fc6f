"""Formulas of a form: what they see, what they decide, and when they give nothing."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from console.forms import (
    Answers,
    NonAnswer,
    RefusedForm,
    answered,
    initial_answers,
    load,
    present,
    response,
    validate,
)
from console.forms.deciding.enablement import enabled
from console.forms.document import FHIR, SDC
from console.forms.model import Coding, Date, Quantity
from tests.forms.building import (
    Json,
    asked_when,
    by,
    calculated,
    choice,
    document,
    filled,
    form,
    group,
    item,
    one_of,
    option,
    variable,
)

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


# --- what a formula sees -----------------------------------------------------------------------------------------


def test_a_formula_sees_the_variables_around_it_and_those_before_it() -> None:
    q = form(
        item("a", "integer"),
        group("g", calculated("t", "%x + %y", "integer"), extension=[variable("y", "%x * 10"), variable("x", "1000")]),
        calculated("out", "%y", "integer"),
        extension=[variable("x", one_of("a"))],
    )
    assert filled(q, {"a": (2,)}) == {"t": (1020,)}, "%y sees the %x before it, the sum the nearest"
    assert [finding.link_id for finding in q.findings] == ["out"]
    assert "%y, which is not known here" in q.findings[0].text


def test_what_a_formula_reads_in_the_form_is_no_answer_it_could_rest_on() -> None:
    found = "%questionnaire.item.where(linkId='risk').answerOption.valueCoding.where(code=iif(%worried, 'high', 'low'))"
    q = form(
        item("worried", "boolean"),
        choice(
            "risk", option("high"), option("low"), extension=[by(SDC + "calculatedExpression", found)], readOnly=True
        ),
        extension=[variable("worried", one_of("worried"))],
    )
    assert q.findings == ()
    assert filled(q, {"worried": (True,)})["risk"][0].code == "high"
    assert filled(q, {"worried": (False,)})["risk"][0].code == "low"


def test_what_another_program_would_hand_in_is_named_as_that() -> None:
    handed = {"url": SDC + "launchContext", "extension": [{"url": "name", "valueCoding": {"code": "case"}}]}
    first = [
        item(name, extension=[by(SDC + "initialExpression", f"%{name}.id")]) for name in ("case", "patient", "any")
    ]
    strange = {**handed, "extension": [{"url": "name", "valueCoding": {"code": {}}}]}
    q = form(*first, extension=[strange, handed])
    elsewhere = "which another program would hand to the form and this one does not"
    assert [one.text.rsplit(": ", 1)[1] for one in q.findings] == [
        f"it names %case, {elsewhere}",
        f"it names %patient, {elsewhere}",
        "it names %any, which is not known here",
    ]


def test_a_formula_that_looks_at_what_is_not_there_or_fills_no_answer_is_reported() -> None:
    q = form(
        item("a", extension=asked_when(f"{one_of('gone')}.exists()")),
        item("b", extension=[by(SDC + "initialExpression", one_of("off"))]),
        group("g", item("c"), extension=[by(SDC + "calculatedExpression", "1 + 1")]),
    )
    assert [(one.link_id, one.text) for one in q.findings] == [
        ("a", "its formula looks at 'gone', which is not in the form"),
        ("b", "its formula looks at 'off', which is not in the form"),
        ("g", "it takes no answer, and the formula for one is not evaluated"),
    ]


def test_a_formula_with_a_name_is_a_variable_too() -> None:
    one = by(SDC + "calculatedExpression", one_of("a"), name="given")
    q = form(item("a", "integer"), calculated("t", "%given + 1", "integer"), extension=[one])
    assert filled(q, {"a": (2,)}) == {"t": (3,)}
    assert q.findings == ()


def test_context_is_the_line_itself_and_each_occurrence_has_its_own() -> None:
    dose = group(
        "drug",
        item("mg", "decimal"),
        calculated("g", "%mg / 1000"),
        repeats=True,
        extension=[variable("mg", "item.where(linkId='mg').answer.value")],
    )
    q = form(dose)
    answers = {"mg": (Decimal(5),), "mg#2": (Decimal(20),)}
    assert filled(q, answers) == {"g": (Decimal("0.005"),), "g#2": (Decimal("0.02"),)}


def test_the_item_and_the_form_can_be_looked_at() -> None:
    own = choice("a", option("x", 1), option("y", 2))
    q = form(
        own, item("b", extension=[by(SDC + "initialExpression", "%qitem.text & '/' & %questionnaire.item[0].linkId")])
    )
    assert initial_answers(q)["b"] == ("Text of b/a",)


@pytest.mark.parametrize("word", list(NonAnswer))
def test_a_non_answer_is_no_value(word: NonAnswer) -> None:
    there = item("there", extension=asked_when(f"{one_of('a')}.exists()"))
    q = form(item("a", "integer"), there)
    assert "there" not in enabled(q, {"a": (word,)})
    assert "there" in enabled(q, {"a": (1,)})


def test_what_is_not_asked_is_no_value() -> None:
    q = form(
        item("on", "boolean"),
        item("a", "integer", extension=asked_when(one_of("on"))),
        calculated("t", f"{one_of('a')} + 1", "integer"),
    )
    assert filled(q, {"a": (1,)}) == {}
    assert filled(q, {"a": (1,), "on": (True,)}) == {"t": (2,)}


@pytest.mark.parametrize(
    "text",
    ["%patient.birthDate", "%user.name", "%here", "today() +", "patient.unheard()", "%query.entry"],
)
def test_what_cannot_be_evaluated_leaves_a_value_blank_and_is_reported(text: str) -> None:
    asks = {"name": "query", "language": "application/x-fhir-query", "expression": "Patient/{{%user.id}}"}
    q = form(
        item("a", "string", extension=[by(SDC + "initialExpression", text)]),
        calculated("b", text, "string"),
        extension=[{"url": FHIR + "variable", "valueExpression": asks}],
    )
    assert initial_answers(q, NOW) == {}
    assert filled(q, {}, NOW) == {}
    assert [finding.link_id for finding in q.findings] == ["a", "b"]


# --- what it decides ---------------------------------------------------------------------------------------------


def test_a_formula_asks_beside_the_conditions() -> None:
    q = form(
        item("a", "integer"),
        item("b", "boolean"),
        item(
            "c",
            enableWhen=[{"question": "b", "operator": "=", "answerBoolean": True}],
            extension=asked_when(f"{one_of('a')} > 3"),
        ),
    )
    assert "c" not in enabled(q, {"a": (4,)})
    assert "c" not in enabled(q, {"b": (True,)}), "nothing is not true"
    assert "c" not in enabled(q, {"b": (True,), "a": (3,)})
    assert "c" in enabled(q, {"b": (True,), "a": (4,)})


def test_one_that_fails_on_these_answers_asks_rather_more() -> None:
    q = form(item("a", "string"), item("b", extension=asked_when(f"{one_of('a')} > 3")))
    assert "b" in enabled(q, {"a": ("words",)})


def test_what_is_calculated_decides_what_is_asked_whatever_stands_first() -> None:
    q = form(
        item("ask", enableWhen=[{"question": "t", "operator": ">", "answerInteger": 5}]),
        calculated("t", f"{one_of('u')} + 1", "integer"),
        calculated("u", f"{one_of('a')} * 2", "integer"),
        item("a", "integer"),
    )
    assert filled(q, {"a": (3,)}) == {"u": (6,), "t": (7,)}
    assert "ask" in enabled(q, {"a": (3,)})
    assert "ask" not in enabled(q, {"a": (2,)})


def test_values_that_rest_on_each_other_stay_blank_and_are_reported() -> None:
    q = form(calculated("a", f"{one_of('b')} + 1", "integer"), calculated("b", f"{one_of('a')} + 1", "integer"))
    assert filled(q, {"a": (1,), "b": (1,)}) == {}
    assert [finding.link_id for finding in q.findings] == ["a", "b"]
    assert all("rest on itself" in finding.text for finding in q.findings)


def test_questions_that_ask_each_other_are_decided_from_top_to_bottom() -> None:
    q = form(
        item("a", extension=asked_when(f"{one_of('b')}.exists()")),
        item("b", extension=asked_when(f"{one_of('a')}.exists()")),
    )
    assert enabled(q, {"a": ("x",), "b": ("y",)}) == {"a", "b"}
    assert enabled(q, {"b": ("y",)}) == {"a"}
    assert enabled(q, {"a": ("x",)}) == frozenset()


def test_a_formula_that_would_change_with_the_clock_what_is_asked_is_refused() -> None:
    with pytest.raises(RefusedForm, match="depends on the time"):
        form(item("a", extension=asked_when("%soon")), extension=[variable("soon", "today() < @2030-01-01")])


def test_answers_can_come_from_other_answers() -> None:
    options = by(SDC + "answerExpression", "%resource.item.where(linkId='which').answer.value")
    q = form(
        choice("which", option("x"), option("y"), option("z"), repeats=True),
        item("first", "choice", extension=[options]),
    )
    answers = answered(
        q, answered(q, {}, "which", q.by_id["which"].options[0].value), "which", Coding("urn:codes", "z")
    )
    row = next(row for row in present.present(q, answers).rows if row.key == "first")
    assert [choice.label for choice in row.choices] == ["X", "z"]
    assert not row.open
    assert [issue.text for issue in validate(q, {**answers, "first": (Coding("urn:codes", "y"),)})] == [
        "the answer is not one of the options"
    ]


def test_text_and_required_and_bounds_can_be_decided() -> None:
    said = {"extension": [by(FHIR + "cqf-expression", f"'How long with ' & {one_of('name')} & '?'")]}
    needed = {"extension": [by(FHIR + "cqf-expression", f"{one_of('name')}.exists()")]}
    least = {
        "url": FHIR + "minValue",
        "_valueInteger": {"extension": [by(FHIR + "cqf-calculatedValue", one_of("low"))]},
    }
    q = form(
        item("name"), item("low", "integer"), item("long", "integer", _text=said, _required=needed, extension=[least])
    )
    assert validate(q, {}) == ()
    answers: Answers = {"name": ("Kim",), "low": (5,)}
    row = next(row for row in present.present(q, answers).rows if row.key == "long")
    assert (row.text, row.required, row.minimum) == ("How long with Kim?", True, 5)
    assert [issue.text for issue in validate(q, answers)] == ["an answer is required"]
    assert [issue.text for issue in validate(q, {**answers, "long": (4,)})] == [
        "the value is below what a formula of the form allows"
    ]


def test_constraints_complain_in_the_words_of_the_form() -> None:
    def constraint(url: str, text: Json, severity: str, human: str) -> Json:
        parts = {"key": "valueId", "severity": "valueCode", "human": "valueString"}
        told = {"key": "c", "severity": severity, "human": human}
        return {
            "url": url,
            "extension": [{"url": "expression", **text}, *({"url": k, parts[k]: told[k]} for k in told)],
        }

    older = {"valueString": "item.where(linkId='a').answer.value <= item.where(linkId='b').answer.value"}
    full = {"valueExpression": {"language": "text/fhirpath", "expression": "answer.value.length() > 2"}}
    q = form(
        item("a", "integer"),
        item("b", "integer"),
        item("c", extension=[constraint(FHIR + "targetConstraint", full, "warning", "Rather short.")]),
        extension=[constraint(FHIR + "questionnaire-constraint", older, "error", "The first cannot be the larger.")],
    )
    assert validate(q, {}) == ()
    assert validate(q, {"a": (1,), "b": (2,), "c": ("abc",)}) == ()
    found = validate(q, {"a": (3,), "b": (2,), "c": ("ab",)})
    assert [(i.link_id, i.severity, i.text, i.code) for i in found] == [
        ("", "error", "The first cannot be the larger.", "invariant"),
        ("c", "warning", "Rather short.", "invariant"),
    ]


# --- what it fills in --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "text", "value"),
    [
        ("decimal", "(70 / (1.75 * 1.75)).round(1)", Decimal("22.9")),
        ("decimal", "1 / 3", Decimal("0.333333333333333")),
        ("decimal", "0.1 + 0.2", Decimal("0.3")),
        ("integer", "7.0", 7),
        ("integer", "7.5", None),
        ("integer", "true", None),
        ("string", "1.50", "1.50"),
        ("string", "1 | 2", None),
        ("boolean", "1 > 2", False),
        ("boolean", "'yes'", None),
        ("date", "today() + 1 day", Date("2026-03-02")),
        ("date", "'tomorrow'", None),
        ("quantity", "5 'mg'", Quantity(Decimal(5), "mg", "", "mg")),
    ],
)
def test_a_value_is_filled_in_as_the_type_of_its_item_or_not_at_all(kind: str, text: str, value: Any) -> None:
    q = form(calculated("t", text, kind))
    assert filled(q, {}, NOW) == ({} if value is None else {"t": (value,)})


def test_what_is_filled_in_is_shown_and_stored_and_never_taken_from_an_old_response() -> None:
    q = form(item("a", "integer"), calculated("t", f"{one_of('a')} * 2", "integer"))
    answers: Answers = {"a": (4,), "t": (99,)}
    assert next(row.answers for row in present.present(q, answers).rows if row.key == "t") == (8,)
    stored = response.build(q, answers, status="completed", authored=NOW)
    assert response.read(q, stored) == {"a": (4,), "t": (8,)}


def test_initial_values_come_in_the_order_of_what_they_look_at() -> None:
    q = form(
        item("b", "integer", extension=[by(SDC + "initialExpression", f"{one_of('a')} + 1")]),
        item("a", "integer", initial=[{"valueInteger": 4}]),
        item("day", "date", extension=[by(SDC + "initialExpression", "today()")]),
    )
    assert initial_answers(q, NOW) == {"a": (4,), "b": (5,), "day": (Date("2026-03-01"),)}
    assert "day" not in initial_answers(q), "without a time there is no today"


# --- only what depends on an answer is evaluated again -----------------------------------------------------------


def test_an_answer_evaluates_again_only_what_looks_at_it(monkeypatch: pytest.MonkeyPatch) -> None:
    q = form(
        item("a", "integer"),
        item("b", "integer"),
        calculated("on-a", f"{one_of('a')} + 1", "integer"),
        calculated("on-b", f"{one_of('b')} + 1", "integer"),
        calculated("on-all", "%resource.item.answer.value.count()", "integer"),
    )
    answers: Answers = {"a": (1,), "b": (1,)}
    filled(q, answers)
    evaluated: list[str] = []
    from console.forms import fhirpath

    real = fhirpath.evaluate
    monkeypatch.setattr(
        fhirpath, "evaluate", lambda one, *given, **named: evaluated.append(one.text) or real(one, *given, **named)
    )
    filled(q, answers)
    assert evaluated == []
    assert filled(q, {**answers, "a": (5,)})["on-a"] == (6,)
    assert evaluated == [f"{one_of('a')} + 1", "%resource.item.answer.value.count()"]


def test_two_readings_of_a_form_are_the_same_form() -> None:
    made = document(item("a", "integer"), calculated("t", one_of("a"), "integer"))
    assert load(made) == load(made)
