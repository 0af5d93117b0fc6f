"""Random ways to a score: what has a value has the true one, and nothing it rests on is refused, blank or unread."""

from itertools import product
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from console.forms import NonAnswer, RefusedForm, load, score
from console.forms.deciding.enablement import enabled
from console.forms.document import FHIR
from console.forms.instruments.matching import bind
from tests.forms.building import ORDINAL, Json, calculated, coding, document, form, group, item, when
from tests.forms.test_scores_are_shown import phq9, stored, table
from tests.forms.test_scores_by_formula import NOW

_WORTH = (0, 2, 5)
_URLS = (ORDINAL, FHIR + "itemWeight", "urn:own")
_READS = (
    ".weight()",
    ".value.ordinal()",
    *(f".valueCoding.extension('{url}').value" for url in _URLS),
    f".valueCoding.extension.where(url = '{ORDINAL}').valueInteger",
    ".value.extension('urn:wrong').value",
)
_SCOPES = ("%resource.item", "%resource.repeat(item)", "%resource.descendants()", "%resource.item.item")
_MADE: dict[str, tuple[str, Any]] = {
    "{}": ("decimal", lambda total: total),
    "({} | 0).max()": ("decimal", lambda total: max(total, 0)),
    "iif({0}.exists(), {0}, 0)": ("decimal", lambda total: total),
    "{} + 1": ("decimal", lambda total: total + 1),
    "coalesce({}, 0)": ("decimal", lambda total: total),
    "iif({} > 4, 'high', 'low')": ("string", lambda total: "high" if total > 4 else "low"),
    "{} > 4": ("boolean", lambda total: "yes" if total > 4 else "no"),
    "({}.where($this > 4).select('high') | 'low').first()": ("string", lambda total: "high" if total > 4 else "low"),
}


@st.composite
def questions(draw: st.DrawFn, link_id: str) -> Json:
    """A question with options worth 0, 2 and 5, written in one of the ways that forms have."""
    kind = draw(st.sampled_from(("coding", "coding", "integer", "string")))
    url = draw(st.sampled_from(_URLS))
    weighed = [[{"url": url, "valueDecimal": number}] for number in _WORTH]
    options: list[Json]
    if kind == "coding":
        options = [{"valueCoding": {**coding(f"o{n}"), "extension": held}} for n, held in enumerate(weighed)]
    elif kind == "integer":
        options = [{"valueInteger": n, "extension": held} for n, held in enumerate(weighed)]
    else:
        options = [{"valueString": f"o{n}", "extension": held} for n, held in enumerate(weighed)]
    return item(link_id, {"coding": "choice"}.get(kind, kind), answerOption=options)


@st.composite
def scored_forms(draw: st.DrawFn) -> tuple[Json, dict[str, tuple[tuple[str, ...], Any]]]:
    """A form, and of each formula in it the questions it names and what it makes of their true sum."""
    made = [draw(questions(link_id)) for link_id in "abc"]
    if draw(st.booleans()) and made[0]["type"] == "integer":
        made[2]["enableWhen"] = [when("a", ">", answerInteger=0)]
    deep = draw(st.booleans())
    formulas, truths = [], {}
    for link_id in draw(st.sampled_from(("t", "tu"))):
        names = tuple(draw(st.lists(st.sampled_from("abc"), min_size=1, max_size=3, unique=True)))
        names += ("A",) if draw(st.integers(0, 7)) == 0 else ()
        among = " | ".join(f"'{name}'" for name in names)
        total = (
            f"{draw(st.sampled_from(_SCOPES))}.where(linkId in ({among})).answer{draw(st.sampled_from(_READS))}.sum()"
        )
        text = draw(st.sampled_from(list(_MADE)))
        formulas.append(calculated(link_id, text.format(total), _MADE[text][0]))
        truths[link_id] = (names, _MADE[text][1])
    return document(*([group("g", *made)] if deep else made), *formulas), truths


@given(scored_forms(), st.data())
def test_what_has_a_value_has_the_true_one(case: tuple[Json, Any], data: st.DataObject) -> None:
    made, truths = case
    try:
        q = load(made)
    except RefusedForm:
        return
    chosen: dict[str, int] = {}
    answers: Any = {}
    for link_id in "abc":
        found = data.draw(st.sampled_from((0, 1, 2, 0, 1, 2, 0, 1, 2, None, *NonAnswer)))
        if isinstance(found, int):
            chosen[link_id] = _WORTH[found]
            answers[link_id] = (q.by_id[link_id].options[found].value,)
        elif found is not None:
            answers[link_id] = (found,)
    on = enabled(q, answers)
    scores, held = stored(q, answers)
    for one in scores:
        if one.value is None:
            assert one.reason
            assert one.link_id not in held
        elif one.link_id in truths:
            names, truth = truths[one.link_id]
            asked = [name for name in names if name in on]
            assert "A" not in names
            assert set(asked) <= chosen.keys()
            assert one.value == truth(sum(chosen[name] for name in asked))
    assert not (truths.keys() & held.keys()) - {one.link_id for one in scores if one.value is not None}


_ANY = st.sampled_from((True, False, None, *NonAnswer))
_OF_VALUES: dict[str, tuple[str, Any]] = {
    "iif({} > 2, 'high', 'low')": ("string", lambda n: "high" if n > 2 else "low"),
    "({} | 0).max()": ("integer", lambda n: max(n, 0)),
    "{}.where($this > 2).exists()": ("boolean", lambda n: "yes" if n > 2 else "no"),
    "coalesce({}, 0)": ("integer", lambda n: n),
    "'Risk: ' & {}.toString()": ("string", lambda n: f"Risk: {n}"),
}


@given(
    st.sampled_from(list(_OF_VALUES)), st.sampled_from(("n", "N")), st.sampled_from((*range(-1, 5), None, *NonAnswer))
)
def test_a_gap_never_passes_for_a_value(text: str, named: str, held: Any) -> None:
    kind, truth = _OF_VALUES[text]
    q = form(
        item("n", "integer"), calculated("t", text.format(f"%resource.item.where(linkId='{named}').answer.value"), kind)
    )
    answers = {} if held is None else {"n": (held,)}
    (one,), signed = stored(q, answers)
    told = truth(held) if isinstance(held, int) and named == "n" else None
    assert one.value == told
    assert ("t" in signed) is (told is not None)


@given(st.booleans(), st.lists(st.sampled_from((0, 1, 2, 3, 0, 1, 2, 3, None, *NonAnswer)), min_size=9, max_size=9))
def test_a_published_sum_is_one_of_all_its_questions(gated: bool, chosen: list[Any]) -> None:
    q, bound = phq9(gated=gated)
    answers: Any = {}
    for number, held in enumerate(chosen, start=1):
        if held is not None:
            given_to = q.by_id[f"phq9-{number}"].options[held].value if isinstance(held, int) else held
            answers[f"phq9-{number}"] = (given_to,)
    on = enabled(q, answers)
    whole = all(isinstance(held, int) and f"phq9-{number}" in on for number, held in enumerate(chosen, start=1))
    assert score(q, answers, bound)[0].value == (sum(chosen) if whole else None)


@st.composite
def tables(draw: st.DrawFn) -> list[Json]:
    """Rows of a table that say nothing of gaps."""
    condition = st.builds(
        lambda how, names, state: {how: names, "is": [state]},
        st.sampled_from(("any", "all")),
        st.lists(st.sampled_from("ab"), min_size=1, max_size=2, unique=True),
        st.sampled_from(("yes", "no")),
    )
    rows = draw(st.lists(st.lists(condition, min_size=1, max_size=2), max_size=4))
    return [*({"when": row, "value": f"v{n}"} for n, row in enumerate(rows)), {"value": "last"}]


@given(tables(), _ANY, _ANY)
def test_a_result_by_a_table_is_the_same_whatever_the_gaps_hide(rows: list[Json], a: Any, b: Any) -> None:
    q, bound = table(*rows)
    answers: Any = {name: (held,) for name, held in (("a", a), ("b", b)) if held is not None}
    found = score(q, answers, bound, now=NOW)[0].value
    if found is None:
        assert not (isinstance(a, bool) and isinstance(b, bool))
        return
    could = [(held,) if isinstance(held, bool) else (True, False) for held in (a, b)]
    for one, other in product(*could):
        state = {"a": "yes" if one else "no", "b": "yes" if other else "no"}
        assert found == next(row["value"] for row in rows if all(_holds(each, state) for each in row.get("when", ())))
    assert bind(bound.instrument, q).instrument is bound.instrument


def _holds(condition: Json, state: dict[str, str]) -> bool:
    if "any" in condition:
        return any(state[name] in condition["is"] for name in condition["any"])
    return all(state[name] in condition["is"] for name in condition["all"])
