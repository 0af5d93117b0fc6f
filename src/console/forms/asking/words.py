"""When a question is asked, in words: on paper, and beside a question that has just appeared."""

from collections.abc import Iterable
from datetime import datetime

from console.forms.asking.present import answer_text
from console.forms.deciding.enablement import holding
from console.forms.deciding.layout import link_of
from console.forms.model import Answers, Condition, Item, Questionnaire
from console.forms.values import option_of

_LONGEST = 60
_COMPARED = {"=": "is", "!=": "is not", ">": "is above", ">=": "is at least", "<": "is below", "<=": "is at most"}


def asked_when(q: Questionnaire, item: Item) -> str:
    """What has to hold for an item to be asked, "" for nothing: ``2 is Yes and 3 is answered``."""
    conditions = condition_words(q, item.enable_when, any_of_them=item.enable_any)
    rule = "a rule of the form holds" if item.expressions.enabled is not None else ""
    return ", and ".join(filter(None, (conditions, rule)))


def asked_because(
    q: Questionnaire, answers: Answers, keys: Iterable[str], now: datetime | None = None
) -> dict[str, str]:
    """By key, why lines that are asked are: ``asked because 1 is Yes``. Lines that always stand are left out."""
    found: dict[str, str] = {}
    one_of: dict[str, Item] = {}
    for key in keys:
        item = q.by_id[link_of(q, key)]
        if item.enable_any and len(item.enable_when) > 1:
            one_of[key] = item
        elif item.enable_when or item.expressions.enabled is not None:
            found[key] = _because(q, item, item.enable_when)
    for key, held in holding(q, answers, one_of, now).items() if one_of else ():
        found[key] = _because(q, one_of[key], held)
    return found


def _because(q: Questionnaire, item: Item, held: tuple[Condition, ...]) -> str:
    rule = "by a rule of the form" if item.expressions.enabled is not None else ""
    if not held:
        return f"asked {rule}".strip()
    words = f"asked because {condition_words(q, held, any_of_them=False)}"
    return f"{words}, and {rule}" if rule else words


def condition_words(q: Questionnaire, conditions: Iterable[Condition], *, any_of_them: bool) -> str:
    """Several conditions in one sentence; what several questions have to be alike is said once."""
    questions: dict[str, list[str]] = {}
    for condition in conditions:
        item = q.by_id[condition.question]
        questions.setdefault(_rest(item, condition), []).append(named(item))
    joined = " or " if any_of_them else " and "
    return joined.join(f"{_several(names, any_of_them)} {rest}" for rest, names in questions.items())


def _several(names: list[str], any_of_them: bool) -> str:
    if len(names) == 1:
        return names[0]
    return f"{'any' if any_of_them else 'each'} of {', '.join(names[:-1])} and {names[-1]}"


def named(item: Item) -> str:
    """An item as a sentence about it names it: its printed number, else the beginning of its words.

    Its link id is for programs, and is said only of what has neither.
    """
    if item.prefix.strip():
        return item.label
    words = " ".join(item.text.split()).rstrip("?.:")
    short = words if len(words) <= _LONGEST else words[:_LONGEST].rsplit(" ", 1)[0] + "…"
    return f"“{short}”" if short else item.label


def _rest(item: Item, condition: Condition) -> str:
    if condition.operator == "exists":
        return "is answered" if condition.value is True else "is not answered"
    option = option_of(item, condition.value)
    return f"{_COMPARED[condition.operator]} {option.label if option else answer_text(item, condition.value)}"
