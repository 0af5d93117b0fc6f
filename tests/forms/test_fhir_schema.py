"""The schema checker itself must be able to say no."""

import pytest

from tests.forms.fhir_schema import violations

GOOD = {
    "resourceType": "QuestionnaireResponse",
    "status": "completed",
    "authored": "2026-11-21T22:00:00Z",
    "item": [{"linkId": "a", "answer": [{"valueBoolean": True}]}],
}


def test_accepts_a_valid_response() -> None:
    assert violations(GOOD, "QuestionnaireResponse") == []


@pytest.mark.parametrize(
    "change",
    [
        {"resourceType": "Questionnaire"},
        {"status": "finished"},
        {"authored": "yesterday"},
        {"unknown": 1},
        {"item": [{"linkId": "a", "answer": [{"valueBoolean": "yes"}]}]},
        {"item": [{"linkId": "a", "answers": []}]},
        {"item": {"linkId": "a"}},
    ],
)
def test_refuses_what_is_wrong(change: dict[str, object]) -> None:
    assert violations(GOOD | change, "QuestionnaireResponse")
