"""A signed form for another system: the QuestionnaireResponse with an Observation for each score and each marked item.

The bundle is a FHIR R4 ``collection`` (https://hl7.org/fhir/R4/bundle.html). An item becomes an Observation of its own
where the form asks for it (SDC ``observationExtract``) and has a code for it; every score does, with or without a code.
A score that there is none of, and a question that was refused, are Observations with the reason why there is no value
(``dataAbsentReason``): nothing in the bundle reads as a zero that nobody measured. Whom it is about is not in it: the
bundle names the encounter by its id, and the system that takes it in knows whose that is.
"""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid5

from console.forms.deciding.nested import ABSENT
from console.forms.document import SDC, Json, extension_value, extensions, objects
from console.forms.model import Questionnaire
from console.forms.values import clean
from console.models.assessment import FrozenScore

_URN = "urn:ietf:rfc:3986"
_EXTRACT = SDC + "observationExtract"
_ABSENT_REASONS = "http://terminology.hl7.org/CodeSystem/data-absent-reason"
_SURVEY = {
    "coding": [
        {
            "system": "http://terminology.hl7.org/CodeSystem/observation-category",
            "code": "survey",
            "display": "Survey",
        }
    ]
}
_STATUS = {"in-progress": "preliminary", "completed": "final", "amended": "amended", "stopped": "cancelled"}


def bundle(
    q: Questionnaire,
    response: Json,
    results: Sequence[FrozenScore] = (),
    *,
    assessment: UUID,
    encounter: UUID,
    notes: Sequence[str] = (),
) -> Json:
    """The response (as :func:`console.forms.asking.response.build` made it) and its Observations in one Bundle.

    Ids come from ``assessment``, so that the same assessment exported twice is the same resources. ``notes`` are what
    must be read with the results (alerts of the instrument); they hang on each score.
    """
    maker = _Maker(q, response, assessment, encounter, results)
    held = {**response, "id": str(assessment), "identifier": {"system": _URN, "value": maker.urn}}
    held["encounter"] = maker.encounter
    resources = [held, *maker.scores(results, notes), *maker.items()]
    return {
        "resourceType": "Bundle",
        "type": "collection",
        "timestamp": response["authored"],
        "entry": [{"fullUrl": f"urn:uuid:{each['id']}", "resource": each} for each in resources],
    }


class _Maker:
    def __init__(
        self, q: Questionnaire, response: Json, assessment: UUID, encounter: UUID, results: Sequence[FrozenScore]
    ) -> None:
        self.q = q
        formulas = {one.name: one.link_id for one in q.formulas}
        # What an older program signed does not say where it stands.
        self.totals = {one.name: one.link_id or formulas.get(one.name, "") for one in results}
        self.response = response
        self.assessment = assessment
        self.urn = f"urn:uuid:{assessment}"
        self.encounter = {"identifier": {"system": _URN, "value": f"urn:uuid:{encounter}"}}

    def scores(self, results: Sequence[FrozenScore], notes: Sequence[str]) -> Iterator[Json]:
        """One Observation for each score."""
        for result in results:
            item = self.q.by_id.get(self.totals[result.name])
            found = self._observation(f"score {result.name}", result.name, item.codes if item else ())
            if result.value:
                found |= _score_value(result)
            else:
                found["dataAbsentReason"] = _absent("not-performed", result.reason)
            if result.band:
                found["interpretation"] = [{"text": clean(result.band)}]
            by = result.key
            key = f"Scored by {by.title}, version {by.version}." if by else ""
            said = [text for text in (key, result.words, *notes) if text]
            yield found | ({"note": [{"text": clean(text)} for text in said]} if said else {})

    def items(self) -> Iterator[Json]:
        """One Observation for each answer that the form marks for it; the items that hold a score have one already."""
        marked = self._marked(self.q.raw, False)
        met: dict[str, int] = {}
        for entry in _entries(self.response):
            item = self.q.by_id.get(str(entry.get("linkId")))
            if item is None or not marked.get(item.link_id) or not item.codes or item.link_id in self.totals.values():
                continue
            values = [value for answer in objects(entry, "answer") if (value := _observed(answer))]
            for value in values or [{}]:
                met[item.link_id] = met.get(item.link_id, 0) + 1
                name = f"item {item.link_id} {met[item.link_id]}"
                found = self._observation(name, item.text or item.link_id, item.codes)
                if value:
                    yield found | value
                elif reason := extension_value(entry, ABSENT):
                    yield found | {"dataAbsentReason": _absent(str(reason))}

    def _marked(self, holder: Json, inherited: bool) -> dict[str, bool]:
        """Link id → whether the form wants an Observation of it; what is said further in counts."""
        marks = [entry["valueBoolean"] for entry in extensions(holder, _EXTRACT) if "valueBoolean" in entry]
        here = bool(marks[0]) if marks else inherited
        found = {str(holder["linkId"]): here} if "linkId" in holder else {}
        for inner in objects(holder, "item"):
            found |= self._marked(inner, here)
        return found

    def _observation(self, name: str, text: str, codes: Sequence[Any]) -> Json:
        coding = [
            {key: clean(value) for key in ("system", "code", "display") if (value := getattr(code, key))}
            for code in codes
        ]
        return {
            "resourceType": "Observation",
            "id": str(uuid5(self.assessment, name)),
            "status": _STATUS.get(str(self.response.get("status")), "unknown"),
            "category": [_SURVEY],
            "code": {**({"coding": coding} if coding else {}), "text": clean(text) or "-"},
            "encounter": self.encounter,
            "effectiveDateTime": self.response["authored"],
            "derivedFrom": [{"reference": self.urn}],
        }


def _entries(holder: Json) -> Iterator[Json]:
    """All items of a response, in its order."""
    for entry in objects(holder, "item"):
        yield entry
        yield from _entries(entry)
        for answer in objects(entry, "answer"):
            yield from _entries(answer)


def _observed(answer: Mapping[str, Any]) -> Json:
    """An answer's value as an Observation has it; empty when there is none, or none that an Observation takes."""
    for key, value in answer.items():
        match key:
            case "valueBoolean" | "valueInteger" | "valueDateTime" | "valueTime" | "valueString" | "valueQuantity":
                return {key: value}
            case "valueDecimal":
                return {"valueQuantity": {"value": value}}
            case "valueDate":
                return {"valueDateTime": value}
            case "valueUri":
                return {"valueString": value}
            case "valueCoding":
                named = {"text": value["display"]} if value.get("display") else {}
                return {"valueCodeableConcept": {"coding": [value], **named}}
            case "valueReference" if value.get("display"):
                return {"valueString": value["display"]}
    return {}


def _score_value(result: FrozenScore) -> Json:
    if not (_reads_as_number(result.value) if result.is_number is None else result.is_number):
        return {"valueCodeableConcept": {"text": clean(result.value)}}
    number = Decimal(result.value)
    if number != number.to_integral_value():
        return {"valueQuantity": {"value": float(number)}}
    # An integer of FHIR R4 has 32 bits.
    return {"valueInteger": int(number)} if abs(number) < 2**31 else {"valueQuantity": {"value": int(number)}}


def _reads_as_number(text: str) -> bool:
    """Whether what an older program signed is a number, which it did not say."""
    return text.removeprefix("-").replace(".", "", 1).isdecimal()


def _absent(code: str, text: str = "") -> Json:
    return {"coding": [{"system": _ABSENT_REASONS, "code": code}], **({"text": clean(text)} if text else {})}
