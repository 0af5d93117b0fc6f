"""FHIR R5 forms as R4 ones, where nothing is lost by it (https://hl7.org/fhir/R5/questionnaire.html).

R5 gave new names to what R4 has: a choice is ``coding`` with ``answerConstraint``. What R4 has no word for, and what
would change who is asked what, is refused.
"""

from typing import Any

from console.forms.document import Json, objects
from console.forms.model import Finding
from console.forms.refusals import refuse

_ONLY_IN_A_FORM = ("versionAlgorithmString", "versionAlgorithmCoding", "copyrightLabel")
_ONLY_IN_AN_ITEM = ("answerConstraint", "disabledDisplay")
_WORDS = ("string", "text")


def as_r4(form: Json, asked: bool = True) -> tuple[Json, tuple[Finding, ...]]:
    """The form in R4, and what was done to it; the form itself when it is not R5. Refuses what R4 cannot say.

    How a line looks does not matter in a form that is not ``asked``.
    """
    findings: list[Finding] = []
    items = [_item(entry, findings, asked) for entry in objects(form, "item")]
    if items == objects(form, "item") and not any(key in form for key in _ONLY_IN_A_FORM):
        return form, ()
    return {**form, "item": items}, (Finding("", "this is FHIR R5; it is asked as FHIR R4, without loss"), *findings)


def _item(raw: Json, findings: list[Finding], asked: bool) -> Json:
    link_id = raw["linkId"] if isinstance(raw.get("linkId"), str) else ""
    item = {key: value for key, value in raw.items() if key not in _ONLY_IN_AN_ITEM}
    kind, constraint = raw.get("type"), raw.get("answerConstraint")
    if kind == "coding" or constraint is not None:
        item["type"] = _type(raw, kind, constraint, link_id)
    match raw.get("disabledDisplay"):
        case None:
            pass
        case "hidden":
            findings.append(Finding(link_id, "disabledDisplay 'hidden' of R5 is what R4 does anyway"))
        case other if asked:
            refuse(f"this is FHIR R5, and R4 cannot show what is not asked (disabledDisplay {other!r})", link_id)
    if raw.get("item") is not None:
        item["item"] = [_item(entry, findings, asked) for entry in objects(raw, "item", link_id)]
    return item


def _type(raw: Json, kind: Any, constraint: Any, link_id: str) -> Any:
    """The R4 type: an open choice takes its options or text, any other type its options alone."""
    has_options = bool(raw.get("answerOption") or raw.get("answerValueSet"))
    match constraint:
        case None | "optionsOnly":
            return "choice" if kind == "coding" else kind
        case "optionsOrString":
            return "open-choice" if kind == "coding" or has_options else kind
        case "optionsOrType" if not has_options and kind != "coding":
            return kind
        case "optionsOrType" if kind in _WORDS:
            return "open-choice"
        case "optionsOrType":
            refuse(
                "this is FHIR R5, and R4 cannot ask for an option or another value of its type "
                "(answerConstraint 'optionsOrType')",
                link_id,
            )
        case _:
            refuse(f"this is FHIR R5 with an answerConstraint that it does not know ({constraint!r})", link_id)
