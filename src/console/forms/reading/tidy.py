"""Spaces that FHIR does not allow in addresses, codes and words, mended as a form is read.

Some forms have them, from a spreadsheet as a rule. An answer carries the codes and words of its form, and whoever takes
it in would refuse it. They are mended everywhere alike, so that what is compared stays alike; where more than the look
of a space changes, that is told.
"""

from typing import Any

from console.forms.document import Json, as_uri
from console.forms.model import Finding
from console.forms.values import clean


def tidied(resource: Json) -> tuple[Json, tuple[Finding, ...]]:
    """A form, or what stands beside it, with such spaces mended, and what is told of it."""
    tidy = _Tidy()
    found = tidy.object(resource, "")
    form = resource.get("resourceType") == "Questionnaire"
    if form and isinstance(url := found.get("url"), str):
        found = tidy.put(found, "url", as_uri(url), "")
    version = found.get("version")
    if form and isinstance(version, str) and as_uri(version) != version:
        told = f"its version '{version[:60]}' has spaces; responses call it '{as_uri(version)[:60]}'"
        tidy.findings.append(Finding("", told))
    return found, tuple(dict.fromkeys(tidy.findings))


class _Tidy:
    def __init__(self) -> None:
        self.findings: list[Finding] = []

    def object(self, holder: Json, link_id: str) -> Json:
        """It, or a copy where anything in it had to be mended."""
        own = holder.get("linkId")
        link_id = own if isinstance(own, str) else link_id
        if holder.get("resourceType") == "CodeSystem" and isinstance(url := holder.get("url"), str):
            holder = self.put(holder, "url", as_uri(url), link_id)  # options name it as their system
        for key, value in holder.items():
            mended = value
            match key, value:
                case _, dict():
                    mended = self.object(value, link_id)
                case _, list():
                    mended = self._list(value, link_id)
                case "system" | "supplements", str():
                    mended = as_uri(value)
                case "code", str():
                    mended = " ".join(value.split())
                case "display" | "unit" | "valueString", str():
                    mended = clean(value)
            if mended is not value:
                holder = self.put(holder, key, mended, link_id)
        return holder

    def put(self, holder: Json, key: str, value: Any, link_id: str) -> Json:
        """The object with this in it; told where it is another address or code."""
        before = holder[key]
        if before == value:
            return holder
        if key in ("url", "system", "code"):
            told = f"its {key} '{before[:60]}' has spaces that FHIR does not allow; it is taken as '{value[:60]}'"
            self.findings.append(Finding(link_id, told))
        return {**holder, key: value}

    def _list(self, held: list[Any], link_id: str) -> list[Any]:
        found = [self.object(each, link_id) if isinstance(each, dict) else each for each in held]
        return found if any(one is not other for one, other in zip(found, held, strict=True)) else held
