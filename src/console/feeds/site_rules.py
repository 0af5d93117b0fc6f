"""What a site knows of its own CAD: which types are behavioral, what they are called elsewhere, which words matter.

The same rules read a CAD export, a drill and any live feed. A rule only ever *suggests*; a code that a person typed
into CAD for this purpose is that person's flag.
"""

import difflib
import re
from datetime import datetime
from typing import Literal
from uuid import UUID

import msgspec

from console.errors import KnownError
from console.feeds.vocabulary import incident_types
from console.models.call import CallFlagged, CallFlagSuggested, CallNarrated, CallPictured
from console.models.center import CODE_IN_CAD
from wire.fold import Body

REMEMBERED_CALLS = 20_000
"""Of how many calls the watch remembers whether their type matched a rule."""


class TypePattern(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Local types that match ``pattern`` (a regular expression, upper and lower case alike)."""

    pattern: str
    common: str = ""
    behavioral: bool = False


class Types(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Local call types: ``common`` by exact text, then ``patterns`` in order; the first that has a code gives it."""

    behavioral: tuple[str, ...] = ()
    common: dict[str, str] = {}
    patterns: tuple[TypePattern, ...] = ()


class SuggestRule(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """When to suggest a flag: on the call's type, any ``behavioral`` one or by ``pattern``, or on narrative words."""

    rule: str
    on: Literal["type", "words"]
    behavioral: bool = False
    pattern: str = ""


class FlagCode(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A code that people type into CAD's narrative to ask for a clinician, and the reason it stands for."""

    code: str
    reason: str = CODE_IN_CAD


class Rules(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The rules as a file gives them."""

    types: Types = Types()
    suggest: tuple[SuggestRule, ...] = ()
    flag_codes: tuple[FlagCode, ...] = ()
    priorities: dict[str, str] = {}


def _key(type_text: str) -> str:
    return " ".join(type_text.casefold().split())


class SiteRules:
    """The rules, checked and ready. ``where`` names the file in messages.

    Raises :class:`KnownError` for a pattern that is no regular expression, a code that the list of common incident
    types does not have, a rule that can never match.
    """

    def __init__(self, rules: Rules, where: str) -> None:
        self._where = where
        self._behavioral = {_key(each) for each in rules.types.behavioral}
        self._common = {_key(local): self._known(code) for local, code in rules.types.common.items()}
        self._patterns = [
            (self._compile(each.pattern, "types.patterns"), self._known(each.common), each.behavioral)
            for each in rules.types.patterns
        ]
        self._type_rules: list[tuple[str, re.Pattern[str] | None]] = []
        self._word_rules: list[tuple[str, re.Pattern[str]]] = []
        for rule in rules.suggest:
            self._add(rule)
        self._codes = [(self._code(each.code), each.reason) for each in rules.flag_codes]
        self._priorities = rules.priorities
        self._read: dict[str, tuple[str, bool]] = {}

    def _add(self, rule: SuggestRule) -> None:
        place = f"suggest rule '{rule.rule}'"
        if rule.on == "words" and (rule.behavioral or not rule.pattern):
            raise KnownError(f"{self._where}, {place}: a rule on words needs a pattern, and only that.")
        if rule.on == "type" and rule.behavioral == bool(rule.pattern):
            raise KnownError(f"{self._where}, {place}: a rule on the type needs behavioral = true or a pattern.")
        pattern = self._compile(rule.pattern, place) if rule.pattern else None
        if rule.on == "type":
            self._type_rules.append((rule.rule, pattern))
        elif pattern is not None:
            self._word_rules.append((rule.rule, pattern))

    def _compile(self, pattern: str, place: str) -> re.Pattern[str]:
        try:
            return re.compile(pattern, re.IGNORECASE)
        except re.error as error:
            raise KnownError(
                f"{self._where}, {place}: '{pattern}' is no regular expression ({error}). Correct it."
            ) from error

    def _code(self, code: str) -> re.Pattern[str]:
        if not code.strip() or code != code.strip():
            raise KnownError(f"{self._where}, flag_codes: '{code}' is no code a person could type.")
        return re.compile(rf"(?<!\S){re.escape(code)}(?!\w)", re.IGNORECASE)

    def _known(self, code: str) -> str:
        codes = incident_types().codes
        if code and code not in codes:
            near = difflib.get_close_matches(code.upper(), codes, 3)
            hint = f" Did you mean {' or '.join(near)}?" if near else ""
            raise KnownError(f"{self._where}, types: '{code}' is no APCO common incident type.{hint}")
        return code

    def reads(self, type_text: str) -> tuple[str, bool]:
        """The common incident type ("" when the local one maps to none) and whether the type is behavioral."""
        found = self._read.get(type_text)
        if found is None:
            key = _key(type_text)
            common, behavioral = self._common.get(key, ""), key in self._behavioral
            for pattern, code, says_behavioral in self._patterns:
                if (common and behavioral) or not pattern.search(type_text):
                    continue
                common, behavioral = common or code, behavioral or says_behavioral
            if len(self._read) >= REMEMBERED_CALLS:  # types are few, unless a profile names the wrong column
                self._read.clear()
            found = self._read[type_text] = (common, behavioral)
        return found

    def priority(self, local: str) -> str:
        """CAD's own priority in the words the site wants to see."""
        return self._priorities.get(local, local)

    def about_type(self, type_text: str, at: datetime) -> CallFlagSuggested | None:
        """What the first matching rule on types says of this one."""
        for name, pattern in self._type_rules:
            if pattern.search(type_text) if pattern else self.reads(type_text)[1]:
                return CallFlagSuggested(name, f'type "{type_text}"', at)
        return None

    def about_line(self, line: CallNarrated) -> tuple[CallFlagged | CallFlagSuggested, ...]:
        """What a line of narrative asks for: what the first matching rule suggests, then a person's flag by code.

        A line may hold both; each keeps its own why, and the flag answers what the rule asked.
        """
        asks: list[CallFlagged | CallFlagSuggested] = []
        for name, pattern in self._word_rules:
            if match := pattern.search(line.line):
                asks.append(CallFlagSuggested(name, f'words "{match.group().strip()}"', line.source_time))
                break
        for code, reason in self._codes:
            if code.search(line.line):
                words = " ".join(code.sub(" ", line.line).split())
                asks.append(CallFlagged(reason, line.source_time, words, "cad", line.by))
                break
        return tuple(asks)


class Watch:
    """Applies the rules along the calls of one source, in source-time order.

    A rule on types speaks when a call's type comes to match, not again at each picture of it: a person who dismissed
    the suggestion is not asked twice for the same reason.
    """

    def __init__(self, rules: SiteRules) -> None:
        self._rules = rules
        self._matched: dict[UUID, bool] = {}

    def picture(self, call: UUID, picture: CallPictured) -> tuple[Body, ...]:
        """The picture, and the suggestion it gives rise to, if any."""
        suggestion = self._rules.about_type(picture.type_text, picture.source_time)
        before = self._matched.pop(call, False)
        self._matched[call] = suggestion is not None
        if len(self._matched) > REMEMBERED_CALLS:
            del self._matched[next(iter(self._matched))]
        return (picture,) if suggestion is None or before else (picture, suggestion)

    def line(self, line: CallNarrated) -> tuple[Body, ...]:
        """The line, and the suggestion and the flag it gives rise to, if any."""
        return (line, *self._rules.about_line(line))
