"""Which instrument a form is: the one written for it, or a published one recognized by its codes.

The same questionnaire travels under many urls. What makes it the PHQ-9 is its LOINC panel code, the nine item codes and
options worth 0 to 3: then the published key applies, with its bands and its alert. A form that carries the panel code
and is built otherwise is not scored as that instrument, and not by a guess either. Where a form has no codes, somebody
who has both at hand says which item is which (:func:`bind_by_hand`).
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from msgspec import Struct
from msgspec.structs import replace

from console.errors import KnownError
from console.forms.instruments.description import Instrument, Match, Sum, Unscored, asked_with, check_against
from console.forms.instruments.rewording import Difference
from console.forms.model import Item, Kind, Option, Questionnaire, option_key


class Bound(Struct, frozen=True):
    """An instrument tied to a form: ``links`` leads from the instrument's link ids to those of the form."""

    instrument: Instrument
    links: dict[str, str]
    states: dict[str, str] = {}
    """What an option means to the instrument (``yes``, ``no``, …), by :func:`~console.forms.model.option_key`. Others
    mean their code."""
    reworded: tuple[Difference, ...] = ()
    """Where the words of the form are not those that the instrument was written for."""
    admitted: bool = False
    """Whether who brought the form in knows that, and wants it scored all the same."""


def bind(instrument: Instrument, q: Questionnaire, where: str = "The instrument") -> Bound:
    """Tie an instrument to the form it was written for; raises :class:`KnownError` when it is another one."""
    check_against(instrument, q, where)
    return Bound(instrument, {link_id: link_id for link_id in q.by_id})


def bind_by_hand(
    instrument: Instrument, q: Questionnaire, items: Mapping[str, str], answers: Mapping[str, Sequence[str]]
) -> Bound:
    """Tie an instrument to a form that its importer says it is.

    ``items`` leads from the instrument's link ids to those of the form, for every item that is scored or looked at, and
    may name the item that holds the result. ``answers`` leads from a state (``yes``, ``no``, ``refused``, …) to the
    options that mean it, by :func:`~console.forms.model.option_key`; it is empty for an instrument that sums scores. It
    is as strict as recognizing by codes: raises :class:`KnownError` with the first thing that does not fit.
    """
    kinds = {type(score) for score in instrument.scores}
    if kinds == {Unscored} or (Sum in kinds and instrument.match is None):
        raise KnownError(f"{instrument.title} cannot be asked with another form than its own.")
    items = {here: there for here, there in items.items() if there}
    missing = sorted(asked_with(instrument) - items.keys())
    if missing:
        raise KnownError(f"{instrument.title} needs an item of the form for {', '.join(missing)}.")
    for link_id in items.values():
        if link_id not in q.by_id:
            raise KnownError(f"The form has no item '{link_id}'.")
    if len(set(items.values())) < len(items):
        raise KnownError("Two items of the instrument cannot be the same item of the form.")
    states = {key: state for state, keys in answers.items() for key in keys}
    if reason := _unfit(instrument, q, items, states):
        raise KnownError(f"{instrument.title} cannot be used with this form: {reason}.")
    return Bound(instrument, dict(items), states)


def recognize(instruments: Iterable[Instrument], q: Questionnaire) -> Bound | None:
    """The instrument this form is, if any of these is it: its very form, or the same published one by codes.

    A form that says it is one of these, by its codes or its address, and does not bear it out comes back tied to a
    description that gives only the reason for not scoring, unless it brings a formula of its own.
    """
    known = list(instruments)
    for instrument in known:
        if instrument.questionnaire_sha256 == q.sha256:
            return bind(instrument, q, instrument.title)
    for instrument in known:
        match = instrument.match
        if match and (match.system, match.code) in {(coding.system, coding.code) for coding in q.codes}:
            return _by_codes(instrument, match, q)
    for instrument in known:
        if q.url and instrument.questionnaire.split("|")[0] == q.url and not q.formulas:
            reason = f"the form has the address of the {instrument.title} and another content than its key was made for"
            return without_score(instrument, reason)
    return None


def _by_codes(instrument: Instrument, match: Match, q: Questionnaire) -> Bound | None:
    links = {here: item.link_id for here, code in match.items.items() if (item := _only(q, match.system, code))}
    states = {key: state for state, keys in match.answers.items() for key in keys}
    if links.keys() < match.items.keys() or _unfit(instrument, q, links, states):
        told = "scores" if match.scores else "answers"
        lacks = next((f"item {one} is not asked" for one in links.values() if _is_filled(q, one)), "")
        lacks = lacks or f"its items do not all have the codes and {told} of it"
        reason = f"the form says it is the {instrument.title}, but {lacks}"
        return None if q.formulas else without_score(instrument, reason)
    sums = [score for score in instrument.scores if isinstance(score, Sum)]
    summed = {links[link_id] for score in sums for link_id in score.items}
    total = _only(q, match.system, match.total) if match.total else None
    fills = next((one for one in q.formulas if total is not None and one.link_id == total.link_id), None)
    if sums and fills is not None and set(fills.items) != summed:
        reason = f"the form's own formula does not sum the items that make the {instrument.title}"
        instrument = _unscored(instrument, reason)  # its alerts stand: the items and their options are its own
    for score in instrument.scores:
        if total is not None and score.link_id is not None:
            links[score.link_id] = total.link_id
    return Bound(instrument, links, states)


def _is_filled(q: Questionnaire, link_id: str) -> bool:
    """Whether nobody can answer an item: it is hidden, alone or with what it stands in, or not to be typed in."""
    item = q.by_id[link_id]
    if item.calculated or item.read_only:
        return True
    while link_id:
        if q.by_id[link_id].hidden:
            return True
        link_id = q.parents[link_id]
    return False


def _unfit(instrument: Instrument, q: Questionnaire, links: Mapping[str, str], states: Mapping[str, str]) -> str:
    """Why these items cannot be what the instrument scores or looks at; empty when they can."""
    scores = instrument.match.scores if instrument.match else ()
    for here in sorted(asked_with(instrument)):
        item = q.by_id[links[here]]
        if _is_filled(q, item.link_id):
            return f"item '{item.link_id}' is not asked"
        if q.loops[item.link_id] or item.repeats:
            return f"item '{item.link_id}' can have several answers"
        if scores and Counter(option.score for option in item.options) != Counter(scores):
            return f"the options of item '{item.link_id}' do not have the scores {', '.join(map(str, scores))}"
        if not scores and item.kind is not Kind.BOOLEAN:
            meant = [_meaning(option, states) for option in item.options]
            if "" in meant or meant.count("yes") != 1 or meant.count("no") != 1 or item.is_open:
                return f"the options of item '{item.link_id}' are not each known as one answer, with one yes and one no"
    return ""


def _meaning(option: Option, states: Mapping[str, str]) -> str:
    return states.get(option_key(option.value), "")


def without_score(instrument: Instrument, reason: str) -> Bound:
    """An instrument for its rights alone: every score it has is none, for this reason, and it raises no alerts."""
    return Bound(replace(_unscored(instrument, reason), alerts=()), {})


def _unscored(instrument: Instrument, reason: str) -> Instrument:
    scores = tuple(Unscored(name=score.name, reason=reason, link_id=score.link_id) for score in instrument.scores)
    return replace(instrument, scores=scores)


def _only(q: Questionnaire, system: str, code: str) -> Item | None:
    found = [item for item in q.by_id.values() if any(c.code == code and c.system == system for c in item.codes)]
    return found[0] if len(found) == 1 and not q.loops[found[0].link_id] else None
