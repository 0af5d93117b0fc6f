"""Sheets, services and audit events, step by step."""

from typing import Any

from console.models.audit import AUDIT, AuditRecorded
from console.models.service import SERVICE, Hours, ServiceClosed, ServiceDescribed, ServiceNoted
from console.models.sheet import SHEET, SheetCopied, SheetCopyFailed, SheetIssued, SheetReadBack
from tests.support.entries import Author, at, named
from wire.envelope import Entry
from wire.fold import Aggregate, Body

ANN = named("person", "ann")


def write(*bodies: Body) -> list[Entry]:
    author = Author()
    return [author.write(named("subject"), body, actor=ANN) for body in bodies]


def reasons(aggregate: Aggregate[Any], *bodies: Body) -> list[str]:
    return [listed.reason for listed in aggregate.fold(write(*bodies)).senseless]


# -- sheet -------------------------------------------------------------------------------------------------------------

ISSUED = SheetIssued(at(), named("call"), "police", "A-17", {"weapons": "UNKNOWN"})
COPIED = SheetCopied(at(1), 1, 1, "printer one", "abc", "P12")


def test_a_sheet_keeps_every_version() -> None:
    state = SHEET.fold(write(ISSUED, SheetIssued(at(5), named("call"), "police", "A-18", {"weapons": "knife"}))).state
    assert state is not None
    assert [version.content for version in state.versions] == [{"weapons": "UNKNOWN"}, {"weapons": "knife"}]
    assert state.code == "A-17"


def test_copies_are_numbered_over_all_versions() -> None:
    entries = write(ISSUED, COPIED, ISSUED, SheetCopied(at(6), 2, 2, "printer one", "def"))
    state = SHEET.fold(entries).state
    assert state is not None
    assert [(copy.copy, copy.version, copy.to, copy.recipient) for copy in state.copies] == [
        (1, 1, "printer one", "P12"),
        (2, 2, "printer one", ""),
    ]


def test_a_number_is_given_once_and_a_version_must_be_there() -> None:
    assert reasons(SHEET, ISSUED, COPIED, COPIED) == ["copy 1 exists already"]
    for version in (0, 2, -1):
        copied = SheetCopied(at(1), 1, version, "printer one", "abc")
        assert reasons(SHEET, ISSUED, copied) == ["the version it copies was not issued"]


def test_a_copy_that_never_came_out_says_why() -> None:
    state = SHEET.fold(write(ISSUED, COPIED, SheetCopyFailed(at(2), 1, "the printer is away"))).state
    assert state is not None
    assert state.copies[0].failed == "the printer is away"
    assert reasons(SHEET, ISSUED, SheetCopyFailed(at(2), 1, "x")) == ["the copy it speaks of is not known"]


def test_a_read_back_is_kept() -> None:
    state = SHEET.fold(write(ISSUED, SheetReadBack(at(9), 1, "P12"))).state
    assert state is not None
    assert (state.read_back_at, state.read_back_by) == (at(9), "P12")
    assert state.version_read_back == 1
    # Version 2 was issued while version 1 was being read back: what was heard is what the entry says.
    state = SHEET.fold(write(ISSUED, ISSUED, SheetReadBack(at(9), 1, "P12"))).state
    assert state is not None
    assert (len(state.versions), state.version_read_back) == (2, 1)
    assert reasons(SHEET, ISSUED, SheetReadBack(at(9), 2, "P12")) == ["the version that was read back was not issued"]


def test_nothing_is_said_of_a_sheet_that_was_not_issued() -> None:
    bodies = [COPIED, SheetCopyFailed(at(), 1, "x"), SheetReadBack(at(), 1, "P12")]
    assert reasons(SHEET, *bodies) == ["the sheet was not issued"] * 3


# -- service -----------------------------------------------------------------------------------------------------------

HARBOR = ServiceDescribed(at(), "list", "1", "Harbor House", hours=(Hours(0, 480, 1020),))


def test_a_description_replaces_the_one_before_and_keeps_local_notes() -> None:
    renamed = ServiceDescribed(at(5), "list", "1", "Harbor House East")
    state = SERVICE.fold(write(HARBOR, ServiceNoted(at(1), "ring twice"), renamed)).state
    assert state is not None
    assert state.described == renamed
    assert [(note.text, note.by) for note in state.notes] == [("ring twice", ANN)]


def test_a_service_closes_and_comes_back_with_the_next_description() -> None:
    state = SERVICE.fold(write(HARBOR, ServiceClosed(at(1), "gone"))).state
    assert state is not None
    assert state.closed == "gone"
    state = SERVICE.fold(write(HARBOR, ServiceClosed(at(1), "gone"), HARBOR)).state
    assert state is not None
    assert state.closed == ""


def test_nothing_is_said_of_a_service_that_was_never_described() -> None:
    assert reasons(SERVICE, ServiceClosed(at(), "x"), ServiceNoted(at(), "y")) == ["the service is not known"] * 2


# -- audit -------------------------------------------------------------------------------------------------------------


def test_an_event_is_recorded_once() -> None:
    event = AuditRecorded(at(), "journal.exported", about=named("call"))
    folded = AUDIT.fold(write(event, AuditRecorded(at(1), "sheet.viewed")))
    assert folded.state is not None
    assert (folded.state.by, folded.state.body) == (ANN, event)
    assert [listed.reason for listed in folded.senseless] == ["an audit event is recorded once"]
