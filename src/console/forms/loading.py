"""Reading a FHIR R4 Questionnaire (https://hl7.org/fhir/R4/questionnaire.html) with the SDC extensions that matter.

The reader is tolerant where nothing depends on it (unknown fields and extensions stay in ``raw``) and strict where a
mistake would change what is asked or how it scores: then the form is refused with one reason and the item it is about.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from msgspec.structs import replace

from console.forms import expressions
from console.forms.dialects import passed_over, refuse_cql, refuse_modifiers, refuse_other_versions
from console.forms.document import Json, canonical, child, extensions, objects, text
from console.forms.formulas import summed_items
from console.forms.graph import decision_order
from console.forms.intake import take_in
from console.forms.items import ItemReader, looks_numbered
from console.forms.languages import offered, translations
from console.forms.logic import Logic
from console.forms.model import Coding, Expression, Finding, Formula, Item, Kind, Questionnaire
from console.forms.refusals import refuse
from console.forms.values import fits, parse_coding
from console.forms.valuesets import Terminology

_NUMERIC = (Kind.INTEGER, Kind.DECIMAL, Kind.QUANTITY)
_COUNTED = (*_NUMERIC, Kind.BOOLEAN, Kind.CHOICE, Kind.OPEN_CHOICE)
_SCORE_WORDS = ("weight(", "ordinal(", "ordinalValue", "itemWeight")
_FILLS_GAPS = ("sum(", "count(", "iif(", "aggregate(")
"""What makes a number of an answer that is missing."""


def load(
    document: bytes | str | Mapping[str, Any],
    *,
    value_sets: Mapping[str, Mapping[str, Any]] | None = None,
    asked: bool = True,
) -> Questionnaire:
    """Read a form from JSON text or a parsed JSON object: a Questionnaire, or a Bundle of one with its value sets.

    ``value_sets`` are ValueSet resources by url that the form may refer to besides those it contains (the program's
    own: :attr:`console.forms.library.Library.value_sets`).

    A form that is not ``asked``, only read to check responses against it, may hold what this program could not ask or
    score; that is told in :attr:`Questionnaire.findings`.

    Raises :class:`~console.forms.refusals.RefusedForm` with the reason and the item when the form cannot be asked and
    scored rightly.
    """
    taken = take_in(document, asked)
    form = taken.form
    refuse_modifiers(form, "")
    refuse_other_versions(form)
    if asked:
        refuse_cql(form)
    shipped = {url: dict(value_set) for url, value_set in (value_sets or {}).items()}
    reader = ItemReader(Terminology.of(form, shipped, taken.beside), asked)
    findings = list(passed_over(form, "", asked))
    items = reader.read_all(form)
    if not items:
        refuse("it has no items")
    by_id = {item.link_id: item for item in _walk(items)}
    parents = _parents(items)
    loops = _loops(by_id, parents)
    logic = _logic(form, reader, by_id, parents)
    _check_conditions(by_id, logic)
    constraints = expressions.constraints(form, "")
    findings += (Finding("", text) for text in expressions.unchecked(logic, constraints))
    for item in by_id.values():
        for reason, matters in expressions.check(logic, item):
            reader.unfit(reason, item.link_id) if matters else findings.append(Finding(item.link_id, reason))
    if asked:
        _check_unlisted(form, by_id)
    language = text(form, "language")
    formulas = _told_apart(tuple(_formulas(form, by_id, parents, loops, logic, findings))) if asked else ()
    return Questionnaire(
        url=text(form, "url"),
        version=text(form, "version"),
        name=text(form, "name"),
        title=text(form, "title") or text(form, "name"),
        titles=translations(form, "title"),
        language=language,
        languages=offered(items, language),
        status=text(form, "status"),
        copyright=text(form, "copyright"),
        codes=tuple(filter(None, map(parse_coding, objects(form, "code")))),
        items=items,
        formulas=formulas,
        needs=dict(_needs(by_id, formulas, logic)),
        findings=(*taken.findings, *findings, *reader.findings),
        logic=logic,
        constraints=constraints,
        by_id=by_id,
        parents=parents,
        loops=loops,
        order=decision_order(_waits(by_id, parents, logic)),
        sha256=taken.sha256,
        raw=taken.raw,
    )


def _walk(items: tuple[Item, ...]) -> Iterator[Item]:
    for item in items:
        yield item
        yield from _walk(item.items)


def _parents(items: tuple[Item, ...], parent: str = "") -> dict[str, str]:
    found: dict[str, str] = {}
    for item in items:
        found[item.link_id] = parent
        found |= _parents(item.items, item.link_id)
    return found


def _loops(by_id: Mapping[str, Item], parents: Mapping[str, str]) -> dict[str, tuple[str, ...]]:
    loops: dict[str, tuple[str, ...]] = {}
    for link_id, item in by_id.items():
        parent = parents[link_id]
        around = loops.get(parent, ())
        if parent and by_id[parent].nests:
            around = (*around, parent)
        loops[link_id] = (*around, link_id) if item.kind is Kind.GROUP and item.repeats else around
    if any(loops.values()):
        for link_id in by_id:
            if looks_numbered(link_id):
                refuse("in a form in which lines repeat a linkId may not end in '#' and a number", link_id)
    return loops


def _logic(form: Json, reader: ItemReader, by_id: Mapping[str, Item], parents: Mapping[str, str]) -> Logic:
    variables = {link_id: expressions.variables(raw, link_id) for link_id, raw in (("", form), *reader.raw.items())}
    return Logic(form, by_id, parents, reader.raw, {link_id: found for link_id, found in variables.items() if found})


def _waits(by_id: Mapping[str, Item], parents: Mapping[str, str], logic: Logic) -> dict[str, tuple[str, ...]]:
    """What has to be decided before an item: what it stands in, and what its conditions and formulas look at."""
    return {
        link_id: tuple(
            filter(
                None,
                (
                    parents[link_id],
                    *(condition.question for condition in item.enable_when),
                    *logic.waits_for(item.expressions.enabled, link_id),
                    *logic.waits_for(item.expressions.calculated, link_id),
                    *logic.waits_for(item.expressions.initial, link_id),
                ),
            )
        )
        for link_id, item in by_id.items()
    }


def _check_conditions(by_id: Mapping[str, Item], logic: Logic) -> None:
    """Refuse conditions that can never mean anything: they would hide a question for good, without a word."""
    for item in by_id.values():
        for condition in item.enable_when:
            target = by_id.get(condition.question)
            if target is None:
                refuse(f"its enableWhen looks at '{condition.question}', which is not in the form", item.link_id)
            if not target.is_question:
                refuse(f"its enableWhen looks at '{condition.question}', which takes no answer", item.link_id)
            formula = target.expressions.calculated
            if formula is not None and (problem := logic.problem(formula)):
                refuse(
                    f"its enableWhen looks at '{condition.question}', which stays blank, for its formula cannot be "
                    f"evaluated here: {problem}",
                    item.link_id,
                )
            if target.kind is Kind.ATTACHMENT:
                refuse(f"its enableWhen looks at '{target.link_id}', a file, and no files are taken in", item.link_id)
            if condition.operator == "exists":
                continue
            kinds = {type(option.value) for option in target.options}
            if not fits(target.kind, condition.value) and type(condition.value) not in kinds:
                refuse(f"its enableWhen compares '{target.link_id}' with a value of another type", item.link_id)
            if isinstance(condition.value, Coding | bool) and condition.operator not in ("=", "!="):
                refuse(f"its enableWhen orders '{target.link_id}' by '{condition.operator}'", item.link_id)


def _check_unlisted(form: Json, by_id: Mapping[str, Item]) -> None:
    """An open choice whose list is not known is answered in words. Refuse it where something hangs on a code of it."""
    scored = any(word in canonical(form) for word in _SCORE_WORDS)
    for item in by_id.values():
        if item.unlisted and scored:
            refuse(f"{item.unlisted}, and the form has scores", item.link_id)
        for condition in item.enable_when:
            target = by_id[condition.question]
            if target.unlisted and isinstance(condition.value, Coding):
                refuse(f"{target.unlisted}, and what is asked hangs on it", target.link_id)


def _formulas(
    form: Json,
    by_id: Mapping[str, Item],
    parents: Mapping[str, str],
    loops: Mapping[str, tuple[str, ...]],
    logic: Logic,
    findings: list[Finding],
) -> Iterator[Formula]:
    """The calculated items that give a score, or a number that a gap would make wrong; refuses scores that cannot be
    evaluated."""
    filled = {link_id for link_id, item in by_id.items() if item.calculated}
    scored = tuple(link_id for link_id, item in by_id.items() if item.is_scored)
    for entry in extensions(form, *expressions.CALCULATED):
        if child(entry, "valueExpression").get("name"):
            continue  # a variable
        if any(word in str(entry) for word in _SCORE_WORDS):
            refuse("the form as a whole has a score given by a formula, and no item that could hold it")
        findings.append(Finding("", "a value calculated for the form as a whole is not evaluated"))
    for link_id, item in by_id.items():
        formula = item.expressions.calculated
        if formula is None:
            continue
        problem = logic.problem(formula)
        texts = {name: one.text for name, one in logic.visible(formula).items()}
        used = [formula.text, *(texts.values() if problem else (one.text for one in logic.named(formula)))]
        gives_score = _says(used, _SCORE_WORDS) or (scored and item.kind in _NUMERIC)
        if gives_score and problem:
            refuse(f"its score is given by a formula that cannot be evaluated here: {problem}", link_id)
        if problem:
            findings.append(Finding(link_id, f"its value is calculated by a formula; it stays blank: {problem}"))
        elif gives_score:
            sums = summed_items(formula.text, texts, by_id, parents) if item.kind in _NUMERIC else None
            looked_at = sums or tuple(one for one in logic.rests_on(formula) or scored if by_id[one].is_question)
            yield Formula(link_id, item.text or link_id, looked_at, plain=bool(sums))
        elif item.kind in _NUMERIC and _says(used, _FILLS_GAPS):
            found = logic.rests_on(formula)
            looked_at = tuple(
                one for one in (by_id if found is None else found) if by_id[one].kind in _COUNTED and one not in filled
            )
            if looked_at and not any(loops[one] for one in (link_id, *looked_at)):
                yield Formula(link_id, item.text or link_id, looked_at, plain=False)


def _told_apart(formulas: tuple[Formula, ...]) -> tuple[Formula, ...]:
    """The formulas with a name each: by it a score is known in the record and compared with earlier ones."""
    names = Counter(formula.name for formula in formulas)
    return tuple(
        replace(each, name=f"{each.name} ({each.link_id})") if names[each.name] > 1 else each for each in formulas
    )


def _says(texts: Iterable[str], words: Iterable[str]) -> bool:
    return any(word in text for word in words for text in texts)


def _needs(
    by_id: Mapping[str, Item], formulas: tuple[Formula, ...], logic: Logic
) -> Iterator[tuple[Expression, tuple[str, ...]]]:
    """What has to have a value before a formula that gives or uses a score is evaluated (:attr:`Questionnaire.needs`).

    Whether a question is asked is no such formula: while a score is open, rather more is asked.
    """
    scores = {formula.link_id: formula.items for formula in formulas}
    scored = tuple(link_id for link_id, item in by_id.items() if item.is_scored)

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
            elif _says((one.text for one in logic.named(expression)), _SCORE_WORDS):
                questions = logic.rests_on(expression) or scored
            else:
                questions = ()
            needed = (*questions, *behind(expression, link_id))
            if needed:
                yield expression, tuple(dict.fromkeys(needed))
