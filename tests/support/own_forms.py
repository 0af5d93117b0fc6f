"""Forms that a center of the test brings itself: small, whole, and the same every time."""

import json
from pathlib import Path
from typing import Any
from uuid import UUID

from console.actions import instruments
from console.actions.instruments import Permit
from console.forms import load
from console.forms.library import Form, Package, installed, open_package
from console.models.instrument import INSTRUMENT, InstrumentState, instrument_subject
from console.models.sign_in import SignIn
from console.models.store import subjects
from console.models.store.desk import Desk

URL = "http://example.org/calm-down"
PERMIT = Permit("The authors", "2026-05-01", "letter in folder 12")


def document(version: str = "1", title: str = "Calm-down check", url: str = URL, **more: Any) -> dict[str, Any]:
    """A Questionnaire with two scored questions."""
    options = [
        {
            "valueCoding": {
                "code": f"c{score}",
                "display": words,
                "extension": [
                    {"url": "http://hl7.org/fhir/StructureDefinition/ordinalValue", "valueDecimal": score},
                ],
            }
        }
        for score, words in enumerate(("No", "Somewhat", "Yes"))
    ]
    return {
        "resourceType": "Questionnaire",
        "url": url,
        "version": version,
        "title": title,
        "status": "active",
        "copyright": "© the authors. Ask before you copy.",
        "item": [
            {"linkId": "breath", "text": f"Breathing slowed (version {version})", "type": "choice"}
            | {"answerOption": options},
            {"linkId": "voice", "text": "Voice is calmer", "type": "choice", "answerOption": options},
        ],
    } | more


def write(folder: Path, name: str = "calm-down", **more: Any) -> Path:
    """The file of such a form."""
    path = folder / f"{name}.json"
    path.write_text(json.dumps(document(**more), indent=2), encoding="utf-8")
    return path


def describe(folder: Path, version: str, high: int, name: str = "calm-down") -> Path:
    """The file of such a form with a key beside it, which calls totals from ``high`` on HIGH."""
    path = write(folder, name)
    q = load(path.read_bytes())
    bands = [{"from": 0, "to": high - 1, "label": "low"}, {"from": high, "to": 4, "label": "HIGH"}]
    key = {
        "name": name,
        "title": "Calm",
        "version": version,
        "questionnaire": q.canonical,
        "questionnaireSha256": q.sha256,
        "rights": {"notice": "© the authors"},
        "provenance": {"authored": "by the authors"},
        "scores": [{"type": "sum", "name": "Calm total", "items": ["breath", "voice"], "bands": bands}],
    }
    (folder / f"{name}.instrument.json").write_text(json.dumps(key), encoding="utf-8")
    return path


def package(folder: Path, name: str = "calm-down", **more: Any) -> Package:
    """Such a form as it is brought in."""
    return open_package(write(folder, name, **more), installed())


def bring(desk: Desk, who: SignIn, folder: Path, name: str = "calm-down", **more: Any) -> Form:
    """Import such a form with a permission record; returns it as it is offered then."""
    brought = package(folder, name, **more)
    instruments.import_form(desk, who, brought, name, PERMIT)
    return brought.form.own(name)


def decided(desk: Desk, name: str = "calm-down") -> InstrumentState:
    """What the center decided about an instrument."""
    with desk.store.read() as connection:
        found = subjects.state(connection, INSTRUMENT, instrument_subject(desk.center, name))
    assert found is not None
    assert found.state is not None
    return found.state


def why_not(desk: Desk, user: UUID, name: str = "calm-down") -> str:
    """Why a person cannot begin an instrument; "" when they can."""
    from console.queries.library import askable

    with desk.store.read() as connection:
        return next(each.why_not for each in askable(desk, connection, user) if each.name == name)


def write_reworded(folder: Path, name: str = "ours") -> Path:
    """The file of a PHQ-9 whose second question asks something else."""
    q = json.loads(json.dumps(installed().forms["phq-9"].questionnaire.raw))
    q |= {"url": "http://example.org/ours", "title": "Our PHQ-9"}
    q["item"][0]["item"][1]["text"] = "Feeling a bit low"
    path = folder / f"{name}.json"
    path.write_text(json.dumps(q), encoding="utf-8")
    return path


def write_uncoded(folder: Path, name: str = "screener") -> Path:
    """The file of a screener of seven questions that says by no code what it is, and answers in its own words."""
    options = [{"valueString": "Ja"}, {"valueString": "Gar nicht"}]
    texts = ("Wish?", "Thoughts?", "How?", "Intent?", "Plan?", "Ever done?")
    items = [
        {"linkId": f"q{number}", "prefix": f"{number}.", "text": text, "type": "choice", "answerOption": options}
        for number, text in enumerate(texts, start=1)
    ]
    items.append({"linkId": "lately", "text": "Was that lately?", "type": "choice", "answerOption": options})
    path = folder / f"{name}.json"
    form = {"resourceType": "Questionnaire", "url": "http://example.org/screener", "title": "Our screener"}
    path.write_text(json.dumps(form | {"status": "active", "item": items}), encoding="utf-8")
    return path
