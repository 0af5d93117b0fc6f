"""A form after one more answer is what it would be with all at once, though only what hangs on it is decided anew."""

from collections.abc import Iterator

from hypothesis import given, settings
from hypothesis import strategies as st

from console.forms import Answers, Questionnaire, load, score
from console.forms.asking.present import Rows, present
from console.forms.deciding.enablement import Settled, settle
from console.forms.deciding.layout import lines
from console.forms.document import SDC
from console.forms.instruments.scoring import Known
from tests.forms.building import calculated, document, group, scored
from tests.forms.strategies import answers_to, questionnaires
from tests.forms.test_expressions import NOW, by
from tests.forms.test_expressions_property import filled_in, seen


def _walk(before: Answers, after: Answers) -> Iterator[Answers]:
    """From some answers to others, one question at a time; what is not touched is the same object as before."""
    held = dict(before)
    yield dict(held)
    for key in sorted(before.keys() | after.keys()):
        held.pop(key, None)
        if key in after:
            held[key] = after[key]
        yield dict(held)


def _agrees(q: Questionnaire, before: Answers, after: Answers) -> None:
    fresh = load(q.raw)
    settled: Settled | None = None
    rows: Rows = {}
    scores: Known = {}
    for answers in _walk(before, after):
        standing = lines(q, answers, None, settled.situation.standing if settled else None)
        settled = settle(q, standing, answers, NOW, settled)
        at_once = settle(fresh, lines(fresh, answers), answers, NOW)
        assert seen(settled) == seen(at_once)
        assert settled.situation.state == at_once.situation.state
        assert present(q, answers, settled=settled, known=rows) == present(fresh, answers, now=NOW)
        assert score(q, answers, settled=settled, known=scores) == score(fresh, answers, now=NOW)


@given(filled_in())
def test_formulas(case: tuple[Questionnaire | None, Answers, Answers]) -> None:
    q, before, after = case
    if q is not None:
        _agrees(q, before, after)


@settings(max_examples=60)
@given(st.data())
def test_conditions_circles_and_repeating_groups(data: st.DataObject) -> None:
    q = data.draw(questionnaires(scored=True))
    _agrees(q, data.draw(answers_to(q)), data.draw(answers_to(q)))


def test_only_what_looks_at_the_answer_is_decided_anew() -> None:
    asked = {"question": "a", "operator": "exists", "answerBoolean": True}
    total = "%resource.item.where(linkId='g').item.where(linkId='b').answer.weight().sum()"
    q = load(
        document(
            scored("a", 0, 1),
            group("g", scored("b", 0, 3), enableWhen=[asked]),
            calculated("t", total, "decimal"),
            calculated("n", "today().toString()", "string"),
            scored("z", 0, 1, extension=[by(SDC + "enableWhenExpression", "%resource.repeat(item).answer.exists()")]),
        )
    )
    assert q.watchers["a"] == {"g", "z"}
    assert q.watchers["g"] == {"b", "z"}
    assert q.watchers["b"] == {"t", "z"}
    assert q.watchers[""] == {"n"}
    assert q.watchers["t"] == {"z"}
