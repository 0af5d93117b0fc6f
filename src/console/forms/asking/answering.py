"""Putting an answer in its place: what one key press does to the answers."""

from datetime import datetime

from console.forms.deciding.enablement import settle
from console.forms.deciding.filling import fitted, is_ready
from console.forms.deciding.layout import Line, lines, numbered, place_of, renumbered
from console.forms.deciding.logic import Situation
from console.forms.fhirpath import Unevaluable
from console.forms.model import Answer, Answers, Item, NonAnswer, Questionnaire, Value
from console.forms.values import equal, option_of


def initial_answers(q: Questionnaire, now: datetime | None = None) -> dict[str, tuple[Answer, ...]]:
    """The answers a form starts with, where it gives any. ``now`` is the time for formulas that ask for it."""
    found: dict[str, tuple[Answer, ...]] = {}
    while True:  # an answer brings lines of its own, which may start with answers again
        situation = settle(q, lines(q, found), found, now).situation
        new = {}
        for link_id in q.order:  # what a formula looks at comes before it
            for line in situation.by_item.get(link_id, ()):
                held = found.get(line.key) or _initial(q, line, situation)
                if held:
                    new[line.key] = situation.answers[line.key] = held
        if new.keys() <= found.keys():
            return found
        found = new | found


def _initial(q: Questionnaire, line: Line, situation: Situation) -> tuple[Value, ...]:
    item = line.item
    expression = item.expressions.initial
    if not item.is_question or item.calculated:
        return ()
    if item.initial or expression is None or not is_ready(q, expression, situation):
        return item.initial
    try:
        return fitted(item, q.logic.values(expression, line, situation))
    except Unevaluable:
        return ()


def answered(q: Questionnaire, answers: Answers, key: str, answer: Answer | None) -> dict[str, tuple[Answer, ...]]:
    """The answers after ``answer`` was given to the question at ``key``; ``None`` clears it.

    A question that takes one answer is overwritten. One that takes several adds the answer, or takes it away when it
    was there already; an exclusive option, refused, not asked and unable stand alone. Keys the form does not have are
    a mistake of the caller and raise :class:`KeyError`.
    """
    place = place_of(q, key)
    if place is None:
        raise KeyError(key)
    return put(q, answers, key, _after(q.by_id[place[0]], answers.get(key, ()), answer))


def put(q: Questionnaire, answers: Answers, key: str, given: tuple[Answer, ...]) -> dict[str, tuple[Answer, ...]]:
    """The answers when the question at ``key`` holds ``given`` and nothing else.

    What was said about a typed answer goes with it: it moves up when one before it is taken away, and is gone with its
    own. What was said about an option is kept, for it may be chosen again.
    """
    place = place_of(q, key)
    if place is None:
        raise KeyError(key)
    item = q.by_id[place[0]]
    after = {name: held for name, held in answers.items() if name != key} | ({key: given} if given else {})
    if not item.nests:
        return after
    typed = len(item.options)
    left = [(number, value) for number, value in numbered(item, given) if number > typed]
    goes: dict[int, int | None] = {}
    for number, value in numbered(item, answers.get(key, ())):
        if number > typed:
            same = next((each for each in left if equal(each[1], value)), None)
            goes[number] = same[0] if same else None
            left = [each for each in left if each is not same]
    return renumbered(q, after, place, goes)


def _after(item: Item, before: tuple[Answer, ...], answer: Answer | None) -> tuple[Answer, ...]:
    if answer is None:
        return ()
    if isinstance(answer, NonAnswer) or not item.repeats:
        return (answer,)
    rest = tuple(given for given in before if not isinstance(given, NonAnswer) and not equal(given, answer))
    if len(rest) < len([given for given in before if not isinstance(given, NonAnswer)]):
        return rest
    option = option_of(item, answer)
    if option and option.exclusive:
        return (answer,)
    return (*(given for given in rest if not _exclusive(item, given)), answer)


def _exclusive(item: Item, given: Answer) -> bool:
    option = None if isinstance(given, NonAnswer) else option_of(item, given)
    return option is not None and option.exclusive
