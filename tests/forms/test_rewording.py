"""Whether a form is in the words of the instrument that scores it; what asks the same thing is no difference."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from console.errors import KnownError
from console.forms.instruments.matching import Bound
from console.forms.instruments.scoring import score
from console.forms.instruments.ties import Tie, tie_of
from console.forms.library import Form, installed, open_package, read_form, with_tie
from console.forms.model import NonAnswer
from tests.support.shared import shared

SUMS = ("phq-9", "phq-2", "gad-7")
Change = Callable[[dict[str, Any]], None]


def changed(name: str, change: Change = lambda document: None) -> Form:
    """A shipped form under another address, and changed."""
    document = json.loads(json.dumps(installed().forms[name].questionnaire.raw)) | {"url": "http://example.org/other"}
    change(document)
    return read_form("other", json.dumps(document), "", installed(), "nothing")


def bound(form: Form) -> Bound:
    assert form.bound is not None
    return form.bound


def first(document: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = document["item"][0]["item"][0]
    return found


@pytest.mark.parametrize("name", SUMS)
def test_the_published_words_are_no_difference_however_they_are_printed(name: str) -> None:
    assert bound(changed(name)).reworded == ()

    def printed(document: dict[str, Any]) -> None:
        document["item"][0]["text"] += " (Use “X” to indicate your answer)"
        for number, item in enumerate(document["item"][0]["item"], start=1):
            item["text"] = f"{number}.  {item['text'].upper()}."
            for option in item["answerOption"]:
                option["valueCoding"]["display"] += " (1)"

    form = changed(name, printed)
    assert bound(form).reworded == ()
    assert "(reworded)" not in score(form.questionnaire, {}, form.bound)[0].name


@pytest.mark.parametrize("name", SUMS)
def test_the_translation_that_is_published_may_stand_alone(name: str) -> None:
    def spanish(holder: dict[str, Any]) -> None:
        for key in ("text", "display"):
            for each in holder.get("_" + key, {}).get("extension", ()):
                holder[key] = next(part["valueString"] for part in each["extension"] if part["url"] == "content")
        for each in (*holder.get("item", ()), *(option["valueCoding"] for option in holder.get("answerOption", ()))):
            spanish(each)

    assert bound(changed(name, spanish)).reworded == ()


def reword_question(document: dict[str, Any]) -> None:
    first(document)["text"] = "Being a bit bored"


def reword_answer(document: dict[str, Any]) -> None:
    first(document)["answerOption"][1]["valueCoding"]["display"] = "Once"


def reword_heading(document: dict[str, Any]) -> None:
    document["item"][0]["text"] = document["item"][0]["text"].replace("2 weeks", "12 months")


def reword_translation(document: dict[str, Any]) -> None:
    first(document)["_text"]["extension"][0]["extension"][1]["valueString"] = "Otra cosa"


def translate_by_oneself(document: dict[str, Any]) -> None:
    first(document)["_text"]["extension"][0]["extension"][0]["valueCode"] = "de"


@pytest.mark.parametrize("name", SUMS)
@pytest.mark.parametrize(
    ("change", "where", "here"),
    [
        (reword_question, "item 1", "Being a bit bored"),
        (reword_answer, "item 1, an answer", "Once"),
        (reword_heading, "over item 1", "12 months"),
        (reword_translation, "item 1 in es-US", "Otra cosa"),
        (translate_by_oneself, "item 1 in de", ""),
    ],
)
def test_other_words_are_told_and_whatever_is_scored_says_so(name: str, change: Change, where: str, here: str) -> None:
    form = changed(name, change)
    (found,) = bound(form).reworded
    assert found.where == where
    assert here in found.here
    assert found.published != found.here
    answers = dict.fromkeys(form.questionnaire.by_id, (NonAnswer.REFUSED,))
    for given in ({}, answers):
        (one,) = score(form.questionnaire, given, form.bound)
        assert one.name.endswith(" (reworded)")
        assert "(reworded), version" in one.key
    assert "published validity does not hold" in bound(form).instrument.validity.setting


def test_only_what_counts_is_compared() -> None:
    def others(document: dict[str, Any]) -> None:
        document["title"] = "Our own title"
        document["item"][-1]["text"] = "Sum"

    assert bound(changed("phq-9", others)).reworded == ()


@pytest.mark.parametrize(
    ("file", "where"),
    [
        ("lhncbc-lforms/R4/phq9.json", []),
        ("spier/phq9-questionnaire.json", []),
        ("jmandel-web/phq-9.json", []),
        ("jmandel-web/phq-2.json", ["over item 1"]),
        ("lhncbc-lforms/R4/argonaut-phq9-ish.json", ["item 9"]),
    ],
)
def test_real_forms_are_told_apart(file: str, where: list[str]) -> None:
    form = open_package(shared("fhir-questionnaires") / file, installed()).form
    assert [each.where for each in bound(form).reworded] == where


def test_it_is_scored_as_reworded_or_not_at_all_by_what_is_said_beside_it(tmp_path: Path) -> None:
    path = tmp_path / "ours.json"
    path.write_text(json.dumps(changed("phq-9", reword_question).questionnaire.raw))
    opened = open_package(path, installed())
    assert not bound(opened.form).admitted
    said = tie_of(bound(opened.form))
    for tie in (Tie(said.key, said.items, said.answers, reworded=True), Tie("phq-9", unscored=True)):
        kept = with_tie(opened, tie, installed())
        path.with_name("ours.instrument.json").write_text(tie.text())
        again = open_package(path, installed())
        assert again.form.bound == kept.form.bound
        assert again.form.description == kept.form.description
        (one,) = score(again.form.questionnaire, {}, again.form.bound)
        if tie.unscored:
            assert "without a score" in str(one.reason)
            assert one.alerts == ()
        else:
            assert bound(again.form).admitted
            assert one.name == "PHQ-9 total (reworded)"


def test_a_key_without_words_is_called_reworded_by_whoever_says_so() -> None:
    form = open_package(shared("fhir-questionnaires/spier/cssrs-screener.json"), installed())
    tie = tie_of(bound(form.form))
    told = with_tie(form, Tie(tie.key, tie.items, tie.answers, reworded=True), installed())
    assert [one.name for one in score(told.form.questionnaire, {}, told.form.bound)] == ["C-SSRS (reworded)"]
    with pytest.raises(KnownError, match="names the key nothing, which is not here"):
        with_tie(form, Tie("nothing"), installed())
