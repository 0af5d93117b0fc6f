"""A score is one only when it can be shown that what it rests on is answered, and was read, under the score it uses."""

import json
from typing import Any

import pytest

from console.forms import (
    Bound,
    NonAnswer,
    Questionnaire,
    Score,
    alerts,
    computed_values,
    load,
    response,
    score,
    shipped,
)
from console.forms.deciding.nested import ABSENT
from console.forms.instruments.description import read_instrument
from console.forms.instruments.matching import bind, without_score
from tests.forms.building import (
    ORDINAL,
    Json,
    calculated,
    choice,
    coding,
    form,
    group,
    item,
    one_of,
    option,
    scored,
    when,
)
from tests.forms.test_scores_by_formula import NOW
from tests.support.runs import ROOT

LIBRARY = shipped()
SUM = "%resource.item.answer.weight().sum()"
HIGH = f"iif({SUM} > 4, 'high', 'low')"
REFUSED = (NonAnswer.REFUSED,)


def stored(q: Questionnaire, answers: Any, bound: Bound | None = None) -> tuple[tuple[Score, ...], Json]:
    """The scores, and what is signed beside them, by link id."""
    found = score(q, answers, bound, now=NOW)
    made = response.build(q, answers, status="completed", authored=NOW, computed=computed_values(found))
    return found, {entry["linkId"]: entry.get("answer") for entry in made.get("item", ())}


def worth(kind: str, value: Any, number: int) -> Json:
    return {f"value{kind}": value, "extension": [{"url": ORDINAL, "valueDecimal": number}]}


@pytest.mark.parametrize("path", ["answer", "answer.value"])
@pytest.mark.parametrize(
    ("kind", "options", "given"),
    [
        ("integer", [worth("Integer", 0, 0), worth("Integer", 1, 9)], 1),
        ("string", [worth("String", "never", 0), worth("String", "often", 9)], "often"),
        ("choice", [worth("String", "never", 0), worth("String", "often", 9)], "often"),
    ],
)
def test_options_that_are_no_codes_are_weighed(kind: str, options: list[Json], given: Any, path: str) -> None:
    text = f"iif(%resource.item.{path}.weight().sum() > 4, 'high', 'low')"
    q = form(item("a", kind, answerOption=options), calculated("t", text, "string"))
    assert score(q, {"a": (given,)})[0].value == "high"
    made = response.build(q, {"a": (given,)}, status="completed", authored=NOW)
    assert "extension" not in made["item"][0]["answer"][0], "that is for formulas only"


def under(url: str, code: str, number: int) -> Json:
    return {"valueCoding": {**coding(code), "extension": [{"url": url, "valueDecimal": number}]}}


def test_a_score_under_the_forms_own_address_travels_with_the_answer() -> None:
    text = "iif(%resource.item.answer.valueCoding.extension('urn:own').valueDecimal.sum() > 4, 'high', 'low')"
    q = form(choice("a", under("urn:own", "x", 0), under("urn:own", "y", 9)), calculated("t", text, "string"))
    (one,), held = stored(q, {"a": (q.by_id["a"].options[1].value,)})
    assert one.value == "high"
    assert held["a"][0]["valueCoding"]["extension"] == [{"url": "urn:own", "valueDecimal": 9}]


@pytest.mark.parametrize(
    "text",
    [
        "%resource.item.answer.valueCoding.extension('http://hl7.org/fhir/StructureDefinition/itemWeight').value.sum()",
        "%resource.item.answer.valueCoding.extension.where(url = 'urn:other').value.sum()",
        f"%resource.item.answer.valueCoding.extension('{ORDINAL}').valueInteger.sum()",
        f"%resource.item.answer.valueString.extension('{ORDINAL}').valueDecimal.sum()",
    ],
)
@pytest.mark.parametrize("made", ["iif({} > 4, 'high', 'low')", "({} | 0).max()"])
def test_a_formula_that_misses_the_score_gives_none(text: str, made: str) -> None:
    kind = "string" if "high" in made else "integer"
    q = form(scored("a", 0, 9), calculated("t", made.format(text), kind))
    (one,), held = stored(q, {"a": (q.by_id["a"].options[1].value,)})
    assert (one.value, one.reason) == (None, "its formula finds no score with the answer to item a")
    assert "t" not in held


def test_a_form_whose_options_have_scores_that_nobody_knows_is_not_scored() -> None:
    url = ORDINAL.replace("http:", "https:")
    q = form(choice("a", under(url, "x", 0), under(url, "y", 9)), calculated("t", HIGH, "string"))
    assert score(q, {"a": (q.by_id["a"].options[1].value,)})[0].value is None
    plain = form(choice("a", option("x"), option("y")), calculated("t", HIGH, "string"))
    assert score(plain, {"a": (plain.by_id["a"].options[1].value,)})[0].reason == (
        "its formula finds no scores with the answers"
    )


@pytest.mark.parametrize(
    "text", [HIGH, f"({SUM} | 0).max().toString()", "iif(%resource.item.answer.exists(), 'a', 'b')"]
)
def test_a_path_that_ends_above_the_questions_gives_no_score(text: str) -> None:
    q = form(group("g", scored("a", 0, 9)), calculated("t", text, "string"))
    (one,), held = stored(q, {"a": (q.by_id["a"].options[1].value,)})
    assert (one.value, one.reason) == (None, "its formula does not look at the answer to item a")
    assert "t" not in held


@pytest.mark.parametrize(
    "test",
    ["linkId = 'A'", "linkId in ('a' | 'A')", "'A' = linkId", "$this.linkId = 'A'", "linkId.startsWith('A')",
     "('a' | 'A') contains linkId"],
)  # fmt: skip
@pytest.mark.parametrize("made", ["iif({} > 4, 'high', 'low')", "{}"])
def test_an_id_that_leads_nowhere_gives_no_score(test: str, made: str) -> None:
    text = made.format(f"%resource.item.where({test}).answer.weight().sum()")
    q = form(scored("a", 0, 9), scored("b", 0, 9), calculated("t", text, "string" if "high" in made else "integer"))
    nine = {link_id: (q.by_id[link_id].options[1].value,) for link_id in "ab"}
    assert score(q, nine)[0].reason == "its formula looks at 'A', which is not in the form"
    assert [each.text for each in q.findings] == ["its formula looks at 'A', which is not in the form"]
    assert "t" not in stored(q, nine)[1]


def test_a_sum_waits_for_a_question_whose_scores_stand_elsewhere() -> None:
    q = form(scored("a", 0, 1), choice("b", under("urn:own", "x", 9)), calculated("t", SUM, "integer"))
    one = {link_id: (q.by_id[link_id].options[0].value,) for link_id in "ab"}
    assert score(q, {"a": one["a"]})[0].value is None
    assert score(q, one)[0].reason == "its formula finds no score with the answer to item b"


def test_ids_of_another_document_are_not_those_of_the_form() -> None:
    text = "%questionnaire.contained[0].descendants().where(linkId = 'x').answer.value"
    other = {
        "resourceType": "QuestionnaireResponse",
        "id": "o",
        "item": [{"linkId": "x", "answer": [{"valueString": "y"}]}],
    }
    q = form(scored("a", 0, 9), calculated("t", text, "string"), contained=[other])
    assert (q.formulas, q.findings) == ((), ())


A, B = one_of("a"), one_of("b")


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("integer", f"({A} | 0).max() + ({B} | 0).max()"),
        ("integer", f"({A}.combine(0)).max() + ({B}.combine(0)).max()"),
        ("integer", f"({A} | {B}).max()"),
        ("decimal", f"({A} | {B}).avg()"),
        ("integer", f"({A} | 0).first() + ({B} | 0).first()"),
        ("integer", f"({A} >= 2).toInteger() + {B}.exists().toInteger()"),
        ("boolean", f"{A}.where($this >= 2).exists() or {B}.where($this >= 2).exists()"),
        ("boolean", "%resource.item.answer.value.where($this = 3).empty().not()"),
        ("string", f"({A}.where($this > 2).select('high') | {B}.where($this > 2).select('high') | 'low').first()"),
        ("string", f"'Risk: ' & {A}.toString() & {B}.toString()"),
    ],
)
def test_whatever_a_formula_makes_of_a_gap_is_no_result(kind: str, text: str) -> None:
    q = form(item("a", "integer"), item("b", "integer"), calculated("t", text, kind))
    for answers in ({}, {"a": (1,)}, {"a": (1,), "b": REFUSED}, {"a": (3,), "b": REFUSED}):
        (one,), held = stored(q, answers)
        assert one.value is None
        assert "item" in str(one.reason)
        assert "t" not in held
    (one,), held = stored(q, {"a": (1,), "b": (2,)})
    assert one.value is not None
    assert "t" in held


@pytest.mark.parametrize("text", [f"{A} + {B}", f"({A} * {B} / 2).round(1)", f"0 - {A}", f"{A} > 3", f"{A}.toString()"])
def test_arithmetic_shows_its_gaps_by_itself(text: str) -> None:
    kind = "boolean" if ">" in text else "string" if "String" in text else "decimal"
    q = form(item("a", "integer"), item("b", "integer"), calculated("t", text, kind))
    assert q.formulas == ()
    assert "t" in stored(q, {"a": (1,), "b": (2,)})[1]
    assert "t" not in stored(q, {"a": REFUSED, "b": (2,)})[1]


def test_a_formula_on_which_questions_hang_asks_more_and_is_signed_only_when_it_is_whole() -> None:
    text = f"iif({A} > 2 or {B} > 2, 'some', 'none')"
    more = item("more", enableWhen=[when("t", "=", answerString="some")])
    q = form(item("a", "integer"), item("b", "integer"), calculated("t", text, "string"), more)
    (one,), held = stored(q, {"a": (3,), "b": REFUSED, "more": ("words",)})
    assert (one.value, one.reason) == (None, "item “Text of b” refused")
    assert "t" not in held
    assert "more" in held


def test_a_word_in_repeating_lines_waits_too() -> None:
    word = "iif(%resource.descendants().where(linkId='a').answer.value.exists(), 'high', 'low')"
    q = form(group("g", item("a", "integer"), calculated("w", word, "string"), repeats=True))
    made = response.build(q, {"a": REFUSED}, status="completed", authored=NOW)
    assert [entry["linkId"] for entry in made["item"][0]["item"]] == ["a"]
    made = response.build(q, {"a": (1,)}, status="completed", authored=NOW)
    assert [entry["linkId"] for entry in made["item"][0]["item"]] == ["a", "w"]


# --- instruments ------------------------------------------------------------------------------------------------------

PHQ9 = json.loads((ROOT / "resources/questionnaires/phq-9.json").read_bytes())
PAIR = "%resource.descendants().where(linkId in ('phq9-1' | 'phq9-2'))"
TOTAL = "%resource.item.item.answer.weight().sum()"


def phq9(
    *more: Json, total: Json | None = None, gated: bool = False, coded: bool = True
) -> tuple[Questionnaire, Bound]:
    """The PHQ-9 as another program has it, with a total of its own and more items."""
    made = {**json.loads(json.dumps(PHQ9)), "url": "http://elsewhere/phq9"}
    if total is not None:
        made["item"][-1] = {**made["item"][-1], **total, "linkId": "phq9-total"}
    if not coded:
        made["item"][-1].pop("code")
    made["item"] += more
    for entry in made["item"][0]["item"][2:] if gated else ():
        asked = [
            when(link_id, "=", answerCoding={"system": "http://loinc.org", "code": code})
            for link_id in ("phq9-1", "phq9-2")
            for code in ("LA6570-1", "LA6571-9")
        ]
        entry |= {"enableBehavior": "any", "enableWhen": asked}
    q = load(made, value_sets=LIBRARY.value_sets)
    bound = LIBRARY.recognize(q)
    assert bound is not None
    return q, bound


def all_of(q: Questionnaire, chosen: int) -> Any:
    return {f"phq9-{n}": (q.by_id[f"phq9-{n}"].options[chosen].value,) for n in range(1, 10)}


def test_what_a_gate_leaves_unasked_is_missing_in_a_published_sum() -> None:
    q, bound = phq9(calculated("own", TOTAL, "integer"), gated=True)
    (one, own), held = stored(q, all_of(q, 0), bound)
    assert (one.value, one.band) == (None, None)
    assert one.reason == "items 3, 4, 5, 6, 7, 8 and 9 not asked"
    assert (one.answered, one.of) == (2, 9)
    assert (own.value, own.reason) == (None, one.reason)
    assert not {"phq9-total", "own"} & held.keys()
    assert stored(q, all_of(q, 3), bound)[0][0].value == 27


@pytest.mark.parametrize(
    "more",
    [
        calculated(
            "sub", "%resource.descendants().where(linkId in ('phq9-1'|'phq9-2')).answer.weight().sum()", "integer"
        ),
        calculated("flag", "%resource.item.item.where(linkId='phq9-9').answer.weight() > 0", "boolean"),
        calculated("n", "%resource.item.item.answer.count()", "integer"),
    ],
)
@pytest.mark.parametrize("coded", [True, False])
def test_a_second_formula_takes_nothing_from_the_published_key(more: Json, coded: bool) -> None:
    q, bound = phq9(more, total=calculated("t", TOTAL, "integer"), coded=coded)
    found, held = stored(q, all_of(q, 3), bound)
    assert (found[0].value, found[0].band) == (27, "Severe")
    assert alerts(found)[0].code == "item-9"
    own = found[-1]
    assert own.link_id == more["linkId"]
    assert own.value in (6, 9, "yes")
    assert {"phq9-total", more["linkId"]} <= held.keys()


def test_what_is_made_of_a_total_waits_for_no_more_than_the_total() -> None:
    word = calculated(
        "sev", "iif(%resource.item.where(linkId='phq9-total').answer.value >= 20, 'Severe', 'less')", "string"
    )
    q, bound = phq9(word, total=calculated("t", TOTAL, "integer"))
    found, _ = stored(q, all_of(q, 3), bound)
    assert [one.value for one in found] == [27, "Severe"], "also without an answer to the question that has no score"
    found, held = stored(q, {**all_of(q, 3), "phq9-4": REFUSED}, bound)
    assert [one.value for one in found] == [None, None]
    assert "sev" not in held


def test_a_total_of_other_items_takes_the_score_and_not_the_alarm() -> None:
    some = "%resource.item.item.where(linkId != 'phq9-9').answer.weight().sum()"
    q, bound = phq9(total=calculated("t", some, "integer"))
    found, held = stored(q, all_of(q, 3), bound)
    assert found[0].value is None
    assert "does not sum the items" in str(found[0].reason)
    assert [alert.code for alert in alerts(found)] == ["item-9"]
    assert "phq9-total" not in held


@pytest.mark.parametrize(("kind", "end"), [("integer", ""), ("string", ".toString()")])
def test_a_total_without_a_code_that_gives_something_else_is_none(kind: str, end: str) -> None:
    twice = "%resource.descendants().where(linkId in ({})).answer.weight().sum() * 2"
    text = f"({twice.format('|'.join(repr(f'phq9-{n}') for n in range(1, 10)))}){end}"
    q, bound = phq9(total=calculated("t", text, kind), coded=False)
    found, held = stored(q, all_of(q, 1), bound)
    assert [one.value for one in found] == [None, None]
    assert all("they disagree" in str(one.reason) for one in found)
    assert "phq9-total" not in held


def test_a_form_that_is_asked_without_a_score_has_none_by_its_formulas_either() -> None:
    q, bound = phq9(calculated("own", TOTAL, "integer"))
    found, held = stored(q, all_of(q, 1), without_score(bound.instrument, "asked without a score"))
    assert [(one.value, one.reason) for one in found] == [(None, "asked without a score")]
    assert not {"own", "phq9-total"} & held.keys()


def table(*rows: Json, q: Questionnaire | None = None) -> tuple[Questionnaire, Bound]:
    q = q or form(item("a", "boolean"), item("b", "boolean"))
    made = {
        "name": "t", "title": "T", "version": "1", "questionnaire": q.canonical, "questionnaireSha256": q.sha256,
        "rights": {"notice": "n"}, "provenance": {"authored": "x"},
        "scores": [{"type": "table", "name": "T", "items": ["a", "b"], "rows": list(rows)}],
    }  # fmt: skip
    return q, bind(read_instrument(json.dumps(made).encode(), "t"), q)


def yes(*items: str, **result: str) -> Json:
    return {"when": [{"any": list(items), "is": ["yes"]}], **result}


def test_a_row_is_no_result_while_another_could_hold() -> None:
    q, bound = table(yes("a", "b", value="high", severity="alarm", alert="High"), {"value": "low"})

    def told(answers: Any) -> Score:
        return score(q, answers, bound)[0]

    assert (told({}).value, told({}).reason) == (None, "items “Text of a” and “Text of b” not answered")
    assert told({"a": (False,), "b": REFUSED}).reason == "item “Text of b” refused"
    assert told({"a": (False,), "b": (False,)}).value == "low"
    assert told({"a": (True,), "b": REFUSED}).value == "high", "whatever b is"


def test_a_row_that_could_be_a_higher_one_raises_its_alert_and_is_no_result() -> None:
    rows = (yes("a", value="high"), yes("b", value="some", severity="caution", alert="Some"), {"value": "low"})
    q, bound = table(*rows)
    (one,) = score(q, {"a": REFUSED, "b": (True,)}, bound)
    assert (one.value, one.band, one.reason) == (None, None, "item “Text of a” refused")
    assert [alert.text for alert in one.alerts] == ["Some"]


def test_a_gap_that_the_key_names_is_what_the_key_says() -> None:
    refusal = {"when": [{"any": ["a", "b"], "is": ["refused"]}], "value": "some"}
    q, bound = table(yes("a", "b", value="high"), refusal, {"value": "low"})
    assert score(q, {"a": (False,), "b": REFUSED}, bound)[0].value == "some"
    assert score(q, {"a": (False,)}, bound)[0].value is None
    gated = form(item("a", "boolean"), item("b", "boolean", enableWhen=[when("a", "=", answerBoolean=True)]))
    q, bound = table(yes("a", "b", value="high"), {"value": "low"}, q=gated)
    assert score(q, {"a": (False,)}, bound)[0].value == "low", "b is not asked"


# --- responses --------------------------------------------------------------------------------------------------------


def test_an_answer_that_says_that_there_is_none_cannot_be_read() -> None:
    q = form(scored("a", 0, 1), url="http://a/form")
    absent = {"extension": [{"url": ABSENT, "valueCode": "unknown"}]}
    held = coding("o1")
    for answer in (
        {"valueCoding": held, **absent},
        {"valueCoding": held, "_valueCoding": absent},
        {"valueCoding": {**held, **absent}},
    ):
        made: Json = {"resourceType": "QuestionnaireResponse", "item": [{"linkId": "a", "answer": [answer]}]}
        assert score(q, made)[0].value is None
        assert response.examine(q, made).misfits[0].text == "an answer has a value and a reason for having none"
    made["item"][0]["answer"] = [{"valueCoding": held}]
    assert score(q, made)[0].value == 1


def test_the_response_of_another_form_is_scored_only_by_an_instrument_that_both_are() -> None:
    q, bound = phq9()
    made = response.build(q, all_of(q, 1), status="completed", authored=NOW)
    made["questionnaire"] = "http://third/phq9|2"
    assert score(q, made, bound)[0].value == 9
    assert score(q, made)[0].reason == "the response was given to another form"
