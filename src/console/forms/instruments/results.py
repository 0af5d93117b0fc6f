"""What scoring comes to: a value or the reason why there is none, and what must be told; and the one way to add up."""

from collections.abc import Sequence
from decimal import Decimal

from msgspec import Struct
from msgspec.structs import replace

from console.forms.instruments.description import Severity
from console.forms.instruments.states import Standing, missing_words, standings
from console.forms.model import Answers, Questionnaire


class Alert(Struct, frozen=True):
    """Something that must be told, whatever the total. ``items`` are the link ids that gave rise to it."""

    code: str
    severity: Severity
    text: str
    items: tuple[str, ...] = ()


class Score(Struct, frozen=True, kw_only=True):
    """One result of a form.

    Exactly one of ``value`` and ``reason`` is there. ``value`` is a number for a sum and a word for a decision table;
    ``band`` is what the published key calls it. ``words`` qualify the result and belong wherever it is shown.
    """

    name: str
    link_id: str | None = None
    value: Decimal | int | str | None = None
    reason: str | None = None
    band: str | None = None
    severity: Severity = ""
    words: str = ""
    alerts: tuple[Alert, ...] = ()
    answered: int = 0
    of: int = 0
    """How many of the questions it needs have what it needs: "8 of 9"."""
    key: str = ""
    """What it was scored by: the instrument's title and version, or how the plain sum came about."""


def unscored(one: Score, reason: str) -> Score:
    """The score without its value, for this reason."""
    return replace(one, value=None, band=None, severity="", words="", reason=reason)


def summed(
    q: Questionnaire,
    answers: Answers,
    link_ids: Sequence[str],
    name: str,
    link_id: str | None,
    spoiled: set[str],
    key: str,
    on: frozenset[str],
    published: bool = False,
    gates: Sequence[Standing] = (),
) -> Score:
    """The scores of these questions, added up. One that is not asked is missed where the sum is a ``published`` one,
    else any of the ``gates``: the questions without an answer on which it hangs what is asked."""
    blank = Score(name=name, link_id=link_id, key=key, of=len(link_ids))
    repeated = next((one for one in link_ids if q.loops[one]), None)
    if repeated:
        return replace(blank, reason=f"item {repeated} can stand several times")
    found = list(standings(q, answers, link_ids, spoiled, on=on).values())
    if published:
        found = [one if one.asked else replace(one, gap="not-asked") for one in found]
    else:
        found = [one for one in found if one.asked]
    missing = [one for one in found if one.score is None]
    counted = replace(blank, answered=len(found) - len(missing), of=len(found))
    if gates:
        return replace(counted, reason=missing_words([*missing, *gates]))
    if not found:
        return replace(counted, reason="none of its questions is asked with these answers")
    if missing:
        return replace(counted, reason=missing_words(missing))
    total = sum((one.score for one in found if one.score is not None), Decimal(0))
    return replace(counted, value=int(total) if total == total.to_integral_value() else total)
