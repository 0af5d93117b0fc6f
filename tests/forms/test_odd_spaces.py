"""What leaves is FHIR R4 whatever spaces a form has in its addresses, codes, units and words."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.actions.assessments import frozen
from console.forms import Answer, Coding, Quantity, Questionnaire, RefusedForm, load, score
from console.forms.asking.response import build, read
from console.forms.deciding.layout import key_of
from console.forms.document import SDC
from console.forms.exporting import bundle
from console.forms.instruments.scoring import computed_values
from console.forms.library import Form
from console.forms.values import decode, encode
from console.models.assessment import FrozenScore
from tests.forms.building import ORDINAL, calculated, document, form, item
from tests.forms.fhir_schema import violations
from tests.forms.strategies import answers_to

AT = datetime(2026, 11, 21, 22, 0, 5, tzinfo=UTC)
SPACES = " \u00a0\u2028\t\n\u3000"
ODD = st.text(st.sampled_from("ab1" + SPACES), min_size=1, max_size=6)
LINK = st.sampled_from(("x", " x ", "x y", "x", "x\ty", "x\u00a0y"))
EXTRACTED = {"url": SDC + "observationExtract", "valueBoolean": True}
UNIT = "http://hl7.org/fhir/StructureDefinition/questionnaire-unit"
SUM = "%resource.item.answer.weight().sum()"


def out(q: Questionnaire, answers: dict[str, tuple[Answer, ...]], *more: FrozenScore) -> dict[str, Any]:
    """What is exported of a signed form."""
    scores = score(q, answers)
    response = build(q, answers, status="completed", authored=AT, computed=computed_values(scores))
    results = [*(frozen(each, Form("form", q, None)) for each in scores), *more]
    return bundle(q, response, results, assessment=UUID(int=1), encounter=UUID(int=2), notes=["a\u00a0note"])


@st.composite
def _codings(draw: st.DrawFn) -> dict[str, Any]:
    return {key: draw(ODD) for key in draw(st.sets(st.sampled_from(("system", "version", "display"))))} | {
        "code": draw(ODD)
    }


@st.composite
def odd_forms(draw: st.DrawFn) -> dict[str, Any]:
    """Forms with spaces where nobody expects them."""
    scores = draw(st.lists(st.integers(0, 9), min_size=2, max_size=2))
    options = [
        {"valueCoding": draw(_codings()) | {"extension": [{"url": ORDINAL, "valueDecimal": worth}]}} for worth in scores
    ]
    coded = {"code": [draw(_codings())], "extension": [EXTRACTED]}
    made = [
        item(draw(LINK), "choice", answerOption=options) | coded | {"text": draw(ODD)},
        item("b" + draw(LINK), "choice", answerOption=[{"valueString": draw(ODD)}]) | coded,
        item("q" + draw(LINK), "quantity", extension=[EXTRACTED, {"url": UNIT, "valueCoding": draw(_codings())}]),
        item("u", "url") | coded,
        calculated("t", SUM, "integer", code=[draw(_codings())]) | {"text": draw(ODD), "prefix": draw(ODD)},
    ]
    return document(*made, url=draw(ODD), version=draw(ODD), title=draw(ODD))


@given(st.data())
def test_whatever_spaces_a_form_has_what_leaves_is_fhir(data: st.DataObject) -> None:
    try:
        q = load(data.draw(odd_forms()))
    except RefusedForm:
        return
    answers = data.draw(answers_to(q))
    for link_id, each in q.by_id.items():
        if each.unit is not None:
            unit = each.unit
            answers[key_of(link_id, ())] = (Quantity(Decimal(3), unit.display, unit.system, unit.code),)
        if link_id == "u":
            answers["u"] = (data.draw(ODD) + "x",)
    found = out(q, answers, FrozenScore("a\u00a0b", data.draw(ODD), band=data.draw(ODD), words=data.draw(ODD)))
    assert violations(found, "Bundle") == []


@pytest.mark.parametrize(
    "option",
    [
        {"valueCoding": {"system": "my system", "code": " not at  all\u00a0", "display": "Not\u00a0at all"}},
        {"valueCoding": {"display": "Not\u00a0at all"}},
        {"valueString": "Not\u00a0at all"},
    ],
)
def test_an_option_with_odd_spaces_is_found_again_in_what_was_stored(option: dict[str, Any]) -> None:
    worth = {"extension": [{"url": ORDINAL, "valueDecimal": 2}]}
    q = form(item("a", "choice", answerOption=[option | worth]))
    held = q.by_id["a"].options[0].value
    (total,) = score(q, {"a": (held,)})
    again = decode(encode(held, q.by_id["a"].kind))
    assert again is not None
    assert score(q, {"a": (again,)}) == (total,)
    response = build(q, {"a": (held,)}, status="completed", authored=AT)
    assert (total.value, read(q, response)) == (2, {"a": (again,)})


def test_what_is_mended_is_told() -> None:
    q = form(
        item("a", "choice", answerOption=[{"valueCoding": {"system": "my system", "code": " a  b "}}]),
        url=" http://example.org/my form",
        version="Version 2",
    )
    assert q.by_id["a"].options[0].value == Coding("my%20system", "a b")
    assert (q.canonical, q.version) == ("http://example.org/my%20form|Version%202", "Version 2")
    assert [(each.link_id, each.text.split("'")[0]) for each in q.findings] == [
        ("a", "its system "),
        ("a", "its code "),
        ("", "its url "),
        ("", "its version "),
    ]


def test_a_system_with_a_space_still_finds_its_code_system() -> None:
    system = {
        "resourceType": "CodeSystem",
        "url": "my system",
        "content": "complete",
        "concept": [{"code": "n", "extension": [{"url": ORDINAL, "valueDecimal": 3}]}],
    }
    options = [{"valueCoding": {"system": "my system", "code": "n"}}]
    q = form(item("a", "choice", answerOption=options), contained=[system])
    assert q.by_id["a"].options[0].score == 3


def test_a_link_id_that_fhir_cannot_hold_is_refused() -> None:
    with pytest.raises(RefusedForm, match="its linkId has a space that FHIR does not allow"):
        form(item("a\u00a0b"))
