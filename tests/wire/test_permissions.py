"""Who may write what, as a table that a person can read."""

import pytest

from console.models.aggregates import AGGREGATES
from wire.journals import Audience
from wire.permissions import DERIVED_KINDS, READERS, WRITERS, Role, may_read, may_write

KINDS = sorted(kind for aggregate in AGGREGATES.values() for kind in aggregate.bodies)

# One row a kind: D dispatcher, C clinician, S supervisor, X clinical supervisor, A administrator, U auditor.
EXPECTED = """
call.entered                D C S X . .
call.flagged                D C S X . .
call.flag-withdrawn         D C S X . .
call.suggestion-dismissed   D C S X . .
call.officer-waiting        D C S X . .
call.fallback-taken         D C S X . .
call.screened               D C S X . .
call.fact-stated            D C S X . .
call.messaged               D C S X . .
call.line-changed           D C S X . .
call.alarm-acknowledged     D C S X . .
call.responders-confirmed   D C S X . .
call.outcome-recorded       D C S X . .
call.reopened               D C S X . .
call.advice-acknowledged    D . S . . .
call.claimed                . C . X . .
call.released               . C . X . .
call.taken-over             . C . X . .
call.contacted              . C . X . .
call.leveled                . C . X . .
call.advised                . C . X . .
call.disposed               . C . X . .
call.pictured               . . . . . .
call.narrated               . . . . . .
call.flag-suggested         . . . . . .
sheet.issued                D C S X . .
sheet.copied                D C S X . .
sheet.copy-failed           D C S X . .
sheet.copy-spooled          D C S X . .
sheet.copy-unknown          D C S X . .
sheet.read-back             D C S X . .
encounter.started           . C . X . .
encounter.bound             . C . X . .
encounter.noted             . C . X . .
encounter.note-amended      . C . X . .
encounter.fact-stated       . C . X . .
encounter.match-judged      . C . X . .
encounter.closed            . C . X . .
encounter.resumed           . C . X . .
assessment.started          . C . X . .
assessment.answered         . C . X . .
assessment.completed        . C . X . .
assessment.abandoned        . C . X . .
assessment.reopened         . C . X . .
assessment.alarm-acknowledged . C . X . .
referral.offered            . C . X . .
referral.answered           . C . X . .
referral.withdrawn          . C . X . .
service.described           . . S X A .
service.closed              . . S X A .
service.noted               D C S X A .
organization.founded        . . . . A .
user.added                  . . . . A .
user.roles-set              . . . . A .
user.disabled               . . . . A .
user.enabled                . . . . A .
desk.enrolled               . . . . A .
desk.described              . . . . A .
desk.retired                . . . . A .
setting.set                 . . . . A .
form.imported               . . . . A .
instrument.imported         . . . . A .
instrument.permitted        . . . . A .
instrument.training-required . . . . A .
instrument.trained          . . . . A .
instrument.untrained        . . . . A .
instrument.withdrawn        . . . . A .
instrument.offered          . . . . A .
audit.recorded              D C S X A U
"""
ROLES = (
    Role.DISPATCHER,
    Role.CLINICIAN,
    Role.SUPERVISOR,
    Role.CLINICAL_SUPERVISOR,
    Role.ADMINISTRATOR,
    Role.AUDITOR,
)
TABLE = {line.split()[0]: tuple(mark != "." for mark in line.split()[1:]) for line in EXPECTED.strip().splitlines()}


def test_the_table_names_every_kind_and_no_other() -> None:
    assert sorted(TABLE) == KINDS


@pytest.mark.parametrize("kind", KINDS)
def test_each_role_writes_what_the_table_says(kind: str) -> None:
    assert tuple(may_write([role], kind) for role in ROLES) == TABLE[kind]


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_has_somebody_who_may_write_it(kind: str) -> None:
    assert kind in WRITERS or kind in DERIVED_KINDS


def test_the_writers_name_no_kind_that_nothing_folds() -> None:
    assert set(WRITERS) <= set(KINDS)
    assert set(KINDS) >= DERIVED_KINDS


def test_a_source_writes_of_calls_only() -> None:
    assert all(kind.startswith("call.") for kind in DERIVED_KINDS)


def test_a_kind_that_is_not_in_the_table_may_be_written_by_nobody() -> None:
    assert not any(may_write([role], "call.dreamed") for role in Role)


def test_somebody_without_a_role_may_do_nothing() -> None:
    assert not any(may_write([], kind) for kind in KINDS)
    assert not any(may_read([], audience) for audience in Audience)


def test_several_roles_may_do_what_any_of_them_may() -> None:
    assert may_write([Role.AUDITOR, Role.CLINICIAN], "call.claimed")


def test_who_reads_what() -> None:
    readers = {audience: {role.value for role in Role if may_read([role], audience)} for audience in Audience}
    floor = {"dispatcher", "clinician", "supervisor", "clinical-supervisor"}
    everyone = {role.value for role in Role}
    assert readers == {
        Audience.OPERATIONS: floor,
        Audience.CLINICAL: {"clinician", "clinical-supervisor"},
        Audience.ADMINISTRATION: everyone,
        Audience.AUDIT: {"auditor"},
        Audience.DIRECTORY: everyone,
    }
    assert set(READERS) == set(Audience)


def test_nobody_writes_clinical_entries_who_may_not_read_them() -> None:
    clinical = [kind for kind in KINDS if AGGREGATES[kind.partition(".")[0]].audience is Audience.CLINICAL]
    for role in Role:
        if any(may_write([role], kind) for kind in clinical):
            assert may_read([role], Audience.CLINICAL)
