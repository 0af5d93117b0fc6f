"""Of which instrument known here a form from outside is the wording: as text beside it, in place of a description."""

from typing import Any

import msgspec
from msgspec import Struct

from console.errors import KnownError
from console.forms.instruments.description import Unscored, asked_with
from console.forms.instruments.matching import Bound


class Tie(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """``items``: link id of the key → link id of the form. ``answers``: state → the options that mean it.

    ``reworded``: whoever brings the form in knows that its words are not the published ones. ``unscored``: it is asked
    without the key, and gives no score.
    """

    key: str
    items: dict[str, str] = {}
    answers: dict[str, tuple[str, ...]] = {}
    reworded: bool = False
    unscored: bool = False

    def text(self) -> str:
        """As it stands in a file."""
        return msgspec.json.encode(self).decode()


def read_tie(text: bytes, where: str) -> Tie | None:
    """The tie in a text, None where it is something else. Raises :class:`KnownError` where it is not clear."""
    try:
        fields: dict[str, Any] = msgspec.json.decode(text, type=dict[str, msgspec.Raw])
    except (msgspec.MsgspecError, UnicodeDecodeError):
        return None  # which is said by whoever reads it as a description
    if "key" not in fields:
        return None
    try:
        return msgspec.json.decode(text, type=Tie)
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise KnownError(f"{where} does not say which item is which: {error}.") from error


def tie_of(bound: Bound) -> Tie:
    """What a form that was recognized would be tied by if somebody said it by hand."""
    instrument = bound.instrument
    wanted = asked_with(instrument) | {score.link_id for score in instrument.scores if score.link_id}
    answers: dict[str, tuple[str, ...]] = {}
    for option, state in bound.states.items():
        answers[state] = (*answers.get(state, ()), option)
    items = {here: there for here, there in bound.links.items() if here in wanted}
    return Tie(instrument.name, items, answers, unscored=all(isinstance(each, Unscored) for each in instrument.scores))
