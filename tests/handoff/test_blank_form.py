"""A form on paper: everything that may be asked is on it, and when; nothing is torn apart or left out in silence."""

from io import BytesIO

import pytest
from pypdf import PdfReader

from console.forms import Questionnaire, shipped
from console.forms.library import Form
from console.handoff.blank_form import BlankForm, BlankRow, _Rule, render
from console.queries.blank_form import blank_form
from tests.forms.building import calculated, choice, form, group, item, option, scored, when

_LONG = BlankForm("A form", "version 3", tuple(BlankRow(f"Question {n}", lines=2) for n in range(60)))


def pages(paper: BlankForm) -> list[str]:
    return [" ".join(page.extract_text().split()) for page in PdfReader(BytesIO(render(paper))).pages]


def of(q: Questionnaire) -> BlankForm:
    return blank_form(Form("a-form", q, None))


@pytest.mark.parametrize("name", sorted(shipped().forms))
def test_every_question_of_every_shipped_form_is_on_paper(name: str) -> None:
    one = shipped().forms[name]
    text = " ".join(pages(blank_form(one)))
    for row in one.questionnaire.by_id.values():
        if row.is_question and not (row.hidden or row.calculated or row.read_only):
            assert " ".join(row.text.split()) in text, row.link_id
    assert one.bound is not None
    assert " ".join(one.bound.instrument.rights.notice.split()) in text
    assert one.questionnaire.sha256[:12] in text


def test_every_page_says_which_form_it_is_and_how_many_there_are() -> None:
    found = pages(_LONG)
    assert len(found) > 2
    for number, text in enumerate(found, start=1):
        assert f"page {number} of {len(found)}" in text
        assert "A form · version 3" in text


def test_a_question_is_not_torn_and_a_heading_stays_with_its_first_question() -> None:
    rows = []
    for number in range(40):
        rows += [BlankRow(f"Part {number} begins", heading=True), BlankRow(f"Question {number} asks", lines=3)]
    found = pages(BlankForm("A form", "", tuple(rows)))
    for number in range(40):
        (page,) = (text for text in found if f"Part {number} begins" in text)
        assert f"Question {number} asks" in page


def test_a_list_longer_than_a_page_goes_on_on_the_next_and_ends_once() -> None:
    words = [f"Option number {place} of a long list" for place in range(400)]
    found = pages(
        BlankForm("A form", "", (BlankRow("Which of these?", choices=tuple(words)), BlankRow("Why?", lines=1)))
    )
    assert len(found) > 3
    text = " ".join(found)
    assert [text.count(f"{each} ") for each in words] == [1] * len(words)
    assert text.count("Not asked") == 2


def test_however_deep_a_form_nests_it_fits_the_page() -> None:
    deep = item("last", text="The innermost question")
    for level in range(38):
        deep = group(f"g{level}", deep)
    assert "The innermost question" in " ".join(pages(of(form(deep))))


def _rule(expression: str) -> dict[str, object]:
    url = "http://hl7.org/fhir/uv/sdc/StructureDefinition/sdc-questionnaire-enableWhenExpression"
    return {"url": url, "valueExpression": {"language": "text/fhirpath", "expression": expression}}


def test_what_is_asked_only_sometimes_says_when() -> None:
    q = form(
        choice("a", option("yes"), option("no"), prefix="1."),
        item("b", "boolean", prefix="2."),
        item("c", enableWhen=[when("a", "=", answerCoding={"system": "urn:codes", "code": "yes"})]),
        item(
            "d",
            enableWhen=[when("a", "exists", answerBoolean=True), when("b", "exists", answerBoolean=True)],
            enableBehavior="any",
        ),
        item("e", enableWhen=[when("c", "!=", answerString="x")]),
        item("f", extension=[_rule("%resource.item.exists()")]),
        item("g", enableWhen=[when("b", "=", answerBoolean=True)], extension=[_rule("true")]),
    )
    assert [row.only_if for row in of(q).rows] == [
        "",
        "",
        "1 is Yes",
        "any of 1 and 2 is answered",
        "“Text of c” is not x",
        "a rule of the form holds",
        "2 is Yes, and a rule of the form holds",
    ]


def test_what_the_program_fills_in_is_not_asked_and_scores_stand_at_the_boxes() -> None:
    q = form(
        group("g", scored("a", 0, 1), item("hidden", extension=[_HIDDEN])),
        calculated("total", "%resource.item.descendants().answer.value.ordinal().sum()"),
    )
    (heading, asked) = of(q).rows
    assert (heading.heading, asked.choices) == (True, ("O0 (0)", "O1 (1)"))
    assert of(q).results == ("Scored in the console when it is entered there.",)


_HIDDEN = {"url": "http://hl7.org/fhir/StructureDefinition/questionnaire-hidden", "valueBoolean": True}


def test_an_open_choice_has_a_line_and_several_answers_say_so() -> None:
    q = form(item("a", "open-choice", answerOption=[option("x")], repeats=True), item("b", "text"), item("c", "group"))
    first, second = of(q).rows
    assert (first.several, first.lines, first.choices) == (True, 1, ("X",))
    assert second.lines == 3
    text = " ".join(pages(of(q)))
    assert "Tick all that apply." in text
    assert "something else" in text


def test_the_same_form_gives_the_same_bytes() -> None:
    for paper in (blank_form(shipped().forms["asq"]), _LONG):
        assert render(paper) == render(paper)


def test_a_form_is_laid_out_once_however_many_pages_it_has(monkeypatch: pytest.MonkeyPatch) -> None:
    drawn: list[str] = []
    draw = _Rule.draw
    monkeypatch.setattr(_Rule, "draw", lambda rule: (drawn.append(""), draw(rule)))
    render(_LONG)
    assert len(drawn) == 120
