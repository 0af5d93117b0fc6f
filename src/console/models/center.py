"""A center's own lists and limits: what can be a reason, what can be sent, how a call can end.

They start from the shipped defaults; each ``setting.set`` entry replaces one of them, whole, by its name.
"""

from collections.abc import Mapping
from typing import Any

import msgspec

from console.errors import KnownError
from console.models.call import RollUp


class Choice(msgspec.Struct, frozen=True):
    """One item of a list: the code that is kept and the label that is shown."""

    code: str
    label: str


class DispositionChoice(msgspec.Struct, frozen=True):
    """One way a call can end, and what it counts as unless the clinician says otherwise."""

    group: str
    code: str
    label: str
    roll_up: RollUp


class Limits(msgspec.Struct, frozen=True):
    """Seconds after which things turn amber or raise an alarm; hours for suggestions."""

    unclaimed_caution: int
    unclaimed_alarm: int
    contact_caution: int
    cad_stale: int
    suggestion_hours: int


class Center(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Everything a center decides for itself. ``levels`` holds the written anchor of each risk level."""

    fallback: str
    handling: str
    limits: Limits
    levels: Mapping[str, str]
    flag_reasons: tuple[Choice, ...]
    screening: tuple[Choice, ...]
    send: tuple[Choice, ...]
    dispositions: tuple[DispositionChoice, ...]

    def label(self, choices: tuple[Choice, ...] | tuple[DispositionChoice, ...], code: str) -> str:
        """What people read for a code; the code itself when the list no longer has it."""
        return next((choice.label for choice in choices if choice.code == code), code)


def center_settings(defaults: Mapping[str, Any], settings: Mapping[str, Any]) -> Center:
    """The center's lists from the shipped defaults and its own settings by name.

    Raises :class:`KnownError` naming the setting that cannot be read.
    """
    try:
        return msgspec.convert({**defaults, **settings}, Center)
    except msgspec.ValidationError as error:
        raise KnownError(f"A center setting cannot be read: {error}. Correct it in the administration.") from error
