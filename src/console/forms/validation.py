"""Whether given answers satisfy the form: one small check per rule, each naming the question it is about.

Only questions that are asked are checked: ``required`` does not apply to what is disabled. Refused, not asked and
unable satisfy ``required``: the question was dealt with.
"""

from collections.abc import Callable, Iterable, Iterator
from decimal import Decimal
from enum import StrEnum

from msgspec import Struct

from console.forms.enablement import enabled_lines, not_in
from console.forms.layout import Line, lines, place_of
from console.forms.model import Answer, Answers, Date, DateTime, Item, Kind, NonAnswer, Questionnaire, Time, Value
from console.forms.response import accepts
from console.forms.values import is_date, is_date_time, is_time, option_of, order, values

_INTEGER = 2**31
_DIGITS = 15


class Severity(StrEnum):
    """FHIR's issue severities, as far as they are used here."""

    ERROR = "error"
    WARNING = "warning"


class Issue(Struct, frozen=True):
    """One thing wrong. ``key`` is the place, ``link_id`` the item; the text never repeats the answer."""

    key: str
    link_id: str
    severity: Severity
    text: str


def validate(q: Questionnaire, answers: Answers) -> tuple[Issue, ...]:
    """Everything wrong with these answers, in the order of the form; empty when they could be signed."""
    standing = lines(q, answers)
    on = enabled_lines(q, standing, answers)
    found = [_issue(key, key, "it is not in the form") for key in answers if place_of(q, key) is None]
    for line in standing:
        given = answers.get(line.key, ())
        if line.key not in on:
            if given:
                text = "it is not asked with these answers; its own answer will be left out"
                found.append(_issue(line.key, line.item.link_id, text, Severity.WARNING))
        elif line.item.is_question:
            found += _question(line, given)
        elif given:
            found.append(_issue(line.key, line.item.link_id, f"a {line.item.kind} item takes no answer"))
    there = {line.key for line in standing}
    for key in not_in(q, answers, on):
        if key not in there and (place := place_of(q, key)):
            found.append(_issue(key, place[0], "it belongs to an answer that is not given", Severity.WARNING))
    return (*found, *_groups(standing, on, answers))


def _issue(key: str, link_id: str, text: str, severity: Severity = Severity.ERROR) -> Issue:
    return Issue(key, link_id, severity, text)


def _question(line: Line, given: tuple[Answer, ...]) -> Iterator[Issue]:
    item = line.item
    held = values(given)
    for text in _counts(item, given, held):
        yield _issue(line.key, item.link_id, text)
    for value in held:
        if not accepts(item, value):
            yield _issue(line.key, item.link_id, f"the answer is not of the type {item.kind}")
            continue
        for check in _CHECKS:
            for text in check(item, value):
                yield _issue(line.key, item.link_id, text)


def _counts(item: Item, given: tuple[Answer, ...], held: tuple[Value, ...]) -> Iterator[str]:
    """How many answers there are: required, repeats, and a reason for none beside an answer."""
    reasons = [answer for answer in given if isinstance(answer, NonAnswer)]
    by_hand = not (item.hidden or item.read_only or item.calculated)
    least = item.min_occurs if item.min_occurs is not None else 1
    if item.required and by_hand and not held and not reasons:
        yield "an answer is required"
    elif held and len(held) < least:
        yield f"at least {least} answers are needed"
    if reasons and (held or len(reasons) > 1):
        yield "it is answered and marked as not answered at once"
    if len(held) > 1 and not item.repeats:
        yield "it takes one answer"
    if item.repeats and item.max_occurs is not None and len(held) > item.max_occurs:
        yield f"at most {item.max_occurs} answers are allowed"
    exclusive = [option_of(item, value) for value in held]
    if len(held) > 1 and any(option is not None and option.exclusive for option in exclusive):
        yield "an option that excludes all others is chosen together with others"


def _well_formed(item: Item, value: Value) -> Iterator[str]:
    match value:
        case Date() if not is_date(value.text):
            yield "the date does not exist"
        case DateTime() if not is_date_time(value.text):
            yield "the date and time do not exist"
        case Time() if not is_time(value.text):
            yield "the time does not exist"
        case bool():
            return
        case int() if item.kind is Kind.INTEGER and not -_INTEGER <= value < _INTEGER:
            yield "the number is too large"
        case Decimal() if len(value.normalize().as_tuple().digits) > _DIGITS:
            yield f"the number has more than {_DIGITS} digits"


def _length(item: Item, value: Value) -> Iterator[str]:
    if isinstance(value, str):
        if item.max_length is not None and len(value) > item.max_length:
            yield f"the text is longer than {item.max_length} characters"
        if item.min_length is not None and len(value) < item.min_length:
            yield f"the text is shorter than {item.min_length} characters"


def _range(item: Item, value: Value) -> Iterator[str]:
    if item.minimum is not None and order(value, item.minimum) == -1:
        yield f"the value is below {_written(item.minimum)}"
    if item.maximum is not None and order(value, item.maximum) == 1:
        yield f"the value is above {_written(item.maximum)}"


def _written(bound: Decimal | Date | DateTime | Time) -> str:
    return f"{bound:f}" if isinstance(bound, Decimal) else bound.text


def _membership(item: Item, value: Value) -> Iterator[str]:
    if not item.options or option_of(item, value) is not None:
        return
    if item.kind is not Kind.OPEN_CHOICE:
        yield "the answer is not one of the options"
    elif not isinstance(value, str) and any(type(option.value) is type(value) for option in item.options):
        yield "the answer is a code that is not one of the options; anything else is given as text"


_CHECKS: tuple[Callable[[Item, Value], Iterable[str]], ...] = (_well_formed, _length, _range, _membership)


def _groups(standing: tuple[Line, ...], on: frozenset[str], answers: Answers) -> Iterator[Issue]:
    """Required groups must hold something; repeating ones must stand as often as the form allows."""
    filled = {line.key for line in standing if line.key in on and answers.get(line.key)}
    parents = {line.key: line.parent for line in standing}
    for key in list(filled):
        while key := parents[key]:
            filled.add(key)
    counts: dict[tuple[str, tuple[int, ...]], int] = {}
    for line in standing:
        item = line.item
        if item.kind is not Kind.GROUP or line.key not in on:
            continue
        first = not item.repeats or line.occurrence[-1] == 1
        if item.required and not item.hidden and first and line.key not in filled:
            yield _issue(line.key, item.link_id, "something in this group must be answered")
        if item.repeats and line.key in filled:
            around = (item.link_id, line.occurrence[:-1])
            counts[around] = counts.get(around, 0) + 1
            if item.max_occurs is not None and counts[around] == item.max_occurs + 1:
                yield _issue(line.key, item.link_id, f"this group may stand {item.max_occurs} times")
