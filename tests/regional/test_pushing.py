"""What becomes of entries that are pushed to the real server."""

import pytest
from msgspec.structs import replace

from regional.homes import open_database
from tests.regional.conftest import Call, MakeCode, founded
from tests.regional.desk import Caller
from tests.regional.servers import Server
from wire.administration import DESK, DeskState, OrganizationFounded, UserDisabled, UserRolesSet
from wire.envelope import GENESIS, body_digest, chain_value, from_micros, uuid7
from wire.journals import Audience
from wire.messages import Refusal, Result, Verdict
from wire.permissions import Role


def verdicts(results: list[Result]) -> list[str]:
    return [result.refusal.value if result.refusal else result.verdict.value for result in results]


def test_what_one_desk_pushes_reaches_the_other_in_order(server: Server, first: Caller, call: Call) -> None:
    second = call(server, first.center, "operations")
    pusher, reader = first.live(), second.live()
    results = pusher.push([first.entry(), first.entry(), first.entry()])
    assert [(result.verdict, result.seq) for result in results] == [("accepted", 1), ("accepted", 2), ("accepted", 3)]
    page = reader.page_of(f"{first.center}/operations")
    assert (page.start.seq, page.end.seq, page.end.link) == (0, 3, results[-1].link)
    assert [entry.id for entry in page.entries] == [result.id for result in results]
    assert pusher.page_of(f"{first.center}/operations").end == page.end


def test_an_entry_that_comes_again_has_its_place_already(first: Caller) -> None:
    """3. An entry id MUST have one place at most … an entry that comes again is answered `had`, with the same place."""
    entries = [first.entry(), first.entry()]
    before = first.push(entries)
    again = first.push([*entries, entries[0]])
    assert verdicts(again) == ["had", "had", "had"]
    assert [(result.seq, result.link, result.received_at) for result in again[:2]] == [
        (result.seq, result.link, result.received_at) for result in before
    ]
    assert verdicts(first.push([new := first.entry(), new])) == ["accepted", "had"]
    assert len(first.all_of()) == 3


def test_an_entry_that_comes_too_early_waits_for_the_one_before(first: Caller) -> None:
    """6. Entries of one device MUST be ordered in the order of its count `n`; one that comes too early is answered
    `waits`.
    """
    one, two, three = first.entry(), first.entry(), first.entry()
    early = first.push([two, three])
    assert verdicts(early) == ["waits", "waits"]
    assert [result.expected for result in early] == [1, 1]
    assert verdicts(first.push([one, two, three])) == ["accepted"] * 3


def test_a_refused_entry_is_no_hole_for_those_behind_it(first: Caller) -> None:
    """5. … its device's count and chain go on behind it, so that a chain has no hole."""
    entries = [first.entry(), first.entry(by="stranger"), first.entry()]
    assert verdicts(first.push(entries)) == ["accepted", "person", "accepted"]
    assert verdicts(first.push(entries)) == ["had", "person", "had"]
    assert [entry.n for entry in first.all_of()] == [1, 3]


def test_a_refused_entry_is_accepted_once_the_person_is_known(first: Caller) -> None:
    entry = first.entry("call.flagged", by="ann")
    assert verdicts(first.push([entry, first.entry()])) == ["person", "accepted"]
    first.push([first.adding("ann", Role.CLINICIAN)])
    assert verdicts(first.push([entry])) == ["accepted"]
    assert verdicts(first.push([entry])) == ["had"]
    assert [each.n for each in first.all_of()] == [2, 1]


def test_a_right_is_the_one_the_administration_journal_gives_at_that_moment(first: Caller) -> None:
    """7. The server MUST check … that the actor may write that kind by the administration journal …"""
    first.push([first.adding("ann", Role.DISPATCHER)])
    assert verdicts(first.push([first.entry("call.claimed", by="ann")])) == ["right"]
    change = first.speaking(first.user("ann"), UserRolesSet(from_micros(0), (Role.CLINICIAN,)))
    assert verdicts(first.push([change, first.entry("call.claimed", by="ann")])) == ["accepted", "accepted"]
    assert verdicts(first.push([first.speaking(first.user("ann"), UserDisabled(from_micros(0)))])) == ["accepted"]


def test_only_an_administrator_writes_administration(first: Caller) -> None:
    first.push([first.adding("ann", Role.CLINICIAN)])
    journal = f"{first.center}/administration"
    assert verdicts(first.push([first.adding("eve", Role.ADMINISTRATOR, by="ann")])) == ["right"]
    assert verdicts(first.push([first.entry("call.messaged", journal=journal)])) == ["right"]


def test_an_unknown_kind_of_administration_is_refused_as_that_with_its_whole_act(first: Caller) -> None:
    """15. … One that is answered `kind` stays in the fold of its desk, as what waits does …"""
    journal, act = f"{first.center}/administration", uuid7()
    one = first.entry("moon.phased", journal=journal, act=act)
    other = first.entry("setting.set", journal=journal, act=act)
    assert verdicts(first.push([one, other])) == ["kind", "act"]


def test_an_unknown_kind_is_passed_on_where_its_writer_may_read(first: Caller) -> None:
    """7. … A kind it does not know is passed on when the actor may read the journal …"""
    first.push([first.adding("eve", Role.AUDITOR)])
    assert verdicts(first.push([first.entry("moon.phased"), first.entry("moon.phased", by="eve")])) == [
        "accepted",
        "right",
    ]


@pytest.mark.parametrize("body", ["not JSON at all", '{"words":', "[1]", "\u2028 \U0001f634", "{}"])
def test_a_body_that_the_server_cannot_read_is_passed_on_as_it_is(first: Caller, body: str) -> None:
    """9. The server understands the administration journal and nothing else: it MUST NOT need the body of any other
    entry.
    """
    entries = [first.entry(kind, body=body) for kind in ("call.messaged", "call.flagged", "moon.phased")]
    clinical = first.entry("encounter.noted", journal=f"{first.center}/clinical", by="ann", body=body)
    first.push([first.adding("ann", Role.CLINICIAN)])
    assert verdicts(first.push([*entries, clinical])) == ["accepted"] * 4
    read = [*first.all_of(), *first.all_of(f"{first.center}/clinical")]
    assert [entry.body for entry in read] == [body] * 4


def test_a_clinical_kind_never_stands_in_operations(first: Caller) -> None:
    first.push([first.adding("ann", Role.CLINICIAN)])
    assert verdicts(first.push([first.entry("encounter.noted", by="ann")])) == ["right"]


def test_entries_of_one_act_are_accepted_or_refused_together_across_journals(first: Caller) -> None:
    """4. The entries of one act MUST be accepted or refused together, across journals."""
    first.push([first.adding("ann", Role.CLINICIAN)])
    clinical, act = f"{first.center}/clinical", uuid7()
    both = [
        first.entry("call.contacted", by="ann", act=act),
        first.entry("encounter.noted", journal=clinical, by="boss", act=act),
    ]
    assert verdicts(first.push(both)) == ["act", "right"]
    act = uuid7()
    both = [
        first.entry("call.contacted", by="ann", act=act),
        first.entry("encounter.noted", journal=clinical, by="ann", act=act),
    ]
    assert verdicts(first.push(both)) == ["accepted", "accepted"]
    act = uuid7()
    early = [first.entry("call.contacted", by="ann", act=act)]
    first.entry("encounter.noted", journal=clinical, by="ann")
    early.append(first.entry("encounter.noted", journal=clinical, by="ann", act=act))
    assert verdicts(first.push(early)) == ["waits", "waits"]
    assert len(first.all_of()) == 1


def test_what_a_copy_counted_anew_is_settled_and_its_chain_goes_on(
    server: Server, first: Caller, call: Call, make_code: MakeCode
) -> None:
    entry = first.entry()
    assert verdicts(first.push([entry])) == ["accepted"]
    copy = call(server, first.center)
    copy.join(make_code(server, first.center), desk_code="C")
    copy.open()
    own = copy.entry()
    moved = replace(entry, device=own.device, n=own.n, chain=None)
    moved = replace(moved, chain=chain_value(GENESIS, moved))
    copy.heads[moved.journal] = (moved.n or 0, moved.chain or b"")
    assert verdicts(copy.push([moved, copy.entry()])) == ["settled", "accepted"]
    other = replace(moved, subject=uuid7())
    assert verdicts(copy.push([other])) == ["bytes"], "the same id is not enough"


def test_changed_bytes_are_refused_and_the_right_ones_taken(first: Caller) -> None:
    """7. The server MUST check, when it orders an entry: the digest, the device chain …"""
    entry = first.entry()
    assert verdicts(first.push([replace(entry, body='{"words":"other"}'), first.entry()])) == ["bytes", "accepted"]
    assert verdicts(first.push([replace(entry, subject=uuid7())])) == ["bytes"]
    assert verdicts(first.push([entry])) == ["accepted"]
    assert verdicts(first.push([replace(entry, subject=uuid7())])) == ["bytes"]
    wrong = replace(first.entry(), chain=bytes(32))
    first.heads[wrong.journal] = (wrong.n or 0, bytes(32))
    assert verdicts(first.push([wrong, first.entry()])) == ["bytes", "accepted"]


def test_a_poison_entry_takes_no_other_with_it(first: Caller) -> None:
    journal = f"{first.center}/operations"
    poison = [
        replace(first.entry(), made_at=2**70),
        replace(first.entry(), kind="no\0kind"),
        replace(first.entry(), journal="no\0journal"),
        replace(first.entry(), n=2**80),
        replace(first.entry(), digest=b""),
        replace(first.entry(), body="\0" * 40),
    ]
    first.heads.pop(journal)
    assert verdicts(first.push([*poison, first.entry()])) == ["bytes"] * 5 + ["waits", "accepted"]
    assert verdicts(first.push([first.entry(body="[" * 100_000), first.entry(body='{"a":"\0"}')])) == ["accepted"] * 2
    assert [len(entry.body or "") for entry in first.all_of()[1:]] == [100_000, 9]


def test_another_entry_with_a_count_that_is_taken_is_a_fork(first: Caller) -> None:
    heads = dict(first.heads)
    first.push([first.entry()])
    first.heads = heads
    assert verdicts(first.push([other := first.entry()])) == ["fork"]
    assert verdicts(first.push([other])) == ["fork"]
    assert verdicts(first.push([first.entry()])) == ["fork"], "it follows the copy's entry, not the one that is known"


def test_a_desk_goes_on_as_a_new_device_after_a_fork(first: Caller) -> None:
    first.push([first.entry()])
    first.device, first.heads = uuid7(), {}
    first.open()
    assert verdicts(first.push([first.entry(), first.entry()])) == ["accepted"] * 2


def test_a_derived_entry_of_two_desks_is_one(server: Server, first: Caller, call: Call) -> None:
    second = call(server, first.center, "operations")
    picture = first.derived('{"address":"1 Main"}')
    assert verdicts(first.push([picture])) == ["accepted"]
    assert verdicts(second.push([picture])) == ["had"]
    other = replace(picture, body="{}", digest=body_digest(None, "{}"))
    assert verdicts(second.push([other])) == ["bytes"]
    assert verdicts(second.push([second.derived("{}", kind="call.claimed")])) == ["bytes"]
    assert verdicts(second.push([second.derived("{}", actor=uuid7())])) == ["bytes"]
    assert verdicts(second.push([second.derived("{}", journal=f"{first.center}/audit")])) == ["right"]


def test_nobody_writes_as_a_person_what_only_a_source_writes_without_a_count(first: Caller) -> None:
    """7. The server MUST check … the device chain … and that the actor may write that kind …"""
    first.push([first.adding("ann", Role.AUDITOR)])
    for name in ("boss", "ann"):
        forged = first.derived("{}", "call.flagged", actor=first.user(name), device=first.user(name))
        assert verdicts(first.push([forged])) == ["right"]
    assert verdicts(first.push([first.derived("{}", "call.flagged")])) == ["accepted"]


def test_a_sources_entry_without_its_body_keeps_the_full_one_out_of_nothing(
    server: Server, first: Caller, call: Call
) -> None:
    """27. … the server MUST NOT accept an entry of a source without its body."""
    second = call(server, first.center, "operations")
    picture = first.derived('{"address":"1 Main"}')
    assert verdicts(first.push([replace(picture, body=None)])) == ["bytes"]
    assert verdicts(second.push([picture])) == ["accepted"]
    assert verdicts(first.push([replace(picture, body=None)])) == ["had"]
    (kept,) = first.pull(picture.journal).entries
    assert kept.body == picture.body


def test_a_desk_writes_to_no_journal_that_it_is_not_enrolled_for(server: Server, first: Caller, call: Call) -> None:
    """7. The server MUST check … that the desk may write to that journal …"""
    second = call(server, first.center, "operations")
    other = founded(call(server, f"{first.center}-b", "clinical"))
    assert verdicts(second.push([second.entry("encounter.noted", journal=f"{first.center}/clinical")])) == ["journal"]
    assert verdicts(other.push([other.entry(journal=f"{first.center}/operations")])) == ["journal"]
    assert verdicts(other.push([other.entry(journal=f"{first.center}/clinical")])) == ["journal"]
    assert first.all_of() == []


def test_a_desk_brings_no_journal_into_being_that_it_may_not_write(server: Server, call: Call, center: str) -> None:
    desk = call(server, center, "clinical")
    named = f"nobody-{center}/clinical"

    def journals() -> set[str]:
        database = open_database(server.database, server.home)
        try:
            return {row[0] for row in database.read(lambda work: work.rows("SELECT journal FROM journal"))}
        finally:
            database.close()

    for _ in range(2):  # before there is a center, and in one
        assert verdicts(desk.push([replace(desk.entry("encounter.noted"), journal=named)])) == ["journal"]
        assert named not in journals()
        provider = f"provider-{center}"
        founding = desk.founding(provider=provider)
        desk.push([*founding, desk.entry("encounter.noted", journal=f"{provider}/clinical")])
    assert journals() >= {f"{provider}/clinical", f"{center}/administration"}


def test_another_desk_puts_back_what_a_desk_wrote_under_the_same_checks(
    server: Server, first: Caller, call: Call
) -> None:
    second = call(server, first.center, "clinical")
    stranger = call(server, first.center)
    entries = [second.entry(), second.entry(), second.entry()]
    assert verdicts(first.push([entries[1]])) == ["waits"]
    assert verdicts(first.push(entries[:2])) == ["accepted"] * 2
    assert verdicts(second.push(entries)) == ["had", "had", "accepted"]
    assert verdicts(first.push([stranger.entry()])) == ["person"]


def test_the_first_desk_founds_and_a_later_desks_beginnings_are_settled(
    server: Server, first: Caller, call: Call, make_code: MakeCode
) -> None:
    later = call(server, first.center)
    own = [*later.founding(), later.adding("ann", Role.CLINICIAN), later.entry("call.flagged"), later.entry(by="ann")]
    joined = later.join(make_code(server, first.center), administration=4, people=("boss", "Ann"), desk_code="A")
    assert (joined.first, joined.shared, joined.desk_code) == (False, ("boss",), "B")
    later.open()
    results = later.push(own)
    assert verdicts(results) == ["settled"] * 4 + ["accepted", "person"]
    # What an administrator of the center does at that desk later is like anybody's.
    assert verdicts(later.push([later.adding("ann", Role.CLINICIAN)])) == ["accepted"]
    assert verdicts(later.push([own[-1]])) == ["accepted"]
    again = later.speaking(uuid7(), OrganizationFounded(from_micros(0), "X", first.center, "x", "UTC"))
    assert verdicts(later.push([again])) == ["settled"]
    enrolled = [entry for entry in first.all_of(f"{first.center}/administration") if entry.kind == "desk.enrolled"]
    assert [entry.subject for entry in enrolled] == [first.desk, later.desk]
    assert '"code":"B"' in (enrolled[1].body or "")


def test_a_desk_that_set_itself_up_is_listed_with_what_it_joined_for(
    server: Server, call: Call, center: str, make_code: MakeCode
) -> None:
    desk = call(server, center)
    desk.join(make_code(server, center, "operations"), administration=3, desk_code="A")
    desk.open()
    assert verdicts(desk.push(desk.founding(desk=desk.desk))) == ["accepted"] * 3
    desk.hello()

    def listed() -> tuple[int, DeskState | None]:
        entries = [entry for entry in desk.all_of(f"{center}/administration") if entry.subject == desk.desk]
        return len(entries), DESK.fold(entries).state

    assert listed() == (2, DeskState("A", (Audience.OPERATIONS,)))
    desk.open()
    desk.hello()
    assert listed()[0] == 2, "it is said once"
    desk.join(make_code(server, center, "clinical"), desk_code="A")
    desk.open()
    desk.hello()
    assert listed() == (3, DeskState("A", (Audience.OPERATIONS, Audience.CLINICAL)))
    desk.join(make_code(server, center, "operations"), desk_code="A")
    desk.open()
    desk.hello()
    assert listed() == (4, DeskState("A", (Audience.OPERATIONS,)))


def test_of_two_first_desks_the_one_that_comes_first_founds(server: Server, call: Call, center: str) -> None:
    one, two = call(server, center), call(server, center)
    make = server.command
    for desk in (one, two):
        code = make("enrol", "--center", center, "--audience", "clinical")[0]["code"]
        assert desk.join(code, administration=3, desk_code="A").first
        desk.open()
    assert verdicts(two.push([two.entry()])) == ["person"]
    assert verdicts(two.push([two.adding("eve", Role.ADMINISTRATOR, by="eve")])) == ["person"]
    two.heads.pop(f"{center}/administration")
    assert verdicts(one.push(one.founding())) == ["accepted"] * 3
    kinds = [(entry.kind, entry.subject) for entry in one.all_of(f"{center}/administration")]
    assert kinds[-1] == ("desk.enrolled", two.desk)


def test_a_founding_brings_its_provider_which_another_center_may_not_claim(
    server: Server, first: Caller, call: Call, make_code: MakeCode
) -> None:
    other = call(server, f"{first.center}-b", "clinical")
    assert other.hello().writes.count(f"{first.center}/clinical") == 0
    act = other.founding(provider=first.center)
    assert verdicts(other.push(act)) == ["right", "act", "act"]
    make_code(server, other.center, "clinical", share_provider=True)
    assert verdicts(other.push(act)) == ["accepted"] * 3
    assert f"{first.center}/clinical" in other.hello().reads
    wrong = call(server, f"{first.center}-c", "clinical")
    wrong.center = first.center
    assert verdicts(wrong.push(wrong.founding())) == ["journal"] * 3


def test_the_server_enters_desks_and_nobody_else_in_its_name(server: Server, first: Caller, call: Call) -> None:
    second = call(server, first.center, "operations")
    (entered,) = [entry for entry in first.all_of(f"{first.center}/administration") if entry.subject == second.desk]
    assert entered.n is None
    assert verdicts(second.push([entered])) == [Verdict.HAD]
    forged = replace(entered, id=uuid7(), subject=uuid7())
    assert verdicts(second.push([forged])) == [Refusal.RIGHT]


def test_a_chain_that_follows_a_refused_entry_verifies(first: Caller) -> None:
    refused, good = first.entry(by="stranger"), first.entry()
    assert good.chain == chain_value(refused.chain or b"", good)
    assert verdicts(first.push([refused, good])) == ["person", "accepted"]
