"""The exact bytes of an entry, and the chain over them."""

import hashlib
from datetime import UTC, datetime, timedelta, timezone
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from console.models.call import CallMessaged, CallNarrated, CallPictured
from tests.support.entries import Author, at, histories, named
from wire.envelope import (
    GENESIS,
    ChainFault,
    Entry,
    body_digest,
    chain_value,
    envelope_bytes,
    from_micros,
    micros,
    new_salt,
    uuid7,
    verify_chain,
)

CALL = named("call")


def golden() -> Entry:
    """One entry with every field set, written down once and never to change."""
    body = '{"at":"2026-11-21T22:00:00Z","text":"Jörg ist da — 𝛀"}'
    salt = bytes(range(16))
    return Entry(
        id=UUID("019aa8a1-7c00-7000-8000-000000000001"),
        journal="dallas-ia/operations",
        kind="call.messaged",
        version=1,
        subject=UUID("019aa8a1-7c00-7000-8000-000000000002"),
        act=UUID("019aa8a1-7c00-7000-8000-000000000003"),
        actor=UUID("019aa8a1-7c00-7000-8000-000000000004"),
        device=UUID("019aa8a1-7c00-7000-8000-000000000005"),
        n=7,
        made_at=1_795_298_400_000_001,
        offset=-250_000,
        body=body,
        salt=salt,
        digest=body_digest(salt, body),
        chain=None,
    )


def test_the_bytes_of_an_envelope_are_these_and_no_others() -> None:
    assert envelope_bytes(golden()) == (
        b'["019aa8a1-7c00-7000-8000-000000000001","dallas-ia/operations","call.messaged",1,'
        b'"019aa8a1-7c00-7000-8000-000000000002","019aa8a1-7c00-7000-8000-000000000003",'
        b'"019aa8a1-7c00-7000-8000-000000000004","019aa8a1-7c00-7000-8000-000000000005",7,'
        b"1795298400000001,-250000]"
    )


def test_digest_and_chain_are_these_and_no_others() -> None:
    entry = golden()
    assert entry.digest.hex() == "6d15a9492012d071cf5c3adf5be56c823929544a0b7df31a830f8ec1dfb70580"
    assert body_digest(None, "{}").hex() == "28a3a18f6cd6406b086e9ffda1f9b8a13dbcf44b0f3f32cb9031a11fd053acf9"
    assert chain_value(GENESIS, entry).hex() == "92b6f0c5fdc46d58e6b57f56f5ff8244dc21a262a666f00266bd20525ca50101"
    assert chain_value(entry.digest, entry).hex() == "899ff308ef72885205bc87ccb3001694b6a3501f823a807018327006de9484a5"


def test_the_digest_is_sha256_over_the_salts_length_the_salt_and_the_body() -> None:
    entry = golden()
    assert entry.salt is not None
    assert entry.body is not None
    assert entry.digest == hashlib.sha256(bytes([16]) + entry.salt + entry.body.encode()).digest()


def test_an_envelope_without_count_or_offset_says_null() -> None:
    assert envelope_bytes(replace(golden(), n=None, offset=None)).endswith(b",null,1795298400000001,null]")


def test_a_salt_and_a_body_never_share_their_bytes_with_another_pair() -> None:
    assert body_digest(b"ab", "c") != body_digest(b"a", "bc")
    assert body_digest(None, "a") == body_digest(b"", "a")


@pytest.mark.parametrize(
    "changed",
    [
        {"id": named("other")},
        {"journal": "dallas-ia/clinical"},
        {"kind": "call.noted"},
        {"version": 2},
        {"subject": named("other")},
        {"act": named("other")},
        {"actor": named("other")},
        {"device": named("other")},
        {"n": 8},
        {"made_at": 0},
        {"offset": None},
        {"digest": bytes(32)},
    ],
    ids=lambda changed: next(iter(changed)),
)
def test_every_field_its_author_fixed_is_under_the_chain(changed: dict[str, object]) -> None:
    assert chain_value(GENESIS, replace(golden(), **changed)) != chain_value(GENESIS, golden())


def test_what_a_server_adds_is_not_under_the_chain() -> None:
    assert chain_value(GENESIS, replace(golden(), seq=3, received_at=4)) == chain_value(GENESIS, golden())


# -- times and ids -----------------------------------------------------------------------------------------------------


@given(st.integers(-62_135_596_800_000_000, 253_402_300_799_999_999))
def test_a_moment_goes_to_microseconds_and_back(value: int) -> None:
    assert micros(from_micros(value)) == value


def test_microseconds_do_not_depend_on_the_zone_a_moment_is_written_in() -> None:
    there = timezone(timedelta(hours=-6))
    assert micros(datetime(2026, 11, 21, 16, 0, tzinfo=there)) == micros(datetime(2026, 11, 21, 22, 0, tzinfo=UTC))


def test_a_time_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="zone"):
        micros(datetime(2026, 11, 21))  # noqa: DTZ001  (the point of the test)


@given(st.integers(0, (1 << 48) - 1))
def test_a_new_id_is_a_uuid_version_7_that_begins_with_its_millisecond(milliseconds: int) -> None:
    made = uuid7(milliseconds)
    assert made.version == 7
    assert made.variant == "specified in RFC 4122"
    assert made.int >> 80 == milliseconds


def test_no_id_and_no_salt_comes_twice() -> None:
    assert len({uuid7(1) for _ in range(2_000)}) == 2_000
    assert len({new_salt() for _ in range(2_000)}) == 2_000


# -- the chain ---------------------------------------------------------------------------------------------------------


def written(count: int = 5) -> list[Entry]:
    author = Author()
    return [author.write(CALL, CallMessaged(at(number), f"line {number}")) for number in range(count)]


def faults(entries: list[Entry]) -> list[ChainFault]:
    return list(verify_chain(entries))


def test_what_a_desk_wrote_verifies() -> None:
    assert faults(written()) == []
    assert faults([]) == []


@given(histories(desks=("desk", "second")))
def test_whatever_is_written_verifies(entries: list[Entry]) -> None:
    assert faults(sorted(entries, key=lambda entry: (entry.journal, entry.device, entry.n or 0))) == []


def test_a_changed_body_is_found_where_it_is() -> None:
    entries = written()
    entries[2] = replace(entries[2], body='{"at":"2026-11-21T22:00:02Z","text":"other words"}')
    (fault,) = faults(entries)
    assert (fault.entry, fault.n) == (entries[2].id, 3)
    assert "body" in fault.says


def test_a_changed_body_with_its_digest_made_to_fit_is_found() -> None:
    entries = written()
    text = '{"at":"2026-11-21T22:00:02Z","text":"other words"}'
    entries[2] = replace(entries[2], body=text, digest=body_digest(entries[2].salt, text))
    (fault,) = faults(entries)
    assert fault.entry == entries[2].id


def test_a_change_with_digest_and_chain_made_to_fit_is_found_at_the_next_entry() -> None:
    entries = written()
    changed = replace(entries[2], actor=named("somebody else"))
    assert entries[1].chain is not None
    entries[2] = replace(changed, chain=chain_value(entries[1].chain, changed))
    (fault,) = faults(entries)
    assert fault.entry == entries[3].id


@pytest.mark.parametrize("place", [0, 2, 3])
def test_a_removed_entry_is_found(place: int) -> None:
    entries = written()
    del entries[place]
    (fault,) = faults(entries)
    assert fault.says == f"entry {place + 1} of this desk should stand here"


def test_two_entries_that_changed_places_are_found() -> None:
    entries = written()
    entries[1], entries[2] = replace(entries[2], n=2), replace(entries[1], n=3)
    assert len(faults(entries)) >= 2


def test_an_entry_put_in_between_is_found() -> None:
    entries = written()
    put_in = replace(entries[2], id=named("forged"))
    shifted = [replace(entry, n=entry.n + 1) for entry in entries[2:] if entry.n is not None]
    assert faults([*entries[:2], put_in, *shifted])


def test_a_removed_tail_is_not_found_and_cannot_be() -> None:
    """Only who saw a later head can tell; a server and the reports of earlier checks are such witnesses."""
    assert faults(written()[:-2]) == []


def test_chains_of_other_desks_and_journals_are_apart() -> None:
    one, other = Author("one"), Author("other")
    mixed = []
    for number in range(3):
        mixed.append(one.write(CALL, CallMessaged(at(number), "a")))
        mixed.append(other.write(CALL, CallMessaged(at(number), "b")))
        mixed.append(one.write_text(CALL, "encounter.noted", "{}"))
    assert faults(mixed) == []


def test_an_erased_entry_still_verifies() -> None:
    entries = written()
    entries[2] = replace(entries[2], body=None, salt=None)
    assert faults(entries) == []


def test_a_derived_entry_is_checked_by_its_digest() -> None:
    derived = Author().derive(CALL, CallPictured("cad", at(), "1", "WELFARE CHECK", at()))
    assert faults([derived]) == []
    assert faults([replace(derived, body="{}")])


def test_an_entry_stripped_of_its_count_does_not_pass_for_a_derived_one() -> None:
    entry = written(1)[0]
    assert faults([replace(entry, n=None, chain=None)])
    assert faults([replace(entry, n=None, chain=None, salt=None, digest=body_digest(None, entry.body or ""))])
    narrated = Author().write(CALL, CallNarrated("cad", at(), "a line"))
    assert faults([replace(narrated, n=None)])


def test_a_missing_chain_value_is_found() -> None:
    entries = written()
    entries[1] = replace(entries[1], chain=None)
    assert faults(entries)
