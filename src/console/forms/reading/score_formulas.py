"""Which formulas of a form give a score, on which questions each rests, and what waits for it.

A score is the value of a ``calculatedExpression`` that reads scores of options, any number in a form that has them, and
every other number, word, or yes or no, in which an answer that is missing would go unnoticed. Arithmetic on single
answers is none: it gives nothing by itself.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

from msgspec.structs import replace

from console.forms.deciding.logic import Logic
from console.forms.document import Json, child, extensions
from console.forms.model import Coding, Expression, Finding, Formula, Item, Kind
from console.forms.reading import expressions
from console.forms.reading.formulas import summed_items
from console.forms.reading.gaps import codes, codes_held, shows_its_gaps, strays
from console.forms.refusals import refuse

_NUMERIC = (Kind.INTEGER, Kind.DECIMAL, Kind.QUANTITY)
_COUNTED = (*_NUMERIC, Kind.BOOLEAN, Kind.CHOICE, Kind.OPEN_CHOICE)
_RESULTS = (*_COUNTED, Kind.STRING, Kind.TEXT)
_ABSENT = "its formula looks for the code “{}”, which nothing in the form has"
SCORE_WORDS = ("weight(", "ordinal(", "ordinalValue", "itemWeight")


def find(
    form: Json,
    by_id: Mapping[str, Item],
    parents: Mapping[str, str],
    loops: Mapping[str, tuple[str, ...]],
    logic: Logic,
) -> tuple[tuple[Formula, ...], dict[str, tuple[str, ...]], tuple[Finding, ...]]:
    """The calculated items that give a score; those that only wait for the questions they rest on, as they or these
    stand several times; and what its importer should know of the calculated ones.

    Refuses the form when a score cannot be evaluated.
    """
    findings: list[Finding] = []
    for entry in extensions(form, *expressions.CALCULATED):
        if child(entry, "valueExpression").get("name"):
            continue  # a variable
        if _says([str(entry)], SCORE_WORDS):
            refuse("the form as a whole has a score given by a formula, and no item that could hold it")
        findings.append(Finding("", "a value calculated for the form as a whole is not evaluated"))
    scored, deciding = _scored(by_id), _deciding(by_id, logic)
    held = _codes(form, by_id)
    formulas = []
    waiting: dict[str, tuple[str, ...]] = {}
    for link_id, item in by_id.items():
        formula = item.expressions.calculated
        if formula is None:
            continue
        variables = {name: one.text for name, one in logic.visible(formula).items()}
        problem = logic.problem(formula)
        used = [formula.text, *(variables.values() if problem else (one.text for one in logic.named(formula)))]
        reads_scores = _says(used, SCORE_WORDS) or (scored and item.kind in _NUMERIC)
        if problem and reads_scores:
            refuse(f"its score is given by a formula that cannot be evaluated here: {problem}", link_id)
        if problem:
            findings.append(Finding(link_id, f"its value is calculated by a formula; it stays blank: {problem}"))
            continue
        looked_for = strays(formula, logic)
        is_plain_value = item.kind not in _RESULTS or shows_its_gaps(formula, by_id, logic)
        if not reads_scores and is_plain_value:
            continue
        sums = summed_items(formula.text, variables, by_id, parents) if reads_scores and item.kind in _NUMERIC else None
        if sums and _weighs_more(formula, sums, by_id, logic):
            sums = None
        wanted = codes(formula, logic)
        absent = tuple(code for code in wanted if held and code not in held)
        findings += [Finding(link_id, _ABSENT.format(code)) for code in absent]
        looked_at = sums or _questions(formula, by_id, logic, _weighed(by_id) if reads_scores else ())
        if not (looked_at or looked_for) and logic.looks(formula).links == frozenset():
            continue  # made of constants, and of facts that are no answers
        if not reads_scores and (item.repeats or any(loops[one] for one in (link_id, *looked_at))):
            if item.kind not in _NUMERIC and link_id not in deciding:
                waiting[link_id] = looked_at
            continue
        if not reads_scores and item.kind in _NUMERIC and not (looked_at or looked_for):
            continue  # how many lines there are
        formulas.append(
            Formula(
                link_id,
                item.text or link_id,
                looked_at,
                plain=bool(sums),
                weighs=_says(used, (*SCORE_WORDS, "extension")),
                decides=link_id in deciding and not reads_scores,
                problem=_ABSENT.format(absent[0])
                if absent and absent == wanted
                else _never(formula, looked_at, looked_for, by_id, logic),
            )
        )
    return _told_apart(_by_scores(formulas, by_id, logic)), waiting, tuple(findings)


def _questions(
    formula: Expression, by_id: Mapping[str, Item], logic: Logic, scored: tuple[str, ...]
) -> tuple[str, ...]:
    """The questions a formula rests on.

    One that may look at any rests on the ``scored`` ones; without these, on all that can be counted, and on others when
    it names them or there is nothing else.
    """
    found = logic.rests_on(formula)
    if scored:
        return tuple(one for one in (scored if found is None else found) if by_id[one].is_question)
    asked = [
        by_id[one]
        for one in (by_id if found is None else found)
        if by_id[one].is_question and by_id[one].kind is not Kind.ATTACHMENT and not by_id[one].calculated
    ]
    texts = [one.text for each in _chain(formula, by_id, logic) for one in logic.named(each)]
    counted = [item for item in asked if item.kind in _COUNTED or item.options or _says(texts, (f"'{item.link_id}'",))]
    return tuple(item.link_id for item in counted or asked)


def _chain(formula: Expression, by_id: Mapping[str, Item], logic: Logic) -> Iterator[Expression]:
    """The formula, and those that fill what it names, and so on."""
    met: set[str] = set()
    waiting = [formula]
    while waiting:
        one = waiting.pop()
        yield one
        for link_id in sorted(logic.named_items(one) - met):
            met.add(link_id)
            further = by_id[link_id].expressions.calculated
            waiting += [further] if further is not None and not logic.problem(further) else []


def _by_scores(formulas: list[Formula], by_id: Mapping[str, Item], logic: Logic) -> list[Formula]:
    """The formulas; one that looks at scores and nothing else rests on exactly what these rest on."""
    scores = {each.link_id: each.items for each in formulas if not each.decides}
    found = []
    for each in formulas:
        expression = by_id[each.link_id].expressions.calculated
        links = (logic.looks(expression).links if expression is not None else None) or ()
        asked = [link_id for link_id in by_id if link_id in links and by_id[link_id].is_question]
        if asked and all(link_id in scores for link_id in asked):
            each = replace(each, items=tuple(dict.fromkeys(one for link_id in asked for one in scores[link_id])))
        found.append(each)
    return found


def _never(
    formula: Expression,
    looked_at: tuple[str, ...],
    looked_for: tuple[str, ...],
    by_id: Mapping[str, Item],
    logic: Logic,
) -> str:
    """Why a formula never gives a score; empty when nothing speaks against it."""
    if looked_for:
        return f"its formula looks at '{looked_for[0]}', which is not in the form"
    for link_id in sorted({name for one in _chain(formula, by_id, logic) for name in logic.named_items(one)}):
        filling = by_id[link_id].expressions.calculated
        if filling is not None and logic.problem(filling):
            return f"its formula looks at item {by_id[link_id].label}, which stays blank"
    return "" if looked_at else "its formula looks at no question of the form"


def _codes(form: Json, by_id: Mapping[str, Item]) -> frozenset[str]:
    """All codes and displays in a form; none where the options of a question are not known."""
    if any(item.unlisted or item.expressions.options for item in by_id.values()):
        return frozenset()
    offered = (option.value for item in by_id.values() for option in item.options)
    options = (text for value in offered if isinstance(value, Coding) for text in (value.code, value.display))
    return frozenset((*codes_held(form), *options))


def _scored(by_id: Mapping[str, Item]) -> tuple[str, ...]:
    return tuple(link_id for link_id, item in by_id.items() if item.is_scored)


def _weighed(by_id: Mapping[str, Item]) -> tuple[str, ...]:
    return tuple(link_id for link_id, item in by_id.items() if item.is_weighed)


def _weighs_more(formula: Expression, sums: tuple[str, ...], by_id: Mapping[str, Item], logic: Logic) -> bool:
    """Whether a sum of scores also looks for some where there are none that it could add up natively."""
    found, named = logic.rests_on(formula), logic.named_items(formula)
    others = (by_id[one] for one in (by_id if found is None else found) if one not in sums)
    return any(
        item.is_question and not item.is_scored and (item.is_weighed or (found is not None and item.link_id in named))
        for item in others
    )


def _deciding(by_id: Mapping[str, Item], logic: Logic) -> set[str]:
    """The items on whose values it hangs what is asked, be it by way of what formulas fill in."""
    asking = [item for item in by_id.values() if item.kind is not Kind.DISPLAY]
    found = {condition.question for item in asking for condition in item.enable_when}
    for item in asking:
        if item.expressions.enabled is not None:
            found |= logic.named_items(item.expressions.enabled)
    waiting = list(found)
    while waiting:
        formula = by_id[waiting.pop()].expressions.calculated
        further = logic.named_items(formula) - found if formula is not None else set()
        found |= further
        waiting += further
    return found


def _told_apart(formulas: list[Formula]) -> tuple[Formula, ...]:
    """The formulas with a name each: by it a score is known in the record and compared with earlier ones."""
    names = Counter(formula.name for formula in formulas)
    return tuple(
        replace(each, name=f"{each.name} ({each.link_id})") if names[each.name] > 1 else each for each in formulas
    )


def _says(texts: Iterable[str], words: Iterable[str]) -> bool:
    return any(word in text for word in words for text in texts)


def needs_of(
    by_id: Mapping[str, Item], formulas: Iterable[Formula], waiting: Mapping[str, tuple[str, ...]], logic: Logic
) -> dict[Expression, tuple[str, ...]]:
    """What has to have a value before a formula that gives or uses a score is evaluated (:attr:`Questionnaire.needs`).

    Whether a question is asked is no such formula: while a score is open, rather more is asked.
    """
    scores = {formula.link_id: formula.items for formula in formulas}
    deciding = {formula.link_id for formula in formulas if formula.decides}
    scored = _weighed(by_id)
    found: dict[Expression, tuple[str, ...]] = {}

    def behind(expression: Expression, link_id: str) -> Iterator[str]:
        """The scores it uses, be it by way of what other formulas fill in."""
        met = {link_id}
        following = [expression]
        while following:
            for named in sorted(logic.named_items(following.pop()) - met):
                met.add(named)
                formula = by_id[named].expressions.calculated
                if named in scores:
                    yield named
                elif formula is not None:
                    following.append(formula)

    for link_id, item in by_id.items():
        own = item.expressions
        words = own.enabled if item.kind is Kind.DISPLAY else None
        texts = (expression for field, expression in own.fields if field == "text")
        for expression in filter(None, (own.calculated, own.initial, words, *texts)):
            if logic.problem(expression):
                continue
            if expression == own.calculated and link_id in scores:
                if link_id in deciding:
                    continue
                questions = scores[link_id]
            elif expression == own.calculated and link_id in waiting:
                questions = waiting[link_id]
            elif _says((one.text for one in logic.named(expression)), SCORE_WORDS):
                questions = logic.rests_on(expression) or scored
            else:
                questions = ()
            needed = (*questions, *behind(expression, link_id))
            if needed:
                found[expression] = tuple(dict.fromkeys(needed))
    return found
