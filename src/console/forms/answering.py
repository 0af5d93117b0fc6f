"""Putting an answer in its place: what one key press does to the answers."""

from console.forms.layout import lines, place_of
from console.forms.model import Answer, Answers, Item, NonAnswer, Questionnaire
from console.forms.values import equal, option_of


def initial_answers(q: Questionnaire) -> dict[str, tuple[Answer, ...]]:
    """The answers a form starts with, where it gives any."""
    return {line.key: line.item.initial for line in lines(q, {}) if line.item.is_question and line.item.initial}


def answered(q: Questionnaire, answers: Answers, key: str, answer: Answer | None) -> dict[str, tuple[Answer, ...]]:
    """The answers after ``answer`` was given to the question at ``key``; ``None`` clears it.

    A question that takes one answer is overwritten. One that takes several adds the answer, or takes it away when it
    was there already; an exclusive option, refused, not asked and unable stand alone. Keys the form does not have are
    a mistake of the caller and raise :class:`KeyError`.
    """
    place = place_of(q, key)
    if place is None:
        raise KeyError(key)
    kept = {name: given for name, given in answers.items() if name != key}
    after = _after(q.by_id[place[0]], answers.get(key, ()), answer)
    return kept | ({key: after} if after else {})


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
