"""Which item of a form from outside each item of a key may be: a first guess, for somebody to confirm.

An item is found by its code, by its link id, by its printed number, or by words that are much like the published ones;
an answer by its code or by a plain word for yes and no. Nothing is scored by a guess: what somebody confirmed is tied
as strictly as what is recognized (:func:`.matching.bind_by_hand`).
"""

from collections.abc import Iterable, Mapping

from msgspec import Struct

from console.forms.instruments.description import Instrument, Sum, Unscored, asked_with
from console.forms.instruments.rewording import likeness, plain
from console.forms.instruments.ties import Tie
from console.forms.model import Item, Kind, Questionnaire, option_key

STATES = {"yes": "Yes", "no": "No", "refused": "Refused", "not-asked": "Not asked", "unable": "Unable"}
"""What an option can mean to a decision table → the word for it."""
_WORDS = {
    "yes": {"yes", "y", "true", "sí", "si", "ja", "oui"},
    "no": {"no", "n", "false", "nein", "non"},
    "refused": {"refused", "declined", "refused to answer", "declined to answer", "prefer not to say"},
    "not-asked": {"not asked"},
    "unable": {"unable", "unknown", "don t know", "unable to answer"},
}
_ALIKE = 0.6


class Pair(Struct, frozen=True):
    """One item of a key. ``words`` are the published ones, or its name and code where those are not here.

    ``item`` is the link id in the form where one was found, ``by`` says how. ``result`` is the item that takes the
    result: a form need not have one.
    """

    key: str
    words: str
    item: str = ""
    by: str = ""
    result: bool = False


def can_be_tied(instrument: Instrument) -> bool:
    """Whether a form can be said to be this instrument by hand."""
    kinds = {type(score) for score in instrument.scores}
    return kinds != {Unscored} and not (Sum in kinds and instrument.match is None)


def needs_answers(instrument: Instrument) -> bool:
    """Whether it has to be said what the options mean; not where their scores say it."""
    return not (instrument.match and instrument.match.scores)


def candidates(q: Questionnaire, *, result: bool = False) -> tuple[Item, ...]:
    """The items of a form that an item of a key can be."""
    found = (item for item in q.by_id.values() if item.is_question and not q.loops[item.link_id])
    return tuple(item for item in found if result or item.kind is Kind.BOOLEAN or item.options)


def propose(instrument: Instrument, published: Questionnaire | None, q: Questionnaire) -> tuple[Pair, ...]:
    """Every item of a key with the item of the form that it seems to be. ``published`` is the form it was written for,
    None where its words are not shipped."""
    asked = asked_with(instrument)
    listed = published.by_id if published else instrument.match.items if instrument.match else sorted(asked)
    results = [score.link_id for score in instrument.scores if score.link_id]
    found: list[Pair] = []
    for key in [*(each for each in listed if each in asked), *results]:
        own = published.by_id.get(key) if published else None
        free = [one for one in candidates(q, result=key in results) if one.link_id not in {each.item for each in found}]
        item, by = _seems(instrument, key, own, free)
        code = instrument.match.items.get(key) if instrument.match else None
        words = f"{own.prefix} {own.text}".strip() if own else f"Item {key} of the key" + (f" ({code})" if code else "")
        found.append(Pair(key, words, item, by, result=key in results))
    return tuple(found)


def options_of(q: Questionnaire, items: Iterable[str]) -> dict[str, str]:
    """The options of these items, each once: by what an instrument names it → its words."""
    return {
        option_key(option.value): option.label for link_id in items if link_id for option in q.by_id[link_id].options
    }


def meaning(instrument: Instrument, option: str, label: str) -> str:
    """What an option seems to mean; "" where nobody could tell."""
    known = instrument.match.answers if instrument.match else {}
    said = [state for state, options in known.items() if option in options]
    said += [state for state, words in _WORDS.items() if plain(label) in words]
    return next(iter(said), "")


def template(instrument: Instrument, published: Questionnaire | None, q: Questionnaire) -> Tie:
    """The tie as it is guessed: an item that was not found is ""."""
    pairs = propose(instrument, published, q)
    items = {each.key: each.item for each in pairs if each.item or not each.result}
    return Tie(instrument.name, items, answers(instrument, q, items))


def answers(instrument: Instrument, q: Questionnaire, items: Mapping[str, str]) -> dict[str, tuple[str, ...]]:
    """What the options of the items seem to mean, as a tie says it."""
    found: dict[str, tuple[str, ...]] = {}
    asked = [items[each] for each in asked_with(instrument) if items.get(each)]
    for option, label in (options_of(q, asked) if needs_answers(instrument) else {}).items():
        state = meaning(instrument, option, label)
        found[state] = (*found.get(state, ()), option)
    found.pop("", None)
    return found


def _seems(instrument: Instrument, key: str, own: Item | None, free: list[Item]) -> tuple[str, str]:
    match = instrument.match
    code = match.items.get(key, match.total) if match else ""
    for item in free:
        if match and code and any(each.code == code and each.system == match.system for each in item.codes):
            return item.link_id, "its code"
    for item in free:
        if item.link_id == key:
            return item.link_id, "its link id"
    for item in free:
        if item.label.casefold() == key.casefold():
            return item.link_id, "its number"
    texts = [own.text, *own.texts.values()] if own else []
    alike = {item.link_id: max((likeness(text, item.text) for text in texts), default=0.0) for item in free}
    best = max(alike, key=lambda each: alike[each], default="")
    return (best, "its words") if best and alike[best] >= _ALIKE else ("", "")
