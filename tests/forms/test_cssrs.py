"""The C-SSRS key against the published triage, on every combination of answers. None of its words are here."""

import json
from collections.abc import Iterator
from itertools import product
from typing import Any

import pytest

from console.errors import KnownError
from console.forms import (
    Answer,
    Answers,
    Bound,
    NonAnswer,
    Questionnaire,
    Score,
    alerts,
    bind_by_hand,
    load,
    open_form,
    present,
    score,
    shipped,
)
from console.forms.asking.response import build, read
from console.forms.instruments.description import asked_with
from console.forms.library import read_form
from tests.forms.building import calculated, choice, coding, document, form, item, when
from tests.forms.test_response import AT
from tests.support.shared import shared

LIBRARY = shipped()
KEY = LIBRARY.keys["c-ssrs-screener"]
SEVEN = ("1", "2", "3", "4", "5", "6", "6-recent")
LOINC = "http://loinc.org"
YES, NO = coding("LA33-6", LOINC), coding("LA32-8", LOINC)
PANEL = [{"system": LOINC, "code": "93373-9"}]
GAPS = ("refused", "not-asked", "unable", "blank")
STATES = ("yes", "no", "refused", "not-asked", "blank")


def published(states: dict[str, str]) -> str | None:
    """The triage, written down a second time; ``None`` where something is missing that could make it higher or that the
    form has to ask. Questions 3 to 5 belong to a yes to question 2, "how recently" to a yes to question 6."""
    if "yes" in (states["4"], states["5"], states["6-recent"]):
        return "high"
    needed = [states[one] for one in ("1", "2", "6")]
    needed += [states[one] for one in ("3", "4", "5")] if states["2"] == "yes" else []
    needed += [states["6-recent"]] if states["6"] == "yes" else []
    if set(needed) & set(GAPS):
        return None
    if "yes" in (states["3"], states["6"]):
        return "moderate"
    return "low" if "yes" in (states["1"], states["2"]) else "none"


def own_form(kind: str = "coded", conditional: bool = False) -> Questionnaire:
    """A form with the codes of the screener and none of its words."""
    assert KEY.match is not None
    items = []
    for name, code in KEY.match.items.items():
        more: dict[str, Any] = {"code": [{"system": LOINC, "code": code}]}
        if conditional and name in ("3", "4", "5", "6-recent"):
            more["enableWhen"] = [when(f"q{name[0]}" if name[0] == "6" else "q2", "=", answerCoding=YES)]
        coded = choice(f"q{name}", {"valueCoding": YES}, {"valueCoding": NO}, **more)
        items.append(coded if kind == "coded" else item(f"q{name}", "boolean", **more))
    level = choice("level", *({"valueCoding": coding(word)} for word in ("low", "moderate", "high")))
    return form(*items, level | {"code": [{"system": LOINC, "code": "93374-7"}], "readOnly": True}, code=PANEL)


def answers(q: Questionnaire, states: dict[str, str]) -> Answers:
    given: dict[str, tuple[Answer, ...]] = {}
    for name, state in states.items():
        one = q.by_id[f"q{name}"]
        yes, no = (option.value for option in one.options) if one.options else (True, False)
        held: Answer | None = (
            {"yes": yes, "no": no, "blank": None}.get(state) if state in ("yes", "no", "blank") else (NonAnswer(state))
        )
        if held is not None:
            given[one.link_id] = (held,)
    return given


def every() -> Iterator[dict[str, str]]:
    """Every combination; "unable" stands beside "yes" and "no" alone, which keeps the number in five figures."""
    for kinds in (STATES, ("yes", "no", "unable")):
        for states in product(kinds, repeat=len(SEVEN)):
            yield dict(zip(SEVEN, states, strict=True))


def result(q: Questionnaire, states: dict[str, str], bound: Bound | None) -> Score:
    [found] = score(q, answers(q, states), bound)
    return found


def all_no(**yes: str) -> dict[str, str]:
    return dict.fromkeys(SEVEN, "no") | {name.removeprefix("q").replace("_", "-"): state for name, state in yes.items()}


def test_the_key_holds_no_wording_and_asks_for_permission_and_training() -> None:
    assert KEY.rights.permission_needed
    assert KEY.rights.training_needed
    assert "columbia.edu" in KEY.rights.ask
    assert KEY.questionnaire == ""
    assert "c-ssrs-screener" not in LIBRARY.forms
    assert asked_with(KEY) == set(SEVEN)


def test_every_combination_of_answers_and_that_a_yes_is_told_even_when_the_rest_is_missing() -> None:
    q = own_form("boolean")
    bound = LIBRARY.recognize(q)
    seen = set()
    for states in every():
        found = result(q, states, bound)
        assert found.value == published(states), states
        assert (found.value is None) == (found.reason is not None) == (found.band is None), states
        assert found.reason != "an answer could not be read", states
        seen.add(found.value)
        raised = alerts([found])
        if "yes" in (states[one] for one in SEVEN[2:]):
            assert raised[0].severity == "alarm", states
        else:
            assert bool(raised) == ("yes" in states.values()), states
    assert seen == {"high", "moderate", "low", "none", None}


def test_every_combination_of_yes_and_no_by_codes_and_with_conditions() -> None:
    q = own_form("coded", conditional=True)
    bound = LIBRARY.recognize(q)
    for given in product(("yes", "no", "blank"), repeat=len(SEVEN)):
        states = dict(zip(SEVEN, given, strict=True))
        asked = {row.link_id for row in present.present(q, answers(q, states)).rows}
        seen = {name: state if f"q{name}" in asked else "blank" for name, state in states.items()}
        assert result(q, states, bound).value == published(seen), states


@pytest.mark.parametrize(
    ("states", "band", "words"),
    [
        (all_no(), "No positive response", "not the same as no risk"),
        (all_no(q1="yes"), "Low risk", "question 1 or 2"),
        (all_no(q2="yes"), "Low risk", "question 1 or 2"),
        (all_no(q2="yes", q3="yes"), "Moderate risk", "question 3"),
        (all_no(q6="yes"), "Moderate risk", "not within the past 3 months"),
        (all_no(q2="yes", q4="yes"), "High risk", "question 4 or 5"),
        (all_no(q2="yes", q5="yes"), "High risk", "question 4 or 5"),
        (all_no(q6="yes", q6_recent="yes"), "High risk", "past 3 months"),
        (all_no(q2="yes", q3="yes", q6="yes", q6_recent="yes"), "High risk", "past 3 months"),
    ],
)
def test_how_results_are_worded(states: dict[str, str], band: str, words: str) -> None:
    q = own_form()
    found = result(q, states, LIBRARY.recognize(q))
    assert found.band == band
    assert words in found.words


@pytest.mark.parametrize(
    ("states", "reason"),
    [
        (all_no(q1="refused"), "item “Text of q1” refused"),
        (all_no(q2="yes", q4="unable"), "item “Text of q4” could not be answered"),
        (all_no(q6="yes", q6_recent="blank"), "item “Text of q6-recent” not answered"),
        (dict.fromkeys(SEVEN, "blank"), "items “Text of q1”, “Text of q2” and “Text of q6” not answered"),
    ],
)
def test_why_there_is_no_result(states: dict[str, str], reason: str) -> None:
    q = own_form()
    assert result(q, states, LIBRARY.recognize(q)).reason == reason


def test_a_level_that_is_stored_must_be_the_one_the_answers_give() -> None:
    q = own_form()
    bound = LIBRARY.recognize(q)
    given = answers(q, all_no(q2="yes", q3="yes"))
    low, moderate, _ = (option.value for option in q.by_id["level"].options)
    assert score(q, {**given, "level": (moderate,)}, bound)[0].value == "moderate"
    [found] = score(q, {**given, "level": (low,)}, bound)
    assert found.value is None
    assert found.reason == "the stored result “Low” does not agree with the answers: Moderate risk"


@pytest.mark.parametrize("name", ["cssrs-screener", "cssrs-pediatric"])
def test_a_screener_written_elsewhere_is_recognized_by_its_codes(name: str) -> None:
    found = open_form(shared(f"fhir-questionnaires/spier/{name}.json"), LIBRARY)
    q, bound = found.questionnaire, found.bound
    assert bound is not None
    assert bound.instrument.name == "c-ssrs-screener"
    for given in product((0, 1, None), repeat=len(SEVEN)):
        held = {
            bound.links[one]: (q.by_id[bound.links[one]].options[at].value,)
            for one, at in zip(SEVEN, given, strict=True)
            if at is not None
        }
        asked = {row.link_id for row in present.present(q, held).rows}
        words = {0: "yes", 1: "no", None: "blank"}
        states = {
            one: words[at] if bound.links[one] in asked else "blank" for one, at in zip(SEVEN, given, strict=True)
        }
        assert score(q, held, bound)[0].value == published(states), given


@pytest.mark.parametrize("name", ["cssrs-full-lifetime-recent", "cssrs-since-last-contact"])
def test_other_forms_of_the_family_are_not_taken_for_the_screener(name: str) -> None:
    assert open_form(shared(f"fhir-questionnaires/spier/{name}.json"), LIBRARY).bound is None


def test_a_form_with_the_panel_code_and_other_answers_is_not_scored() -> None:
    assert KEY.match is not None
    items = [
        choice(f"q{name}", {"valueCoding": coding("maybe")}, code=[{"system": LOINC, "code": code}])
        for name, code in KEY.match.items.items()
    ]
    q = form(*items, code=PANEL)
    [found] = score(q, {}, LIBRARY.recognize(q))
    assert found.reason is not None
    assert found.reason.endswith("but its items do not all have the codes and answers of it")


def test_a_number_the_form_makes_of_the_answers_does_not_stop_the_triage() -> None:
    count = calculated("count", "%resource.item.where(answer.value = true).count()", "integer")
    raw = own_form("boolean").raw
    q = load({**raw, "item": [*raw["item"], count]})
    found, own = score(q, answers(q, all_no(q2="yes", q4="yes")), LIBRARY.recognize(q))
    assert found.value == "high"
    assert alerts([found])[0].severity == "alarm"
    assert own.link_id == "count"


@pytest.mark.parametrize(("otherwise", "value"), [("high", "high"), ("moderate", None)])
def test_a_level_by_a_formula_of_the_form_must_be_that_of_the_triage(otherwise: str, value: str | None) -> None:
    text = f"iif(%resource.item.where(linkId='q4').answer.value = false, 'none', '{otherwise}')"
    level = calculated("level", text, "string", code=[{"system": LOINC, "code": "93374-7"}])
    raw = own_form("boolean").raw
    q = load({**raw, "item": [*raw["item"][:-1], level]})
    found = result(q, all_no(q2="yes", q4="yes"), LIBRARY.recognize(q))
    assert found.value == value
    assert value or "they disagree" in str(found.reason)
    assert alerts([found])[0].severity == "alarm"
    sure = result(q, all_no(q2="yes", q4="refused", q5="yes"), LIBRARY.recognize(q))
    assert sure.value == "high", "while the formula has no answer, the key stands alone"


def uncoded(*words: str) -> Questionnaire:
    return form(*(choice(f"i{n}", *({"valueString": word} for word in words)) for n in range(len(SEVEN))))


BY_HAND = dict(zip(SEVEN, (f"i{n}" for n in range(len(SEVEN))), strict=True))
ANSWERS = {"yes": ("Ja",), "no": ("Nein",), "refused": ("Keine Angabe",)}


def test_a_form_without_codes_is_tied_by_hand_and_a_refusal_among_its_options_is_a_refusal() -> None:
    q = uncoded("Ja", "Nein", "Keine Angabe")
    bound = bind_by_hand(KEY, q, BY_HAND, ANSWERS)
    given: Answers = dict.fromkeys(BY_HAND.values(), ("Nein",))
    assert score(q, given, bound)[0].value == "none"
    assert score(q, {**given, "i4": ("Ja",)}, bound)[0].value == "high"
    assert score(q, {**given, "i0": ("Keine Angabe",)}, bound)[0].reason == "item “Text of i0” refused"
    stored = build(q, given, status="completed", authored=AT)
    assert score(q, read(q, stored), bound) == score(q, given, bound)


@pytest.mark.parametrize(
    ("items", "answers", "says"),
    [
        ({"1": "i0"}, ANSWERS, "needs an item of the form for 2, 3, 4, 5, 6, 6-recent"),
        (BY_HAND | {"5": "gone"}, ANSWERS, "has no item 'gone'"),
        (BY_HAND | {"5": "i3"}, ANSWERS, "cannot be the same item"),
        (BY_HAND, {"yes": ("Ja",), "no": ("Nein",)}, "options of item 'i0' are not each known as one answer"),
        (BY_HAND, {"yes": ("Ja", "Nein"), "no": ("Keine Angabe",)}, "with one yes and one no"),
    ],
)
def test_a_tie_by_hand_that_does_not_fit_is_refused(
    items: dict[str, str], answers: dict[str, tuple[str, ...]], says: str
) -> None:
    with pytest.raises(KnownError, match=says):
        bind_by_hand(KEY, uncoded("Ja", "Nein", "Keine Angabe"), items, answers)


def test_a_table_of_a_shipped_form_scores_another_form_by_hand_and_gives_a_refusal_its_published_meaning() -> None:
    asq = LIBRARY.forms["asq"].bound
    assert asq is not None
    q = uncoded("Ja", "Nein", "Keine Angabe")
    five = {f"asq-{n}": f"i{n}" for n in range(1, 6)}
    bound = bind_by_hand(asq.instrument, q, five, ANSWERS)
    given: Answers = dict.fromkeys(five.values(), ("Nein",))
    assert score(q, given, bound)[0].value == "negative"
    assert score(q, {**given, "i2": ("Keine Angabe",)}, bound)[0].value == "non-acute-positive"
    assert score(q, {**given, "i2": (NonAnswer.REFUSED,)}, bound)[0].value == "non-acute-positive"


def test_a_sum_is_tied_by_hand_only_to_items_with_its_scores() -> None:
    phq2 = LIBRARY.forms["phq-2"].bound
    assert phq2 is not None
    with pytest.raises(KnownError, match="do not have the scores 0, 1, 2, 3"):
        bind_by_hand(phq2.instrument, uncoded("Ja"), {"phq2-1": "i0", "phq2-2": "i1"}, {})
    risk = LIBRARY.forms["imminent-risk"].bound
    assert risk is not None
    with pytest.raises(KnownError, match="cannot be asked with another form than its own"):
        bind_by_hand(risk.instrument, uncoded("Ja"), {}, {})


@pytest.mark.parametrize(
    "said",
    [
        {"title": "Columbia-Suicide Severity Rating Scale: Since Last Visit"},
        {"title": "Risk", "name": "CSSRS_Pediatric"},
        {"title": "Risk", "copyright": "The C-SSRS is held by its publisher."},
        {"title": "Risk", "publisher": "The Columbia Protocol"},
        {
            "title": "Risk",
            "code": [{**PANEL[0], "code": "93245-9", "display": "Columbia - suicide severity rating scale"}],
        },
    ],
)
@pytest.mark.parametrize("described", [False, True])
def test_every_form_of_the_scale_is_for_trained_people(said: Any, described: bool) -> None:
    made = document(item("a", "boolean"), **said)
    q = load(made)
    held = {
        "name": "own", "title": "Own", "version": "1", "questionnaire": q.canonical, "questionnaireSha256": q.sha256,
        "rights": {"notice": "n"}, "provenance": {"authored": "x"},
        "scores": [{"type": "unscored", "name": "S", "reason": "none"}],
    }  # fmt: skip
    text = json.dumps(held) if described else ""
    assert read_form("own", json.dumps(made), text, LIBRARY, "it").own("own").needs.training


def test_a_form_of_another_name_is_for_anybody() -> None:
    made = json.dumps(document(item("a", "boolean"), title="Risk in Columbia", purpose="Asked beside the C-SSRS."))
    assert not read_form("own", made, "", LIBRARY, "it").own("own").needs.training
