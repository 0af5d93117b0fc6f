"""What the commands are told about files."""

import json
from pathlib import Path
from typing import Any

import pytest

from console.errors import KnownError
from console.forms import RefusedForm, check, open_form, score_files, shipped
from tests.forms.building import coding, document, item, option, scored
from tests.support.shared import shared

LIBRARY = shipped()


def write(path: Path, content: Any) -> Path:
    path.write_bytes(content if isinstance(content, bytes) else json.dumps(content).encode())
    return path


def answer(code: str) -> dict[str, Any]:
    entry = {"linkId": "a", "answer": [{"valueCoding": coding(code)}]}
    return {"resourceType": "QuestionnaireResponse", "status": "completed", "item": [entry]}


def test_check_says_ok_with_counts(tmp_path: Path) -> None:
    path = write(tmp_path / "q.json", document(scored("a", 0, 1), item("b")))
    assert check(path, LIBRARY) == {"file": str(path), "status": "ok", "reason": None, "items": 2, "scores": 1}


def test_check_says_refused_with_the_reason(tmp_path: Path) -> None:
    path = write(tmp_path / "q.json", document(item("a", "question")))
    assert check(path) == {
        "file": str(path),
        "status": "refused",
        "reason": "items of type 'question' are not supported (item a)",
        "items": 0,
        "scores": 0,
    }
    assert check(write(tmp_path / "x.json", b"no json"))["status"] == "refused"


def test_a_missing_file_is_a_clear_line(tmp_path: Path) -> None:
    with pytest.raises(KnownError, match=r"gone\.json cannot be read: No such file or directory"):
        check(tmp_path / "gone.json")
    path = write(tmp_path / "q.json", document(item("a")))
    with pytest.raises(KnownError, match=r"^[^:]*gone\.json cannot be read"):
        score_files(path, tmp_path / "gone.json")
    with pytest.raises(KnownError, match="cannot be read"):
        score_files(tmp_path, path)


def test_a_file_too_large_for_a_form_is_refused_unread(tmp_path: Path) -> None:
    path = tmp_path / "large.json"
    with path.open("wb") as file:
        file.truncate(100 * 1024 * 1024)
    assert check(path, LIBRARY)["reason"] == "it is larger than 16,777,216 bytes"
    with pytest.raises(KnownError, match=r"large\.json is not a QuestionnaireResponse: it is larger"):
        score_files(write(tmp_path / "q.json", document(scored("a", 0, 1))), path, LIBRARY)


def test_the_same_field_twice_in_an_object_is_fine_only_when_it_says_the_same(tmp_path: Path) -> None:
    form = write(tmp_path / "q.json", document(scored("a", 0, 1)))
    text = json.dumps(answer("o1"))
    twice = text.replace('"linkId": "a"', '"linkId": "a", "linkId": "a"')
    assert score_files(form, write(tmp_path / "r.json", twice.encode()), LIBRARY)["scores"][0]["value"] == 1
    other = text.replace('"code": "o1"', '"code": "o0", "code": "o1"')
    with pytest.raises(KnownError, match="'code' stands twice in one object"):
        score_files(form, write(tmp_path / "r.json", other.encode()), LIBRARY)


def test_scores_of_two_files(tmp_path: Path) -> None:
    form = write(tmp_path / "q.json", document(scored("a", 0, 1.5)))
    response = write(tmp_path / "r.json", answer("o1"))
    found = score_files(form, response, LIBRARY)
    assert found == {"scores": [{"name": "total", "linkId": None, "value": 1.5, "reason": None, "band": None}]}
    assert json.loads(json.dumps(found)) == found
    write(response, answer("gone"))
    [row] = score_files(form, response)["scores"]
    assert (row["value"], row["reason"]) == (None, "item “Text of a” answered with something the form does not offer")


@pytest.mark.parametrize(
    ("form", "response", "words"),
    [
        (b"{", answer("o1"), "q.json is refused: not JSON"),
        (document(item("a", "choice", option=[])), answer("o1"), "q.json is refused: this is FHIR STU3"),
        (document(item("a")), b"{", "r.json is not a QuestionnaireResponse: not JSON"),
        (document(item("a")), {"resourceType": "Bundle"}, "r.json: it is not a QuestionnaireResponse"),
        (document(item("a")), [], "r.json is not a QuestionnaireResponse: the document is not a JSON object"),
        (document(item("a")), {"resourceType": "QuestionnaireResponse", "item": 5}, "'item' is not a list"),
    ],
)
def test_bad_files_are_one_clear_line(tmp_path: Path, form: Any, response: Any, words: str) -> None:
    with pytest.raises(KnownError) as caught:
        score_files(write(tmp_path / "q.json", form), write(tmp_path / "r.json", response), LIBRARY)
    assert words in caught.value.message
    assert "\n" not in caught.value.message


INSTRUMENT: dict[str, Any] = {
    "name": "q",
    "title": "Q",
    "version": "1",
    "questionnaire": "urn:test|1",
    "rights": {"notice": "Free."},
    "provenance": {"authored": "Here."},
    "scores": [{"type": "sum", "name": "Q total", "items": ["a"], "bands": [{"from": 0, "to": 1, "label": "Low"}]}],
}


def instrument(tmp_path: Path, **changes: Any) -> Path:
    path = write(tmp_path / "q.json", document(scored("a", 0, 1, 2), item("b")))
    sha256 = open_form(path, LIBRARY).questionnaire.sha256
    write(tmp_path / "q.instrument.json", INSTRUMENT | {"questionnaireSha256": sha256} | changes)
    return path


def test_an_instrument_beside_the_form_scores_it(tmp_path: Path) -> None:
    path = instrument(tmp_path)
    [row] = score_files(path, write(tmp_path / "r.json", answer("o1")), LIBRARY)["scores"]
    assert (row["name"], row["value"], row["band"]) == ("Q total", 1, "Low")
    [row] = score_files(path, write(tmp_path / "r.json", answer("o2")), LIBRARY)["scores"]
    assert (row["value"], row["reason"]) == (None, "the total 2 lies outside the published range")


def table(**row: Any) -> list[dict[str, Any]]:
    return [{"type": "table", "name": "T", "items": ["a"], "rows": [row]}]


def banded(*limits: tuple[int, int]) -> list[dict[str, Any]]:
    bands = [{"from": low, "to": high, "label": "x"} for low, high in limits]
    return [{"type": "sum", "name": "T", "items": ["a"], "bands": bands}]


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"unknown": 1}, "not an instrument description"),
        ({"scores": [{"type": "guess"}]}, "not an instrument description"),
        ({"questionnaireSha256": "0"}, "another version"),
        ({"questionnaire": "urn:other"}, "another version"),
        ({"scores": [{"type": "sum", "name": "T", "items": ["gone"]}]}, "names item 'gone'"),
        ({"scores": [{"type": "sum", "name": "T", "items": ["b"]}]}, "whose options have no scores"),
        ({"scores": INSTRUMENT["scores"] * 2}, "each score needs a name of its own"),
        ({"scores": banded((0, 4), (4, 9))}, "overlap"),
        ({"scores": banded((5, 9), (0, 4))}, "from low to high"),
        ({"scores": banded((4, 0))}, "from low to high"),
        ({"scores": table(reason="x", value="y")}, "either a value or a reason"),
        ({"scores": table(reason="x", when=[{"any": ["a"], "is": ["o1"]}])}, "must hold always"),
        ({"scores": table()}, "either a value or a reason"),
        ({"alerts": [{"code": "c", "severity": "alarm", "text": "t", "when": [{"any": ["a"]}]}]}, "a condition needs"),
        ({"alerts": [{"code": "c", "severity": "alarm", "text": "t", "when": [
            {"any": ["a"], "all": ["a"], "is": ["x"]}]}]}, "a condition needs"),
        ({"alerts": [{"code": "c", "severity": "loud", "text": "t", "when": []}]}, "not an instrument description"),
        ({"alerts": [{"code": "c", "severity": "alarm", "text": "t", "when": [{"any": ["z"], "is": ["x"]}]}]},
         "names item 'z'"),
        ({"match": {"system": "s", "code": "c", "items": {}, "scores": [0]}}, "'match' must give a code"),
    ],
)  # fmt: skip
def test_an_instrument_that_does_not_fit_is_not_used(tmp_path: Path, changes: dict[str, Any], words: str) -> None:
    path = instrument(tmp_path, **changes)
    with pytest.raises(KnownError, match=words) as caught:
        open_form(path, LIBRARY)
    assert "q.instrument.json" in caught.value.message
    assert not isinstance(caught.value, RefusedForm)


def test_a_folder_without_forms_is_a_broken_installation(tmp_path: Path) -> None:
    with pytest.raises(KnownError, match="Install it again"):
        shipped(tmp_path)


def test_what_the_commands_say_of_a_real_form_and_response() -> None:
    folder = shared("fhir-questionnaires")
    row = check(folder / "spier/phq9-questionnaire.json", LIBRARY)
    assert (row["status"], row["items"], row["scores"]) == ("ok", 12, 1)
    assert check(folder / "spier/responses/bhp-phq9-example.json", LIBRARY)["reason"] == (
        "not a Questionnaire: resourceType is 'QuestionnaireResponse'"
    )


def test_options_without_any_coding_are_scored_too(tmp_path: Path) -> None:
    words = {"valueString": "often"} | {"extension": option("x", 3)["extension"]}
    form = write(tmp_path / "q.json", document(item("a", "choice", answerOption=[words])))
    entry = {"linkId": "a", "answer": [{"valueString": "often"}]}
    response = write(tmp_path / "r.json", {"resourceType": "QuestionnaireResponse", "item": [entry]})
    assert score_files(form, response, LIBRARY)["scores"][0]["value"] == 3
