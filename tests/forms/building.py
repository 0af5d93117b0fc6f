"""Short ways to write a Questionnaire in a test."""

from datetime import datetime
from typing import Any

from console.forms import Answers, Questionnaire, load
from console.forms.deciding.enablement import settle
from console.forms.deciding.layout import lines
from console.forms.document import SDC
from console.forms.values import FHIR

ORDINAL = FHIR + "ordinalValue"
Json = dict[str, Any]


def document(*items: Json, **fields: Any) -> Json:
    return {"resourceType": "Questionnaire", "status": "active", "url": "urn:test", "version": "1", **fields} | {
        "item": list(items)
    }


def form(*items: Json, **fields: Any) -> Questionnaire:
    return load(document(*items, **fields))


def item(link_id: str, kind: str = "string", **fields: Any) -> Json:
    return {"linkId": link_id, "type": kind, "text": f"Text of {link_id}", **fields}


def group(link_id: str, *items: Json, **fields: Any) -> Json:
    return item(link_id, "group", item=list(items), **fields)


def coding(code: str, system: str = "urn:codes", **fields: Any) -> Json:
    return {"system": system, "code": code, "display": code.title(), **fields}


def option(code: str, score: float | None = None) -> Json:
    scored = {} if score is None else {"extension": [{"url": ORDINAL, "valueDecimal": score}]}
    return {"valueCoding": coding(code)} | scored


def choice(link_id: str, *options: Json, **fields: Any) -> Json:
    return item(link_id, "choice", answerOption=list(options), **fields)


def scored(link_id: str, *scores: float, **fields: Any) -> Json:
    """A choice with options ``o0``, ``o1``, … worth these scores."""
    return choice(link_id, *(option(f"o{place}", score) for place, score in enumerate(scores)), **fields)


def when(question: str, operator: str, **answer: Any) -> Json:
    return {"question": question, "operator": operator, **answer}


def calculated(link_id: str, expression: str, kind: str = "decimal", **fields: Any) -> Json:
    url = "http://hl7.org/fhir/uv/sdc/StructureDefinition/sdc-questionnaire-calculatedExpression"
    formula = {"url": url, "valueExpression": {"language": "text/fhirpath", "expression": expression}}
    return item(link_id, kind, readOnly=True, extension=[formula, *fields.pop("extension", [])], **fields)


def variable(name: str, expression: str) -> Json:
    value = {"name": name, "language": "text/fhirpath", "expression": expression}
    return {"url": FHIR + "variable", "valueExpression": value}


def by(url: str, text: str, **fields: Any) -> Json:
    return {"url": url, "valueExpression": {"language": "text/fhirpath", "expression": text, **fields}}


def asked_when(text: str) -> list[Json]:
    return [by(SDC + "enableWhenExpression", text)]


def filled(q: Questionnaire, answers: Answers, now: datetime | None = None) -> Json:
    return dict(settle(q, lines(q, answers), answers, now).calculated)


def one_of(link_id: str) -> str:
    return f"%resource.item.where(linkId='{link_id}').answer.value"
