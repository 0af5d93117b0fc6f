"""What a screen gets."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.forms import Answers, Coding, Control, Date, NonAnswer, Quantity, Reference
from console.forms.asking.present import Row, present
from console.forms.deciding.enablement import enabled
from console.forms.look import Table
from console.forms.values import FHIR
from tests.forms.building import calculated, choice, coding, form, group, item, option, scored, when
from tests.forms.strategies import answers_to, questionnaires

FORM = form(
    group(
        "g",
        item("a", "boolean", required=True, prefix="1."),
        group("h", choice("b", option("x"), option("y"), repeats=True)),
    ),
    item("c", "text", maxLength=9, enableWhen=[when("a", "=", answerBoolean=True)]),
    item("w", "display"),
    title="A form",
    copyright="Free.",
)


def test_lines_in_order_with_their_place() -> None:
    page = present(FORM, {"a": (True,)})
    assert [(row.key, row.depth, row.section, row.is_question) for row in page.rows] == [
        ("g", 0, "g", False),
        ("a", 1, "g", True),
        ("h", 1, "g", False),
        ("b", 2, "g", True),
        ("c", 0, "", True),
        ("w", 0, "", False),
    ]
    assert (page.title, page.copyright) == ("A form", "Free.")
    assert page.rows[4].max_length == 9
    assert page.rows[1].prefix == "1."


def test_progress_counts_what_was_dealt_with() -> None:
    page = present(FORM, {})
    assert (page.answered, page.total, page.open_required) == (0, 2, ("a",))
    page = present(FORM, {"a": (NonAnswer.REFUSED,), "c": ("kept",)})
    assert (page.answered, page.total, page.open_required, page.withdrawn) == (1, 2, (), ("c",))
    page = present(FORM, {"a": (True,), "c": ("kept",)})
    assert (page.answered, page.total, page.withdrawn) == (2, 3, ())


def test_states_and_what_is_chosen() -> None:
    given_now: Answers = {"a": (NonAnswer.UNABLE,), "b": (Coding("urn:codes", "y"),)}
    rows = {row.key: row for row in present(FORM, given_now).rows}
    assert (rows["a"].state, rows["a"].answer_text) == ("unable", "Unable")
    assert [one.chosen for one in rows["a"].choices] == [False, False]
    assert [one.chosen for one in rows["a"].non_answers] == [False, False, True]
    assert [one.chosen for one in rows["b"].choices] == [False, True]
    assert rows["b"].state == "answered"
    assert rows["g"].state == "blank"
    assert rows["g"].non_answers == ()


def test_numbers_one_to_six_for_options_and_seven_to_nine_for_none() -> None:
    q = form(choice("a", *(option(f"o{n}") for n in range(8))))
    [row] = present(q, {}).rows
    assert [one.number for one in row.choices] == ["1", "2", "3", "4", "5", "6", "", ""]
    assert [one.number for one in row.non_answers] == ["7", "8", "9"]
    assert [one.answer for one in row.choices] == [one.value for one in q.by_id["a"].options]


@given(st.data())
def test_number_keys_do_not_move(data: st.DataObject) -> None:
    q = data.draw(questionnaires())
    pages = [present(q, data.draw(answers_to(q))) for _ in range(2)]
    keys: dict[str, list[tuple[str, str]]] = {}
    for row in (row for page in pages for row in page.rows):
        numbers = [(one.number, one.label) for one in (*row.choices, *row.non_answers)]
        assert keys.setdefault(row.link_id, numbers) == numbers


@given(st.data())
def test_rows_are_exactly_what_is_asked(data: st.DataObject) -> None:
    q = data.draw(questionnaires())
    answers = data.draw(answers_to(q))
    page = present(q, answers)
    assert {row.key for row in page.rows} == enabled(q, answers)
    assert page.answered <= page.total


def test_hidden_lines_and_what_stands_in_them_are_not_shown() -> None:
    hidden = {"extension": [{"url": FHIR + "questionnaire-hidden", "valueBoolean": True}]}
    q = form(group("g", item("a"), **hidden), item("b", **hidden), item("c"))
    page = present(q, {})
    assert [row.key for row in page.rows] == ["c"]
    assert page.total == 1


def test_what_the_program_fills_in_cannot_be_answered_by_hand() -> None:
    q = form(
        scored("a", 0, 1), calculated("t", "%resource.item.answer.weight().sum()"), item("r", "boolean", readOnly=True)
    )
    rows = {row.key: row for row in present(q, {}).rows}
    assert not rows["t"].editable
    assert not rows["r"].editable
    assert present(q, {}).total == 1


def test_a_screen_knows_which_occurrence_it_shows_and_how_many_there_may_be() -> None:
    limits = [
        {"url": f"{FHIR}questionnaire-{name}", "valueInteger": n} for name, n in (("minOccurs", 2), ("maxOccurs", 3))
    ]
    q = form(group("g", item("a"), repeats=True, extension=limits))
    rows = [row for row in present(q, {"a#2": ("x",)}).rows if row.link_id == "g"]
    assert [(row.number, row.min_occurs, row.max_occurs) for row in rows] == [(1, 2, 3), (2, 2, 3)]
    assert {row.number for row in present(q, {}).rows if row.link_id == "a"} == {0}


def test_another_occurrence_of_a_group() -> None:
    q = form(group("g", item("a"), repeats=True))
    assert [row.key for row in present(q, {"a": ("x",)}, {"g": 2}).rows] == ["g", "a", "g#2", "a#2"]


def test_help_units_and_placeholders() -> None:
    unit = {"url": FHIR + "questionnaire-unit", "valueCoding": {"code": "kg", "display": "kilograms"}}
    helped = {"url": FHIR + "questionnaire-itemControl", "valueCodeableConcept": {"coding": [{"code": "help"}]}}
    q = form(
        item("a", "decimal", extension=[unit, {"url": FHIR + "entryFormat", "valueString": "nn.n"}],
             item=[item("h", "display", extension=[helped])]),
        item("b", "string", code=[coding("weight")], text=None),
    )  # fmt: skip
    first, second = present(q, {"a": (Decimal("80.50"),)}).rows
    assert (first.unit, first.placeholder, first.help) == ("kilograms", "nn.n", "Text of h")
    assert first.answer_text == "80.50 kilograms"
    assert second.text == "Weight"


@pytest.mark.parametrize(
    ("answer", "text"),
    [
        (True, "Yes"),
        (False, "No"),
        (NonAnswer.NOT_ASKED, "Not asked"),
        (Coding("s", "c", "Words"), "Words"),
        (Coding("s", "c"), "c"),
        (Quantity(Decimal(2), "mg"), "2 mg"),
        (Date("2020-05"), "2020-05"),
        (3, "3"),
        ("own words", "own words"),
    ],
)
def test_answers_in_words(answer: Any, text: str) -> None:
    q = form(item("a", repeats=True))
    [row] = present(q, {"a": (answer,)}).rows
    assert row.answer_text == text


def control(code: str) -> dict[str, Any]:
    return {"url": FHIR + "questionnaire-itemControl", "valueCodeableConcept": {"coding": [{"code": code}]}}


def row_of(entry: dict[str, Any]) -> Row:
    return present(form(entry), {}).rows[0]


@pytest.mark.parametrize(
    ("code", "repeats", "seen"),
    [
        ("radio-button", False, Control.RADIO),
        ("radio-button", True, Control.CHECK_BOX),
        ("check-box", False, Control.RADIO),
        ("Check-box", True, Control.CHECK_BOX),
        ("drop-down", False, Control.DROP_DOWN),
        ("lookup", False, Control.AUTOCOMPLETE),
        ("text-area", False, Control.TEXT_AREA),
        ("", False, Control.NONE),
    ],
)
def test_controls_have_one_name(code: str, repeats: bool, seen: Control) -> None:
    entry = choice("a", option("x"), repeats=repeats, extension=[control(code)])
    assert row_of(entry).control is seen


def test_a_control_that_is_not_known_is_asked_plainly_and_said() -> None:
    q = form(choice("a", option("x"), extension=[control("wheel-of-fortune")]))
    assert present(q, {}).rows[0].control is Control.NONE
    [finding] = q.findings
    assert finding.text == "its control 'wheel-of-fortune' is not known; it is asked plainly"


def test_a_slider_with_its_ends_step_and_labels() -> None:
    labels = ("lower", "upper", "prompt")
    words = [item(code, "display", text=code.upper(), extension=[control(code)]) for code in labels]
    entry = item(
        "a",
        "integer",
        extension=[
            control("slider"),
            {"url": FHIR + "questionnaire-sliderStepValue", "valueInteger": 5},
            {"url": FHIR + "minValue", "valueInteger": 0},
            {"url": FHIR + "maxValue", "valueInteger": 100},
        ],
        item=words,
    )
    [row] = present(form(entry), {}).rows
    assert (row.control, row.minimum, row.maximum, row.step) == (Control.SLIDER, 0, 100, 5)
    assert (row.lower, row.upper, row.prompt) == ("LOWER", "UPPER", "PROMPT")


def test_help_that_has_a_condition_stays_a_line_of_its_own() -> None:
    tip = item("tip", "display", extension=[control("help")], enableWhen=[when("a", "=", answerBoolean=True)])
    q = form(item("a", "boolean", item=[tip]))
    assert [row.key for row in present(q, {}).rows] == ["a"]
    assert [row.key for row in present(q, {"a": (True,)}).rows] == ["a", "tip"]


def test_what_a_screen_is_told_beside_the_control() -> None:
    sdc = "http://hl7.org/fhir/uv/sdc/StructureDefinition/sdc-questionnaire-"
    category = {"coding": [{"code": "security"}]}
    q = form(
        group(
            "g",
            item(
                "w",
                "display",
                extension=[
                    {"url": FHIR + "questionnaire-displayCategory", "valueCodeableConcept": category},
                ],
            ),
            extension=[{"url": sdc + "collapsible", "valueCode": "default-closed"}],
        ),
        item(
            "c",
            "open-choice",
            answerOption=[option("x")],
            extension=[
                {"url": FHIR + "questionnaire-choiceOrientation", "valueCode": "horizontal"},
                {"url": sdc + "openLabel", "valueString": "Something else"},
                {"url": sdc + "shortText", "valueString": "C"},
            ],
        ),
        item(
            "n",
            "quantity",
            extension=[
                {"url": FHIR + "questionnaire-unitOption", "valueCoding": {"code": "kg"}},
                {"url": sdc + "unitOpen", "valueCode": "optionsOrString"},
            ],
        ),
    )
    rows = {row.key: row for row in present(q, {}).rows}
    assert rows["g"].collapsible == "closed"
    assert rows["w"].category == "security"
    assert (rows["c"].orientation, rows["c"].open_label, rows["c"].short_text) == ("horizontal", "Something else", "C")
    assert ([unit.code for unit in rows["n"].units], rows["n"].open_units) == (["kg"], True)


def test_groups_that_can_be_tables_stay_lines() -> None:
    alike = [choice(name, option("x"), option("y")) for name in "ab"]
    table = present(form(group("g", *alike, extension=[control("table")])), {})
    assert table.rows[0].table == Table("questions", ("X", "Y"))
    assert [row.key for row in table.rows] == ["g", "a", "b"]
    turned = row_of(group("g", *alike, extension=[control("htable")])).table
    assert turned == Table("questions", ("X", "Y"), turned=True)
    assert row_of(group("g", alike[0], choice("b", option("z")), extension=[control("table")])).table is None
    around = (item("d", "display"), *alike, item("sum", "integer", readOnly=True))
    for code in ("gtable", "grid"):
        assert row_of(group("g", *around, extension=[control(code)])).table == Table("questions", ("X", "Y"))
    columns = (item("name", text="Drug"), item("dose", text="Dose"))
    drugs = group("g", *columns, repeats=True, extension=[control("gtable")])
    assert row_of(drugs).table == Table("occurrences", ("Drug", "Dose"))
    grid = group(
        "g",
        *(group(f"r{n}", item(f"{n}a", text="Left"), item(f"{n}b", text="Right")) for n in range(2)),
        extension=[control("grid")],
    )
    assert row_of(grid).table == Table("groups", ("Left", "Right"))


def test_a_reference_is_words_and_a_file_only_a_reason_for_none() -> None:
    q = form(item("r", "reference"), item("f", "attachment"))
    who = Reference("the school counselor")
    rows = {row.key: row for row in present(q, {"r": (who,)}).rows}
    assert (rows["r"].open, rows["r"].answer_text) == (True, "the school counselor")
    assert (rows["f"].open, rows["f"].choices, len(rows["f"].non_answers)) == (False, (), 3)
    assert "no files" in rows["f"].help


def test_lines_in_one_of_several_answers_say_which() -> None:
    inside = [item("many", "integer"), group("g", item("why"))]
    q = form(choice("fruit", option("apple"), option("pear"), repeats=True, item=inside))
    pear = q.by_id["fruit"].options[1].value
    assert [(row.key, row.about, row.depth) for row in present(q, {"fruit": (pear,)}).rows] == [
        ("fruit", "", 0),
        ("many#2", "Pear", 1),
        ("g#2", "Pear", 1),
        ("why#2", "Pear", 2),
    ]


def test_a_question_without_words_is_called_by_its_code_or_its_link_id() -> None:
    coded = item("coded", text="", code=[{"system": "urn:codes", "code": "m", "display": "Mood"}])
    page = present(form(coded, item("bare", text=""), item("blank", "display", text="")), {})
    assert [row.text for row in page.rows] == ["Mood", "bare", ""]
