"""Answers as a FHIR R4 QuestionnaireResponse, and back.

What was not asked is left out, as FHIR wants it. A question that was refused, not asked or could not be answered keeps
its item, without an answer and with the standard ``data-absent-reason`` extension: a blank and a refusal look different
to whoever reads the response. See ``docs/decisions/0010-non-answers-in-questionnaire-responses.md``.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from msgspec import Struct

from console.errors import BugError, KnownError
from console.forms.deciding.enablement import Settled, settle
from console.forms.deciding.layout import MAX_OCCURRENCES, Line, key_of, lines, numbered, place_of
from console.forms.deciding.nested import ABSENT, accepts, items_of
from console.forms.document import Json, extensions, objects
from console.forms.model import Answer, Answers, Item, Kind, NonAnswer, Questionnaire, Value
from console.forms.refusals import RefusedForm, one_line
from console.forms.values import fhir_type, is_too_large, option_of, parse, value_of

_MEANINGS = {
    "asked-declined": NonAnswer.REFUSED,
    "not-asked": NonAnswer.NOT_ASKED,
    "not-performed": NonAnswer.NOT_ASKED,
    "asked-unknown": NonAnswer.UNABLE,
    "unknown": NonAnswer.UNABLE,
    "temp-unknown": NonAnswer.UNABLE,
}
ROOT = "QuestionnaireResponse"
_ELSEWHERE = "it stands in another place than in the form"
STATUSES = ("in-progress", "completed", "amended", "entered-in-error", "stopped")
Computed = Mapping[str, int | Decimal | str]
"""The scores that stand, by link id (:func:`.instruments.scoring.computed_values`)."""


def build(
    q: Questionnaire,
    answers: Answers,
    *,
    status: str,
    authored: datetime,
    computed: Computed | None = None,
) -> Json:
    """A QuestionnaireResponse with the answers to every question that is asked.

    Occurrences of a repeating group in which nothing is answered are left out; those behind them move up.
    ``computed`` holds the scores that stand by link id (:func:`.instruments.scoring.computed_values`). A formula that
    gives a score leaves its item without an answer unless it stands among them; a number that no formula fills in is
    left out where its item cannot hold it. What else formulas fill in is calculated here, with ``authored`` for the
    time, which keeps its zone, so that what they say of the day can be checked again.

    Raises :class:`KnownError` when an answer is not of the type its item takes or belongs to no item of the form,
    because either would be lost.
    """
    if status not in STATUSES or authored.tzinfo is None:
        raise BugError("a response needs one of FHIR's statuses and a time with its zone")
    given = _with(q, answers, computed or {})
    strange = [key for key in given if given[key] and place_of(q, key) is None]
    if strange:
        raise KnownError(one_line(f"There are answers to '{strange[0]}', which is not in the form {q.title or q.url}."))
    settled = settle(q, lines(q, given), given, authored)
    given = held_in(q, answers, computed or {}, settled)
    inside: dict[str, list[Line]] = {}
    for line in settled.lines:
        if line.key in settled.on:
            inside.setdefault(line.parent, []).append(line)
    response: Json = {"resourceType": "QuestionnaireResponse"}
    if q.canonical:
        response["questionnaire"] = q.canonical
    response["status"] = status
    response["authored"] = authored.isoformat(timespec="seconds").replace("+00:00", "Z")
    items = items_of(inside, inside.get("", ()), given)
    return response | ({"item": items} if items else {})


def held_in(q: Questionnaire, answers: Answers, computed: Computed, settled: Settled) -> dict[str, tuple[Answer, ...]]:
    """What a response holds of these answers: those, the scores that stand, and what else formulas fill in."""
    held = _with(q, answers, computed)
    open_scores = {one.link_id for one in q.formulas} - computed.keys()
    for line in settled.lines:
        if line.item.calculated:
            held[line.key] = () if line.item.link_id in open_scores else settled.calculated.get(line.key, ())
    return held


def _with(q: Questionnaire, answers: Answers, computed: Computed) -> dict[str, tuple[Answer, ...]]:
    given = dict(answers)
    for link_id, value in computed.items():
        if not isinstance(value, str):
            given[link_id] = (value,) if accepts(q.by_id[link_id], value) else ()
    return given


class Misfit(Struct, frozen=True):
    """Something in a response that is not as the form has it. ``key`` is the place it stands at, when it has one.

    ``where`` is that place in the response itself, as a FHIRPath such as ``QuestionnaireResponse.item[0].answer[1]``.
    """

    key: str
    link_id: str
    text: str
    where: str = ROOT


class Place(Struct, frozen=True):
    """Where answers were read from: the item, and the number of each answer in it, as they are kept under one key."""

    where: str
    numbers: tuple[int, ...] = ()


class Reading(Struct, frozen=True):
    """A response as answers, with what could not be read."""

    answers: dict[str, tuple[Answer, ...]]
    misfits: tuple[Misfit, ...]
    oddities: tuple[Misfit, ...] = ()
    """What was read all the same, although FHIR would have it stand otherwise."""
    places: dict[str, Place] = {}
    """Where in the response each line stands, by key."""


def read(q: Questionnaire, response: Mapping[str, Any]) -> dict[str, tuple[Answer, ...]]:
    """The answers in a response. Raises :class:`KnownError` when any part of it has no place in the form."""
    reading = examine(q, response)
    if reading.misfits:
        first = reading.misfits[0]
        raise KnownError(one_line(f"The response does not fit the form: {first.text} (item {first.link_id})."))
    return reading.answers


def examine(q: Questionnaire, response: Mapping[str, Any]) -> Reading:
    """The answers in a response, and beside them everything that does not fit the form.

    Raises :class:`KnownError` only when the document is no QuestionnaireResponse at all.
    """
    if response.get("resourceType") != "QuestionnaireResponse":
        raise KnownError("The document is not a QuestionnaireResponse.")
    reader = _Reader(q)
    try:
        reader.read(dict(response), "", (), ROOT)
    except RefusedForm as refusal:
        raise KnownError(f"The response cannot be read: {refusal.message}.") from refusal
    return Reading(reader.answers, tuple(reader.misfits), tuple(reader.oddities), reader.places)


class _Reader:
    def __init__(self, q: Questionnaire) -> None:
        self.q = q
        self.answers: dict[str, tuple[Answer, ...]] = {}
        self.misfits: list[Misfit] = []
        self.oddities: list[Misfit] = []
        self.places: dict[str, Place] = {}
        self.position = {link_id: number for number, link_id in enumerate(q.by_id)}

    def read(self, holder: Json, parent: str, around: tuple[int, ...], where: str) -> None:
        met: dict[str, int] = {}
        before = -1
        for index, entry in enumerate(objects(holder, "item", parent)):
            at = f"{where}.item[{index}]"
            link_id = entry.get("linkId")
            if not isinstance(link_id, str) or link_id not in self.q.by_id:
                self.misfits.append(Misfit("", str(link_id), "it is not in the form", at))
                self._lose(entry, at)
                continue
            met[link_id] = met.get(link_id, 0) + 1
            if self.q.parents[link_id] == parent:
                if self.position[link_id] < before:
                    self.oddities.append(Misfit("", link_id, "it stands behind what follows it in the form", at))
                before = self.position[link_id]
            self._read_item(self.q.by_id[link_id], entry, parent, around, met[link_id], at)

    def _read_item(
        self, item: Item, entry: Json, parent: str, around: tuple[int, ...], number: int, where: str
    ) -> None:
        repeated = item.kind is Kind.GROUP and item.repeats
        occurrence = (*around, number) if repeated else around
        key = key_of(item.link_id, occurrence)
        if self.q.parents[item.link_id] != parent:
            self._misfit(key, item, _ELSEWHERE, where)
            self._lose(entry, where)
            return
        if number > (MAX_OCCURRENCES if repeated else 1):
            self._misfit(key, item, "it stands there too often", where)
            self._lose(entry, where)
            return
        self.places[key] = Place(where)
        answers = objects(entry, "answer", item.link_id)
        if not item.is_question:
            if answers:
                self._misfit(key, item, f"a {item.kind} item has an answer", where)
                self._lose({"item": answers}, where)
            self.read(entry, item.link_id, occurrence, where)
            return
        taken = self._read_answers(item, key, entry, answers, where)
        if item.nests:
            self._read_inside(item, key, occurrence, entry, taken, where)
            return
        for index, answer in enumerate(answers):
            self.read(answer, item.link_id, occurrence, f"{where}.answer[{index}]")
        if entry.get("item"):
            text = "what is asked within a question stands beside its answer instead of in it"
            self.oddities.append(Misfit(key, item.link_id, text, where))
        self.read({"item": entry.get("item")}, item.link_id, occurrence, where)

    def _read_inside(
        self, item: Item, key: str, occurrence: tuple[int, ...], entry: Json, taken: Mapping[int, Value], where: str
    ) -> None:
        """The lines in each answer of a question that takes several."""
        answers = objects(entry, "answer")
        numbers = [number for number, _ in numbered(item, taken.values())]
        for place, (index, number) in enumerate(zip(taken, numbers, strict=True)):
            at = f"{where}.answer[{index}]"
            if number in numbers[:place]:
                self._misfit(key, item, "one answer stands there twice", at)
                self._lose({"item": [answers[index]]}, at)
            else:
                self.read(answers[index], item.link_id, (*occurrence, number), at)
        unread = [answer for index, answer in enumerate(answers) if index not in taken and "item" in answer]
        if unread or "item" in entry:
            self._misfit(key, item, "it has lines that belong to none of its answers", where)
            self._lose({"item": [*unread, {"item": entry.get("item")}]}, where)

    def _read_answers(self, item: Item, key: str, entry: Json, answers: Iterable[Json], where: str) -> dict[int, Value]:
        """Keep the answers of a question; those that could be read, by where they stand among them."""
        held: list[Answer] = []
        taken: dict[int, Value] = {}
        for index, answer in enumerate(answers):
            at = f"{where}.answer[{index}]"
            found = value_of(answer)
            if found is None:
                if any(name.startswith("value") for name in answer):
                    self._misfit(key, item, "an answer has two values", at)
                elif "item" not in answer:
                    self._misfit(key, item, "an answer has no value", at)
                continue
            if _withheld(answer):
                self._misfit(key, item, "an answer has a value and a reason for having none", at)
                continue
            value = parse(*found)
            if isinstance(value, int) and not isinstance(value, bool) and item.kind is Kind.DECIMAL:
                value = Decimal(value)
                if found[0] != "Decimal":
                    text = "a whole number answers a question of type decimal; FHIR has it as valueDecimal"
                    self.oddities.append(Misfit(key, item.link_id, text, at))
            text_of_another_kind = isinstance(value, str) and found[0] != fhir_type(value, item.kind)
            if value is None or text_of_another_kind or not accepts(item, value):
                text = f"a value of type {one_line(found[0])} is no answer to a question of type {item.kind}"
                if is_too_large(value):
                    text = "the number is too large"
                self._misfit(key, item, text, at)
                continue
            held.append(value)
            taken[index] = value
        absent = [_MEANINGS.get(str(e.get("valueCode"))) for e in extensions(entry, ABSENT)]
        reason = next((meaning for meaning in absent if meaning), None)
        if reason and held:
            self._misfit(key, item, "it has an answer and a reason for having none", where)
        elif reason:
            held = [reason]
        if held:
            self.answers[key] = tuple(held)
            self.places[key] = Place(where, tuple(taken))
        return taken

    def _lose(self, entry: Json, where: str) -> None:
        """Name every item of the form inside an entry that cannot be read: it may say something else there."""
        waiting = [entry]
        while waiting:
            for inner in _below(waiting.pop()):
                link_id = inner.get("linkId")
                if isinstance(link_id, str) and link_id in self.q.by_id:
                    self._misfit("", self.q.by_id[link_id], _ELSEWHERE, where)
                waiting.append(inner)

    def _misfit(self, key: str, item: Item, text: str, where: str) -> None:
        self.misfits.append(Misfit(key, item.link_id, text, where))


def _withheld(answer: Json) -> bool:
    """Whether an answer says of its value that there is none."""
    holders = (answer, *(held for key, held in answer.items() if key.lstrip("_").startswith("value")))
    return any(extensions(holder, ABSENT) for holder in holders if isinstance(holder, dict))


def _below(entry: Json) -> Iterator[Json]:
    """The items right inside an item, its answers' among them."""
    yield from objects(entry, "item")
    for answer in objects(entry, "answer"):
        yield from objects(answer, "item")


def unusable(response: Mapping[str, Any]) -> str:
    """Why a response may not be used whatever it answers; empty when nothing speaks against it.

    FHIR forbids the use of an element with a modifier extension that is not known: it may turn the meaning round.
    """
    if response.get("status") == "entered-in-error":
        return "the response is marked as entered in error"
    waiting = [dict(response)]
    while waiting:
        entry = waiting.pop()
        if any(each.get("modifierExtension") for each in (entry, *objects(entry, "answer"))):
            return "the response has a modifier extension, which may change what it means and is not known here"
        waiting += _below(entry)
    return ""


def scores_disagree(item: Item, given: Iterable[Answer]) -> bool:
    """Whether a stored answer carries another score than the form gives its option."""
    for answer in given:
        option = None if isinstance(answer, NonAnswer) else option_of(item, answer)
        stored = getattr(answer, "score", None)
        if option is not None and stored is not None and stored != option.score:
            return True
    return False
