"""Reading a FHIR R4 Questionnaire (https://hl7.org/fhir/R4/questionnaire.html) with the SDC extensions that matter.

The reader is tolerant where nothing depends on it (unknown fields and extensions stay in ``raw``) and strict where a
mistake would change what is asked or how it scores: then the form is refused with one reason and the item it is about.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from console.forms.deciding.graph import decision_order
from console.forms.deciding.logic import Logic
from console.forms.document import Json, canonical, objects, text
from console.forms.model import Coding, Expression, Finding, Item, Kind, Quantity, Questionnaire
from console.forms.reading import expressions, score_formulas
from console.forms.reading.dialects import (
    foreign_extensions,
    passed_over,
    refuse_cql,
    refuse_modifiers,
    refuse_other_versions,
    unknown_fields,
)
from console.forms.reading.intake import take_in
from console.forms.reading.items import ItemReader, looks_numbered
from console.forms.reading.languages import offered, translations
from console.forms.reading.score_formulas import SCORE_WORDS
from console.forms.reading.valuesets import Terminology
from console.forms.refusals import refuse
from console.forms.values import fits, option_of, order, parse_coding


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
    findings = [*unknown_fields(form, "", asked), *passed_over(form, "", asked), *foreign_extensions(form)]
    if form.get("implicitRules"):
        findings.append(Finding("", "it follows rules of its own (implicitRules), which are not known here"))
    if form.get("derivedFrom"):
        findings.append(Finding("", "it is derived from another form, which is not looked at"))
    items = reader.read_all(form)
    if not items:
        refuse("it has no items")
    by_id = {item.link_id: item for item in _walk(items)}
    parents = _parents(items)
    loops = _loops(by_id, parents)
    logic = _logic(form, reader, by_id, parents)
    findings += _check_conditions(by_id, logic)
    constraints = expressions.constraints(form, "")
    findings += (Finding("", text) for text in expressions.unchecked(logic, constraints))
    for item in by_id.values():
        for reason, matters in expressions.check(logic, item):
            reader.unfit(reason, item.link_id) if matters else findings.append(Finding(item.link_id, reason))
    if asked:
        _check_unlisted(form, by_id)
    language = text(form, "language")
    url, _, version = text(form, "url").partition("|")  # some write the whole canonical there
    formulas, waiting, unheld = score_formulas.find(form, by_id, parents, loops, logic) if asked else ((), {}, ())
    findings += unheld
    needs = score_formulas.needs_of(by_id, formulas, waiting, logic)
    return Questionnaire(
        url=url,
        version=text(form, "version") or version,
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
        needs=needs,
        findings=(*taken.findings, *findings, *reader.findings),
        logic=logic,
        constraints=constraints,
        by_id=by_id,
        parents=parents,
        loops=loops,
        order=decision_order(_waits(by_id, parents, logic)),
        watchers=_watchers(by_id, parents, logic, needs),
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


def _watchers(
    by_id: Mapping[str, Item],
    parents: Mapping[str, str],
    logic: Logic,
    needs: Mapping[Expression, tuple[str, ...]],
) -> dict[str, frozenset[str]]:
    """Which items look at an item when it is decided whether they are asked and what fills them."""
    found: dict[str, set[str]] = {link_id: set() for link_id in ("", *by_id)}
    for link_id, item in by_id.items():
        looked_at = {condition.question for condition in item.enable_when}
        looked_at |= {parents[link_id]} - {""}
        for expression in (item.expressions.enabled, item.expressions.calculated):
            if expression is not None and not logic.problem(expression):
                looks = logic.looks(expression)
                looked_at |= {*(by_id if looks.links is None else looks.links), *needs.get(expression, ())}
                looked_at |= {""} if looks.time else set()
        for one in looked_at:
            found[one].add(link_id)
    return {link_id: frozenset(watching) for link_id, watching in found.items()}


def _check_conditions(by_id: Mapping[str, Item], logic: Logic) -> Iterator[Finding]:
    """Refuse conditions that can never mean anything: they would hide a question for good, without a word.

    Gives those that mean something and can never hold, for no option of their question is the answer they want.
    """
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
            units = (*target.units, *([target.unit] if target.unit else ()))
            if isinstance(condition.value, Quantity) and units and not target.open_units:
                typed = (Quantity(condition.value.value, one.display, one.system, one.code) for one in units)
                if all(order(one, condition.value) is None for one in typed):
                    text = f"its enableWhen compares '{target.link_id}' with an amount in another unit: nothing fits it"
                    yield Finding(item.link_id, text)
            closed = target.options and not target.is_open
            if closed and condition.operator == "=" and option_of(target, condition.value) is None:
                text = (
                    f"its enableWhen wants an answer to '{target.link_id}' that is none of its options: it never holds"
                )
                yield Finding(item.link_id, text)


def _check_unlisted(form: Json, by_id: Mapping[str, Item]) -> None:
    """An open choice whose list is not known is answered in words. Refuse it where something hangs on a code of it."""
    scored = any(word in canonical(form) for word in SCORE_WORDS)
    for item in by_id.values():
        if item.unlisted and scored:
            refuse(f"{item.unlisted}, and the form has scores", item.link_id)
        for condition in item.enable_when:
            target = by_id[condition.question]
            if target.unlisted and isinstance(condition.value, Coding):
                refuse(f"{target.unlisted}, and what is asked hangs on it", target.link_id)
