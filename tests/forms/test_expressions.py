"""Formulas of a form: what they see, what they decide, and when they give nothing."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from console.forms import (
    Answers,
    NonAnswer,
    Questionnaire,
    RefusedForm,
    answered,
    initial_answers,
    load,
    present,
    response,
    score,
    validate,
)
from console.forms.document import FHIR, SDC
from console.forms.enablement import enabled, settle
from console.forms.layout import lines
from console.forms.model import Coding, Date, Quantity
from tests.forms.building import calculated, choice, document, form, group, item, option, scored, variable
from tests.support.shared import shared

Json = dict[str, Any]
NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


def by(url: str, text: str, **fields: Any) -> Json:
    return {"url": url, "valueExpression": {"language": "text/fhirpath", "expression": text, **fields}}


def asked_when(text: str) -> list[Json]:
    return [by(SDC + "enableWhenExpression", text)]


def filled(q: Questionnaire, answers: Answers, now: datetime | None = None) -> Json:
    return dict(settle(q, lines(q, answers), answers, now).calculated)


def one_of(link_id: str) -> str:
    return f"%resource.item.where(linkId='{link_id}').answer.value"


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
    q = form(item("a", "integer"), calculated("there", f"{one_of('a')}.exists()", "boolean"))
    assert filled(q, {"a": (word,)}) == {"there": (False,)}
    assert filled(q, {"a": (1,)}) == {"there": (True,)}


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


# --- scores ------------------------------------------------------------------------------------------------------

TWICE = "%resource.item.where(linkId='a' or linkId='b').answer.weight().sum() * 2"


def test_a_score_waits_for_all_it_looks_at() -> None:
    q = form(scored("a", 0, 1), scored("b", 0, 3), scored("c", 0, 9), calculated("t", TWICE, "integer"))
    full = {"a": (q.by_id["a"].options[1].value,), "b": (q.by_id["b"].options[1].value,)}
    (one,) = score(q, full)
    assert (one.value, one.reason, one.answered, one.of) == (8, None, 2, 2)
    assert score(q, {"a": full["a"]})[0].reason == "item b not answered"
    assert score(q, {**full, "b": (NonAnswer.REFUSED,)})[0].reason == "item b refused"
    assert filled(q, {"a": full["a"]}) == {}, "nor is it filled in before"


def test_one_whose_questions_cannot_be_told_waits_for_all_that_are_scored() -> None:
    q = form(
        scored("a", 0, 1), scored("b", 0, 3), calculated("t", "%resource.item.answer.weight().sum() * 2", "integer")
    )
    assert score(q, {"a": (q.by_id["a"].options[1].value,)})[0].reason == "item b not answered"


def test_the_branch_a_formula_takes_for_a_gap_is_no_score() -> None:
    text = f"iif({one_of('sex')}.code = 'f', 1, 2) * {one_of('n')}"
    q = form(
        choice("sex", option("f"), option("m")), item("n", "integer"), scored("a", 1), calculated("t", text, "integer")
    )
    assert score(q, {"n": (5,)})[0].reason == "item sex not answered"
    assert score(q, {"n": (5,), "sex": (Coding("urn:codes", "f"),)})[0].value == 5


def test_a_formula_that_gives_nothing_is_no_score() -> None:
    empty = "%resource.item.where(linkId='a').answer.where(1 = 2).weight().sum()"
    q = form(scored("a", 0, 1), calculated("t", empty, "integer"))
    (one,) = score(q, {"a": (q.by_id["a"].options[1].value,)})
    assert one.value is None
    assert one.reason == "the form's formula gives no result for these answers"


def test_a_plain_sum_and_its_formula_must_agree() -> None:
    # Read as a plain sum of both questions; the engine meets the second answer of a question that takes one.
    q = form(scored("a", 0, 1), scored("b", 0, 3), calculated("t", "%resource.item.answer.weight().sum()", "integer"))
    a, b = (q.by_id[name].options[1].value for name in "ab")
    assert score(q, {"a": (a,), "b": (b,)})[0].value == 4
    elsewhere = Coding("urn:codes", "o1", score=Decimal(2), score_url=FHIR + "ordinalValue")
    settled = settle(q, lines(q, {}), {"a": (a,), "b": (elsewhere,)})
    assert settled.calculated == {}
    assert "disagree" in settled.problems["t"]


def test_a_score_in_words_is_a_score() -> None:
    band = "iif(%total > 2, 'high', 'low')"
    total = variable("total", "%resource.item.where(linkId='a').answer.weight().sum()")
    q = form(scored("a", 0, 3), calculated("band", band, "string"), extension=[total])
    assert score(q, {"a": (q.by_id["a"].options[1].value,)})[0].value == "high"
    assert score(q, {})[0].reason == "item a not answered"


SUM = "%resource.item.answer.weight().sum()"


def of_two(*more: Json) -> Questionnaire:
    """Two scored questions with their total."""
    return form(scored("a", 0, 3), scored("b", 0, 3), calculated("t", SUM, "integer"), *more)


def test_what_a_formula_makes_of_a_score_waits_for_the_score() -> None:
    band = f"iif({one_of('t')} > 2, 'severe', 'minimal')"
    q = of_two(calculated("band", band, "string"), calculated("said", f"{one_of('band')} + '!'", "string"))
    three = q.by_id["a"].options[1].value
    for answers in ({}, {"a": (three,)}, {"a": (three,), "b": (NonAnswer.REFUSED,)}):
        assert filled(q, answers) == {}
    assert "item" not in response.build(q, {}, status="completed", authored=NOW)
    assert filled(q, {"a": (three,), "b": (three,)}) == {"t": (6,), "band": ("severe",), "said": ("severe!",)}


def test_words_with_a_score_in_them_wait_for_it() -> None:
    said = item("said", "display", _text={"extension": [by(FHIR + "cqf-expression", f"'Total: ' + {SUM}.toString()")]})
    mild = item("mild", "display", extension=asked_when(f"{SUM} < 5"))
    q = of_two(said, mild)
    three, none = q.by_id["a"].options[1].value, q.by_id["b"].options[0].value
    texts = {row.key: row.text for row in present.present(q, {"a": (three,)}).rows}
    assert texts["said"] == "Text of said"
    assert "mild" not in texts
    texts = {row.key: row.text for row in present.present(q, {"a": (three,), "b": (none,)}).rows}
    assert texts["said"] == "Total: 3"
    assert "mild" in texts


def test_no_form_begins_with_the_score_of_nothing() -> None:
    first = item("first", "integer", extension=[by(SDC + "initialExpression", SUM)])
    band = item("band", extension=[by(SDC + "initialExpression", f"iif({one_of('t')} > 2, 'severe', 'minimal')")])
    assert initial_answers(of_two(first, band)) == {}


def test_a_total_is_not_filled_in_where_an_answer_has_no_score() -> None:
    q = form(choice("a", option("x", 2), option("y")), scored("b", 0, 3), calculated("t", SUM, "integer"))
    answers = {"a": (q.by_id["a"].options[1].value,), "b": (q.by_id["b"].options[1].value,)}
    assert filled(q, answers) == {}
    assert score(q, answers)[0].reason == "item a answered with something that has no score"


@pytest.mark.parametrize(
    ("kind", "text", "total"),
    [
        ("integer", "%resource.item.where(linkId != 't').answer.value.sum()", 7),
        ("boolean", "%resource.item.where(answer.value = true).count()", 2),
        ("boolean", f"iif({one_of('a')}, 1, 0) + iif({one_of('b')}, 1, 0)", 2),
    ],
)
def test_a_gap_counts_for_nothing_in_a_form_without_scored_options(kind: str, text: str, total: int) -> None:
    q = form(item("a", kind), item("b", kind), calculated("t", text, "integer"))
    a, b = (3, 4) if kind == "integer" else (True, True)
    assert filled(q, {}) == {}
    assert score(q, {"a": (a,), "b": (NonAnswer.REFUSED,)})[0].reason == "item b refused"
    assert filled(q, {"a": (a,), "b": (NonAnswer.REFUSED,)}) == {}
    assert filled(q, {"a": (a,), "b": (b,)}) == {"t": (total,)}


def test_what_repeats_is_counted_as_often_as_it_stands() -> None:
    text = "%resource.item.where(linkId='drug').count()"
    q = form(group("drug", item("name"), repeats=True), calculated("n", text, "integer"))
    assert q.formulas == ()
    assert filled(q, {"name": ("x",), "name#2": ("y",)}) == {"n": (2,)}


def test_variables_that_name_each_other_twice_are_read_once() -> None:
    steps = [variable(f"v{n}", f"%v{n - 1} + %v{n - 2}") for n in range(2, 60)]
    first = [variable("v0", "%resource.item.where(linkId='a').answer.weight()"), variable("v1", "%v0")]
    q = form(scored("a", 0, 1), calculated("t", "%v59", "decimal"), extension=[*first, *steps])
    total = q.by_id["t"].expressions.calculated
    assert total is not None
    assert len(q.logic.named(total)) == 61


def test_values_that_rest_on_each_other_twice_are_followed_once() -> None:
    steps = [calculated(f"t{n}", f"{one_of(f't{n - 1}')} & {one_of(f't{n - 2}')}", "string") for n in range(2, 40)]
    q = form(
        scored("a", 0, 1),
        scored("b", 0, 1),
        calculated("t0", TWICE, "integer"),
        calculated("t1", one_of("t0"), "string"),
        *steps,
    )
    last = q.by_id["t39"].expressions.calculated
    assert last is not None
    assert q.logic.rests_on(last) == ("a", "b")
    assert q.needs[last] == ("t0",)


def test_an_answer_from_elsewhere_without_its_score_is_worth_what_the_form_says() -> None:
    q = form(scored("a", 0, 3), calculated("t", "%resource.item.answer.weight().sum()", "integer"))
    bare = Coding("urn:codes", "o1")
    assert score(q, {"a": (bare,)})[0].value == 3
    stored = response.build(q, {"a": (bare,)}, status="completed", authored=NOW)
    assert stored["item"][0]["answer"][0]["valueCoding"]["extension"][0]["valueDecimal"] == 3


@pytest.mark.parametrize(
    ("path", "link_id", "total"),
    [
        ("spier/phq9-questionnaire.json", "total-score", 18),
        ("lhncbc-lforms/R4/phq9.json", "/44261-6", 18),
        ("lhncbc-lforms/R4/calc-weight__phq9-with-the-weight-function.json", "/44261-6", 18),
        ("lhncbc-lforms/R4/apgar-with-itemWeight-variable.json", "9272-6", 10),
    ],
)
def test_published_forms_give_their_known_totals(path: str, link_id: str, total: int) -> None:
    q = load((shared("fhir-questionnaires") / path).read_bytes())
    chosen = [one for one in q.by_id.values() if one.is_scored][: 9 if total == 18 else 5]
    answers = {one.link_id: (max(one.options, key=lambda o: o.score or 0).value,) for one in chosen}
    if total == 18:
        answers = {one.link_id: (next(o.value for o in one.options if o.score == 2),) for one in chosen}
    found = next(one for one in score(q, answers) if one.link_id == link_id)
    assert (found.value, found.reason) == (total, None)
    gone = {link: given for link, given in answers.items() if link != chosen[3].link_id}
    assert next(one for one in score(q, gone) if one.link_id == link_id).value is None


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
