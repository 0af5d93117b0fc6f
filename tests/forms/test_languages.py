"""A form in another language: what is read changes, what is stored does not."""

from typing import Any

import pytest
from msgspec.structs import replace

from console.errors import KnownError
from console.forms import Questionnaire, alerts, answered, load, score, shipped
from console.forms.asking import present
from console.forms.asking.present import answer_text
from console.forms.asking.response import build
from console.forms.instruments.matching import bind
from console.forms.library import Form
from console.forms.reading.languages import in_language
from tests.forms.building import choice, coding, document, form, group, item
from tests.forms.fhir_schema import violations
from tests.forms.test_response import AT

LIBRARY = shipped()
Json = dict[str, Any]


def said(language: str, content: str) -> Json:
    url = "http://hl7.org/fhir/StructureDefinition/translation"
    parts = [{"url": "lang", "valueCode": language}, {"url": "content", "valueString": content}]
    return {"extension": [{"url": url, "extension": parts}]}


def rows(q: Questionnaire, language: str, **answers: Any) -> dict[str, present.Row]:
    return {row.key: row for row in present.present(q, answers, language=language).rows}


HELP = {
    "extension": [
        {
            "url": "http://hl7.org/fhir/StructureDefinition/questionnaire-itemControl",
            "valueCodeableConcept": {"coding": [{"code": "help"}]},
        }
    ]
}
SURE: Json = {"valueCoding": coding("sure", _display=said("es", "Segura"))}
PLAIN: Json = {"valueString": "At home", "_valueString": said("es", "En casa")}
Q = form(
    group(
        "g",
        choice("a", SURE, {"valueCoding": coding("unsure")}, _text=said("es", "¿Segura?"),
               item=[item("h", "display", _text=said("es", "Pregunte despacio"), **HELP)]),
        choice("b", PLAIN, _text=said("es-MX", "¿Dónde está?")),
        item("c", "boolean", _text=said("es", "¿Sola?")),
        item("d"),
        _text=said("es", "Ahora"),
    ),
    language="en", title="Now", _title=said("es", "Ahora mismo"),
)  # fmt: skip


def test_texts_options_help_and_title_are_there_in_the_language() -> None:
    assert Q.languages == ("en", "es", "es-MX")
    page = present.present(Q, {}, language="es")
    assert page.title == "Ahora mismo"
    found = {row.key: row for row in page.rows}
    assert [found[key].text for key in "gabcd"] == ["Ahora", "¿Segura?", "¿Dónde está?", "¿Sola?", "Text of d"]
    assert [choice.label for choice in found["a"].choices] == ["Segura", "Unsure"]
    assert [choice.label for choice in found["b"].choices] == ["En casa"]
    assert [choice.label for choice in found["c"].choices] == ["Sí", "No"]
    assert found["a"].help == "Pregunte despacio"


@pytest.mark.parametrize("language", ["", "en", "fr"])
def test_without_words_in_a_language_the_form_speaks_its_own(language: str) -> None:
    assert present.present(Q, {}, language=language) == present.present(Q, {})


def test_what_is_chosen_in_spanish_is_stored_in_the_forms_own_language() -> None:
    answers: Any = {}
    for key in "abc":
        answers = answered(Q, answers, key, rows(Q, "es")[key].choices[0].answer)
    spanish, own = rows(Q, "es", **answers), rows(Q, "", **answers)
    assert [spanish[key].answer_text for key in "abc"] == ["Segura", "En casa", "Sí"]
    assert [own[key].answer_text for key in "abc"] == ["Sure", "At home", "Yes"]
    assert [spanish[key].answers for key in "abc"] == [own[key].answers for key in "abc"]
    stored = build(Q, answers, status="completed", authored=AT)
    assert violations(stored, "QuestionnaireResponse") == []
    assert "Segura" not in str(stored)
    assert answer_text(Q.by_id["a"], answers["a"][0]) == "Sure"


def test_value_sets_are_in_the_language_by_their_designations() -> None:
    concept = {"code": "x", "display": "Ex", "designation": [{"language": "es", "value": "Equis"}, {"value": "?"}, 7]}
    contained = {"resourceType": "ValueSet", "id": "v", "status": "active",
                 "compose": {"include": [{"system": "urn:s", "concept": [concept]}]}}  # fmt: skip
    q = form(item("a", "choice", answerValueSet="#v"), contained=[contained])
    assert rows(q, "es")["a"].choices[0].label == "Equis"


@pytest.mark.parametrize(
    ("language", "found"), [("es", "a"), ("es-MX", "b"), ("es-AR", "a"), ("ES", "a"), ("en", ""), ("", "")]
)
def test_the_nearest_words_of_a_language_are_taken(language: str, found: str) -> None:
    assert in_language({"es": "a", "es-MX": "b"}, language, "") == found


@pytest.mark.parametrize(
    "odd", [7, [], {"extension": 7}, {"extension": [{"url": "x"}]}, said("es", " "), said("", "x")]
)
def test_what_is_no_translation_is_passed_over(odd: object) -> None:
    assert load(document(item("a", _text=odd))).languages == ()


def test_an_instrument_may_not_say_it_is_worded_in_a_language_it_is_not() -> None:
    one = LIBRARY.forms["asq"]
    assert one.bound is not None
    with pytest.raises(KnownError, match="wording is there in 'fr', and item 'asq-1' lacks it"):
        bind(replace(one.bound.instrument, languages=("en", "fr")), one.questionnaire)


SPANISH = [one for one in LIBRARY.forms.values() if one.bound and len(one.bound.instrument.languages) > 1]


def test_what_is_shipped_in_spanish() -> None:
    assert sorted(one.name for one in SPANISH) == ["asq", "gad-7", "phq-2", "phq-9"]


@pytest.mark.parametrize("one", SPANISH, ids=lambda one: one.name)
def test_each_translation_says_where_it_is_from_and_is_offered_by_the_form(one: Form) -> None:
    assert one.bound is not None
    instrument = one.bound.instrument
    assert one.questionnaire.language == "en"
    assert one.questionnaire.languages == instrument.languages
    assert instrument.provenance.translations.keys() == set(instrument.languages) - {"en"}


@pytest.mark.parametrize("one", SPANISH, ids=lambda one: one.name)
def test_a_language_changes_no_score_and_no_alert(one: Form) -> None:
    q = one.questionnaire
    for place in range(2):
        answers: Any = {}
        for row in present.present(q, {}, language="es").rows:
            if row.choices:
                answers = answered(q, answers, row.key, row.choices[place].answer)
        own: Any = {}
        for row in present.present(q, {}).rows:
            if row.choices:
                own = answered(q, own, row.key, row.choices[place].answer)
        assert answers == own
        assert alerts(score(q, answers, one.bound)) == alerts(score(q, own, one.bound))


def test_the_spanish_of_the_asq() -> None:
    q = LIBRARY.forms["asq"].questionnaire
    assert [in_language(q.by_id[f"asq-{n}"].texts, "es", "") for n in range(1, 6)] == [
        "En las últimas semanas, ¿ha deseado estar muerto?",
        "En las últimas semanas, ¿ha sentido que usted o su familia estarían mejor si estuviera muerto?",
        "En la última semana, ¿ha estado pensando en suicidarse?",
        "¿Alguna vez ha intentado suicidarse?",
        "¿Está pensando en suicidarse en este momento?",
    ]


def test_the_spanish_of_the_phq9_and_the_gad7() -> None:
    nine, seven = LIBRARY.forms["phq-9"].questionnaire, LIBRARY.forms["gad-7"].questionnaire
    assert in_language(nine.by_id["phq9-9"].texts, "es", "") == (
        "Pensamientos de que estaría mejor muerto(a) o de lastimarse de alguna manera"
    )
    assert in_language(seven.by_id["gad7-7"].texts, "es", "") == "Ha tenido miedo de que algo terrible fuera a pasar"
    frequency = ["Ningún día", "Varios días", "Más de la mitad de los días", "Casi todos los días"]
    for q in (nine, seven):
        for one in q.by_id.values():
            if one.is_scored:
                assert [in_language(option.labels, "es", "") for option in one.options] == frequency
