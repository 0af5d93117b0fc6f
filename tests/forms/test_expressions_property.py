"""Formulas over random forms and answers: nothing crashes, a refusal is never scored, and what is not looked at again
is what it would have been."""

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from console.forms import (
    Answers,
    NonAnswer,
    Questionnaire,
    RefusedForm,
    fhirpath,
    initial_answers,
    load,
    response,
    score,
    validate,
)
from console.forms.asking.present import present
from console.forms.deciding.enablement import Settled, settle
from console.forms.deciding.layout import lines
from console.forms.document import FHIR, SDC
from console.forms.fhirpath import Unevaluable
from console.forms.model import Expression
from tests.forms.building import calculated, document, group, item, scored, variable
from tests.forms.test_expressions import NOW, by

LINKS = ("a", "b", "c", "n", "w", "t", "u", "g")
Json = dict[str, Any]


@st.composite
def paths(draw: st.DrawFn) -> str:
    link = draw(st.sampled_from(LINKS))
    start = draw(
        st.sampled_from(
            (
                f"%resource.item.where(linkId='{link}')",
                f"%resource.repeat(item).where(linkId='{link}')",
                f"%resource.descendants().where(linkId in ('{link}'|'a'))",
                f"%resource.repeat(item).where(linkId.startsWith('{link}'))",
                f"%resource.item.where(linkId != '{link}')",
                "%resource.repeat(item)",
                "%resource.item[0]",
                f"item.where(linkId='{link}')",
                "%context",
                "%v",
            )
        )
    )
    end = st.sampled_from(
        (".answer.value", ".answer.weight()", ".answer.value.code", ".answer", ".item.answer.value", "")
    )
    return start + draw(end)


def _joined(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    pair = st.tuples(inner, st.sampled_from("+ - * / & = != > and or |".split()), inner)  # noqa: SIM905
    calls = st.sampled_from(("sum()", "count()", "exists()", "empty()", "first()", "toString()", "round(1)", "not()"))
    return st.one_of(
        pair.map(lambda parts: f"({parts[0]}) {parts[1]} ({parts[2]})"),
        st.tuples(inner, calls).map(lambda parts: f"({parts[0]}).{parts[1]}"),
        st.tuples(inner, inner, inner).map(lambda parts: f"iif(({parts[0]}).exists(), {parts[1]}, {parts[2]})"),
    )


SUMS = st.lists(st.sampled_from("abc"), min_size=1, max_size=3, unique=True).map(
    lambda links: " + ".join(f"%resource.repeat(item).where(linkId = '{link}').answer.weight().sum()" for link in links)
)
EXPRESSIONS = st.one_of(
    SUMS,
    SUMS.map(lambda text: f"iif({text} > 2, 1, 2)"),
    st.recursive(
        paths() | st.sampled_from(("1", "0.5", "'x'", "true", "{}", "%patient.name", "now()")), _joined, max_leaves=5
    ),
)


@st.composite
def forms(draw: st.DrawFn) -> Json:
    one = lambda: draw(EXPRESSIONS)  # noqa: E731
    kinds = st.sampled_from(("integer", "decimal", "string", "boolean", "quantity", "choice"))
    asked = [by(SDC + "enableWhenExpression", one())] if draw(st.booleans()) else []
    rule = {"url": "expression", "valueString": one()}
    return document(
        scored("a", 0, 1, 2),
        scored("b", 0, 3, extension=asked),
        group("g", scored("c", 1, 5), item("n", "integer"), repeats=draw(st.booleans())),
        item("w", extension=[by(SDC + "initialExpression", one())]),
        calculated("t", one(), draw(st.sampled_from(("integer", "decimal", "string", "boolean", "quantity")))),
        calculated("u", one(), "decimal"),
        item("l", draw(kinds), extension=[by(SDC + "answerExpression", one())]),
        extension=[variable("v", one()), {"url": FHIR + "questionnaire-constraint", "extension": [rule]}],
    )


@st.composite
def filled_in(draw: st.DrawFn) -> tuple[Questionnaire | None, Answers, Answers]:
    try:
        q = load(draw(forms()))
    except RefusedForm:
        return None, {}, {}

    def some() -> Answers:
        found: Answers = {}
        for link_id in ("a", "b", "c"):
            values = [option.value for option in q.by_id[link_id].options]
            given_to = draw(st.sampled_from((*values * 3, None, *NonAnswer)))
            found = found if given_to is None else {**found, link_id: (given_to,)}
        number = draw(st.integers(-5, 5) | st.none())
        return found if number is None else {**found, "n": (number,)}

    return q, some(), some()


def seen(settled: Settled) -> Any:
    return settled.on, settled.calculated, settled.problems, settled.lines


@given(filled_in())
def test_nothing_crashes_and_a_refusal_is_never_scored(case: tuple[Questionnaire | None, Answers, Answers]) -> None:
    q, answers, _ = case
    if q is None:
        return
    for one in score(q, answers, now=NOW):
        assert (one.value is None) != (one.reason is None)
        formula = next((formula for formula in q.formulas if formula.link_id == one.link_id), None)
        if one.value is not None and formula is not None:
            on = settle(q, lines(q, answers), answers, NOW).on
            held = [answers.get(link_id, ()) for link_id in formula.items if link_id in on and link_id != "w"]
            assert all(each and not isinstance(each[0], NonAnswer) for each in held)
    assert present(q, answers, now=NOW).rows
    validate(q, answers, now=NOW)
    stored = response.build(q, answers, status="in-progress", authored=NOW)
    assert response.build(q, response.read(q, stored), status="in-progress", authored=NOW) == stored
    assert initial_answers(q, NOW).keys() <= {"w"}


@given(filled_in())
def test_what_is_remembered_is_what_would_be_evaluated(case: tuple[Questionnaire | None, Answers, Answers]) -> None:
    q, before, after = case
    if q is None:
        return
    settle(q, lines(q, before), before, NOW)
    remembered = settle(q, lines(q, after), after, NOW)
    fresh = load(q.raw)
    assert seen(remembered) == seen(settle(fresh, lines(fresh, after), after, NOW))


@settings(max_examples=300)
@given(paths(), filled_in())
def test_a_formula_gives_the_same_on_what_it_looks_at_as_on_everything(
    text: str, case: tuple[Questionnaire | None, Answers, Answers]
) -> None:
    q, answers, _ = case
    if q is None or "%v" in text:
        return
    standing = lines(q, answers)
    situation = settle(q, standing, answers, NOW).situation
    whole = situation.resource(situation.asked(None))[0]
    for link_id in ("", "g"):
        line = next((line for line in standing if line.item.link_id == link_id), None)
        try:
            found = q.logic.values(Expression(text, link_id), line, situation)
        except Unevaluable:
            continue
        inside = [entry for entry in whole["item"] if entry["linkId"] == "g"]
        context = fhirpath.node(inside[0] if inside else {"linkId": "g"}, "QuestionnaireResponse.item")
        variables = {"resource": whole}
        everything = fhirpath.evaluate(fhirpath.compiled(text), context if link_id else whole, variables, now=NOW)
        assert found == fhirpath.plain(everything)
