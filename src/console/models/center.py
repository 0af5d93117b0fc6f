"""A center's own lists and limits: what can be a reason, what can be sent, how a call can end.

They start from the shipped defaults; each ``setting.set`` entry replaces one of them, whole, by its name.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from console.errors import KnownError
from console.models.call import SETTABLE_LEVELS, Level, RollUp
from console.models.call_state import CallState

LONGEST_LABEL = 60
LONGEST_TEXT = 200
MOST_SECONDS = 86_400
MOST_DAYS = 36_500
CLINICIAN_TOOK_IT, CODE_IN_CAD = "clinician", "cad-code"
OWN_FLAG_REASONS: Mapping[str, str] = {
    CLINICIAN_TOOK_IT: "Taken by a clinician, not flagged before",
    CODE_IN_CAD: "Code typed in CAD",
}
"""Reasons of flags that the console and a CAD feed write themselves, with their labels. Nobody chooses them."""
OWN_LADDER = "own"
"""The ladder that is the center's own ``levels``."""
_CODE = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")


class Choice(msgspec.Struct, frozen=True):
    """One item of a list: the code that is kept and the label that is shown."""

    code: str
    label: str


class DispositionChoice(msgspec.Struct, frozen=True, omit_defaults=True):
    """One way a call can end, and what it counts as unless the clinician says otherwise.

    ``level_needed`` is False where there is nobody to assess: a call that was none, or that another call stands for.
    """

    group: str
    code: str
    label: str
    roll_up: RollUp
    level_needed: bool = True

    def misses_level(self, state: CallState) -> bool:
        """Whether this end asks why nobody leveled the call: unknown counts as grave, and so does who was reached."""
        return state.level is Level.NOT_SET and (self.level_needed or state.contacted_at is not None)


class Ladder(msgspec.Struct, frozen=True, omit_defaults=True):
    """What each level means in the terms of a state or a region, to be chosen instead of the center's own words.

    ``counts_up`` is True where its own numbers rise with the danger: there the key of a level is its number on this
    ladder, 4 for the gravest, since whoever thinks "level 4" presses 4.
    """

    code: str
    label: str
    critical: str
    high: str
    medium: str
    low: str
    counts_up: bool = False


class Limits(msgspec.Struct, frozen=True):
    """Seconds after which things turn amber or raise an alarm; hours for suggestions."""

    unclaimed_caution: int
    unclaimed_alarm: int
    contact_caution: int
    cad_stale: int
    suggestion_hours: int


class Center(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Everything a center decides for itself. ``levels`` holds the center's own written anchor of each risk level.

    ``ladder`` is the code of the one of ``ladders`` whose anchors are used instead, or ``OWN_LADDER``.
    ``horizon_days`` is how long a call that nobody works on is kept after CAD's last word of it; 0 keeps all.
    """

    fallback: str
    handling: str
    horizon_days: int
    limits: Limits
    levels: Mapping[str, str]
    flag_reasons: tuple[Choice, ...]
    screening: tuple[Choice, ...]
    send: tuple[Choice, ...]
    dispositions: tuple[DispositionChoice, ...]
    ladder: str
    ladders: tuple[Ladder, ...]

    @property
    def anchors(self) -> Mapping[str, str]:
        """What each level means here, by level: on the ladder in use, or in the center's own words."""
        ladder = self._ladder
        return {level.value: getattr(ladder, level.value) for level in SETTABLE_LEVELS} if ladder else self.levels

    @property
    def level_keys(self) -> Mapping[Level, str]:
        """The key of each level: 1 is the gravest, or 4 on a ladder that counts up."""
        counts_up = self._ladder is not None and self._ladder.counts_up
        numbers = range(len(SETTABLE_LEVELS), 0, -1) if counts_up else range(1, len(SETTABLE_LEVELS) + 1)
        return {level: str(number) for level, number in zip(SETTABLE_LEVELS, numbers, strict=True)}

    @property
    def _ladder(self) -> Ladder | None:
        return next((ladder for ladder in self.ladders if ladder.code == self.ladder), None)

    def flag_label(self, code: str) -> str:
        """What people read for the reason of a flag, also of one that nobody chose."""
        return self.label(self.flag_reasons, code) if code not in OWN_FLAG_REASONS else OWN_FLAG_REASONS[code]

    def label(self, choices: tuple[Choice, ...] | tuple[DispositionChoice, ...], code: str) -> str:
        """What people read for a code; the code itself when the list no longer has it."""
        return next((choice.label for choice in choices if choice.code == code), code)


def center_settings(defaults: Mapping[str, Any], settings: Mapping[str, Any]) -> Center:
    """The center's lists from the shipped defaults and its own settings by name.

    Raises :class:`KnownError` when one of them cannot be read; :mod:`console.models.center_shape` says why in words.
    """
    try:
        return msgspec.convert({**defaults, **settings}, Center)
    except msgspec.ValidationError as error:
        raise KnownError(f"A center setting cannot be read: {error}. Correct it in the administration.") from error


def refuse_unfit(center: Center) -> None:
    """Raise :class:`KnownError` for lists and limits that can be read, but that nobody could work with."""
    lists: dict[str, Sequence[Choice | DispositionChoice]] = {
        "flag_reasons": center.flag_reasons,
        "screening": center.screening,
        "send": center.send,
        "dispositions": center.dispositions,
    }
    for name, choices in lists.items():
        if not choices:
            raise KnownError(f"{name} is empty. Give at least one.")
        codes = [choice.code for choice in choices]
        for choice in choices:
            if not _CODE.fullmatch(choice.code):
                raise KnownError(f"{name}: “{choice.code}” is no code. Use small letters, digits and hyphens.")
            if codes.count(choice.code) > 1:
                raise KnownError(f"{name}: the code {choice.code} stands there twice. Give each its own.")
            _refuse_words(f"The label of {choice.code} in {name}", choice.label, LONGEST_LABEL)
    for ladder in center.ladders:
        if not _CODE.fullmatch(ladder.code) or ladder.code == OWN_LADDER:
            raise KnownError(f"ladders: “{ladder.code}” is no code. Use small letters, digits and hyphens; not own.")
        if [one.code for one in center.ladders].count(ladder.code) > 1:
            raise KnownError(f"ladders: the code {ladder.code} stands there twice. Give each its own.")
        _refuse_words(f"The label of {ladder.code} in ladders", ladder.label, LONGEST_LABEL)
        for each in SETTABLE_LEVELS:
            _refuse_words(f"What {each} means on {ladder.code}", getattr(ladder, each.value), LONGEST_TEXT)
    for reason in center.flag_reasons:
        if reason.code in OWN_FLAG_REASONS:
            raise KnownError(f"flag_reasons: the code {reason.code} is the console's own. Choose another.")
    if set(center.levels) != {level.value for level in SETTABLE_LEVELS}:
        raise KnownError(f"levels needs words for each of {', '.join(SETTABLE_LEVELS)}, and for no other.")
    for level, words in center.levels.items():
        _refuse_words(f"What {level} means", words, LONGEST_TEXT)
    _refuse_words("The fallback", center.fallback, LONGEST_LABEL)
    _refuse_words("The handling line", center.handling, LONGEST_TEXT)
    if not 0 <= center.horizon_days <= MOST_DAYS:
        raise KnownError(f"horizon_days takes a whole number from 0 (keep all) to {MOST_DAYS:,}.")
    for name in Limits.__struct_fields__:
        if not 1 <= getattr(center.limits, name) <= MOST_SECONDS:
            raise KnownError(f"limits: {name} takes a whole number from 1 to {MOST_SECONDS:,}.")
    if center.limits.unclaimed_alarm < center.limits.unclaimed_caution:
        raise KnownError("limits: unclaimed_alarm comes before unclaimed_caution. Make it the same or longer.")


def refuse_unknown_ladder(center: Center) -> None:
    """Raise :class:`KnownError` when the ladder to be used is none of the center's.

    Only who sets it is refused. Read, an unknown ladder counts as the center's own words: each setting is read by
    itself.
    """
    known = (OWN_LADDER, *(ladder.code for ladder in center.ladders))
    if center.ladder not in known:
        raise KnownError(f"ladder: there is no “{center.ladder}”. Known: {', '.join(known)}.")


def _refuse_words(what: str, words: str, most: int) -> None:
    if not words.strip() or not words.isprintable() or len(words) > most:
        raise KnownError(f"{what} has to be one line of at most {most} characters.")
