"""Copies of a sheet: numbered and in the record before anything is handed over, and honest after."""

import hashlib
from pathlib import Path
from uuid import UUID

import pytest

from console.actions import assessments, audits, calls, encounters, people, sheets
from console.actions.sheets import Copied, MakeSheet, copy_sheet
from console.errors import KnownError, NotAllowed, NotFound
from console.forms.library import shipped
from console.handoff.content import from_content
from console.handoff.printing import PrintUnknown
from console.models.sheet import SHEET, SheetState, sheet_subject
from console.models.sign_in import SignIn
from console.models.store import rebuild
from console.models.store.desk import Desk
from console.queries.sheet import make_sheet
from tests.support.desk import Cad, entry_count, folded, record_of
from tests.support.entries import named


@pytest.fixture
def call(cad: Cad) -> UUID:
    return cad.call("26-17", place="1 Elm St")


def maker(desk: Desk, sign_in: SignIn, call: UUID) -> MakeSheet:
    return lambda connection: make_sheet(desk, sign_in, connection, call).sheet


def copied(desk: Desk, sign_in: SignIn, call: UUID, spooled: list[bytes]) -> Copied:
    def spool(pdf: bytes, title: str) -> str:
        spooled.append(pdf)
        return f"job {len(spooled)}"

    return copy_sheet(
        desk, sign_in, call, sheet_subject(call), maker(desk, sign_in, call), spool, to="front desk", recipient=" P12 "
    )


def state_of(desk: Desk, call: UUID) -> SheetState:
    return folded(desk.store, SHEET, sheet_subject(call))


def test_a_copy_is_issued_numbered_and_kept(desk: Desk, call: UUID, clinician: SignIn) -> None:
    spooled: list[bytes] = []
    first = copied(desk, clinician, call, spooled)
    second = copied(desk, clinician, call, spooled)
    assert [(each.version, each.copy, each.job) for each in (first, second)] == [(1, 1, "job 1"), (1, 2, "job 2")]
    state = state_of(desk, call)
    assert len(state.versions) == 1
    assert [copy.sha256 for copy in state.copies] == [hashlib.sha256(pdf).hexdigest() for pdf in spooled]
    assert {(copy.to, copy.recipient, copy.by) for copy in state.copies} == {("front desk", "P12", clinician.user)}


def test_a_sheet_that_says_something_new_is_a_new_version(desk: Desk, call: UUID, clinician: SignIn) -> None:
    spooled: list[bytes] = []
    copied(desk, clinician, call, spooled)
    calls.state_fact(desk, clinician, call, "weapons.reported", "knife in the kitchen", "caller")
    assert copied(desk, clinician, call, spooled).version == 2
    assert len(state_of(desk, call).versions) == 2
    assert rebuild.rebuild(desk.store).same


def test_the_copy_is_in_the_record_before_it_is_handed_over(desk: Desk, call: UUID, clinician: SignIn) -> None:
    seen: list[int] = []

    def spool(pdf: bytes, title: str) -> str:
        seen.append(len(state_of(desk, call).copies))
        return ""

    copy_sheet(desk, clinician, call, sheet_subject(call), maker(desk, clinician, call), spool, to="front desk")
    assert seen == [1]


def test_a_copy_that_the_printer_refused_says_so(desk: Desk, call: UUID, clinician: SignIn) -> None:
    def refuse(pdf: bytes, title: str) -> str:
        raise KnownError("The printer is away.")

    with pytest.raises(KnownError, match=r"^The printer is away\. Copy 1 is recorded as not printed\.$"):
        copy_sheet(desk, clinician, call, sheet_subject(call), maker(desk, clinician, call), refuse, to="front desk")
    (copy,) = state_of(desk, call).copies
    assert copy.failed == "The printer is away."
    assert not copy.in_doubt
    spooled: list[bytes] = []
    assert copied(desk, clinician, call, spooled).copy == 2


def test_a_copy_of_which_nobody_knows_is_never_called_failed(desk: Desk, call: UUID, clinician: SignIn) -> None:
    def unknown(pdf: bytes, title: str) -> str:
        raise PrintUnknown("The print system did not answer.")

    with pytest.raises(PrintUnknown, match=r"Copy 1 is recorded as not known whether it was printed\.$"):
        copy_sheet(desk, clinician, call, sheet_subject(call), maker(desk, clinician, call), unknown, to="front desk")
    (copy,) = state_of(desk, call).copies
    assert (copy.failed, copy.job, copy.unknown) == ("", "", "The print system did not answer.")
    assert copy.in_doubt


def test_what_became_of_a_copy_is_in_the_record(desk: Desk, call: UUID, clinician: SignIn) -> None:
    class Dies(Exception):
        """The program ends while the copy is on its way."""

    def die(pdf: bytes, title: str) -> str:
        raise Dies

    copied(desk, clinician, call, [])
    with pytest.raises(Dies):
        copy_sheet(desk, clinician, call, sheet_subject(call), maker(desk, clinician, call), die, to="front desk")
    came_out, lost = state_of(desk, call).copies
    assert (came_out.job, came_out.in_doubt) == ("job 1", False)
    assert (lost.job, lost.failed, lost.unknown, lost.in_doubt) == ("", "", "", True)
    assert rebuild.rebuild(desk.store).same


def test_bands_of_instruments_stay_with_the_clinician(desk: Desk, call: UUID, clinician: SignIn) -> None:
    encounter, _ = encounters.start(desk, clinician, "transferred", call)
    asq = shipped().forms["asq"]
    assessment, _ = assessments.begin(desk, clinician, encounter, asq)
    for question in ("asq-1", "asq-2", "asq-3", "asq-4", "asq-5"):
        assessments.answer(desk, clinician, assessment, asq, question, (True,))
    assessments.complete(desk, clinician, assessment, asq)
    copied(desk, clinician, call, [])
    (version,) = state_of(desk, call).versions
    assert "acute" not in str(version.content).casefold()


def test_a_sheet_of_a_call_that_nobody_has_names_no_clinician(
    desk: Desk, call: UUID, dispatcher: SignIn, clinician: SignIn, administrator: SignIn
) -> None:
    people.describe_desk(desk, administrator, "Desk 4", "555-0100")
    copied(desk, dispatcher, call, [])
    encounters.claim_and_begin(desk, clinician, call)
    copied(desk, dispatcher, call, [])
    named_on = [from_content(version.content).clinician for version in state_of(desk, call).versions]
    assert [(each.name, each.call_back) for each in named_on] == [("", "555-0100"), ("Clinician", "555-0100")]


def test_a_copy_into_a_file(desk: Desk, call: UUID, clinician: SignIn, tmp_path: Path) -> None:
    target = tmp_path / "sheet.pdf"
    done = copy_sheet(
        desk, clinician, call, sheet_subject(call), maker(desk, clinician, call), sheets.to_file(target), to=str(target)
    )
    assert target.read_bytes() == done.pdf
    assert done.pdf.startswith(b"%PDF")
    assert target.stat().st_mode & 0o777 == 0o600


def test_reading_back(desk: Desk, call: UUID, clinician: SignIn) -> None:
    with pytest.raises(NotFound):
        sheets.read_back(desk, clinician, sheet_subject(call), 1, "P12")
    copied(desk, clinician, call, [])
    with pytest.raises(KnownError, match="Who read it back is missing"):
        sheets.read_back(desk, clinician, sheet_subject(call), 1, " ")
    sheets.read_back(desk, clinician, sheet_subject(call), 1, "P12")
    assert state_of(desk, call).read_back_by == "P12"


def test_who_may_not_write_sheets_hands_nothing_over(desk: Desk, call: UUID, auditor: SignIn) -> None:
    spooled: list[bytes] = []
    before = entry_count(desk.store)
    with pytest.raises(NotAllowed):
        copied(desk, auditor, call, spooled)
    assert (spooled, entry_count(desk.store)) == ([], before)


def test_a_call_that_is_not_here_has_no_sheet(desk: Desk, clinician: SignIn) -> None:
    with pytest.raises(NotFound):
        copied(desk, clinician, named("no call"), [])


@pytest.mark.parametrize("who", ["dispatcher", "clinician", "auditor", "administrator"])
def test_everyones_reading_is_audited_without_words(
    desk: Desk, call: UUID, who: str, request: pytest.FixtureRequest
) -> None:
    sign_in: SignIn = request.getfixturevalue(who)
    audits.record(desk, sign_in, "journal.exported", about=call)
    (row,) = record_of(desk.store)["audit"]
    assert sign_in.user.bytes in row
    with desk.store.read() as connection:
        journals = connection.exec_driver_sql("SELECT journal FROM entry WHERE kind = 'audit.recorded'").scalars().all()
    assert journals == ["northside/audit"]
