"""Earlier contacts that may have been with the person of a page: found by what is recorded, and never held for certain.

There is no person in the record, only calls and encounters. What they share (a call-back number, a name, a date of
birth) makes a *possible match*, with the reason; that it is the same person, or is not, an entry of a clinician says.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from console.models.assessment import ASSESSMENT, AssessmentState
from console.models.call import Level
from console.models.call_fold import CALL
from console.models.center import Center
from console.models.encounter import ENCOUNTER, Judgment
from console.models.person_keys import is_full
from console.models.sign_in import SignIn
from console.models.store import earlier as found
from console.models.store import subjects
from console.models.store.desk import Desk
from console.models.store.earlier import Trace
from console.models.store.store import Reading
from wire.journals import Audience

MOST = 20
"""How many contacts a page shows, the newest; the others are counted."""
COMMON = 25
"""How many earlier contacts may share a number or a name for it to tell of one person by itself. A switchboard has
more, and so has a person who calls every week: they are found by number and name together."""
_WINDOW = 200
"""How many contacts are looked at for each thing that they share, the newest."""


@dataclass(frozen=True, slots=True)
class EarlierContact:
    """An earlier call, or an encounter without one, that may have been with the same person, and what it came to.

    ``reasons`` are why it may be, ``against`` what speaks against it; ``judged`` is what a clinician says of it;
    ``results`` are its signed assessments.
    """

    contact: UUID
    call: UUID | None
    at: datetime
    reasons: tuple[str, ...]
    against: str
    number: str
    type_text: str
    level: Level
    disposition: str
    results: Mapping[UUID, AssessmentState]
    judged: Judgment | None

    @property
    def another(self) -> bool:
        """Whether a clinician says that it was somebody else."""
        return self.judged is not None and not self.judged.same


@dataclass(frozen=True, slots=True)
class Earlier:
    """The possible matches of a page, newest first; ``count`` is of all that may be, ``common`` what too many share."""

    contacts: tuple[EarlierContact, ...] = ()
    count: int = 0
    common: tuple[str, ...] = ()

    @property
    def standing(self) -> tuple[EarlierContact, ...]:
        """Those whose results may stand beside a form: first what a clinician says is the same person, then what may be
        and nothing speaks against.
        """
        confirmed = [each for each in self.contacts if each.judged is not None and each.judged.same]
        return (*confirmed, *(each for each in self.contacts if each.judged is None and not each.against))


def earlier(
    desk: Desk, connection: Reading, sign_in: SignIn, center: Center, call: UUID | None, encounter: UUID | None
) -> Earlier | None:
    """What stands beside the page of ``call``, or of ``encounter`` without one.

    None without the right to read the clinical record, and for everybody at a desk that is enrolled for operations.
    """
    contact = call or encounter
    if contact is None or not desk.clinical or not sign_in.reads(Audience.CLINICAL):
        return None
    here = next(iter(found.traces(connection, [contact])), None)
    if here is None:
        return None
    judged = _judged(connection, here, encounter)
    candidates, common = _candidates(connection, here)
    matches = []
    for trace in found.traces(connection, candidates.union(map(UUID, judged))):
        reasons = reasons_for(here, trace, common.keys())
        # Judged as an encounter without a call, it may have been bound to one since.
        said = next((judged[str(each)] for each in (trace.contact, *trace.encounters) if str(each) in judged), None)
        if trace.at < here.at and (reasons or (said and said.same)):
            matches.append((trace, reasons, speaks_against(here, trace), said))
    matches.sort(key=lambda match: (match[0].at, match[0].contact), reverse=True)
    shown = matches[:MOST] + [match for match in matches[MOST:] if match[-1] and match[-1].same]
    contacts = tuple(_contact(connection, center, *match) for match in shown)
    count = sum(said is None or said.same for *_, said in matches)
    return Earlier(contacts, count, tuple(common.values()))


def _candidates(connection: Reading, here: Trace) -> tuple[set[UUID], dict[str, str]]:
    """The contacts that share anything with this one, and by key what too many share, in a sentence."""
    candidates: set[UUID] = set()
    common: dict[str, str] = {}
    if here.callback:
        calls, count = found.by_callback(connection, here.callback, here.at, _WINDOW)
        if count <= COMMON or here.every_name:  # what is common matches only together with something else
            candidates.update(calls)
        if count > COMMON:
            common[here.callback] = f"{count:,} earlier calls have the same call-back number"
    for name in filter(is_full, sorted(here.every_name)):
        contacts, count = found.by_name(connection, name, here.at, _WINDOW)
        if count <= COMMON or here.callback:
            candidates.update(contacts)
        if count > COMMON:
            common[name] = f"{count:,} earlier contacts have the same name"
    for name in here.names:
        for born in here.born:
            candidates.update(found.by_birth(connection, name, born, here.at, _WINDOW))
    candidates.discard(here.contact)
    return candidates, common


def reasons_for(here: Trace, other: Trace, common: Iterable[str] = ()) -> tuple[str, ...]:
    """Why two contacts may be of one person; none where they share nothing, or nothing but what is ``common``."""
    reasons = dict(_shared(here, other))
    alone = reasons.keys() - set(common)
    return tuple(dict.fromkeys(reasons.values())) if alone or len(reasons) > 1 else ()


def _shared(here: Trace, other: Trace) -> Iterator[tuple[str, str]]:
    """What two contacts share, by the key that says so, in words."""
    written = here.names & other.names
    if written and here.born & other.born:
        yield "", "same name and date of birth"
    elif speaks_against(here, other) != _BIRTH:
        for full in filter(is_full, sorted(here.every_name & other.every_name)):
            yield full, "same name" if full in written else "same name as a caller's"
    if here.callback and here.callback == other.callback:
        yield here.callback, "same call-back number"


_BIRTH = "another date of birth"


def speaks_against(here: Trace, other: Trace) -> str:
    """What makes it less likely that two contacts are of one person, in words; "" where nothing does."""
    if here.born and other.born and not here.born & other.born:
        return _BIRTH
    if not here.names or not other.names or here.names & other.names:
        return ""
    if any(map(is_full, here.names)) and any(map(is_full, other.names)):
        return "another name"
    ours, theirs = ({word for name in each.names for word in name.split()} for each in (here, other))
    return "" if ours & theirs else "another name"


def _judged(connection: Reading, here: Trace, encounter: UUID | None) -> dict[str, Judgment]:
    """What clinicians say of this page's matches: the one whose encounter is on the page, else who said it last."""
    states = subjects.states(connection, ENCOUNTER, here.encounters)
    own = states[encounter].matches if encounter in states else {}
    said = [pair for state in states.values() for pair in state.matches.items()]
    return dict(sorted(said, key=lambda pair: pair[1].at)) | own


def _contact(
    connection: Reading, center: Center, trace: Trace, reasons: tuple[str, ...], against: str, judged: Judgment | None
) -> EarlierContact:
    folded = subjects.state(connection, CALL, trace.call) if trace.call else None
    state = folded.state if folded else None
    picture, ended = (state.picture, state.disposition) if state else (None, None)
    disposition = center.label(center.dispositions, ended.body.disposition) if ended else ""
    return EarlierContact(
        contact=trace.contact,
        call=trace.call,
        at=trace.at,
        reasons=reasons,
        against=against,
        number=picture.number if picture else "",
        type_text=picture.type_text if picture else "",
        level=state.level if state else Level.NOT_SET,
        disposition=disposition or (picture.disposition if picture else ""),
        results={
            assessment: its
            for encounter in trace.encounters
            for assessment, its in subjects.belonging(connection, ASSESSMENT, "encounter", encounter).items()
            if its.completed_at is not None
        },
        judged=judged,
    )
