"""How a form scores, as data: what its publisher says about it, its sums, its decision tables and its alerts.

An instrument is a JSON file beside its Questionnaire (``<name>.instrument.json``). Nothing about any one instrument is
written in code: the program only knows how to sum, how to look up a band and how to read a table of rows from top to
bottom. ``docs/forms.md`` describes the file.
"""

from itertools import pairwise
from typing import Literal

import msgspec
from msgspec import Struct, field

from console.errors import KnownError
from console.forms.model import Questionnaire, option_key
from console.forms.reading.languages import is_worded

Severity = Literal["", "advisory", "caution", "alarm"]
SEVERITIES: tuple[Severity, ...] = ("", "advisory", "caution", "alarm")
"""The alert ladder, least first."""
GAPS = ("blank", "refused", "not-asked", "unable", "unreadable")
"""The states of a question that has no answer that could be scored."""


class _Data(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, rename="camel", kw_only=True):
    """A part of the file: camelCase there, and an unknown field is a mistake, not an extra."""


class Rights(_Data, frozen=True):
    """What the publisher says about copying, word for word, and what a center needs before it may use it.

    Who was given permission, when and in which document, and who was trained, is the center's own to record.
    """

    notice: str
    terms: str = ""
    permission_needed: bool = False
    """Nobody is asked with it before the center has recorded its permission."""
    training_needed: bool = False
    """Only people that the center has recorded as trained ask with it."""
    family: tuple[str, ...] = ()
    """What a form of the same publisher is called that this does not score: its people need the same training."""
    ask: str = ""
    """Where permission, registration and training are to be had."""


class Provenance(_Data, frozen=True):
    """Where the wording and the scoring key come from."""

    authored: str
    citations: tuple[str, ...] = ()
    translations: dict[str, str] = {}
    """Language → where the wording in it comes from."""


class Validity(_Data, frozen=True):
    """For whom, where and how the instrument is meant, and what a reader must keep in mind."""

    ages: str = ""
    setting: str = ""
    phone: str = ""
    recall: str = ""
    caveats: tuple[str, ...] = ()
    age_from: int | None = None
    """Years, included. ``ages`` says it in words."""
    age_to: int | None = None
    by_phone: bool | None = None
    """Whether it may be asked by phone. ``None``: the file does not say."""

    def concerns(self, *, age: int | None = None, by_phone: bool = False) -> tuple[str, ...]:
        """Why it may not hold for this person and this way of asking, each in words; empty when nothing speaks so."""
        found = []
        too_young = self.age_from is not None and age is not None and age < self.age_from
        too_old = self.age_to is not None and age is not None and age > self.age_to
        if too_young or too_old:
            found.append(f"valid for {self._age_words()}: this person is {age}")
        if by_phone and self.by_phone is False:
            found.append("not validated by phone")
        return tuple(found)

    def _age_words(self) -> str:
        if self.age_to is None:
            return f"{self.age_from} and older"
        return f"up to {self.age_to}" if self.age_from is None else f"{self.age_from} to {self.age_to}"


class Condition(_Data, frozen=True):
    """A look at how some questions stand: ``any`` or ``all`` of them is one of ``states``, scores at least so much, or
    has one of these options among its answers (``has``: words of an option, or ``system|code``).

    The state of a question is the word of its non-answer (``refused``, ``not-asked``, ``unable``), ``blank``, ``yes``
    or ``no`` for a boolean, the code of a chosen option, or ``answered`` for anything else.
    """

    any: tuple[str, ...] = ()
    all: tuple[str, ...] = ()
    states: tuple[str, ...] = field(default=(), name="is")
    score_at_least: int | None = None
    has: tuple[str, ...] = ()

    @property
    def items(self) -> tuple[str, ...]:
        """The link ids it looks at."""
        return self.any + self.all


class AlertRule(_Data, frozen=True):
    """Something to be told whatever the scores are, when all of ``when`` hold."""

    code: str
    severity: Severity
    text: str
    when: tuple[Condition, ...]


class Band(_Data, frozen=True):
    """What a total from ``low`` to ``high`` (both included) is called."""

    low: int = field(name="from")
    high: int = field(name="to")
    label: str
    severity: Severity = ""


class Sum(_Data, frozen=True, tag="sum"):
    """The scores of the chosen options of ``items``, added up; not scored when any of them has no value."""

    name: str
    items: tuple[str, ...]
    link_id: str | None = None
    bands: tuple[Band, ...] = ()


class Row(_Data, frozen=True):
    """One line of a decision table: when all of ``when`` hold, this is the result, or the reason why there is none."""

    when: tuple[Condition, ...] = ()
    value: str | None = None
    band: str | None = None
    words: str = ""
    reason: str | None = None
    severity: Severity = ""
    alert: str = ""


class Table(_Data, frozen=True, tag="table"):
    """Rows read from top to bottom; the first that holds is the result. The last row holds always."""

    name: str
    items: tuple[str, ...]
    rows: tuple[Row, ...]
    link_id: str | None = None


class Unscored(_Data, frozen=True, tag="unscored"):
    """The instrument gives no score, on purpose, and says so in ``reason``."""

    name: str
    reason: str
    link_id: str | None = None


class Match(_Data, frozen=True):
    """How the same published instrument is known in a form written elsewhere: its own code and those of its items."""

    system: str
    code: str
    items: dict[str, str]
    """Link id here → code there."""
    scores: tuple[int, ...] = ()
    """What the options of each item are worth, in any order."""
    answers: dict[str, tuple[str, ...]] = {}
    """State → the codes (``system|code``) of the options that mean it, for items that are answered by codes."""
    total: str = ""
    """Code of the item that holds the total or the result."""


class Instrument(_Data, frozen=True):
    """Everything about one instrument that is not its questions."""

    name: str
    title: str
    version: str
    rights: Rights
    provenance: Provenance
    scores: tuple[Sum | Table | Unscored, ...]
    questionnaire: str = ""
    """Canonical ``url|version`` of the form. Empty for a key whose wording a center brings itself."""
    questionnaire_sha256: str = ""
    """Its :attr:`~console.forms.model.Questionnaire.sha256`: wording cannot change without a new version."""
    languages: tuple[str, ...] = ()
    """The languages (BCP 47) in which its wording is the published one."""
    validity: Validity = Validity()
    alerts: tuple[AlertRule, ...] = ()
    match: Match | None = None
    facts: dict[str, tuple[str, ...]] = {}
    """Link id → the facts of the call that bear on the question. They are shown there; nothing is answered by them."""


def read_instrument(document: bytes, where: str) -> Instrument:
    """Read and check an instrument file; ``where`` names it in messages. Raises :class:`KnownError`."""
    try:
        instrument = msgspec.json.decode(document, type=Instrument)
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise KnownError(f"{where} is not an instrument description: {error}.") from error
    names = [score.name for score in instrument.scores]
    if len(set(names)) < len(names):
        raise KnownError(f"{where}: each score needs a name of its own.")
    for score in instrument.scores:
        if isinstance(score, Sum):
            turned = any(band.low > band.high for band in score.bands)
            if turned or any(after.low <= band.high for band, after in pairwise(score.bands)):
                raise KnownError(f"{where}: the bands of '{score.name}' overlap, or do not go from low to high.")
        if isinstance(score, Table):
            for row in score.rows:
                if (row.value is None) == (row.reason is None):
                    raise KnownError(f"{where}: each row of '{score.name}' needs either a value or a reason.")
            if not score.rows or score.rows[-1].when:
                raise KnownError(f"{where}: the last row of '{score.name}' must hold always (no 'when').")
    for condition in _conditions(instrument):
        looks = (bool(condition.states), condition.score_at_least is not None, bool(condition.has))
        if bool(condition.any) == bool(condition.all) or sum(looks) != 1:
            raise KnownError(f"{where}: a condition needs 'any' or 'all', and one of 'is', 'scoreAtLeast' and 'has'.")
    if instrument.match:
        if not asked_with(instrument) <= set(instrument.match.items):
            raise KnownError(f"{where}: 'match' must give a code for every item that is scored or looked at.")
        if bool(instrument.match.scores) == bool(instrument.match.answers):
            raise KnownError(f"{where}: 'match' needs either 'scores' or 'answers'.")
    return instrument


def check_against(instrument: Instrument, q: Questionnaire, where: str) -> None:
    """Raise :class:`KnownError` unless the instrument was written for exactly this form."""
    if instrument.questionnaire != q.canonical or instrument.questionnaire_sha256 != q.sha256:
        raise KnownError(
            f"{where} was written for another version of {q.title or q.url} and cannot score this one, "
            f"which is {q.canonical} with the hash {q.sha256}."
        )
    named = set(asked_with(instrument))
    named |= {score.link_id for score in instrument.scores if score.link_id} | instrument.facts.keys()
    for link_id in sorted(named):
        if link_id not in q.by_id:
            raise KnownError(f"{where} names item '{link_id}', which is not in the form.")
        if q.loops[link_id]:
            raise KnownError(f"{where} names item '{link_id}', which stands in a repeating group.")
    for score in instrument.scores:
        for link_id in score.items if isinstance(score, Sum) else ():
            if not q.by_id[link_id].is_scored:
                raise KnownError(f"{where} sums item '{link_id}', whose options have no scores.")
    for condition in _conditions(instrument):
        for link_id in condition.items if condition.has else ():
            offered = {option_key(option.value) for option in q.by_id[link_id].options}
            if missing := [key for key in condition.has if key not in offered]:
                raise KnownError(f"{where} looks for '{missing[0]}' in item '{link_id}', which does not offer it.")
    for language in instrument.languages:
        for link_id in sorted(asked_with(instrument)):
            if not is_worded(q, q.by_id[link_id], language):
                raise KnownError(
                    f"{where} says that its wording is there in '{language}', and item '{link_id}' lacks it."
                )


def asked_with(instrument: Instrument) -> frozenset[str]:
    """The link ids that are scored or looked at."""
    named = {link_id for score in instrument.scores if not isinstance(score, Unscored) for link_id in score.items}
    return frozenset(named | {link_id for condition in _conditions(instrument) for link_id in condition.items})


def _conditions(instrument: Instrument) -> list[Condition]:
    rows = (row.when for score in instrument.scores if isinstance(score, Table) for row in score.rows)
    return [condition for when in (*rows, *(rule.when for rule in instrument.alerts)) for condition in when]
