"""An invented form of hundreds of questions, as a FHIR document: in sections or in one, with and without formulas."""

from typing import Any

_WORDS = ("Not at all", "Several days", "More than half the days", "Nearly every day")
_ORDINAL = "http://hl7.org/fhir/StructureDefinition/ordinalValue"
_CALCULATED = "http://hl7.org/fhir/uv/sdc/StructureDefinition/sdc-questionnaire-calculatedExpression"
SYSTEM = "urn:bench"


def formula(section: int) -> str:
    """The total of a section, in FHIRPath that the bare engine evaluates as we do."""
    answers = f"%resource.item.where(linkId = 's{section}').item.answer"
    return " + ".join(f"{value} * {answers}.where(value.code = 'a{value}').count()" for value in (1, 2, 3))


def long_form(questions: int, sections: int, *, formulas: bool = True) -> dict[str, Any]:
    """Every third question is asked only after one answer to the one before it; each section has its total."""
    per = questions // sections
    groups = []
    for section in range(sections):
        items = [_question(section * per + at, conditional=at % 3 == 2) for at in range(per)]
        if formulas:
            items.append(
                {
                    "linkId": f"t{section}",
                    "text": f"Total of part {section + 1}",
                    "type": "integer",
                    "readOnly": True,
                    "extension": [
                        {
                            "url": _CALCULATED,
                            "valueExpression": {"language": "text/fhirpath", "expression": formula(section)},
                        }
                    ],
                }
            )
        groups.append({"linkId": f"s{section}", "type": "group", "text": f"Part {section + 1}", "item": items})
    return {"resourceType": "Questionnaire", "status": "active", "url": SYSTEM, "title": "Long", "item": groups}


def _question(number: int, *, conditional: bool) -> dict[str, Any]:
    question: dict[str, Any] = {
        "linkId": f"q{number}",
        "prefix": f"{number + 1}.",
        "text": f"Over the last two weeks, how often did statement {number + 1} describe how things were going?",
        "type": "choice",
        "answerOption": [
            {
                "valueCoding": {"system": SYSTEM, "code": f"a{value}", "display": words},
                "extension": [{"url": _ORDINAL, "valueDecimal": value}],
            }
            for value, words in enumerate(_WORDS)
        ],
    }
    if conditional:
        question["enableWhen"] = [
            {"question": f"q{number - 1}", "operator": "=", "answerCoding": {"system": SYSTEM, "code": "a1"}}
        ]
    return question
