"""From a document to the one form in it: a Questionnaire alone, or in a Bundle with the value sets it refers to."""

import hashlib
from typing import Any

from msgspec import Struct

from console.forms.document import Json, canonical, decode, objects
from console.forms.model import Finding
from console.forms.reading.r5 import as_r4
from console.forms.reading.tidy import tidied
from console.forms.refusals import refuse


class Intake(Struct, frozen=True):
    """A form as it came, and as it is asked."""

    raw: Json
    form: Json
    """The same in FHIR R4."""
    beside: tuple[Json, ...]
    """Other resources of its Bundle; ``fullUrl`` is written into each that has one."""
    findings: tuple[Finding, ...]
    sha256: str
    """Of the whole document in canonical JSON: its value sets decide what is asked as well."""


def take_in(document: Any, asked: bool = True) -> Intake:
    """The form in a document; refuses one that holds none, or several. ``asked`` as in :func:`as_r4`."""
    whole = decode(document)
    raw, beside = _from_bundle(whole) if whole.get("resourceType") == "Bundle" else (whole, ())
    if raw.get("resourceType") != "Questionnaire":
        kind = raw.get("resourceType")
        what = "it has no resourceType" if kind is None else f"resourceType is {str(kind)[:40]!r}"
        refuse(f"not a Questionnaire: {what}")
    form, findings = as_r4(raw, asked)
    form, told = tidied(form)
    beside = tuple(tidied(each)[0] for each in beside)
    return Intake(raw, form, beside, (*findings, *told), hashlib.sha256(canonical(whole).encode()).hexdigest())


def _from_bundle(bundle: Json) -> tuple[Json, tuple[Json, ...]]:
    resources = []
    for entry in objects(bundle, "entry"):
        resource = entry.get("resource")
        if isinstance(resource, dict):
            resources.append({"fullUrl": entry["fullUrl"], **resource} if entry.get("fullUrl") else resource)
    forms = [resource for resource in resources if resource.get("resourceType") == "Questionnaire"]
    if len(forms) != 1:
        held = f"{len(forms)} Questionnaires; bring them one by one" if forms else "none"
        refuse(f"not a Questionnaire: resourceType is 'Bundle', and it holds {held}")
    form = {key: value for key, value in forms[0].items() if key != "fullUrl"}
    return form, tuple(resource for resource in resources if resource is not forms[0])
