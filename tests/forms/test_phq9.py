"""PHQ-9 against its published key: nine items worth 0 to 3, bands, item 9, and gaps."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.forms import (
    Answers,
    NonAnswer,
    Score,
    alerts,
    computed_values,
    load,
    open_form,
    present,
    score,
    score_files,
    shipped,
)
from console.forms.asking.response import build, read
from tests.forms.building import choice, coding, form, option, scored
from tests.forms.fhir_schema import violations
from tests.forms.test_response import AT
from tests.support.shared import shared

LIBRARY = shipped()
PHQ9 = LIBRARY.forms["phq-9"]
NINE = [f"phq9-{number}" for number in range(1, 10)]
RESPONSE = "fhir-questionnaires/spier/responses/bhp-phq9-example.json"


def answers(*scores: int | NonAnswer | None) -> Answers:
    given: dict[str, Any] = {}
    for link_id, each in zip(NINE, scores, strict=True):
        if each is not None:
            options = PHQ9.questionnaire.by_id[link_id].options
            given[link_id] = (each if isinstance(each, NonAnswer) else options[each].value,)
    return given


def result(*scores: int | NonAnswer | None) -> Score:
    [found] = score(PHQ9.questionnaire, answers(*scores), PHQ9.bound)
    return found


@pytest.mark.parametrize(
    ("total", "band"),
    [
        (0, "Minimal"), (4, "Minimal"), (5, "Mild"), (9, "Mild"), (10, "Moderate"), (14, "Moderate"),
        (15, "Moderately severe"), (19, "Moderately severe"), (20, "Severe"), (27, "Severe"),
    ],
)  # fmt: skip
def test_bands_at_their_borders(total: int, band: str) -> None:
    scores = [min(3, max(0, total - 3 * place)) for place in range(9)]
    found = result(*scores)
    assert (found.value, found.band, found.link_id) == (total, band, "phq9-total")


@given(st.lists(st.integers(0, 3), min_size=9, max_size=9))
def test_the_total_is_the_sum_and_item_9_alone_alarms(scores: list[int]) -> None:
    found = result(*scores)
    assert found.value == sum(scores)
    assert [alert.code for alert in found.alerts if alert.severity == "alarm"] == (["item-9"] if scores[8] else [])


@given(st.lists(st.integers(0, 3) | st.sampled_from(NonAnswer) | st.none(), min_size=9, max_size=9))
def test_one_gap_is_no_score(scores: list[int | NonAnswer | None]) -> None:
    found = result(*scores)
    complete = all(isinstance(each, int) for each in scores)
    assert (found.value is not None) is complete
    assert (found.reason is None) is complete
    assert found.answered == sum(isinstance(each, int) for each in scores)
    assert found.band is None or complete


def test_item_9_alarms_although_the_total_is_missing() -> None:
    found = result(*[None] * 8, 1)
    assert found.value is None
    assert [alert.code for alert in alerts([found])] == ["item-9"]


@pytest.mark.parametrize("word", list(NonAnswer))
def test_item_9_without_an_answer_is_told_too(word: NonAnswer) -> None:
    assert [alert.code for alert in result(*[0] * 8, word).alerts] == ["item-9-unknown"]


def test_the_question_on_difficulty_is_asked_unless_there_are_no_problems_and_scores_nothing() -> None:
    q = PHQ9.questionnaire
    rows = {row.key for row in present.present(q, answers(*[0] * 9)).rows}
    assert "phq9-difficulty" not in rows
    some = {**answers(*[0] * 8, 1), "phq9-difficulty": (q.by_id["phq9-difficulty"].options[3].value,)}
    assert "phq9-difficulty" in {row.key for row in present.present(q, some).rows}
    assert score(q, some, PHQ9.bound)[0].value == 1


def test_the_total_travels_in_the_response_and_is_checked_on_the_way_back() -> None:
    q, given_now = PHQ9.questionnaire, answers(3, 3, 3, 2, 1, 0, 0, 0, 0)
    computed = computed_values(score(q, given_now, PHQ9.bound))
    document = build(q, given_now, status="completed", authored=AT, computed=computed)
    assert violations(document, "QuestionnaireResponse") == []
    assert read(q, document)["phq9-total"] == (12,)
    assert score(q, document, PHQ9.bound)[0].value == 12
    document["item"][-1]["answer"] = [{"valueInteger": 2}]
    assert score(q, document, PHQ9.bound)[0].value is None


@pytest.mark.parametrize(
    "path",
    [
        "spier/phq9-questionnaire.json",
        "lhncbc-lforms/R4/phq9.json",
        "lhncbc-lforms/R4/calc-weight__phq9-with-the-weight-function.json",
        "lhncbc-lforms/R4/argonaut-phq9-ish.json",
    ],
)
def test_the_same_instrument_written_elsewhere_is_recognized(path: str) -> None:
    found = open_form(shared(f"fhir-questionnaires/{path}"), LIBRARY)
    assert found.bound is not None
    q = found.questionnaire
    given_there: Answers = {
        found.bound.links[link_id]: (q.by_id[found.bound.links[link_id]].options[2].value,) for link_id in NINE
    }
    [result_there] = score(q, given_there, found.bound)
    assert (result_there.value, result_there.band) == (18, "Moderately severe")
    assert [alert.code for alert in result_there.alerts] == ["item-9"]
    item_9 = found.bound.links["phq9-9"]
    [without] = score(q, {key: held for key, held in given_there.items() if key != item_9}, found.bound)
    assert without.value is None


@pytest.mark.parametrize(
    "path", ["lhncbc-lforms/R4/phq9.json", "lhncbc-lforms/R4/calc-weight__phq9-with-the-weight-function.json"]
)
def test_a_real_response_sums_to_the_total_it_carries(path: str) -> None:
    found = score_files(shared(f"fhir-questionnaires/{path}"), shared(RESPONSE), LIBRARY)
    assert found == {
        "scores": [
            {"name": "PHQ-9 total", "linkId": "/44261-6", "value": 12, "reason": None, "band": "Moderate"},
        ]
    }


PANEL = {"code": [{"system": "http://loinc.org", "code": "44249-1"}]}


def test_a_form_that_only_says_it_is_the_phq9_is_not_scored_by_a_guess() -> None:
    q = form(scored("a", 0, 1, 2, 3), scored("difficulty", 0, 1, 2, 3), **PANEL)
    [found] = score(q, {}, LIBRARY.recognize(q))
    assert found.value is None
    assert found.reason is not None
    assert found.reason.startswith("the form says it is the PHQ-9")


@pytest.mark.parametrize(("scores", "recognized"), [((0, 1, 2, 3), True), ((3, 2, 1, 0), True), ((1, 2, 3, 4), False)])
def test_the_items_must_be_worth_what_the_key_says(scores: tuple[int, ...], recognized: bool) -> None:
    theirs = PHQ9.questionnaire
    items = [
        scored(
            f"x{link_id}", *scores, code=[{"system": "http://loinc.org", "code": theirs.by_id[link_id].codes[0].code}]
        )
        for link_id in NINE
    ]
    q = form(*items, **PANEL)
    bound = LIBRARY.recognize(q)
    lowest = scores.index(min(scores))
    [found] = score(q, {f"x{link_id}": (q.by_id[f"x{link_id}"].options[lowest].value,) for link_id in NINE}, bound)
    assert found.value == (0 if recognized else None)
    assert found.band == ("Minimal" if recognized else None)


def test_a_formula_that_contradicts_the_published_key_is_not_followed() -> None:
    text = shared("fhir-questionnaires/spier/phq9-questionnaire.json").read_text(encoding="utf-8")
    q = load(text.replace("linkId.startsWith('q')", "linkId != 'q9'"))
    assert len(q.formulas[0].items) == 8
    [found] = score(q, {}, LIBRARY.recognize(q))
    assert found.reason is not None
    assert "own formula" in found.reason


def test_other_codes_are_other_instruments() -> None:
    q = form(choice("a", option("x", 1)), code=[coding("44249-1", "urn:elsewhere")])
    assert LIBRARY.recognize(q) is None
