"""How single questions stand, for scoring: the state of each, what it is worth, and the words for what is missing."""

from collections.abc import Iterable, Mapping
from decimal import Decimal

from msgspec import Struct

from console.forms.asking.response import scores_disagree
from console.forms.asking.words import named
from console.forms.deciding.enablement import enabled
from console.forms.instruments.description import Condition
from console.forms.model import Answers, Coding, Item, NonAnswer, Questionnaire, option_key
from console.forms.values import option_of, values

_MISSING = {
    "blank": "not answered",
    "refused": "refused",
    "not-asked": "not asked",
    "unable": "could not be answered",
    "unreadable": "answered with something the form does not offer",
    "unscored": "answered with something that has no score",
    "disagrees": "stored with another score than the form gives it",
}


class Standing(Struct, frozen=True):
    """How one question stands. ``score`` is there only when there is nothing wrong with it."""

    item: Item
    asked: bool
    state: str
    score: Decimal | None
    gap: str
    """Which kind of missing, a key of the words above; empty when there is a score."""
    chosen: frozenset[str] = frozenset()
    """The options among its answers, by :func:`~console.forms.model.option_key`."""


def standings(
    q: Questionnaire,
    answers: Answers,
    link_ids: Iterable[str],
    unreadable: Iterable[str] = (),
    meanings: Mapping[str, str] | None = None,
    on: frozenset[str] | None = None,
) -> dict[str, Standing]:
    """How these questions stand.

    ``unreadable`` are items whose stored answer did not fit the form. ``meanings`` are
    :attr:`console.forms.instruments.matching.Bound.states`. ``on`` are the lines that are asked, where that is known
    already.
    """
    on = enabled(q, answers) if on is None else on
    spoiled = set(unreadable)
    found = {}
    for link_id in link_ids:
        item = q.by_id[link_id]
        asked = link_id in on
        given = answers.get(link_id, ()) if asked else ()
        state = state_of(item, given, meanings or {})
        score, gap = _score(item, given, state)
        if link_id in spoiled:
            state, score, gap = "unreadable", None, "unreadable"
        options = (option_of(item, value) for value in values(given))
        chosen = frozenset(option_key(option.value) for option in options if option)
        found[link_id] = Standing(item, asked, state, score, gap, chosen)
    return found


def state_of(item: Item, given: Iterable[object], meanings: Mapping[str, str]) -> str:
    """The word for how a question stands (see :class:`console.forms.instruments.Condition`)."""
    listed = list(given)
    for answer in listed:
        if isinstance(answer, NonAnswer):
            return answer.value
    held = values(listed)  # type: ignore[arg-type]
    if not held:
        return "blank"
    if len(held) > 1 and not item.repeats:
        return "unreadable"  # which of them is the answer, nobody can tell
    if isinstance(held[0], bool):
        return "yes" if held[0] else "no"
    option = option_of(item, held[0]) if len(held) == 1 else None
    if option and isinstance(option.value, Coding):
        return meanings.get(option_key(option.value), option.value.code)
    if option and (meant := meanings.get(option_key(option.value))):
        return meant
    return "answered"


def _score(item: Item, given: tuple[object, ...], state: str) -> tuple[Decimal | None, str]:
    if state in ("blank", "refused", "not-asked", "unable"):
        return None, state
    total = Decimal(0)
    if scores_disagree(item, given):  # type: ignore[arg-type]
        return None, "disagrees"
    if state == "unreadable":
        return None, state
    for value in values(given):  # type: ignore[arg-type]
        option = option_of(item, value)
        if option is None or option.score is None:
            return None, "unreadable" if option is None and not item.is_open else "unscored"
        total += option.score
    return total, ""


def holds(condition: Condition, found: Mapping[str, Standing]) -> bool:
    """Whether an instrument's condition holds."""
    combine = any if condition.any else all
    return combine(_one(condition, found[link_id]) for link_id in condition.items)


def _one(condition: Condition, standing: Standing) -> bool:
    if condition.score_at_least is not None:
        return standing.score is not None and standing.score >= condition.score_at_least
    if condition.has:
        return not standing.chosen.isdisjoint(condition.has)
    return standing.state in condition.states


def missing_words(missing: Iterable[Standing]) -> str:
    """What is missing, as a person reads it: ``items 3 and 4 not answered; item “Sleep” refused``."""
    grouped: dict[str, list[str]] = {}
    for standing in missing:
        grouped.setdefault(standing.gap, []).append(named(standing.item))
    return "; ".join(f"{_listed(labels)} {_MISSING[gap]}" for gap, labels in grouped.items())


def _listed(labels: list[str]) -> str:
    if len(labels) == 1:
        return f"item {labels[0]}"
    return f"items {', '.join(labels[:-1])} and {labels[-1]}"
