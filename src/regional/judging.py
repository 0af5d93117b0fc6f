"""What becomes of pushed entries, given what the journals hold: pure, so that every interleaving can be tested.

An act is judged whole. Entries are looked at in the order they were pushed, against the places and counts as the
entries before them left them; whatever is refused uses up its device's count, so that the next one still fits.
"""

import re
from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple
from uuid import UUID

import msgspec
from msgspec.structs import replace

from regional.access import Member
from regional.rights import Rights
from wire.administration import DeskRetired, OrganizationFounded
from wire.envelope import GENESIS, Entry, body_digest, chain_value, envelope_bytes, is_derived
from wire.journals import Audience, audience_of, journal_name, source_id
from wire.messages import FRAME_LIMIT, Point, Refusal, Verdict
from wire.order import Link
from wire.permissions import DERIVED_KINDS, SERVER_KINDS, WRITERS, is_known, may_read, may_write, stands_in

SOURCE: Final = "regional-server"
"""What the server calls itself as the source of the entries it derives."""
LARGEST_BODY: Final = FRAME_LIMIT // 8
"""Bytes of one body. Escaped six-fold it still fits a page."""
OF_SEVERAL_CENTERS = (Audience.DIRECTORY, Audience.CLINICAL)
"""What desks of more than one center may write: the region's directory, and the record of a provider they share."""
_KIND = re.compile(r"[a-z0-9][a-z0-9.-]{0,99}")
_JOURNAL = re.compile(r"[^\x00-\x20\x7f]{1,200}/[a-z]{1,20}")
_BIGGEST = 2**63


class Known(NamedTuple):
    """An entry that has a place: what is compared with one that comes with its id."""

    entry: Entry
    link: Link


class Refused(NamedTuple):
    """An entry that was refused before, as far as it decides what becomes of it when it is offered again."""

    entry: Entry
    follows: bool
    """Whether it uses up its device's count, its chain being right."""


class Home(NamedTuple):
    """Whose a device is, and how many administration entries it had made before its desk joined."""

    center: str
    beginnings: int


class Judged(msgspec.Struct):
    """What becomes of one entry. ``counts``: it takes its device's next count. ``follows``: its chain is right.

    ``kept``: where it is refused, the server keeps it; else whoever sent it brings it in another way.
    """

    entry: Entry
    verdict: Verdict
    counts: bool = False
    refusal: Refusal | None = None
    reason: str = ""
    follows: bool = False
    expected: int | None = None
    kept: bool = True


class Standing:
    """What is known about the journals, the devices and the people that a batch of pushes speaks of."""

    def __init__(self) -> None:
        self.heads: dict[str, Point] = {}
        self.known: dict[UUID, Known] = {}
        self.refused: dict[tuple[str, UUID], Refused] = {}
        self.counts: dict[tuple[str, UUID], tuple[int, bytes]] = {}
        self.passable: dict[tuple[str, UUID], int] = {}
        """The missing counts that were waited for in vain, by journal and device: see :mod:`regional.gaps`."""
        self.devices: dict[UUID, Home] = {}
        self.rights: dict[str, Rights] = {}
        self.claimed: dict[tuple[str, str], str] = {}
        """The center that has a provider already, by the center that may not have it as well, and the provider."""
        self.forked: set[tuple[str, UUID]] = set()
        """Journals and devices of which the desk that pushes has shown the entries of a copy."""
        self.enrolled: set[tuple[str, UUID]] = set()
        """Centers and their enrolled desks, when an entry speaks of one."""
        self.own_words: set[UUID] = set()
        """The ids of what the server itself says of these desks."""
        self.was_set_back = False
        """Whether desks can have something to put back at all."""
        self.centers: dict[UUID, str] = {}
        """Of a person whose entry another center's desk puts back, the center whose person it is or was."""


def by_act(entries: Iterable[Entry]) -> list[list[Entry]]:
    """The entries of each act together, acts in the order they begin."""
    acts: dict[UUID, list[Entry]] = {}
    for entry in entries:
        acts.setdefault(entry.act, []).append(entry)
    return list(acts.values())


def judge_act(standing: Standing, member: Member, writable: Sequence[str], act: Sequence[Entry]) -> list[Judged]:
    """What becomes of the entries of one act: all that have no place yet are accepted, refused, or wait."""
    counts: dict[tuple[str, UUID], tuple[int, bytes]] = {}
    ids: set[UUID] = set()
    founds = any(entry.kind == OrganizationFounded.KIND for entry in act)
    found = []
    for entry in act:
        judged = _judge(standing, member, writable, entry, counts, founds)
        if entry.id in ids and judged.verdict is not Verdict.HAD:
            judged = _no(entry, Refusal.BYTES, "Two entries of one act bear the same id.")
        ids.add(entry.id)
        if judged.counts and entry.n is not None and entry.chain is not None:
            counts[entry.journal, entry.device] = (entry.n, entry.chain)
        found.append(judged)
    new = [each for each in found if each.verdict is not Verdict.HAD]
    waits = [each for each in new if each.verdict is Verdict.WAITS]
    if any(each.refusal is Refusal.FORK for each in new):
        # The desk goes on as a new device with all of it, so none of it uses up a count of this one.
        for each in new:
            standing.forked.add((each.entry.journal, each.entry.device))
            each.kept = False
            if each.refusal is not Refusal.FORK:
                each.verdict, each.counts, each.refusal = Verdict.REFUSED, False, Refusal.FORK
                each.reason = "Another entry of the same act has a count that is taken."
    elif waits:
        for each in new:
            each.verdict, each.counts, each.refusal, each.reason = Verdict.WAITS, False, None, waits[0].reason
            each.expected = each.expected or waits[0].expected
    elif any(each.verdict is Verdict.REFUSED for each in new):
        for each in new:
            if each.verdict is Verdict.ACCEPTED:
                each.verdict, each.refusal = Verdict.REFUSED, Refusal.ACT
                each.reason = "Another entry of the same act was refused."
            elsewhere = each.counts and audience_of(each.entry.journal) in OF_SEVERAL_CENTERS
            if elsewhere and each.refusal is not Refusal.SETTLED and not _is_ours(standing, member, each.entry):
                each.counts = each.kept = False  # a desk of its own center may bring it, and what makes it right
    return found


def _no(entry: Entry, refusal: Refusal, reason: str, *, counts: bool = False, follows: bool = False) -> Judged:
    return Judged(entry, Verdict.REFUSED, counts, refusal, reason, follows)


def _judge(
    standing: Standing,
    member: Member,
    writable: Sequence[str],
    entry: Entry,
    in_act: dict[tuple[str, UUID], tuple[int, bytes]],
    founds: bool,
) -> Judged:
    if not well_formed(entry):
        return _no(entry, Refusal.BYTES, "The envelope holds a number, a kind or a size that no desk writes.")
    if entry.journal not in writable:
        return _no(entry, Refusal.JOURNAL, f"This desk may not write to {entry.journal}.")
    key = (entry.journal, entry.device)
    count, chain = in_act.get(key) or standing.counts.get(key, (0, GENESIS))
    is_next = entry.n is not None and entry.n == count + 1
    known = standing.known.get(entry.id)
    if known is not None:
        if same(known.entry, entry):
            return Judged(entry, Verdict.HAD)
        if _is_of_copy(known.entry, entry):
            reason = "It is here already, as another copy of the same home sent it. Nothing is lost."
            return _no(entry, Refusal.SETTLED, reason, counts=is_next)
        return _no(entry, Refusal.BYTES, "Another entry bears the same id.", counts=is_next)
    if entry.n is None:
        return _judge_derived(standing, member, entry)
    center = _center(standing, member, entry)
    if center is None:
        return _no(entry, Refusal.PERSON, "The desk that wrote this is not enrolled here. Enrol it again.")
    if key in standing.forked:
        return _no(entry, Refusal.FORK, "It follows an entry whose count is taken.")
    if entry.n > count + 1:
        if not (entry.seq is not None and standing.passable.get(key) == count + 1):
            reason = f"Entry {count + 1} of this device comes first."
            return Judged(entry, Verdict.WAITS, reason=reason, expected=count + 1)
        # It stood in an order once, and nobody has what came before it: its own chain is where the count goes on.
        is_next = True
        if entry.chain is None:
            return _no(entry, Refusal.BYTES, "It has a count and no chain.")
    elif is_next:
        if entry.chain is None or chain_value(chain, entry) != entry.chain:
            reason = "Its chain does not follow from the entry before it: one of them was changed."
            return _no(entry, Refusal.BYTES, reason, counts=entry.chain is not None)
    else:
        before = standing.refused.get((entry.journal, entry.id))
        if before is None or not before.follows:
            return _no(entry, Refusal.FORK, f"Another entry has the count {entry.n} of this device already.")
        if not same(before.entry, entry):
            return _no(entry, Refusal.BYTES, "It is not what was refused before under the same id.")
    if entry.body is not None and body_digest(entry.salt, entry.body) != entry.digest:
        return _no(entry, Refusal.BYTES, "The body is not the one that was written.", counts=is_next, follows=True)
    refusal, reason = _right(standing, member, center, entry, founds)
    if refusal is not None:
        return _no(entry, refusal, reason, counts=is_next, follows=True)
    return Judged(entry, Verdict.ACCEPTED, is_next, follows=True)


def _is_ours(standing: Standing, member: Member, entry: Entry) -> bool:
    home = standing.devices.get(entry.device)
    return home is not None and home.center == member.center


def _is_put_back(standing: Standing, entry: Entry) -> bool:
    return standing.was_set_back and entry.seq is not None


def _center(standing: Standing, member: Member, entry: Entry) -> str | None:
    """The center among whose people the author is looked for; None where this desk may not send the entry.

    A desk sends what desks of its own center made. What the server lost it puts back, whoever made it: in a journal of
    its center that was a desk of this center, known here or not; in one of several centers the person says of which.
    """
    if audience_of(entry.journal) in OF_SEVERAL_CENTERS and _is_put_back(standing, entry):
        return standing.centers.get(entry.actor, member.center)
    unknown = entry.device not in standing.devices
    ours = _is_put_back(standing, entry) if unknown else _is_ours(standing, member, entry)
    return member.center if ours else None


def well_formed(entry: Entry) -> bool:
    """Whether the envelope has a shape that can be kept, and handed to a desk, whole."""
    numbers = (entry.version, entry.made_at, entry.offset or 0, entry.n or 0)
    return (
        -_BIGGEST <= min(numbers) <= max(numbers) < _BIGGEST
        and (entry.n is None or entry.n >= 1)
        and _KIND.fullmatch(entry.kind) is not None
        and _JOURNAL.fullmatch(entry.journal) is not None
        and len(entry.digest) == 32
        and (entry.chain is None or len(entry.chain) == 32)
        and len(entry.salt or b"") <= 64
        and (entry.body is None or len(entry.body.encode()) <= LARGEST_BODY)
    )


def same(one: Entry, other: Entry) -> bool:
    """Whether two entries are what one author made, wherever they stand."""
    return one.digest == other.digest and one.chain == other.chain and envelope_bytes(one) == envelope_bytes(other)


def _is_of_copy(one: Entry, other: Entry) -> bool:
    """Whether it is the same act, counted by two devices: by a home and by its copy, which went on as a new device."""
    if one.n is None or other.n is None or one.digest != other.digest:
        return False
    return envelope_bytes(replace(other, device=one.device, n=one.n)) == envelope_bytes(one)


def _judge_derived(standing: Standing, member: Member, entry: Entry) -> Judged:
    if not is_derived(entry) or entry.body is None or body_digest(None, entry.body) != entry.digest:
        return _no(entry, Refusal.BYTES, "It has no count, and no source can have made it.")
    audience = audience_of(entry.journal)
    if entry.kind in DERIVED_KINDS and audience is Audience.OPERATIONS:
        if standing.rights[member.center].active(entry.actor, once=True):
            return _no(entry, Refusal.RIGHT, "What a person writes has a count; only a source's has none.")
        return Judged(entry, Verdict.ACCEPTED)
    if entry.kind in SERVER_KINDS and audience is Audience.ADMINISTRATION:
        if entry.device != source_id(member.center, SOURCE):
            return _no(entry, Refusal.RIGHT, "Only the server enters desks in its own name.")
        if entry.id in standing.own_words:
            return Judged(entry, Verdict.ACCEPTED)
        if not _is_put_back(standing, entry):
            return _no(entry, Refusal.RIGHT, "The server has not said this of a desk.")
        if (member.center, entry.subject) in standing.enrolled and entry.kind != DeskRetired.KIND:
            return _no(entry, Refusal.SETTLED, "The server knows this desk, and says itself for what it joined.")
        return Judged(entry, Verdict.ACCEPTED)
    return _no(entry, Refusal.RIGHT, f"A source may not write {entry.kind} to {entry.journal}.")


def _right(standing: Standing, member: Member, center: str, entry: Entry, founds: bool) -> tuple[Refusal | None, str]:
    rights = standing.rights[center]
    audience = audience_of(entry.journal)
    if not stands_in(entry.kind, audience):
        if audience is Audience.ADMINISTRATION and not is_known(entry.kind):
            return Refusal.KIND, f"The server is of an older version that does not know {entry.kind}."
        return Refusal.RIGHT, f"Entries {entry.kind} do not stand in {entry.journal}."
    if audience is Audience.ADMINISTRATION:
        if rights.organization is not None:
            home = standing.devices.get(entry.device)
            began = home is not None and (entry.n or 0) <= home.beginnings
            if rights.founder != entry.device and (began or entry.kind == OrganizationFounded.KIND):
                return Refusal.SETTLED, "The center's administration is settled by the desk that founded it."
        elif founds:
            # Nobody is anybody yet: whoever founds the center is taken at their word.
            return _founding(standing, member, entry) if entry.kind == OrganizationFounded.KIND else (None, "")
    once = _is_put_back(standing, entry)  # it had a place once: what the actor might do until then is what counts
    if not rights.active(entry.actor, once=once):
        return Refusal.PERSON, "Whoever wrote this is not one of the center's people, or is disabled."
    roles = rights.roles(entry.actor, once=once)
    if entry.kind in WRITERS:
        if not may_write(roles, entry.kind):
            return Refusal.RIGHT, f"Whoever wrote this may not write {entry.kind}."
    elif not may_read(roles, audience):
        return Refusal.RIGHT, f"Whoever wrote this may not read {entry.journal}."
    return None, ""


def founding(entry: Entry) -> OrganizationFounded | None:
    """What a founding entry says, None when it cannot be read, or names no provider that can have a journal."""
    try:
        body = msgspec.json.decode(entry.body or "", type=OrganizationFounded)
    except (msgspec.DecodeError, RecursionError):
        return None
    return body if _JOURNAL.fullmatch(journal_name(body.provider, Audience.CLINICAL)) else None


def _founding(standing: Standing, member: Member, entry: Entry) -> tuple[Refusal | None, str]:
    body = founding(entry)
    if body is None:
        return Refusal.BYTES, "This founding of a center cannot be read."
    if body.short_name != member.center:
        return Refusal.RIGHT, f"It founds {body.short_name}; this desk is enrolled for {member.center}."
    if other := standing.claimed.get((member.center, body.provider)):
        return Refusal.RIGHT, (
            f"{body.provider} keeps its clinical record with the center {other}. The operator of the server can allow "
            "both: 'regional-server enrol --share-provider'."
        )
    return None, ""
