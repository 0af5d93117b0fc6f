"""PHQ-2 and GAD-7 against their published keys, on every combination of scores; any gap is no score."""

from itertools import product
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.forms import NonAnswer, Score, computed_values, open_form, score, shipped
from console.forms.asking.response import build
from console.forms.library import Form
from tests.forms.building import calculated, form, scored
from tests.forms.fhir_schema import violations
from tests.forms.test_response import AT
from tests.support.shared import shared

LIBRARY = shipped()
PHQ2, GAD7 = LIBRARY.forms["phq-2"], LIBRARY.forms["gad-7"]
ITEMS = {"phq-2": [f"phq2-{n}" for n in (1, 2)], "gad-7": [f"gad7-{n}" for n in range(1, 8)]}
PHQ2_BANDS = [(2, "Negative screen"), (6, "Positive screen: go on with the PHQ-9")]
GAD7_BANDS = [(4, "Minimal"), (9, "Mild"), (14, "Moderate"), (21, "Severe")]


def result(one: Form, *given: int | NonAnswer | None) -> Score:
    q = one.questionnaire
    answers: dict[str, Any] = {}
    for link_id, each in zip(ITEMS[one.name], given, strict=True):
        if each is not None:
            answers[link_id] = (each if isinstance(each, NonAnswer) else q.by_id[link_id].options[each].value,)
    [found] = score(q, answers, one.bound)
    return found


@pytest.mark.parametrize(("one", "bands"), [(PHQ2, PHQ2_BANDS), (GAD7, GAD7_BANDS)], ids=["phq-2", "gad-7"])
def test_every_combination_of_scores(one: Form, bands: list[tuple[int, str]]) -> None:
    for given_now in product(range(4), repeat=len(ITEMS[one.name])):
        found = result(one, *given_now)
        total = sum(given_now)
        assert found.value == total, given_now
        assert found.band == next(label for highest, label in bands if total <= highest), given_now


@pytest.mark.parametrize("one", [PHQ2, GAD7], ids=["phq-2", "gad-7"])
@given(data=st.data())
def test_one_gap_is_no_score(one: Form, data: st.DataObject) -> None:
    each = st.integers(0, 3) | st.sampled_from(NonAnswer) | st.none()
    given_now = data.draw(st.lists(each, min_size=len(ITEMS[one.name]), max_size=len(ITEMS[one.name])))
    found = result(one, *given_now)
    complete = all(isinstance(each, int) for each in given_now)
    assert (found.value is not None) is (found.reason is None) is complete
    assert found.band is None or complete


def test_phq2_on_every_combination_with_gaps() -> None:
    for given_now in product((0, 1, 2, 3, *NonAnswer, None), repeat=2):
        found = result(PHQ2, *given_now)
        assert (found.value is None) == any(not isinstance(each, int) for each in given_now), given_now


@pytest.mark.parametrize("one", [PHQ2, GAD7], ids=["phq-2", "gad-7"])
def test_the_total_travels_in_the_response(one: Form) -> None:
    q = one.questionnaire
    answers: dict[str, Any] = {link_id: (q.by_id[link_id].options[3].value,) for link_id in ITEMS[one.name]}
    computed = computed_values(score(q, answers, one.bound))
    document = build(q, answers, status="completed", authored=AT, computed=computed)
    assert violations(document, "QuestionnaireResponse") == []
    assert document["item"][-1]["answer"] == [{"valueInteger": 3 * len(ITEMS[one.name])}]


def test_the_items_of_the_phq2_are_the_first_two_of_the_phq9() -> None:
    nine = LIBRARY.forms["phq-9"].questionnaire.by_id
    for n in (1, 2):
        here, there = PHQ2.questionnaire.by_id[f"phq2-{n}"], nine[f"phq9-{n}"]
        assert (here.text, here.texts, here.codes, here.options) == (
            there.text,
            there.texts,
            there.codes,
            there.options,
        )


def test_the_phq2_written_elsewhere_is_recognized() -> None:
    found = open_form(shared("fhir-questionnaires/jmandel-web/phq-2.json"), LIBRARY)
    assert found.bound is not None
    assert found.bound.instrument.name == "phq-2"
    answers: dict[str, Any] = {
        found.bound.links[link_id]: (found.questionnaire.by_id[found.bound.links[link_id]].options[2].value,)
        for link_id in ITEMS["phq-2"]
    }
    [total] = score(found.questionnaire, answers, found.bound)
    assert (total.value, total.band) == (4, "Positive screen: go on with the PHQ-9")


@pytest.mark.parametrize("name", ["phq-2", "gad-7"])
def test_the_same_items_under_other_link_ids_are_recognized_with_their_own_formula(name: str) -> None:
    bound = LIBRARY.forms[name].bound
    assert bound is not None
    match = bound.instrument.match
    assert match is not None
    items = [scored(f"x{n}", 0, 1, 2, 3, code=[{"system": match.system, "code": code}])
             for n, code in enumerate(match.items.values())]  # fmt: skip
    total = calculated("sum", "%resource.item.where(linkId.startsWith('x')).answer.weight().sum()")
    q = form(*items, total, code=[{"system": match.system, "code": match.code}])
    there = LIBRARY.recognize(q)
    assert there is not None
    given_now: dict[str, Any] = {f"x{n}": (q.by_id[f"x{n}"].options[1].value,) for n in range(len(items))}
    assert score(q, given_now, there)[0].value == len(items)
