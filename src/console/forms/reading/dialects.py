"""Recognizing what is not plain FHIR R4: other versions, CQL, and extensions that would change what is asked.

STU3 uses the same ``resourceType`` with other fields. Read as R4 it would lose questions or answers without a word, so
it is told apart by the fields that only it has.
"""

from collections.abc import Iterator
from typing import Any

from console.forms.document import Json, extensions
from console.forms.model import Finding
from console.forms.reading.expressions import CQF, FIELDS, READ
from console.forms.refusals import refuse

_STU3_ITEM = ("option", "options")
_DECIDING = {
    "answerOptionsToggleExpression": "which of its options are offered is decided by a formula",
    "subQuestionnaire": "it stands for another form that would have to be fetched",
}
_PASSED_OVER = {
    "candidateExpression": "suggestions for its answer come from a formula; none are made",
    "itemPopulationContext": "it would be filled in from a record; it starts blank",
}


def refuse_other_versions(form: Json) -> None:
    """Refuse STU3 forms, naming the field that gives them away. R5 is :mod:`console.forms.reading.r5`."""
    for item, link_id in _items(form):
        for key in item:
            if key in _STU3_ITEM or (key.startswith("initial") and key != "initial"):
                refuse(f"this is FHIR STU3 ('{key}'); FHIR R4 is needed", link_id)
        conditions = item.get("enableWhen")
        for condition in conditions if isinstance(conditions, list) else []:
            if isinstance(condition, dict) and "hasAnswer" in condition:
                refuse("this is FHIR STU3 ('hasAnswer'); FHIR R4 is needed", link_id)


def refuse_cql(form: Json) -> None:
    """Refuse a form that carries an expression in CQL anywhere: its logic cannot be run here."""
    for holder, link_id in [(form, ""), *_items(form)]:
        own = {key: value for key, value in holder.items() if key not in ("item", "contained")}
        if any(str(language).startswith("text/cql") for language in _languages(own)):
            refuse("it contains an expression in CQL, which is not evaluated here", link_id)


def refuse_modifiers(holder: Json, link_id: str) -> None:
    """Refuse an unknown modifier extension: FHIR forbids acting on an element while ignoring one."""
    found = holder.get("modifierExtension")
    if found:
        entry = found[0] if isinstance(found, list) else found
        url = entry.get("url") if isinstance(entry, dict) else None
        refuse(f"a modifier extension that is not known here changes its meaning ({url})", link_id)


def passed_over(holder: Json, link_id: str, asked: bool = True) -> Iterator[Finding]:
    """What the extensions of an item or of the form ask for and do not get; refuses an asked form when that matters."""
    for entry in extensions(holder):
        name = entry["url"].rsplit("/", 1)[-1].removeprefix("sdc-questionnaire-").removeprefix("questionnaire-")
        if name in _DECIDING:
            yield _unfit(f"{_DECIDING[name]} ({name}), which is not evaluated here", link_id, asked)
        if name in _PASSED_OVER:
            yield Finding(link_id, _PASSED_OVER[name])
        elif isinstance(entry.get("valueExpression"), dict) and entry["url"] not in READ:
            yield Finding(link_id, f"the formula in '{name}' is not evaluated")
    for key, value in holder.items():
        if key.startswith("_") and key not in FIELDS and isinstance(value, dict) and extensions(value, *CQF):
            if key in ("_repeats", "_answerValueSet", "_type"):
                text = f"'{key[1:]}' is decided by a formula (cqf-expression), which is not evaluated here"
                yield _unfit(text, link_id, asked)
            yield Finding(link_id, f"the formula for '{key[1:]}' is not evaluated; the fixed value is used")


def _unfit(reason: str, link_id: str, asked: bool) -> Finding:
    return refuse(reason, link_id) if asked else Finding(link_id, reason)


def _items(holder: Json) -> Iterator[tuple[Json, str]]:
    """All raw items with their link ids, in document order, without assuming that anything is well formed."""
    waiting = [holder]
    while waiting:
        here = waiting.pop()
        if here is not holder:
            link_id = here.get("linkId")
            yield here, link_id if isinstance(link_id, str) else ""
        entries = here.get("item")
        waiting += (
            [entry for entry in reversed(entries) if isinstance(entry, dict)] if isinstance(entries, list) else []
        )


def _languages(value: Any) -> Iterator[Any]:
    waiting = [value]
    while waiting:
        entry = waiting.pop()
        if isinstance(entry, dict):
            if "expression" in entry or "reference" in entry:
                yield entry.get("language")
            waiting += entry.values()
        elif isinstance(entry, list):
            waiting += entry
