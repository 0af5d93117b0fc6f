"""Evaluating the formulas of a form: what they may name, on which part of the response, and only when it changed.

A formula sees the variables of the items around it and of the form, those before it first (SDC, ``variable``), and
``%resource``, ``%context``, ``%questionnaire`` and ``%qitem``. There is no server behind a form here: what asks for a
patient, a user or a query cannot be evaluated, and says so.
"""

from collections.abc import Mapping
from copy import copy
from datetime import datetime
from functools import cache
from typing import Any

from console.forms import fhirpath
from console.forms.deciding.layout import Line
from console.forms.deciding.looks import Looks, looked_at
from console.forms.deciding.nested import accepts, items_of
from console.forms.document import Json, extension_value, extensions
from console.forms.fhirpath import Seen, Unevaluable
from console.forms.model import Answers, Expression, Item
from console.forms.values import values

_GIVEN = ("resource", "rootResource", "context", "questionnaire", "qitem")
_RECORDS = ("patient", "encounter", "location", "user", "practitioner", "study", "clinical")
"""What SDC names among the contexts that a form can be opened in (``launchContext``)."""


class Situation:
    """The lines of a form with their answers while it is decided which are asked: what formulas are evaluated on.

    ``given`` are the answers people gave, ``answers`` those and what formulas filled in so far. ``state`` says which
    lines are asked, as far as that is decided; what is not decided yet counts as asked.
    """

    def __init__(self, standing: tuple[Line, ...], answers: Answers, now: datetime | None) -> None:
        self.standing = standing
        self.lines = {line.key: line for line in standing}
        self.position = {key: place for place, key in enumerate(self.lines)}
        self.by_item: dict[str, list[Line]] = {}
        for line in standing:
            self.by_item.setdefault(line.item.link_id, []).append(line)
        self._hold(answers, now)

    def after(self, answers: Answers, now: datetime | None) -> "Situation":
        """The same lines with other answers; nothing is decided yet."""
        other = copy(self)
        other._hold(answers, now)
        return other

    def _hold(self, answers: Answers, now: datetime | None) -> None:
        self.given: Answers = answers
        self.answers = dict(answers)
        self.state: dict[str, bool] = {}
        self.now = now

    def asked(self, link_ids: frozenset[str] | None) -> tuple[tuple[str, Any], ...]:
        """The answers to these items (``None``: to all), as far as they are asked: (key, values)."""
        wanted = self.by_item if link_ids is None else [one for one in self.by_item if one in link_ids]
        return tuple(
            (line.key, held)
            for link_id in wanted
            for line in self.by_item[link_id]
            if self.state.get(line.key, True) and (held := values(self.answers.get(line.key, ())))
        )

    def resource(self, given: tuple[tuple[str, Any], ...]) -> tuple[Json, dict[str, Json]]:
        """A response that holds these answers and nothing else, and its items by the key of their line."""
        known: set[str] = set()
        answers = {}
        for key, held in given:
            answers[key] = tuple(value for value in held if accepts(self.lines[key].item, value))
            while key and key not in known:
                known.add(key)
                key = self.lines[key].parent
        inside: dict[str, list[Line]] = {}
        for key in sorted(known, key=self.position.__getitem__):
            inside.setdefault(self.lines[key].parent, []).append(self.lines[key])
        made: dict[str, Json] = {}
        items = items_of(inside, inside.get("", ()), answers, made)
        return {"resourceType": "QuestionnaireResponse", "item": items}, made

    def around(self, line: Line | None, link_id: str) -> Line | None:
        """The line of this item that ``line`` is or stands in."""
        while line is not None and line.item.link_id != link_id:
            line = self.lines.get(line.parent)
        return line


class Logic:
    """The formulas of one form. Remembers what each gave last, and on what; otherwise without state."""

    def __init__(
        self,
        raw: Json,
        by_id: Mapping[str, Item],
        parents: Mapping[str, str],
        items: Mapping[str, Json],
        variables: Mapping[str, tuple[Expression, ...]],
    ) -> None:
        """``items`` and ``variables``: the JSON of every item and the variables of it, by link id (empty: the form)."""
        self.raw = raw
        self.items = items
        self.parents = parents
        self.variables = variables
        self._formulas = {link_id: by_id[link_id].expressions.calculated for link_id in by_id}
        self.subtrees: dict[str, tuple[str, ...]] = {link_id: _below(by_id[link_id]) for link_id in by_id}
        self.subtrees[""] = tuple(by_id)
        self._memory: dict[tuple[Expression, str], tuple[Any, list[Any] | Unevaluable, Seen]] = {}
        self._known: dict[Expression, Looks | str] = {}
        self._own = cache(self._own_looks)
        self._circular = cache(self._turns)
        self._part = cache(self._part_of)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Logic) and self.raw == other.raw

    __hash__ = object.__hash__

    def visible(self, expression: Expression) -> dict[str, Expression]:
        """The variables an expression sees, the nearest of a name."""
        holder = expression.link_id
        own = self.variables.get(holder, ())
        found = {one.name: one for one in (own[: expression.place - 1] if expression.place else own)}
        while holder:
            holder = self.parents[holder]
            found = {one.name: one for one in self.variables.get(holder, ())} | found
        return found

    def looks(self, expression: Expression) -> Looks:
        """What an expression and the variables it names look at. Raises :class:`Unevaluable` when it can never be
        evaluated, with the cause."""
        known = self._sound(expression)
        if isinstance(known, str):
            raise Unevaluable(known)
        return known

    def _sound(self, expression: Expression) -> Looks | str:
        """What it looks at, or why it can never be evaluated."""
        fills = self._formulas.get(expression.link_id) == expression
        return "its value would rest on itself" if fills and self._circular(expression) else self._read(expression)

    def _read(self, expression: Expression) -> Looks | str:
        """:meth:`_sound` for the expression alone."""
        known = self._known.get(expression)
        if known is None:
            try:
                known = self._looks(expression)
            except Unevaluable as error:
                known = error.message
            self._known[expression] = known
        return known

    def _turns(self, expression: Expression) -> bool:
        """Whether a formula that fills an item names an item that is filled from it in turn."""
        waiting = [expression]
        met: set[str] = set()
        while waiting:
            for link_id in self.named_items(waiting.pop()) - met:
                met.add(link_id)
                formula = self._formulas[link_id]
                if formula == expression:
                    return True
                if formula is not None:
                    waiting.append(formula)
        return False

    def named_items(self, expression: Expression) -> set[str]:
        """The items it looks at by name. One that looks at many may meet its own, which has no value then."""
        looks = self._read(expression)
        if isinstance(looks, str):
            return set()
        texts = [one.text for one in self.named(expression)]
        links = self.subtrees[""] if looks.links is None else looks.links
        return {link_id for link_id in links if any(f"'{link_id}'" in text for text in texts)}

    def _looks(self, expression: Expression) -> Looks:
        if expression.language != "text/fhirpath":
            raise Unevaluable(f"it is written in {expression.language[:40]}")
        found = self._own(expression)
        seen = self.visible(expression)
        for name in sorted(found.names.difference(_GIVEN)):
            if name not in seen:
                handed_in = "another program would hand to the form and this one does not"
                why = handed_in if self._handed_in(name) else "is not known here"
                raise Unevaluable(f"it names %{name[:40]}, which {why}")
            further = self._read(seen[name])
            if isinstance(further, str):
                raise Unevaluable(f"%{name[:40]} cannot be evaluated: {further}")
            found = found.with_(further)
        return found

    def _handed_in(self, name: str) -> bool:
        """Whether the program a form was made for would give it this: the patient, who is at work, what was queried."""
        contexts = (entry for entry in extensions(self.raw) if entry["url"].endswith("launchContext"))
        names = (extension_value(entry, "name") for entry in contexts)
        said = [each.get("code") if isinstance(each, dict) else each for each in names]
        return name in said or name.casefold() in _RECORDS

    def _own_looks(self, expression: Expression) -> Looks:
        return looked_at(fhirpath.compiled(expression.text).tree, expression.link_id, self.subtrees)

    def named(self, expression: Expression) -> tuple[Expression, ...]:
        """The expression and the variables it names, and so on, each once."""
        found: dict[Expression, None] = {}
        waiting = [expression]
        while waiting:
            one = waiting.pop()
            if one not in found:
                found[one] = None
                seen = self.visible(one)
                waiting += (seen[name] for name in sorted(self._own(one).names) if name in seen)
        return tuple(found)

    def waits_for(self, expression: Expression | None, link_id: str) -> tuple[str, ...]:
        """The items that have to be decided before the formula of an item, what stands in that item aside."""
        if expression is None or self.problem(expression):
            return ()
        links = self.looks(expression).links
        own = self.subtrees[link_id]
        return tuple(one for one in self.subtrees[""] if one not in own and (links is None or one in links))

    def rests_on(self, expression: Expression) -> tuple[str, ...] | None:
        """The items a formula looks at, those aside that formulas fill: for them stands what these look at.

        ``None`` when it may look at anything. In document order. Raises :class:`Unevaluable`.
        """
        met: set[str] = set()
        waiting = [expression]
        while waiting:
            links = self.looks(waiting.pop()).links
            if links is None:
                return None
            formulas = (self._formulas[link_id] for link_id in links - met)
            waiting += (formula for formula in formulas if formula is not None and not self.problem(formula))
            met |= links
        return tuple(link_id for link_id in self.subtrees[""] if link_id in met and self._formulas[link_id] is None)

    def problem(self, expression: Expression) -> str:
        """Why it can never be evaluated; empty when nothing speaks against it."""
        try:
            self.looks(expression)
        except Unevaluable as error:
            return error.message
        return ""

    def values(
        self, expression: Expression, line: Line | None, situation: Situation, seen: Seen | None = None
    ) -> tuple[Any, ...]:
        """What the expression gives at this line; ``seen`` is told what it looks at. Raises :class:`Unevaluable`."""
        return fhirpath.plain(self._found(expression, line, situation, seen or Seen()))

    def holds(self, expression: Expression, line: Line | None, situation: Situation) -> bool:
        """Whether it gives true; nothing is not true. Raises :class:`Unevaluable`."""
        found = self.values(expression, line, situation)
        if len(found) > 1:
            raise Unevaluable("it gives several values")
        return bool(found) and found[0] is not False

    def _found(self, expression: Expression, line: Line | None, situation: Situation, seen: Seen) -> list[Any]:
        line = situation.around(line, expression.link_id)
        looks = self.looks(expression)
        given = situation.asked(looks.links)
        key = (expression, line.key if line else "")
        inputs = (given, situation.now if looks.time else None)
        known = self._memory.get(key)
        if known is None or known[0] != inputs:
            met = Seen()
            try:
                found: list[Any] | Unevaluable = self._evaluated(expression, line, situation, looks, given, met)
            except Unevaluable as error:
                found = error
            known = self._memory[key] = (inputs, found, met)
        seen.add(known[2])
        if isinstance(known[1], Unevaluable):
            raise Unevaluable(known[1].message)
        return known[1]

    def _evaluated(
        self,
        expression: Expression,
        line: Line | None,
        situation: Situation,
        looks: Looks,
        given: tuple[tuple[str, Any], ...],
        met: Seen,
    ) -> list[Any]:
        compiled = fhirpath.compiled(expression.text)
        seen = self.visible(expression)
        own = self._own(expression).names
        resource, made = situation.resource(given)
        context: Any = resource
        variables: dict[str, Any] = {"resource": resource, "rootResource": resource}
        variables["questionnaire"] = self._part(frozenset(self.items) if looks.defined is None else looks.defined)
        if line is not None:
            context = fhirpath.node(made.get(line.key, {"linkId": line.item.link_id}), "QuestionnaireResponse.item")
            variables["qitem"] = fhirpath.node(self.items[line.item.link_id], "Questionnaire.item")
        for name in own.intersection(seen):
            variables[name] = self._found(seen[name], line, situation, met)
        return fhirpath.evaluate(compiled, context, variables, now=situation.now, seen=met)

    def _part_of(self, links: frozenset[str]) -> Json:
        """The form with these items and what they stand in, as far as items go."""
        wanted = set(links)
        for link_id in links:
            while link_id := self.parents[link_id]:
                wanted.add(link_id)
        return {**self.raw, "item": _kept(self.raw.get("item") or (), wanted)}


def _kept(entries: Any, wanted: set[str]) -> list[Json]:
    found = []
    for entry in entries:
        if isinstance(entry, dict) and (link_id := entry.get("linkId")) in wanted:
            inner = {"item": _kept(entry["item"], wanted)} if entry.get("item") else {}
            options = fhirpath.marked(str(link_id), entry.get("answerOption") or [])
            found.append({**entry, **inner, **({"answerOption": options} if options else {})})
    return found


def _below(item: Item) -> tuple[str, ...]:
    return (item.link_id, *(link_id for child in item.items for link_id in _below(child)))
