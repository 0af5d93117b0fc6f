"""Broken documents: a form or a refusal, never anything else; and a form that was taken does all that forms do."""

import copy
import json
from datetime import UTC, datetime
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from console.errors import KnownError
from console.forms import Questionnaire, RefusedForm, load, score, shipped, validate
from console.forms.asking.present import present
from console.forms.asking.response import build, examine
from console.forms.checking.conformance import outcome
from console.forms.deciding.enablement import enabled
from console.settings import resources
from tests.forms.strategies import answers_to, documents
from tests.support.shared import SHARED

LIBRARY = shipped()
SHIPPED = [json.loads((resources() / "questionnaires" / f"{name}.json").read_bytes()) for name in LIBRARY.forms]
REAL = [json.loads(path.read_bytes()) for path in sorted(SHARED.glob("fhir-questionnaires/*/R4/q*.json"))] or SHIPPED
"""Real forms, where they are at hand: their oddities break in other places than our own do."""
JUNK: st.SearchStrategy[Any] = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=6)
    | st.sampled_from(["group", "choice", "coding", "q1", "i0", "=", "exists", "any", "#v", "text/cql", "http://x"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["linkId", "type", "item", "extension", "url", "valueCoding", "code", "valueInteger"])
            | st.text(max_size=4),
            inner,
            max_size=3,
        )
    ),
    max_leaves=8,
)
KEYS = [
    *("linkId", "type", "item", "enableWhen", "enableBehavior", "answerOption", "answerValueSet", "initial", "repeats"),
    *("required", "extension", "code", "prefix", "text", "contained", "maxLength", "modifierExtension", "readOnly"),
    *("option", "_text", "url", "version", "answerConstraint", "disabledDisplay", "prefix", "resourceType", "entry"),
]


@st.composite
def broken(draw: st.DrawFn) -> dict[str, Any]:
    """A proper form with one to four places replaced, removed, doubled or added."""
    document = copy.deepcopy(draw(st.sampled_from(SHIPPED) | st.sampled_from(REAL) | documents(scored=True)))
    for _ in range(draw(st.integers(1, 4))):
        here: Any = document
        while True:
            steps = list(here) if isinstance(here, dict) else list(range(len(here)))
            if not steps:
                break
            step = draw(st.sampled_from(steps))
            if isinstance(here[step], dict | list) and here[step] and draw(st.integers(0, 5)):
                here = here[step]
                continue
            match draw(st.sampled_from(("replace", "remove", "double", "add"))):
                case "replace":
                    here[step] = draw(JUNK)
                case "remove":
                    del here[step]
                case "double" if isinstance(here, list):
                    here.append(copy.deepcopy(here[step]))
                case _ if isinstance(here, dict):
                    here[draw(st.sampled_from(KEYS))] = draw(JUNK)
            break
    return document


def exercise(q: Questionnaire, data: st.DataObject) -> None:
    answers = data.draw(answers_to(q))
    enabled(q, answers)
    present(q, answers)
    validate(q, answers)
    bound = LIBRARY.recognize(q)
    for found in score(q, answers, bound):
        assert (found.value is None) != (found.reason is None)
    response = build(q, answers, status="completed", authored=datetime(2026, 11, 21, tzinfo=UTC))
    assert json.loads(json.dumps(response)) == response
    assert examine(q, response).misfits == ()
    score(q, response, bound)


def taken(document: Any, asked: bool = True) -> Questionnaire | RefusedForm:
    try:
        return load(document, value_sets=LIBRARY.value_sets, asked=asked)
    except RefusedForm as refusal:
        return refusal


def is_one_line(text: str) -> bool:
    return bool(text.strip()) and len(text.splitlines()) == 1 and bool(text.encode())


@settings(suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(broken(), st.data())
def test_a_broken_form_is_taken_or_refused_in_one_line(document: dict[str, Any], data: st.DataObject) -> None:
    found = taken(json.dumps(document))
    if isinstance(found, RefusedForm):
        assert is_one_line(found.message)
    else:
        exercise(found, data)
    to_check_against = taken(json.dumps(document), asked=False)
    if isinstance(to_check_against, RefusedForm):
        assert isinstance(found, RefusedForm), "what can be asked can be checked against"
        assert is_one_line(to_check_against.message)
    else:
        response = {"resourceType": "QuestionnaireResponse", "status": "completed", "item": data.draw(JUNK)}
        assert outcome(to_check_against, response)["issue"]


@given(JUNK)
def test_junk_is_refused(junk: Any) -> None:
    found = taken(junk if isinstance(junk, dict) else {"resourceType": "Questionnaire", "item": junk})
    assert isinstance(found, Questionnaire) or is_one_line(found.message)


@given(st.binary(max_size=40) | st.text(max_size=40))
def test_noise_is_refused(noise: bytes | str) -> None:
    found = taken(noise)
    assert isinstance(found, RefusedForm)
    assert is_one_line(found.message)


@given(st.data())
def test_a_broken_response_is_read_or_refused(data: st.DataObject) -> None:
    form = LIBRARY.forms[data.draw(st.sampled_from(sorted(LIBRARY.forms)))]
    q = form.questionnaire
    response = build(q, data.draw(answers_to(q)), status="completed", authored=datetime(2026, 11, 21, tzinfo=UTC))
    here: Any = response
    while isinstance(here, dict | list) and here:
        step = data.draw(st.sampled_from(list(here) if isinstance(here, dict) else list(range(len(here)))))
        if not isinstance(here[step], dict | list) or data.draw(st.integers(0, 3)) == 0:
            here[step] = data.draw(JUNK)
            break
        here = here[step]
    try:
        scores = score(q, response, form.bound)
    except KnownError as error:
        message = error.message
    else:
        message = ""
        assert all((found.value is None) != (found.reason is None) for found in scores)
    assert not message or is_one_line(message)
    if response.get("resourceType") == "QuestionnaireResponse":
        assert all(is_one_line(issue["details"]["text"]) for issue in outcome(q, response)["issue"])
