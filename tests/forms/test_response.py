"""Answers as a QuestionnaireResponse and back."""

from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.errors import BugError, KnownError
from console.forms import Answers, Coding, Date, NonAnswer, Quantity, Questionnaire, RefusedForm, Time, answered, load
from console.forms.asking.response import ABSENT, build, examine, read
from console.forms.checking.conformance import is_valid, outcome
from console.forms.deciding.enablement import enabled
from console.forms.values import FHIR
from tests.forms.building import ORDINAL, calculated, choice, document, form, group, item, one_of, option, scored, when
from tests.forms.fhir_schema import violations
from tests.forms.strategies import answers_to, questionnaires

AT = datetime(2026, 11, 21, 22, 0, 5, 999, tzinfo=UTC)


def built(q: Questionnaire, answers: Answers, **more: Any) -> dict[str, Any]:
    return build(q, answers, status="completed", authored=AT, **more)


def items(q: Questionnaire, answers: Answers) -> list[dict[str, Any]]:
    return [
        {key: value for key, value in entry.items() if key != "text"} for entry in built(q, answers).get("item", [])
    ]


@pytest.mark.parametrize(
    ("url", "version", "canonical"),
    [
        ("http://x.example/Q|3.0", None, "http://x.example/Q|3.0"),
        ("http://x.example/Q|3.0", "3.0", "http://x.example/Q|3.0"),
        ("http://x.example/ui#/forms/q", "3.0", "http://x.example/ui#/forms/q|3.0"),
    ],
)
def test_a_response_is_to_its_form_whatever_the_url_of_that_looks_like(url: str, version: Any, canonical: str) -> None:
    q = form(item("a"), url=url, version=version)
    response = built(q, {"a": ("x",)})
    assert response["questionnaire"] == canonical
    assert [issue["severity"] for issue in outcome(q, response)["issue"]] == ["information"]


def test_the_frame_of_a_response() -> None:
    response = built(form(item("a"), title="A form"), {"a": ("x",)})
    assert response == {
        "resourceType": "QuestionnaireResponse",
        "questionnaire": "urn:test|1",
        "status": "completed",
        "authored": "2026-11-21T22:00:05Z",
        "item": [{"linkId": "a", "text": "Text of a", "answer": [{"valueString": "x"}]}],
    }
    assert violations(response, "QuestionnaireResponse") == []


def test_the_time_keeps_the_day_on_which_it_was_answered() -> None:
    late = datetime(2026, 11, 21, 22, 0, tzinfo=timezone(-timedelta(hours=6)))
    rule = [{"url": "key", "valueId": "k"}, {"url": "expression", "valueString": f"{one_of('day')} >= today()"}]
    url = FHIR + "questionnaire-constraint"
    q = form(item("day", "date"), extension=[{"url": url, "extension": rule}])
    response = build(q, {"day": (Date("2026-11-21"),)}, status="completed", authored=late)
    assert response["authored"] == "2026-11-21T22:00:00-06:00"
    assert is_valid(outcome(q, response))
    assert violations(response, "QuestionnaireResponse") == []


def test_a_response_needs_a_status_and_a_time_with_its_zone() -> None:
    with pytest.raises(BugError):
        build(form(item("a")), {}, status="done", authored=AT)
    with pytest.raises(BugError):
        build(form(item("a")), {}, status="completed", authored=AT.replace(tzinfo=None))


@pytest.mark.parametrize(
    ("word", "code"),
    [(NonAnswer.REFUSED, "asked-declined"), (NonAnswer.NOT_ASKED, "not-asked"), (NonAnswer.UNABLE, "asked-unknown")],
)
def test_non_answers_are_items_without_an_answer_and_with_the_reason(word: NonAnswer, code: str) -> None:
    q = form(item("a", "boolean"), item("b", "boolean"))
    assert items(q, {"a": (word,)}) == [{"linkId": "a", "extension": [{"url": ABSENT, "valueCode": code}]}]
    assert read(q, built(q, {"a": (word,)})) == {"a": (word,)}


def test_other_reasons_for_no_answer_are_understood_or_left_blank() -> None:
    q = form(item("a"))

    def read_reason(code: str) -> Any:
        entry = {"linkId": "a", "extension": [{"url": ABSENT, "valueCode": code}]}
        return read(q, {"resourceType": "QuestionnaireResponse", "item": [entry]}).get("a")

    assert read_reason("unknown") == (NonAnswer.UNABLE,)
    assert read_reason("not-performed") == (NonAnswer.NOT_ASKED,)
    assert read_reason("masked") is None


def test_answers_to_what_is_not_asked_are_left_out() -> None:
    q = form(item("a", "boolean"), group("g", item("b"), enableWhen=[when("a", "=", answerBoolean=True)]))
    assert items(q, {"a": (False,), "b": ("secret",)}) == [{"linkId": "a", "answer": [{"valueBoolean": False}]}]


def test_questions_in_a_question_stand_in_its_answer() -> None:
    q = form(item("a", "boolean", item=[item("b")]))
    nested = {"linkId": "b", "text": "Text of b", "answer": [{"valueString": "x"}]}
    assert items(q, {"a": (True,), "b": ("x",)}) == [
        {"linkId": "a", "answer": [{"valueBoolean": True, "item": [nested]}]}
    ]
    assert items(q, {"b": ("x",)}) == [{"linkId": "a", "answer": [{"item": [nested]}]}]
    refused: Answers = {"a": (NonAnswer.REFUSED,), "b": ("x",)}
    for answers in ({"a": (True,), "b": ("x",)}, {"b": ("x",)}, refused):
        assert read(q, built(q, answers)) == answers
        assert violations(built(q, answers), "QuestionnaireResponse") == []


def test_several_answers_stand_in_one_item_and_several_groups_in_several() -> None:
    q = form(group("g", item("a", repeats=True), repeats=True))
    answers: Answers = {"a": ("x", "y"), "a#2": ("z",)}
    assert [entry["linkId"] for entry in items(q, answers)] == ["g", "g"]
    assert [len(entry["item"][0]["answer"]) for entry in items(q, answers)] == [2, 1]
    assert read(q, built(q, answers)) == answers


def test_an_empty_occurrence_is_left_out() -> None:
    q = form(group("g", item("a"), repeats=True))
    assert read(q, built(q, {"a#3": ("z",)})) == {"a": ("z",)}


def test_stored_codes_carry_their_score() -> None:
    q = form(scored("a", 0, 2))
    [entry] = items(q, {"a": (q.by_id["a"].options[1].value,)})
    assert entry["answer"][0]["valueCoding"]["extension"] == [{"url": ORDINAL, "valueDecimal": 2}]


def test_computed_values_go_into_their_items() -> None:
    q = form(item("t", "integer", readOnly=True))
    assert items(q, {}) == []
    assert built(q, {}, computed={"t": 12})["item"][0]["answer"] == [{"valueInteger": 12}]


@pytest.mark.parametrize(
    ("kind", "answer"),
    [
        ("integer", "3"),
        ("integer", Decimal("0.5")),
        ("boolean", 1),
        ("date", "2020"),
        ("choice", "word"),
        ("string", 3),
    ],
)
def test_an_answer_of_the_wrong_type_is_refused_not_lost(kind: str, answer: Any) -> None:
    q = form(item("a", kind, answerOption=[option("a")]) if kind == "choice" else item("a", kind))
    with pytest.raises(KnownError, match="'a'") as caught:
        built(q, {"a": (answer,)})
    assert str(answer) not in caught.value.message.replace("'a'", "")


def test_an_answer_to_no_question_of_the_form_is_refused_not_lost() -> None:
    with pytest.raises(KnownError, match="'gone'"):
        built(form(item("a")), {"gone": ("x",)})


def misfits(q: Questionnaire, *entries: Any) -> list[tuple[str, str]]:
    reading = examine(q, {"resourceType": "QuestionnaireResponse", "item": list(entries)})
    return [(misfit.link_id, misfit.text) for misfit in reading.misfits]


Q = form(item("a", "integer"), group("g", item("b", "url")), item("d", "display"), choice("c", option("x")), item("s"))


@pytest.mark.parametrize(
    ("entry", "link_id", "words"),
    [
        ({"linkId": "z"}, "z", "not in the form"),
        ({}, "None", "not in the form"),
        ({"linkId": "a", "answer": [{"valueString": "1"}]}, "a", "a value of type String is no answer"),
        ({"linkId": "a", "answer": [{"valueInteger": True}]}, "a", "type Integer"),
        ({"linkId": "a", "answer": [{}]}, "a", "no value"),
        ({"linkId": "a", "answer": [{"valueInteger": 1, "valueString": "1"}]}, "a", "two values"),
        ({"linkId": "b", "answer": [{"valueUri": "x"}]}, "b", "another place"),
        ({"linkId": "g", "item": [{"linkId": "b", "answer": [{"valueString": "x"}]}]}, "b", "type String"),
        ({"linkId": "s", "answer": [{"valueUri": "x"}]}, "s", "type Uri"),
        ({"linkId": "d", "answer": [{"valueString": "x"}]}, "d", "a display item has an answer"),
        ({"linkId": "c", "answer": [{"valueString": "x"}]}, "c", "type String"),
        ({"linkId": "a", "extension": [{"url": ABSENT, "valueCode": "not-asked"}], "answer": [{"valueInteger": 1}]},
         "a", "reason for having none"),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_named(entry: dict[str, Any], link_id: str, words: str) -> None:
    [(named, text)] = misfits(Q, entry)
    assert named == link_id
    assert words in text
    with pytest.raises(KnownError, match="does not fit the form"):
        read(Q, {"resourceType": "QuestionnaireResponse", "item": [entry]})


def test_an_item_that_stands_twice_does_not_overwrite_the_first() -> None:
    entries = [{"linkId": "a", "answer": [{"valueInteger": number}]} for number in (1, 2)]
    reading = examine(Q, {"resourceType": "QuestionnaireResponse", "item": entries})
    assert reading.answers == {"a": (1,)}
    assert [misfit.text for misfit in reading.misfits] == ["it stands there too often"]


@pytest.mark.parametrize("document", [{}, {"resourceType": "Questionnaire"},
                                      {"resourceType": "QuestionnaireResponse", "item": "x"},
                                      {"resourceType": "QuestionnaireResponse", "item": [5]}])  # fmt: skip
def test_what_is_no_response_is_refused(document: dict[str, Any]) -> None:
    with pytest.raises(KnownError):
        examine(Q, document)


def test_a_whole_number_is_a_decimal_answer() -> None:
    q = form(item("a", "decimal"))
    entry = {"linkId": "a", "answer": [{"valueInteger": 3}]}
    [value] = read(q, {"resourceType": "QuestionnaireResponse", "item": [entry]})["a"]
    assert isinstance(value, Decimal)


@given(st.data())
def test_a_response_is_valid_fhir_and_reads_back_as_what_was_asked(data: st.DataObject) -> None:
    q = data.draw(questionnaires(repeating=False))
    answers = data.draw(answers_to(q))
    response = built(q, answers)
    assert violations(response, "QuestionnaireResponse") == []
    on = enabled(q, answers)
    assert read(q, response) == {key: held for key, held in answers.items() if key in on}


@given(st.data())
def test_with_repeating_groups_reading_and_building_settle_at_once(data: st.DataObject) -> None:
    q = data.draw(questionnaires())
    response = built(q, data.draw(answers_to(q)))
    assert violations(response, "QuestionnaireResponse") == []
    reading = examine(q, response)
    assert reading.misfits == ()
    given_once = {key: held for key, held in reading.answers.items() if key in enabled(q, reading.answers)}
    if given_once == reading.answers:
        assert built(q, reading.answers) == response


def test_every_type_of_value_reads_back() -> None:
    q = form(
        item("time", "time"),
        item("quantity", "quantity"),
        item("url", "url"),
        item("when", "dateTime"),
        item("open", "open-choice", answerOption=[option("x")], repeats=True),
    )
    answers: Answers = {
        "time": (Time("10:00:00"),),
        "quantity": (Quantity(Decimal("1.5"), "mg", "http://unitsofmeasure.org", "mg"),),
        "url": ("https://example.org",),
        "open": (Coding("urn:codes", "x", "X"), "something else"),
    }
    assert read(q, built(q, answers)) == answers
    assert violations(built(q, answers), "QuestionnaireResponse") == []


def test_pasted_white_space_still_makes_a_valid_response() -> None:
    q = form(item("a", "text"))
    response = built(q, {"a": ("no\u00a0break\u2028line\x0bfeed",)})
    assert violations(response, "QuestionnaireResponse") == []
    assert response["item"][0]["answer"][0]["valueString"] == "no break line feed"


FRUIT = form(
    choice(
        "fruit",
        option("apple"),
        option("pear"),
        repeats=True,
        item=[item("many", "integer", repeats=True), group("g", item("why"), repeats=True)],
    )
)
APPLE, PEAR = (entry.value for entry in FRUIT.by_id["fruit"].options)


def test_lines_in_one_of_several_answers_stand_in_that_answer() -> None:
    answers: Answers = {
        "fruit": (PEAR, APPLE), "many": (1, 2), "many#2": (3,), "why#1.2": ("second",), "why": ("first",)
    }  # fmt: skip
    response = built(FRUIT, answers)
    assert violations(response, "QuestionnaireResponse") == []
    [entry] = items(FRUIT, answers)
    pear, apple = entry["answer"]
    assert (pear["valueCoding"]["code"], apple["valueCoding"]["code"]) == ("pear", "apple")
    assert [each["linkId"] for each in pear["item"]] == ["many"]
    assert [each["linkId"] for each in apple["item"]] == ["many", "g", "g"]
    assert [len(each.get("answer", [])) for each in apple["item"]] == [2, 0, 0]
    assert examine(FRUIT, response).misfits == ()
    assert read(FRUIT, response) == answers


def test_lines_of_an_answer_that_is_not_given_are_left_out() -> None:
    assert items(FRUIT, {"many": (1,), "fruit": (NonAnswer.REFUSED,)}) == [
        {"linkId": "fruit", "extension": [{"url": ABSENT, "valueCode": "asked-declined"}]}
    ]


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        ([{"item": [{"linkId": "many", "answer": [{"valueInteger": 1}]}]}], "belong to none of its answers"),
        ([{"valueCoding": {"code": "apple"}}, {"valueCoding": {"code": "apple"}}], "one answer stands there twice"),
    ],
)
def test_lines_in_no_clear_answer_are_named(answer: list[dict[str, Any]], words: str) -> None:
    response = {"resourceType": "QuestionnaireResponse", "item": [{"linkId": "fruit", "answer": answer}]}
    assert words in next(misfit.text for misfit in examine(FRUIT, response).misfits)


@given(st.data())
def test_disabling_and_re_enabling_gives_the_same_response(data: st.DataObject) -> None:
    q = data.draw(questionnaires())
    answers = data.draw(answers_to(q, non_answers=False))
    yes_or_no = [key for key in answers if isinstance(answers[key][0], bool) and not q.by_id[key.split("#")[0]].repeats]
    turned = answers
    for key in yes_or_no:
        turned = answered(q, turned, key, not answers[key][0])
    for key in yes_or_no:
        turned = answered(q, turned, key, answers[key][0])
    assert built(q, turned) == built(q, answers)


@pytest.mark.parametrize("beyond", [2**31, -(2**31) - 1])
def test_a_whole_number_that_fhir_cannot_hold_is_never_written(beyond: int) -> None:
    q = form(item("a", "integer"), item("b", "choice", answerOption=[{"valueInteger": 1}]))
    for link_id in "ab":
        made = {
            "resourceType": "QuestionnaireResponse",
            "item": [{"linkId": link_id, "answer": [{"valueInteger": beyond}]}],
        }
        assert examine(q, made).misfits[0].text == "the number is too large"
        assert "a" not in examine(q, made).answers
        with pytest.raises(KnownError):
            build(q, {link_id: (beyond,)}, status="completed", authored=AT)
    filled_in = form(item("n", "integer"), calculated("t", f"{one_of('n')} * {beyond}", "integer"))
    made = build(filled_in, {"n": (1,)}, status="completed", authored=AT)
    assert [entry["linkId"] for entry in made["item"]] == ["n"]
    assert form(item("a", "integer", initial=[{"valueInteger": beyond}])).by_id["a"].initial == ()
    with pytest.raises(RefusedForm):
        load(document(item("a", "integer", answerOption=[{"valueInteger": beyond}])))
    limit = 2**31 - 1 if beyond > 0 else -(2**31)
    assert build(q, {"a": (limit,)}, status="completed", authored=AT)["item"][0]["answer"] == [{"valueInteger": limit}]
