"""Which instrument a form is: the one written for it, or a published one recognized by its codes.

The same questionnaire travels under many urls. What makes it the PHQ-9 is its LOINC panel code, the nine item codes and
options worth 0 to 3: then the published key applies, with its bands and its alert. A form that carries the panel code
and is built otherwise is not scored as that instrument, and not by a guess either.
"""

from collections import Counter
from collections.abc import Iterable

from msgspec import Struct
from msgspec.structs import replace

from console.forms.instruments import Instrument, Match, Sum, Unscored, check_against
from console.forms.model import Item, Questionnaire


class Bound(Struct, frozen=True):
    """An instrument tied to a form: ``links`` leads from the instrument's link ids to those of the form."""

    instrument: Instrument
    links: dict[str, str]


def bind(instrument: Instrument, q: Questionnaire, where: str = "The instrument") -> Bound:
    """Tie an instrument to the form it was written for; raises :class:`KnownError` when it is another one."""
    check_against(instrument, q, where)
    return Bound(instrument, {link_id: link_id for link_id in q.by_id})


def recognize(instruments: Iterable[Instrument], q: Questionnaire) -> Bound | None:
    """The instrument this form is, if any of these is it: its very form, or the same published one by codes.

    A form that says it is one of these and whose items do not bear it out comes back tied to a description that gives
    only the reason for not scoring, unless it brings a formula of its own.
    """
    known = list(instruments)
    for instrument in known:
        if instrument.questionnaire_sha256 == q.sha256:
            return bind(instrument, q, instrument.title)
    for instrument in known:
        match = instrument.match
        if match and (match.system, match.code) in {(coding.system, coding.code) for coding in q.codes}:
            return _by_codes(instrument, match, q)
    return None


def _by_codes(instrument: Instrument, match: Match, q: Questionnaire) -> Bound | None:
    links: dict[str, str] = {}
    for here, code in match.items.items():
        item = _only(q, match.system, code)
        if item is None or Counter(option.score for option in item.options) != Counter(match.scores):
            reason = (
                f"the form says it is the {instrument.title}, but its items do not all have the codes and scores of it"
            )
            return None if q.formulas else _without_score(instrument, reason)
        links[here] = item.link_id
    sums = [score for score in instrument.scores if isinstance(score, Sum)]
    summed = {links[link_id] for score in sums for link_id in score.items}
    if any(set(formula.items) != summed for formula in q.formulas):
        reason = f"the form's own formula does not sum the items that make the {instrument.title}"
        return _without_score(instrument, reason)
    total = _only(q, match.system, match.total) if match.total else None
    for score in sums:
        if total is not None and score.link_id is not None:
            links[score.link_id] = total.link_id
    return Bound(instrument, links)


def _without_score(instrument: Instrument, reason: str) -> Bound:
    scores = tuple(Unscored(name=score.name, reason=reason) for score in instrument.scores)
    return Bound(replace(instrument, scores=scores, alerts=()), {})


def _only(q: Questionnaire, system: str, code: str) -> Item | None:
    found = [item for item in q.by_id.values() if any(c.code == code and c.system == system for c in item.codes)]
    return found[0] if len(found) == 1 and not q.loops[found[0].link_id] else None
