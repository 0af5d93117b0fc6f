"""A signed form for another system: the response and its Observations."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from console.actions.assessments import frozen
from console.forms import Answers, Coding, Date, NonAnswer, Questionnaire, score, shipped
from console.forms.asking.response import build
from console.forms.document import SDC
from console.forms.exporting import bundle
from console.forms.instruments.scoring import computed_values
from console.forms.library import Form
from console.models.assessment import FrozenScore
from tests.forms.building import calculated, choice, form, group, item, option, scored
from tests.forms.fhir_schema import violations
from tests.forms.strategies import answers_to, questionnaires

AT = datetime(2026, 11, 21, 22, 0, 5, tzinfo=UTC)
ASSESSMENT = UUID("01900000-0000-7000-8000-000000000001")
ENCOUNTER = UUID("01900000-0000-7000-8000-000000000002")
EXTRACTED = {"extension": [{"url": SDC + "observationExtract", "valueBoolean": True}]}
PASSED_OVER = {"extension": [{"url": SDC + "observationExtract", "valueBoolean": False}]}


def coded(code: str) -> dict[str, Any]:
    return {"code": [{"system": "http://loinc.org", "code": code}]}


def exported(q: Questionnaire, answers: Answers, *results: FrozenScore, status: str = "completed") -> dict[str, Any]:
    response = build(q, answers, status=status, authored=AT)
    found = bundle(q, response, results, assessment=ASSESSMENT, encounter=ENCOUNTER)
    assert violations(found, "Bundle") == []
    return found


def observations(found: dict[str, Any]) -> list[dict[str, Any]]:
    return [entry["resource"] for entry in found["entry"] if entry["resource"]["resourceType"] == "Observation"]


def shipped_bundle(one: Form, answers: Answers) -> dict[str, Any]:
    scores = score(one.questionnaire, answers, one.bound)
    response = build(one.questionnaire, answers, status="completed", authored=AT, computed=computed_values(scores))
    results = [frozen(each, one) for each in scores]
    found = bundle(one.questionnaire, response, results, assessment=ASSESSMENT, encounter=ENCOUNTER)
    assert violations(found, "Bundle") == []
    return found


def test_two_totals_of_one_name_are_two_results_each_with_its_own_code() -> None:
    sums = (
        "%resource.item.where(linkId='a').answer.weight().sum()",
        "%resource.item.where(linkId='b').answer.weight().sum()",
    )
    first, second = (
        calculated(f"t{n}", text, "integer", **coded(f"c{n}")) | {"text": "Total"} for n, text in enumerate(sums)
    )
    q = form(scored("a", 0, 1), first, scored("b", 0, 2), second)
    scores = score(q, {key: (q.by_id[key].options[1].value,) for key in "ab"})
    assert [(one.name, one.value) for one in scores] == [("Total (t0)", 1), ("Total (t1)", 2)]
    found = observations(exported(q, {}, *(FrozenScore(one.name, str(one.value)) for one in scores)))
    assert [one["code"]["coding"][0]["code"] for one in found] == ["c0", "c1"]
    assert len({one["id"] for one in found}) == 2


def test_a_total_is_an_observation_with_the_code_of_its_item_its_band_and_its_key() -> None:
    phq = shipped().forms["phq-9"]
    options = {item.link_id: item.options for item in phq.questionnaire.by_id.values() if item.is_scored}
    answers = {link_id: (choices[1].value,) for link_id, choices in options.items() if link_id.startswith("phq9-")}
    assert phq.bound is not None
    total = observations(shipped_bundle(phq, answers))[0]
    assert (total["valueInteger"], total["interpretation"]) == (9, [{"text": "Mild"}])
    assert [coding["code"] for coding in total["code"]["coding"]] == ["44261-6"]
    assert total["note"][0]["text"].startswith("Scored by ")
    assert total["status"] == "final"
    assert total["derivedFrom"] == [{"reference": f"urn:uuid:{ASSESSMENT}"}]


def test_a_word_of_digits_is_a_word_and_a_small_number_a_number() -> None:
    q = form(item("a"))
    word, small, large, older = (
        FrozenScore("word", "007", is_number=False),
        FrozenScore("small", "0.0000001", is_number=True),
        FrozenScore("large", "3000000000", is_number=True),
        FrozenScore("older", "7"),
    )
    values = [
        next(each[key] for key in each if key.startswith("value"))
        for each in observations(exported(q, {}, word, small, large, older))
    ]
    assert values == [{"text": "007"}, {"value": 1e-7}, {"value": 3000000000}, 7]


def test_words_that_qualify_a_result_go_out_with_it() -> None:
    words = "Clinical judgment can always override a negative screen."
    (found,) = observations(exported(form(item("a")), {}, FrozenScore("n", "negative", words=words)))
    assert found["note"] == [{"text": words}]


def test_what_is_not_scored_says_why_and_has_no_value() -> None:
    total = observations(shipped_bundle(shipped().forms["phq-9"], {}))[0]
    assert not [key for key in total if key.startswith("value")]
    assert "not answered" in total["dataAbsentReason"]["text"]


def test_marked_items_with_a_code_become_observations() -> None:
    q = form(
        group(
            "g",
            item("a", "integer", **coded("1")),
            item("b", "decimal", **coded("2"), **PASSED_OVER),
            item("c", "string"),
            choice("d", option("yes"), **coded("4")),
            item("e", "date", **coded("5")),
            **EXTRACTED,
        ),
        item("f", "boolean", **coded("6")),
    )
    d = next(option.value for option in q.by_id["d"].options)
    assert isinstance(d, Coding)

    found = observations(exported(q, {"a": (3,), "c": ("x",), "d": (d,), "e": (Date("2026"),), "f": (True,)}))
    assert [one["code"]["coding"][0]["code"] for one in found] == ["1", "4", "5"]
    assert found[0]["valueInteger"] == 3
    assert found[1]["valueCodeableConcept"]["coding"][0]["code"] == d.code
    assert found[2]["valueDateTime"] == "2026"


def test_a_refused_item_is_an_observation_without_a_value() -> None:
    q = form(item("a", "integer", **coded("1"), **EXTRACTED))
    (found,) = observations(exported(q, {"a": (NonAnswer.REFUSED,)}))
    assert found["dataAbsentReason"]["coding"][0]["code"] == "asked-declined"
    assert observations(exported(q, {})) == []


def test_what_was_amended_says_so_and_keeps_its_ids() -> None:
    q = form(item("a", "integer", **coded("1"), **EXTRACTED))
    first, again = exported(q, {"a": (1,)}), exported(q, {"a": (2,)}, status="amended")
    assert [entry["fullUrl"] for entry in first["entry"]] == [entry["fullUrl"] for entry in again["entry"]]
    assert observations(again)[0]["status"] == "amended"


def test_every_shipped_form_left_blank_is_a_valid_bundle() -> None:
    for one in shipped().forms.values():
        if one.bound is not None:
            shipped_bundle(one, {})


@given(st.data())
def test_any_form_and_answers_give_a_valid_bundle(data: st.DataObject) -> None:
    q = data.draw(questionnaires())
    answers = data.draw(answers_to(q))
    exported(q, answers, FrozenScore("total", "", "a reason"), FrozenScore("other", "2.5", band="some"))
