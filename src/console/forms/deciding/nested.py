"""Answers as the nested items of a FHIR R4 QuestionnaireResponse."""

from collections.abc import Iterable, Mapping

from msgspec.structs import replace

from console.errors import KnownError
from console.forms.deciding.layout import Line, numbered
from console.forms.document import FHIR, Json
from console.forms.fhirpath import marked
from console.forms.model import Answers, Coding, Item, Kind, NonAnswer, Value
from console.forms.refusals import one_line
from console.forms.values import SCORE_URLS, clean, encode, fits, is_too_large, kept_number, option_of

ABSENT = FHIR + "data-absent-reason"
_CODES = {
    NonAnswer.REFUSED: "asked-declined",
    NonAnswer.NOT_ASKED: "not-asked",
    NonAnswer.UNABLE: "asked-unknown",
}


def items_of(
    inside: Mapping[str, list[Line]], standing: Iterable[Line], answers: Answers, made: dict[str, Json] | None = None
) -> list[Json]:
    """The items for these lines. ``inside`` has the lines to be written by the key of the line they stand in.

    ``made`` is told which item each line became, by its key: they are for formulas, and say so of what is in them.

    Raises :class:`KnownError` when an answer is not of the type its item takes.
    """
    found = []
    for line in standing:
        item = _item(inside, line, answers, made) if line.item.kind is not Kind.DISPLAY else None
        if item is not None:
            if made is not None:
                made[line.key] = item = marked(line.item.link_id, item)
            found.append(item)
    return found


def _item(inside: Mapping[str, list[Line]], line: Line, answers: Answers, made: dict[str, Json] | None) -> Json | None:
    item: Json = {"linkId": line.item.link_id}
    if line.item.text.strip():
        item["text"] = clean(line.item.text)
    given = answers.get(line.key, ())
    own: dict[int, list[Line]] = {}  # the lines in it, by the number of the answer they belong to
    for each in inside.get(line.key, ()):
        own.setdefault(each.occurrence[len(line.occurrence)] if line.item.nests else 0, []).append(each)
    nested = items_of(inside, own.get(0, ()), answers, made)
    if not line.item.is_question:
        return item | {"item": nested} if nested else None
    for answer in given:
        if isinstance(answer, NonAnswer):
            item["extension"] = [{"url": ABSENT, "valueCode": _CODES[answer]}]
    held = []
    for number, value in numbered(line.item, given):
        below = items_of(inside, own.pop(number, ()), answers, made)
        held.append(_checked(line.item, value, made is not None) | ({"item": below} if below else {}))
    if nested:
        held = [{**(held[0] if held else {}), "item": nested}, *held[1:]]
    if held:
        item["answer"] = held
    return item if held or "extension" in item else None


def _checked(item: Item, value: Value, for_formulas: bool) -> Json:
    if not accepts(item, value):
        raise KnownError(
            one_line(f"The answer to '{item.link_id}' is not one that a question of type {item.kind} can hold.")
        )
    option = option_of(item, value)
    if isinstance(value, Coding) and option is not None and isinstance(option.value, Coding) and value.score is None:
        value = replace(value, score=option.value.score, score_url=option.value.score_url)  # formulas read it here
    answer = encode(value, item.kind)
    if option is None:
        return answer
    kept = [kept_number(url, number) for url, number in option.numbers]
    if isinstance(value, Coding):
        held = answer["valueCoding"]
        return {"valueCoding": {"extension": [*held.pop("extension", ()), *kept], **held}} if kept else answer
    if for_formulas:
        kept += [kept_number(SCORE_URLS[0], option.score)] if option.score is not None else []
        return {**answer, "extension": kept} if kept else answer
    return answer


def accepts(item: Item, value: Value) -> bool:
    """Whether the value's type is one this item takes (whether it is one of the options is another question)."""
    of_options = any(type(option.value) is type(value) for option in item.options)
    return fits(item.kind, value) or (of_options and not is_too_large(value))
