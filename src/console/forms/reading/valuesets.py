"""Which options an ``answerValueSet`` stands for, worked out offline.

A dispatch center has no terminology server, so a list of answers is either written in the form (contained), shipped
with the program, or it cannot be known and the form is refused. Only lists that are spelled out count: an expansion,
concepts named one by one, or a whole code system that the form itself contains. A filter over a code system is not a
list.
"""

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Any, NoReturn

from msgspec import Struct

from console.forms.document import Json, extension_value, objects, text
from console.forms.model import Coding, Option, Reference
from console.forms.reading.languages import labels_in
from console.forms.reading.plain import filled
from console.forms.refusals import RefusedForm, refuse
from console.forms.values import FHIR, numbers_in, parse_coding, score_in, scores_in

MAX_NESTING = 8
"""How deep value sets may include each other before this is called a loop."""


class UnknownList(RefusedForm):
    """The codes of a value set cannot be known here."""


def unknown(reason: str, link_id: str) -> NoReturn:
    """Raise :class:`UnknownList`."""
    raise UnknownList(reason, link_id)


class Terminology(Struct, frozen=True):
    """The value sets and code systems a form may draw on, by each name that a form may call them."""

    value_sets: dict[str, Json]
    code_systems: dict[str, Json]
    supplements: dict[str, list[Json]]
    """Code systems that only add to another one (scores, as a rule), by the url of that one."""
    indexes: dict[int, dict[str, list[Json]]] = {}
    """Identity of what holds concepts (a code system, an include) → code → its concepts. Filled as it is asked for."""
    known: dict[str, tuple[Option, ...]] = {}
    """What :meth:`options` gave: the questions of a scale share one list."""

    @classmethod
    def of(cls, form: Json, shipped: Mapping[str, Json], beside: Iterable[Json] = ()) -> "Terminology":
        """What a form contains, behind it what stands beside it in its Bundle, and behind that what is shipped."""
        found = cls(dict(shipped), {}, {})
        for resource in beside:
            kind, name = str(resource.get("resourceType")), resource.get("id")
            found._keep(resource, resource.get("fullUrl"), f"{kind}/{name}")
        for resource in objects(form, "contained"):
            name = text(resource, "id").removeprefix("#")
            found._keep(resource, f"#{name}" if name else None)
        return found

    def _keep(self, resource: Json, *names: Any) -> None:
        kept = {"ValueSet": self.value_sets, "CodeSystem": self.code_systems}.get(str(resource.get("resourceType")))
        if kept is None:
            return
        supplemented = text(resource, "supplements").split("|")[0]
        if supplemented:
            self.supplements.setdefault(supplemented, []).append(resource)
        for name in (*names, text(resource, "url")):
            if isinstance(name, str) and name:
                kept[name] = resource

    def options(self, reference: str, link_id: str) -> tuple[Option, ...]:
        """The options behind one ``answerValueSet``; refuses the form when they cannot be known here."""
        if reference not in self.known:
            self.known[reference] = self._read(reference, link_id)
        return self.known[reference]

    def _read(self, reference: str, link_id: str) -> tuple[Option, ...]:
        found = []
        for coding, holders in self._codings(reference, link_id, 0):
            everywhere = [*holders, *self._concepts(reference, coding), *self._in_code_system(coding)]
            if len(scores_in(*everywhere)) > 1:
                refuse(f"the option '{coding.code or coding.display}' carries two different scores", link_id)
            score, url = score_in(*everywhere)
            labels = {language: label for holder in everywhere[::-1] for language, label in labels_in(holder).items()}
            found.append(
                scored_option(
                    coding, score, url, optional_label(holders), numbers=numbers_in(*everywhere), labels=labels
                )
            )
        if not found:
            refuse(f"its answerValueSet {reference} holds no codes", link_id)
        return tuple(found)

    def _value_set(self, reference: str, link_id: str) -> Json:
        url, _, version = reference.partition("|")
        value_set = self.value_sets.get(reference) or self.value_sets.get(url)
        if value_set is None:
            unknown(f"its answerValueSet {reference} is not in the form and cannot be looked up", link_id)
        held = value_set.get("version")
        if version and held is not None and held != version:
            unknown(f"its answerValueSet {reference} is here in version {held} only", link_id)
        return value_set

    def _codings(self, reference: str, link_id: str, depth: int) -> Iterator[tuple[Coding, list[Json]]]:
        if depth > MAX_NESTING:
            refuse(f"its answerValueSet {reference} includes itself", link_id)
        value_set = self._value_set(reference, link_id)
        expansion = value_set.get("expansion")
        if isinstance(expansion, dict) and objects(expansion, "contains", link_id):
            total = expansion.get("total")
            contained = list(_flat(objects(expansion, "contains", link_id), "contains", link_id))
            if isinstance(total, int) and total > len(contained):
                unknown(f"its answerValueSet {reference} is only a part ({len(contained)} of {total} codes)", link_id)
            for entry in contained:
                if entry.get("abstract") is not True and (coding := parse_coding(filled(entry, "display"))):
                    yield coding, [entry]
            return
        compose = value_set.get("compose")
        if not isinstance(compose, dict):
            unknown(f"its answerValueSet {reference} does not spell out its codes", link_id)
        excluded = set()
        for rule in objects(compose, "exclude", link_id):
            if rule.get("filter") or rule.get("valueSet") or not rule.get("concept"):
                unknown(f"its answerValueSet {reference} excludes codes by a rule", link_id)
            excluded |= {(str(rule.get("system")), str(c.get("code"))) for c in objects(rule, "concept", link_id)}
        for include in objects(compose, "include", link_id):
            for coding, holders in self._included(include, reference, link_id, depth):
                if (str(coding.system or None), coding.code) not in excluded:
                    yield coding, holders

    def _included(self, include: Json, reference: str, link_id: str, depth: int) -> Iterator[tuple[Coding, list[Json]]]:
        if include.get("filter"):
            unknown(f"its answerValueSet {reference} selects codes by a filter", link_id)
        system = text(include, "system", link_id)
        nested = include.get("valueSet")
        if nested is not None:
            if system or not isinstance(nested, list) or len(nested) != 1 or not isinstance(nested[0], str):
                refuse(f"its answerValueSet {reference} is an intersection of value sets", link_id)
            yield from self._codings(nested[0], link_id, depth + 1)
            return
        concepts = objects(include, "concept", link_id)
        if not concepts:
            code_system = self.code_systems.get(system)
            if code_system is None or code_system.get("content") not in (None, "complete"):
                unknown(f"its answerValueSet {reference} takes all of {system or 'an unnamed system'}", link_id)
            concepts = list(_flat(objects(code_system, "concept", link_id), "concept", link_id))
        for concept in concepts:
            if coding := parse_coding({**filled(concept, "display"), "system": system or None, "version": None}):
                yield coding, [concept]

    def _concepts(self, reference: str, coding: Coding) -> Iterator[Json]:
        """The concepts of this value set's own compose: an expansion often leaves their scores behind."""
        value_set = self.value_sets.get(reference) or self.value_sets.get(reference.split("|")[0]) or {}
        compose = value_set.get("compose")
        for include in objects(compose, "include") if isinstance(compose, dict) else []:
            if include.get("system") in (None, coding.system):
                yield from self._with_code(include, coding.code)

    def _in_code_system(self, coding: Coding) -> Iterator[Json]:
        system = self.code_systems.get(coding.system)
        for holder in (*([system] if system else []), *self.supplements.get(coding.system, ())):
            yield from self._with_code(holder, coding.code)

    def _with_code(self, holder: Json, code: str) -> list[Json]:
        """The concepts in it with this code; a list may have thousands, and each is asked for."""
        found = self.indexes.get(id(holder))
        if found is None:
            found = self.indexes[id(holder)] = {}
            for concept in _flat(objects(holder, "concept"), "concept", ""):
                found.setdefault(str(concept.get("code")), []).append(concept)
        return found.get(code, [])


def _flat(entries: list[Json], key: str, link_id: str) -> Iterator[Json]:
    """Entries and what nests in them, parents first."""
    for entry in entries:
        yield entry
        yield from _flat(objects(entry, key, link_id), key, link_id)


def optional_label(holders: list[Json]) -> str:
    """The prefix an option is printed with ("a)"), when one is given."""
    found = (extension_value(holder, FHIR + "questionnaire-optionPrefix") for holder in holders)
    return next((prefix for prefix in found if isinstance(prefix, str)), "")


def scored_option(value: Any, score: Decimal | None, url: str, prefix: str = "", **more: Any) -> Option:
    """An option with its score, written on its coding too so that stored answers carry it."""
    if isinstance(value, Coding):
        value = Coding(value.system, value.code, value.display, value.version, score, url)
        label = value.display or value.code
    elif isinstance(value, Reference):
        label = value.display or value.reference or value.value
    else:
        label = str(getattr(value, "text", value))
    return Option(value, label, score, prefix, **more)
