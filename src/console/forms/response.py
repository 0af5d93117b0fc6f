"""Answers as a FHIR R4 QuestionnaireResponse, and back.

What was not asked is left out, as FHIR wants it. A question that was refused, not asked or could not be answered keeps
its item, without an answer and with the standard ``data-absent-reason`` extension: a blank and a refusal look different
to whoever reads the response. See ``docs/decisions/0010-non-answers-in-questionnaire-responses.md``.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from msgspec import Struct

from console.errors import BugError, KnownError
from console.forms.document import Json, extensions, objects
from console.forms.enablement import enabled_lines
from console.forms.layout import MAX_OCCURRENCES, Line, key_of, lines, numbered, place_of
from console.forms.model import Answer, Answers, Item, Kind, NonAnswer, Questionnaire, Value
from console.forms.refusals import RefusedForm, one_line
from console.forms.values import FHIR, clean, encode, fhir_type, fits, option_of, parse, value_of

ABSENT = FHIR + "data-absent-reason"
_CODES = {
    NonAnswer.REFUSED: "asked-declined",
    NonAnswer.NOT_ASKED: "not-asked",
    NonAnswer.UNABLE: "asked-unknown",
}
_MEANINGS = {
    "asked-declined": NonAnswer.REFUSED,
    "not-asked": NonAnswer.NOT_ASKED,
    "not-performed": NonAnswer.NOT_ASKED,
    "asked-unknown": NonAnswer.UNABLE,
    "unknown": NonAnswer.UNABLE,
    "temp-unknown": NonAnswer.UNABLE,
}
_ELSEWHERE = "it stands in another place than in the form"
STATUSES = ("in-progress", "completed", "amended", "entered-in-error", "stopped")


def build(
    q: Questionnaire,
    answers: Answers,
    *,
    status: str,
    authored: datetime,
    computed: Mapping[str, int | Decimal] | None = None,
) -> Json:
    """A QuestionnaireResponse with the answers to every question that is asked.

    Occurrences of a repeating group in which nothing is answered are left out; those behind them move up.
    ``computed`` holds values for calculated items by link
    id (see :func:`console.forms.scoring.computed_values`). Raises :class:`KnownError` when an answer is not of the type
    its item takes or belongs to no item of the form, because either would be lost.
    """
    if status not in STATUSES or authored.tzinfo is None:
        raise BugError("a response needs one of FHIR's statuses and a time with its zone")
    given = dict(answers)
    for link_id, value in (computed or {}).items():
        given[link_id] = (value,)
    strange = [key for key in given if given[key] and place_of(q, key) is None]
    if strange:
        raise KnownError(one_line(f"There are answers to '{strange[0]}', which is not in the form {q.title or q.url}."))
    standing = lines(q, given)
    on = enabled_lines(q, standing, given)
    inside: dict[str, list[Line]] = {}
    for line in standing:
        if line.key in on:
            inside.setdefault(line.parent, []).append(line)
    response: Json = {"resourceType": "QuestionnaireResponse"}
    if q.canonical:
        response["questionnaire"] = q.canonical
    response["status"] = status
    response["authored"] = authored.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
    items = _items(inside, inside.get("", ()), given)
    return response | ({"item": items} if items else {})


def _items(inside: Mapping[str, list[Line]], standing: Iterable[Line], answers: Answers) -> list[Json]:
    built = (_item(inside, line, answers) for line in standing if line.item.kind is not Kind.DISPLAY)
    return [item for item in built if item]


def _item(inside: Mapping[str, list[Line]], line: Line, answers: Answers) -> Json | None:
    item: Json = {"linkId": line.item.link_id}
    if line.item.text.strip():
        item["text"] = clean(line.item.text)
    given = answers.get(line.key, ())
    own: dict[int, list[Line]] = {}  # the lines in it, by the number of the answer they belong to
    for each in inside.get(line.key, ()):
        own.setdefault(each.occurrence[len(line.occurrence)] if line.item.nests else 0, []).append(each)
    nested = _items(inside, own.get(0, ()), answers)
    if not line.item.is_question:
        return item | {"item": nested} if nested else None
    for answer in given:
        if isinstance(answer, NonAnswer):
            item["extension"] = [{"url": ABSENT, "valueCode": _CODES[answer]}]
    held = []
    for number, value in numbered(line.item, given):
        below = _items(inside, own.pop(number, ()), answers)
        held.append(_checked(line.item, value) | ({"item": below} if below else {}))
    if nested:
        held = [{**(held[0] if held else {}), "item": nested}, *held[1:]]
    if held:
        item["answer"] = held
    return item if held or "extension" in item else None


def _checked(item: Item, value: Value) -> Json:
    if not accepts(item, value):
        raise KnownError(
            one_line(f"The answer to '{item.link_id}' is not one that a question of type {item.kind} can hold.")
        )
    return encode(value, item.kind)


def accepts(item: Item, value: Value) -> bool:
    """Whether the value's type is one this item takes (whether it is one of the options is another question)."""
    return fits(item.kind, value) or any(type(option.value) is type(value) for option in item.options)


class Misfit(Struct, frozen=True):
    """Something in a response that could not be taken over. ``key`` is the place it stands at, when it has one."""

    key: str
    link_id: str
    text: str


class Reading(Struct, frozen=True):
    """A response as answers, with what could not be read."""

    answers: dict[str, tuple[Answer, ...]]
    misfits: tuple[Misfit, ...]


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
        reader.read(dict(response), "", ())
    except RefusedForm as refusal:
        raise KnownError(f"The response cannot be read: {refusal.message}.") from refusal
    return Reading(reader.answers, tuple(reader.misfits))


class _Reader:
    def __init__(self, q: Questionnaire) -> None:
        self.q = q
        self.answers: dict[str, tuple[Answer, ...]] = {}
        self.misfits: list[Misfit] = []

    def read(self, holder: Json, parent: str, around: tuple[int, ...]) -> None:
        met: dict[str, int] = {}
        for entry in objects(holder, "item", parent):
            link_id = entry.get("linkId")
            if not isinstance(link_id, str) or link_id not in self.q.by_id:
                self.misfits.append(Misfit("", str(link_id), "it is not in the form"))
                self._lose(entry)
                continue
            met[link_id] = met.get(link_id, 0) + 1
            self._read_item(self.q.by_id[link_id], entry, parent, around, met[link_id])

    def _read_item(self, item: Item, entry: Json, parent: str, around: tuple[int, ...], number: int) -> None:
        repeated = item.kind is Kind.GROUP and item.repeats
        occurrence = (*around, number) if repeated else around
        key = key_of(item.link_id, occurrence)
        if self.q.parents[item.link_id] != parent:
            self._misfit(key, item, _ELSEWHERE)
            self._lose(entry)
            return
        if number > (MAX_OCCURRENCES if repeated else 1):
            self._misfit(key, item, "it stands there too often")
            self._lose(entry)
            return
        answers = objects(entry, "answer", item.link_id)
        if not item.is_question:
            if answers:
                self._misfit(key, item, f"a {item.kind} item has an answer")
                self._lose({"item": answers})
            self.read(entry, item.link_id, occurrence)
            return
        taken = self._read_answers(item, key, entry, answers)
        if item.nests:
            self._read_inside(item, key, occurrence, entry, taken)
            return
        for answer in answers:
            self.read(answer, item.link_id, occurrence)
        self.read({"item": entry.get("item")}, item.link_id, occurrence)

    def _read_inside(
        self, item: Item, key: str, occurrence: tuple[int, ...], entry: Json, taken: list[tuple[Json, Value]]
    ) -> None:
        """The lines in each answer of a question that takes several."""
        numbers = [number for number, _ in numbered(item, [value for _, value in taken])]
        for place, ((answer, _), number) in enumerate(zip(taken, numbers, strict=True)):
            if number in numbers[:place]:
                self._misfit(key, item, "one answer stands there twice")
                self._lose({"item": [answer]})
            else:
                self.read(answer, item.link_id, (*occurrence, number))
        read = [id(answer) for answer, _ in taken]
        unread = [answer for answer in objects(entry, "answer") if id(answer) not in read and "item" in answer]
        if unread or "item" in entry:
            self._misfit(key, item, "it has lines that belong to none of its answers")
            self._lose({"item": [*unread, {"item": entry.get("item")}]})

    def _read_answers(self, item: Item, key: str, entry: Json, answers: Iterable[Json]) -> list[tuple[Json, Value]]:
        """Keep the answers of a question; those that could be read, with their JSON."""
        held: list[Answer] = []
        taken: list[tuple[Json, Value]] = []
        for answer in answers:
            found = value_of(answer)
            if found is None:
                if any(name.startswith("value") for name in answer):
                    self._misfit(key, item, "an answer has two values")
                elif "item" not in answer:
                    self._misfit(key, item, "an answer has no value")
                continue
            value = parse(*found)
            if isinstance(value, int) and not isinstance(value, bool) and item.kind is Kind.DECIMAL:
                value = Decimal(value)
            text_of_another_kind = isinstance(value, str) and found[0] != fhir_type(value, item.kind)
            if value is None or text_of_another_kind or not accepts(item, value):
                self._misfit(key, item, f"a value of type {found[0]} is no answer to a question of type {item.kind}")
                continue
            held.append(value)
            taken.append((answer, value))
        absent = [_MEANINGS.get(str(e.get("valueCode"))) for e in extensions(entry, ABSENT)]
        reason = next((meaning for meaning in absent if meaning), None)
        if reason and held:
            self._misfit(key, item, "it has an answer and a reason for having none")
        elif reason:
            held = [reason]
        if held:
            self.answers[key] = tuple(held)
        return taken

    def _lose(self, entry: Json) -> None:
        """Name every item of the form inside an entry that cannot be read: it may say something else there."""
        waiting = [entry]
        while waiting:
            for inner in _below(waiting.pop()):
                link_id = inner.get("linkId")
                if isinstance(link_id, str) and link_id in self.q.by_id:
                    self._misfit("", self.q.by_id[link_id], _ELSEWHERE)
                waiting.append(inner)

    def _misfit(self, key: str, item: Item, text: str) -> None:
        self.misfits.append(Misfit(key, item.link_id, text))


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
