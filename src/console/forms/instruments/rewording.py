"""Whether the words of a form are the published ones of the instrument it is scored by.

A key was found to hold for certain words. A form that has the items and the codes of an instrument and asks something
else adds up all the same: so its words are held against those that the instrument was written for, without regard to
punctuation, capitals, spaces and printed numbers. Where they differ everything the key gives is called *reworded*.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from difflib import SequenceMatcher

from msgspec import Struct
from msgspec.structs import replace

from console.forms.instruments.description import Instrument, Validity, asked_with
from console.forms.model import Item, Questionnaire
from console.forms.reading.languages import in_language

MARK = "reworded"
CAVEAT = "Reworded: not in the published words, so the published validity does not hold"
_NUMBER = re.compile(r"^\(?\d+\s*[.):=–—-]+\s*|\s*[(\[]\d+[)\]]$")
_OTHERS = re.compile(r"[^\w]+")


class Difference(Struct, frozen=True):
    """``here`` is asked where ``published`` should be; ``where`` says of which item, and whether of an answer to it."""

    link_id: str
    where: str
    published: str
    here: str


def differences(
    instrument: Instrument, published: Questionnaire, q: Questionnaire, links: Mapping[str, str]
) -> tuple[Difference, ...]:
    """Where the form ``q`` does not have the words of ``published``, the form that the instrument was written for.

    ``links`` leads from the link ids of the instrument to those of ``q``. Only what is scored or looked at is compared,
    with its answers, and a heading that asks; one that is missing altogether is none that differs.
    """
    asked = [link_id for link_id in published.by_id if link_id in asked_with(instrument)]
    found: list[Difference] = []
    headings = {heading: link_id for link_id in reversed(asked) if (heading := _heading(published, link_id))}
    for heading, first in headings.items():
        item, asks = q.by_id[links[first]], published.by_id[heading]
        said = list(_over(q, item.link_id))
        if said and not any(_contains(text, asks) for text in said):
            found.append(Difference(item.link_id, f"over item {item.label}", asks.text, nearest(asks.text, said)))
    for link_id in asked:
        found += _of_item(published.by_id[link_id], q.by_id[links[link_id]])
    return tuple(found)


def reword(instrument: Instrument) -> Instrument:
    """The instrument as a key to other words: it and its results say so by their names, and what it is valid for is
    only what it asks, and of whom."""
    scores = tuple(replace(score, name=f"{score.name} ({MARK})") for score in instrument.scores)
    told = instrument.validity
    validity = Validity(
        ages=told.ages, recall=told.recall, age_from=told.age_from, age_to=told.age_to, by_phone=told.by_phone
    )
    validity = replace(validity, setting=CAVEAT, caveats=told.caveats)
    return replace(instrument, title=f"{instrument.title} ({MARK})", scores=scores, validity=validity)


def _of_item(published: Item, item: Item) -> Iterator[Difference]:
    said = [published.text, *published.texts.values()]
    if not _among(item.text, said):
        yield Difference(item.link_id, f"item {item.label}", published.text, item.text)
    for language, text in item.texts.items():
        own = in_language(published.texts, language, "")
        if not _among(text, [own]):
            yield Difference(item.link_id, f"item {item.label} in {language}", own, text)
    for option in item.options:
        same = next((each for each in published.options if each.score == option.score), None)
        if same is None or option.score is None:
            continue
        if not _among(option.label, [same.label, *same.labels.values()]):
            yield Difference(item.link_id, f"item {item.label}, an answer", same.label, option.label)
        for language, text in option.labels.items():
            own = in_language(same.labels, language, "")
            if not _among(text, [own]):
                yield Difference(item.link_id, f"item {item.label}, an answer in {language}", own, text)


def _heading(q: Questionnaire, link_id: str) -> str:
    """The link id of the nearest line that the item stands in and that asks something; empty when there is none."""
    while (link_id := q.parents[link_id]) and not q.by_id[link_id].text.rstrip().endswith("?"):
        pass
    return link_id


def _over(q: Questionnaire, link_id: str) -> Iterator[str]:
    """What a reader has read before they come to the item, that is no question itself."""
    for each in q.by_id.values():
        if each.link_id == link_id:
            return
        if not each.is_question and each.text.strip():
            yield each.text


def _contains(text: str, heading: Item) -> bool:
    return any(plain(words) in plain(text) for words in (heading.text, *heading.texts.values()))


def _among(text: str, published: Iterable[str]) -> bool:
    return plain(text) in {plain(words) for words in published}


def nearest(text: str, others: Iterable[str]) -> str:
    """The one of some texts that is most like this one; empty when there are none."""
    return max(others, key=lambda other: likeness(text, other), default="")


def likeness(one: str, other: str) -> float:
    """How much two texts say the same in the same words: 1 for all, 0 for nothing."""
    return SequenceMatcher(None, plain(one).split(), plain(other).split(), autojunk=False).ratio()


def plain(text: str) -> str:
    """Words without what does not change what they say: capitals, punctuation, spaces and a printed number."""
    return _OTHERS.sub(" ", _NUMBER.sub("", text.strip()).casefold()).strip()
