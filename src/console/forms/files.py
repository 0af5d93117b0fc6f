"""What the commands say about form files: one flat, printable answer each."""

from decimal import Decimal
from pathlib import Path
from typing import Any

import msgspec

from console.errors import KnownError
from console.forms.checking.conformance import outcome
from console.forms.document import decode
from console.forms.instruments.results import Score
from console.forms.instruments.scoring import score
from console.forms.library import Library, open_form, read_bytes, shipped
from console.forms.reading.loading import load
from console.forms.refusals import RefusedForm


def check(path: Path, library: Library | None = None) -> dict[str, Any]:
    """Whether a file is a form this program takes: ``{"file", "status", "reason", "items", "scores"}``.

    ``status`` is ``ok`` or ``refused``; ``reason`` is ``None`` when ok; ``items`` counts all items and ``scores`` the
    results :func:`score_files` would give; ``reworded`` is there, and says where, when the words are not the published
    ones of the instrument that scores it. Raises :class:`KnownError` only when the file itself cannot be read.
    """
    row: dict[str, Any] = {"file": str(path), "status": "ok", "reason": None, "items": 0, "scores": 0}
    try:
        form = open_form(path, library or shipped())
    except RefusedForm as refusal:
        return row | {"status": "refused", "reason": refusal.message}
    found = score(form.questionnaire, {}, form.bound)
    row |= {"items": len(form.questionnaire.by_id), "scores": len(found)}
    reworded = form.bound.reworded if form.bound else ()
    return row | {"reworded": [msgspec.to_builtins(each) for each in reworded]} if reworded else row


def score_files(questionnaire: Path, response: Path, library: Library | None = None) -> dict[str, Any]:
    """The scores of a QuestionnaireResponse file: ``{"scores": [{"name", "linkId", "value", "reason", "band"}]}``.

    Raises :class:`KnownError` with one line when either file is not what it should be.
    """
    try:
        form = open_form(questionnaire, library or shipped())
    except RefusedForm as refusal:
        raise KnownError(f"{questionnaire} is refused: {refusal.message}.") from refusal
    document = _response(response)
    try:
        found = score(form.questionnaire, document, form.bound)
    except KnownError as error:
        raise KnownError(f"{response}: {error.message}") from error
    return {"scores": [_printable(one) for one in found]}


def validate_files(questionnaire: Path, response: Path, library: Library | None = None) -> dict[str, Any]:
    """The OperationOutcome of a QuestionnaireResponse file, see :func:`console.forms.checking.conformance.outcome`.

    The form need not be one that could be asked here. Raises :class:`KnownError` with one line when either file is not
    what it should be.
    """
    try:
        q = load(read_bytes(questionnaire), value_sets=(library or shipped()).value_sets, asked=False)
    except RefusedForm as refusal:
        raise KnownError(f"{questionnaire} is refused: {refusal.message}.") from refusal
    return outcome(q, _response(response))


def _response(path: Path) -> dict[str, Any]:
    try:
        document = decode(read_bytes(path))
    except RefusedForm as refusal:
        raise KnownError(f"{path} is not a QuestionnaireResponse: {refusal.message}.") from refusal
    if document.get("resourceType") != "QuestionnaireResponse":
        raise KnownError(f"{path}: it is not a QuestionnaireResponse.")
    return document


def _printable(one: Score) -> dict[str, Any]:
    value = float(one.value) if isinstance(one.value, Decimal) else one.value
    return {"name": one.name, "linkId": one.link_id, "value": value, "reason": one.reason, "band": one.band}
