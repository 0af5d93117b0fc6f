"""The one transaction: pushed entries get their places in their journals, or are refused and kept.

The journals' head rows are held first, in the order of their names, and until the commit: so places are given in the
order in which transactions commit, two processes cannot wait for each other, and what was read under the lock still
holds when it is used. Nothing here trusts a cache that was not checked under the lock.
"""

from collections.abc import Sequence
from typing import Any, NamedTuple
from uuid import UUID

import msgspec
from msgspec.structs import replace

from regional import enrolments, gaps, identity, rows
from regional.access import Member, writes
from regional.database import Work
from regional.failpoints import failpoint
from regional.judging import (
    OF_SEVERAL_CENTERS,
    Home,
    Judged,
    Known,
    Refused,
    Standing,
    by_act,
    founding,
    judge_act,
    same,
)
from regional.rights import Rights, RightsCache
from wire.administration import DeskRetired, OrganizationFounded
from wire.envelope import GENESIS, Entry
from wire.journals import Audience, audience_of, journal_name
from wire.messages import Point, Refusal, Result, Verdict
from wire.order import START, link_after
from wire.permissions import SERVER_KINDS

_decode = msgspec.json.Decoder(Entry).decode


class Submission(NamedTuple):
    """What one desk pushed; nothing at all stands for: enter the desks of its center that are not entered yet."""

    member: Member
    entries: tuple[Entry, ...]
    forked: set[tuple[str, UUID]] | None = None
    """Journals and devices of which the desk has shown the entries of a copy; what this push shows is added."""


class Ordered(NamedTuple):
    """New entries of one journal, contiguous from ``start``."""

    journal: str
    start: Point
    entries: tuple[rows.Placed, ...]


class Outcome(NamedTuple):
    """What a transaction did. ``results`` is one list a submission, in the order of its entries."""

    results: list[list[Result]]
    ordered: list[Ordered]
    rights: list[Rights]
    passed: list[gaps.Passed]


def order(work: Work, cache: RightsCache, submissions: Sequence[Submission], now: int) -> Outcome:
    """Order the entries of ``submissions``, one after the other, in the transaction of ``work``."""
    return _Batch(work, cache, submissions, now).run()


class _Batch:
    def __init__(self, work: Work, cache: RightsCache, submissions: Sequence[Submission], now: int) -> None:
        self.work = work
        self.cache = cache
        self.submissions = submissions
        self.now = now
        self.standing = Standing()
        self.starts: dict[str, Point] = {}
        self.placed: dict[str, list[rows.Placed]] = {}
        self.counted: set[tuple[str, UUID]] = set()
        self.refusals: dict[tuple[str, str, UUID], tuple[Any, ...]] = {}
        self.healed: list[tuple[str, str, bytes]] = []
        self.gaps: dict[gaps.Key, tuple[int, int]] = {}
        self.behind_gaps: dict[gaps.Key, int] = {}
        self.passed: list[gaps.Passed] = []
        self.changed_rights: dict[str, Rights] = {}
        self.may_write: dict[Member, tuple[str, ...]] = {}
        """What was looked up of each desk since the rights last changed."""

    def run(self) -> Outcome:
        self._hold()
        self._look()
        results = [self._submission(each) for each in self.submissions]
        for center in sorted(
            {*self.changed_rights, *(each.member.center for each in self.submissions if not each.entries)}
        ):
            if self.standing.rights[center].organization is not None:
                enrolments.agree_on_codes(self.work, self.standing.rights[center])
                for entry in enrolments.missing(self.work, self.standing.rights[center]):
                    self._place(entry, center)
        self._store()
        ordered = [Ordered(name, self.starts[name], tuple(new)) for name, new in sorted(self.placed.items())]
        return Outcome(results, ordered, list(self.changed_rights.values()), self.passed)

    # -- what there is -------------------------------------------------------------------------------------------------

    def _hold(self) -> None:
        wanted: set[str] = set()
        for each in self.submissions:
            self.standing.rights[each.member.center] = self.cache.of(self.work, each.member.center)
            wanted |= {entry.journal for entry in each.entries}.intersection(self._writable(each.member, each.entries))
            if not each.entries:
                wanted.add(journal_name(each.member.center, Audience.ADMINISTRATION))
        if not wanted:
            return
        names = sorted(wanted)
        in_names, values = self.work.within("journal", names)
        query = f"SELECT journal, head, link FROM journal WHERE {in_names} ORDER BY journal{self.work.for_update}"
        found = self.work.rows(query, values)
        missing = set(names) - {row[0] for row in found}
        if missing:
            # In the order of names as well; and then all again, because another process may have made them meanwhile.
            for name in sorted(missing):
                self.work.run(
                    "INSERT INTO journal (journal, head, link) VALUES (?, 0, ?) ON CONFLICT DO NOTHING", (name, START)
                )
            found = self.work.rows(query, values)
        self.standing.heads = {row[0]: Point(row[1], row[2]) for row in found}

    def _look(self) -> None:
        standing, work = self.standing, self.work
        entries = [entry for each in self.submissions for entry in each.entries]
        held = set(standing.heads)
        self.may_write.clear()  # it was looked up before the lock
        for center in {each.member.center for each in self.submissions}:
            standing.rights[center] = self._rights(center)
        names = held | {name for each in self.submissions for name in self._writes(each.member)}
        for entry, link in rows.placed(work, sorted(names), {entry.id for entry in entries}).values():
            standing.known[entry.id] = Known(entry, link)
        new = [
            entry
            for entry in entries
            if entry.journal in held
            and ((known := standing.known.get(entry.id)) is None or not same(known.entry, entry))
        ]
        devices = {entry.device for entry in new if entry.n is not None}
        if devices:
            in_journals, journals = work.within("journal", sorted({entry.journal for entry in new}))
            in_devices, values = work.within("device", [device.bytes for device in devices])
            for journal, device, n, chain in work.rows(
                f"SELECT journal, device, n, chain FROM device_head WHERE {in_journals} AND {in_devices}",
                [*journals, *values],
            ):
                standing.counts[journal, UUID(bytes=device)] = (n, chain)
        # Only what was ordered once, and is put back, can stand behind a gap for good.
        self.gaps = gaps.waiting(
            work, {(entry.journal, entry.device) for entry in new if None not in (entry.seq, entry.n)}
        )
        standing.passable = gaps.due(self.gaps, self.now)
        own = {each.member.device: each.member for each in self.submissions}
        standing.devices = {device: Home(member.center, member.beginnings) for device, member in own.items()}
        if others := devices - set(own):
            in_devices, values = work.within("device", [device.bytes for device in others])
            for center, device, beginnings in work.rows(
                f"SELECT center, device, beginnings FROM device WHERE {in_devices}", values
            ):
                standing.devices[UUID(bytes=device)] = Home(center, beginnings)
        self._look_for_authors(new)
        self._look_at_refusals(new)
        self._look_at_foundings(new)

    def _look_for_authors(self, new: Sequence[Entry]) -> None:
        """Whose people the authors are of what is put back; the desk's own center's, or rarely any other's."""
        standing = self.standing
        back = [entry for entry in new if entry.seq is not None]
        standing.was_set_back = bool(back) and self.work.row("SELECT count(*) FROM epoch")[0] > 1
        people = {entry.actor for entry in back if audience_of(entry.journal) in OF_SEVERAL_CENTERS}
        if not (standing.was_set_back and people):
            return
        every = self.work.rows("SELECT center FROM center ORDER BY center")
        for center in dict.fromkeys((*standing.rights, *(row[0] for row in every))):
            rights = standing.rights[center] = self._rights(center)
            found = {person for person in people if rights.active(person, once=True)}
            standing.centers.update(dict.fromkeys(found, center))
            people -= found
            if not people:
                return

    def _look_at_refusals(self, new: Sequence[Entry]) -> None:
        standing = self.standing
        again = [
            entry
            for entry in new
            if entry.n is None or entry.n <= standing.counts.get((entry.journal, entry.device), (0, GENESIS))[0]
        ]
        for center in {each.member.center for each in self.submissions} if again else ():
            in_ids, values = self.work.within("id", [entry.id.bytes for entry in again])
            in_journals, journals = self.work.within("journal", sorted({entry.journal for entry in again}))
            for journal, id_, follows, kept in self.work.rows(
                f"SELECT journal, id, follows, entry FROM refusal WHERE center = ? AND {in_journals} AND {in_ids}",
                [center, *journals, *values],
            ):
                standing.refused[journal, UUID(bytes=id_)] = Refused(_decode(kept), bool(follows))

    def _look_at_foundings(self, new: Sequence[Entry]) -> None:
        """Whether a provider that is about to be named is another center's; rare, so it may hold every center."""
        mine = {each.member.center for each in self.submissions}
        if any(entry.kind in SERVER_KINDS and entry.n is None for entry in new):
            for entry in (word for center in mine for word in enrolments.words(self.work, center)):
                self.standing.enrolled.add((entry.journal.rpartition("/")[0], entry.subject))
                self.standing.own_words.add(entry.id)
        bodies = [founding(entry) for entry in new if entry.kind == OrganizationFounded.KIND]
        if not any(bodies):
            return
        centers = self.work.rows(f"SELECT center, shares_provider FROM center ORDER BY center{self.work.for_update}")
        providers = dict(self.work.rows("SELECT center, provider FROM provider"))
        shares = {center for center, shared in centers if shared}
        for named in {body.provider for body in bodies if body is not None}:
            for other, _ in centers:
                if providers.get(other, other) == named:
                    self.standing.claimed.update(((center, named), other) for center in mine - shares - {other})

    def _rights(self, center: str) -> Rights:
        journal = journal_name(center, Audience.ADMINISTRATION)
        if journal in self.standing.heads:
            return self.cache.at(self.work, center, self.standing.heads[journal])
        return self.standing.rights.get(center) or self.cache.of(self.work, center)

    def _writes(self, member: Member) -> tuple[str, ...]:
        found = self.may_write.get(member)
        if found is None:
            found = self.may_write[member] = writes(member, self.standing.rights[member.center])
        return found

    # -- what becomes of it --------------------------------------------------------------------------------------------

    def _submission(self, submission: Submission) -> list[Result]:
        member = submission.member
        self.standing.forked = set() if submission.forked is None else submission.forked
        first: dict[UUID, Entry] = {}
        again: set[int] = set()
        for place, entry in enumerate(submission.entries):
            if first.setdefault(entry.id, entry) is not entry and first[entry.id] == entry:
                again.add(place)
        found: dict[int, Result] = {}
        places = {id(entry): place for place, entry in enumerate(submission.entries)}
        for act in by_act(entry for place, entry in enumerate(submission.entries) if place not in again):
            for judged in judge_act(self.standing, member, self._writable(member, act), act):
                found[places[id(judged.entry)]] = self._take(member, judged)
        for place in again:
            its_first = found[places[id(first[submission.entries[place].id])]]
            had = its_first.verdict is Verdict.ACCEPTED
            found[place] = replace(its_first, verdict=Verdict.HAD) if had else its_first
        return [found[place] for place in range(len(submission.entries))]

    def _writable(self, member: Member, act: Sequence[Entry]) -> tuple[str, ...]:
        writable = self._writes(member)
        for entry in act:
            # The act that founds a center names its provider, whose journal it may begin as well.
            body = founding(entry) if entry.kind == OrganizationFounded.KIND else None
            if body is not None and member.clinical and self.standing.rights[member.center].organization is None:
                writable = (*writable, journal_name(body.provider, Audience.CLINICAL))
        return writable

    def _take(self, member: Member, judged: Judged) -> Result:
        entry = judged.entry
        key = entry.journal, entry.device
        if entry.n is not None:
            count, _ = self.standing.counts.get(key, (0, GENESIS))
            if judged.counts and entry.chain is not None:
                if entry.n > count + 1:
                    self.passed.append(gaps.Passed(*key, *self.gaps[key], entry.n))
                self.standing.counts[key] = (entry.n, entry.chain)
                self.counted.add(key)
            elif judged.verdict is Verdict.WAITS and entry.seq is not None:
                self.behind_gaps[key] = max(entry.n, self.behind_gaps.get(key, 0))
        if judged.verdict is Verdict.ACCEPTED:
            placed = self._place(entry, member.center)
            if (entry.journal, entry.id) in self.standing.refused:
                self.healed.append((member.center, entry.journal, entry.id.bytes))
                self.refusals.pop((member.center, entry.journal, entry.id), None)
            return Result(entry.id, judged.verdict, placed.entry.seq, placed.entry.received_at, placed.link)
        if judged.verdict is Verdict.HAD:
            known = self.standing.known[entry.id]
            return Result(entry.id, judged.verdict, known.entry.seq, known.entry.received_at, known.link)
        if judged.verdict is Verdict.REFUSED and judged.refusal is not None:
            self._refuse(member, judged, judged.refusal)
        return Result(entry.id, judged.verdict, refusal=judged.refusal, reason=judged.reason, expected=judged.expected)

    def _place(self, entry: Entry, center: str) -> rows.Placed:
        head = self.standing.heads[entry.journal]
        is_put_back = self.standing.was_set_back and entry.seq is not None
        entry = replace(entry, seq=head.seq + 1, received_at=self.now)
        link = link_after(head.link, entry)
        point = self.standing.heads[entry.journal] = Point(head.seq + 1, link)
        placed = rows.Placed(entry, link)
        self.starts.setdefault(entry.journal, head)
        self.placed.setdefault(entry.journal, []).append(placed)
        self.standing.known[entry.id] = Known(entry, link)
        if entry.journal == journal_name(center, Audience.ADMINISTRATION):
            rights = self.changed_rights.get(center)
            if rights is None:
                rights = self.changed_rights[center] = self.standing.rights[center].copy()
                self.standing.rights[center] = rights
            rights.add(entry, point)
            self.may_write.clear()
            settled = is_put_back and entry.n is None and identity.vouched_since(self.work, center, entry)
            if entry.kind == DeskRetired.KIND and not settled:
                at = entry.made_at if entry.n is None else self.now  # a desk's clock may be off
                identity.retire(self.work, center, entry.subject, at)
            if entry.kind == OrganizationFounded.KIND and rights.organization is not None:
                self.work.run(
                    "INSERT INTO provider (center, provider) VALUES (?, ?) ON CONFLICT DO NOTHING",
                    (center, rights.provider),
                )
        return placed

    def _refuse(self, member: Member, judged: Judged, refusal: Refusal) -> None:
        if not judged.kept:
            return
        entry = judged.entry
        journal = entry.journal.replace("\0", " ")[:240]
        count = entry.n if entry.n is not None and 0 < entry.n < 2**63 else None
        before = self.standing.refused.get((entry.journal, entry.id))
        if before is not None and before.follows and not judged.follows:
            return  # what may be offered again is kept
        self.standing.refused[entry.journal, entry.id] = Refused(entry, judged.follows)
        self.refusals[member.center, journal, entry.id] = (
            member.center,
            journal,
            entry.id.bytes,
            entry.device.bytes,
            count,
            entry.chain,
            judged.follows,
            refusal.value,
            judged.reason.replace("\0", " "),
            member.desk.bytes,
            self.now,
            msgspec.json.encode(entry),
        )

    # -- what is kept --------------------------------------------------------------------------------------------------

    def _store(self) -> None:
        new = [rows.to_row(*placed) for name in sorted(self.placed) for placed in self.placed[name]]
        with self.work.together(len(new)):
            self._store_rows(self.work, new)

    def _store_rows(self, work: Work, new: Sequence[tuple[Any, ...]]) -> None:
        if new:
            work.insert("entry", rows.COLUMNS, new)
            failpoint("while-ordering")
            heads = self.standing.heads
            work.many(
                "UPDATE journal SET head = ?, link = ? WHERE journal = ?",
                [(heads[name].seq, heads[name].link, name) for name in sorted(self.placed)],
            )
        work.many(
            "INSERT INTO device_head (journal, device, n, chain) VALUES (?, ?, ?, ?) "
            "ON CONFLICT (journal, device) DO UPDATE SET n = excluded.n, chain = excluded.chain",
            [
                (journal, device.bytes, *self.standing.counts[journal, device])
                for journal, device in sorted(self.counted)
            ],
        )
        if self.gaps or self.behind_gaps:
            keys = self.gaps.keys() | self.behind_gaps.keys()
            counts = {key: self.standing.counts.get(key, (0, GENESIS))[0] for key in keys}
            gaps.keep(work, self.gaps, counts, self.behind_gaps, self.passed, self.now)
        work.many("DELETE FROM refusal WHERE center = ? AND journal = ? AND id = ?", self.healed)
        work.many(
            "INSERT INTO refusal (center, journal, id, device, n, chain, follows, refusal, reason, desk, refused_at, "
            "entry) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (center, journal, id) DO UPDATE SET "
            "device = excluded.device, n = excluded.n, chain = excluded.chain, follows = excluded.follows, "
            "refusal = excluded.refusal, reason = excluded.reason, desk = excluded.desk, "
            "refused_at = excluded.refused_at, entry = excluded.entry WHERE excluded.follows OR NOT refusal.follows",
            [self.refusals[key] for key in sorted(self.refusals)],
        )
