"""ASQ against the toolkit's key, on every combination of answers there is."""

from itertools import product

import pytest

from console.forms import Answer, Answers, NonAnswer, Score, alerts, score, shipped, validate
from console.forms.asking.response import build
from console.forms.deciding.enablement import enabled
from tests.forms.test_response import AT

ASQ = shipped().forms["asq"]
FIVE = tuple(f"asq-{number}" for number in range(1, 6))
ANSWERS: dict[str, Answer | None] = {
    "yes": True,
    "no": False,
    "refused": NonAnswer.REFUSED,
    "not-asked": NonAnswer.NOT_ASKED,
    "unable": NonAnswer.UNABLE,
    "blank": None,
}
EVERY = list(product(ANSWERS, repeat=5))


def answers(states: tuple[str, ...]) -> Answers:
    held = {link_id: ANSWERS[state] for link_id, state in zip(FIVE, states, strict=True)}
    return {link_id: (answer,) for link_id, answer in held.items() if answer is not None}


def result(*states: str) -> Score:
    [found] = score(ASQ.questionnaire, answers(states), ASQ.bound)
    return found


def published(first: tuple[str, ...], fifth: str) -> str | None:
    """The toolkit's key, written down a second time; ``None`` where it gives no result."""
    if "yes" in first or "refused" in first:
        return {"yes": "acute-positive", "refused": "acute-positive", "no": "non-acute-positive"}.get(fifth)
    if set(first) == {"no"}:
        return None if fifth == "yes" else "negative"
    return None


def test_every_combination_of_answers() -> None:
    assert len(EVERY) == 6**5
    for states in EVERY:
        found = result(*states)
        assert found.value == published(states[:4], states[4]), states
        assert (found.value is None) == (found.reason is not None), states
        assert (found.value is None) == (found.band is None), states
        assert found.reason != "an answer could not be read", states


def test_two_answers_to_one_question_are_never_read_as_the_first_of_them() -> None:
    for number, link_id in enumerate(FIVE):
        for pair in product((True, False), repeat=2):
            given = dict.fromkeys(FIVE, (False,)) | {link_id: pair}
            [found] = score(ASQ.questionnaire, given, ASQ.bound)
            assert (found.value, found.reason) == (None, "an answer could not be read"), (number, pair)


def test_every_positive_screen_and_every_yes_to_right_now_raises_an_alert() -> None:
    for states in EVERY:
        raised = alerts([result(*states)])
        positive = "yes" in states[:4] or "refused" in states[:4]
        if states[4] == "yes" or positive:
            assert raised[0].severity == "alarm", states
        elif states[4] != "refused":
            assert raised == (), states


def test_no_gap_is_ever_negative() -> None:
    for states in EVERY:
        if result(*states).value == "negative":
            assert set(states[:4]) == {"no"}, states


def test_a_stored_response_gives_the_same_result() -> None:
    for states in EVERY[::7]:
        document = build(ASQ.questionnaire, answers(states), status="completed", authored=AT)
        assert score(ASQ.questionnaire, document, ASQ.bound) == (result(*states),), states


@pytest.mark.parametrize(
    ("states", "band", "words"),
    [
        ("no yes no no yes", "Acute positive screen", "Imminent risk identified"),
        ("no refused no no no", "Non-acute positive screen", "Potential risk identified"),
        ("yes no no no refused", "Positive screen, acuity not determined: treat as acute", "Acuity not determined"),
        ("no no no no blank", "Negative screen", "Clinical judgment can always override"),
        ("no no no no refused", "Negative screen", "Question 5 was refused"),
    ],
)
def test_how_results_are_worded(states: str, band: str, words: str) -> None:
    found = result(*states.split())
    assert found.band == band
    assert words in found.words


@pytest.mark.parametrize(
    ("states", "reason"),
    [
        ("yes no no no blank", "not complete: the screen is positive and item 5 is not answered"),
        ("yes no no no not-asked", "the screen is positive, but item 5 was not asked: acuity not known"),
        ("yes no no no unable", "the screen is positive, but item 5 could not be answered: acuity not known"),
        ("no no not-asked blank no", "item 4 not answered; item 3 not asked"),
        ("unable no no no blank", "item 1 could not be answered"),
        ("no no no no yes", "items 1 to 4 are all No and item 5 is Yes; the published key has no result for that"),
    ],
)
def test_why_there_is_no_result(states: str, reason: str) -> None:
    found = result(*states.split())
    said, expected = (set((text or "").split("; ")) for text in (found.reason, reason))
    assert said == expected


def test_question_5_is_always_asked_and_never_required_by_the_form() -> None:
    for states in EVERY:
        assert "asq-5" in enabled(ASQ.questionnaire, answers(states))
    assert [issue.link_id for issue in validate(ASQ.questionnaire, {})] == list(FIVE[:4])
    assert validate(ASQ.questionnaire, answers(("refused", "no", "no", "no", "blank"))) == ()


def test_an_answer_that_cannot_be_read_is_no_answer() -> None:
    document = build(ASQ.questionnaire, answers(("no",) * 5), status="completed", authored=AT)
    document["item"][0]["item"][2]["answer"] = [{"valueString": "no"}]
    [found] = score(ASQ.questionnaire, document, ASQ.bound)
    assert (found.value, found.reason) == (None, "an answer could not be read")
