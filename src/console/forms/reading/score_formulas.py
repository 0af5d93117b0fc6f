"""Which formulas of a form give a score, on which questions each rests, and what waits for it.

A score is the value of a ``calculatedExpression`` that reads scores of options, any number in a form that has them, and
any number or word that a formula would make of answers that are missing; unless what is asked hangs on it, for while
answers are missing, rather more is asked.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

from msgspec.structs import replace

from console.forms.deciding.logic import Logic
from console.forms.document import Json, child, extensions
from console.forms.model import Expression, Finding, Formula, Item, Kind
from console.forms.reading import expressions
from console.forms.reading.formulas import summed_items
from console.forms.refusals import refuse

_NUMERIC = (Kind.INTEGER, Kind.DECIMAL, Kind.QUANTITY)
_COUNTED = (*_NUMERIC, Kind.BOOLEAN, Kind.CHOICE, Kind.OPEN_CHOICE)
SCORE_WORDS = ("weight(", "ordinal(", "ordinalValue", "itemWeight")
_FILLS_GAPS = ("sum(", "count(", "iif(", "aggregate(")
"""What makes a number or a word of an answer that is missing."""
_FILLED = (*_NUMERIC, Kind.STRING, Kind.TEXT, Kind.CHOICE, Kind.OPEN_CHOICE)


def find(
    form: Json,
    by_id: Mapping[str, Item],
    parents: Mapping[str, str],
    loops: Mapping[str, tuple[str, ...]],
    logic: Logic,
) -> tuple[tuple[Formula, ...], tuple[Finding, ...]]:
    """The calculated items that give a score, and what its importer should know of the calculated ones.

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
    formulas = []
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
        sums: tuple[str, ...] | None = None
        if reads_scores:
            sums = summed_items(formula.text, variables, by_id, parents) if item.kind in _NUMERIC else None
            looked_at = sums or tuple(one for one in logic.rests_on(formula) or scored if by_id[one].is_question)
        elif item.kind in _FILLED and link_id not in deciding and _says(used, _FILLS_GAPS):
            looked_at = _counted(by_id, logic.rests_on(formula))
            if not looked_at or any(loops[one] for one in (link_id, *looked_at)):
                continue
        else:
            continue
        formulas.append(Formula(link_id, item.text or link_id, looked_at, plain=bool(sums)))
    return _told_apart(formulas), tuple(findings)


def _scored(by_id: Mapping[str, Item]) -> tuple[str, ...]:
    return tuple(link_id for link_id, item in by_id.items() if item.is_scored)


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


def _counted(by_id: Mapping[str, Item], found: Iterable[str] | None) -> tuple[str, ...]:
    """Of the items a formula looks at (``None``: any) those whose answers can be counted or added up."""
    looked_at = (by_id[link_id] for link_id in (by_id if found is None else found))
    return tuple(item.link_id for item in looked_at if item.kind in _COUNTED and not item.calculated)


def _told_apart(formulas: list[Formula]) -> tuple[Formula, ...]:
    """The formulas with a name each: by it a score is known in the record and compared with earlier ones."""
    names = Counter(formula.name for formula in formulas)
    return tuple(
        replace(each, name=f"{each.name} ({each.link_id})") if names[each.name] > 1 else each for each in formulas
    )


def _says(texts: Iterable[str], words: Iterable[str]) -> bool:
    return any(word in text for word in words for text in texts)


def needs_of(by_id: Mapping[str, Item], formulas: Iterable[Formula], logic: Logic) -> dict[Expression, tuple[str, ...]]:
    """What has to have a value before a formula that gives or uses a score is evaluated (:attr:`Questionnaire.needs`).

    Whether a question is asked is no such formula: while a score is open, rather more is asked.
    """
    scores = {formula.link_id: formula.items for formula in formulas}
    scored = _scored(by_id)
    found: dict[Expression, tuple[str, ...]] = {}

    def behind(expression: Expression, link_id: str) -> Iterator[str]:
        """The scores it uses, be it by way of what other formulas fill in."""
        met = {link_id}
        waiting = [expression]
        while waiting:
            for named in sorted(logic.named_items(waiting.pop()) - met):
                met.add(named)
                formula = by_id[named].expressions.calculated
                if named in scores:
                    yield named
                elif formula is not None:
                    waiting.append(formula)

    for link_id, item in by_id.items():
        own = item.expressions
        words = own.enabled if item.kind is Kind.DISPLAY else None
        texts = (expression for field, expression in own.fields if field == "text")
        for expression in filter(None, (own.calculated, own.initial, words, *texts)):
            if logic.problem(expression):
                continue
            if expression == own.calculated and link_id in scores:
                questions = scores[link_id]
            elif _says((one.text for one in logic.named(expression)), SCORE_WORDS):
                questions = logic.rests_on(expression) or scored
            else:
                questions = ()
            needed = (*questions, *behind(expression, link_id))
            if needed:
                found[expression] = tuple(dict.fromkeys(needed))
    return found
